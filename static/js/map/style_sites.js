/** Counts, clusters, sites, amenities and the chosen one. */
import { EDGE_IMAGE } from "./edges.js";
import { COUNT_SIZES } from "./spread.js";
import { token } from "./theme.js";

/** Zoom below which sites are told as counts by county. */
export const COUNTY_ZOOM = 9.6;

/** @returns {Any} circle radius in px by vacant area */
export const radius = () => ["min", 24, ["max", 8.5, ["*", 0.248, ["sqrt", ["max", 0, ["coalesce", ["get", "vacant_m2"], 0]]]]]];

/** @param {number} least @param {number} most @returns {Any} */
const bySize = (least, most) => ["interpolate", ["linear"], ["sqrt", ["get", "units"]], 1, least, 30, most];

const isCluster = ["has", "point_count"];

/** @param {string[]} bold @returns {Any[]} */
function countLayers(bold) {
  const paint = { "circle-color": token("--surface"), "circle-stroke-color": token("--accent"), "circle-stroke-width": 2, "circle-opacity": 0.96 };
  const text = { "text-color": token("--accent-pressed") };
  return [
    { id: "county-counts", source: "county-labels", type: "circle", maxzoom: COUNTY_ZOOM, filter: [">", ["get", "units"], 0],
      paint: { ...paint, "circle-radius": ["interpolate", ["linear"], ["zoom"], COUNT_SIZES.far.zoom, bySize(COUNT_SIZES.far.least, COUNT_SIZES.far.most), COUNT_SIZES.near.zoom, bySize(COUNT_SIZES.near.least, COUNT_SIZES.near.most)] } },
    { id: "county-count-text", source: "county-labels", type: "symbol", maxzoom: COUNTY_ZOOM, filter: [">", ["get", "units"], 0],
      layout: { "text-field": ["to-string", ["get", "units"]], "text-size": 12, "text-font": bold, "text-allow-overlap": true, "text-padding": 10 }, paint: text },
    { id: "clusters", source: "matched", type: "circle", minzoom: COUNTY_ZOOM, filter: isCluster,
      paint: { ...paint, "circle-radius": bySize(13, 22) } },
    { id: "cluster-text", source: "matched", type: "symbol", minzoom: COUNTY_ZOOM, filter: isCluster,
      layout: { "text-field": ["to-string", ["get", "units"]], "text-size": 12, "text-font": bold, "text-allow-overlap": true }, paint: text },
  ];
}

/** @param {string[]} regular @returns {Any[]} */
function countyNames(regular) {
  const halo = { "text-halo-color": token("--map-halo"), "text-halo-width": 1.6, "text-halo-blur": 0.4 };
  return [
    { id: "county-summary", source: "county-labels", type: "symbol", maxzoom: COUNTY_ZOOM,
      layout: { "text-field": ["get", "summary"], "text-size": 12, "text-line-height": 1.3, "text-font": regular, "text-variable-anchor-offset":
        ["case", [">", ["get", "units"], 0],
          ["literal", ["top", [0, 1.7], "bottom", [0, -1.7], "left", [1.9, 0], "right", [-1.9, 0]]],
          ["literal", ["center", [0, 0], "top", [0, 0.5], "bottom", [0, -0.5]]]] },
      paint: { "text-color": token("--map-county-label"), ...halo } },
  ];
}

/** @returns {Any[]} */
function otherSites() {
  return [
    { id: "other-sites", source: "sites", "source-layer": "sites", type: "circle", minzoom: 12.5,
      paint: { "circle-radius": 5, "circle-color": token("--surface"), "circle-stroke-width": 1.5, "circle-stroke-color": token("--map-other-site") } },
  ];
}

/** @param {string[]} bold @returns {Any[]} */
function matchedSites(bold) {
  const single = ["!", isCluster];
  return [
    { id: "site-circles", source: "matched", type: "circle", minzoom: COUNTY_ZOOM, filter: single,
      layout: { "circle-sort-key": ["-", 0, ["get", "rank"]] },
      paint: { "circle-radius": radius(), "circle-color": token("--accent"), "circle-opacity": 0.94, "circle-stroke-width": 1.5, "circle-stroke-color": token("--surface") } },
    // Unseen, as large as the circle: no name is written across another site or a count.
    { id: "site-room", source: "matched", type: "symbol", minzoom: COUNTY_ZOOM,
      layout: { "icon-image": EDGE_IMAGE, "icon-size": ["/", ["case", isCluster, bySize(13, 22), radius()], 10], "icon-padding": 0, "icon-allow-overlap": true } },
    { id: "site-ranks", source: "matched", type: "symbol", minzoom: COUNTY_ZOOM, filter: ["all", single, ["<", ["get", "rank"], 100]],
      layout: { "text-field": ["to-string", ["get", "rank"]], "text-size": 11, "text-font": bold, "text-allow-overlap": true, "text-padding": 6, "symbol-sort-key": ["-", 0, ["get", "rank"]] },
      paint: { "text-color": token("--on-accent") } },
  ];
}

