/** Names keep clear of the map's edges and of what floats over it: unseen boxes stand there. */
import { byId, debounce, isPhone } from "../dom.js";

const STEP = 20;
export const EDGE_IMAGE = "blank";

/** A picture of nothing, which still takes its place among the labels. */
export const edgeImage = () => ({ width: STEP, height: STEP, data: new Uint8ClampedArray(STEP * STEP * 4) });

/** @param {number} from @param {number} to @returns {number[]} */
function steps(from, to) {
  const count = Math.max(Math.ceil((to - from) / STEP), 1);
  return Array.from({ length: count + 1 }, (_, i) => from + ((to - from) * i) / count);
}

/** @param {number} left @param {number} top @param {number} right @param {number} bottom @returns {[number, number][]} */
function outline(left, top, right, bottom) {
  const inset = STEP / 2;
  const [l, t, r, b] = [left + inset, top + inset, Math.max(right - inset, left + inset), Math.max(bottom - inset, top + inset)];
  return [...steps(t, b).flatMap((y) => /** @type {[number, number][]} */ ([[l, y], [r, y]])), ...steps(l, r).flatMap((x) => /** @type {[number, number][]} */ ([[x, t], [x, b]]))];
}

export class Edges {
  /** @param {import("./view.js").MapView} view */
  constructor(view) {
    this.view = view;
    this.key = "";
    this.soon = debounce(() => this.update(), 60);
    view.onStyled((map) => this.bind(map));
    new ResizeObserver(this.soon).observe(byId("map-floats"));
  }

  /** @param {Any} map */
  bind(map) {
    this.key = "";
    if (!this.bound) map.on("moveend", () => this.update());
    this.bound = true;
    this.update();
  }

  update() {
    const { map } = this.view;
    if (!map || !this.view.ready) return;
    const stage = byId("stage").getBoundingClientRect();
    const covers = [...document.querySelectorAll(".map-floats > *, .sources, .scale"), ...(isPhone() ? document.querySelectorAll(".top, .sheet") : [])];
    const boxes = covers.map((item) => item.getBoundingClientRect()).filter((box) => box.width && box.height);
    const places = [
      ...steps(0, stage.height).flatMap((y) => /** @type {[number, number][]} */ ([[-STEP / 2 + 2, y], [stage.width + STEP / 2 - 2, y]])),
      ...steps(0, stage.width).flatMap((x) => /** @type {[number, number][]} */ ([[x, -STEP / 2 + 2], [x, stage.height + STEP / 2 - 2]])),
      ...boxes.flatMap((box) => outline(box.left - stage.left, box.top - stage.top, box.right - stage.left, box.bottom - stage.top)),
    ];
    const key = JSON.stringify([places.length, boxes, map.getCenter(), map.getZoom(), stage.width]);
    if (key === this.key) return;
    this.key = key;
    this.view.setFeatures("edges", places.map((place) => {
      const { lng, lat } = map.unproject(place);
      return { type: "Feature", geometry: { type: "Point", coordinates: [lng, lat] }, properties: {} };
    }));
  }
}
