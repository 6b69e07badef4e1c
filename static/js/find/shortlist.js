/** What a person keeps: favourites in this browser, and up to four units side by side in the address. */
import { setState, state } from "../state.js";
import { readShelf, writeShelf } from "../ui/shelf.js";

const SHELF = "geomap.favourites";
export const MOST_COMPARED = 4;

/** @typedef {{unit: string, site: string, name: string, kept: string}} Favourite */

/** @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} listener */
export const onShortlist = (listener) => {
  listeners.push(listener);
};

const tell = () => listeners.forEach((listener) => listener());

/** @returns {Favourite[]} the newest first */
export const favourites = () => readShelf(SHELF, (one) => typeof one.unit === "string" && typeof one.name === "string");

/** @param {string} unit @returns {boolean} */
export const isFavourite = (unit) => favourites().some((one) => one.unit === unit);

/** @param {Favourite} one @returns {boolean} whether it is one now */
export function toggleFavourite(one) {
  const rest = favourites().filter((other) => other.unit !== one.unit);
  const on = rest.length === favourites().length;
  if (!writeShelf(SHELF, on ? [one, ...rest] : rest, 200)) return false;
  tell();
  return on;
}

/** @returns {string[]} units being compared */
export const compared = () => state.compare.split(",").filter(Boolean).slice(0, MOST_COMPARED);

/** @param {string} unit @returns {boolean} false where four are there already */
export function toggleCompared(unit) {
  const now = compared();
  if (!now.includes(unit) && now.length >= MOST_COMPARED) return false;
  setState({ compare: (now.includes(unit) ? now.filter((other) => other !== unit) : [...now, unit]).join(",") }, { push: true, origin: "compare" });
  return true;
}

// Another tab keeps the same shelf.
window.addEventListener("storage", (event) => {
  if (event.key === SHELF) tell();
});
