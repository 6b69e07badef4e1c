/** Nothing fits: why, and what would open something. */
import { h } from "../dom.js";
import { number } from "../format.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { mergePatch } from "./demand_words.js";
import { tidy } from "./demand_url.js";

/** @param {Relaxation} way @returns {HTMLElement} */
function relaxButton(way) {
  return h("button", {
    type: "button", class: "button relax", "data-testid": "relax",
    onclick: () => setState({ demand: tidy(mergePatch(state.demand, way.patch)) }, { push: true, origin: "relax" }),
  }, h("span", {}, way.label), h("b", { class: "relax-count" }, t("empty.opens", { n: number(way.opens) })));
}

/** @param {MatchAnswer} answer @returns {HTMLElement} */
export function rejectedList(answer) {
  const rules = Object.entries(answer.rejected).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  return h("ul", { class: "rejected", "data-testid": "rejected" }, rules.map(([rule, count]) =>
    h("li", {}, h("span", {}, answer.rejected_labels?.[rule] ?? rule), h("span", { class: "number" }, t("unit.units", { n: number(count) })))));
}

/** @param {MatchAnswer} answer @returns {HTMLElement} */
export function emptyResult(answer) {
  const ways = answer.relaxations.filter((way) => way.opens > 0);
  return h("div", { class: "empty", "data-testid": "empty" },
    h("h2", {}, t("empty.title")),
    h("p", { class: "second" }, ways.length ? t("empty.relax") : t("empty.none")),
    h("div", { class: "relaxations" }, ways.map(relaxButton)),
    h("button", { type: "button", class: "text-button", "data-testid": "clear-demand", onclick: () => setState({ demand: {} }, { push: true, origin: "relax" }) }, t("empty.clear")),
    h("h3", {}, t("empty.why")), rejectedList(answer));
}

/** The field at fault, as the page calls it. @param {string} field @returns {string} */
function fieldName(field) {
  /** @type {Dict<string>} */
  const names = {
    headcount: t("demand.headcount"), area_m2: t("filter.area"), "area_m2.min": t("demand.area_min"), "area_m2.max": t("demand.area_max"),
    rent_cny_m2_month_max: t("demand.rent"), budget_cny_month_max: t("demand.budget"), move_in: t("demand.move_in"),
    industry: t("demand.industry"), stage: t("demand.stage"), counties: t("filter.counties"),
  };
  return names[field] ?? "";
}

/** @param {any} error @returns {string} */
function detailOf(error) {
  const name = fieldName(error?.field ?? "");
  return name ? t("error.field", { name, detail: error.detail }) : error?.detail;
}

/** What went wrong, what is safe, what to do. @param {any} error @param {() => void} retry @returns {HTMLElement} */
export function failure(error, retry) {
  return h("div", { class: "failure", role: "alert", "data-testid": "failure" },
    h("p", { class: "strong" }, error?.title ?? t("error.request")),
    error?.detail ? h("p", { class: "second" }, detailOf(error)) : null,
    h("p", { class: "second" }, error?.fix || t("error.safe")),
    h("button", { type: "button", class: "button", "data-testid": "retry", onclick: retry }, t("error.retry")));
}

/** @param {number} rows @returns {HTMLElement} */
export function skeleton(rows) {
  return h("div", { class: "skeletons", "aria-hidden": "true" }, Array.from({ length: rows }, () =>
    h("div", { class: "skeleton" }, h("span", { class: "bone wide" }), h("span", { class: "bone" }), h("span", { class: "bone thin" }))));
}
