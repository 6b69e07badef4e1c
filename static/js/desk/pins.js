/** Entries that have a place, as dots on the map: one selection with the list. */
import { get } from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {import("./entries_data.js").Entry} Entry */

/** Dots that are drawn at most: the newest; and sites that are asked for where they stand. */
const [MOST, MOST_SITES] = [300, 40];

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
    /** Where sites stand: null while it is asked, or where nobody knows. @type {Map<string, LonLat | null>} */
    this.sites = new Map();
    view.onStyled(() => this.draw());
  }

  /** @param {Entry[]} entries @param {string} chosen */
  set(entries, chosen) {
    this.last = [entries, chosen];
    this.draw();
    for (const { site_id: id } of entries.filter((one) => one.site_id && one.lon === null)) if (!this.sites.has(id) && this.sites.size < MOST_SITES) this.askSite(id);
  }

  /** @param {string} id */
  async askSite(id) {
    this.sites.set(id, null);
    const { lon, lat } = await get(`/api/v1/sites/${encodeURIComponent(id)}`).catch(() => ({ lon: null, lat: null }));
    if (lon === null || lat === null) return;
    this.sites.set(id, [lon, lat]);
    this.draw();
  }

  /** @param {Entry} one @returns {LonLat | null} its own place, else that of its site */
  placeOf(one) {
    return one.lon !== null && one.lat !== null ? [one.lon, one.lat] : this.sites.get(one.site_id) ?? null;
  }

  draw() {
    const [entries, chosen] = this.last;
    if (!this.view.map || !this.view.lib) return;
    const placed = entries.map((one) => ({ one, at: this.placeOf(one) })).filter(({ at }) => at !== null).slice(0, MOST);
    const stamp = `${chosen} ${placed.map(({ one }) => `${one.id}:${one.version}`).join()}`;
    if (stamp === this.stamp) return;
    const before = this.stamp.split(" ")[0];
    this.stamp = stamp;
    for (const marker of this.markers.values()) marker.remove();
    this.markers.clear();
    for (const { one, at } of placed) this.add(one, /** @type {LonLat} */ (at), one.id === chosen);
    const found = placed.find(({ one }) => one.id === chosen)?.at;
    if (found && chosen !== before && !this.view.map.getBounds().contains(found)) this.view.goTo(found);
  }

  /** @param {Entry} one @param {LonLat} at @param {boolean} chosen */
  add(one, at, chosen) {
    const name = `${t(`desk.kind_${one.kind}`)}${t("desk.colon")}${one.title}`;
    const dot = h("button", { type: "button", class: `entry-dot kind-${one.kind}${chosen ? " chosen" : ""}`, title: name, "data-testid": `dot-${one.id}`, onclick: (/** @type {Event} */ event) => { event.stopPropagation(); this.choose(one.id); } });
    const marker = new this.view.lib.Marker({ element: dot, anchor: "center" }).setLngLat(at).addTo(this.view.map);
    dot.setAttribute("aria-label", name);
    this.markers.set(one.id, marker);
  }

  /** @param {string} id */
  light(id) {
    for (const [one, marker] of this.markers) marker.getElement().classList.toggle("lit", one === id);
  }
}
