/** The door of 落项目: whoever only looks for space never fetches what is behind it. */
import { fill, h } from "../dom.js";
import { setState, state } from "../state.js";
import { failure, skeleton } from "../find/empty.js";

export class PlaceDoor {
  /** @param {import("../map/view.js").MapView} view @param {{laid: () => void, opened: () => void}} told `opened`: the task can be shown */
  constructor(view, told) {
    this.view = view;
    this.told = told;
    this.hall = h("div", { class: "place", "data-testid": "place-door" });
    /** @type {ReturnType<typeof import("./inside.js").build> | null} */
    this.inside = null;
    this.asked = false;
  }

  get element() {
    return this.inside?.panel.element ?? this.hall;
  }

  start() {
    if (this.inside) this.inside.panel.start();
    else if (!this.asked) this.fetch();
  }

  async fetch() {
    this.asked = true;
    const slow = window.setTimeout(() => fill(this.hall, skeleton(6)), 150);
    try {
      const { build } = await import("./inside.js");
      this.inside = build(this.view, this.told.laid);
    } catch (error) {
      // A module that failed is not fetched again under the same address: the page is.
      fill(this.hall, failure(error, () => location.reload()));
      return;
    } finally {
      window.clearTimeout(slow);
    }
    if (state.task === "place") this.told.opened();
  }

  /** @param {Set<string>} changed */
  onState(changed) {
    this.inside?.panel.onState(changed);
  }

  /** @param {HTMLElement} home */
  placeStrip(home) {
    this.inside?.panel.placeStrip(home);
  }

  legend() {
    return this.inside?.legend() ?? [];
  }

  clear() {
    this.inside?.flows.clear();
  }

  /** A click on the map that hits no flow lets the chosen project go. @param {Any} event */
  click(event) {
    if (!this.inside?.flows.click(event) && state.project) setState({ project: "" }, { push: true, origin: "map" });
  }

  escape() {
    return this.inside?.panel.escape() ?? false;
  }

  toSearch() {
    return this.inside?.panel.toSearch() ?? false;
  }
}
