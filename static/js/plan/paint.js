/** Colours of the plan: against the time gone where it has begun, else by size of the task. */
import { boot } from "../boot.js";
import { number } from "../format.js";
import { colourOf, inkOf } from "../coverage/classes.js";
import { byUnit, standing } from "./data.js";

/** @typedef {import("../map/choropleth.js").Shade} Shade */

const TEXT = { ink: "--div-ink", halo: "--div-halo" };

/** @param {number | null} share @returns {string} */
export const percent = (share) => (share === null ? "—" : `${Math.round(share * 100)} %`);

/** @param {number | null} value @param {string} unit @returns {string} */
export const amount = (value, unit) => number(value, unit === "10k_m2" ? 1 : 0);

/** @param {number | null} place −2…2 @returns {string} token */
export const standingColour = (place) => (place === null ? "--track" : `--div-${place + 2}`);

/** Upper edges of four classes of task sizes. @param {number[]} sizes @returns {number[]} */
function edges(sizes) {
  const most = Math.max(...sizes, 1);
  return [0.2, 0.4, 0.6, 0.8].map((share) => share * most);
}

/**
 * @param {string} year @param {string} indicator
 * @returns {{kind: "standing" | "target", shades: Shade[], swatches: {id: string, name: string, colour: string, text: string}[], texts: string[]}}
 */
export function planOnMap(year, indicator) {
  const figures = byUnit(year, indicator);
  const places = figures.map((one) => standing(one, year));
  const judged = places.some((place) => place !== null);
  const steps = edges(figures.map((one) => one.target ?? 0));
  const painted = figures.map((one, i) => {
    if (one.target === null) return { one, colour: "--track", text: "—", ...TEXT };
    if (judged) return { one, colour: standingColour(places[i]), text: percent(one.share), ...TEXT };
    const place = steps.filter((step) => Number(one.target) > step).length;
    return { one, colour: colourOf(place), text: number(one.target, 1), ...inkOf(place) };
  });
  const counties = new Set(boot.counties.map((item) => item.adcode));
  const shades = painted.filter(({ one }) => counties.has(one.id)).map(({ one, ...rest }) => ({ adcode: one.id, ...rest }));
  const swatches = painted.filter(({ one }) => !counties.has(one.id)).map(({ one, colour, text }) => ({ id: one.id, name: one.name, colour, text }));
  const texts = [...steps.map((step) => `≤${number(step, step < 10 ? 1 : 0)}`), `>${number(steps[3], steps[3] < 10 ? 1 : 0)}`];
  return { kind: judged ? "standing" : "target", shades, swatches, texts };
}
