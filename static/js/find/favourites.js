/** The favourites of this browser with what they are today: still vacant, or gone. */
import { get } from "../api.js";
import { label } from "../boot.js";
import { fill, h } from "../dom.js";
import { area, freeFrom, rent, unitName, verified } from "../format.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { favourites, onShortlist } from "./shortlist.js";
import { unitActions } from "./unit_actions.js";

export class Favourites {
  constructor() {
    this.element = h("section", { class: "favourites", "data-testid": "favourites", hidden: true });
    this.shown = "";
    onShortlist(() => this.render());
  }

  render() {
    const open = state.task === "find" && state.view === "favourites";
    this.element.hidden = !open;
    if (!open) return;
    const kept = favourites();
    if (!kept.length) {
      fill(this.element, h("div", { class: "empty", "data-testid": "favourites-empty" }, h("h2", {}, t("favourite.none")), h("p", { class: "second" }, t("favourite.none_note"))));
      return;
    }
    fill(this.element, h("ul", { class: "cards" }, kept.map((one) => this.item(one))));
  }

  /** @param {import("./shortlist.js").Favourite} one @returns {HTMLElement} */
  item(one) {
    const facts = h("p", { class: "card-reasons" }, t("word.loading"));
    const state_ = h("span", { class: "card-score" });
    get(`/api/v1/units/${encodeURIComponent(one.unit)}`).then((unit) => {
      fill(facts, [unitName(unit), label("unit_kind", unit.kind), area(unit.area_m2), rent(unit.rent_cny_m2_month), unit.status === "vacant" ? freeFrom(unit.free_from) : "", verified(unit.verified_at)].filter(Boolean).join(" · "));
      fill(state_, h("span", { class: unit.status === "vacant" ? "badge" : "badge quiet" }, label("unit_status", unit.status)));
    }).catch((/** @type {any} */ error) => fill(facts, error.status === 404 ? t("favourite.gone") : error.detail || t("error.request")));
    return h("li", { class: "card" }, h("div", { class: "card-head" }, h("button", {
      type: "button", class: "text-button plain strong", onclick: () => setState({ site: one.site, unit: one.unit, point: null }, { push: true, origin: "favourites" }),
    }, one.name), state_), facts, unitActions(one, false));
  }
}
