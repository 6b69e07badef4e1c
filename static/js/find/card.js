/** One result: a site with its best unit, and why it fits. */
import { label } from "../boot.js";
import { h } from "../dom.js";
import { area, floorName, freeFrom, monthly, number, rent, unitName, verified } from "../format.js";
import { t } from "../i18n.js";
import { unitActions } from "./unit_actions.js";

/** @typedef {{site: CandidateSite, best: Candidate, others: Candidate[], rank: number, fits: number}} Group */

/**
 * Group candidates by site, best first; the best unit speaks for its site.
 * @param {Candidate[]} candidates @param {MatchSite[]} sites @returns {Group[]}
 */
export function groupBySite(candidates, sites) {
  const known = new Map(sites.map((site) => [site.id, site]));
  /** @type {Map<string, Group>} */
  const groups = new Map();
  for (const candidate of candidates) {
    const group = groups.get(candidate.site_id);
    if (group) group.others.push(candidate);
    else {
      const site = known.get(candidate.site_id);
      groups.set(candidate.site_id, {
        site: candidate.site, best: candidate, others: [],
        rank: site?.rank ?? groups.size + 1, fits: site?.units ?? 1,
      });
    }
  }
  return [...groups.values()];
}

/** The reasons that tell most: what wins most, and what loses most. @param {Criterion[]} criteria @returns {string[]} */
export function tellingReasons(criteria) {
  const told = criteria.filter((item) => item.reason);
  const good = [...told].sort((a, b) => b.points - a.points)[0];
  const bad = [...told].filter((item) => item !== good && item.fit < 0.95).sort((a, b) => b.weight * (1 - b.fit) - a.weight * (1 - a.fit))[0];
  const second = bad ?? [...told].filter((item) => item !== good).sort((a, b) => b.points - a.points)[0];
  return [good?.reason, second?.reason].filter(Boolean);
}

/** @param {number} fit @param {string} name @returns {HTMLElement} */
function segmentFill(fit, name) {
  const part = h("span", { class: name });
  part.style.width = `${Math.round(Math.min(Math.max(fit, 0), 1) * 100)}%`;
  return part;
}

/** Part bar: a segment's width is its weight, its filled share the fit. @param {Criterion[]} criteria @returns {HTMLElement} */
export function partBar(criteria) {
  const parts = criteria.filter((item) => item.weight > 0);
  const text = parts.map((item) => `${item.label} ${Math.round(item.fit * 100)}%`).join(", ");
  return h("div", { class: "part-bar", role: "img", "aria-label": text }, parts.map((item) => {
    const segment = h("span", { class: "weight", title: `${item.label}: ${item.reason}` }, h("span", { class: "part-track" }, segmentFill(item.fit, "part-fill")), h("span", { class: "part-name", "aria-hidden": "true" }, item.label));
    segment.style.flexGrow = String(item.weight);
    return segment;
  }));
}

/** @param {Criterion[]} criteria @returns {HTMLElement} */
export function allReasons(criteria) {
  const total = criteria.reduce((sum, item) => sum + item.weight, 0) || 1;
  const rows = criteria.filter((item) => item.weight > 0).map((item) => {
    const full = Math.round((item.weight / total) * 100);
    return h("li", { class: "reason", "data-testid": "reason" },
      h("span", { class: "reason-name" }, item.label),
      h("span", { class: "reason-bar" }, segmentFill(item.fit, "reason-fill")),
      h("span", { class: "reason-points" }, `${Math.round(item.points * 100)}/${full}`),
      h("span", { class: "reason-text" }, item.reason));
  });
  return h("ul", { class: "reasons", "data-testid": "reasons" }, rows);
}

/** @param {Group} group @param {(unit: string) => void} open @returns {HTMLElement | null} */
function otherUnits(group, open) {
  const more = group.fits - 1;
  if (more < 1) return null;
  const shown = group.others.slice(0, 6).map((other) => h("button", {
    type: "button", class: "text-button", onclick: () => open(other.unit_id),
  }, `${unitName(other.unit)} · ${area(other.unit.area_m2)}`));
  return h("div", { class: "others" }, h("span", { class: "second" }, t("result.others", { n: number(more) })), shown);
}

/** Of one unit, or of several on one floor taken together. @param {Candidate} best @returns {HTMLElement} */
function figures({ unit, combined }) {
  const whole = combined ?? unit;
  const parts = [combined ? t("result.combined", { n: combined.units }) : "", area(whole.area_m2), rent(whole.rent_cny_m2_month), monthly(whole.month_cny)].filter(Boolean);
  return h("p", { class: "card-figures" }, parts.flatMap((part, i) => (i ? [h("i", { "aria-hidden": "true" }, "·"), part] : [part])));
}

/**
 * @param {Group} group
 * @param {boolean} chosen
 * @param {(site: string, unit: string) => void} open
 * @returns {HTMLElement}
 */
export function card(group, chosen, open) {
  const { best, site } = group;
  const unit = best.unit;
  const age = best.freshness.state === "fresh" ? verified(unit.verified_at) : `${best.freshness.label} · ${verified(unit.verified_at)}`;
  const facts = [label("unit_kind", unit.kind), site.county, floorName(unit.floor), freeFrom(unit.free_from), age].filter(Boolean).join(" · ");
  const name = h("button", {
    type: "button", class: "card-open", "data-testid": "card-open", "aria-expanded": String(chosen),
    onclick: () => open(site.id, best.unit_id),
  }, site.name);
  return h("li", { class: `card${chosen ? " chosen" : ""}`, "data-site": site.id, "data-testid": "card" },
    h("div", { class: "card-head" },
      h("span", { class: "disc", "aria-hidden": "true" }, group.rank), name,
      h("span", { class: "card-unit" }, unitName(unit)),
      h("span", { class: "card-score" }, h("span", { class: "unit" }, t("result.score")), h("b", {}, Math.round(best.score * 100)))),
    h("div", { class: "card-body" }, figures(best), partBar(best.criteria),
      chosen ? allReasons(best.criteria) : h("p", { class: "card-reasons" }, tellingReasons(best.criteria).join(" · ")),
      chosen ? h("p", { class: "card-reasons" }, facts) : null,
      chosen ? unitActions({ unit: best.unit_id, site: site.id, name: site.name }) : null,
      chosen ? otherUnits(group, (other) => open(site.id, other)) : null));
}
