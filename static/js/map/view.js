/** The map itself: made once, its data kept so that a new style can take it over. */
import { boot, CATEGORIES } from "../boot.js";
import { isPhone, isStill } from "../dom.js";
import { EDGE_IMAGE, edgeImage } from "./edges.js";
import { amenityImage } from "./images.js";
import { buildStyle, EMPTY } from "./style.js";
import { FONTS, onSchemeChange } from "./theme.js";

/** Beside the modules, so that the version in their address holds for it too. */
const VENDOR = new URL("../../vendor/maplibre-gl/", import.meta.url).href;

export class MapView {
  constructor() {
    /** @type {Any} */
    this.map = null;
    /** @type {Any} */
    this.lib = null;
    /** @type {Dict<Any>} */
    this.data = {};
    /** @type {((map: Any) => void)[]} */
    this.styled = [];
    this.ready = false;
    /** @type {Map<string, Set<string>>} why each layer is not drawn */
    this.hidden = new Map();
    this.padding = { top: 0, right: 0, bottom: 0, left: 0 };
    /** @type {Promise<boolean>} */
    this.started = Promise.resolve(false);
  }

  /** @param {string} container @param {LonLat | null} center @param {number | null} zoom */
  begin(container, center, zoom) {
    this.started = this.start(container, center, zoom);
    return this.started;
  }

  /**
   * @param {string} container @param {LonLat | null} center @param {number | null} zoom
   * @returns {Promise<boolean>} false when this browser cannot draw maps
   */
  async start(container, center, zoom) {
    const address = `${VENDOR}maplibre-gl.mjs`;
    try {
      this.lib = await import(address);
      this.lib.setWorkerUrl(`${VENDOR}maplibre-gl-worker.mjs`);
      this.map = new this.lib.Map({
        container, style: buildStyle(), localIdeographFontFamily: FONTS, attributionControl: false,
        minZoom: 6, maxZoom: 18.5, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: isStill() ? 0 : 100,
        ...(center && zoom !== null ? { center, zoom } : { bounds: boot.region.bounds, fitBoundsOptions: { padding: isPhone() ? { top: 72, bottom: window.innerHeight * 0.52, left: 8, right: 8 } : 24 } }),
        locale: {}, maxBounds: widened(boot.region.bounds),
      });
    } catch {
      return false;
    }
    this.map.touchZoomRotate.disableRotation();
    this.map.on("style.load", () => this.onStyle());
    onSchemeChange(() => this.map.setStyle(buildStyle(), { diff: false }));
    return true;
  }

  onStyle() {
    this.ready = true;
    this.addImages();
    for (const [id, data] of Object.entries(this.data)) this.map.getSource(id)?.setData(data);
    for (const id of this.hidden.keys()) this.applyVisibility(id);
    for (const listener of this.styled) listener(this.map);
  }

  /** Called with every style that has loaded. @param {(map: Any) => void} listener */
  onStyled(listener) {
    this.styled.push(listener);
    if (this.ready) listener(this.map);
  }

  addImages() {
    if (!this.map.hasImage(EDGE_IMAGE)) this.map.addImage(EDGE_IMAGE, edgeImage());
    for (const category of CATEGORIES) {
      const image = amenityImage(category);
      if (image && !this.map.hasImage(`amenity-${category}`)) this.map.addImage(`amenity-${category}`, image.data, { pixelRatio: image.pixelRatio });
    }
  }

  /** @param {string} id @param {Any[]} features */
  setFeatures(id, features) {
    // Nothing instead of nothing would draw the whole map again.
    if (!features.length && (this.data[id] ?? EMPTY) === EMPTY) return;
    this.data[id] = features.length ? { type: "FeatureCollection", features } : EMPTY;
    if (this.ready) this.map.getSource(id)?.setData(this.data[id]);
  }

  /**
   * A layer is drawn while nothing hides it.
   * @param {string} reason @param {string[]} layers @param {boolean} hide
   */
  hide(reason, layers, hide) {
    for (const id of layers) {
      const reasons = this.hidden.get(id) ?? new Set();
      if (hide) reasons.add(reason);
      else reasons.delete(reason);
      this.hidden.set(id, reasons);
      this.applyVisibility(id);
    }
  }

  /** @param {string} id */
  applyVisibility(id) {
    if (!this.ready || !this.map.getLayer(id)) return;
    this.map.setLayoutProperty(id, "visibility", this.hidden.get(id)?.size ? "none" : "visible");
  }

  /** Room taken by what floats over the map. @param {{top?: number, right?: number, bottom?: number, left?: number}} padding */
  setPadding(padding) {
    this.padding = { top: 0, right: 0, bottom: 0, left: 0, ...padding };
  }

  /** @param {LonLat} center @param {number} [zoom] */
  goTo(center, zoom) {
    if (!this.map) return;
    const target = zoom === undefined ? this.map.getZoom() : zoom;
    const { left, right, top, bottom } = this.padding;
    const offset = [(left - right) / 2, (top - bottom) / 2];
    this.map.easeTo({ center, zoom: target, offset, duration: isStill() ? 0 : 400 });
  }

  /** The whole region. */
  home() {
    this.fit(boot.region.bounds, 12, isPhone() ? 8 : 24);
  }

  /** @param {number[]} bounds west, south, east, north @param {number} [maxZoom] @param {number} [air] px kept free around */
  fit(bounds, maxZoom = 15, air = isPhone() ? 28 : 56) {
    if (!this.map) return;
    const { left, right, top, bottom } = this.padding;
    const padding = { left: left + air, right: right + air, top: top + air, bottom: bottom + air };
    this.map.fitBounds([[bounds[0], bounds[1]], [bounds[2], bounds[3]]], { padding, maxZoom, duration: isStill() ? 0 : 500 });
  }
}

/** @param {number[]} bounds @returns {number[][]} */
function widened([west, south, east, north]) {
  return [[west - 2.2, south - 4], [east + 2.2, north + 1.6]];
}

/** @param {Any} geometry @returns {number[] | null} west, south, east, north of a polygon */
export function boundsOf(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  /** @param {Any} part */
  const walk = (part) => {
    if (typeof part[0] === "number") {
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1]);
    } else part.forEach(walk);
  };
  if (geometry?.coordinates) walk(geometry.coordinates);
  return Number.isFinite(box[0]) ? box : null;
}

/** A point feature. @param {LonLat} at @param {Dict<Any>} properties @returns {Any} */
export const pointFeature = (at, properties) => ({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties });
