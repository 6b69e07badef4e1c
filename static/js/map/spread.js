/** Counts that would overlap on the screen are pushed apart, no farther than they must be. */

const ROUNDS = 40;
const GAP = 3;

/** Radii of a count: least and most, at the two ends of the zooms that show counts by county. */
export const COUNT_SIZES = { far: { zoom: 7, least: 12, most: 15 }, near: { zoom: 8.6, least: 13, most: 22 } };

/** @typedef {{x: number, y: number, r: number}} Disc */

/** @param {number} value @returns {number} */
const share = (value) => Math.min(Math.max(value, 0), 1);

/** The radius that the style draws, in px. @param {number} units @param {number} zoom @returns {number} */
export function countRadius(units, zoom) {
  const { far, near } = COUNT_SIZES;
  const size = share((Math.sqrt(units) - 1) / 29);
  const at = share((zoom - far.zoom) / (near.zoom - far.zoom));
  const [a, b] = [far, near].map((end) => end.least + (end.most - end.least) * size);
  return a + (b - a) * at;
}

/** @param {Disc[]} discs @returns {Disc[]} */
export function spread(discs) {
  const moved = discs.map((disc) => ({ ...disc }));
  for (let round = 0; round < ROUNDS; round += 1) {
    let still = true;
    moved.forEach((a, i) => moved.slice(i + 1).forEach((b) => {
      const far = Math.hypot(b.x - a.x, b.y - a.y) || 1;
      const lack = a.r + b.r + GAP - far;
      if (lack < 0.2) return;
      still = false;
      const [dx, dy] = [((b.x - a.x) / far) * (lack / 2), ((b.y - a.y || 1) / far) * (lack / 2)];
      a.x -= dx;
      a.y -= dy;
      b.x += dx;
      b.y += dy;
    }));
    if (still) break;
  }
  return moved;
}
