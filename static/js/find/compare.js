/** Up to four units side by side: figures, reasons, what can be reached on foot. */
import { get, isAbort, Latest, post } from "../api.js";
import { CATEGORIES, label } from "../boot.js";
import { fill, h } from "../dom.js";
import { area, floorName, freeFrom, monthly, number, rent, unitName, verified } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { REQUIRED_FLAGS, REQUIRED_MEASURES } from "./demand_url.js";
import { failure, skeleton } from "./empty.js";
import { compared, toggleCompared } from "./shortlist.js";

/** @typedef {{unit: Any, site: SiteDetail, told: Any}} Column */

export class Compare {
  constructor() {
    this.latest = new Latest();
    this.body = h("div", { class: "compare-body" });
    this.dialog = h("dialog", { class: "dialog compare-dialog", "data-testid": "compare", "aria-label": t("compare_units.title"), onclose: () => state.view === "compare" && setState({ view: "" }, { push: true, origin: "compare" }) },
      h("div", { class: "dialog-head" }, h("h2", {}, t("compare_units.title")), h("button", { type: "button", class: "icon-button", "aria-label": t("word.close"), "data-testid": "compare-close", onclick: () => this.dialog.close() }, icon("close"))), this.body);
    document.body.append(this.dialog);
    this.tray = h("div", { class: "compare-tray", "data-testid": "compare-tray", hidden: true });
  }

  render() {
    const units = compared();
    const open = state.task === "find" && state.view === "compare" && units.length > 0;
    this.tray.hidden = !units.length;
    fill(this.tray, h("span", {}, t("compare_units.count", { n: units.length })),
      h("button", { type: "button", class: "text-button", "data-testid": "compare-clear", onclick: () => setState({ compare: "" }, { push: true, origin: "compare" }) }, t("compare_units.clear")),
      h("button", { type: "button", class: "button filled", "data-testid": "compare-open", onclick: () => setState({ view: "compare" }, { push: true, origin: "compare" }) }, t("compare_units.open")));
    if (!open && this.dialog.open) this.dialog.close();
    if (!open) return;
    if (!this.dialog.open) this.dialog.showModal();
    this.load(units);
  }

  /** @param {string[]} units */
  async load(units) {
    const signal = this.latest.start();
    if (!this.body.firstChild) fill(this.body, skeleton(4));
    try {
      const columns = await Promise.all(units.map((id) => columnOf(id, signal)));
      fill(this.body, this.table(columns));
    } catch (error) {
      if (!isAbort(error)) fill(this.body, failure(error, () => this.load(units)));
    }
  }

  /** @param {Column[]} columns @returns {HTMLElement} */
  table(columns) {
    const rows = [...figureRows(columns), ...technicalRows(columns), ...reachRows(columns), ...criterionRows(columns)];
    return h("div", { class: "compare-scroll", tabindex: 0, role: "region", "aria-label": t("compare_units.title") }, h("table", { class: "compare-table", "data-testid": "compare-table" },
      h("thead", {}, h("tr", {}, h("td", {}), columns.map(({ unit, site }) => h("th", { scope: "col" },
        h("button", { type: "button", class: "text-button plain strong", onclick: () => setState({ view: "", site: site.id, unit: unit.id, point: null }, { push: true, origin: "compare" }) }, site.name),
        h("span", { class: "second" }, unitName(unit)), site.demo ? h("span", { class: "demo-mark small" }, t("app.demo")) : null,
        h("button", { type: "button", class: "icon-button", "aria-label": t("compare_units.remove_one", { name: `${site.name} ${unitName(unit)}` }), onclick: () => toggleCompared(unit.id) }, icon("close", "small")))))),
      h("tbody", {}, rows.map(([name, cells, best]) => h("tr", {}, h("th", { scope: "row" }, name), cells.map((cell, i) => h("td", { class: best?.includes(i) ? "best" : null }, cell)))))));
  }
}

/** @param {string} id @param {AbortSignal} signal @returns {Promise<Column>} */
async function columnOf(id, signal) {
  const unit = await get(`/api/v1/units/${encodeURIComponent(id)}`, {}, signal);
  const [site, told] = await Promise.all([get(`/api/v1/sites/${encodeURIComponent(unit.site_id)}`, {}, signal), post("/api/v1/match/explain", { unit: id }, { ...state.demand, combine_adjacent: undefined }, signal)]);
  return { unit, site, told };
}

/** @typedef {[string, (Node | string)[], number[]?]} Row name, a cell a column, which are best */

