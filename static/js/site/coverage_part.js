/** In the drawer of 看配套: the ring beside its circle, what is missing, each standard's verdict, where to add. */
import { get, isAbort, Latest } from "../api.js";
import { fill, h } from "../dom.js";
import { distance, number } from "../format.js";
import { t } from "../i18n.js";
import { state } from "../state.js";
import { failure, skeleton } from "../find/empty.js";
import { profileInUse, view } from "../coverage/data.js";
import { Suggestion } from "./suggestion.js";
import { categoryIcon, fileLinks, overBar, overWords } from "../coverage/gaps.js";
import { draftShown } from "../coverage/scenario.js";

const RADIUS_M = 6_371_008.8;

/** As the crow flies. @param {LonLat} a @param {LonLat} b @returns {number} m */
function straight(a, b) {
  const rad = Math.PI / 180;
  const x = (b[0] - a[0]) * rad * Math.cos(((a[1] + b[1]) / 2) * rad);
  return RADIUS_M * Math.hypot(x, (b[1] - a[1]) * rad);
}

/** The gaps of a place without a record, from its ring. @param {Ring} ring @param {Verdict} verdict @param {LonLat} at @returns {Gap[]} */
function gapsOfRing(ring, verdict, at) {
  return verdict.requirements.filter((one) => !one.met).map((one) => {
    const near = one.need > 1 ? null : one.categories.map((name) => ring.properties.amenities[name]?.nearest).filter((found) => found).sort((a, b) => Number(a?.walk_m) - Number(b?.walk_m))[0] ?? null;
    return /** @type {Gap} */ ({
      category: one.categories.join(","), requirement: one.label, have: one.have, need: one.need, nearest: near?.name ?? null, walk_m: near?.walk_m ?? null,
      straight_m: near && near.lon !== undefined ? straight(at, [Number(near.lon), Number(near.lat)]) : null, over_m: near ? near.walk_m - verdict.limit_m : null, limit_m: verdict.limit_m,
    });
  });
}

/** A verdict of today with what the ring of a scenario reaches instead. @param {Verdict} today @param {Ring} ring @returns {Verdict} */
function drafted(today, ring) {
  const requirements = today.requirements.map((one) => {
    const have = one.categories.reduce((sum, name) => sum + (ring.properties.amenities[name]?.count ?? 0), 0);
    return { ...one, have, met: have >= one.need };
  });
  return { ...today, requirements, score: requirements.filter((one) => one.met).length, area_m2: ring.properties.area_m2 };
}

export class CoveragePart {
  /** @param {{circle: (at: LonLat | null, radius: number) => void, places: (places: RepairPlace[], chosen: number) => void}} map */
  constructor(map) {
    this.map = map;
    this.suggestion = new Suggestion(map);
    this.latest = new Latest();
    this.element = h("div", { class: "coverage-part", "data-testid": "coverage-part" });
  }

  clear() {
    this.latest.stop();
    this.suggestion.clear();
    fill(this.element);
    this.map.circle(null, 0);
  }

  /** @param {Ring} ring that of the place @param {LonLat} at */
  async show(ring, at) {
    const signal = this.latest.start();
    const slow = window.setTimeout(() => fill(this.element, skeleton(2)), 150);
    const place = state.site ? { site: state.site } : { lon: at[0], lat: at[1] };
    try {
      const [compared, gaps] = await Promise.all([
        get("/api/v1/coverage/compare", place, signal),
        state.site && !draftShown() ? get("/api/v1/coverage/gaps", { site: state.site, profile: profileInUse()?.id ?? "", sort: "walk_m" }, signal) : null,
      ]);
      const today = compared.items.find((/** @type {Verdict} */ item) => item.profile === (profileInUse()?.id ?? "")) ?? compared.items[0];
      const verdict = draftShown() ? drafted(today, ring) : today;
      const lacks = gaps ? gaps.items : gapsOfRing(ring, verdict, at);
      this.render(compared, verdict, lacks);
      this.suggestion.show(lacks);
      this.map.circle(at, verdict.limit_m);
    } catch (error) {
      if (!isAbort(error)) fill(this.element, failure(error, () => this.show(ring, at)));
    } finally {
      clearTimeout(slow);
    }
  }

  /** @param {CompareAnswer} compared @param {Verdict} verdict @param {Gap[]} gaps */
  render(compared, verdict, gaps) {
    const now = draftShown() ? h("p", { class: "second part", "data-testid": "today-note" }, t("scenario.today_note")) : null;
    fill(this.element, circlePart(verdict), gapsPart(gaps, verdict), this.suggestion.element, now, state.site ? fileLinks({ profile: verdict.profile, site: state.site }) : null, profilesPart(compared), freshPart(compared));
  }
}

