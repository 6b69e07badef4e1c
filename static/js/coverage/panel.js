/** 看配套: what incubators reach on foot, by county, and what they lack most. */
import { boot, county, label } from "../boot.js";
import { fill, h } from "../dom.js";
import { number } from "../format.js";
import { familyOf, icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { failure, skeleton } from "../find/empty.js";
import { classOf, classTexts, colourOf, inkOf } from "./classes.js";
import { askCoverage, lacks, onCoverage, profileInUse, view } from "./data.js";

/** @param {number} share @param {string} colour token @returns {HTMLElement} */
function bar(share, colour) {
  const part = h("span", { class: "bar-fill" });
  part.style.width = `${Math.round(Math.min(Math.max(share, 0), 1) * 1000) / 10}%`;
  part.style.background = `var(${colour})`;
  return h("span", { class: "bar-track", "aria-hidden": "true" }, part);
}

export class CoveragePanel {
  /** @param {{fit: (adcode: string) => void, light: (adcode: string) => void, paint: () => void}} map */
  constructor(map) {
    this.map = map;
    this.profile = h("select", { id: "profile", "data-testid": "profile", onchange: () => setState({ profile: this.profile.value, missing: "" }, { push: true, origin: "coverage" }) },
      boot.profiles.map((item) => h("option", { value: item.id }, [item.name, item.version].filter(Boolean).join(" "))));
    this.walk = h("p", { class: "second" });
    this.body = h("div", { class: "coverage-body", "aria-live": "polite" });
    this.element = h("div", { class: "coverage", "data-testid": "coverage" },
      h("div", { class: "task-head" }, h("label", { class: "profile-field", for: "profile" }, h("span", { class: "second" }, t("coverage.profile")), this.profile), this.walk), this.body);
    this.slow = 0;
    onCoverage(() => this.render());
  }

  start() {
    this.sync();
    askCoverage();
  }

  /** @param {Set<string>} changed */
  onState(changed) {
    if (changed.has("profile")) this.start();
    else if (changed.has("missing")) this.render();
  }

  sync() {
    const profile = profileInUse();
    this.profile.value = profile?.id ?? "";
    const minutes = Array.isArray(profile?.minutes) ? Math.max(...profile.minutes) : (profile?.minutes ?? 15);
    this.walk.textContent = t("coverage.walk", { minutes: number(minutes), speed: number(profile?.speed_kmh ?? 4.8, 1) });
  }

  render() {
    clearTimeout(this.slow);
    this.element.setAttribute("aria-busy", String(view.loading));
    if (view.loading) {
      this.slow = window.setTimeout(() => (view.answer ? this.body.classList.add("stale") : fill(this.body, skeleton(5))), 150);
      return;
    }
    this.body.classList.remove("stale");
    if (view.error) fill(this.body, failure(view.error, () => askCoverage(true)));
    else if (view.answer) this.renderAnswer(view.answer);
    this.map.paint();
  }

  /** @param {import("./data.js").Coverage} answer */
  renderAnswer({ counties, sites }) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.testid;
    const total = totalOf(counties);
    const known = counties.histogram.reduce((sum, count) => sum + count, 0);
    if (!known) {
      fill(this.body, h("div", { class: "empty", "data-testid": "coverage-empty" }, h("h2", {}, t("coverage.none")), h("p", { class: "second" }, t("coverage.none_fix"))));
      return;
    }
    fill(this.body, summary(counties.histogram, total, known), this.ranking(counties.items, total), this.lacking(counties, sites, known));
    if (focused && document.activeElement === document.body) /** @type {HTMLElement | null} */ (this.body.querySelector(`[data-testid="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @param {CoverageItem[]} items @param {number} total @returns {HTMLElement} */
  ranking(items, total) {
    const sorted = [...items].sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
    const rows = sorted.map((item) => {
      const adcode = item.adcode ?? item.id;
      return h("li", {}, h("button", {
        type: "button", class: "rank-row", "data-testid": `county-${adcode}`, onclick: () => this.map.fit(adcode),
        onpointerenter: () => this.map.light(adcode), onpointerleave: () => this.map.light(""), onfocus: () => this.map.light(adcode), onblur: () => this.map.light(""),
      }, h("span", { class: "rank-name" }, county(adcode)?.[boot.lang === "zh" ? "name" : "short"] ?? item.name), bar((item.score ?? 0) / (total || 1), colourOf(classOf(item.score ?? 0, total))),
      h("b", { class: "rank-value" }, item.score === null ? "—" : item.score.toFixed(1)), h("span", { class: "rank-count second" }, number(item.sites ?? 0))));
    });
    return h("section", { class: "task-part" }, h("div", { class: "rank-head" }, h("h2", {}, t("coverage.counties")),
      h("span", { class: "second" }, t("coverage.mean")), h("span", { class: "second rank-count" }, t("coverage.sites"))), h("ol", { class: "rank", "data-testid": "county-ranking" }, rows));
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
}

/** @param {CoverageAnswer} answer @returns {number} */
export const totalOf = (answer) => answer.items.find((item) => item.total)?.total ?? 12;

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

/** What the map shows for the answer. @returns {{shades: import("../map/choropleth.js").Shade[], dots: import("../map/choropleth.js").Dot[], texts: string[]}} */
export function coverageOnMap() {
  if (!view.answer) return { shades: [], dots: [], texts: [] };
  const { counties, sites } = view.answer;
  const total = totalOf(counties);
  const shades = counties.items.filter((item) => item.score !== null).map((item) => {
    const place = classOf(item.score ?? 0, total);
    return { adcode: item.adcode ?? item.id, colour: colourOf(place), text: (item.score ?? 0).toFixed(1), ...inkOf(place) };
  });
  const dots = sites.items.filter((site) => site.score !== null && typeof site.lon === "number" && typeof site.lat === "number").map((site) => ({
    id: site.id, lon: Number(site.lon), lat: Number(site.lat),
    size: state.missing && !lacks(site, state.missing) ? 0.6 : 1,
    colour: !state.missing ? colourOf(classOf(site.score ?? 0, total)) : lacks(site, state.missing) ? "--venue-bar" : "--surface",
  }));
  return { shades, dots, texts: classTexts(total) };
}
