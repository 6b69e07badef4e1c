/** What counts how much: one slider a criterion; the points of every card follow. */
import { boot, label } from "../boot.js";
import { debounce, fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { tidy } from "./demand_url.js";

const MOST = 40;

const write = debounce((/** @type {Dict<number> | undefined} */ weights) => setState({ demand: tidy({ ...state.demand, weights }) }, { origin: "form" }), 120);

export class Weights {
  constructor() {
    this.rows = h("div", { class: "weights" });
    this.foot = h("div", {});
    this.element = h("div", {}, this.rows, this.foot);
  }

  render() {
    const own = state.demand.weights ?? {};
    // A slider that is being moved stays the one that it is.
    if (!this.rows.contains(document.activeElement)) fill(this.rows, Object.entries(boot.weights).map(([name, usual]) => this.row(name, own[name] ?? usual, usual)));
    fill(this.foot, Object.keys(own).length ? h("button", { type: "button", class: "text-button", "data-testid": "weights-reset", onclick: () => setState({ demand: tidy({ ...state.demand, weights: undefined }) }, { push: true, origin: "chip" }) }, t("weights.reset")) : null);
  }

  /** @param {string} name @param {number} value @param {number} usual @returns {HTMLElement} */
  row(name, value, usual) {
    const output = h("output", { class: "number" }, value);
    const input = h("input", {
      type: "range", min: 0, max: MOST, step: 1, value, "data-testid": `weight-${name}`,
      oninput: () => {
        output.textContent = input.value;
        const own = { ...state.demand.weights, [name]: Number(input.value) };
        if (own[name] === usual) delete own[name];
        write(Object.keys(own).length ? own : undefined);
      },
    });
    return h("label", { class: "weight-row" }, h("span", {}, label("criterion", name)), input, output);
  }
}
