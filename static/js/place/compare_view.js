/** The comparison above the table, and in its last column. */
import { h } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState } from "../state.js";
import { countChanges } from "./compare.js";
import { scenarioName } from "./solve.js";
import { scoreText } from "./steps.js";
import { shown } from "./store.js";

/** @typedef {import("./compare.js").Difference} Difference */

/** @param {import("./store.js").Scenario} other @param {Difference[]} all @returns {HTMLElement} */
export function changeBar(other, all) {
  const counts = countChanges(all);
  const now = shown();
  return h("section", { class: "compare-bar", "data-testid": "compare-bar", "aria-label": t("place.compare") },
    h("div", { class: "compare-names" }, h("b", {}, scenarioName(other)), h("span", { "aria-hidden": "true" }, "→"), h("b", {}, now ? scenarioName(now) : "")),
    h("ul", { class: "compare-counts" }, ["moved", "gained", "fell", "placed", "lost"].map((name) => h("li", { "data-testid": `compare-${name}` }, h("b", {}, number(counts[name])), ` ${t(`place.change_${name}`)}`))),
    h("button", { type: "button", class: "text-button", "data-testid": "compare-swap", onclick: () => setState({ allocation: other.id, against: now?.id ?? "" }, { push: true, origin: "place" }) }, t("place.swap")),
    h("button", { type: "button", class: "icon-button", "aria-label": t("place.compare_end"), title: t("place.compare_end"), "data-testid": "compare-end", onclick: () => setState({ against: "" }, { push: true, origin: "place" }) }, icon("close", "small")));
}

/** @param {Difference} one @returns {HTMLElement} */
export function changeText(one) {
  const { gain } = one;
  const way = gain === null || Math.abs(gain) < 0.005 ? "" : gain > 0 ? "up" : "down";
  return h("span", { class: "change-text" }, h("b", {}, t(`place.change_${one.change}`)),
    one.a?.score !== undefined && one.b?.score !== undefined ? h("span", {}, `${scoreText(one.a?.score)} → ${scoreText(one.b?.score)}`) : null,
    way ? h("span", { class: `way ${way}` }, way === "up" ? "▲" : "▼", h("span", { class: "sr" }, t(way === "up" ? "scenario.better" : "scenario.worse"))) : null);
}
