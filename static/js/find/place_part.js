/** Where it should be: on foot from a place, or inside an area drawn on the map. */
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { toast } from "../ui/dialog.js";
import { polygonOf, tidy } from "./demand_url.js";

const MINUTES = [5, 10, 15, 20, 30];
const MOST_POINTS = 100;

/** @param {Demand} patch */
const change = (patch) => setState({ demand: tidy({ ...state.demand, ...patch }) }, { push: true, origin: "form" });

export class PlacePart {
  /** @param {import("../map/planner.js").PlannerMap} map */
  constructor(map) {
    this.map = map;
    /** @type {LonLat[] | null} the points of an area that is being drawn */
    this.drawing = null;
    this.element = h("div", { class: "place-part" });
    document.addEventListener("keydown", (event) => {
      if (this.drawing && event.key === "Enter" && event.target === document.body) this.finish();
    });
  }

  render() {
    const { near, within, combine_adjacent: combine } = state.demand;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.testid;
    fill(this.element,
      h("div", { class: "field" }, h("span", { class: "field-name" }, t("near.title")),
        h("div", { class: "panel-row" },
          h("button", { type: "button", class: "button", "data-testid": "near-pick", onclick: () => this.pickNear() }, t(near ? "near.move" : "near.pick")),
          near ? h("select", { "aria-label": t("near.minutes"), "data-testid": "near-minutes", onchange: (/** @type {Any} */ event) => change({ near: { ...near, minutes: Number(event.target.value) } }) }, MINUTES.map((n) => h("option", { value: n, selected: n === near.minutes }, t("near.minute", { n })))) : null,
          near ? h("button", { type: "button", class: "text-button", "data-testid": "near-clear", onclick: () => change({ near: undefined }) }, t("near.clear")) : null)),
      h("div", { class: "field" }, h("span", { class: "field-name" }, t("within.title")), this.drawing ? this.drawTools() : h("div", { class: "panel-row" },
        h("button", { type: "button", class: "button", "data-testid": "within-draw", onclick: () => this.draw() }, t(within ? "within.redraw" : "within.draw")),
        h("button", { type: "button", class: "button", "data-testid": "within-view", onclick: () => this.takeView() }, t("within.view")),
        within ? h("button", { type: "button", class: "text-button", "data-testid": "within-clear", onclick: () => change({ within: undefined }) }, t("near.clear")) : null)),
      h("label", { class: "check" }, h("input", { type: "checkbox", checked: Boolean(combine), "data-testid": "combine", onchange: (/** @type {Any} */ event) => change({ combine_adjacent: event.target.checked || undefined }) }), h("span", {}, t("demand.combine"))));
    if (focused) /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-testid="${CSS.escape(focused)}"]`))?.focus();
    this.map.area(this.drawing ?? within?.coordinates[0] ?? [], Boolean(this.drawing), near ? [near.lon, near.lat] : null);
  }

  pickNear() {
    toast(t("near.how"));
    this.map.pick(([lon, lat]) => change({ near: { lon, lat, minutes: state.demand.near?.minutes ?? 15 } }));
  }

  /** The part of the map that is seen: also for those who do not point. */
  takeView() {
    const box = this.map.seen();
    if (!box) return;
    const [west, south, east, north] = box;
    change({ within: polygonOf([[west, south], [east, south], [east, north], [west, north]]) });
  }

  draw() {
    this.drawing = [];
    toast(t("within.how"));
    this.next();
    this.render();
  }

  next() {
    this.map.pick((at) => {
      if (!this.drawing) return;
      if (this.drawing.length < MOST_POINTS) this.drawing.push(at);
      this.next();
      this.render();
    }, () => this.stop());
  }

  stop() {
    this.drawing = null;
    this.render();
  }

  finish() {
    const points = this.drawing ?? [];
    if (points.length < 3) {
      toast(t("within.few"));
      return;
    }
    this.map.stopPicking(false);
    this.drawing = null;
    change({ within: polygonOf(points) });
    this.render();
  }

  /** @returns {HTMLElement} */
  drawTools() {
    const points = this.drawing ?? [];
    return h("div", { class: "panel-row" }, h("span", { class: "second", role: "status" }, t("within.points", { n: points.length })),
      h("button", { type: "button", class: "button", "data-testid": "within-done", disabled: points.length < 3, onclick: () => this.finish() }, t("within.done")),
      h("button", { type: "button", class: "text-button", disabled: !points.length, onclick: () => { points.pop(); this.render(); } }, t("within.undo")),
      h("button", { type: "button", class: "text-button", "data-testid": "within-cancel", onclick: () => { this.map.stopPicking(false); this.stop(); } }, t("word.cancel")));
  }
}
