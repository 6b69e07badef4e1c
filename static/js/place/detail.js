/** The chosen project: what was tried, why here, where else, and what a person can decide. */
import { boot } from "../boot.js";
import { h } from "../dom.js";
import { area, distance, number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState } from "../state.js";
import { allReasons, partBar } from "../find/card.js";
import { toast } from "../ui/dialog.js";
import { lineState } from "./ledger_lines.js";
import { moreOf } from "./more.js";
import { countyName, doorOf } from "./rows.js";
import { allow, forbid, pin, reserve, solveAll, unpin } from "./solve.js";
import { scoreText, stepBadge } from "./steps.js";
import { changeBook, place, project, shown, tellPlace } from "./store.js";

/** @typedef {import("./rows.js").Row} Row */

/** Ways out that are told of an unplaced project: the nearest come first. */
const MOST_WAYS = 6;
/** Other places that are listed before the rest is asked for. */
const MOST_PLACES = 5;
/** The project whose places are all listed. */
let unfolded = "";

const comma = () => (boot.lang === "zh" ? "、" : ", ");

/** @param {string} id @returns {string} */
export const nameOf = (id) => project(id)?.name || shown()?.answer?.placements.find((one) => one.project_id === id)?.name || id;

/** Places but that of now, in their order. @param {Placement} placed @returns {PlaceAlternative[]} */
export const others = (placed) => moreOf(placed).filter((one) => one.unit_ids.join() !== placed.unit_ids.join());

/** Pin the project where it is, or let it go. @param {Row} row */
export function togglePin({ id, name, placed }) {
  if (!placed?.unit_ids.length) return;
  if (placed.pinned) unpin(id, t("place.does_unpin", { name }));
  else pin(id, placed.unit_ids, t("place.does_pin", { name }));
}

/** Pin the project to one of its other places. @param {Row} row @param {number} rank from 1 */
export function spotPin({ id, name, placed, unplaced }, rank) {
  const spot = placed ? others(placed)[rank - 1] : undefined;
  if (!spot || unplaced) return;
  pin(id, spot.unit_ids, t("place.does_move", { name, place: spot.site_name }));
}

/** @param {Row} row @param {{brief: () => void}} act @returns {HTMLElement} */
export function detail(row, act) {
  const { placed, unplaced } = row;
  return h("div", { class: "place-detail", "data-testid": "place-detail" },
    tried(placed?.tried ?? unplaced?.tried ?? []),
    placed && placed.criteria.length ? h("section", { class: "detail-part" }, h("h3", {}, t("place.why"), h("span", { class: "second" }, ` ${t("place.rank", { rank: placed.rank })}`)), partBar(placed.criteria), h("details", {}, h("summary", { class: "text-button" }, t("place.all_reasons")), allReasons(placed.criteria))) : null,
    placed?.units.length ? units(row, placed) : null,
    needed(placed?.build ?? unplaced?.build ?? null, unplaced?.relaxations ?? [], row.id),
    placed ? alternatives(row, placed) : null,
    decided(row),
    h("div", { class: "detail-actions" },
      placed?.unit_ids.length ? h("button", { type: "button", class: "button", "aria-pressed": String(placed.pinned), "data-testid": "pin-here", onclick: () => togglePin(row) }, icon("lock", "small"), t(placed.pinned ? "place.unpin" : "place.pin_here"), h("kbd", {}, "p")) : null,
      placed?.site_id ? h("button", { type: "button", class: "button", "data-testid": "forbid-here", onclick: () => forbid(row.id, placed.site_id, t("place.does_forbid", { name: row.name, place: placed.site_name })) }, icon("block", "small"), t("place.forbid_here")) : null,
      lineState(row.id) ? h("button", { type: "button", class: "button", "data-testid": "open-ledger", onclick: () => setState({ desk: "ledger", project: row.id }, { push: true, origin: "place" }) }, t("place.open_ledger"), h("span", { class: `state-badge state-${lineState(row.id)}` }, t(`desk.state_${lineState(row.id)}`))) : null,
      h("button", { type: "button", class: "button", "data-testid": "brief", onclick: act.brief }, icon("print", "small"), t("place.brief"))));
}

/** @param {PlaceTried[]} lines @returns {HTMLElement} */
export function tried(lines) {
  return h("ul", { class: "tried", "data-testid": "tried" }, lines.map((one) => {
    const good = one.outcome === "placed";
    const idle = one.outcome === "not_tried" || one.outcome === "not_allowed" || one.outcome === "worse";
    return h("li", {}, h("span", { class: "tried-step" }, one.label), h("span", { class: good ? "tried-mark good" : idle ? "tried-mark idle" : "tried-mark", "aria-hidden": "true" }, good ? "✓" : idle ? "—" : "×"),
      h("span", { class: "tried-text" }, one.reason));
  }));
}

