/** The drawer of one county in 看配套: its figures, its sites, its worst gaps; printed it is a brief of one page. */
import { get, isAbort, Latest } from "../api.js";
import { boot, county, label } from "../boot.js";
import { fill, h } from "../dom.js";
import { number } from "../format.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { failure, skeleton } from "../find/empty.js";
import { classOf, colourOf } from "../coverage/classes.js";
import { onCoverage, profileInUse, totalOf, view } from "../coverage/data.js";
import { categoryIcon, fileLinks, nearestWords, overWords } from "../coverage/gaps.js";
import { draftShown } from "../coverage/scenario.js";
import { freshPart } from "./coverage_part.js";
import { fact } from "./parts.js";

const WORST = 12;

export class CountyPart {
  constructor() {
    this.latest = new Latest();
    this.element = h("div", { class: "county-part", "data-testid": "county-part" });
    onCoverage(() => state.county && this.element.isConnected && !view.loading && this.show());
  }

  async show() {
    const { answer } = view;
    if (!answer) {
      fill(this.element, skeleton(4));
      return;
    }
    const adcode = state.county;
    const slow = window.setTimeout(() => fill(this.element, skeleton(4)), 150);
    try {
      const profile = profileInUse()?.id ?? "";
      const signal = this.latest.start();
      const [gaps, lacking] = await Promise.all([get("/api/v1/coverage/gaps", { profile, adcode, limit: WORST }, signal), get("/api/v1/coverage/lacking", {}, signal)]);
      this.render(adcode, gaps, lacking);
    } catch (error) {
      if (!isAbort(error)) fill(this.element, failure(error, () => this.show()));
    } finally {
      clearTimeout(slow);
    }
  }

  /** @param {string} adcode @param {GapsAnswer} gaps @param {LackingAnswer} lacking */
  render(adcode, gaps, lacking) {
    const { answer } = view;
    const item = answer?.counties.items.find((one) => one.id === adcode);
    if (!answer || !item) return;
    const total = totalOf(answer.counties);
    const sites = answer.sites.items.filter((site) => site.adcode === adcode && site.score !== null);
    const towns = lacking.towns.filter((town) => town.adcode === adcode);
    const without = towns.filter((town) => !town.sites);
    const now = draftShown() ? h("p", { class: "second part" }, t("scenario.today_note")) : null;
    fill(this.element, now, figures(item, answer.counties, total, towns.length - without.length, towns.length), lackingRows(item), gapRows(gaps),
      fileLinks({ profile: view.profile, adcode }), siteRows(sites, total),
      without.length ? h("section", { class: "part" }, h("h2", {}, t("county.towns", { n: number(without.length) })), h("p", { class: "second" }, without.map((town) => town.name).join(t("word.comma")))) : null,
      freshPart(/** @type {Any} */ (answer.counties)));
  }
}

/** @param {CoverageItem} item @param {CoverageAnswer} counties @param {number} total @param {number} has @param {number} towns @returns {HTMLElement} */
function figures(item, counties, total, has, towns) {
  const known = counties.items.filter((one) => one.score !== null);
  const rank = known.filter((one) => Number(one.score) > Number(item.score)).length + 1;
  return h("div", { class: "facts" },
    fact(item.score === null ? "—" : item.score.toFixed(1), `/ ${total}`, item.score === null ? t("coverage.mean") : t("county.rank", { n: rank, of: known.length })),
    fact(number(item.passed ?? 0), `/ ${number(item.sites ?? 0)}`, t("county.passed")), fact(number(has), `/ ${number(towns)}`, t("county.with_site")));
}

/** @param {CoverageItem} item @returns {HTMLElement | null} */
function lackingRows(item) {
  const sites = item.sites ?? 0;
  const rows = Object.entries(item.categories).filter(([, one]) => one.missing > 0).sort((a, b) => b[1].missing - a[1].missing);
  if (!rows.length) return null;
  return h("section", { class: "part county-half" }, h("div", { class: "part-head" }, h("h2", {}, t("coverage.lacking")), h("span", { class: "second" }, t("coverage.lacking_note"))),
    h("ul", { class: "county-lacks" }, rows.map(([name, one]) => {
      const bar = h("span", { class: "bar-fill late" });
      bar.style.width = `${sites ? (100 * one.missing) / sites : 0}%`;
      return h("li", {}, categoryIcon(name), h("span", {}, label("amenity_category", name)), h("span", { class: "bar-track", "aria-hidden": "true" }, bar), h("span", { class: "number" }, `${number(one.missing)}/${number(sites)}`));
    })));
}

/** @param {GapsAnswer} gaps @returns {HTMLElement} */
function gapRows(gaps) {
  if (!gaps.items.length) return h("section", { class: "part" }, h("p", {}, t("gaps.none_found")));
  return h("section", { class: "part county-half" }, h("div", { class: "part-head" }, h("h2", {}, t("county.worst")), h("span", { class: "second" }, t("county.gaps", { n: number(gaps.total) }))),
    h("ul", { class: "county-gaps" }, gaps.items.map((gap) => h("li", {}, categoryIcon(gap.category), h("span", { class: "county-gap" }, h("b", {}, gap.site), h("span", { class: "second" }, `${gap.requirement} · ${nearestWords(gap)}`)), h("b", { class: "number" }, overWords(gap))))));
}

/** @param {CoverageItem[]} sites @param {number} total @returns {HTMLElement} */
function siteRows(sites, total) {
  const sorted = [...sites].sort((a, b) => Number(a.score) - Number(b.score));
  return h("section", { class: "part" }, h("h2", {}, t("county.sites", { n: number(sites.length) })), h("ul", { class: "plain-rows" }, sorted.map((site) => {
    const dot = h("span", { class: "score-dot", "aria-hidden": "true" });
    dot.style.background = `var(${colourOf(classOf(Number(site.score), total))})`;
    return h("li", {}, h("button", { type: "button", class: "text-button plain", onclick: () => setState({ site: site.id, unit: "", point: null }, { push: true, origin: "county" }) }, dot, site.name), h("span", { class: "number" }, `${site.score}/${total}`));
  })));
}

/** @param {string} adcode @returns {string} */
export const countyName = (adcode) => county(adcode)?.[boot.lang === "zh" ? "name" : "short"] ?? adcode;
