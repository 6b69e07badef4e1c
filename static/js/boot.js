/** What the server wrote into the page: words, counties, layers. */

const element = document.getElementById("boot");

/** @type {Boot} */
export const boot = JSON.parse(element?.textContent || "{}");

/**
 * The word of an enum value in the page's language, or the value itself.
 * @param {string} group
 * @param {string | null | undefined} value
 * @returns {string}
 */
export function label(group, value) {
  if (!value) return "";
  return boot.labels?.[group]?.[value] ?? value;
}

/** @param {string} group @returns {string[]} */
export function values(group) {
  return Object.keys(boot.labels?.[group] ?? {});
}

/** @param {string} adcode @returns {BootCounty | undefined} */
export function county(adcode) {
  return boot.counties.find((item) => item.adcode === adcode);
}

export const FACILITIES = ["youth_housing", "transit", "retail", "education_health", "leisure", "learning"];
export const VENUES = ["bar", "theatre", "cafe", "bookshop", "cinema", "practice_room"];
export const CATEGORIES = [...FACILITIES, ...VENUES];
