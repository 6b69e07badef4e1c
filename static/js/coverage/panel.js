/** 看配套: four parts of one question — how far, what is missing, where to add it, and what if. */
import { boot } from "../boot.js";
import { fill, h } from "../dom.js";
import { number } from "../format.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { failure, skeleton } from "../find/empty.js";
import { askCoverage, onCoverage, profileInUse, view } from "./data.js";
import { GapTable } from "./gaps.js";
import { Overview } from "./overview.js";
import { Repair } from "./repair.js";
import { ScenarioTab } from "./scenario_tab.js";

export const VIEWS = ["", "gaps", "repair", "scenario"];

/** @returns {string} */
export const viewInUse = () => (VIEWS.includes(state.view) ? state.view : "");

export class CoveragePanel {
  /** @param {import("../map/planner.js").PlannerMap} map */
  constructor(map) {
    this.map = map;
    this.profile = h("select", { id: "profile", "data-testid": "profile", onchange: () => setState({ profile: this.profile.value, missing: "" }, { push: true, origin: "coverage" }) },
      boot.profiles.map((item) => h("option", { value: item.id }, [item.name, item.version].filter(Boolean).join(" "))));
    this.walk = h("p", { class: "second" });
    this.tabs = h("div", { class: "segmented even", role: "tablist", "aria-label": t("coverage.parts") });
    this.body = h("div", { class: "coverage-body", role: "tabpanel", "aria-live": "polite" });
    this.element = h("div", { class: "coverage", "data-testid": "coverage" },
      h("div", { class: "task-head" }, h("label", { class: "profile-field", for: "profile" }, h("span", { class: "second" }, t("coverage.profile")), this.profile), this.tabs, this.walk), this.body);
    /** @type {Dict<{element: HTMLElement, render: (changed?: Set<string>) => void}>} */
    this.parts = { "": new Overview(map), gaps: new GapTable(), repair: new Repair(map), scenario: new ScenarioTab(map) };
    this.slow = 0;
    onCoverage(() => this.render());
  }

  start() {
    this.sync();
    askCoverage();
  }

  /** @param {Set<string>} changed */
  onState(changed) {
    if (changed.has("profile")) this.start();
    else if (["missing", "view", "by", "county", "gap_county", "gap_sort", "gap_q", "repair", "edits", "scenario", "site"].some((name) => changed.has(name))) {
      this.sync();
      this.render(changed);
    }
  }

  sync() {
    const profile = profileInUse();
    this.profile.value = profile?.id ?? "";
    const minutes = Array.isArray(profile?.minutes) ? Math.max(...profile.minutes) : (profile?.minutes ?? 15);
    this.walk.textContent = t("coverage.walk", { minutes: number(minutes), speed: number(profile?.speed_kmh ?? 4.8, 1) });
    const focused = this.tabs.contains(document.activeElement);
    fill(this.tabs, VIEWS.map((name) => this.tab(name)));
    if (focused) /** @type {HTMLElement | null} */ (this.tabs.querySelector('[aria-selected="true"]'))?.focus();
  }

  /** @param {string} name @returns {HTMLElement} */
  tab(name) {
    const on = viewInUse() === name;
    return h("button", {
      type: "button", role: "tab", "aria-selected": String(on), "aria-pressed": null, tabindex: on ? 0 : -1, "data-testid": `view-${name || "overview"}`,
      onclick: () => setState({ view: name }, { push: true, origin: "coverage" }),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.step(event),
    }, t(`coverage.view_${name || "overview"}`));
  }

  /** Left and right choose the part beside. @param {KeyboardEvent} event */
  step(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = VIEWS[(VIEWS.indexOf(viewInUse()) + by + VIEWS.length) % VIEWS.length];
    setState({ view: next }, { origin: "coverage" });
  }

  /** @param {Set<string>} [changed] */
  render(changed) {
    clearTimeout(this.slow);
    this.element.setAttribute("aria-busy", String(view.loading));
    if (view.loading) {
      this.slow = window.setTimeout(() => (view.answer ? this.body.classList.add("stale") : fill(this.body, skeleton(5))), 150);
      return;
    }
    this.body.classList.remove("stale");
    const part = this.parts[viewInUse()];
    if (view.error) fill(this.body, failure(view.error, () => askCoverage(true)));
    else if (view.answer && !view.answer.counties.histogram.some((count) => count)) fill(this.body, nothing());
    else if (view.answer) {
      if (this.body.firstElementChild !== part.element) fill(this.body, part.element);
      part.render(changed);
    }
    this.map.paint();
  }
}

/** @returns {HTMLElement} */
const nothing = () => h("div", { class: "empty", "data-testid": "coverage-empty" }, h("h2", {}, t("coverage.none")), h("p", { class: "second" }, t("coverage.none_fix")));
