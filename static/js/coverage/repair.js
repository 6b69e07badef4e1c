/** 补点: where the next facilities close most gaps, before and after, and into a scenario. */
import { isAbort, Latest } from "../api.js";
import { boot, CATEGORIES, county, label } from "../boot.js";
import { fill, h } from "../dom.js";
import { distance, number } from "../format.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { postLong } from "../stream.js";
import { failure } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { placeOfSite, profileInUse, view } from "./data.js";
import { addEdits, editsInUse } from "./edits.js";
import { pointsOf } from "../site/suggestion.js";
import { categoryIcon } from "./gaps.js";

const WEIGHTS = ["sites", "tenants", "jobs"];
const MOST = 50;

/** @typedef {{category: string, k: number, weight: string, exact: boolean, counties: string[]}} RepairForm */

/** @param {string} text category:k:weight:mode:counties @returns {RepairForm} */
function parseForm(text) {
  const [category, k, weight, mode, counties = ""] = text.split(":");
  const count = Number(k);
  return {
    category: CATEGORIES.includes(category) ? category : "", k: Number.isInteger(count) && count >= 1 && count <= MOST ? count : 3,
    weight: WEIGHTS.includes(weight) ? weight : "sites", exact: mode === "exact", counties: counties.split("+").filter((code) => county(code)),
  };
}

/** @param {RepairForm} form */
const formText = (form) => [form.category, form.k, form.weight, form.exact ? "exact" : "greedy", form.counties.join("+")].join(":");

