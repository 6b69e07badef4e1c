/** What floats over the map: zoom, locate, layers, legend, scale, sources. */
import { boot, label } from "../boot.js";
import { byId, fill, h, isPhone } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { toast } from "../ui/dialog.js";
import { layerOf } from "./style.js";
import { COUNTY_ZOOM } from "./style_sites.js";

/** Switchable groups, whether each is on at first, and its style layers. The state names those that were switched. */
const GROUPS = [
  { id: "streets", on: true, layers: ["street-path", "street-minor", "street-named", "street-named-casing", "street-main", "street-main-casing", "street-motorway", "street-motorway-casing", "street-names"] },
  { id: "amenities", on: true, layers: ["amenities"] },
  { id: "sites", on: true, layers: ["other-sites"] },
  { id: "places", on: true, layers: ["place-names"] },
  { id: "counties", on: true, layers: ["counties-line", "counties-far", "county-names"] },
  { id: "zones", on: false, layers: ["zones-line"] },
];

export class Floats {
  /** @param {import("./view.js").MapView} view @param {() => void} changed the floats have another size now */
  constructor(view, changed) {
    this.changed = changed;
    this.view = view;
    this.legend = h("section", { class: "float legend", "aria-label": t("map.legend"), "data-testid": "legend" });
    this.layers = h("section", { class: "float layers", hidden: true, "aria-label": t("map.layers"), "data-testid": "layers" });
    this.swatches = h("ul", { class: "float swatches", "data-testid": "swatches" });
    this.scaleText = h("span", {});
    this.scale = h("div", { class: "scale", "aria-hidden": "true" }, this.scaleText);
    this.scale.hidden = true;
    fill(byId("map-floats"), this.layerButton(), this.layers, this.legend, this.swatches, this.tools());
    fill(byId("map-foot"), this.sources(), this.scale);
    view.onStyled((map) => this.bind(map));
    this.fillLayers();
  }

  /** @returns {HTMLElement} */
  layerButton() {
    this.button = h("button", {
      type: "button", class: "float layer-button", "aria-expanded": "false", "data-testid": "layers-toggle", "aria-label": t("map.layers"),
      onclick: () => {
        this.layers.hidden = !this.layers.hidden;
        this.button.setAttribute("aria-expanded", String(!this.layers.hidden));
        this.changed();
      },
    }, icon("layers"), h("span", {}, t("map.layers")));
    return this.button;
  }

  fillLayers() {
    const switched = state.layers.split(",");
    const rows = GROUPS.filter((group) => layerOf(group.id)).map((group) => h("label", { class: "check" }, h("input", {
      type: "checkbox", checked: group.on !== switched.includes(group.id), "data-testid": `layer-${group.id}`,
      onchange: () => this.toggle(group.id),
    }), h("span", { class: `layer-key layer-key-${group.id}`, "aria-hidden": "true" }, group.id === "places" ? "A" : ""), layerOf(group.id)?.title ?? group.id));
    fill(this.layers, rows);
  }

  /** @param {string} id */
  toggle(id) {
    const now = state.layers.split(",").filter(Boolean);
    const next = now.includes(id) ? now.filter((other) => other !== id) : [...now, id];
    setState({ layers: next.sort().join(",") }, { push: true, origin: "layers" });
  }

  /** Draw what the state says. */
  apply() {
    const switched = state.layers.split(",");
    for (const group of GROUPS) this.view.hide("switched off", group.layers, group.on === switched.includes(group.id));
  }