/** @param {Verdict} verdict @returns {HTMLElement} */
function circlePart(verdict) {
  const { circle } = verdict;
  const more = circle.overstates_amenities;
  return h("section", { class: "part", "data-testid": "circle" },
    h("div", { class: "circle-keys" },
      h("p", {}, h("span", { class: "key-ring", "aria-hidden": "true" }), t("compare.reached", { n: verdict.score, total: verdict.total, km2: number(verdict.area_m2 / 1e6, 2) })),
      h("p", {}, h("span", { class: "key-circle", "aria-hidden": "true" }), t("compare.circle", { m: number(circle.radius_m), n: circle.score, km2: number(circle.area_m2 / 1e6, 2) }))),
    h("p", { class: "second" }, t("compare.overstates", { area: number(100 * circle.overstates_area) }), more === null ? "" : t("compare.overstates_amenities", { n: number(100 * more) })),
    rankWords());
}

/** Where the site stands among all. @returns {HTMLElement | null} */
function rankWords() {
  const items = view.answer?.sites.items.filter((item) => item.score !== null) ?? [];
  const mine = items.find((item) => item.id === state.site);
  if (!mine) return null;
  const better = items.filter((item) => Number(item.score) > Number(mine.score)).length;
  return h("p", { class: "second", "data-testid": "rank" }, t("compare.rank", { n: number(better + 1), of: number(items.length) }));
}

/** @param {Gap[]} gaps @param {Verdict} verdict @returns {HTMLElement} */
function gapsPart(gaps, verdict) {
  if (!gaps.length) return h("section", { class: "part" }, h("p", { "data-testid": "no-gaps" }, t("gaps.site_none", { name: verdict.name })));
  return h("section", { class: "part" }, h("table", { class: "site-gaps", "data-testid": "site-gaps" },
    h("thead", {}, h("tr", {}, [t("gaps.lacks_short"), t("gaps.nearest_one"), t("gaps.straight"), t("gaps.walk"), t("gaps.over", { m: number(verdict.limit_m) })].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, gaps.map((gap) => h("tr", {},
      h("td", {}, h("span", { class: "gap-kind" }, categoryIcon(gap.category), h("span", {}, gap.requirement, gap.need > 1 ? ` ${gap.have}/${gap.need}` : ""))),
      h("td", { class: "gap-name", title: gap.nearest ?? "" }, gap.nearest || "—"),
      h("td", { class: "number" }, gap.straight_m === null ? "—" : distance(gap.straight_m)),
      h("td", { class: "number" }, gap.walk_m === null ? t("gaps.beyond") : distance(gap.walk_m)),
      h("td", { class: "number gap-over" }, h("b", {}, overWords(gap)), overBar(gap.over_m)))))));
}

/** @param {CompareAnswer} compared @returns {HTMLElement} */
function profilesPart(compared) {
  return h("section", { class: "part" }, h("h2", {}, t("compare.title")), h("table", { class: "profiles", "data-testid": "profiles" },
    h("thead", {}, h("tr", {}, [t("coverage.profile"), t("compare.on_foot"), t("compare.as_circle"), t("compare.over")].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, compared.items.map((item) => h("tr", { class: item.profile === (profileInUse()?.id ?? "") ? "chosen" : null, title: item.rule },
      h("th", { scope: "row" }, item.name, h("span", { class: "second" }, t("compare.minutes", { n: number(item.minutes), m: number(item.limit_m) }), " · ", missingWords(item))),
      h("td", { class: "number" }, verdictMark(item.passed, item.score, item.total)),
      h("td", { class: "number" }, verdictMark(item.circle.passed, item.circle.score, item.total)),
      h("td", { class: "number" }, `+${number(100 * item.circle.overstates_area)} %`))))));
}

/** @param {Verdict} item @returns {string} */
function missingWords(item) {
  const lacks = item.requirements.filter((one) => !one.met).map((one) => (one.need > 1 ? `${one.label} ${one.have}/${one.need}` : one.label));
  if (!lacks.length) return t("compare.passed");
  const shown = lacks.slice(0, 3).join(t("word.comma"));
  return lacks.length > 3 ? t("compare.lacks_more", { list: shown, n: lacks.length }) : t("compare.lacks", { list: shown });
}

/** @param {boolean} passed @param {number} score @param {number} total @returns {HTMLElement} */
const verdictMark = (passed, score, total) => h("span", { class: passed ? "verdict passed" : "verdict" }, `${score}/${total}`, h("span", { class: "sr" }, t(passed ? "compare.passed" : "compare.failed")));

/** @param {CompareAnswer} compared @returns {HTMLElement} */
export function freshPart(compared) {
  const { amenities, network } = compared;
  const sources = amenities.sources.slice(0, 3).map((one) => [one.name || t("fresh.unnamed"), one.to ? t("fresh.to", { day: one.to }) : t("fresh.undated"), number(one.count)].join(" · "));
  return h("section", { class: "part fresh", "data-testid": "fresh" }, h("p", { class: "second" }, t("fresh.versions", { network: network ?? "—", amenities: amenities.version })),
    sources.map((text) => h("p", { class: "second" }, text)));
}

