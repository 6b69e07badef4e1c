/** Stacking plan: floors as rows, units as bars by area, colour by status. */
import { label } from "../boot.js";
import { fill, h } from "../dom.js";
import { area, floorName, freeFrom, isLater, rent, today } from "../format.js";
import { t } from "../i18n.js";

/** @param {SiteUnit} unit @param {string} day the day looked at @returns {string} */
export function look(unit, day) {
  if (unit.status === "withdrawn") return "leased";
  if (unit.status === "pipeline") return unit.free_from && unit.free_from <= day ? "vacant" : "pipeline";
  if (unit.status === "held") return "held";
  if (unit.status === "vacant") return !unit.free_from || unit.free_from <= day ? "vacant" : "later";
  if (!unit.free_from || !isLater(unit.free_from)) return "leased";
  return unit.free_from <= day ? "vacant" : "later";
}

/** @param {SiteUnit} unit @returns {string} */
export const unitWords = (unit) =>
  [unit.room, label("unit_kind", unit.kind), area(unit.area_m2), label("unit_status", unit.status), rent(unit.rent_cny_m2_month), freeFrom(unit.free_from)].filter(Boolean).join(" · ");

/** @param {number} months from now @returns {string} */
function dayAfter(months) {
  const day = new Date(today());
  day.setMonth(day.getMonth() + months);
  return day.toISOString().slice(0, 10);
}

/** Width of the smallest floor, in per cent. */
const LEAST_SHARE = 50;

export class Stack {
  /** @param {SiteDetail} site @param {string} chosen unit @param {(unit: string) => void} choose */
  constructor(site, chosen, choose) {
    this.site = site;
    this.chosen = chosen;
    this.choose = choose;
    this.months = 0;
    const own = site.buildings.findIndex((item) => item.floors.some((floor) => floor.units.some((unit) => unit.id === chosen)));
    const most = site.buildings.reduce((best, item, i) => (item.vacant > site.buildings[best].vacant ? i : best), 0);
    this.building = own >= 0 ? own : most;
    this.tabs = h("div", { class: "segmented", role: "group", "aria-label": t("stack.buildings") });
    this.rows = h("div", { class: "stack", "data-testid": "stack" });
    this.tip = h("p", { class: "stack-tip second", "aria-live": "polite" });
    this.day = h("output", { class: "strong" });
    this.element = h("section", { class: "part", "aria-label": t("stack.title") },
      h("div", { class: "part-head" }, h("h2", {}, t("stack.title")), this.tabs), this.rows, this.tip, legend(), this.slider());
    this.rows.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event));
    this.draw();
  }

  /** @returns {HTMLElement} */
  slider() {
    const input = h("input", {
      type: "range", min: 0, max: 24, step: 1, value: "0", "aria-label": t("stack.date"), "data-testid": "stack-date",
      oninput: () => {
        this.months = Number(input.value);
        this.drawRows();
      },
    });
    return h("label", { class: "stack-date" }, h("span", { class: "second" }, t("stack.date")), input, this.day);
  }

  draw() {
    const { buildings } = this.site;
    fill(this.tabs, buildings.length > 1 ? buildings.slice(0, 6).map((item, i) => h("button", {
      type: "button", "aria-pressed": String(i === this.building), onclick: () => {
        this.building = i;
        this.draw();
      },
    }, item.name || "—", h("span", { class: "unit" }, ` ${item.vacant}`))) : null);
    this.drawRows();
  }

  drawRows() {
    const day = dayAfter(this.months);
    this.day.textContent = this.months ? day : t("stack.today");
    const building = this.site.buildings[this.building];
    if (!building) {
      fill(this.rows, h("p", { class: "second" }, t("stack.none")));
      return;
    }
    const floors = [...building.floors].sort((a, b) => (b.floor ?? 0) - (a.floor ?? 0));
    const widest = Math.max(...floors.map((floor) => floor.units.reduce((sum, unit) => sum + unit.area_m2, 0)), 1);
    fill(this.rows, floors.map((floor) => this.floor(floor, widest, day)));
  }

  /** @param {SiteFloor} floor @param {number} widest m² @param {string} day @returns {HTMLElement} */
  floor(floor, widest, day) {
    const free = floor.units.filter((unit) => look(unit, day) === "vacant").reduce((sum, unit) => sum + unit.area_m2, 0);
    const total = floor.units.reduce((sum, unit) => sum + unit.area_m2, 0);
    const bars = h("div", { class: "floor-units" }, floor.units.map((unit) => this.bar(unit, day)));
    // A floor with little let space stays wide enough to read; the figures stand at the right.
    bars.style.width = `${LEAST_SHARE + (total / widest) * (100 - LEAST_SHARE)}%`;
    return h("div", { class: "floor", role: "group", "aria-label": floorName(floor.floor) },
      h("span", { class: "floor-name unit" }, floorName(floor.floor)), h("div", { class: "floor-row" }, bars),
      h("span", { class: `floor-free${free ? "" : " none"}` }, free ? area(free) : "—"));
  }

  /** @param {SiteUnit} unit @param {string} day @returns {HTMLElement} */
  bar(unit, day) {
    const kind = look(unit, day);
    const open = kind !== "leased";
    const words = unitWords(unit);
    const bar = h("button", {
      type: "button", class: `unit-bar ${kind}`, "aria-label": words, title: words, "aria-pressed": String(unit.id === this.chosen),
      tabindex: open ? 0 : -1, "data-testid": open ? "unit-bar" : null, "data-unit": unit.id,
      onclick: () => this.choose(unit.id), onfocus: () => (this.tip.textContent = words), onpointerenter: () => (this.tip.textContent = words),
    }, open ? h("span", { class: "unit-room" }, unit.room) : null);
    bar.style.flexGrow = String(unit.area_m2);
    return bar;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const bars = /** @type {HTMLElement[]} */ ([...this.rows.querySelectorAll(".unit-bar")]);
    const at = bars.indexOf(/** @type {any} */ (document.activeElement));
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    bars[at + step]?.focus();
  }
}

/** @returns {HTMLElement} */
function legend() {
  return h("ul", { class: "stack-legend" }, ["vacant", "held", "leased", "later", "pipeline"].map((name) => h("li", {}, h("span", { class: `unit-bar ${name}` }), t(`stack.${name}`))));
}
