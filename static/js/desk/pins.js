/** Entries that have a place, as dots on the map: one selection with the list. */
import { h } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {import("./entries_data.js").Entry} Entry */

/** Dots that are drawn at most: the newest. */
const MOST = 300;

export class EntryPins {
  /** @param {import("../map/view.js").MapView} view @param {(id: string) => void} choose */
  constructor(view, choose) {
    this.view = view;
    this.choose = choose;
    /** @type {Map<string, Any>} */
    this.markers = new Map();
    this.stamp = "";
    /** @type {[Entry[], string]} */
    this.last = [[], ""];
    view.onStyled(() => this.draw());
  }

  /** @param {Entry[]} entries @param {string} chosen */
  set(entries, chosen) {
    this.last = [entries, chosen];
    this.draw();
  }

  draw() {
    const [entries, chosen] = this.last;
    if (!this.view.map || !this.view.lib) return;
    const placed = entries.filter((one) => one.lon !== null && one.lat !== null).slice(0, MOST);
    const stamp = `${chosen} ${placed.map((one) => `${one.id}:${one.version}`).join()}`;
    if (stamp === this.stamp) return;
    const before = this.stamp.split(" ")[0];
    this.stamp = stamp;
    for (const marker of this.markers.values()) marker.remove();
    this.markers.clear();
    for (const one of placed) this.add(one, one.id === chosen);
    const found = placed.find((one) => one.id === chosen);
    if (found && chosen !== before && !this.view.map.getBounds().contains([found.lon, found.lat])) this.view.goTo([Number(found.lon), Number(found.lat)]);
  }

  /** @param {Entry} one @param {boolean} chosen */
  add(one, chosen) {
    const name = `${t(`desk.kind_${one.kind}`)}: ${one.title}`;
    const dot = h("button", { type: "button", class: `entry-dot kind-${one.kind}${chosen ? " chosen" : ""}`, title: name, "data-testid": `dot-${one.id}`, onclick: (/** @type {Event} */ event) => { event.stopPropagation(); this.choose(one.id); } });
    const marker = new this.view.lib.Marker({ element: dot, anchor: "center" }).setLngLat([one.lon, one.lat]).addTo(this.view.map);
    dot.setAttribute("aria-label", name);
    this.markers.set(one.id, marker);
  }

  /** @param {string} id */
  light(id) {
    for (const [one, marker] of this.markers) marker.getElement().classList.toggle("lit", one === id);
  }
}
