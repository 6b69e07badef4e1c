/** The base map: sea, land, water, counties, streets; all from our own tiles. */
import { boot } from "../boot.js";
import { EDGE_IMAGE } from "./edges.js";
import { FLOW_SOURCES, flowLayers } from "./style_flows.js";
import { siteLayers } from "./style_sites.js";
import { BOLD, REGULAR, token } from "./theme.js";

export const EMPTY = { type: "FeatureCollection", features: [] };
const VECTOR = ["land", "water", "counties", "streets", "amenities", "sites", "zones", "places"];

/** @param {string} id @returns {BootLayer | undefined} */
export const layerOf = (id) => boot.layers.find((layer) => layer.id === id);

/** @param {BootLayer} layer @returns {Any} */
function vectorSource(layer) {
  const url = layer.tiles.startsWith("http") ? layer.tiles : location.origin + layer.tiles;
  return { type: "vector", tiles: [url], minzoom: layer.minzoom ?? 0, maxzoom: Math.min(layer.maxzoom ?? 14, 14) };
}

/** @returns {Dict<Any>} */
function sources() {
  /** @type {Dict<Any>} */
  const all = {};
  for (const id of VECTOR) {
    const layer = layerOf(id);
    if (layer) all[id] = vectorSource(layer);
  }
  for (const id of ["county-labels", "county-values", "scored", "ring", "ring-inner", "ring-before", "circle", "repair-lines", "dropped-streets", "within", "ring-amenities", "ring-tag", "edges", "chosen", "hovered"]) all[id] = { type: "geojson", data: EMPTY };
  for (const id of FLOW_SOURCES) all[id] = { type: "geojson", data: EMPTY, lineMetrics: true };
  all.matched = {
    type: "geojson", data: EMPTY, cluster: true, clusterMaxZoom: 12, clusterRadius: 36,
    clusterProperties: { units: ["+", ["get", "units"]], vacant: ["+", ["get", "vacant_m2"]] },
  };
  return all;
}

/** @param {string} id @param {string} source @param {string} type @param {Dict<Any>} rest @returns {Any} */
export const layer = (id, source, type, rest) => ({
  id, source, type, ...(VECTOR.includes(source) ? { "source-layer": source } : {}), ...rest,
});

/** @param {...number} widths at zoom 10, 12, 14, 16 @returns {Any} */
const byZoom = (...widths) => ["interpolate", ["exponential", 1.5], ["zoom"], 10, widths[0], 12, widths[1], 14, widths[2], 16, widths[3]];

/** @param {...string} names @returns {Any} */
const classes = (...names) => ["in", ["get", "class"], ["literal", names]];

/** Land of a county; other land has no adcode. The counties' own polygons hold near-shore sea. */
const isCounty = ["!=", ["coalesce", ["get", "adcode"], ""], ""];

/** @returns {Any[]} */
function groundLayers() {
  return [
    { id: "sea", type: "background", paint: { "background-color": token("--map-sea") } },
    // Under the land, so that only the half in the sea shows and no county border looks like a coast.
    layer("coast", "land", "line", { paint: { "line-color": token("--map-coast"), "line-width": 2 } }),
    layer("land", "land", "fill", { paint: { "fill-color": ["case", isCounty, token("--map-land"), token("--map-land-out")] } }),
    layer("choropleth", "land", "fill", { filter: isCounty, layout: { visibility: "none" }, paint: { "fill-color": token("--map-land"), "fill-opacity": 0.92 } }),
    layer("water", "water", "fill", { paint: { "fill-color": token("--map-sea"), "fill-outline-color": token("--map-coast") } }),
    layer("ring-fill", "ring", "fill", { paint: { "fill-color": token("--accent"), "fill-opacity": 0.1 } }),
  ];
}

/**
 * @param {string} name @param {string[]} kinds @param {number} minzoom
 * @param {string} colour @param {number[]} width @param {string} casing @param {number[]} casingWidth
 * @returns {Any[]}
 */
function street(name, kinds, minzoom, colour, width, casing, casingWidth) {
  const shape = { "line-cap": "round", "line-join": "round" };
  const shared = { minzoom, filter: classes(...kinds), layout: shape };
  return [
    layer(`${name}-casing`, "streets", "line", { ...shared, paint: { "line-color": token(casing), "line-width": byZoom(...casingWidth) } }),
    layer(name, "streets", "line", { ...shared, paint: { "line-color": token(colour), "line-width": byZoom(...width) } }),
  ];
}

/** @returns {Any[]} */
function streetLayers() {
  const minor = layer("street-minor", "streets", "line", {
    minzoom: 12.5, filter: classes("minor", "residential", "service"), layout: { "line-cap": "round" },
    paint: { "line-color": token("--map-street-minor"), "line-width": byZoom(0.4, 0.7, 1.2, 2.4) },
  });
  const paths = layer("street-path", "streets", "line", {
    minzoom: 14, filter: classes("path", "foot", "steps"),
    paint: { "line-color": token("--map-street-minor"), "line-width": byZoom(0.4, 0.6, 1, 1.6), "line-dasharray": [2, 1.5] },
  });
  const named = street("street-named", ["tertiary", "named"], 11.5, "--map-street", [0.5, 1, 2, 5], "--map-street-named-casing", [0.9, 1.7, 3.2, 7]);
  const main = street("street-main", ["primary", "secondary", "trunk"], 9, "--map-street", [0.7, 1.5, 2.8, 6.5], "--map-street-trunk-casing", [1.2, 2.4, 4.2, 8.5]);
  const motorway = street("street-motorway", ["motorway"], 7, "--map-motorway", [1, 1.8, 3.2, 7], "--map-motorway-casing", [1.6, 2.8, 4.8, 9]);
  const groups = [named, main, motorway];
  return [paths, minor, ...groups.map((group) => group[0]), ...groups.map((group) => group[1])];
}

