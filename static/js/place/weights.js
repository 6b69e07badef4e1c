/** 调权重: what counts, how much better an outer place must be, which steps are tried. */
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { setState } from "../state.js";
import { stepName, STEPS } from "./steps.js";
import { scenarioName, solveAgain } from "./solve.js";
import { openDialog } from "./staff.js";
import { changeBook, freshId, place, shown } from "./store.js";

/** Usual figures, as geomap/domain/placement.py has them. */
const WEIGHTS = { placed: 1, priority: 0.5, growth: 0.2, chain: 0.1 };
const MARGINS = { other_county: 0.1, state_owned_park: 0.15 };

/** @param {string} name @param {string} text @param {string} note @param {number} value @param {number} most @returns {{name: string, input: HTMLInputElement, element: HTMLElement}} */
function slider(name, text, note, value, most) {
  const shownValue = h("output", { class: "number" }, value.toFixed(2));
  const input = h("input", { type: "range", min: 0, max: most, step: 0.01, value, "data-testid": `weight-${name}`, oninput: () => { shownValue.textContent = Number(input.value).toFixed(2); } });
  return { name, input, element: h("label", { class: "rule-row" }, h("span", { class: "rule-name" }, text, h("span", { class: "second" }, note)), input, shownValue) };
}

export function openWeights() {
  const one = shown();
  if (!one) return;
  const { policy } = one;
  const weights = Object.entries(WEIGHTS).map(([name, usual]) => slider(name, t(`place.weight_${name}`), t(`place.weight_${name}_note`), policy.weights?.[name] ?? usual, name === "placed" ? 5 : 2));
  const margins = Object.entries(MARGINS).map(([name, usual]) => slider(name, stepName(name), t("place.margin_note"), policy.margins?.[name] ?? usual, 1));
  const allowed = policy.steps ?? STEPS;
  const steps = STEPS.map((step) => ({ step, input: h("input", { type: "checkbox", checked: allowed.includes(step), "data-testid": `allow-${step}` }) }));
  const problem = h("p", { class: "warning", hidden: true, role: "alert" }, t("place.no_step"));

  /** @returns {PlacePolicy | null} null where no step is left */
  const chosen = () => {
    const left = steps.filter(({ input }) => input.checked).map(({ step }) => step);
    problem.hidden = left.length > 0;
    /** @param {{name: string, input: HTMLInputElement}[]} rows */
    const read = (rows) => Object.fromEntries(rows.map(({ name, input }) => [name, Number(input.value)]));
    return left.length ? { ...policy, weights: read(weights), margins: read(margins), steps: left } : null;
  };
  const set = (/** @type {{name: string, input: HTMLInputElement}[]} */ rows, /** @type {Dict<number>} */ usual) => rows.forEach(({ name, input }) => {
    input.value = String(usual[name]);
    input.dispatchEvent(new Event("input"));
  });
  const form = h("form", { class: "dialog-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); go(false); } },
    h("h3", {}, t("place.weights_title")), weights.map((row) => row.element),
    h("h3", {}, t("place.margins_title")), h("p", { class: "second" }, t("place.margins_note")), margins.map((row) => row.element),
    h("h3", {}, t("place.steps_title")), h("div", { class: "checks" }, steps.map(({ step, input }) => h("label", { class: "check" }, input, stepName(step)))), problem,
    h("div", { class: "dialog-actions" },
      h("button", { type: "button", class: "text-button", "data-testid": "weights-usual", onclick: () => { set(weights, WEIGHTS); set(margins, MARGINS); steps.forEach(({ input }) => (input.checked = true)); } }, t("place.usual")),
      h("button", { type: "button", class: "button", "data-testid": "weights-new", onclick: () => go(true) }, t("place.solve_new")),
      h("button", { type: "submit", class: "button filled", "data-testid": "weights-solve" }, t("place.solve_again"))));
  const dialog = openDialog(t("place.weights_of", { name: scenarioName(one) }), form, "weights-dialog");

  /** @param {boolean} anew into a scenario of its own */
  function go(anew) {
    const next = chosen();
    if (!next || !one) return;
    dialog.close();
    if (!anew) {
      solveAgain(one, next, t("place.does_weights"));
      return;
    }
    const copy = { ...one, id: freshId(), name: t("place.copy_name", { name: scenarioName(one), n: place.book.scenarios.length - 1 }), saved: null };
    changeBook({ scenarios: [...place.book.scenarios, copy] }, t("place.does_new"));
    setState({ allocation: copy.id }, { push: true, origin: "place" });
    solveAgain(copy, next, t("place.does_weights"));
  }
}
