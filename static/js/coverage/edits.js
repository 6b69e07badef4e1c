/** What-if edits as a text in the address: `-a.ID` without an amenity, `-s.ID` without a site,
 * `-x.LON,LAT` without a piece of street, `+CATEGORY.LON,LAT` with a facility more; joined by `;`. */
import { CATEGORIES } from "../boot.js";
import { setState, state } from "../state.js";

/** @typedef {{category: string, lon: number, lat: number, name?: string}} Added */
/** @typedef {{drop_amenities: string[], drop_sites: string[], drop_streets: {lon: number, lat: number}[], add_amenities: Added[]}} Edits */

export const MOST_EDITS = 200;

/** @returns {Edits} */
export const noEdits = () => ({ drop_amenities: [], drop_sites: [], drop_streets: [], add_amenities: [] });

/** @param {Edits} edits @returns {number} */
export const countEdits = (edits) => edits.drop_amenities.length + edits.drop_sites.length + edits.drop_streets.length + edits.add_amenities.length;

/** @param {string} text @returns {LonLat | null} */
function place(text) {
  const [lon, lat] = text.split(",").map(Number);
  return Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

/** Text that was made by hand is read as far as it makes sense. @param {string} text @returns {Edits} */
export function parseEdits(text) {
  const edits = noEdits();
  for (const part of text.split(";").slice(0, MOST_EDITS)) {
    const [kind, rest] = [part.slice(0, 3), part.slice(3)];
    if (kind === "-a." && rest) edits.drop_amenities.push(decode(rest));
    else if (kind === "-s." && rest) edits.drop_sites.push(decode(rest));
    else if (kind === "-x.") {
      const at = place(rest);
      if (at) edits.drop_streets.push({ lon: at[0], lat: at[1] });
    } else if (part.startsWith("+")) {
      const dot = part.indexOf(".");
      const category = part.slice(1, dot);
      const at = place(part.slice(dot + 1));
      if (at && CATEGORIES.includes(category)) edits.add_amenities.push({ category, lon: at[0], lat: at[1] });
    }
  }
  return edits;
}

/** @param {string} text @returns {string} */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {{lon: number, lat: number}} at */
const spot = ({ lon, lat }) => `${Number(lon.toFixed(5))},${Number(lat.toFixed(5))}`;

/** @param {Edits} edits @returns {string} */
export const formatEdits = (edits) => [
  ...edits.drop_amenities.map((id) => `-a.${encodeURIComponent(id)}`), ...edits.drop_sites.map((id) => `-s.${encodeURIComponent(id)}`),
  ...edits.drop_streets.map((at) => `-x.${spot(at)}`), ...edits.add_amenities.map((one) => `+${one.category}.${spot(one)}`),
].join(";");

/** @returns {Edits} */
export const editsInUse = () => parseEdits(state.edits);

/** Add edits to the draft; false where there are too many. @param {Partial<Edits>} more @returns {boolean} */
export function addEdits(more) {
  const now = editsInUse();
  const both = { ...now };
  for (const [name, list] of Object.entries(more)) /** @type {any} */ (both)[name] = unique([.../** @type {any} */ (now)[name], ...list]);
  if (countEdits(both) > MOST_EDITS) return false;
  setState({ edits: formatEdits(both) }, { push: true, origin: "scenario" });
  return true;
}

/** @param {any[]} list @returns {any[]} */
const unique = (list) => [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];

/** Take one edit back. @param {keyof Edits} kind @param {number} index */
export function removeEdit(kind, index) {
  const edits = editsInUse();
  edits[kind].splice(index, 1);
  setState({ edits: formatEdits(edits) }, { push: true, origin: "scenario" });
}
