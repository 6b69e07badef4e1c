/** 方案: what would change if — edits, the comparison with today, and scenarios that are kept. */
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";

export class ScenarioTab {
  /** @param {import("../map/planner.js").PlannerMap} map */
  constructor(map) {
    this.map = map;
    this.element = h("div", { class: "scenario", "data-testid": "scenario" });
  }

  render() {
    fill(this.element, h("p", {}, t("word.loading")));
  }
}
