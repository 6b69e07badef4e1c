/** The plan's targets and what the record shows, asked once for all years. */
import { get } from "../api.js";
import { boot, values } from "../boot.js";
import { today } from "../format.js";
import { state } from "../state.js";

/** @typedef {{id: string, name: string, target: number | null, actual: number | null, share: number | null}} Figure */
/** @typedef {{items: ProgressItem[] | null, loading: boolean, error: any}} PlanView */

/** @type {PlanView} */
export const view = { items: null, loading: false, error: null };
export const ALL_YEARS = "all";
const FIRST = 2025;
const LAST = 2027;

/** @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} listener */
export const onPlan = (listener) => {
  listeners.push(listener);
};

/** @param {boolean} [anew] */
export async function askPlan(anew = false) {
  if (!anew && (view.loading || view.items)) {
    for (const listener of listeners) listener();
    return;
  }
  Object.assign(view, { loading: true, error: null });
  for (const listener of listeners) listener();
  try {
    const answer = await get("/api/v1/plan/progress", { limit: 1000 });
    Object.assign(view, { items: answer.items, loading: false });
  } catch (error) {
    Object.assign(view, { loading: false, error });
  }
  for (const listener of listeners) listener();
}

/** The years of the plan. @returns {string[]} */
export const years = () => Array.from({ length: LAST - FIRST + 1 }, (_, i) => String(FIRST + i));

/** @returns {string} a year or "all" */
export function yearInUse() {
  if ([...years(), ALL_YEARS].includes(state.year)) return state.year;
  return String(Math.min(Math.max(Number(today().slice(0, 4)), FIRST), LAST));
}

/** @returns {string[]} */
export const indicators = () => values("indicator");

/** @returns {string} */
export const indicatorInUse = () => (indicators().includes(state.indicator) ? state.indicator : (indicators()[0] ?? "space"));

/** Share of the year (or of the three years) that is gone, 0…1. @param {string} year @returns {number} */
export function timeGone(year) {
  const [from, to] = year === ALL_YEARS ? [FIRST, LAST + 1] : [Number(year), Number(year) + 1];
  const [start, end] = [Date.UTC(from, 0, 1), Date.UTC(to, 0, 1)];
  return Math.min(Math.max((Date.parse(today()) - start) / (end - start), 0), 1);
}

/** @param {(number | null)[]} numbers @returns {number | null} null where none is known */
function sum(numbers) {
  const known = numbers.filter((value) => value !== null);
  return known.length ? known.reduce((total, value) => Number(total) + Number(value), 0) : null;
}

/** @param {string} id @param {string} name @param {ProgressItem[]} items @returns {Figure} */
function figure(id, name, items) {
  const target = sum(items.map((item) => item.target));
  const actual = sum(items.map((item) => item.actual));
  return { id, name, target, actual, share: target && actual !== null ? actual / target : null };
}

/** @param {string} year @param {string} indicator @returns {ProgressItem[]} */
const chosen = (year, indicator) => (view.items ?? []).filter((item) => item.indicator === indicator && (year === ALL_YEARS || String(item.year) === year));

/** One figure a reporting unit, in the annex's order. @param {string} year @param {string} indicator @returns {Figure[]} */
export function byUnit(year, indicator) {
  const items = chosen(year, indicator);
  return boot.reporting_units.map((unit) => figure(unit.id, unit.name, items.filter((item) => item.reporting_unit === unit.id)));
}

/** The whole city. @param {string} year @param {string} indicator @returns {Figure} */
export const ofCity = (year, indicator) => figure("city", "", chosen(year, indicator));

/** @param {string} indicator @returns {string} 10k_m2 or count */
export const unitOf = (indicator) => view.items?.find((item) => item.indicator === indicator)?.unit ?? (indicator === "space" ? "10k_m2" : "count");

/** Whether the figures are made up in part. @returns {boolean} */
export const isDemo = () => Boolean(view.items?.some((item) => item.demo));

/**
 * Class −2…2 of a figure against the time gone; null where nothing can be said yet.
 * A task of one or two pieces is never behind before it is due.
 * @param {Figure} one @param {string} year @returns {number | null}
 */
export function standing(one, year) {
  const gone = timeGone(year);
  if (one.share === null || !one.target || gone <= 0) return null;
  const ahead = one.share - gone;
  if (ahead < 0 && one.target <= 2 && gone < 1) return 0;
  if (ahead >= 0.2 || one.share >= 1) return 2;
  if (ahead > 0.08) return 1;
  if (ahead >= -0.08) return 0;
  return ahead > -0.2 ? -1 : -2;
}
