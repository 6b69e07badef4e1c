/** Flows of an allocation: arcs, heads, places, and what is chosen on top of all. */
import { EDGE_IMAGE } from "./edges.js";
import { token } from "./theme.js";

/** @type {PlaceStep[]} */
export const STEPS = ["local", "other_county", "state_owned_park", "custom_build"];
export const FLOW_SOURCES = ["flows", "flow-ends", "flow-places", "flow-counts", "flow-hover", "flow-chosen", "flow-chosen-end"];
const LINES = STEPS.map((step) => `flow-${step}`);
export const FLOW_LAYERS = [...LINES, "flow-hit", "flow-heads", "flow-stays", "flow-from", "flow-to", "flow-place-names", "flow-counts", "flow-count-text",
  "flow-county-names", "flow-count-room", "flow-hover-casing", "flow-hover", "flow-chosen-casing", "flow-chosen", "flow-chosen-custom", "flow-chosen-head", "flow-chosen-ring"];
export const FLOW_LINES = LINES;

/** @param {string} step @returns {string} */
export const stepToken = (step) => `--step-${{ local: "local", other_county: "other", state_owned_park: "park", custom_build: "custom" }[step] ?? "custom"}`;

/** @param {string} colour as #rrggbb @param {number} share @returns {string} */
function pale(colour, share) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return `rgba(${r}, ${g}, ${b}, ${share})`;
}

/** Wide where much is moved. @param {number} more px @returns {Any} */
const width = (more = 0) => ["+", more, ["interpolate", ["linear"], ["sqrt", ["max", 0, ["get", "area"]]], 10, 1.6, 90, 4]];

/** Pale where it starts, full where it ends. @param {string} step @returns {Any} */
const gradient = (step) => ["interpolate", ["linear"], ["line-progress"], 0, pale(token(stepToken(step)), 0.24), 1, pale(token(stepToken(step)), 0.92)];

/** @returns {Any} colour of a feature's step */
const colour = () => ["match", ["get", "step"], ...STEPS.slice(0, 3).flatMap((step) => [step, token(stepToken(step))]), token(stepToken("custom_build"))];

/** @returns {Any} px */
const dot = () => ["interpolate", ["linear"], ["sqrt", ["get", "area"]], 10, 3.5, 90, 6.5];

/** @returns {Any[]} */
function lines() {
  const shape = { "line-cap": "butt", "line-join": "round" };
  return [
    ...STEPS.map((step) => ({
      id: `flow-${step}`, source: "flows", type: "line", filter: ["==", ["get", "step"], step], layout: shape,
      paint: { "line-width": width(), "line-gradient": gradient(step), ...(step === "custom_build" ? { "line-dasharray": [1, 1.1] } : {}) },
    })),
    // Unseen and wide: thin lines are hard to hit.
    { id: "flow-hit", source: "flows", type: "line", paint: { "line-width": width(8), "line-opacity": 0.001 } },
    { id: "flow-heads", source: "flow-ends", type: "symbol",
      layout: { "icon-image": ["concat", "head-", ["get", "step"]], "icon-rotate": ["get", "bearing"], "icon-offset": [0, 9], "icon-allow-overlap": true, "icon-ignore-placement": true } },
  ];
}

/** @param {string[]} regular @returns {Any[]} */
function places(regular) {
  const kind = (/** @type {string} */ name) => ["==", ["get", "kind"], name];
  return [
    { id: "flow-stays", source: "flow-places", type: "circle", filter: ["get", "stays"],
      paint: { "circle-radius": 11, "circle-color": token("--surface"), "circle-opacity": 0.85, "circle-stroke-width": 2.2, "circle-stroke-color": token("--step-local") } },
    { id: "flow-from", source: "flow-places", type: "circle", filter: kind("from"),
      paint: { "circle-radius": 3.5, "circle-color": token("--surface"), "circle-stroke-width": 1.4, "circle-stroke-color": token("--ink2") } },
    { id: "flow-to", source: "flow-places", type: "circle", filter: kind("to"),
      paint: { "circle-radius": dot(), "circle-color": token("--ink"), "circle-stroke-width": 1.4, "circle-stroke-color": token("--surface") } },
    { id: "flow-place-names", source: "flow-places", type: "symbol", minzoom: 9,
      layout: { "text-field": ["get", "name"], "text-size": 12, "text-font": regular, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.8, "text-justify": "auto", "text-max-width": 12,
        "symbol-sort-key": ["-", 0, ["get", "area"]], "text-padding": 3 },
      paint: { "text-color": token("--ink"), "text-halo-color": token("--map-site-halo"), "text-halo-width": 1.8 } },
  ];
}

