/** Beside the plan's map: one indicator by reporting unit, and the whole table. */
import { label } from "../boot.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { setState } from "../state.js";
import { byUnit, indicatorInUse, indicators, ofCity, standing, timeGone, unitOf, yearInUse } from "./data.js";
import { amount, percent, standingColour } from "./paint.js";
import { progressBar, unitWord } from "./panel.js";

export class Board {
  constructor() {
    this.chart = h("section", { class: "board-chart", "aria-label": t("plan.units") });
    this.table = h("section", { class: "board-table", "aria-label": t("plan.table"), tabindex: 0 });
    this.parts = [this.chart, this.table];
  }

  /** @param {string} unit the chosen reporting unit @param {(unit: string) => void} choose */
  render(unit, choose) {
    const year = yearInUse();
    const indicator = indicatorInUse();
    fill(this.chart, this.head(indicator), this.units(year, indicator, unit, choose));
    fill(this.table, table(year, indicator, unit, choose), notes());
  }

  /** @param {string} indicator @returns {HTMLElement} */
  head(indicator) {
    return h("div", { class: "part-head" }, h("h2", {}, t("plan.by_unit", { name: label("indicator", indicator) }), h("span", { class: "unit" }, ` ${unitWord(indicator)}`)),
      h("span", { class: "second" }, t("plan.bar_note")));
  }

  /** @param {string} year @param {string} indicator @param {string} unit @param {(unit: string) => void} choose @returns {HTMLElement} */
  units(year, indicator, unit, choose) {
    const gone = timeGone(year);
    const kind = unitOf(indicator);
    const figures = byUnit(year, indicator).sort((a, b) => (b.share ?? -1) - (a.share ?? -1) || (b.target ?? -1) - (a.target ?? -1));
    const known = figures.some((one) => one.share !== null);
    const most = Math.max(...figures.map((one) => one.target ?? 0), 1);
    return h("ol", { class: known ? "unit-list" : "unit-list targets", "data-testid": "unit-list" }, figures.map((one) => {
      const place = standing(one, year);
      return h("li", {}, h("button", {
        type: "button", class: `unit-line${one.id === unit ? " chosen" : ""}`, "aria-pressed": String(one.id === unit), "data-testid": `unit-${one.id}`, onclick: () => choose(one.id),
      }, h("span", { class: "rank-name", title: one.name }, one.name),
      one.target === null ? h("span", { class: "second no-task" }, t("plan.no_task")) : known ? progressBar(one.share, gone, place !== null && place < 0) : progressBar(one.target / most, 0, false),
      h("span", { class: "unit-figure" }, h("b", {}, amount(one.actual, kind)), h("span", { class: "unit" }, ` / ${amount(one.target, kind)}`)), h("b", { class: "indicator-share" }, percent(one.share))));
    }));
  }
}

/** @param {import("./data.js").Figure} one @param {string} year @param {string} indicator @param {boolean} chosen @param {() => void} open @returns {HTMLElement} */
function cell(one, year, indicator, chosen, open) {
  if (one.target === null && one.actual === null) return h("td", { class: "cell none" }, h("span", { title: t("plan.no_task") }, "—"));
  const place = standing(one, year);
  const kind = unitOf(indicator);
  const button = h("button", { type: "button", class: `cell-open place-${place === null ? "none" : place + 2}`, "aria-pressed": String(chosen), onclick: open },
    h("span", {}, h("b", {}, amount(one.actual, kind)), h("span", { class: "unit" }, ` / ${amount(one.target, kind)}`)), one.share === null ? null : h("span", { class: "unit cell-share" }, percent(one.share)));
  if (place !== null && place !== 0) button.style.background = `color-mix(in srgb, var(${standingColour(place)}) 46%, var(--surface))`;
  return h("td", { class: "cell" }, button);
}

/** @param {string} year @param {string} chosen indicator @param {string} unit @param {(unit: string) => void} choose @returns {HTMLElement} */
function table(year, chosen, unit, choose) {
  const all = indicators();
  const columns = all.map((indicator) => byUnit(year, indicator));
  const heads = all.map((indicator) => h("th", { scope: "col", class: `${indicator}${indicator === chosen ? " chosen" : ""}` }, h("button", {
    type: "button", onclick: () => setState({ indicator }, { push: true, origin: "plan" }),
  }, label("indicator", indicator), h("span", { class: "unit" }, ` ${unitWord(indicator)}`))));
  const rows = columns[0]?.map((first, row) => h("tr", { class: first.id === unit ? "chosen" : null, "data-testid": `row-${first.id}` }, h("th", { scope: "row" }, h("button", { type: "button", title: first.name, onclick: () => choose(first.id) }, first.name)),
    all.map((indicator, i) => {
      const on = first.id === unit && indicator === chosen;
      return cell(columns[i][row], year, indicator, on, () => setState({ indicator, reporting_unit: on ? "" : first.id }, { push: true, origin: "plan" }));
    }))) ?? [];
  const city = all.map((indicator) => {
    const one = ofCity(year, indicator);
    return h("td", { class: "cell" }, h("span", { class: "cell-open total" }, h("span", {}, h("b", {}, amount(one.actual, unitOf(indicator))), h("span", { class: "unit" }, ` / ${amount(one.target, unitOf(indicator))}`)), h("b", { class: "cell-share" }, percent(one.share))));
  });
  return h("table", { class: "plan-table", "data-testid": "plan-table" }, h("caption", { class: "sr" }, t("plan.table")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("plan.unit")), heads)), h("tbody", {}, rows), h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, t("plan.city")), city)));
}

/** @returns {HTMLElement} */
const notes = () => h("p", { class: "second table-notes" }, h("span", {}, t("plan.colour_note")), h("span", {}, t("plan.none_note")));
