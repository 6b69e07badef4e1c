/** Counties coloured by a figure, on land only, with the value beside the name. */
import { boot } from "../boot.js";
import { pointFeature } from "./view.js";
import { token } from "./theme.js";

/** @typedef {{adcode: string, colour: string, ink: string, halo: string, text: string}} Shade colours are token names */
/** @typedef {{id: string, lon: number, lat: number, colour: string}} Dot */

export const CHOROPLETH_LAYERS = ["choropleth", "choropleth-line", "county-values"];
export const DOT_LAYERS = ["scored", "scored-back"];

export class Choropleth {
  /** @param {import("./view.js").MapView} view */
  constructor(view) {
    this.view = view;
    /** @type {Shade[]} */
    this.shades = [];
    /** @type {Dot[]} */
    this.dots = [];
    this.chosen = "";
    view.onStyled(() => this.paint());
  }

  /** @param {Shade[]} shades @param {Dot[]} [dots] sites with a colour of their own */
  set(shades, dots = []) {
    this.shades = shades;
    this.dots = dots;
    this.paint();
  }

  /** Outline one county. @param {string} adcode */
  choose(adcode) {
    this.chosen = adcode;
    const { map, ready } = this.view;
    if (ready && map.getLayer("counties-chosen")) map.setFilter("counties-chosen", ["==", ["get", "adcode"], adcode || "none"]);
  }

  paint() {
    const { map, ready } = this.view;
    if (!ready) return;
    const pairs = this.shades.flatMap((shade) => [shade.adcode, token(shade.colour)]);
    const colour = pairs.length ? ["match", ["get", "adcode"], ...pairs, token("--map-land")] : token("--map-land");
    if (map.getLayer("choropleth")) {
      map.setPaintProperty("choropleth", "fill-color", colour);
      map.setPaintProperty("choropleth", "fill-opacity", ["interpolate", ["linear"], ["zoom"], 10.5, 0.92, 12.5, 0.2]);
    }
    this.choose(this.chosen);
    const sized = [...boot.counties].sort((a, b) => extent(a) - extent(b));
    this.view.setFeatures("county-values", sized.map((item, order) => {
      const shade = this.shades.find((one) => one.adcode === item.adcode);
      const [ink, halo] = [token(shade?.ink ?? "--ink"), token(shade?.halo ?? "--map-halo")];
      return pointFeature(item.label, { name: boot.lang === "zh" ? item.name : item.short, text: shade?.text ?? "—", ink, halo, order });
    }));
    this.view.setFeatures("scored", this.dots.map((dot) => pointFeature([dot.lon, dot.lat], { id: dot.id, colour: token(dot.colour) })));
  }
}

/** Small counties are named first, because they have the least room. @param {BootCounty} item */
const extent = ({ bounds: [west, south, east, north] }) => (east - west) * (north - south);
