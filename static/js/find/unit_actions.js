/** What can be done with one unit: compare it, keep it, ask to see it. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { today } from "../format.js";
import { t } from "../i18n.js";
import { toast } from "../ui/dialog.js";
import { openLead } from "./lead.js";
import { compared, isFavourite, MOST_COMPARED, toggleCompared, toggleFavourite } from "./shortlist.js";

/** @param {{unit: string, site: string, name: string}} one @param {boolean} [visit] whether a visit can be asked for here @returns {HTMLElement} */
export function unitActions({ unit, site, name }, visit = true) {
  const on = compared().includes(unit);
  const kept = isFavourite(unit);
  return h("div", { class: "unit-actions" },
    visit ? h("button", { type: "button", class: "chip strong-chip", "data-testid": "visit", onclick: () => openLead({ unit, site, name }) }, t("lead.visit")) : null,
    h("button", {
      type: "button", class: "chip", "aria-pressed": String(on), "data-testid": "compare-toggle",
      onclick: () => toggleCompared(unit) || toast(t("compare_units.full", { n: MOST_COMPARED })),
    }, t(on ? "compare_units.remove" : "compare_units.add")),
    h("button", {
      type: "button", class: "chip", "aria-pressed": String(kept), "data-testid": "favourite",
      onclick: () => toast(t(toggleFavourite({ unit, site, name, kept: today() }) ? "favourite.added" : "favourite.removed")),
    }, icon("star", "small"), t(kept ? "favourite.on" : "favourite.off")));
}
