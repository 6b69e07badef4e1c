/** What a planner puts on the map: places to add, edits of a scenario, the circle of comparison, and picking. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

const STEPS = 96;
const EARTH_M = 6_371_008.8;

/** A circle on the ground. @param {LonLat} at @param {number} radius m @returns {number[][]} closed line */
export function circleLine([lon, lat], radius) {
  const high = (radius / EARTH_M) * (180 / Math.PI);
  const wide = high / Math.cos((lat * Math.PI) / 180);
  return Array.from({ length: STEPS + 1 }, (_, i) => {
    const turn = (2 * Math.PI * (i % STEPS)) / STEPS;
    return [lon + wide * Math.cos(turn), lat + high * Math.sin(turn)];
  });
}

export class PlannerMap {
  /** @param {import("./view.js").MapView} view @param {{light: (adcode: string) => void, paint: () => void, picked: () => void}} tell */
  constructor(view, tell) {
    this.view = view;
    this.tell = tell;
    /** @type {Any[]} */
    this.markers = [];
    /** @type {((at: LonLat) => void) | null} */
    this.picking = null;
    /** @type {(() => void) | null} */
    this.stopped = null;
    /** @type {Any} */
    this.nearPin = null;
  }

  /** @param {string} adcode */
  light(adcode) {
    this.tell.light(adcode);
  }

  paint() {
    this.tell.paint();
  }

  /** @param {LonLat} at @param {number} [zoom] */
  goTo(at, zoom = 13.5) {
    this.view.goTo(at, zoom);
  }

  /** @param {LonLat[]} points */
  fit(points) {
    if (!points.length) return;
    const [lons, lats] = [points.map((at) => at[0]), points.map((at) => at[1])];
    this.view.fit([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], 14);
  }

  /** Dashed, beside the ring of the same walk. @param {LonLat | null} at @param {number} radius m */
  circle(at, radius) {
    this.view.setFeatures("circle", at ? [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: circleLine(at, radius) } }] : []);
  }

  /** Numbered places, and lines to the sites that they serve. @param {RepairPlace[]} places @param {(site: string) => LonLat | null} placeOf @param {number} chosen rank, 0 none @param {(rank: number) => void} choose */
  async places(places, placeOf, chosen, choose) {
    await this.view.started;
    this.clearMarkers();
    const lines = places.flatMap((place) => place.sites.map((site) => [placeOf(site.id), place]).filter(([at]) => at).map(([at]) => ({
      type: "Feature", properties: { on: place.rank === chosen ? 1 : 0 }, geometry: { type: "LineString", coordinates: [[place.lon, place.lat], at] },
    })));
    this.view.setFeatures("repair-lines", lines);
    if (!this.view.map) return;
    for (const place of places) {
      const button = h("button", { type: "button", class: place.rank === chosen ? "place-pin chosen" : "place-pin", "data-testid": `pin-${place.rank}`, onclick: (/** @type {Event} */ event) => { event.stopPropagation(); choose(place.rank); } }, icon("plus", "small"), h("b", {}, place.rank));
      this.mark(button, [place.lon, place.lat]);
    }
  }

  /** Edits of a scenario: what goes and what comes. @param {{at: LonLat, kind: "drop" | "add", category: string, text: string}[]} edits @param {Any[]} streets features of pieces that are taken out */
  async edits(edits, streets) {
    await this.view.started;
    this.clearMarkers();
    this.view.setFeatures("dropped-streets", streets);
    if (!this.view.map) return;
    for (const edit of edits) this.mark(h("span", { class: `edit-pin ${edit.kind}`, role: "img", "aria-label": edit.text, title: edit.text }, icon(edit.kind === "drop" ? "close" : edit.category || "plus", "small")), edit.at);
  }

  /** @param {HTMLElement} element @param {LonLat} at */
  mark(element, at) {
    const marker = new this.view.lib.Marker({ element, anchor: "center" }).setLngLat(at).addTo(this.view.map);
    this.markers.push(marker);
  }

  clearMarkers() {
    for (const marker of this.markers) marker.remove();
    this.markers = [];
  }

  /** Nothing of the planner's. */
  clear() {
    this.clearMarkers();
    for (const id of ["repair-lines", "dropped-streets"]) this.view.setFeatures(id, []);
  }

  /** The area of a demand, drawn or being drawn, and the place that it shall be near to. @param {number[][]} points @param {boolean} open @param {LonLat | null} near */
  area(points, open, near) {
    const shape = points.length > 1 ? [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: points } }] : [];
    const dots = open ? points.map((at) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: at } })) : [];
    this.view.setFeatures("within", [...shape, ...dots]);
    this.nearPin?.remove();
    this.nearPin = near && this.view.map ? new this.view.lib.Marker({ element: h("span", { class: "near-pin", role: "img", "aria-label": t("near.title"), "data-testid": "near-pin" }, icon("pin")), anchor: "bottom" }).setLngLat(near).addTo(this.view.map) : null;
  }

  /** What is seen of the map: west, south, east, north. @returns {number[] | null} */
  seen() {
    const bounds = this.view.map?.getBounds();
    return bounds ? [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()] : null;
  }

  /** The next click on the map is for the planner; Esc stops. @param {(at: LonLat) => void} done @param {() => void} [stopped] */
  pick(done, stopped) {
    this.picking = done;
    this.stopped = stopped ?? null;
    document.body.classList.add("picking");
    this.tell.picked();
  }

  /** @param {boolean} [tell] the one who asked @returns {boolean} whether something was being picked */
  stopPicking(tell = true) {
    const was = this.picking !== null;
    const { stopped } = this;
    this.picking = this.stopped = null;
    document.body.classList.remove("picking");
    if (was && tell) stopped?.();
    return was;
  }

  /** @param {LonLat} at @returns {boolean} whether the click was wanted */
  click(at) {
    const done = this.picking;
    if (!done) return false;
    this.stopPicking(false);
    done(at);
    return true;
  }
}

