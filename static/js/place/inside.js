/** What stands behind the door of 落项目; fetched when it is first entered. */
import { byId } from "../dom.js";
import { FlowsOnMap } from "../map/flows.js";
import { setState } from "../state.js";
import { placeLegend } from "./on_map.js";
import { PlacePanel } from "./panel.js";

/** @param {import("../map/view.js").MapView} view @param {() => void} laid the strip came or went */
export function build(view, laid) {
  const panel = new PlacePanel(view, { strip: byId("strip"), print: byId("print-sheet"), laid });
  const flows = new FlowsOnMap(view, {
    choose: (id) => setState({ project: id }, { push: true, origin: "map" }), hover: (id) => panel.light(id),
    drop: (rank) => panel.drop(rank), refuse: () => panel.refuse(),
  });
  panel.flows = flows;
  return { panel, flows, legend: placeLegend };
}