/** @param {Row} row @param {Placement} placed @returns {HTMLElement} */
function units(row, placed) {
  const query = (/** @type {PlaceUnit} */ unit) => ({ task: /** @type {const} */ ("find"), site: placed.site_id, unit: unit.id, point: null });
  return h("section", { class: "detail-part" }, h("h3", {}, placed.site_name, h("span", { class: "second" }, ` ${countyName(placed.adcode)}${placed.distance_m === null ? "" : ` · ${t("place.away", { m: distance(placed.distance_m) })}`}`),
      h("button", { type: "button", class: "text-button", "data-testid": "open-site", onclick: () => setState({ site: placed.site_id, unit: placed.unit_ids[0] ?? "", point: null }, { push: true, origin: "place" }) }, t("place.open_site"))),
    h("ul", { class: "detail-units" }, placed.units.map((unit) => h("li", {},
      h("a", { class: "text-button", href: `?task=find&site=${encodeURIComponent(placed.site_id)}&unit=${encodeURIComponent(unit.id)}&lang=${boot.lang}`, "data-testid": `unit-${unit.id}`,
        onclick: (/** @type {MouseEvent} */ event) => { if (event.ctrlKey || event.metaKey || event.shiftKey) return; event.preventDefault(); setState(query(unit), { push: true, origin: "task" }); } }, doorOf(unit)),
      h("span", {}, area(unit.area_m2), unit.desks ? ` · ${t("place.desks", { n: number(unit.desks) })}` : "", unit.whole ? "" : ` · ${t("place.part")}`),
      h("button", { type: "button", class: "text-button", "data-testid": `reserve-${unit.id}`, title: t("place.reserve_note"), onclick: () => reserve([unit.id], t("place.does_reserve", { name: doorOf(unit) })) }, t("place.reserve"))))));
}

/** What would have to be built, or let go. @param {PlaceBuild | null} build @param {Relaxation[]} ways @param {string} id @returns {HTMLElement | null} */
function needed(build, ways, id) {
  if (!build && !ways.length) return null;
  return h("section", { class: "detail-part", "data-testid": "needed" }, h("h3", {}, t("place.needed")),
    build ? h("p", {}, t("place.build", { m2: area(build.floor_area_m2) }), ` ${build.needs}`) : null,
    build?.listing ? h("p", { class: "second" }, t(build.listing.idle_plant ? "place.listing_plant" : "place.listing_land", { name: build.listing.name, county: countyName(build.listing.adcode) })) : null,
    ways.length ? h("div", { class: "relaxations" }, ways.slice(0, MOST_WAYS).map((way) => h("button", { type: "button", class: "button relax", title: way.label, "data-testid": "place-relax", onclick: () => relax(id, way) }, h("span", {}, way.label), h("b", { class: "relax-count" }, t("place.opens", { n: number(way.opens) }))))) : null);
}

/** Take the way out into the project, and solve again. @param {string} id @param {Relaxation} way */
function relax(id, way) {
  changeBook({ projects: place.book.projects.map((one) => (one.id === id ? merge(one, way.patch) : one)) }, t("place.does_relax", { name: nameOf(id), what: way.label }));
  solveAll();
}

/** A patch over a value: null takes away (RFC 7396). @param {any} value @param {any} patch @returns {any} */
function merge(value, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const next = { ...(value && typeof value === "object" && !Array.isArray(value) ? value : {}) };
  for (const [name, part] of Object.entries(patch)) {
    if (part === null) delete next[name];
    else next[name] = merge(next[name], part);
  }
  return next;
}

/** @param {Row} row @param {Placement} placed @returns {HTMLElement | null} */
function alternatives(row, placed) {
  const list = others(placed);
  if (!list.length) return h("p", { class: "second", "data-testid": "no-alternatives" }, t("place.only_place"));
  const rest = unfolded === row.id ? 0 : list.length - MOST_PLACES;
  return h("section", { class: "detail-part" }, h("h3", {}, t("place.alternatives"), h("span", { class: "second" }, ` ${t("place.alternatives_note")}`)),
    h("ol", { class: "alternatives", "data-testid": "alternatives" }, list.slice(0, rest > 0 ? MOST_PLACES : list.length).map((one, i) => h("li", {}, h("button", { type: "button", class: "alternative", "data-testid": `alternative-${i + 1}`, title: t("place.pin_to", { name: one.site_name }), onclick: () => spotPin(row, i + 1) },
      h("span", { class: one.taken_by.length ? "spot-mark taken" : "spot-mark" }, i + 1), h("span", { class: "alternative-name" }, h("span", {}, one.site_name), h("span", { class: "second" }, countyName(one.adcode), one.taken_by.length ? ` · ${t("place.taken_by", { names: one.taken_by.map(nameOf).join(comma()) })}` : "")),
      stepBadge(one.step), h("b", {}, scoreText(one.score)), h("span", { class: "alternative-pin" }, icon("lock", "small"), t("place.pin")))))),
    rest > 0 ? h("button", { type: "button", class: "text-button", "data-testid": "more-places", onclick: () => { unfolded = row.id; tellPlace(); } }, t("place.more_places", { n: number(rest) })) : null);
}

/** What was decided by hand about this project. @param {Row} row @returns {HTMLElement | null} */
function decided({ id, name }) {
  const gone = (shown()?.policy.forbids ?? []).filter((one) => one.project_id === id);
  if (!gone.length) return null;
  return h("section", { class: "detail-part", "data-testid": "forbids" }, h("h3", {}, t("place.forbidden")), h("ul", { class: "chips" }, gone.map((one) => {
    const where = siteName(one.site_id ?? "") || one.unit_id || one.site_id || "";
    return h("li", {}, h("button", { type: "button", class: "chip word", title: t("place.allow", { name: where }), onclick: () => allow(one, t("place.does_allow", { name, place: where })) }, where, icon("close", "small")));
  })));
}

/** @param {string} site @returns {string} */
function siteName(site) {
  for (const one of place.book.scenarios) for (const placed of one.answer?.placements ?? []) {
    if (placed.site_id === site) return placed.site_name;
    const found = placed.alternatives.find((other) => other.site_id === site);
    if (found) return found.site_name;
  }
  return "";
}

/** Why a place on the map is not for this project. */
export const refuseDrop = () => toast(t("place.drop_refused"));
