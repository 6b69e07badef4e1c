/** What the map shows of the table: a project's flow, its other places, and what the colours mean. */
import { boot, county } from "../boot.js";
import { h } from "../dom.js";
import { area, distance } from "../format.js";
import { t } from "../i18n.js";
import { others } from "./detail.js";
import { areaOf, fromName } from "./rows.js";
import { scoreText } from "./steps.js";
import { placeText } from "./table.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("../map/flows.js").Flow} Flow */
/** @typedef {import("../map/flows.js").Spot} Spot */

/** @param {Row} row @returns {Flow | null} */
export function flowOf(row) {
  const { placed, project } = row;
  if (!placed) return null;
  /** @param {PlaceEnd | PlaceListing | null | undefined} end @returns {LonLat | null} */
  const at = (end) => (end && end.lon !== null && end.lat !== null ? [end.lon, end.lat] : null);
  const home = county(project?.home_county ?? "");
  const to = at(placed.to) ?? at(placed.build?.listing);
  // A project whose site is not said starts from the middle of its county.
  const from = at(placed.from) ?? home?.label ?? null;
  if (!to) return null;
  const detail = [area(areaOf(row)), placed.distance_m === null ? "" : t("place.straight", { m: distance(placed.distance_m) }), placed.score === null ? "" : t("place.score", { score: scoreText(placed.score) })].filter(Boolean).join(" · ");
  return { id: row.id, name: row.name || row.id, step: placed.step, area: areaOf(row) ?? 100, from, to, stays: placed.stays, fromName: fromName(row), toName: placeText(placed), site: placed.site_name || placed.build?.listing?.name || "", fromCounty: placed.from?.adcode || project?.home_county || "", toCounty: placed.adcode || placed.build?.listing?.adcode || "", detail };
}

/** One without a place stands where it is. @param {Row} row @returns {Flow | null} */
export function waiting(row) {
  const { unplaced } = row;
  const end = unplaced?.from;
  if (!end || end.lon === null || end.lat === null) return null;
  const at = /** @type {LonLat} */ ([end.lon, end.lat]);
  return { id: row.id, name: row.name || row.id, step: "local", area: areaOf(row) ?? 100, from: null, to: at, stays: true, fromName: end.name ?? "", toName: t("place.nowhere"), site: end.name ?? "", fromCounty: "", toCounty: "", detail: unplaced?.reason ?? "" };
}

/** What the colours and shapes of the map mean. @returns {HTMLElement[]} */
export function placeLegend() {
  const line = (/** @type {string} */ name, /** @type {string} */ text) => h("li", {}, h("span", { class: `flow-key ${name}`, "aria-hidden": "true" }), text);
  const steps = ["local", "other_county", "state_owned_park", "custom_build"].map((step) => line(`flow-key-line step-${step}`, t(`place.step_${step}`)));
  return [h("ul", { class: "legend-keys flow-keys", lang: boot.lang }, steps, line("flow-key-stay", t("place.legend_stay")), line("flow-key-width", t("place.legend_width")))];
}

/** One spot a site, where its best unit is; not where the project is already. @param {Placement} placed @returns {Spot[]} */
export function spotsOf(placed) {
  const seen = new Set([placed.site_id]);
  return others(placed).flatMap((item, i) => (item.lon === null || item.lat === null || seen.has(item.site_id) || !seen.add(item.site_id) ? [] : [{ at: /** @type {LonLat} */ ([item.lon, item.lat]), rank: i + 1, name: item.site_name, step: item.step, taken: item.taken_by.length > 0 }]));
}
