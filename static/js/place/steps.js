/** The steps of the routing, as the page names and colours them. */
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { STEPS } from "../map/style_flows.js";

export { STEPS };
/** In the order of the bar; the last is no step. */
export const PARTS = /** @type {const} */ ([...STEPS, "unplaced"]);

/** @param {string} step @returns {string} */
export const stepName = (step) => t(`place.step_${step}`);

/** @param {string} step @returns {HTMLElement} */
export const stepBadge = (step) => h("span", { class: `step-badge step-${step}` }, stepName(step));

/** @param {number | null | undefined} score @returns {string} */
export const scoreText = (score) => (score === null || score === undefined ? "—" : score.toFixed(2));

/** @param {number | null | undefined} score @returns {HTMLElement} */
export function scoreBar(score) {
  const part = h("span", { class: "bar-fill" });
  part.style.width = `${Math.round(100 * (score ?? 0))}%`;
  return h("span", { class: "score-row" }, h("span", { class: "bar-track", "aria-hidden": "true" }, part), h("b", {}, scoreText(score)));
}
