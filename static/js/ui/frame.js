/** How panel, map and drawer share the page, and what is left of the map for the eye. */
import { byId, isPhone } from "../dom.js";
import { Sheet } from "./sheet.js";

/** Share of the stage under a sheet at half height: --half in tokens.css. */
const HALF = 0.52;
/** px that bring a ring clear of the legend in its corner. */
const BESIDE_LEGEND = 100;

export class Frame {
  /** @param {import("../map/view.js").MapView} view */
  constructor(view) {
    this.view = view;
    this.panel = byId("panel");
    this.drawer = byId("drawer");
    this.panelSheet = new Sheet(this.panel, byId("panel-handle"), () => this.pad());
    this.drawerSheet = new Sheet(this.drawer, byId("drawer-handle"), () => this.pad());
    window.addEventListener("resize", () => this.pad());
  }

  /** Tell the map what covers it. */
  pad() {
    if (!isPhone()) {
      const legend = !this.drawer.hidden && window.innerWidth >= 1200;
      this.view.padding = { top: 0, right: 0, bottom: 0, left: legend ? BESIDE_LEGEND : 0 };
      return;
    }
    const sheet = this.drawer.hidden ? this.panelSheet : this.drawerSheet;
    if (!sheet) return;
    document.body.dataset.sheet = sheet.height;
    const low = sheet.height === "low";
    this.view.padding = { top: 64, right: 0, bottom: (low ? 96 : byId("stage").clientHeight * HALF) + 16, left: 0 };
  }

  /** The stage has another size now; what it showed at its left stays there. */
  resized() {
    this.pad();
    const { map } = this.view;
    if (!map) return;
    const before = map.getContainer().clientWidth;
    const old = map.getCanvas().clientWidth;
    if (before === old) return;
    map.resize();
    if (!isPhone()) map.panBy([(before - old) / 2, 0], { duration: 0 });
  }

  /** Let the map be seen on the phone. */
  lower() {
    if (!isPhone()) return;
    for (const sheet of [this.panelSheet, this.drawerSheet]) if (sheet.height === "full") sheet.set("half");
  }

  /** @param {HTMLElement} content */
  fillPanel(content) {
    byId("panel-body").replaceChildren(content);
  }
}