/** @param {string[]} regular @returns {Any[]} */
function siteNames(regular) {
  return [
    { id: "site-names", source: "matched", type: "symbol", minzoom: 11, filter: ["!", isCluster],
      layout: {
        "text-field": ["get", "label"], "text-size": 12, "text-font": regular, "text-justify": "auto", "text-line-height": 1.25,
        "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": ["+", 0.5, ["/", radius(), 12]],
        "symbol-sort-key": ["get", "rank"], "text-max-width": 12,
      },
      paint: { "text-color": token("--ink"), "text-halo-color": token("--map-site-halo"), "text-halo-width": 1.8 } },
  ];
}

/** @returns {Any[]} */
function amenities() {
  const image = ["concat", "amenity-", ["get", "category"]];
  return [
    { id: "amenities", source: "amenities", "source-layer": "amenities", type: "symbol", minzoom: 14.2,
      layout: { "icon-image": image, "icon-size": 0.85, "icon-padding": 1 }, paint: { "icon-opacity": 0.9 } },
    { id: "ring-amenities", source: "ring-amenities", type: "symbol", minzoom: 12,
      layout: { "icon-image": image, "icon-padding": 1, "symbol-sort-key": ["get", "order"] } },
  ];
}

/** @param {string[]} bold @returns {Any[]} */
function chosen(bold) {
  return [
    { id: "hovered", source: "hovered", type: "circle",
      paint: { "circle-radius": ["+", radius(), 4], "circle-color": token("--surface"), "circle-opacity": 0.35, "circle-stroke-width": 2, "circle-stroke-color": token("--ink") } },
    { id: "chosen-halo", source: "chosen", type: "circle",
      paint: { "circle-radius": ["+", radius(), 4], "circle-color": token("--surface"), "circle-stroke-width": 2, "circle-stroke-color": token("--ink") } },
    { id: "chosen-circle", source: "chosen", type: "circle", paint: { "circle-radius": radius(), "circle-color": token("--accent") } },
    // Unseen, as large as the pill and the ring's tag: names and icons keep clear of both.
    { id: "chosen-room", source: "chosen", type: "symbol", filter: ["has", "pill"],
      layout: { "text-field": ["get", "pill"], "text-size": 14, "text-font": bold, "text-anchor": "bottom", "text-offset": [0, -2.4], "text-max-width": 40, "text-padding": 10, "text-allow-overlap": true },
      paint: { "text-opacity": 0.001 } },
    { id: "tag-room", source: "ring-tag", type: "symbol",
      layout: { "text-field": ["get", "text"], "text-size": 12, "text-font": bold, "text-max-width": 40, "text-padding": 6, "text-allow-overlap": true }, paint: { "text-opacity": 0.001 } },
    { id: "chosen-rank", source: "chosen", type: "symbol",
      layout: { "text-field": ["get", "mark"], "text-size": 12, "text-font": bold, "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": token("--on-accent") } },
  ];
}

/** Counties' figures over a choropleth, and sites coloured by their own. @param {string[]} bold @param {string[]} regular @returns {Any[]} */
function figures(bold, regular) {
  const hidden = { visibility: "none" };
  const sized = (/** @type {number} */ size, /** @type {number} */ more) => ["+", ["*", size, ["get", "size"]], more];
  const grow = (/** @type {number} */ more) => ["interpolate", ["linear"], ["zoom"], 8, sized(3.4, more), 11, sized(5, more), 14, sized(8, more)];
  const text = ["format", ["get", "name"], {}, "\n", {}, ["get", "text"], { "font-scale": 1.2, "text-font": ["literal", bold] }];
  return [
    { id: "scored-back", source: "scored", type: "circle", layout: hidden, paint: { "circle-radius": grow(2), "circle-color": token("--ink"), "circle-opacity": 0.55 } },
    { id: "scored", source: "scored", type: "circle", layout: hidden,
      paint: { "circle-radius": grow(0), "circle-color": ["get", "colour"], "circle-stroke-width": 1.4, "circle-stroke-color": token("--surface") } },
    { id: "county-values", source: "county-values", type: "symbol", maxzoom: 11.5,
      layout: { ...hidden, "text-field": text, "text-size": 12, "text-line-height": 1.3, "text-font": regular, "text-padding": 1,
        "text-variable-anchor": ["center", "top", "bottom", "left", "right", "top-right", "bottom-left", "top-left", "bottom-right"], "text-radial-offset": 0.7, "symbol-sort-key": ["get", "order"] },
      paint: { "text-color": ["get", "ink"], "text-halo-color": ["get", "halo"], "text-halo-width": 1.6, "text-halo-blur": 0.4 } },
  ];
}

/** @param {string[]} bold @param {string[]} regular @returns {Any[]} */
export function siteLayers(bold, regular) {
  return [...figures(bold, regular), ...otherSites(), ...countyNames(regular), ...countLayers(bold), ...siteNames(regular), ...amenities(), ...matchedSites(bold), ...chosen(bold)];
}
