/** 说需求: the form of a demand. It writes the state; the state writes it. */
import { boot, CATEGORIES, label, values } from "../boot.js";
import { debounce, h } from "../dom.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { REQUIRED_FLAGS, REQUIRED_MEASURES, tidy } from "./demand_url.js";

/** @type {Dict<{read: (demand: Demand) => any, write: (value: any, demand: Demand) => Demand}>} */
const FIELDS = {
  stage: plain("stage"),
  industry: plain("industry"),
  headcount: plain("headcount"),
  rent: plain("rent_cny_m2_month_max"),
  budget: plain("budget_cny_month_max"),
  move_in: plain("move_in"),
  area_min: { read: (d) => d.area_m2?.min, write: (v, d) => ({ area_m2: { ...d.area_m2, min: v } }) },
  area_max: { read: (d) => d.area_m2?.max, write: (v, d) => ({ area_m2: { ...d.area_m2, max: v } }) },
  permitted_use: { read: (d) => d.requires?.permitted_use, write: (v, d) => requires("permitted_use", v, d) },
};
for (const name of REQUIRED_MEASURES) FIELDS[name] = { read: (d) => d.requires?.[name], write: (v, d) => requires(name, v, d) };

/** @param {keyof Demand} name */
function plain(name) {
  return { read: (/** @type {Demand} */ d) => d[name], write: (/** @type {any} */ v) => ({ [name]: v }) };
}

/** @param {string} name @param {any} value @param {Demand} demand @returns {Demand} */
const requires = (name, value, demand) => ({ requires: { ...demand.requires, [name]: value } });

/** @param {Demand} patch */
const change = (patch) => setState({ demand: tidy({ ...state.demand, ...patch }) }, { origin: "form" });

/** What was typed in which field and is not in the state yet: two fields may follow each other quickly. @type {Map<string, any>} */
const typed = new Map();

const writeTyped = debounce(() => {
  let demand = state.demand;
  for (const [name, value] of typed) demand = { ...demand, ...FIELDS[name].write(value, demand) };
  typed.clear();
  setState({ demand: tidy(demand) }, { origin: "form" });
}, 250);

/** @param {string} name @param {any} value */
function changeSoon(name, value) {
  typed.set(name, value);
  writeTyped();
}

/** @param {HTMLInputElement | HTMLSelectElement} input @returns {any} */
function valueOf(input) {
  if (input instanceof HTMLInputElement && input.type === "number") {
    const value = Number(input.value);
    return input.value && Number.isFinite(value) && value > 0 ? value : undefined;
  }
  return input.value || undefined;
}

/** @param {string} name @param {string} text @param {HTMLElement} control @returns {HTMLElement} */
const labelled = (name, text, control) => h("label", { class: "field", for: `f-${name}` }, h("span", { class: "field-name" }, text), control);

/** @param {string} name @param {string} text @param {string} unit @param {Dict<any>} [extra] @returns {HTMLElement} */
function numberField(name, text, unit, extra = {}) {
  const input = h("input", {
    id: `f-${name}`, "data-field": name, "data-testid": `field-${name}`, type: "number", inputmode: "decimal", min: 0, step: "any", ...extra,
    oninput: (/** @type {Event} */ event) => changeSoon(name, valueOf(/** @type {any} */ (event.target))),
  });
  return labelled(name, text, h("span", { class: "with-unit" }, input, h("span", { class: "unit" }, unit)));
}

/** @param {string} name @param {string} text @param {Node[]} options @returns {HTMLElement} */
function selectField(name, text, options) {
  const select = h("select", {
    id: `f-${name}`, "data-field": name, "data-testid": `field-${name}`,
    onchange: (/** @type {Event} */ event) => change(FIELDS[name].write(valueOf(/** @type {any} */ (event.target)), state.demand)),
  }, h("option", { value: "" }, t("demand.any")), options);
  return labelled(name, text, select);
}

/** @returns {Node[]} */
function industryOptions() {
  const sectors = boot.industries.filter((item) => !item.parent);
  return sectors.map((sector) => {
    const children = boot.industries.filter((item) => item.parent === sector.id);
    const options = [sector, ...children].map((item) => h("option", { value: item.id }, item.name));
    return h("optgroup", { label: sector.name }, options);
  });
}

/** @param {string} group @returns {Node[]} */
const wordOptions = (group) => values(group).map((value) => h("option", { value }, label(group, value)));

