/** 看进度: the seven indicators of a year, and the records behind one figure. */
import { get, isAbort, Latest } from "../api.js";
import { boot, label } from "../boot.js";
import { fill, h } from "../dom.js";
import { number, today } from "../format.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { failure, skeleton } from "../find/empty.js";
import { ALL_YEARS, askPlan, byUnit, indicatorInUse, indicators, isDemo, ofCity, onPlan, standing, timeGone, unitOf, view, yearInUse, years } from "./data.js";
import { amount, percent } from "./paint.js";

/** How many of the figures behind are named. */
const BEHIND = 6;

/** @param {string} indicator @returns {string} its unit, as the annex prints it */
export const unitWord = (indicator) => t(indicator === "space" ? "plan.unit_space" : ["tenants", "operators", "tech_firms", "provincial_incubators"].includes(indicator) ? "plan.unit_firms" : indicator === "jobs" ? "plan.unit_people" : "plan.unit_count");

/** Progress with the time gone as a tick. @param {number | null} share @param {number} gone @param {boolean} late @returns {HTMLElement} */
export function progressBar(share, gone, late) {
  const part = h("span", { class: late ? "bar-fill late" : "bar-fill" });
  part.style.width = `${Math.min(Math.max(share ?? 0, 0), 1) * 100}%`;
  const tick = gone > 0 && gone < 1 ? h("span", { class: "bar-tick" }) : null;
  if (tick) tick.style.left = `${gone * 100}%`;
  return h("span", { class: "bar-track progress", "aria-hidden": "true" }, part, tick);
}

export class PlanPanel {
  /** @param {{paint: () => void, board: import("./board.js").Board}} parts */
  constructor({ paint, board }) {
    this.paint = paint;
    this.board = board;
    this.latest = new Latest();
    this.tabs = h("div", { class: "segmented even", role: "group", "aria-label": t("plan.year") });
    this.pace = h("p", { class: "pace second" });
    this.body = h("div", { class: "plan-body" });
    this.records = h("section", { class: "task-part records", "aria-live": "polite", "data-testid": "records" });
    this.phone = h("div", { class: "plan-phone" });
    this.element = h("div", { class: "plan", "data-testid": "plan" }, h("div", { class: "task-head" }, this.tabs, this.pace), this.body, this.records, this.phone);
    this.slow = 0;
    onPlan(() => this.render());
  }

  start() {
    askPlan();
  }

  /** The chosen reporting unit, if it is one. @returns {string} */
  get unit() {
    return boot.reporting_units.some((item) => item.id === state.reporting_unit) ? state.reporting_unit : "";
  }

  /** Choose a reporting unit: its records are listed. @param {string} unit */
  choose(unit) {
    setState({ reporting_unit: this.unit === unit ? "" : unit }, { push: true, origin: "plan" });
  }

  render() {
    clearTimeout(this.slow);
    this.element.setAttribute("aria-busy", String(view.loading));
    this.renderTabs();
    if (view.loading) {
      this.slow = window.setTimeout(() => !view.items && fill(this.body, skeleton(6)), 150);
      return;
    }
    if (view.error) fill(this.body, failure(view.error, () => askPlan(true)));
    if (view.error || !view.items) return;
    this.renderIndicators();
    this.board.render(this.unit, (unit) => this.choose(unit));
    this.renderRecords();
    this.paint();
  }

  renderTabs() {
    const now = yearInUse();
    const gone = timeGone(now);
    fill(this.tabs, [...years(), ALL_YEARS].map((year) => h("button", {
      type: "button", "aria-pressed": String(year === now), "data-testid": `year-${year}`,
      onclick: () => setState({ year }, { push: true, origin: "plan" }),
    }, year === ALL_YEARS ? t("plan.all_years") : year)));
    const share = Math.round(gone * 100);
    fill(this.pace, h("span", {}, gone <= 0 ? t("plan.not_begun") : gone >= 1 ? t("plan.over") : t("plan.as_of", { day: today() })),
      gone > 0 && gone < 1 ? h("span", { class: "pace-tick" }, t("plan.pace", { n: share })) : null);
  }

