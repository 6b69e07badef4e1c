/** The 15-minute ring of a site or of any point, with what can be reached in it. */
import { get, isAbort, Latest, Problem } from "../api.js";
import { CATEGORIES } from "../boot.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { draftRing, draftShown } from "../coverage/scenario.js";
import { state } from "../state.js";
import { circleLine } from "./planner.js";
import { boundsOf, pointFeature } from "./view.js";

const MINUTES = [15, 10, 5];

/** Corner cutting takes the grid look off. @param {number[][]} line @param {number} rounds @returns {number[][]} */
function smooth(line, rounds) {
  let points = line;
  for (let round = 0; round < rounds && points.length > 3 && points.length < 4000; round += 1) {
    /** @type {number[][]} */
    const next = [];
    for (let i = 0; i < points.length - 1; i += 1) {
      const [a, b] = [points[i], points[i + 1]];
      next.push([a[0] * 0.75 + b[0] * 0.25, a[1] * 0.75 + b[1] * 0.25], [a[0] * 0.25 + b[0] * 0.75, a[1] * 0.25 + b[1] * 0.75]);
    }
    points = [...next, next[0]];
  }
  return points;
}

/** @param {Any} geometry @returns {Any} */
function smoothed(geometry) {
  /** @param {number[][][]} polygon */
  const rings = (polygon) => polygon.map((line) => smooth(line, 2));
  if (geometry?.type === "Polygon") return { ...geometry, coordinates: rings(geometry.coordinates) };
  if (geometry?.type === "MultiPolygon") return { ...geometry, coordinates: geometry.coordinates.map(rings) };
  return geometry;
}

/** @param {Any} geometry @returns {LonLat | null} */
function lowest(geometry) {
  /** @type {LonLat | null} */
  let low = null;
  const polygons = geometry?.type === "Polygon" ? [geometry.coordinates] : (geometry?.coordinates ?? []);
  for (const polygon of polygons) for (const at of polygon[0]) if (!low || at[1] < low[1]) low = at;
  return low;
}

export class RingOnMap {
  /** @param {import("./view.js").MapView} view @param {(ring: Ring | null, error?: any) => void} tell */
  constructor(view, tell) {
    this.view = view;
    this.tell = tell;
    this.latest = new Latest();
    /** @type {Any} */
    this.tag = null;
    /** @type {Any} */
    this.pill = null;
    /** @type {LonLat | null} */
    this.at = null;
    /** Whether a new ring is brought into view; not for the one that a link opens with its own view. */
    this.follow = true;
  }

  /** @param {LonLat} at @param {{name: string, detail: string} | null} pill */
  async show(at, pill) {
    const signal = this.latest.start();
    await this.view.started;
    if (signal.aborted) return;
    this.clear();
    this.at = at;
    this.setPill(at, pill);
    try {
      const rings = await (draftShown() ? this.drafted(at, signal) : this.asItIs(at, signal));
      this.draw(rings);
      this.tell(rings[0]);
    } catch (error) {
      if (!isAbort(error)) this.tell(null, error);
    }
  }

  /** In 看配套 the ring of the profile's own minutes. @param {LonLat} at @param {AbortSignal} signal @returns {Promise<Ring[]>} */
  asItIs([lon, lat], signal) {
    const query = { lon: lon.toFixed(6), lat: lat.toFixed(6), profile: state.profile };
    return Promise.all(MINUTES.map((minutes) => get("/api/v1/ring", { ...query, minutes }, signal)));
  }

  /** The ring with the draft's edits; that of today stays beside it. @param {LonLat} at @param {AbortSignal} signal @returns {Promise<Ring[]>} */
  async drafted([lon, lat], signal) {
    const { before, after, reason } = await draftRing({ point: { lon, lat } }, signal);
    this.view.setFeatures("ring-before", [{ type: "Feature", geometry: smoothed(before.geometry), properties: {} }]);
    if (!after) throw new Problem(t("scenario.no_ring"), reason ?? "", t("scenario.no_ring_fix"), 404);
    return [after];
  }

  /** @param {Ring[]} rings the largest first */
  draw([full, ...inner]) {
    this.view.setFeatures("ring", [{ ...full, geometry: smoothed(full.geometry), properties: {} }]);
    this.view.setFeatures("ring-inner", inner.map((ring) => ({ type: "Feature", geometry: smoothed(ring.geometry), properties: {} })));
    this.view.setFeatures("ring-amenities", places(full));
    const reached = CATEGORIES.filter((category) => (full.properties.amenities?.[category]?.count ?? 0) > 0).length;
    const text = t("ring.tag", { minutes: full.properties.minutes, n: reached, total: CATEGORIES.length });
    const low = lowest(full.geometry);
    this.setTag(low, text);
    this.view.setFeatures("ring-tag", low ? [pointFeature(low, { text })] : []);
    this.frame(full);
  }

  /** Bring the ring, and in 看配套 the circle beside it, into view. @param {Ring} ring */
  frame({ geometry, properties: { minutes, speed_kmh: speed } }) {
    const circle = state.task === "coverage" && this.at ? { coordinates: circleLine(this.at, (minutes / 60) * speed * 1000) } : null;
    const bounds = boundsOf(circle ?? geometry);
    if (bounds && this.follow) this.view.fit(bounds);
    this.follow = true;
  }

  /** @param {LonLat | null} at @param {string} text */
  setTag(at, text) {
    this.tag?.remove();
    this.tag = at && this.view.map ? this.marker(h("div", { class: "ring-tag", "data-testid": "ring-tag" }, text), at, "center", [0, 0]) : null;
  }

  /** @param {LonLat} at @param {{name: string, detail: string} | null} pill */
  setPill(at, pill) {
    this.pill?.remove();
    const element = pill ? h("div", { class: "name-pill", "data-testid": "name-pill" }, h("b", {}, pill.name), h("span", { class: "second" }, pill.detail)) : h("div", { class: "point-pin", "data-testid": "point-pin" });
    this.pill = this.view.map ? this.marker(element, at, pill ? "bottom" : "center", pill ? [0, -28] : [0, 0]) : null;
  }

  /** @param {HTMLElement} element @param {LonLat} at @param {string} anchor @param {number[]} offset @returns {Any} */
  marker(element, at, anchor, offset) {
    const marker = new this.view.lib.Marker({ element, anchor, offset }).setLngLat(at).addTo(this.view.map);
    element.removeAttribute("tabindex");
    element.removeAttribute("role");
    element.removeAttribute("aria-label");
    return marker;
  }

  clear() {
    for (const id of ["ring", "ring-inner", "ring-before", "ring-amenities", "ring-tag"]) this.view.setFeatures(id, []);
    this.tag?.remove();
    this.pill?.remove();
    this.tag = null;
    this.pill = null;
  }

  hide() {
    this.latest.stop();
    this.clear();
    this.tell(null);
  }
}

/** @param {Ring} ring @returns {Any[]} */
function places(ring) {
  return CATEGORIES.flatMap((category) => (ring.properties.amenities?.[category]?.items ?? [])
    .filter((item) => item.lon !== undefined && item.lat !== undefined)
    .slice(0, 12)
    .map((item, i) => pointFeature([Number(item.lon), Number(item.lat)], { category, name: item.name, order: i })));
}
