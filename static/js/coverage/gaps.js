/** The gaps as a table: sorted, filtered, exported; the same rows as the map. */
import { get, isAbort, Latest } from "../api.js";
import { boot, county, label } from "../boot.js";
import { debounce, fill, h } from "../dom.js";
import { distance, number } from "../format.js";
import { familyOf, icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { failure, skeleton } from "../find/empty.js";
import { profileInUse, view } from "./data.js";

const PAGE = 100;
const FORMATS = ["xlsx", "csv", "gpkg"];
/** Metres over that fill the small bar. */
const FULL_M = 1800;

/** What the table, the map and the files are filtered by. @returns {Dict<string>} */
export const gapQuery = () => ({ profile: profileInUse()?.id ?? "", category: state.missing, adcode: state.gap_county, q: state.gap_q, sort: state.gap_sort });

/** @param {string} format @param {Dict<string>} query @returns {string} */
export function fileAddress(format, query) {
  const given = Object.entries({ format, ...query, lang: boot.lang }).filter(([, value]) => value);
  return `/api/v1/coverage/gaps/file?${new URLSearchParams(given)}`;
}

/** Links that save the same rows. @param {Dict<string>} query @returns {HTMLElement} */
export function fileLinks(query) {
  return h("div", { class: "files", "data-testid": "gap-files" }, h("span", { class: "second" }, t("gaps.export")),
    FORMATS.map((format) => h("a", { class: "text-button", href: fileAddress(format, query), download: true, "data-testid": `file-${format}` }, t(`gaps.file_${format}`))));
}

/** The nearest one and its walk. @param {{nearest: string | null, walk_m: number | null, straight_m: number | null}} gap @returns {string} */
export function nearestWords(gap) {
  if (gap.walk_m !== null) return t("gaps.nearest", { name: gap.nearest || t("gaps.unnamed"), m: distance(gap.walk_m) });
  if (gap.straight_m !== null) return t("gaps.nearest_straight", { name: gap.nearest || t("gaps.unnamed"), m: distance(gap.straight_m) });
  return t("gaps.nearest_none");
}

/** @param {{over_m: number | null}} gap @returns {string} */
export const overWords = (gap) => (gap.over_m === null ? t("gaps.far") : `+${number(gap.over_m)} m`);

/** @param {number | null} over @returns {HTMLElement} */
export function overBar(over) {
  const part = h("span", { class: "bar-fill" });
  part.style.width = `${over === null ? 100 : Math.max(4, Math.min(100, (100 * over) / FULL_M))}%`;
  return h("span", { class: over === null ? "bar-track over-bar far" : "bar-track over-bar", "aria-hidden": "true" }, part);
}

/** @param {string} category one, or several joined by commas @returns {HTMLElement} */
export function categoryIcon(category) {
  const first = category.split(",")[0];
  return h("span", { class: `amenity tiny ${familyOf(first)} has`, "aria-hidden": "true" }, icon(first, "small"));
}

export class GapTable {
  constructor() {
    this.latest = new Latest();
    this.search = h("input", { type: "search", placeholder: t("gaps.search"), "aria-label": t("gaps.search"), "data-testid": "gap-search", maxlength: 100, oninput: debounce(() => setState({ gap_q: this.search.value.trim() }, { origin: "gaps" }), 250) });
    this.category = h("select", { "aria-label": t("gaps.category"), "data-testid": "gap-category", onchange: () => setState({ missing: this.category.value }, { push: true, origin: "gaps" }) });
    this.county = h("select", { "aria-label": t("filter.counties"), "data-testid": "gap-county", onchange: () => setState({ gap_county: this.county.value }, { push: true, origin: "gaps" }) },
      h("option", { value: "" }, t("gaps.all_counties")), boot.counties.map((item) => h("option", { value: item.adcode }, boot.lang === "zh" ? item.name : item.short)));
    this.count = h("p", { class: "count", "data-testid": "gap-count", "aria-live": "polite" });
    this.files = h("div", {});
    this.body = h("div", {});
    this.element = h("div", { class: "gaps", "data-testid": "gaps" },
      h("div", { class: "gap-filters" }, h("div", { class: "field gap-search" }, this.search), h("div", { class: "field" }, this.category), h("div", { class: "field" }, this.county)),
      h("div", { class: "count-row" }, this.count, this.files), this.body);
    this.key = "";
    /** @type {Gap[]} */
    this.items = [];
    this.total = 0;
  }

  render() {
    const categories = view.answer?.counties.missing ?? [];
    fill(this.category, h("option", { value: "" }, t("gaps.all_categories")), categories.map((item) => h("option", { value: item.category }, `${label("amenity_category", item.category)} ${number(item.sites)}`)));
    this.category.value = state.missing;
    this.county.value = state.gap_county;
    if (document.activeElement !== this.search) this.search.value = state.gap_q;
    fill(this.files, fileLinks(gapQuery()));
    const key = JSON.stringify(gapQuery());
    if (key === this.key && this.items.length) this.draw();
    else this.ask(key);
  }

  /** @param {string} key @param {number} [offset] */
  async ask(key, offset = 0) {
    const slow = window.setTimeout(() => (this.items.length ? this.body.classList.add("stale") : fill(this.body, skeleton(5))), 150);
    try {
      const found = /** @type {GapsAnswer} */ (await get("/api/v1/coverage/gaps", { ...gapQuery(), limit: PAGE, offset }, this.latest.start()));
      this.key = key;
      this.items = offset ? [...this.items, ...found.items] : found.items;
      this.total = found.total;
      this.count.replaceChildren();
      fill(this.count, h("b", {}, number(found.total)), " ", t("gaps.count", { sites: number(found.sites) }));
      this.draw();
    } catch (error) {
      if (isAbort(error)) return;
      this.key = "";
      fill(this.body, failure(error, () => this.ask(key, offset)));
    } finally {
      clearTimeout(slow);
      this.body.classList.remove("stale");
    }
  }

  draw() {
    if (!this.items.length) {
      const filtered = state.missing || state.gap_county || state.gap_q;
      fill(this.body, h("div", { class: "empty", "data-testid": "gaps-empty" }, h("h2", {}, t(filtered ? "gaps.none_found" : "gaps.none")), h("p", { class: "second" }, t(filtered ? "gaps.none_found_fix" : "gaps.none_note")),
        filtered ? h("button", { type: "button", class: "button", onclick: () => setState({ missing: "", gap_county: "", gap_q: "" }, { push: true, origin: "gaps" }) }, t("gaps.clear")) : null));
      return;
    }
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.testid;
    const rest = this.total - this.items.length;
    fill(this.body, h("table", { class: "gap-table", "data-testid": "gap-table" },
      h("thead", {}, h("tr", {}, this.head("site", t("gaps.site")), this.head("requirement", t("gaps.lacks")), this.head("over_m", t("gaps.over_short")))),
      h("tbody", {}, this.items.map((gap, i) => this.row(gap, i)))),
    rest > 0 ? h("button", { type: "button", class: "button gap-more", "data-testid": "gap-more", onclick: () => this.ask(this.key, this.items.length) }, t("gaps.more", { n: number(Math.min(PAGE, rest)), rest: number(rest) })) : null);
    if (focused?.startsWith("sort-")) /** @type {HTMLElement | null} */ (this.body.querySelector(`[data-testid="${focused}"]`))?.focus();
  }

  /** @param {string} column @param {string} text @returns {HTMLElement} */
  head(column, text) {
    const [name, down] = [state.gap_sort.replace(/^-/, "") || "over_m", state.gap_sort.startsWith("-") || !state.gap_sort];
    const on = name === column;
    // First the order that is mostly wanted, then the other way round.
    const first = column === "over_m" ? "-over_m" : column;
    const next = state.gap_sort === first || (!state.gap_sort && column === "over_m") ? (first.startsWith("-") ? column : `-${column}`) : first;
    return h("th", { scope: "col", "aria-sort": on ? (down ? "descending" : "ascending") : "none" }, h("button", {
      type: "button", "data-testid": `sort-${column}`, onclick: () => setState({ gap_sort: next }, { push: true, origin: "gaps" }),
    }, text, h("span", { class: "sort-mark", "aria-hidden": "true" }, on ? (down ? "▼" : "▲") : "")));
  }

  /** @param {Gap} gap @param {number} i @returns {HTMLElement} */
  row(gap, i) {
    const several = gap.need > 1 ? ` ${gap.have}/${gap.need}` : "";
    return h("tr", { class: gap.site_id === state.site ? "chosen" : null },
      h("td", {}, h("button", { type: "button", class: "gap-site", "data-testid": `gap-${i}`, title: gap.site, onclick: () => setState({ site: gap.site_id, unit: "", point: null }, { push: true, origin: "coverage" }) }, gap.site),
        h("span", { class: "second" }, county(gap.adcode ?? "")?.short ?? gap.county ?? "")),
      h("td", {}, h("span", { class: "gap-kind" }, categoryIcon(gap.category), h("span", {}, gap.requirement, several)), h("span", { class: "second gap-near", title: nearestWords(gap) }, nearestWords(gap))),
      h("td", { class: "gap-over" }, h("b", {}, overWords(gap)), overBar(gap.over_m)));
  }
}
