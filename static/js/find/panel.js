/** 找空间: search, demand, filters and results. */
import { fill, h, isPhone } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { demandWords } from "./demand_words.js";
import { Compare } from "./compare.js";
import { Favourites } from "./favourites.js";
import { Filters } from "./filters.js";
import { buildForm, syncForm } from "./form.js";
import { askMatch, onMatch, startMatch, view } from "./match.js";
import { PlacePart } from "./place_part.js";
import { Results } from "./results.js";
import { SavedSearches } from "./saved.js";
import { SearchBox } from "./search.js";
import { reopenSentence } from "./sentence.js";
import { favourites, onShortlist } from "./shortlist.js";
import { Weights } from "./weights.js";

export class FindPanel {
  /** @param {(item: SearchItem) => void} go @param {import("../map/planner.js").PlannerMap} map */
  constructor(go, map) {
    this.search = new SearchBox(go);
    this.filters = new Filters();
    this.place = new PlacePart(map);
    this.weights = new Weights();
    this.form = buildForm({ place: this.place.element, weights: this.weights.element });
    this.form.hidden = true;
    this.results = new Results();
    this.chips = h("div", { class: "chips words", "data-testid": "words" });
    this.formButton = h("button", {
      type: "button", class: "chip demand-button", "data-testid": "demand-toggle", "aria-expanded": "false", onclick: () => this.toggleForm(),
    });
    this.filterButton = h("button", { type: "button", class: "text-button filter-button", "data-testid": "filter-toggle", onclick: () => this.toggleFilters() });
    this.compare = new Compare();
    this.favourites = new Favourites();
    this.keptButton = h("button", { type: "button", class: "text-button", "data-testid": "favourites-toggle", onclick: () => setState({ view: state.view === "favourites" ? "" : "favourites" }, { push: true, origin: "favourites" }) });
    this.saved = new SavedSearches();
    this.results.tools.append(this.saved.button, this.keptButton, this.filterButton);
    onShortlist(() => {
      this.showView();
      this.results.render();
    });
    const head = h("div", { class: "find-head" }, this.search.element, h("div", { class: "search-row" }, this.search.said, this.formButton), this.chips);
    this.element = h("div", { class: "find", "data-testid": "find" }, head, this.form, this.filters.element, this.results.element, this.favourites.element, this.compare.tray);
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

  /** The list, the favourites instead of it, or units side by side over both. */
  showView() {
    const kept = favourites().length;
    fill(this.keptButton, icon("star", "small"), t("favourite.list", { n: kept }));
    this.keptButton.setAttribute("aria-pressed", String(state.view === "favourites"));
    this.results.body.hidden = state.view === "favourites";
    this.favourites.render();
    this.compare.render();
  }

  start() {
    this.showView();
    reopenSentence();
    this.search.sync();
    this.saved.follow();
    startMatch();
  }

  /** @param {Set<string>} changed @param {string} origin */
  onState(changed, origin) {
    this.search.onState(changed);
    if (changed.has("demand")) {
      this.sync();
      askMatch(origin === "form" ? 120 : 0);
    }
    if (changed.has("view") || changed.has("compare") || changed.has("task")) this.showView();
    if (changed.has("site") || changed.has("unit") || changed.has("compare")) {
      this.results.render();
      if (state.site && origin !== "list") this.results.scrollTo(state.site);
    }
  }

  sync() {
    const words = demandWords(state.demand);
    syncForm(this.form);
    this.place.render();
    this.weights.render();
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
      type: "button", class: "text-button", "data-testid": "clear", onclick: () => setState({ demand: {}, said: "" }, { push: true, origin: "chip" }),
    }, t("demand.clear")) : null);
    this.chips.hidden = !words.length;
  }
}
