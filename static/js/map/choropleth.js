/** Counties coloured by a figure, on land only, with the value beside the name. */
import { boot } from "../boot.js";
import { pointFeature } from "./view.js";
import { token } from "./theme.js";

/** @typedef {{adcode: string, colour: string, ink: string, halo: string, text: string}} Shade colours are token names */
/** @typedef {{id: string, lon: number, lat: number, colour: string, size: number}} Dot */

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
    this.bound = false;
    view.onStyled(() => this.paint());
    view.onStyled((map) => {
      if (!this.bound) map.on("zoomend", () => this.label());
      this.bound = true;
    });
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
    this.label();
    this.view.setFeatures("scored", this.dots.map((dot) => pointFeature([dot.lon, dot.lat], { id: dot.id, colour: token(dot.colour), size: dot.size })));
  }

  /** Names and values, moved off the dots where there is room. */
  label() {
    const { map } = this.view;
    const dots = this.dots.map((dot) => map.project([dot.lon, dot.lat]));
    const sized = [...boot.counties].sort((a, b) => extent(a) - extent(b));
    this.view.setFeatures("county-values", sized.map((item, order) => {
      const shade = this.shades.find((one) => one.adcode === item.adcode);
      const [ink, halo] = [token(shade?.ink ?? "--ink"), token(shade?.halo ?? "--map-halo")];
      const at = map.unproject(freePlace(map.project(item.label), dots));
      return pointFeature([at.lng, at.lat], { name: boot.lang === "zh" ? item.name : item.short, text: shade?.text ?? "—", ink, halo, order });
    }));
  }
}

/** Moves of a label, px, nearest first. */
const MOVES = [[0, 0], [0, -12], [0, 12], [-16, 0], [16, 0], [-22, -16], [22, -16], [22, 16], [-22, 16], [0, -26], [0, 26], [-34, 0], [34, 0]];
const [HALF_WIDTH, HALF_HEIGHT] = [22, 17];

/** @param {{x: number, y: number}} at @param {{x: number, y: number}[]} dots px @returns {[number, number]} where fewest dots lie under a label */
function freePlace(at, dots) {
  const near = dots.filter((dot) => Math.abs(dot.x - at.x) < 70 && Math.abs(dot.y - at.y) < 60);
  let [best, least] = [MOVES[0], Infinity];
  MOVES.forEach((move, i) => {
    const hit = near.filter((dot) => Math.abs(dot.x - at.x - move[0]) < HALF_WIDTH && Math.abs(dot.y - at.y - move[1]) < HALF_HEIGHT).length;
    if (hit + i * 0.2 < least) [best, least] = [move, hit + i * 0.2];
  });
  return [at.x + best[0], at.y + best[1]];
}

/** Small counties are named first, because they have the least room. @param {BootCounty} item */
const extent = ({ bounds: [west, south, east, north] }) => (east - west) * (north - south);