/**
 * Chips of which several can be on.
 * @param {"services" | "platforms" | "amenities"} field @param {string[]} options @param {string} group @returns {HTMLElement}
 */
function manyOf(field, options, group) {
  const chips = options.map((value) => h("button", {
    type: "button", class: "chip", "aria-pressed": "false", "data-many": `${field}:${value}`, "data-testid": `${field}-${value}`,
    onclick: () => {
      const now = state.demand[field] ?? [];
      change({ [field]: now.includes(value) ? now.filter((other) => other !== value) : [...now, value] });
    },
  }, label(group, value)));
  return h("div", { class: "chips" }, chips);
}

/** @returns {HTMLElement} */
function flags() {
  const chips = REQUIRED_FLAGS.map((name) => h("button", {
    type: "button", class: "chip", "aria-pressed": "false", "data-flag": name, "data-testid": `require-${name}`,
    onclick: () => change(requires(name, state.demand.requires?.[name] ? undefined : true, state.demand)),
  }, t(`require.${name}`)));
  return h("div", { class: "chips" }, chips);
}

/** @param {string} name @param {string} title @param {...HTMLElement} children @returns {HTMLElement} */
const part = (name, title, ...children) =>
  h("details", { class: "form-part", "data-testid": `part-${name}` }, h("summary", {}, title, h("span", { class: "part-count unit", "data-count": name })), ...children);

/** @param {{place: HTMLElement, weights: HTMLElement}} more parts that draw themselves @returns {HTMLElement} */
export function buildForm(more) {
  const date = h("input", {
    id: "f-move_in", type: "date", "data-field": "move_in", "data-testid": "field-move_in",
    onchange: (/** @type {Event} */ event) => change({ move_in: valueOf(/** @type {any} */ (event.target)) }),
  });
  const grid = h("div", { class: "form-grid" },
    selectField("stage", t("demand.stage"), wordOptions("stage")),
    selectField("industry", t("demand.industry"), industryOptions()),
    numberField("headcount", t("demand.headcount"), t("demand.people"), { step: 1 }),
    labelled("move_in", t("demand.move_in"), date),
    numberField("area_min", t("demand.area_min"), "㎡"),
    numberField("area_max", t("demand.area_max"), "㎡"),
    numberField("rent", t("demand.rent"), t("demand.rent_unit")),
    numberField("budget", t("demand.budget"), t("demand.budget_unit")));
  const measures = h("div", { class: "form-grid" },
    REQUIRED_MEASURES.map((name) => numberField(name, t(`require.${name}`), t(`require_unit.${name}`))),
    selectField("permitted_use", t("require.permitted_use"), wordOptions("permitted_use")));
  return h("form", { class: "demand-form", "data-testid": "demand-form", onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
    grid,
    part("amenities", t("demand.amenities"), manyOf("amenities", CATEGORIES, "amenity_category")),
    part("services", t("demand.services"), manyOf("services", values("service"), "service"), manyOf("platforms", values("platform"), "platform")),
    part("place", t("demand.place"), more.place),
    part("requires", t("demand.requires"), measures, flags()),
    part("weights", t("weights.title"), more.weights));
}

/** Show the state's demand in the form, not touching the field being typed in. @param {HTMLElement} form */
export function syncForm(form) {
  const demand = state.demand;
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-field]"))) {
    if (input === document.activeElement && input.type === "number") continue;
    input.value = String(FIELDS[input.dataset.field ?? ""]?.read(demand) ?? "");
  }
  for (const chip of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-many]"))) {
    const [field, value] = (chip.dataset.many ?? "").split(":");
    const chosen = /** @type {string[]} */ (/** @type {any} */ (demand)[field] ?? []);
    chip.setAttribute("aria-pressed", String(chosen.includes(value)));
  }
  for (const chip of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-flag]"))) {
    chip.setAttribute("aria-pressed", String(Boolean(demand.requires?.[chip.dataset.flag ?? ""])));
  }
  /** @type {Dict<number>} */
  const counts = { amenities: demand.amenities?.length ?? 0, services: (demand.services?.length ?? 0) + (demand.platforms?.length ?? 0), place: [demand.near, demand.within, demand.combine_adjacent].filter(Boolean).length, weights: Object.keys(demand.weights ?? {}).length, requires: Object.keys(demand.requires ?? {}).length };
  for (const mark of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-count]"))) {
    const count = counts[mark.dataset.count ?? ""];
    mark.textContent = count ? String(count) : "";
  }
}