  onState() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.testid;
    this.fillLayers();
    this.apply();
    if (focused?.startsWith("layer-")) /** @type {HTMLElement | null} */ (this.layers.querySelector(`[data-testid="${focused}"]`))?.focus();
  }

  /** @returns {HTMLElement} */
  tools() {
    /** @param {string} name @param {string} text @param {() => void} act */
    const tool = (name, text, act) => h("button", { type: "button", class: "tool", "aria-label": text, title: text, "data-testid": `map-${name}`, onclick: act }, icon(name));
    return h("div", { class: "float tools" },
      tool("plus", t("map.zoom_in"), () => this.view.map?.zoomIn()),
      tool("minus", t("map.zoom_out"), () => this.view.map?.zoomOut()),
      tool("locate", t("map.locate"), () => this.locate()));
  }

  locate() {
    if (!navigator.geolocation) {
      toast(t("map.locate_failed"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      (found) => this.view.goTo([found.coords.longitude, found.coords.latitude], 14),
      () => toast(t("map.locate_failed")),
      { timeout: 8000, maximumAge: 60_000 });
  }

  /** @returns {HTMLElement} */
  sources() {
    const parts = [t("map.approval", { n: boot.approval_number || t("map.approval_none") }), boot.attribution].filter(Boolean);
    const button = h("button", {
      type: "button", class: "sources", "data-testid": "sources", "aria-expanded": "false", title: parts.join("\n"),
      onclick: () => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true")),
    }, parts.map((part) => h("span", {}, part)));
    return button;
  }

  /** @param {Any} map */
  bind(map) {
    this.apply();
    if (this.bound) return;
    this.bound = true;
    const follow = () => {
      this.drawScale(map);
      this.legend.classList.toggle("far", map.getZoom() < COUNTY_ZOOM);
    };
    map.on("move", follow);
    follow();
  }

  /** @param {Any} map */
  drawScale(map) {
    const perPixel = (156_543.034 / 2) * Math.cos((map.getCenter().lat * Math.PI) / 180) / 2 ** map.getZoom();
    const most = perPixel * (isPhone() ? 64 : 96);
    const power = 10 ** Math.floor(Math.log10(most));
    const metres = [5, 2, 1].map((step) => step * power).find((step) => step <= most) ?? power;
    this.scale.hidden = false;
    this.scale.style.width = `${metres / perPixel}px`;
    this.scaleText.textContent = metres >= 1000 ? `${number(metres / 1000)} km` : `${number(metres)} m`;
  }

  findLegend() {
    const circles = [5000, 2000, 500].map((size) => {
      const dot = h("span", { class: "legend-dot" });
      const across = 2 * Math.max(8.5, 0.248 * Math.sqrt(size));
      dot.style.width = `${across}px`;
      dot.style.height = `${across}px`;
      return h("li", {}, dot, h("span", { class: "unit" }, number(size)));
    });
    const keys = ["match", "count", "other", "facility", "venue"].map((name) => h("li", { class: name === "count" ? null : "near" }, h("span", { class: `key key-${name}` },
      name === "facility" ? icon("transit", "small") : name === "venue" ? icon("cafe", "small") : name === "count" ? "8" : ""), t(`legend.${name}`)));
    fill(this.legend, h("p", { class: "second near" }, t("legend.size")), h("ul", { class: "legend-sizes near" }, circles), h("ul", { class: "legend-keys" }, keys));
    fill(this.swatches);
    this.changed();
  }

  /** @param {string[]} texts one a class @param {string} missing category that the dots tell of @param {string} scenario its name while it is shown */
  coverageLegend(texts, missing, scenario) {
    const keys = missing
      ? [key("key-lacks", t("legend.lacks", { name: label("amenity_category", missing) })), key("key-reaches", t("legend.reaches"))]
      : [key("key-area", t("legend.mean")), key("key-site", t("legend.site"))];
    fill(this.legend, scenario ? h("p", { class: "legend-scenario", "data-testid": "legend-scenario" }, scenario) : null, h("p", { class: "strong legend-title" }, t("coverage.legend")), classes(texts.map((_, i) => `--seq-${i}`), texts), h("ul", { class: "legend-keys" }, keys));
    fill(this.swatches);
    this.changed();
  }

  /** @param {"standing" | "target"} kind @param {string[]} texts @param {{name: string, colour: string, text: string}[]} swatches units without a boundary */
  planLegend(kind, texts, swatches) {
    const scale = kind === "standing"
      ? [h("p", { class: "strong legend-title" }, t("plan.legend_standing")), classes([0, 1, 2, 3, 4].map((i) => `--div-${i}`), [t("plan.behind"), "", "±8", "", t("plan.ahead")])]
      : [h("p", { class: "strong legend-title" }, t("plan.legend_target")), classes([0, 1, 2, 3, 4].map((i) => `--seq-${i}`), texts)];
    const named = swatches.map((one) => {
      const box = h("span", { class: "swatch" });
      box.style.background = `var(${one.colour})`;
      return h("li", { "data-testid": "swatch" }, box, h("span", {}, one.name), h("b", {}, one.text), h("span", { class: "unit" }, t("plan.no_boundary")));
    });
    fill(this.legend, scale);
    fill(this.swatches, named);
    this.changed();
  }

  /** @param {HTMLElement[]} parts */
  placeLegend(parts) {
    fill(this.legend, parts);
    fill(this.swatches);
    this.changed();
  }

  /** @returns {boolean} whether there was something to close */
  closeLayers() {
    if (this.layers.hidden) return false;
    this.layers.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus();
    this.changed();
    return true;
  }
}

/** @param {string} name class @param {string} text @returns {HTMLElement} */
const key = (name, text) => h("li", {}, h("span", { class: `key ${name}` }), text);

/** @param {string[]} colours token names @param {string[]} texts one a colour @returns {HTMLElement} */
const classes = (colours, texts) => h("ul", { class: "classes" }, colours.map((colour, i) => {
  const box = h("span", { class: "class-box" });
  box.style.background = `var(${colour})`;
  return h("li", {}, box, h("span", { class: "unit" }, texts[i]));
}));
