/** The strip of allocations: what each reaches, beside first come, first served. */
import { fill, h } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState } from "../state.js";
import { fairnessOf } from "./compare.js";
import { openScenario } from "./scenario_dialog.js";
import { scoreText } from "./steps.js";
import { isWorking, modeName, scenarioName } from "./solve.js";
import { changeBook, freshId, place, shown, showScenario } from "./store.js";
import { openWeights } from "./weights.js";

/** @typedef {import("./store.js").Scenario} Scenario */

/** @param {number} value @param {number} digits @returns {string} with its sign, "" for nothing */
function signed(value, digits = 0) {
  const text = Math.abs(value).toFixed(digits);
  if (!Number(text)) return "";
  return `${value > 0 ? "+" : "−"}${digits ? text : number(Math.abs(value))}`;
}

/** Good is green, the rest is said without a colour. @param {string} value @param {string} unit @param {string} name @param {number | null} change @param {number} [digits] @param {boolean} [less] less is better @returns {HTMLElement} */
function figure(value, unit, name, change, digits = 0, less = false) {
  const text = change === null ? "" : signed(change, digits);
  return h("div", { class: "figure" }, h("dd", {}, h("b", {}, value), unit ? h("span", { class: "unit" }, unit) : null),
    h("dt", {}, name, text ? h("span", { class: text.startsWith(less ? "−" : "+") ? "change better" : "change" }, ` ${text}`) : null));
}

/** @param {PlaceFigures} own @param {PlaceFigures | null} base @param {number | null | undefined} worst @param {number | null | undefined} baseWorst @returns {HTMLElement} */
function figures(own, base, worst, baseWorst) {
  const share = (/** @type {PlaceFigures} */ one) => (one.local_share === null ? null : Math.round(100 * one.local_share));
  /** @param {number | null | undefined} a @param {number | null | undefined} b */
  const less = (a, b) => (base === null || a === null || a === undefined || b === null || b === undefined ? null : a - b);
  return h("dl", { class: "figures" },
    figure(`${number(own.placed)}/${number(own.projects)}`, "", t("place.placed"), less(own.placed, base?.placed)),
    figure(share(own) === null ? "—" : String(share(own)), "%", t("place.local"), less(share(own), base && share(base))),
    figure(scoreText(own.mean_score), "", t("place.mean"), less(own.mean_score, base?.mean_score), 2),
    figure(scoreText(worst), "", t("place.worst"), less(worst, baseWorst), 2, true),
    figure(number(own.area_m2), "㎡", t("place.area"), less(own.area_m2, base?.area_m2)));
}

/** @param {Scenario} one @returns {string} what was changed by hand, or what the mode does */
export function subtitle(one) {
  const { pins = [], forbids = [], reserved = [] } = one.policy;
  const parts = [pins.length ? t("place.n_pins", { n: pins.length }) : "", forbids.length ? t("place.n_forbids", { n: forbids.length }) : "", reserved.length ? t("place.n_reserved", { n: reserved.length }) : ""].filter(Boolean);
  if (one.saved?.adopted) parts.unshift(t("place.adopted"));
  return parts.length ? parts.join(" · ") : t(`place.mode_${one.mode}_note`);
}

export class Strip {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.seen = "";
  }

  render() {
    const { scenarios } = place.book;
    this.element.hidden = !scenarios.some((one) => one.answer);
    if (this.element.hidden) return;
    const first = scenarios.find((one) => one.answer)?.answer;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.testid;
    const inside = this.element.contains(document.activeElement);
    const scroller = [this.cards?.scrollLeft ?? 0, this.element.scrollLeft];
    this.cards = h("div", { class: "strip-cards", role: "radiogroup", "aria-label": t("place.strip") }, first ? baseline(first) : null, scenarios.map((one) => this.card(one)));
    fill(this.element, this.cards, this.tools());
    this.cards.scrollLeft = scroller[0];
    this.element.scrollLeft = scroller[1];
    if (inside && focused) /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-testid="${focused}"]`))?.focus();
  }

  /** Another one that is chosen is brought into sight. */
  reveal() {
    const now = shown()?.id ?? "";
    if (now !== this.seen) this.element.querySelector(".scenario-card.chosen")?.scrollIntoView({ block: "nearest", inline: "start" });
    this.seen = now;
  }

  /** @param {Scenario} one @returns {HTMLElement} */
  card(one) {
    const on = one.id === shown()?.id;
    const { answer } = one;
    const fair = answer ? fairnessOf(answer) : undefined;
    return h("div", { class: on ? "scenario-card chosen" : "scenario-card" },
      h("button", { type: "button", class: "scenario-open", role: "radio", "aria-checked": String(on), tabindex: on ? 0 : -1, "data-testid": `scenario-${one.id}`, onclick: () => showScenario(one.id), onkeydown: (/** @type {KeyboardEvent} */ event) => this.step(event) },
        h("span", { class: "scenario-head" }, h("span", { class: "radio", "aria-hidden": "true" }), h("b", {}, scenarioName(one)), one.name ? h("span", { class: "second mode" }, modeName(one.mode)) : null, h("span", { class: "second" }, subtitle(one))),
        answer ? figures(answer.objective, answer.objective.baseline ?? null, fair?.worst?.regret, fair?.greedy?.regret) : null),
      h("button", { type: "button", class: "icon-button scenario-more", "aria-label": t("place.scenario_more", { name: scenarioName(one) }), title: t("place.scenario_more", { name: scenarioName(one) }), "data-testid": `scenario-more-${one.id}`, onclick: () => openScenario(one.id) }, icon("more", "small")));
  }

  /** Left and right choose the one beside. @param {KeyboardEvent} event */
  step(event) {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const { scenarios } = place.book;
    const now = scenarios.findIndex((one) => one.id === shown()?.id);
    if (!by || now < 0) return;
    event.preventDefault();
    const next = scenarios[(now + by + scenarios.length) % scenarios.length];
    showScenario(next.id);
    /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-testid="scenario-${next.id}"]`))?.focus();
  }

  /** @returns {HTMLElement} */
  tools() {
    const busy = isWorking();
    return h("div", { class: "strip-tools" },
      h("button", { type: "button", class: "button", "data-testid": "scenario-new", disabled: busy, onclick: newScenario }, icon("plus", "small"), t("place.new_scenario")),
      h("button", { type: "button", class: "button", "data-testid": "weights-open", disabled: busy, onclick: () => openWeights() }, t("place.weights")));
  }
}

/** A copy of what is shown, to be changed. */
export function newScenario() {
  const one = shown();
  if (!one) return;
  const id = freshId();
  const name = t("place.copy_name", { name: scenarioName(one), n: place.book.scenarios.length - 1 });
  changeBook({ scenarios: [...place.book.scenarios, { ...one, id, name, saved: null }] }, t("place.does_new"));
  setState({ allocation: id }, { push: true, origin: "place" });
  openScenario(id, true);
}

/** First come, first served: what the others are measured by. @param {PlaceAnswer} answer @returns {HTMLElement | null} */
function baseline(answer) {
  const own = answer.objective.baseline;
  if (!own) return null;
  return h("div", { class: "scenario-card base", "data-testid": "baseline" }, h("div", { class: "scenario-open" },
    h("span", { class: "scenario-head" }, h("b", {}, t("place.baseline")), h("span", { class: "second" }, t("place.baseline_note"))), figures(own, null, fairnessOf(answer)?.greedy?.regret, null)));
}