export class Repair {
  /** @param {import("../map/planner.js").PlannerMap} map */
  constructor(map) {
    this.map = map;
    this.latest = new Latest();
    this.form = h("form", { class: "repair-form", "data-testid": "repair-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.run(); } });
    this.result = h("div", { "aria-live": "polite" });
    this.element = h("div", { class: "repair", "data-testid": "repair" }, this.form, this.result);
    /** @type {RepairAnswer | null} */
    this.answer = null;
    this.asked = "";
    this.running = false;
    this.chosen = 0;
  }

  /** The category that most sites lack, unless one is asked for. @returns {RepairForm} */
  read() {
    const form = parseForm(state.repair);
    if (form.category) return form;
    const missing = view.answer?.counties.missing ?? [];
    return { ...form, category: state.missing || missing[0]?.category || CATEGORIES[0] };
  }

  render() {
    this.drawForm();
    const key = `${profileInUse()?.id} ${state.repair}`;
    if (state.repair && key !== this.asked && !this.running) this.ask();
    else if (!state.repair && !this.running) fill(this.result, h("div", { class: "empty" }, h("h2", {}, t("repair.idle")), h("p", { class: "second" }, t("repair.idle_note"))));
    this.drawMap();
  }

  drawForm() {
    const form = this.read();
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.testid;
    const missing = new Map((view.answer?.counties.missing ?? []).map((item) => [item.category, item.sites]));
    /** @param {Partial<RepairForm>} patch */
    const change = (patch) => { this.draftForm = { ...(this.draftForm ?? form), ...patch }; };
    this.draftForm = form;
    const named = CATEGORIES.filter((name) => missing.has(name));
    fill(this.form,
      h("div", { class: "form-grid" },
        h("label", { class: "field" }, h("span", { class: "field-name" }, t("repair.category")), h("select", { "data-testid": "repair-category", value: form.category, onchange: (/** @type {Any} */ event) => change({ category: event.target.value }) },
          named.map((name) => h("option", { value: name, selected: name === form.category }, `${label("amenity_category", name)} ${t("repair.lack", { n: number(missing.get(name) ?? 0) })}`)))),
        h("label", { class: "field" }, h("span", { class: "field-name" }, t("repair.k")), h("input", { type: "number", min: 1, max: MOST, step: 1, required: true, value: form.k, "data-testid": "repair-k", oninput: (/** @type {Any} */ event) => change({ k: Number(event.target.value) }) })),
        h("label", { class: "field" }, h("span", { class: "field-name" }, t("filter.counties")), h("select", { "data-testid": "repair-county", onchange: (/** @type {Any} */ event) => change({ counties: event.target.value ? [event.target.value] : [] }) },
          h("option", { value: "" }, t("gaps.all_counties")), boot.counties.map((item) => h("option", { value: item.adcode, selected: form.counties[0] === item.adcode }, boot.lang === "zh" ? item.name : item.short)))),
        h("label", { class: "field" }, h("span", { class: "field-name" }, t("repair.weight")), h("select", { "data-testid": "repair-weight", onchange: (/** @type {Any} */ event) => change({ weight: event.target.value }) },
          WEIGHTS.map((name) => h("option", { value: name, selected: name === form.weight }, t(`repair.weight_${name}`)))))),
      h("label", { class: "check" }, h("input", { type: "checkbox", checked: form.exact, "data-testid": "repair-exact", onchange: (/** @type {Any} */ event) => change({ exact: event.target.checked }) }), h("span", {}, t("repair.exact"))),
      h("button", { type: "submit", class: "button filled", "data-testid": "repair-run" }, t("repair.run")));
    if (focused?.startsWith("repair-")) /** @type {HTMLElement | null} */ (this.form.querySelector(`[data-testid="${focused}"]`))?.focus();
  }

  run() {
    const text = formText(this.draftForm ?? this.read());
    this.asked = "";
    if (text === state.repair) this.ask();
    else setState({ repair: text, missing: (this.draftForm ?? this.read()).category }, { push: true, origin: "repair" });
  }

  async ask() {
    const form = this.read();
    const profile = profileInUse()?.id ?? "";
    this.asked = `${profile} ${state.repair}`;
    this.running = true;
    this.chosen = 0;
    const began = Date.now();
    const bar = h("progress", { max: 1, value: 0, "data-testid": "repair-progress", "aria-label": t("word.progress") });
    const stage = h("span", { class: "second" }, t("word.loading"));
    fill(this.result, h("div", { class: "working" }, bar, h("div", { class: "working-row" }, stage, h("button", { type: "button", class: "button", "data-testid": "repair-cancel", onclick: () => this.cancel() }, t("word.cancel")))));
    const body = { category: form.category, k: form.k, profile, weight: form.weight, mode: form.exact ? "exact" : "greedy", counties: form.counties, added: editsInUse().add_amenities.map(({ category, lon, lat }) => ({ category, lon, lat })) };
    try {
      this.answer = await postLong("/api/v1/coverage/repair", body, this.latest.start(), (step) => {
        bar.value = step.share;
        stage.textContent = t("word.working", { stage: step.stage, n: number((Date.now() - began) / 1000) });
      });
      this.running = false;
      this.draw();
    } catch (error) {
      this.running = false;
      this.answer = null;
      if (isAbort(error)) return;
      fill(this.result, failure(error, () => this.ask()));
    }
    this.drawMap();
  }

  cancel() {
    this.latest.stop();
    this.running = false;
    this.answer = null;
    fill(this.result, h("div", { class: "empty", "data-testid": "repair-cancelled" }, h("h2", {}, t("repair.cancelled")), h("p", { class: "second" }, t("repair.cancelled_note"))));
    this.drawMap();
  }

  draw() {
    const { answer } = this;
    if (!answer) return;
    const { gaps_before: before, gaps_after: after, places } = answer;
    const word = t(`repair.unit_${answer.weight}`);
    if (!before.sites || !places.length) {
      fill(this.result, h("div", { class: "empty", "data-testid": "repair-none" }, h("h2", {}, t(before.sites ? "repair.no_place" : "repair.no_gap")), h("p", { class: "second" }, t(before.sites ? "repair.no_place_note" : "repair.no_gap_note"))));
      return;
    }
    fill(this.result, h("section", { class: "task-part" },
      h("p", { class: "headline" }, h("b", { "data-testid": "repair-after" }, `${number(before.weight)} → ${number(after.weight)}`), h("span", {}, t("repair.headline", { unit: word, k: number(places.length) }))),
      beforeAfter(before.weight, after.weight),
      h("p", { class: "second", "data-testid": "repair-bound" }, boundWords(answer)),
      answer.unweighted ? h("p", { class: "second" }, t("repair.unweighted", { n: number(answer.unweighted) })) : null,
      answer.unreachable.length ? h("p", { class: "second" }, t("repair.unreachable", { n: number(answer.unreachable.length) })) : null),
    h("ol", { class: "repair-places", "data-testid": "repair-places" }, places.map((place) => this.place(place))),
    h("div", { class: "panel-actions" },
      h("button", { type: "button", class: "button filled", "data-testid": "repair-adopt", onclick: () => this.adopt() }, t("repair.adopt", { n: number(places.length) }))));
  }

  /** @param {RepairPlace} place @returns {HTMLElement} */
  place(place) {
    const on = place.rank === this.chosen;
    const where = [place.street, place.near].filter(Boolean).join(" · ") || `${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`;
    return h("li", { class: on ? "repair-place chosen" : "repair-place" },
      h("button", { type: "button", class: "repair-open", "aria-expanded": String(on), "data-testid": `place-${place.rank}`, onclick: () => this.choose(on ? 0 : place.rank) },
        h("span", { class: "disc" }, place.rank), h("span", { class: "repair-where" }, h("b", {}, where), h("span", { class: "second" }, t("repair.closes", { n: number(place.closes.sites) }))), categoryIcon(this.answer?.category ?? "")),
      on ? h("ul", { class: "plain-rows", "data-testid": "served" }, place.sites.map((site) => h("li", {}, h("button", { type: "button", class: "text-button plain", onclick: () => setState({ site: site.id, unit: "", point: null }, { push: true, origin: "coverage" }) }, site.name),
        h("span", { class: "second" }, t("repair.site", { m: distance(site.walk_m), before: site.score_before, after: site.score_after }))))) : null);
  }

  /** @param {number} rank */
  choose(rank) {
    this.chosen = rank;
    this.draw();
    this.drawMap();
    const place = this.answer?.places.find((one) => one.rank === rank);
    if (place) this.map.fit(pointsOf([place]));
  }

  adopt() {
    const places = this.answer?.places ?? [];
    const category = this.answer?.category ?? "";
    if (addEdits({ add_amenities: places.map(({ lon, lat }) => ({ category, lon, lat })) })) {
      toast(t("repair.adopted", { n: places.length }));
      setState({ view: "scenario" }, { push: true, origin: "repair" });
    } else toast(t("scenario.too_many"));
  }

  drawMap() {
    if (state.task !== "coverage" || state.view !== "repair") return;
    if (!this.answer || this.running) this.map.clear();
    else this.map.places(this.answer.places, placeOfSite, this.chosen, (rank) => this.choose(rank));
  }
}

/** @param {RepairAnswer} answer @returns {string} */
function boundWords(answer) {
  const closed = answer.gaps_before.weight - answer.gaps_after.weight;
  if (answer.proven) return t("repair.proven", { n: number(closed) });
  return t("repair.bound", { n: number(closed), bound: number(answer.bound), share: number(answer.bound ? (100 * closed) / answer.bound : 100) });
}

/** @param {number} before @param {number} after @returns {HTMLElement} */
function beforeAfter(before, after) {
  const rest = h("span", { class: "bar-fill late" });
  rest.style.width = `${before ? (100 * after) / before : 0}%`;
  return h("span", { class: "bar-track before-after", "aria-hidden": "true" }, rest);
}
