/** Quick filters: kinds, counties, rent and area, with the count each would leave. */
import { boot, label, values } from "../boot.js";
import { fill, h } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { boundsText } from "./demand_words.js";
import { tidy } from "./demand_url.js";
import { RangeHistogram } from "./histogram.js";

/** @param {Demand} patch */
const change = (patch) => setState({ demand: tidy({ ...state.demand, ...patch }) }, { push: true, origin: "filter" });

/** @param {"unit_kinds" | "counties"} field @param {string} value */
function toggle(field, value) {
  const now = state.demand[field] ?? [];
  change({ [field]: now.includes(value) ? now.filter((other) => other !== value) : [...now, value] });
}

/** @param {"unit_kinds" | "counties"} field @param {string} value @param {string} text @param {number | undefined} count */
function countChip(field, value, text, count) {
  const on = (state.demand[field] ?? []).includes(value);
  return h("button", {
    type: "button", class: `chip count-chip${count === 0 ? " none" : ""}`, "aria-pressed": String(on),
    "data-testid": `${field}-${value}`, title: count === 0 && !on ? t("filter.would_empty") : null,
    onclick: () => toggle(field, value),
  }, h("span", {}, text), count === undefined ? null : h("span", { class: "chip-count" }, number(count)));
}

export class Filters {
  constructor() {
    /** @type {Facets | undefined} */
    this.facets = undefined;
    this.open = Boolean(state.demand.counties?.length);
    this.rent = new RangeHistogram({
      id: "rent", title: t("filter.rent"), unit: t("filter.rent_unit"), two: false,
      text: ({ high }) => (high === undefined ? t("range.open") : t("filter.rent_value", { n: number(high, 1) })),
      choose: ({ high }) => change({ rent_cny_m2_month_max: high }),
    });
    this.area = new RangeHistogram({
      id: "area", title: t("filter.area"), unit: "㎡", two: true,
      text: ({ low, high }) => (low === undefined && high === undefined ? t("range.open") : boundsText({ min: low, max: high })),
      choose: ({ low, high }) => change({ area_m2: { min: low, max: high } }),
    });
    this.kinds = h("div", { class: "chips even", role: "group", "aria-label": t("filter.kinds") });
    this.counties = h("div", { class: "chips", role: "group", "aria-label": t("filter.counties") });
    this.countyButton = h("button", { type: "button", class: "disclose", "data-testid": "counties-toggle", onclick: () => this.disclose() });
    this.element = h("div", { class: "filters", "data-testid": "filters" },
      h("div", { class: "ranges" }, this.rent.element, this.area.element), this.kinds, this.countyButton, this.counties);
    this.sync();
  }

  disclose() {
    this.open = !this.open;
    this.sync();
  }

  /** @param {Facets | undefined} facets */
  update(facets) {
    if (facets) this.facets = facets;
    this.sync();
  }

  sync() {
    const { demand } = state;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.testid;
    const none = { edges: [], counts: [] };
    this.rent.update(this.facets?.rent ?? none, { low: undefined, high: demand.rent_cny_m2_month_max });
    this.area.update(this.facets?.area ?? none, { low: demand.area_m2?.min, high: demand.area_m2?.max });
    fill(this.kinds, values("unit_kind").map((kind) => countChip("unit_kinds", kind, label("unit_kind", kind), this.facets ? (this.facets.unit_kinds[kind] ?? 0) : undefined)));
    const chosen = boot.counties.filter((item) => demand.counties?.includes(item.adcode));
    const text = chosen.length ? chosen.map((item) => item.short).join(t("word.comma")) : t("filter.any_county");
    fill(this.countyButton, h("span", { class: "disclose-name" }, t("filter.counties")), h("span", { class: "disclose-value" }, text), icon("chevron", "small"));
    this.countyButton.setAttribute("aria-expanded", String(this.open));
    this.counties.hidden = !this.open;
    fill(this.counties, boot.counties.map((item) => countChip("counties", item.adcode, item.short, this.facets ? (this.facets.counties[item.adcode] ?? 0) : undefined)));
    if (focused && this.element.contains(document.activeElement) === false) {
      /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-testid="${CSS.escape(focused)}"]`))?.focus();
    }
  }
}
