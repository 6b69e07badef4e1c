/** What a demand asks, as short words: the chips. */
import { county, label, boot } from "../boot.js";
import { number } from "../format.js";
import { t } from "../i18n.js";
import { tidy } from "./demand_url.js";

/** @typedef {{key: string, text: string, without: Demand}} Word */

/** @param {{min?: number, max?: number}} bounds @returns {string} */
export function boundsText(bounds) {
  if (bounds.min && bounds.max) return `${number(bounds.min)}–${number(bounds.max)} ㎡`;
  return bounds.max ? `≤ ${number(bounds.max)} ㎡` : `≥ ${number(bounds.min)} ㎡`;
}

/** @param {string} id @returns {string} */
export const industryName = (id) => boot.industries.find((item) => item.id === id)?.name ?? id;

/** @param {string} name @param {any} value @returns {string} */
function requiredText(name, value) {
  if (value === true) return t(`require.${name}`);
  if (name === "permitted_use") return label("permitted_use", value);
  return `${t(`require.${name}`)} ≥ ${value} ${t(`require_unit.${name}`)}`;
}

/** @param {Demand} demand @param {keyof Demand} field @param {string} group @returns {Word[]} */
function listWords(demand, field, group) {
  const chosen = /** @type {string[]} */ (demand[field] ?? []);
  return chosen.map((value) => ({
    key: `${field}:${value}`,
    text: field === "counties" ? (county(value)?.name ?? value) : label(group, value),
    without: tidy({ ...demand, [field]: chosen.filter((other) => other !== value) }),
  }));
}

/** The words of a demand, each with the demand that is left without it. @param {Demand} demand @returns {Word[]} */
export function demandWords(demand) {
  /** @type {Word[]} */
  const words = [];
  /** @param {keyof Demand} field @param {string} text */
  const add = (field, text) => words.push({ key: field, text, without: tidy({ ...demand, [field]: undefined }) });
  if (demand.headcount) add("headcount", t("demand.headcount_chip", { n: demand.headcount }));
  if (demand.stage) add("stage", label("stage", demand.stage));
  if (demand.industry) add("industry", industryName(demand.industry));
  if (demand.area_m2) add("area_m2", boundsText(demand.area_m2));
  if (demand.rent_cny_m2_month_max) add("rent_cny_m2_month_max", t("demand.rent_chip", { n: demand.rent_cny_m2_month_max }));
  if (demand.budget_cny_month_max) add("budget_cny_month_max", t("demand.budget_chip", { n: number(demand.budget_cny_month_max) }));
  if (demand.move_in) add("move_in", t("demand.move_in_chip", { day: demand.move_in }));
  words.push(...listWords(demand, "unit_kinds", "unit_kind"), ...listWords(demand, "counties", "county"));
  if (demand.near) add("near", t("near.chip", { n: demand.near.minutes }));
  if (demand.within) add("within", t("within.chip"));
  if (demand.combine_adjacent) add("combine_adjacent", t("demand.combine_chip"));
  if (demand.weights) add("weights", t("weights.chip"));
  words.push(...listWords(demand, "services", "service"), ...listWords(demand, "platforms", "platform"), ...listWords(demand, "amenities", "amenity_category"));
  for (const [name, value] of Object.entries(demand.requires ?? {})) {
    words.push({
      key: `requires:${name}`,
      text: requiredText(name, value),
      without: tidy({ ...demand, requires: { ...demand.requires, [name]: undefined } }),
    });
  }
  return words;
}

/**
 * Apply a JSON merge patch (a relaxation) to a demand; null takes a field away.
 * @param {any} base @param {any} patch @returns {any}
 */
export function mergePatch(base, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  /** @type {Dict<any>} */
  const merged = { ...(base && typeof base === "object" && !Array.isArray(base) ? base : {}) };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}
