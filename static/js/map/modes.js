/** Which layers each task draws. */
import { CHOROPLETH_LAYERS, DOT_LAYERS } from "./choropleth.js";
import { FLOW_LAYERS } from "./style_flows.js";

const FOUND = ["county-summary", "county-counts", "county-count-text", "clusters", "cluster-text", "site-circles", "site-ranks", "site-names", "other-sites", "within", "within-points"];

/** @type {Dict<string[]>} */
const DRAWN = {
  find: FOUND,
  coverage: [...CHOROPLETH_LAYERS, ...DOT_LAYERS],
  place: FLOW_LAYERS,
  plan: CHOROPLETH_LAYERS,
};
const ALL = [...new Set(Object.values(DRAWN).flat())];

/** @param {import("./view.js").MapView} view @param {State["task"]} task */
export function setMode(view, task) {
  view.hide("task", ALL.filter((id) => !DRAWN[task].includes(id)), true);
  view.hide("task", DRAWN[task], false);
  view.hide("choropleth", ["counties-far"], task !== "find" && task !== "place");
}
