/** 找空间: search, demand, filters and results. */
import { fill, h, isPhone } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { demandWords } from "./demand_words.js";
import { Filters } from "./filters.js";
import { buildForm, syncForm } from "./form.js";
import { askMatch, onMatch, startMatch, view } from "./match.js";
import { Results } from "./results.js";
import { SearchBox } from "./search.js";

export class FindPanel {
  /** @param {(item: SearchItem) => void} go */
  constructor(go) {
    this.search = new SearchBox(go);
    this.filters = new Filters();
    this.form = buildForm();
    this.form.hidden = true;
    this.results = new Results();
    this.chips = h("div", { class: "chips words", "data-testid": "words" });
    this.formButton = h("button", {
      type: "button", class: "button demand-button", "data-testid": "demand-toggle", "aria-expanded": "false", onclick: () => this.toggleForm(),
    });
    this.filterButton = h("button", { type: "button", class: "text-button filter-button", "data-testid": "filter-toggle", onclick: () => this.toggleFilters() });
    this.results.tools.append(h("span", { class: "second order" }, t("result.order")), this.filterButton);
    const head = h("div", { class: "find-head" }, h("div", { class: "search-row" }, this.search.element, this.formButton), this.chips);
    this.element = h("div", { class: "find", "data-testid": "find" }, head, this.form, this.filters.element, this.results.element);
    if (isPhone()) this.element.classList.add("filters-closed");
    onMatch(() => {
      this.filters.update(view.answer?.facets);
      this.results.render();
    });
    this.sync();
  }

  toggleForm() {
    this.form.hidden = !this.form.hidden;
    this.sync();
    if (!this.form.hidden) this.form.querySelector("select")?.focus();
  }

  toggleFilters() {
    this.element.classList.toggle("filters-closed");
    this.sync();
  }

  start() {
    startMatch();
  }

  /** @param {Set<string>} changed @param {string} origin */
  onState(changed, origin) {
    if (changed.has("demand")) {
      this.sync();
      askMatch(origin === "form" ? 120 : 0);
    }
    if (changed.has("site") || changed.has("unit")) {
      this.results.render();
      if (state.site && origin !== "list") this.results.scrollTo(state.site);
    }
  }

  sync() {
    const words = demandWords(state.demand);
    syncForm(this.form);
    this.filters.sync();
    this.formButton.setAttribute("aria-expanded", String(!this.form.hidden));
    this.formButton.textContent = t(this.form.hidden ? "demand.open" : "demand.close");
    const open = !this.element.classList.contains("filters-closed");
    fill(this.filterButton, icon("filter", "small"), words.length ? t("filter.button_n", { n: words.length }) : t("filter.button"));
    this.filterButton.setAttribute("aria-expanded", String(open));
    fill(this.chips, words.map((word) => h("button", {
      type: "button", class: "chip word", "data-testid": `word-${word.key}`, "aria-label": t("demand.remove", { text: word.text }),
      onclick: () => setState({ demand: word.without }, { push: true, origin: "chip" }),
    }, word.text, icon("close", "small"))), words.length > 1 ? h("button", {
      type: "button", class: "text-button", "data-testid": "clear", onclick: () => setState({ demand: {} }, { push: true, origin: "chip" }),
    }, t("demand.clear")) : null);
    this.chips.hidden = !words.length;
  }
}
