/** The table of an allocation: steps as one bar, rows of two lines, the chosen one unfolded. */
import { boot } from "../boot.js";
import { debounce, fill, h, isPhone } from "../dom.js";
import { area, number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { differences } from "./compare.js";
import { changeBar, changeText } from "./compare_view.js";
import { detail, spotPin, togglePin } from "./detail.js";
import { areaOf, filterRows, fromName, headsOf, industryName, rowsOf, unitNames } from "./rows.js";
import { PARTS, scoreBar, stepBadge, stepName } from "./steps.js";
import { against, place, shown } from "./store.js";

/** @typedef {import("./rows.js").Row} Row */

/** Rows drawn at once; the next come when the end is in sight. */
const PAGE = 60;

export class PlaceTable {
  /** @param {{hover: (id: string) => void, brief: (id: string) => void}} tell */
  constructor(tell) {
    this.tell = tell;
    this.bar = h("div", { class: "step-bar", role: "group", "aria-label": t("place.steps"), "data-testid": "step-bar" });
    this.search = h("input", { type: "search", placeholder: t("place.search"), "aria-label": t("place.search"), "data-testid": "place-search", maxlength: 100, oninput: debounce(() => setState({ place_q: this.search.value.trim() }, { origin: "place" }), 200) });
    this.county = h("select", { "aria-label": t("place.county"), "data-testid": "place-county", onchange: () => setState({ place_county: this.county.value }, { push: true, origin: "place" }) },
      h("option", { value: "" }, t("place.all_counties")), boot.counties.map((item) => h("option", { value: item.adcode }, boot.lang === "zh" ? item.name : item.short)));
    this.head = h("div", { class: "place-cols place-thead" });
    this.list = h("ol", { class: "place-rows", "data-testid": "place-rows", "aria-label": t("place.rows") });
    this.end = h("div", { class: "rows-end", "aria-hidden": "true" });
    this.compare = h("div", {});
    this.count = h("span", { class: "second", "aria-live": "polite", "data-testid": "row-count" });
    this.scroller = h("div", { class: "place-scroll" }, this.list, this.end);
    this.filters = h("div", { class: "place-filters" }, h("div", { class: "field" }, this.search), h("div", { class: "field" }, this.county), this.count);
    this.element = h("div", { class: "place-table" }, h("div", { class: "bar-holder" }, this.bar), this.compare, this.filters, this.head, this.scroller);
    /** @type {Row[]} */
    this.rows = [];
    this.drawn = 0;
    this.key = /** @type {any} */ (null);
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.drawMore(), { rootMargin: "600px" }).observe(this.end);
  }

  /** All rows, before they are filtered. @returns {Row[]} */
  get all() {
    const answer = shown()?.answer;
    return answer ? rowsOf(answer, place.book.projects) : [];
  }

  render() {
    const answer = shown()?.answer;
    if (!answer) return;
    const other = against();
    this.differences = other?.answer ? new Map(differences(other.answer, answer).map((one) => [one.id, one])) : null;
    const all = this.all;
    this.drawBar(all);
    fill(this.compare, other && this.differences ? changeBar(other, [...this.differences.values()]) : null);
    if (document.activeElement !== this.search) this.search.value = state.place_q;
    this.county.value = state.place_county;
    this.drawHead();
    const found = filterRows(all, { step: state.step, q: state.place_q, county: state.place_county, sort: state.place_sort });
    this.rows = this.differences ? found.filter((row) => this.isWanted(row.id)) : found;
    this.count.textContent = this.rows.length === all.length ? "" : t("place.rows_of", { n: number(this.rows.length), all: number(all.length) });
    this.drawRows();
  }

  /** In a comparison only those that differ are listed. @param {string} id */
  isWanted(id) {
    const change = this.differences?.get(id)?.change;
    return change !== "same" && change !== "none";
  }

  /** @param {Row[]} all */
  drawBar(all) {
    const counts = new Map(PARTS.map((part) => [/** @type {string} */ (part), 0]));
    for (const row of all) counts.set(row.step, (counts.get(row.step) ?? 0) + 1);
    const focused = this.bar.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.testid : "";
    fill(this.bar, PARTS.filter((part) => counts.get(part)).map((part) => {
      const n = counts.get(part) ?? 0;
      const on = state.step === part;
      const button = h("button", { type: "button", class: `step-part step-${part}${state.step && !on ? " off" : ""}`, "aria-pressed": String(on), "data-testid": `step-${part}`, title: `${stepName(part)} ${number(n)}`,
        onclick: () => setState({ step: on ? "" : part }, { push: true, origin: "place" }) }, h("span", {}, stepName(part)), h("b", {}, number(n)));
      button.style.flexGrow = String(n);
      return button;
    }));
    if (focused) /** @type {HTMLElement | null} */ (this.bar.querySelector(`[data-testid="${focused}"]`))?.focus();
  }

  drawHead() {
    const focused = this.head.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.testid : "";
    fill(this.head, this.sorter("name", t("place.col_project")), this.sorter("place", t("place.col_places")), this.sorter("score", t("place.col_step")), this.sorter("area", t(this.differences ? "place.col_change" : "place.col_reason")));
    if (focused) /** @type {HTMLElement | null} */ (this.head.querySelector(`[data-testid="${focused}"]`))?.focus();
  }

  /** First the order that is mostly wanted, then the other, then none. @param {string} column @param {string} text @returns {HTMLElement} */
  sorter(column, text) {
    if (column === "area") return h("span", {}, text);
    const down = column === "score";
    const order = down ? [`-${column}`, column] : [column, `-${column}`];
    const at = order.indexOf(state.place_sort);
    const next = [order[0], order[1], ""][at + 1];
    const mark = at < 0 ? "" : state.place_sort.startsWith("-") ? " ↓" : " ↑";
    return h("button", { type: "button", "data-testid": `sort-${column}`, "aria-label": t("place.sort_by", { name: text }), class: at < 0 ? null : "on", onclick: () => setState({ place_sort: next }, { push: true, origin: "place" }) }, text, mark);
  }

  drawRows() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const row = this.list.contains(focused) ? focused?.closest("li")?.dataset.id : undefined;
    const mark = focused?.dataset?.testid ?? "";
    const at = this.rows.findIndex((one) => one.id === state.project);
    this.list.replaceChildren();
    this.drawn = 0;
    this.drawMore(Math.max(PAGE, at + 10));
    if (!this.rows.length) this.list.append(h("li", { class: "place-none", "data-testid": "place-none" }, h("h2", {}, t("place.none")), h("p", { class: "second" }, t("place.none_note")),
      h("button", { type: "button", class: "button", "data-testid": "place-clear", onclick: () => setState({ step: "", place_q: "", place_county: "" }, { push: true, origin: "place" }) }, t("place.clear"))));
    if (row) this.focus(row, mark);
  }

  /** @param {number} [most] */
  drawMore(most = this.drawn + PAGE) {
    const next = this.rows.slice(this.drawn, most);
    this.drawn += next.length;
    this.list.append(...next.map((row) => this.row(row)));
  }

  /** @param {string} id @param {string} [testid] */
  focus(id, testid = "") {
    const item = this.list.querySelector(`li[data-id="${CSS.escape(id)}"]`);
    const inner = testid ? item?.querySelector(`[data-testid="${testid}"]`) : null;
    /** @type {HTMLElement | null} */ (inner ?? item?.querySelector(".place-row"))?.focus({ preventScroll: true });
  }

  /** Scroll to the chosen row where it is out of sight. */
  reveal() {
    const at = this.rows.findIndex((row) => row.id === state.project);
    if (at < 0) return;
    if (at >= this.drawn) this.drawMore(at + 10);
    this.list.querySelector(`li[data-id="${CSS.escape(state.project)}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Row} row @returns {HTMLElement} */
  row(row) {
    const on = row.id === state.project;
    const { placed, unplaced } = row;
    const facts = [row.project?.industry ? industryName(row.project.industry) : placed?.industry ? industryName(placed.industry) : "", headsOf(row) ? t("place.people", { n: number(headsOf(row)) }) : "", areaOf(row) === null ? "" : area(areaOf(row))].filter(Boolean).join(" · ");
    const change = this.differences?.get(row.id);
    const button = h("button", { type: "button", class: "place-cols place-row", "aria-expanded": String(on), "data-testid": `row-${row.id}`,
      onclick: () => setState({ project: on ? "" : row.id }, { push: true, origin: "table" }), onkeydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event, row) },
    h("span", { class: "col col-name" }, h("b", {}, row.name || row.id, row.project?.demo ? h("span", { class: "sr" }, t("app.demo")) : null), h("span", { class: "second" }, facts)),
    h("span", { class: "col col-places" }, h("span", { class: "second" }, change ? otherPlace(change.a) : fromName(row)), h("span", { class: "to" }, placed ? `→ ${placeText(placed)}` : t("place.nowhere"))),
    h("span", { class: "col col-step" }, h("span", { class: "badges" }, stepBadge(row.step), placed?.pinned ? h("span", { class: "pinned", title: t("place.pinned") }, icon("lock", "small"), h("span", { class: "sr" }, t("place.pinned"))) : null), placed && placed.score !== null ? scoreBar(placed.score) : null),
    h("span", { class: "col col-reason" }, change ? changeText(change) : placed?.reason ?? unplaced?.reason ?? ""));
    return h("li", { class: on ? "chosen" : null, "data-id": row.id, onmouseenter: () => this.tell.hover(row.id), onmouseleave: () => this.tell.hover(""), onfocusin: () => this.tell.hover(row.id), onfocusout: () => this.tell.hover("") },
      button, on ? detail(row, { brief: () => this.tell.brief(row.id) }) : null);
  }

  /** @param {string} id of the row that the map points to */
  light(id) {
    this.list.querySelector("li.lit")?.classList.remove("lit");
    if (id) this.list.querySelector(`li[data-id="${CSS.escape(id)}"]`)?.classList.add("lit");
  }

  /** @param {KeyboardEvent} event @param {Row} row */
  onKey(event, row) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      const next = this.rows[this.rows.findIndex((one) => one.id === row.id) + by];
      if (!next) return;
      if (this.rows.indexOf(next) >= this.drawn) this.drawMore();
      this.focus(next.id);
      this.list.querySelector(`li[data-id="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "p" && row.placed && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      togglePin(row);
    } else if (/^[1-9]$/.test(event.key) && state.project === row.id && row.placed) spotPin(row, Number(event.key));
  }

  /** Esc: the row is folded, its button keeps the focus. */
  escape() {
    const { project } = state;
    if (!project) return false;
    setState({ project: "" }, { push: true, origin: "keys" });
    if (!isPhone()) this.focus(project);
    return true;
  }
}

/** @param {Placement} placed @returns {string} */
export function placeText(placed) {
  if (placed.step === "custom_build") return placed.build?.listing?.name ?? t("place.no_listing");
  return [placed.site_name, unitNames(placed)].filter(Boolean).join(" ");
}

/** @param {Placement | null} placed @returns {string} */
const otherPlace = (placed) => (placed ? placeText(placed) : t("place.step_unplaced"));