/** @returns {Any[]} */
function lineLayers() {
  return [
    layer("zones-line", "zones", "line", { layout: { visibility: "none" }, paint: { "line-color": token("--pipeline"), "line-width": 1.5, "line-dasharray": [3, 2] } }),
    layer("counties-far", "land", "line", { maxzoom: 10, filter: isCounty, paint: { "line-color": token("--map-county-line"), "line-width": 0.9 } }),
    layer("counties-line", "counties", "line", {
      minzoom: 10, paint: { "line-color": token("--map-county-line"), "line-width": ["interpolate", ["linear"], ["zoom"], 10, 1, 12, 1.4], "line-dasharray": [4, 2.5] },
    }),
    layer("choropleth-line", "land", "line", { filter: isCounty, layout: { visibility: "none" }, paint: { "line-color": token("--map-choropleth-line"), "line-width": 1.6 } }),
    layer("counties-chosen", "land", "line", { filter: ["==", ["get", "adcode"], "none"], layout: { "line-join": "round" }, paint: { "line-color": token("--ink"), "line-width": 2.5 } }),
    layer("repair-lines", "repair-lines", "line", { layout: { "line-cap": "round" }, paint: { "line-color": token("--accent"), "line-width": ["case", ["==", ["get", "on"], 1], 2.2, 1.1], "line-opacity": ["case", ["==", ["get", "on"], 1], 0.95, 0.55] } }),
    layer("dropped-casing", "dropped-streets", "line", { layout: { "line-cap": "round" }, paint: { "line-color": token("--map-site-halo"), "line-width": 9 } }),
    layer("dropped-streets", "dropped-streets", "line", { paint: { "line-color": token("--venue"), "line-width": 4, "line-dasharray": [1, 1] } }),
    layer("within", "within", "line", { filter: ["==", ["geometry-type"], "LineString"], layout: { "line-join": "round" }, paint: { "line-color": token("--accent-pressed"), "line-width": 2, "line-dasharray": [2, 1.5] } }),
    layer("within-points", "within", "circle", { filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": token("--surface"), "circle-stroke-color": token("--accent-pressed"), "circle-stroke-width": 2 } }),
    layer("circle", "circle", "line", { paint: { "line-color": token("--venue"), "line-width": 1.6, "line-dasharray": [3, 2.5] } }),
    layer("ring-before", "ring-before", "line", { paint: { "line-color": token("--ink2"), "line-width": 1.8, "line-dasharray": [2, 2] } }),
    layer("ring-casing", "ring", "line", { layout: { "line-join": "round" }, paint: { "line-color": token("--map-site-halo"), "line-width": 4.5, "line-opacity": 0.8 } }),
    layer("ring-inner", "ring-inner", "line", { paint: { "line-color": token("--accent"), "line-width": 1, "line-opacity": 0.5, "line-dasharray": [4, 3] } }),
    layer("ring-line", "ring", "line", { layout: { "line-join": "round" }, paint: { "line-color": token("--accent"), "line-width": 2.2 } }),
  ];
}

/** @returns {Any[]} */
function labelLayers() {
  const halo = { "text-halo-color": token("--map-halo"), "text-halo-width": 1.6, "text-halo-blur": 0.4 };
  return [
    layer("place-names", "places", "symbol", {
      minzoom: 10.8, maxzoom: 14.5,
      layout: { "text-field": ["get", "name"], "text-size": 12, "text-font": REGULAR, "text-padding": 12 },
      paint: { "text-color": token("--map-county-label"), ...halo },
    }),
    layer("street-names", "streets", "symbol", {
      minzoom: 13, filter: classes("motorway", "trunk", "primary", "secondary"),
      layout: { "symbol-placement": "line", "symbol-spacing": 420, "text-field": ["get", "name"], "text-size": 11, "text-font": REGULAR },
      paint: { "text-color": token("--map-road-name"), ...halo },
    }),
    layer("water-names", "water", "symbol", {
      minzoom: 9.5, filter: ["has", "name"],
      layout: { "text-field": ["get", "name"], "text-size": 14, "text-padding": 40, "text-letter-spacing": 0.4, "text-font": REGULAR },
      paint: { "text-color": token("--map-water-name"), "text-halo-color": token("--map-sea"), "text-halo-width": 1.2 },
    }),
    layer("county-names", "county-labels", "symbol", {
      minzoom: 9.6, maxzoom: 15,
      layout: { "text-field": ["get", "name"], "text-size": 15, "text-letter-spacing": 0.25, "text-font": REGULAR, "text-padding": 8 },
      paint: { "text-color": token("--map-county-label"), ...halo },
    }),
  ];
}

/** @returns {Any} on top, so that it takes its place first */
const edgeLayer = () => ({ id: "edges", source: "edges", type: "symbol", layout: { "icon-image": EDGE_IMAGE, "icon-allow-overlap": true, "icon-padding": 0 } });

/** The whole style. @returns {Any} */
export function buildStyle() {
  const all = sources();
  const layers = [...groundLayers(), ...streetLayers(), ...lineLayers(), ...labelLayers(), ...siteLayers(BOLD, REGULAR), ...flowLayers(BOLD, REGULAR), edgeLayer()];
  return { version: 8, sources: all, layers: layers.filter((item) => !item.source || item.source in all) };
}
