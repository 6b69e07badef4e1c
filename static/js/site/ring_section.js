/** 15 分钟圈: 12 tiles with the nearest walk, and the places of one category. */
import { CATEGORIES, label } from "../boot.js";
import { fill, h } from "../dom.js";
import { distance, number } from "../format.js";
import { familyOf, icon } from "../icons.js";
import { t } from "../i18n.js";
import { addEdits } from "../coverage/edits.js";
import { failure, skeleton } from "../find/empty.js";
import { state } from "../state.js";

/** @param {RingPlace} place @returns {string} */
const walk = (place) => t("ring.walk", { min: number(Math.max(1, Math.round(place.walk_min))), m: distance(place.walk_m) });

/** @param {string} category @param {RingCategory | undefined} found @param {number} minutes @returns {string[]} class and two lines */
function tileWords(category, found, minutes) {
  const name = label("amenity_category", category);
  if (found && found.count > 0 && found.nearest) {
    return ["has", t("ring.min", { n: number(Math.max(1, Math.round(found.nearest.walk_min))) }), t("ring.tile", { name, n: found.count, walk: walk(found.nearest) })];
  }
  if (found?.nearest) return ["missing", distance(found.nearest.walk_m), t("ring.tile_missing", { name, minutes, m: distance(found.nearest.walk_m) })];
  return ["missing", t("ring.none"), t("ring.tile_none", { name, minutes })];
}

/** Takes a place out of the draft's city. @param {RingPlace} place @returns {HTMLElement} */
const dropButton = (place) => h("button", { type: "button", class: "text-button", title: t("scenario.drop_amenity_note"), "data-testid": `drop-${place.id}`, onclick: () => addEdits({ drop_amenities: [place.id] }) }, t("scenario.drop_amenity"));

export class RingSection {
  constructor() {
    this.element = h("section", { class: "part ring-part", "data-testid": "ring-section", "aria-label": t("ring.title") });
    this.open = "";
  }

  wait() {
    this.open = "";
    fill(this.element, h("h2", {}, t("ring.title")), skeleton(1));
  }

  /** @param {any} error @param {() => void} retry */
  fail(error, retry) {
    fill(this.element, h("h2", {}, t("ring.title")), failure(error, retry));
  }

  /** @param {string} text */
  say(text) {
    fill(this.element, h("h2", {}, t("ring.title")), h("p", { class: "second" }, text));
  }

  /** @param {Ring} ring */
  show(ring) {
    const { amenities, area_m2: area, minutes, speed_kmh: speed } = ring.properties;
    const reached = CATEGORIES.filter((category) => (amenities?.[category]?.count ?? 0) > 0).length;
    const list = h("div", { class: "ring-list", "aria-live": "polite" });
    const tiles = CATEGORIES.map((category) => this.tile(category, amenities?.[category], minutes, list));
    fill(this.element,
      h("div", { class: "part-head" }, h("h2", {}, t("ring.title_n", { minutes }), " ", h("span", { class: "accent" }, t("ring.count", { n: reached, total: CATEGORIES.length }))),
        h("span", { class: "second" }, t("ring.area", { km2: number(area / 1e6, 1), speed: number(speed, 1) }))),
      ring.properties.truncated ? h("p", { class: "second" }, t("ring.truncated")) : null,
      h("div", { class: "tiles", "data-testid": "ring-tiles" }, tiles), list);
    // What was open stays open: a scenario's edit draws the ring anew.
    const open = CATEGORIES.indexOf(this.open);
    this.open = "";
    if (open >= 0 && amenities?.[CATEGORIES[open]]?.items?.length) this.toggle(CATEGORIES[open], amenities[CATEGORIES[open]], list, tiles[open]);
  }

  /** @param {string} category @param {RingCategory | undefined} found @param {number} minutes @param {HTMLElement} list @returns {HTMLElement} */
  tile(category, found, minutes, list) {
    const [kind, line, text] = tileWords(category, found, minutes);
    const button = h("button", {
      type: "button", class: `tile ${kind}`, title: text, "aria-label": text, "aria-expanded": "false", "data-testid": `tile-${category}`,
      disabled: !found?.items?.length, onclick: () => this.toggle(category, found, list, button),
    }, h("span", { class: `amenity ${familyOf(category)} ${kind}` }, icon(category, "small")),
    h("span", { class: "tile-name" }, label("amenity_category", category)), h("span", { class: "tile-walk" }, line));
    return button;
  }

  /** @param {string} category @param {RingCategory | undefined} found @param {HTMLElement} list @param {HTMLElement} button */
  toggle(category, found, list, button) {
    for (const tile of this.element.querySelectorAll(".tile")) tile.setAttribute("aria-expanded", "false");
    this.open = this.open === category ? "" : category;
    button.setAttribute("aria-expanded", String(this.open === category));
    const rows = (found?.items ?? []).slice(0, 8).map((place) => h("li", {}, h("span", {}, place.name || label("amenity_category", category)), h("span", { class: "second" }, walk(place)), state.task === "coverage" ? dropButton(place) : null));
    fill(list, this.open ? h("ul", { class: "places", "data-testid": "places" }, rows) : null);
  }
}
