/** Flows of an allocation on the map: one selection with the table, and a place to drag to. */
import { county } from "../boot.js";
import { h, isPhone } from "../dom.js";
import { t } from "../i18n.js";
import { arc } from "./arcs.js";
import { groupsOf, placesOf } from "./flow_groups.js";
import { countSize, FLOW_LINES, headImage, STEPS } from "./style_flows.js";
import { pointFeature } from "./view.js";

/** @typedef {{id: string, name: string, step: PlaceStep, area: number, from: LonLat | null, to: LonLat | null, stays: boolean, fromName: string, toName: string, site: string, fromCounty: string, toCounty: string, detail: string}} Flow */
/** @typedef {{at: LonLat, rank: number, name: string, step: PlaceStep, taken: boolean}} Spot a place that the chosen project could have */

/** More flows than this are told by pairs of counties, while the whole city is seen. */
export const MANY = 150;
const GATHER_ZOOM = 9.8;
/** px within which a dragged end is dropped on a place. */
const REACH = 26;
/** px: the least length of a flow that can be seen; what a pill takes at most. */
const LEAST = 90;
const EDGE = 24;
/** Other places of a project that are brought into view with it. */
const NEAR = 5;
/** px: half the height of a pill, which stays below what floats on top. */
const PILL_HALF = 60;
const pillWidth = () => (isPhone() ? 210 : 330);

/** @param {Any[]} line @param {Dict<Any>} properties @returns {Any} */
const lineFeature = (line, properties) => ({ type: "Feature", geometry: { type: "LineString", coordinates: line }, properties });

export class FlowsOnMap {
  /** @param {import("./view.js").MapView} view @param {{choose: (id: string) => void, hover: (id: string) => void, drop: (rank: number) => void, refuse: () => void}} tell */
  constructor(view, tell) {
    this.view = view;
    this.tell = tell;
    /** @type {Flow[]} */
    this.flows = [];
    /** @type {Spot[]} */
    this.spots = [];
    this.chosen = "";
    this.hovered = "";
    this.gathered = false;
    /** @type {Any[]} */
    this.markers = [];
    view.onStyled((map) => this.bind(map));
  }

