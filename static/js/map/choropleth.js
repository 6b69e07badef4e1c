/** Counties coloured by a figure, with its value beside the name. */
import { boot } from "../boot.js";
import { pointFeature } from "./view.js";
import { token } from "./theme.js";

/** @typedef {{adcode: string, colour: string, text: string}} Shade */

export class Choropleth {
  /** @param {import("./view.js").MapView} view */
  constructor(view) {
    this.view = view;
    /** @type {Shade[]} */
    this.shades = [];
    this.chosen = "";
    view.onStyled(() => this.paint());
  }

  /** @param {Shade[]} shades colours are token names @param {string} [chosen] adcode */
  set(shades, chosen = "") {
    this.shades = shades;
    this.chosen = chosen;
    this.paint();
  }

  clear() {
    this.shades = [];
    this.chosen = "";
    this.paint();
  }

  paint() {
    const { map, ready } = this.view;
    if (!ready || !map.getLayer("choropleth")) return;
    const on = this.shades.length > 0;
    this.view.show("choropleth", on);
    this.view.show("choropleth-line", on);
    this.view.show("counties-line", !on);
    this.view.show("county-counts", !on);
    this.view.show("county-count-text", !on);
    map.setFilter("counties-chosen", ["==", ["get", "adcode"], this.chosen]);
    if (!on) return;
    const pairs = this.shades.flatMap((shade) => [shade.adcode, token(shade.colour)]);
    map.setPaintProperty("choropleth", "fill-color", ["match", ["get", "adcode"], ...pairs, token("--map-land")]);
    map.setPaintProperty("choropleth", "fill-opacity", ["interpolate", ["linear"], ["zoom"], 10, 0.92, 12.5, 0.25]);
    this.view.setFeatures("county-labels", boot.counties.map((item) => pointFeature(item.label, {
      name: item.name, units: 0, adcode: item.adcode, bounds: JSON.stringify(item.bounds),
      summary: `${item.name}\n${this.shades.find((shade) => shade.adcode === item.adcode)?.text ?? "—"}`,
    })));
  }
}