/** Which columns have the least (or the most) of a figure, unless all are alike. @param {(number | null)[]} values @param {1 | -1} way @returns {number[]} */
function bestOf(values, way) {
  const known = /** @type {number[]} */ (values.filter((value) => value !== null && value !== undefined));
  if (known.length < 2 || Math.min(...known) === Math.max(...known)) return [];
  const best = way > 0 ? Math.max(...known) : Math.min(...known);
  return values.flatMap((value, i) => (value === best ? [i] : []));
}

/** @param {Column[]} columns @returns {Row[]} */
function figureRows(columns) {
  const units = columns.map((one) => one.unit);
  return [
    [t("result.score"), columns.map(({ told }) => scoreCell(told)), bestOf(columns.map(({ told }) => (told.fits ? told.score : null)), 1)],
    [t("filter.kinds"), units.map((unit) => label("unit_kind", unit.kind))],
    [t("filter.area"), units.map((unit) => area(unit.area_m2))],
    [t("filter.rent"), units.map((unit) => rent(unit.rent_cny_m2_month)), bestOf(units.map((unit) => unit.rent_cny_m2_month), -1)],
    [t("compare_units.month"), units.map((unit) => monthly(unit.month_cny) || "—"), bestOf(units.map((unit) => unit.month_cny), -1)],
    [t("compare_units.floor"), units.map((unit) => floorName(unit.floor))],
    [t("compare_units.free"), units.map((unit) => (unit.status === "vacant" ? freeFrom(unit.free_from) : label("unit_status", unit.status)))],
    [t("compare_units.verified"), columns.map(({ unit, told }) => `${told.freshness.label} · ${verified(unit.verified_at)}`)],
    [t("filter.counties"), columns.map(({ site }) => site.county)],
    [t("compare_units.level"), columns.map(({ site }) => (site.level ? label("level", site.level) : "—"))],
  ];
}

/** A unit that breaks a rule has no score: the rule is named instead. @param {Any} told @returns {HTMLElement} */
function scoreCell(told) {
  if (!told.fits) return h("span", { class: "second" }, told.rules.filter((/** @type {Any} */ rule) => rule.met === false).map((/** @type {Any} */ rule) => rule.reason).join(t("word.comma")));
  return h("b", {}, Math.round(told.score * 100));
}

/** Technical figures that any of them states. @param {Column[]} columns @returns {Row[]} */
function technicalRows(columns) {
  const units = columns.map((one) => one.unit);
  const measures = REQUIRED_MEASURES.filter((name) => units.some((unit) => typeof unit[name] === "number"));
  const flags = REQUIRED_FLAGS.filter((name) => units.some((unit) => typeof unit[name] === "boolean"));
  return [
    .../** @type {Row[]} */ (measures.map((name) => [t(`require.${name}`), units.map((unit) => (typeof unit[name] === "number" ? `${number(unit[name], 1)} ${t(`require_unit.${name}`)}` : "—"))])),
    .../** @type {Row[]} */ (flags.map((name) => [t(`require.${name}`), units.map((unit) => (typeof unit[name] === "boolean" ? t(unit[name] ? "word.has" : "word.has_not") : "—"))])),
  ];
}

/** @param {Column[]} columns @returns {Row[]} */
function reachRows(columns) {
  const reached = columns.map(({ site }) => (site.coverage ? CATEGORIES.filter((name) => (site.coverage?.categories?.[name]?.count ?? 0) > 0) : null));
  const missing = reached.map((names) => (names ? CATEGORIES.filter((name) => !names.includes(name)).map((name) => label("amenity_category", name)).join(t("word.comma")) || "—" : "—"));
  return [
    [t("compare_units.reach"), reached.map((names) => (names ? `${names.length}/${CATEGORIES.length}` : "—")), bestOf(reached.map((names) => names?.length ?? null), 1)],
    [t("compare_units.lacks"), missing],
  ];
}

/** @param {Column[]} columns @returns {Row[]} */
function criterionRows(columns) {
  const names = [...new Set(columns.flatMap(({ told }) => told.criteria.map((/** @type {Criterion} */ item) => item.name)))];
  return names.map((name) => {
    const items = columns.map(({ told }) => told.criteria.find((/** @type {Criterion} */ item) => item.name === name));
    const cells = items.map((item) => {
      if (!item) return "—";
      const part = h("span", { class: "bar-fill" });
      part.style.width = `${Math.round(item.fit * 100)}%`;
      return h("span", { class: "compare-fit" }, h("span", { class: "bar-track", "aria-hidden": "true" }, part), h("span", { class: "second" }, item.reason));
    });
    return /** @type {Row} */ ([label("criterion", name), cells, bestOf(items.map((item) => item?.fit ?? null), 1)]);
  });
}
