/** Five classes of "how many categories": one palette for map, histogram and bars. */

const STEPS = [1 / 3, 1 / 2, 2 / 3, 5 / 6];

/** @param {number} score @param {number} total @returns {number} class 0…4 */
export function classOf(score, total) {
  const share = total ? score / total : 0;
  return STEPS.filter((step) => share >= step - 1e-9).length;
}

/** @param {number} place class @returns {string} token */
export const colourOf = (place) => `--seq-${place}`;

/** @param {number} place class @returns {{ink: string, halo: string}} tokens of text on it */
export const inkOf = (place) => (place < 3 ? { ink: "--seq-ink-0", halo: "--seq-halo-0" } : { ink: "--seq-ink-4", halo: "--seq-halo-4" });

/** What each class spans, in categories. @param {number} total @returns {string[]} */
export function classTexts(total) {
  const edges = STEPS.map((step) => Math.ceil(step * total - 1e-9));
  return [`<${edges[0]}`, ...edges.slice(0, 3).map((from, i) => (edges[i + 1] - 1 > from ? `${from}–${edges[i + 1]}` : `${from}`)), `≥${edges[3]}`];
}
