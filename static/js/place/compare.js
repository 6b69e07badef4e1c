/** Two allocations side by side: who moved, gained, lost, found a place or lost it. */

/** @typedef {"moved" | "same" | "placed" | "lost" | "none"} Change */
/** @typedef {{id: string, name: string, a: Placement | null, b: Placement | null, change: Change, gain: number | null}} Difference `gain`: score in b less score in a */

/** @param {PlaceAnswer} answer @returns {PlaceFairness | undefined} */
export const fairnessOf = (answer) => answer.fairness ?? answer.reports?.fairness;

/** @param {Placement | null} one @returns {string} */
const placeKey = (one) => (one ? one.unit_ids.slice().sort().join() || `build ${one.build?.listing?.id ?? ""}` : "");

/** @param {PlaceAnswer} a @param {PlaceAnswer} b @returns {Difference[]} one a project, in the order of b */
export function differences(a, b) {
  const before = new Map(a.placements.map((one) => [one.project_id, one]));
  const after = new Map(b.placements.map((one) => [one.project_id, one]));
  const names = new Map([...a.placements, ...a.unplaced, ...b.placements, ...b.unplaced].map((one) => [one.project_id, one.name]));
  return [...names].map(([id, name]) => {
    const [x, y] = [before.get(id) ?? null, after.get(id) ?? null];
    const change = /** @type {Change} */ (!x && !y ? "none" : !x ? "placed" : !y ? "lost" : placeKey(x) === placeKey(y) ? "same" : "moved");
    const [p, q] = [x?.score ?? null, y?.score ?? null];
    return { id, name, a: x, b: y, change, gain: p === null || q === null ? null : q - p };
  });
}

/** @param {Difference} one @returns {boolean} */
export const differs = (one) => one.change !== "same" && one.change !== "none";

/** @param {PlaceAnswer} a @param {PlaceAnswer} b @returns {number} projects whose place is another */
export const movedBetween = (a, b) => differences(a, b).filter(differs).length;

/** Half a hundredth is no gain: that is what the figures show. */
const LEAST = 0.005;

/** @param {Difference[]} all @returns {Dict<number>} */
export function countChanges(all) {
  const changed = all.filter(differs);
  return {
    moved: changed.filter((one) => one.change === "moved").length, placed: changed.filter((one) => one.change === "placed").length, lost: changed.filter((one) => one.change === "lost").length,
    gained: all.filter((one) => (one.gain ?? 0) >= LEAST).length, fell: all.filter((one) => (one.gain ?? 0) <= -LEAST).length,
  };
}
