/** Arcs of flows: quadratic curves in the plane of the map, so that a zoom changes nothing. */

const BEND = 0.22;
const STEPS = 40;
const RADIAN = Math.PI / 180;

/** Web Mercator, in degrees of longitude. @param {LonLat} at @returns {[number, number]} */
const plane = ([lon, lat]) => [lon, Math.log(Math.tan(Math.PI / 4 + (lat * RADIAN) / 2)) / RADIAN];

/** @param {number} x @param {number} y @returns {LonLat} */
const ground = (x, y) => [x, (2 * Math.atan(Math.exp(y * RADIAN)) - Math.PI / 2) / RADIAN];

/**
 * The curve from one place to another, which swings out to its left.
 * @param {LonLat} from @param {LonLat} to
 * @returns {{line: LonLat[], bearing: number, middle: LonLat}} bearing at the end, degrees clockwise from the north
 */
export function arc(from, to) {
  const [a, b] = [plane(from), plane(to)];
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  // The middle of a quadratic curve lies half as far out as its control point.
  const control = [(a[0] + b[0]) / 2 - dy * BEND, (a[1] + b[1]) / 2 + dx * BEND];
  /** @param {number} share @returns {LonLat} */
  const at = (share) => {
    const [p, q, r] = [(1 - share) ** 2, 2 * share * (1 - share), share ** 2];
    return ground(p * a[0] + q * control[0] + r * b[0], p * a[1] + q * control[1] + r * b[1]);
  };
  const line = Array.from({ length: STEPS + 1 }, (_, i) => at(i / STEPS));
  const bearing = Math.atan2(b[0] - control[0], b[1] - control[1]) / RADIAN;
  return { line, bearing, middle: at(0.5) };
}