const [LEAST, MOST] = [9, 20];

/** Radius of a count. @param {number} n @returns {number} px */
export const countSize = (n) => LEAST + (Math.min(Math.max(Math.sqrt(n) - 1, 0), 14) * (MOST - LEAST)) / 14;

/** @param {string[]} bold @param {string[]} regular @returns {Any[]} */
function counts(bold, regular) {
  return [
    { id: "flow-county-names", source: "county-labels", type: "symbol", maxzoom: 9.6,
      layout: { "text-field": ["get", "name"], "text-size": 13, "text-letter-spacing": 0.2, "text-font": regular, "text-padding": 4, "text-variable-anchor-offset": ["literal", ["top", [0, 1.6], "bottom", [0, -1.6], "left", [1.8, 0], "right", [-1.8, 0], "center", [0, 0]]] },
      paint: { "text-color": token("--map-county-label"), "text-halo-color": token("--map-halo"), "text-halo-width": 1.6, "text-halo-blur": 0.4 } },
    { id: "flow-counts", source: "flow-counts", type: "circle",
      paint: { "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "n"]], 1, LEAST, 15, MOST], "circle-color": token("--surface"), "circle-stroke-width": 2, "circle-stroke-color": colour() } },
    // Unseen, as large as the circle: no name is written across a count.
    { id: "flow-count-room", source: "flow-counts", type: "symbol",
      layout: { "icon-image": EDGE_IMAGE, "icon-size": ["interpolate", ["linear"], ["sqrt", ["get", "n"]], 1, LEAST / 10, 15, MOST / 10], "icon-padding": 0, "icon-allow-overlap": true } },
    { id: "flow-count-text", source: "flow-counts", type: "symbol",
      layout: { "text-field": ["to-string", ["get", "n"]], "text-size": 12, "text-font": bold, "text-allow-overlap": true, "text-ignore-placement": true }, paint: { "text-color": token("--ink") } },
  ];
}

/** @returns {Any[]} */
function chosen() {
  const round = { "line-cap": "round", "line-join": "round" };
  const built = ["==", ["get", "step"], "custom_build"];
  return [
    { id: "flow-hover-casing", source: "flow-hover", type: "line", layout: round, paint: { "line-color": token("--surface"), "line-width": width(4) } },
    { id: "flow-hover", source: "flow-hover", type: "line", layout: round, paint: { "line-color": colour(), "line-width": width(0.6) } },
    { id: "flow-chosen-casing", source: "flow-chosen", type: "line", layout: round, paint: { "line-color": token("--surface"), "line-width": width(6) } },
    { id: "flow-chosen", source: "flow-chosen", type: "line", filter: ["!", built], layout: round, paint: { "line-color": colour(), "line-width": width(1.2) } },
    { id: "flow-chosen-custom", source: "flow-chosen", type: "line", filter: built, paint: { "line-color": colour(), "line-width": width(1.2), "line-dasharray": [1, 1.1] } },
    { id: "flow-chosen-head", source: "flow-chosen-end", type: "symbol", filter: ["has", "bearing"],
      layout: { "icon-image": ["concat", "head-", ["get", "step"]], "icon-size": 1.3, "icon-rotate": ["get", "bearing"], "icon-offset": [0, 11], "icon-allow-overlap": true, "icon-ignore-placement": true } },
    { id: "flow-chosen-ring", source: "flow-chosen-end", type: "circle",
      paint: { "circle-radius": 7, "circle-color": token("--ink"), "circle-stroke-width": 3, "circle-stroke-color": token("--surface") } },
  ];
}

/** @param {string[]} bold @param {string[]} regular @returns {Any[]} not drawn until the task is chosen */
export function flowLayers(bold, regular) {
  return [...lines(), ...places(regular), ...counts(bold, regular), ...chosen()].map((item) => ({ ...item, layout: { ...item.layout, visibility: "none" } }));
}

/** The head of a flow, pointing up. @param {string} step @returns {{data: ImageData, pixelRatio: number} | null} */
export function headImage(step) {
  const [size, ratio] = [10, 3];
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * ratio;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.scale(ratio, ratio);
  pen.beginPath();
  pen.moveTo(5, 0.8);
  pen.lineTo(8.8, 9.2);
  pen.lineTo(5, 7.4);
  pen.lineTo(1.2, 9.2);
  pen.closePath();
  pen.fillStyle = token(stepToken(step));
  pen.fill();
  return { data: pen.getImageData(0, 0, canvas.width, canvas.height), pixelRatio: ratio };
}
