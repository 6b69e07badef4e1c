/** The agenda of a meeting on paper: one row a pair, with room for what comes of it. */
import { byId, fill, h } from "../dom.js";
import { area } from "../format.js";
import { t } from "../i18n.js";
import { fillFoot } from "../ui/print.js";
import { clock } from "./parts.js";

/** @typedef {import("./meetings.js").Meeting} Meeting */

/** @param {Meeting} one @returns {HTMLElement} */
export function agendaSheet(one) {
  const heads = [t("desk.number"), t("desk.slot"), t("desk.project"), t("desk.place"), t("desk.result"), t("site.note")];
  return h("article", { class: "agenda", "data-testid": "agenda-sheet" }, h("header", {}, h("h1", {}, one.name), h("p", {}, [one.kind_label, clock(one.at), one.place].filter(Boolean).join(" · ")), one.note ? h("p", { class: "event-note" }, one.note) : null),
    h("table", {}, h("thead", {}, h("tr", {}, heads.map((head) => h("th", {}, head)))), h("tbody", {}, one.pairs.map((pair, i) => h("tr", {}, h("td", { class: "number" }, i + 1), h("td", { class: "number" }, pair.slot),
      h("td", {}, h("b", {}, pair.project_name), h("span", { class: "second" }, [pair.industry_name, pair.home_county_name].filter(Boolean).join(" · "))),
      h("td", {}, h("span", {}, pair.site_name || t("desk.place_open")), h("span", { class: "second" }, [pair.county_name, pair.area_m2 === null ? "" : area(pair.area_m2)].filter(Boolean).join(" · "))),
      h("td", {}, pair.result === "pending" ? "" : pair.result_label), h("td", { class: "agenda-note" }, pair.note))))));
}

/** @param {Meeting} one @param {HTMLElement} holder */
export async function printAgenda(one, holder) {
  fill(byId("print-map"));
  fill(holder, agendaSheet(one));
  fillFoot();
  const code = /** @type {HTMLImageElement | null} */ (document.querySelector(".print-code"));
  await code?.decode().catch(() => undefined);
  window.print();
}
