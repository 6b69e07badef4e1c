/** Rows of the table: one a project, placed or not, filtered and sorted. */
import { boot, county } from "../boot.js";

/** @typedef {{id: string, name: string, step: string, placed: Placement | null, unplaced: Unplaced | null, project: PlaceProject | undefined, order: number}} Row */
/** @typedef {{step: string, q: string, county: string, sort: string}} Filter */

/** @param {PlaceAnswer} answer @param {PlaceProject[]} projects @returns {Row[]} in the order of the projects */
export function rowsOf(answer, projects) {
  const known = new Map(projects.map((one, i) => [one.id, { one, i }]));
  const rest = projects.length;
  return [
    ...answer.placements.map((placed) => ({ id: placed.project_id, name: placed.name, step: /** @type {string} */ (placed.step), placed, unplaced: null, project: known.get(placed.project_id)?.one, order: known.get(placed.project_id)?.i ?? rest })),
    ...answer.unplaced.map((unplaced) => ({ id: unplaced.project_id, name: unplaced.name, step: "unplaced", placed: null, unplaced, project: known.get(unplaced.project_id)?.one, order: known.get(unplaced.project_id)?.i ?? rest })),
  ].sort((a, b) => a.order - b.order);
}

/** @param {Row} row @returns {string} all that a search looks at */
const words = ({ name, placed, unplaced, project }) => [name, project?.industry ? industryName(project.industry) : "", placed?.site_name, placed?.from?.name, unplaced?.from?.name, placed?.reason ?? unplaced?.reason].join(" ").toLowerCase();

/** @param {Row} row @returns {string[]} home county and county of the place */
const counties = ({ placed, project, unplaced }) => [project?.home_county ?? unplaced?.home_county ?? "", placed?.adcode ?? ""];

/** @type {Dict<(row: Row) => string | number>} */
const KEYS = {
  name: (row) => row.name,
  place: (row) => (row.placed ? row.placed.site_name || row.placed.step_label : "\uffff"),
  score: (row) => row.placed?.score ?? -1,
  area: (row) => row.placed?.area_m2 ?? 0,
};

/** @param {Row[]} rows @param {Filter} filter @returns {Row[]} */
export function filterRows(rows, { step, q, county: adcode, sort }) {
  const asked = q.trim().toLowerCase();
  const found = rows.filter((row) => (!step || row.step === step) && (!adcode || counties(row).includes(adcode)) && (!asked || words(row).includes(asked)));
  const key = KEYS[sort.replace(/^-/, "")];
  if (!key) return found;
  const way = sort.startsWith("-") ? -1 : 1;
  const order = new Intl.Collator(boot.lang === "zh" ? "zh-CN" : "en");
  return [...found].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return way * (typeof x === "string" ? order.compare(x, String(y)) : x - Number(y)) || a.order - b.order;
  });
}

/** @param {string} id @returns {string} */
export const industryName = (id) => boot.industries.find((one) => one.id === id)?.name ?? id;

/** @param {string | undefined} adcode @returns {string} */
export function countyName(adcode) {
  const found = county(adcode ?? "");
  return (boot.lang === "zh" ? found?.name : found?.short) ?? adcode ?? "";
}

/** Heads that a project states. @param {Row} row @returns {number | null} */
export const headsOf = ({ placed, project }) => project?.headcount ?? placed?.headcount ?? null;

/** What the project takes, or asks for at least. @param {Row} row @returns {number | null} */
export const areaOf = ({ placed, unplaced, project }) => placed?.area_m2 ?? placed?.build?.floor_area_m2 ?? project?.area_m2?.min ?? unplaced?.build?.floor_area_m2 ?? project?.area_m2?.max ?? null;

/** @param {Row} row @returns {string} where it is now */
export const fromName = ({ placed, unplaced, project }) => placed?.from?.name || unplaced?.from?.name || countyName(project?.home_county ?? unplaced?.home_county);

/** How units are called at the door. @param {Placement} placed @returns {string} */
export function unitNames(placed) {
  return placed.units.map((unit) => doorOf(unit)).filter(Boolean).join(boot.lang === "zh" ? "、" : ", ");
}

/** @param {PlaceUnit} unit @returns {string} */
export function doorOf(unit) {
  const { building = "", room = "", id } = unit;
  if (!room) return building || id;
  return building && !room.startsWith(building) ? `${building}-${room}` : room;
}