  /** @param {Any} map */
  bind(map) {
    for (const step of STEPS) {
      const image = headImage(step);
      if (image && !map.hasImage(`head-${step}`)) map.addImage(`head-${step}`, image.data, { pixelRatio: image.pixelRatio });
    }
    this.dim();
    if (this.bound) return;
    this.bound = true;
    map.on("zoomend", () => (this.gathered || this.gathers()) && this.draw());
    map.on("mousemove", "flow-hit", (/** @type {Any} */ event) => this.point(event.features[0].properties.id));
    map.on("mousemove", "flow-to", (/** @type {Any} */ event) => this.point(event.features[0].properties.id));
    for (const layer of ["flow-hit", "flow-to", "flow-counts"]) {
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => {
        map.getCanvas().style.cursor = "";
        this.point("");
      });
    }
  }

  /** @param {string} id */
  point(id) {
    if (id !== this.hovered) this.tell.hover(id);
  }

  /** @param {Flow[]} flows */
  set(flows) {
    this.flows = flows;
    this.draw();
    this.light(this.hovered);
  }

  /** Whether flows are told by counties at this zoom. */
  gathers() {
    return this.flows.length > MANY && (this.view.map?.getZoom() ?? 0) < GATHER_ZOOM;
  }

  draw() {
    this.gathered = this.gathers();
    if (this.gathered) this.drawGroups();
    else this.drawFlows();
    this.dim();
  }

  drawFlows() {
    const moved = this.flows.filter((flow) => flow.from && flow.to && !flow.stays);
    const arcs = moved.map((flow) => ({ flow, ...arc(/** @type {LonLat} */ (flow.from), /** @type {LonLat} */ (flow.to)) }));
    this.view.setFeatures("flows", arcs.map(({ flow, line }) => lineFeature(line, { id: flow.id, step: flow.step, area: flow.area })));
    this.view.setFeatures("flow-ends", arcs.map(({ flow, bearing }) => pointFeature(/** @type {LonLat} */ (flow.to), { step: flow.step, bearing })));
    this.view.setFeatures("flow-places", placesOf(this.flows));
    this.view.setFeatures("flow-counts", []);
  }

  /** One arc with a count for a pair of counties, one ring for those that stay within theirs; a flow that is alone is itself. */
  drawGroups() {
    const groups = [...groupsOf(this.flows).values()];
    const between = groups.filter((group) => group.fromCounty !== group.toCounty).map((group) => {
      const { only } = group;
      const [from, to] = only ? [/** @type {LonLat} */ (only.from), /** @type {LonLat} */ (only.to)] : [group.from, group.to];
      return { group, only, to, ...arc(from, to) };
    });
    this.view.setFeatures("flows", between.map(({ group, only, line }) => lineFeature(line, { id: only?.id ?? "", step: group.step, area: group.area, ...(only ? {} : { county: group.toCounty }) })));
    this.view.setFeatures("flow-ends", between.map(({ group, to, bearing }) => pointFeature(to, { step: group.step, bearing })));
    this.view.setFeatures("flow-places", []);
    // Beside the ranks of a chosen project's places, counts would be read as ranks.
    const counts = this.chosen ? [] : [
      ...groups.filter((group) => group.fromCounty === group.toCounty).map((group) => ({ at: group.from, n: group.n, step: group.step, county: group.toCounty, home: true })),
      ...between.filter(({ only }) => !only).map(({ group, middle }) => ({ at: middle, n: group.n, step: group.step, county: group.toCounty, home: false })),
    ];
    this.view.setFeatures("flow-counts", this.apart(counts).map(({ at, n, step, county: adcode }) => pointFeature(at, { n, step, county: adcode })));
  }

  /** Counts that stand clear of each other: those of counties first and pushed aside, then the largest. @template {{at: LonLat, n: number, home: boolean}} C @param {C[]} counts @returns {C[]} */
  apart(counts) {
    const { map } = this.view;
    if (!map) return [];
    /** @type {{x: number, y: number, r: number}[]} */
    const stand = [];
    return [...counts].sort((a, b) => Number(b.home) - Number(a.home) || b.n - a.n).flatMap((count) => {
      const at = map.project(count.at);
      const here = { x: at.x, y: at.y, r: countSize(count.n) + 2 };
      for (const other of stand) {
        const far = Math.hypot(here.x - other.x, here.y - other.y);
        const short = other.r + here.r - far;
        if (short <= 0) continue;
        if (!count.home) return [];
        here.x += (short * (here.x - other.x)) / (far || 1);
        here.y += (short * (here.y - other.y)) / (far || 1);
      }
      stand.push(here);
      const { lng, lat } = map.unproject([here.x, here.y]);
      return [{ ...count, at: /** @type {LonLat} */ ([lng, lat]) }];
    });
  }

  /** What is not chosen steps back. */
  dim() {
    const { map, ready } = this.view;
    if (!ready) return;
    for (const id of FLOW_LINES) if (map.getLayer(id)) map.setPaintProperty(id, "line-opacity", this.chosen ? 0.42 : 1);
    // The pill says this name.
    const chosen = this.flows.find((flow) => flow.id === this.chosen);
    if (map.getLayer("flow-place-names")) map.setFilter("flow-place-names", ["!=", ["get", "name"], chosen?.site ?? ""]);
    if (map.getLayer("flow-heads")) map.setPaintProperty("flow-heads", "icon-opacity", this.chosen ? 0.5 : 1);
  }

  /** @param {string} id */
  light(id) {
    this.hovered = id;
    const flow = this.flows.find((one) => one.id === id);
    const line = flow?.from && flow.to && !flow.stays && id !== this.chosen ? [lineFeature(arc(flow.from, flow.to).line, { step: flow.step, area: flow.area })] : [];
    this.view.setFeatures("flow-hover", line);
  }

  /** The chosen flow on top, with its name, and the other places that the project could have. @param {Flow | null} flow @param {Spot[]} spots @param {HTMLElement | null} badge */
  async choose(flow, spots, badge) {
    const turned = Boolean(this.chosen) !== Boolean(flow);
    this.chosen = flow?.id ?? "";
    this.spots = spots;
    if (turned && this.gathered) this.drawGroups();
    await this.view.started;
    this.clearMarkers();
    this.dim();
    this.drawChosen(flow, flow?.to ?? null);
    if (!flow || !this.view.map) return;
    // The best last: it lies on top where several are close.
    for (const spot of [...spots].reverse()) this.markSpot(spot);
    if (flow.to) {
      if (spots.length) this.markEnd(flow, flow.to);
      this.markPill(flow, flow.to, badge);
    }
  }

  /** @param {Flow | null} flow @param {LonLat | null} to where its end is now */
  drawChosen(flow, to) {
    const curve = flow?.from && to && !(flow.stays && to === flow.to) ? arc(flow.from, to) : null;
    this.view.setFeatures("flow-chosen", flow && curve ? [lineFeature(curve.line, { step: flow.step, area: flow.area })] : []);
    this.view.setFeatures("flow-chosen-end", flow && to ? [pointFeature(to, { step: flow.step, ...(curve ? { bearing: curve.bearing } : {}) })] : []);
  }

  /** @param {Spot} spot */
  markSpot(spot) {
    const text = t(spot.taken ? "place.spot_taken" : "place.spot", { rank: spot.rank, name: spot.name });
    const button = h("button", { type: "button", class: spot.taken ? "spot taken" : "spot", "data-testid": `spot-${spot.rank}`, title: text,
      onclick: (/** @type {Event} */ event) => { event.stopPropagation(); this.tell.drop(spot.rank); } }, spot.rank);
    this.add(button, spot.at, {}, text);
  }

  /** The end can be dragged onto one of the other places. @param {Flow} flow @param {LonLat} at */
  markEnd(flow, at) {
    const grip = h("span", { class: "flow-grip", "data-testid": "flow-grip", title: t("place.drag") });
    const marker = this.add(grip, at, { draggable: true }, t("place.drag"));
    marker.on("dragstart", () => document.body.classList.add("dragging-flow"));
    marker.on("drag", () => {
      const { lng, lat } = marker.getLngLat();
      this.drawChosen(flow, [lng, lat]);
      this.nearest(marker.getLngLat(), true);
    });
    marker.on("dragend", () => {
      document.body.classList.remove("dragging-flow");
      const spot = this.nearest(marker.getLngLat(), false);
      marker.setLngLat(at);
      this.drawChosen(flow, at);
      if (spot) this.tell.drop(spot.rank);
      else this.tell.refuse();
    });
  }

  /** @param {Any} at @param {boolean} light @returns {Spot | null} the place under the pointer */
  nearest(at, light) {
    const { map } = this.view;
    const here = map.project(at);
    const found = this.spots.map((spot) => ({ spot, far: Math.hypot(map.project(spot.at).x - here.x, map.project(spot.at).y - here.y) })).filter((one) => one.far <= REACH).sort((a, b) => a.far - b.far)[0]?.spot ?? null;
    for (const marker of this.markers) marker.getElement().classList.toggle("near", light && found !== null && marker.getElement().textContent === String(found.rank));
    return found;
  }

  /** Beside the end, on the side where there is room. @param {Flow} flow @param {LonLat} at @param {HTMLElement | null} badge */
  markPill(flow, at, badge) {
    const { x, y } = this.view.map.project(at);
    const wide = this.view.map.getContainer().clientWidth;
    const { x: back, y: high } = this.view.map.project(flow.from ?? at);
    // Away from where the flow comes from, where there is room.
    const left = x + pillWidth() > wide || (back > x && x > pillWidth());
    const pill = h("div", { class: "flow-pill", "data-testid": "flow-pill" }, h("div", { class: "flow-pill-head" }, h("b", {}, flow.name), badge),
      h("span", {}, `${flow.fromName} → ${flow.toName}`), h("span", { class: "second" }, flow.detail));
    const down = (back > x) === left ? 0 : high < y ? 40 : -40;
    this.add(pill, at, { anchor: left ? "right" : "left", offset: [left ? -18 : 18, Math.max(down, this.view.padding.top + PILL_HALF - y)] }, "");
  }

  /** @param {HTMLElement} element @param {LonLat} at @param {Dict<Any>} options @param {string} text @returns {Any} */
  add(element, at, options, text) {
    const marker = new this.view.lib.Marker({ element, anchor: "center", ...options }).setLngLat(at).addTo(this.view.map);
    if (text) element.setAttribute("aria-label", text);
    else for (const name of ["aria-label", "role", "tabindex"]) element.removeAttribute(name);
    this.markers.push(marker);
    return marker;
  }

  clearMarkers() {
    for (const marker of this.markers) marker.remove();
    this.markers = [];
  }

  clear() {
    this.flows = [];
    this.draw();
    this.light("");
    this.choose(null, [], null);
  }

  /** @param {Any} event of a click on the map @returns {boolean} whether something was hit */
  click(event) {
    const { map } = this.view;
    const box = [[event.point.x - 5, event.point.y - 5], [event.point.x + 5, event.point.y + 5]];
    const hit = map.queryRenderedFeatures(box, { layers: ["flow-to", "flow-stays", "flow-counts", "flow-hit"].filter((id) => map.getLayer(id)) })[0];
    if (!hit) return false;
    const found = hit.properties.county ? county(hit.properties.county) : undefined;
    if (found) this.view.fit(found.bounds, 11.5);
    else if (hit.properties.id) this.tell.choose(hit.properties.id);
    return true;
  }

  /** Bring a flow into view, with the other places where it could end. @param {Flow} flow */
  ease(flow) {
    const { map } = this.view;
    const ends = [flow.from, flow.to].filter((at) => at !== null);
    if (!ends.length || !map) return;
    // The places that come first: the rest may be anywhere.
    const points = [...ends, ...this.spots.slice(0, NEAR).map((spot) => spot.at)];
    const [a, b] = [map.project(ends[0]), map.project(ends.at(-1))];
    const seen = points.every((at) => this.isSeen(map.project(at)));
    if (seen && (this.spots.length || flow.stays || Math.hypot(a.x - b.x, a.y - b.y) > LEAST)) return;
    const [lons, lats] = [points.map((at) => at[0]), points.map((at) => at[1])];
    this.view.fit([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], 12.5, isPhone() ? 40 : 90);
  }

  /** Whether a place of the map is clear of what covers it. @param {{x: number, y: number}} at px @returns {boolean} */
  isSeen({ x, y }) {
    const { clientWidth, clientHeight } = this.view.map.getContainer();
    const { left, right, top, bottom } = this.view.padding;
    return x > left + EDGE && y > top + EDGE && x < clientWidth - right - EDGE && y < clientHeight - bottom - EDGE;
  }
}
