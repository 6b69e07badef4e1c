/** Choosing a site by a piece of its name, and units of it. */
import { get, isAbort, Latest } from "../api.js";
import { label } from "../boot.js";
import { debounce, fill, h } from "../dom.js";
import { area, unitName } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

/** Units that are listed at most. */
const MOST = 200;

export class SitePicker {
  /** @param {{testid: string, name: string, site?: {id: string, name: string}, units?: string[] | null, change?: () => void}} how `units` null: a site alone */
  constructor({ testid, name, site, units = null, change }) {
    this.testid = testid;
    this.change = change ?? (() => undefined);
    this.site = site?.id ? site : null;
    /** @type {Set<string> | null} */
    this.chosen = units ? new Set(units) : null;
    this.latest = new Latest();
    this.input = h("input", { type: "text", autocomplete: "off", role: "combobox", "aria-expanded": "false", "aria-label": name, placeholder: t("desk.site_search"), "data-testid": testid, onkeydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event) });
    this.input.addEventListener("input", debounce(() => this.ask(), 160));
    this.list = h("ul", { class: "picker-list", hidden: true, role: "listbox", "aria-label": name });
    this.unitsPart = h("div", { class: "picker-units" });
    this.now = h("div", { class: "picker-now" });
    this.element = h("div", { class: "field picker" }, h("span", { class: "field-name" }, name), this.now, this.input, this.list, this.unitsPart);
    this.draw();
    if (this.site && this.chosen) this.askUnits();
  }

  /** @returns {string} */
  get id() {
    return this.site?.id ?? "";
  }

  /** @returns {string[]} */
  get unitIds() {
    return this.site && this.chosen ? [...this.chosen] : [];
  }

  draw() {
    this.input.hidden = Boolean(this.site);
    fill(this.now, this.site ? [h("b", {}, this.site.name || this.site.id), h("button", { type: "button", class: "icon-button", "aria-label": t("desk.site_clear"), "data-testid": `${this.testid}-clear`, onclick: () => this.choose(null) }, icon("close", "small"))] : null);
    this.now.hidden = !this.site;
  }

  /** @param {{id: string, name: string} | null} site */
  choose(site) {
    this.site = site;
    this.chosen?.clear();
    this.input.value = "";
    this.list.hidden = true;
    fill(this.unitsPart);
    this.draw();
    if (!site) this.input.focus();
    else if (this.chosen) this.askUnits();
    this.change();
  }

  async ask() {
    const q = this.input.value.trim();
    if (!q) {
      this.show([]);
      return;
    }
    try {
      const answer = await get("/api/v1/search", { q, limit: 30 }, this.latest.start());
      this.show(answer.items.filter((/** @type {SearchItem} */ one) => one.type === "site").slice(0, 8));
    } catch (error) {
      if (!isAbort(error)) this.show([], /** @type {any} */ (error).detail || t("error.request"));
    }
  }

  /** @param {SearchItem[]} items @param {string} [why] */
  show(items, why = "") {
    const nothing = this.input.value.trim() && !items.length ? h("li", { class: "second picker-none" }, why || t("desk.site_none")) : null;
    fill(this.list, nothing, items.map((one) => h("li", { role: "option", "aria-selected": "false" }, h("button", { type: "button", class: "picker-item", "data-testid": `${this.testid}-item`, onclick: () => this.choose({ id: one.id, name: one.name }) }, h("span", {}, one.name), h("span", { class: "second" }, one.detail)))));
    this.list.hidden = !nothing && !items.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const first = /** @type {HTMLElement | null} */ (this.list.querySelector("button"));
    if (event.key === "ArrowDown" && first) first.focus();
    else if (event.key === "Enter" && first) first.click();
    else if (event.key === "Escape" && !this.list.hidden) this.list.hidden = true;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async askUnits() {
    const site = this.id;
    try {
      const detail = await get(`/api/v1/sites/${encodeURIComponent(site)}`, {});
      if (this.id === site) this.showUnits(detail);
    } catch (error) {
      if (this.id === site) fill(this.unitsPart, h("p", { class: "second" }, /** @type {any} */ (error).detail || t("error.request")));
    }
  }

  /** @param {SiteDetail} detail */
  showUnits(detail) {
    const chosen = /** @type {Set<string>} */ (this.chosen);
    const all = detail.buildings.flatMap((building) => building.floors.flatMap((floor) => floor.units.map((unit) => ({ ...unit, building: building.name }))));
    const shown = all.filter((unit) => chosen.has(unit.id) || unit.status === "vacant" || unit.status === "held").slice(0, MOST);
    fill(this.unitsPart, h("span", { class: "field-name" }, t("desk.units")), shown.length ? h("ul", { class: "unit-checks", tabindex: 0 }, shown.map((unit) => h("li", {}, h("label", { class: "check" },
      h("input", { type: "checkbox", checked: chosen.has(unit.id), "data-testid": `unit-${unit.id}`, onchange: (/** @type {any} */ event) => { chosen[event.target.checked ? "add" : "delete"](unit.id); this.change(); } }),
      h("span", {}, unitName(unit)), h("span", { class: "second" }, [area(unit.area_m2), label("unit_status", unit.status)].join(" · ")))))) : h("p", { class: "second" }, t("desk.units_none")));
  }
}