  renderIndicators() {
    const year = yearInUse();
    const gone = timeGone(year);
    const rows = indicators().map((indicator) => {
      const city = ofCity(year, indicator);
      const on = indicator === indicatorInUse();
      const late = city.share !== null && city.share < gone - 0.08;
      return h("li", {}, h("button", {
        type: "button", class: `indicator${on ? " chosen" : ""}`, "aria-pressed": String(on), "data-testid": `indicator-${indicator}`,
        onclick: () => setState({ indicator }, { push: true, origin: "plan" }),
      }, h("span", { class: "indicator-head" }, h("b", {}, label("indicator", indicator)),
        h("span", { class: "indicator-figure" }, h("b", {}, amount(city.actual, unitOf(indicator))), h("span", { class: "unit" }, ` / ${amount(city.target, unitOf(indicator))} ${unitWord(indicator)}`)),
        h("b", { class: "indicator-share" }, percent(city.share))), progressBar(city.share, gone, late)));
    });
    const note = isDemo() ? h("p", { class: "second plan-note" }, t("plan.demo_note")) : null;
    fill(this.body, h("ol", { class: "indicators", "data-testid": "indicators" }, rows), note);
  }

  async renderRecords() {
    this.latest.stop();
    const name = boot.reporting_units.find((item) => item.id === this.unit)?.name;
    if (!name) {
      fill(this.records, behindList((unit, indicator) => {
        setState({ indicator, reporting_unit: unit }, { push: true, origin: "plan" });
      }), h("p", { class: "second" }, t("plan.choose_unit")));
      return;
    }
    const indicator = indicatorInUse();
    const head = h("div", { class: "part-head" }, h("h2", {}, `${name} · ${label("indicator", indicator)}`), h("span", { class: "second" }, t("plan.records")));
    const year = yearInUse();
    try {
      const answer = await get("/api/v1/plan/records", { reporting_unit: this.unit, indicator, year: year === ALL_YEARS ? "" : year, limit: 60 }, this.latest.start());
      fill(this.records, head, recordList(answer, unitOf(indicator)));
    } catch (error) {
      if (!isAbort(error)) fill(this.records, head, failure(error, () => this.renderRecords()));
    }
  }
}

/** The figures furthest behind the time gone, worst first. @param {(unit: string, indicator: string) => void} open @returns {HTMLElement | null} */
function behindList(open) {
  const year = yearInUse();
  const late = indicators().flatMap((indicator) => byUnit(year, indicator).map((one) => ({ one, indicator })))
    .filter(({ one }) => (standing(one, year) ?? 0) < 0)
    .sort((a, b) => Number(a.one.share) - Number(b.one.share) || Number(b.one.target) - Number(a.one.target));
  if (!late.length) return null;
  return h("div", { class: "behind", "data-testid": "behind" }, h("div", { class: "part-head" }, h("h2", {}, t("plan.behind_title")), h("span", { class: "second" }, t("plan.behind_count", { n: number(late.length) }))),
    h("ol", {}, late.slice(0, BEHIND).map(({ one, indicator }) => h("li", {}, h("button", { type: "button", class: "behind-row", onclick: () => open(one.id, indicator) },
      h("span", { class: "behind-name" }, h("b", {}, one.name), h("span", { class: "second" }, label("indicator", indicator))),
      h("span", { class: "unit-figure" }, h("b", {}, amount(one.actual, unitOf(indicator))), h("span", { class: "unit" }, ` / ${amount(one.target, unitOf(indicator))}`)), h("b", { class: "indicator-share late-text" }, percent(one.share)))))));
}

/** @param {{items: PlanRecord[], total?: number}} answer @param {string} unit @returns {HTMLElement} */
function recordList(answer, unit) {
  if (!answer.items.length) return h("p", { class: "second", "data-testid": "no-records" }, t("plan.no_records"));
  const more = (answer.total ?? 0) - answer.items.length;
  return h("ol", { class: "record-list", "data-testid": "record-list" }, answer.items.map((item) => h("li", {},
    h("span", { class: "record-name" }, item.name || item.id, item.demo ? h("span", { class: "demo-mark small" }, t("app.demo")) : null),
    h("span", { class: "second" }, item.date ?? ""), h("b", {}, item.value === null ? "" : amount(item.value, unit)))),
  more > 0 ? h("li", { class: "second" }, t("plan.more_records", { n: number(more) })) : null);
}
