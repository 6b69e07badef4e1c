/** What the sites of each county reach on foot, asked once a profile. */
import { get, isAbort, Latest } from "../api.js";
import { boot } from "../boot.js";
import { state } from "../state.js";

/** @typedef {{counties: CoverageAnswer, sites: CoverageAnswer}} Coverage */
/** @typedef {{profile: string, answer: Coverage | null, loading: boolean, error: any}} CoverageView */

/** @type {CoverageView} */
export const view = { profile: "", answer: null, loading: false, error: null };

/** @type {(() => void)[]} */
const listeners = [];
const latest = new Latest();

/** @param {() => void} listener */
export const onCoverage = (listener) => {
  listeners.push(listener);
};

const tell = () => listeners.forEach((listener) => listener());

/** The profile in use: the URL's if it is known. @returns {BootProfile | undefined} */
export const profileInUse = () => boot.profiles.find((item) => item.id === state.profile) ?? boot.profiles[0];

/** Ask unless it is already there. @param {boolean} [anew] */
export async function askCoverage(anew = false) {
  const profile = profileInUse()?.id ?? "";
  if (!anew && view.profile === profile && (view.loading || view.answer)) {
    tell();
    return;
  }
  const signal = latest.start();
  Object.assign(view, { profile, loading: true, error: null });
  tell();
  try {
    const [counties, sites] = await Promise.all(["county", "site"].map((by) => get("/api/v1/coverage", { profile, by, limit: 10_000 }, signal)));
    Object.assign(view, { answer: { counties, sites }, loading: false, error: null });
  } catch (error) {
    if (isAbort(error)) return;
    Object.assign(view, { loading: false, error });
  }
  tell();
}

/** @param {CoverageItem} site @param {string} category @returns {boolean} */
export const lacks = (site, category) => site.score !== null && site.categories?.[category]?.missing === true;

/** @param {string} id @returns {LonLat | null} */
export function placeOfSite(id) {
  const site = view.answer?.sites.items.find((item) => item.id === id);
  return site && typeof site.lon === "number" && typeof site.lat === "number" ? [site.lon, site.lat] : null;
}

/** @param {CoverageAnswer} answer @returns {number} requirements of the profile */
export const totalOf = (answer) => answer.items.find((item) => item.total)?.total ?? 12;
