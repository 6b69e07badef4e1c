/** The state of the page; the URL is its one record. */
import { readDemand, writeDemand } from "./find/demand_url.js";

/** @type {State} */
export const state = {
  task: "find", demand: {}, site: "", unit: "", point: null, zoom: null, center: null,
  profile: "", missing: "", year: "", indicator: "", reporting_unit: "", layers: "",
  said: "", saved: "", compare: "", view: "", by: "", county: "", gap_county: "", gap_sort: "", gap_q: "", repair: "", edits: "", scenario: "",
  desk: "", allocation: "", against: "", project: "", step: "", place_q: "", place_sort: "", place_county: "",
  meeting: "", ledger_state: "", ledger_only: "", ledger_q: "", ledger_county: "", ledger_owner: "", ledger_sort: "",
  entry: "", entry_kind: "", entry_q: "", entry_county: "", entry_industry: "", entry_stage: "", entry_sort: "",
};

/** Parts of the state that are a text under their own name in the address. */
const TEXTS = /** @type {const} */ (["site", "unit", "profile", "missing", "year", "indicator", "reporting_unit", "layers",
  "said", "saved", "compare", "view", "by", "county", "gap_county", "gap_sort", "gap_q", "repair", "edits", "scenario",
  "desk", "allocation", "against", "project", "step", "place_q", "place_sort", "place_county",
  "meeting", "ledger_state", "ledger_only", "ledger_q", "ledger_county", "ledger_owner", "ledger_sort",
  "entry", "entry_kind", "entry_q", "entry_county", "entry_industry", "entry_stage", "entry_sort"]);

/** Edits of kept scenarios by their token: while they stand, the token alone is in the address. @type {Map<string, string>} */
export const keptEdits = new Map();

/** @typedef {(changed: Set<string>, origin: string) => void} Listener */
/** @type {Listener[]} */
const listeners = [];

/** Hear about changes. @param {Listener} listener */
export const onChange = (listener) => {
  listeners.push(listener);
};

/** @param {string | null} text @returns {number | null} */
function finite(text) {
  if (text === null || text === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** @param {string | null} a @param {string | null} b @returns {LonLat | null} */
function pair(a, b) {
  const lon = finite(a);
  const lat = finite(b);
  if (lon === null || lat === null || Math.abs(lon) > 180 || Math.abs(lat) > 85) return null;
  return [lon, lat];
}

/** Read the address bar into the state's shape. @returns {State} */
function parse() {
  const query = new URLSearchParams(location.search);
  const task = query.get("task");
  const zoom = finite(query.get("z"));
  const [lon, lat] = (query.get("point") ?? "").split(",");
  const texts = /** @type {Pick<State, typeof TEXTS[number]>} */ (Object.fromEntries(TEXTS.map((name) => [name, query.get(name) ?? ""])));
  if (!texts.edits && texts.scenario) texts.edits = keptEdits.get(texts.scenario) ?? "";
  return {
    ...texts,
    task: task === "coverage" || task === "place" || task === "plan" ? task : "find",
    demand: readDemand(query),
    point: pair(lon ?? null, lat ?? null),
    zoom: zoom === null ? null : Math.min(Math.max(zoom, 5), 19),
    center: pair(query.get("lon"), query.get("lat")),
    layers: (query.get("layers") ?? "").split(",").filter((id) => /^\w+$/.test(id)).sort().join(","),
  };
}

/** The query string of a state. @param {State} from @returns {string} */
export function toQuery(from) {
  const query = new URLSearchParams();
  if (from.task !== "find") query.set("task", from.task);
  const lang = new URLSearchParams(location.search).get("lang");
  if (lang) query.set("lang", lang);
  writeDemand(query, from.demand);
  for (const name of TEXTS) {
    const known = name === "edits" && from.scenario && keptEdits.get(from.scenario) === from.edits;
    if (from[name] && !known) query.set(name, from[name]);
  }
  if (from.point) query.set("point", from.point.map((value) => value.toFixed(5)).join(","));
  if (from.zoom !== null && from.center) {
    query.set("z", from.zoom.toFixed(2));
    query.set("lon", from.center[0].toFixed(5));
    query.set("lat", from.center[1].toFixed(5));
  }
  return query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
}

/** @param {boolean} push */
function writeUrl(push) {
  const query = toQuery(state);
  const url = query ? `${location.pathname}?${query}` : location.pathname;
  if (url === location.pathname + location.search) return;
  history[push ? "pushState" : "replaceState"](null, "", url);
}

/**
 * Change the state, write the URL, tell the listeners.
 * @param {Partial<State>} patch
 * @param {{push?: boolean, origin?: string}} [how] push: a step that "back" undoes
 */
export function setState(patch, how = {}) {
  /** @type {Set<string>} */
  const changed = new Set();
  for (const [name, value] of Object.entries(patch)) {
    const old = /** @type {any} */ (state)[name];
    if (JSON.stringify(old) !== JSON.stringify(value)) changed.add(name);
  }
  if (!changed.size) return;
  Object.assign(state, patch);
  writeUrl(how.push ?? false);
  for (const listener of listeners) listener(changed, how.origin ?? "");
}

/** Take the state from the URL and follow back and forward. */
export function startState() {
  Object.assign(state, parse());
  window.addEventListener("popstate", () => {
    const next = parse();
    /** @type {Set<string>} */
    const changed = new Set();
    for (const [name, value] of Object.entries(next)) {
      if (JSON.stringify(value) !== JSON.stringify(/** @type {any} */ (state)[name])) changed.add(name);
    }
    Object.assign(state, next);
    for (const listener of listeners) listener(changed, "history");
  });
}
