/** The overview: how scores spread, by group, what is lacking most, and what has no incubator. */
import { get, isAbort, Latest } from "../api.js";
import { boot, county, label } from "../boot.js";
import { fill, h } from "../dom.js";
import { number } from "../format.js";
import { familyOf, icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { classOf, colourOf } from "./classes.js";
import { lacks, totalOf, view } from "./data.js";
import { lackingPart } from "./lacking.js";

const GROUPS = ["county", "reporting_unit", "town", "industry"];
/** Rows of a long ranking that show at first. */
const SHOWN = 14;

/** @param {number} share @param {string} colour token @returns {HTMLElement} */
function bar(share, colour) {
  const part = h("span", { class: "bar-fill" });
  part.style.width = `${Math.round(Math.min(Math.max(share, 0), 1) * 1000) / 10}%`;
  part.style.background = `var(${colour})`;
  return h("span", { class: "bar-track", "aria-hidden": "true" }, part);
}

export class Overview {
  /** @param {{light: (adcode: string) => void, paint: () => void, goTo: (at: LonLat) => void}} map */
  constructor(map) {
    this.map = map;
    this.latest = new Latest();
    this.element = h("div", { "data-testid": "overview" });
    /** @type {{key: string, items: CoverageItem[]}} groups other than counties */
    this.grouped = { key: "", items: [] };
    this.all = false;
    /** @type {LackingAnswer | null} */
    this.without = null;
  }

  /** @param {Set<string>} [changed] */
  render(changed) {
    const { answer } = view;
    if (!answer) return;
    if (changed?.has("by")) this.all = false;
    const total = totalOf(answer.counties);
    const known = answer.counties.histogram.reduce((sum, count) => sum + count, 0);
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.testid;
    this.place = h("section", { class: "task-part" });
    this.withoutPlace = h("section", { class: "task-part", "data-testid": "without" });
    fill(this.element, summary(answer.counties.histogram, total, known), this.place, this.lacking(answer.counties, answer.sites, known), this.withoutPlace);
    this.rank(total);
    this.showWithout();
    if (focused && document.activeElement === document.body) /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-testid="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @param {number} total */
  async rank(total) {
    const by = GROUPS.includes(state.by) ? state.by : "county";
    const place = /** @type {HTMLElement} */ (this.place);
    const { answer } = view;
    if (by === "county" && answer) return this.ranking(place, by, answer.counties.items, total);
    const key = `${view.profile} ${by}`;
    if (this.grouped.key === key) return this.ranking(place, by, this.grouped.items, total);
    this.ranking(place, by, null, total);
    try {
      const found = await get("/api/v1/coverage", { profile: view.profile, by, limit: 10_000 }, this.latest.start());
      this.grouped = { key, items: found.items };
      if (this.place === place) this.ranking(place, by, found.items, total);
    } catch (error) {
      if (!isAbort(error) && this.place === place) this.ranking(place, by, [], total, error);
    }
  }

  /** @param {HTMLElement} place @param {string} by @param {CoverageItem[] | null} items null while they come @param {number} total @param {any} [error] */
  ranking(place, by, items, total, error) {
    const known = (items ?? []).filter((item) => (item.sites ?? 0) > 0 || by === "county" || by === "reporting_unit");
    const sorted = [...known].sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
    const shown = this.all ? sorted : sorted.slice(0, SHOWN);
    const rest = sorted.length - shown.length;
    const none = (items?.length ?? 0) - known.length;
    fill(place,
      h("div", { class: "segmented even slim", role: "group", "aria-label": t("coverage.by") }, GROUPS.map((name) => h("button", {
        type: "button", "aria-pressed": String(name === by), "data-testid": `by-${name}`, onclick: () => setState({ by: name === "county" ? "" : name }, { push: true, origin: "coverage" }),
      }, t(`coverage.by_${name}`)))),
      h("div", { class: "rank-head" }, h("h2", {}, t(`coverage.title_${by}`)), h("span", { class: "second" }, t("coverage.mean")), h("span", { class: "second rank-count" }, t("coverage.sites"))),
      error ? h("p", { class: "second", role: "alert" }, error.detail || error.title) : null,
      items === null ? h("p", { class: "second" }, t("word.loading")) : h("ol", { class: "rank", "data-testid": "county-ranking" }, shown.map((item) => this.row(by, item, total))),
      rest > 0 ? h("button", { type: "button", class: "text-button", "data-testid": "rank-more", onclick: () => { this.all = true; this.ranking(place, by, items, total); } }, t("coverage.more", { n: rest })) : null,
      none > 0 ? h("p", { class: "second" }, t("coverage.groups_without", { n: none })) : null);
  }

  /** @param {string} by @param {CoverageItem} item @param {number} total @returns {HTMLElement} */
  row(by, item, total) {
    const adcode = item.adcode ?? "";
    const name = by === "county" ? county(adcode)?.[boot.lang === "zh" ? "name" : "short"] ?? item.name : item.name;
    const where = by === "town" ? (county(adcode)?.short ?? "") : "";
    const chosen = by === "county" && state.county === item.id;
    const open = adcode && by !== "town" ? { onclick: () => setState({ county: chosen ? "" : adcode, site: "", unit: "", point: null }, { push: true, origin: "coverage" }) } : { disabled: true };
    return h("li", {}, h("button", {
      type: "button", class: "rank-row", "data-testid": `${by}-${item.id}`, "aria-pressed": by === "county" ? String(chosen) : null, ...open,
      onpointerenter: () => this.map.light(adcode), onpointerleave: () => this.map.light(""), onfocus: () => this.map.light(adcode), onblur: () => this.map.light(""),
    }, h("span", { class: "rank-name", title: name }, name, where ? h("span", { class: "unit" }, ` ${where}`) : null), bar((item.score ?? 0) / (total || 1), colourOf(classOf(item.score ?? 0, total))),
    h("b", { class: "rank-value" }, item.score === null ? "—" : item.score.toFixed(1)), h("span", { class: "rank-count second" }, number(item.sites ?? 0))));
  }

  /** @param {CoverageAnswer} counties @param {CoverageAnswer} sites @param {number} known @returns {HTMLElement} */
  lacking(counties, sites, known) {
    const missing = [...counties.missing].filter((item) => item.sites > 0).sort((a, b) => b.sites - a.sites);
    const rows = missing.map((item) => {
      const on = state.missing === item.category;
      return h("li", {}, h("button", {
        type: "button", class: "rank-row lack-row", "aria-pressed": String(on), "data-testid": `lack-${item.category}`, title: t("coverage.show_lacking"),
        onclick: () => setState({ missing: on ? "" : item.category }, { push: true, origin: "coverage" }),
      }, h("span", { class: `amenity ${familyOf(item.category)} has` }, icon(item.category, "small")), h("span", { class: "rank-name" }, label("amenity_category", item.category)),
      bar(item.sites / known, familyOf(item.category) === "facility" ? "--facility-bar" : "--venue-bar"), h("span", { class: "rank-value" }, h("b", {}, number(item.sites)), h("span", { class: "unit" }, t("coverage.places")))));
    });
    const named = state.missing ? sites.items.filter((site) => lacks(site, state.missing)).slice(0, 40) : [];
    return h("section", { class: "task-part" }, h("div", { class: "part-head" }, h("h2", {}, t("coverage.lacking")), h("span", { class: "second" }, t("coverage.lacking_note"))),
      missing.length ? h("ol", { class: "rank", "data-testid": "lacking" }, rows) : h("p", { class: "second" }, t("coverage.nothing_lacking")),
      named.length ? h("div", { class: "lacking-sites", "data-testid": "lacking-sites" }, named.map((site) => h("button", { type: "button", class: "chip", onclick: () => setState({ site: site.id, unit: "", point: null }, { push: true, origin: "coverage" }) }, site.name))) : null);
  }

  async showWithout() {
    const place = /** @type {HTMLElement} */ (this.withoutPlace);
    if (this.without) {
      fill(place, lackingPart(this.without, (at) => this.map.goTo(at)));
      return;
    }
    try {
      this.without = await get("/api/v1/coverage/lacking");
      if (this.withoutPlace === place && this.without) fill(place, lackingPart(this.without, (at) => this.map.goTo(at)));
    } catch (error) {
      fill(place, h("p", { class: "second", role: "alert" }, /** @type {any} */ (error).detail || t("error.request")));
    }
  }
}

/** @param {number[]} histogram @param {number} total @param {number} known @returns {HTMLElement} */
function summary(histogram, total, known) {
  const mean = histogram.reduce((sum, count, score) => sum + count * score, 0) / known;
  const shown = histogram.slice(0, total + 1);
  const most = Math.max(...shown, 1);
  const columns = shown.map((count, score) => {
    const column = h("span", { class: "column-bar" });
    column.style.height = `${(count / most) * 100}%`;
    column.style.background = `var(${colourOf(classOf(score, total))})`;
    return h("li", { class: count ? "column" : "column none", title: t("coverage.column", { n: number(count), score }) }, h("span", { class: "column-top" }, h("span", { class: "unit" }, count || ""), column), h("span", { class: "column-name" }, score));
  });
  return h("section", { class: "task-part" },
    h("p", { class: "headline" }, h("b", { "data-testid": "coverage-mean" }, mean.toFixed(1)), h("span", {}, t("coverage.headline", { total, n: number(known) }))),
    h("ol", { class: "columns", "data-testid": "coverage-histogram" }, columns),
    h("div", { class: "range-ends unit" }, h("span", {}, t("coverage.few")), h("span", {}, t("coverage.axis")), h("span", {}, t("coverage.all"))));
}

