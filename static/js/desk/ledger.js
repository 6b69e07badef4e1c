/** 台账: where every graduating project stands, what comes next, and who goes on. */
import { boot } from "../boot.js";
import { debounce, fill, h } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { skeleton } from "../find/empty.js";
import { staff } from "../place/staff.js";
import { problem, saveTable } from "./ask.js";
import { FIGURES, LedgerData, placeOf, rowsOf } from "./ledger_data.js";
import { LedgerDetail } from "./ledger_detail.js";
import { openProjectForm } from "./ledger_form.js";
import { choice, countyOptions, dueMark, empty, gate, headEnd, keepFocus, stateBadge, STATES, stateName, whoami } from "./parts.js";

/** @typedef {import("./ledger_data.js").Line} Line */

/** Rows that are drawn at a time. */
const PAGE = 100;
const NO_FILTER = { ledger_state: "", ledger_only: "", ledger_q: "", ledger_county: "", ledger_owner: "" };

/** @param {Partial<State>} patch */
const go = (patch) => setState(patch, { push: true, origin: "desk" });

export class LedgerDesk {
  constructor() {
    this.data = new LedgerData(() => this.draw());
    this.search = h("input", { type: "search", placeholder: t("desk.ledger_search"), "aria-label": t("desk.ledger_search"), "data-testid": "ledger-q" });
    this.search.addEventListener("input", debounce(() => setState({ ledger_q: this.search.value }, { origin: "desk" }), 200));
    this.head = h("div", { class: "desk-head" });
    this.summary = h("div", { class: "ledger-summary" });
    this.filters = h("div", { class: "desk-filters" });
    this.cols = h("div", { class: "ledger-cols desk-thead" });
    this.list = h("ul", { class: "desk-rows", "data-testid": "ledger-rows" });
    this.scroll = h("div", { class: "desk-scroll", onscroll: () => this.scroll.scrollTop + this.scroll.clientHeight > this.scroll.scrollHeight - 400 && this.more() }, this.cols, this.list);
    this.main = h("div", { class: "desk-main" }, this.head, this.summary, this.filters, this.scroll);
    this.detail = new LedgerDetail(this.data);
    this.element = h("section", { class: "desk ledger", "data-testid": "ledger", "aria-label": t("desk.tab_ledger") });
    /** @type {Line[]} */
    this.rows = [];
    this.drawn = 0;
    /** Whether some lines are made up and some are not: then each says so. */
    this.mixed = false;
  }

  forget() {
    this.data.forget();
    this.rows = [];
    fill(this.list);
    fill(this.summary);
    this.detail.clear();
    fill(this.element);
  }

  render() {
    if (!staff()) {
      fill(this.element, gate("ledger"));
      return;
    }
    if (!this.data.all.data && !this.data.all.loading && !this.data.all.error) this.data.reload();
    if (state.project && this.data.one.key !== state.project) this.data.open(state.project);
    this.draw();
  }

  draw() {
    if (!staff()) return;
    if (this.element.firstElementChild !== this.main) fill(this.element, this.main, this.detail.element);
    this.element.classList.toggle("with-side", Boolean(state.project));
    const { data, error } = this.data.all;
    keepFocus(this.head, () => this.drawHead());
    this.summary.hidden = this.filters.hidden = !data?.lines.length;
    if (data) {
      this.rows = rowsOf(data.lines, data.summary);
      this.mixed = data.lines.some((one) => one.demo) && data.lines.some((one) => !one.demo);
      keepFocus(this.summary, () => this.drawSummary(data.summary));
      keepFocus(this.filters, () => this.drawFilters(data.lines));
    }
    keepFocus(this.scroll, () => this.drawRows(data, error));
    this.detail.render();
  }

  drawHead() {
    const lines = this.data.all.data?.lines;
    const all = lines?.length;
    fill(this.head, h("h1", {}, t("desk.tab_ledger")), all === undefined ? null : h("span", { class: "second", "data-testid": "ledger-total" }, t("desk.n_projects", { n: number(all) })), lines?.some((one) => one.demo) ? h("span", { class: "demo-mark" }, t("app.demo")) : null,
      h("div", { class: "desk-head-end" }, headEnd(whoami(t("desk.key_ledger")), ["xlsx", "csv"].map((kind) => h("button", { type: "button", class: "button", "data-testid": `ledger-${kind}`, disabled: !all, title: t("desk.file_note"), onclick: () => this.save(kind) }, t(`desk.file_${kind}`)))),
        h("button", { type: "button", class: "button filled", "data-testid": "ledger-add", onclick: () => openProjectForm(null, (detail) => this.added(detail)) }, icon("plus", "small"), t("desk.add_project"))));
  }

  /** The file holds what the filters leave that the service knows. @param {string} kind */
  save(kind) {
    saveTable("/api/v1/ledger/file", { f: kind, state: state.ledger_state, county: state.ledger_county, owner: state.ledger_owner, overdue: state.ledger_only === "late" ? "1" : "" }, `ledger.${kind}`);
  }

  /** @param {import("./ledger_data.js").Detail} detail */
  added(detail) {
    this.data.took(detail);
    go({ ...NO_FILTER, project: detail.project_id });
  }

  /** @param {import("./ledger_data.js").Summary} summary */
  drawSummary(summary) {
    const counts = new Map(summary.by_state.map((one) => [one.key, one.count]));
    const bar = h("div", { class: "state-bar", role: "group", "aria-label": t("desk.states") }, STATES.filter((one) => counts.get(one)).map((one) => {
      const on = state.ledger_state === one;
      const part = h("button", { type: "button", class: `state-part state-${one}${state.ledger_state && !on ? " off" : ""}`, "aria-pressed": String(on), "data-testid": `state-${one}`, onclick: () => go({ ledger_state: on ? "" : one }) }, h("span", {}, stateName(one)), h("b", {}, number(counts.get(one))));
      part.style.flexGrow = String(counts.get(one));
      return part;
    }));
    fill(this.summary, h("div", { class: "summary-states" }, h("div", { class: "summary-line" }, h("h2", {}, t("desk.states")), this.lateButton(summary.overdue.count)), bar), this.figure(summary.graduates));
  }

  /** @param {number} n @returns {HTMLElement} */
  lateButton(n) {
    const on = state.ledger_only === "late";
    if (!n && !on) return h("span", { class: "second" }, t("desk.no_late"));
    return h("button", { type: "button", class: "late-button", "aria-pressed": String(on), "data-testid": "only-late", onclick: () => go({ ledger_only: on ? "" : "late" }) }, icon("alert", "small"), t("desk.n_late", { n: number(n) }));
  }

  /** The plan's figure, each part of it opens its rows. @param {import("./ledger_data.js").Graduates} figure @returns {HTMLElement} */
  figure(figure) {
    const fillBar = h("span", { class: "bar-fill" });
    fillBar.style.width = `${Math.min(figure.share, 1) * 100}%`;
    return h("div", { class: "plan-figure", title: figure.note }, h("div", { class: "summary-line" }, h("h2", {}, t("desk.graduates")), h("span", { class: "second" }, figure.source)),
      h("div", { class: "figure-line" }, h("span", { class: "figure-number", "data-testid": "graduates" }, h("b", {}, number(figure.done)), h("span", { class: "unit" }, ` / ${number(figure.target)}`)), h("span", { class: "bar-track" }, fillBar)),
      h("div", { class: "figure-parts" }, FIGURES.map((one) => {
        const n = /** @type {any} */ (figure)[one];
        const on = state.ledger_only === one;
        return h("button", { type: "button", class: "text-button", "aria-pressed": String(on), disabled: !n && !on, "data-testid": `figure-${one}`, onclick: () => go({ ledger_only: on ? "" : one }) }, t(`desk.figure_${one}`), " ", h("b", {}, number(n)));
      })));
  }

  /** @param {Line[]} lines */
  drawFilters(lines) {
    if (document.activeElement !== this.search) this.search.value = state.ledger_q;
    const owners = [...new Set(lines.map((one) => one.owner).filter(Boolean))].sort(new Intl.Collator(boot.lang).compare);
    const filtered = Object.keys(NO_FILTER).some((name) => /** @type {any} */ (state)[name]);
    // The box itself stays where it is: it may be typed in just now.
    while (this.filters.lastElementChild && this.filters.childElementCount > 1) this.filters.lastElementChild.remove();
    if (!this.filters.childElementCount) this.filters.append(h("div", { class: "field" }, this.search));
    this.filters.append(
      h("div", { class: "field" }, choice("ledger-state", t("desk.state"), [["", t("desk.all_states")], .../** @type {[string, string][]} */ (STATES.map((one) => [one, stateName(one)]))], state.ledger_state, (value) => go({ ledger_state: value }))),
      h("div", { class: "field" }, choice("ledger-county", t("place.home_county"), countyOptions(t("place.all_counties")), state.ledger_county, (value) => go({ ledger_county: value }))),
      h("div", { class: "field" }, choice("ledger-owner", t("desk.owner"), [["", t("desk.all_owners")], .../** @type {[string, string][]} */ (owners.map((one) => [one, one]))], state.ledger_owner, (value) => go({ ledger_owner: value }))),
      h("span", { class: "second filter-end", role: "status", "data-testid": "ledger-count" }, filtered ? h("button", { type: "button", class: "text-button", "data-testid": "ledger-clear", onclick: () => go(NO_FILTER) }, t("place.clear")) : null, t("place.rows_of", { n: number(this.rows.length), all: number(lines.length) })));
  }

  /** @param {string} column @param {string} text @returns {HTMLElement} */
  sorter(column, text) {
    const next = { [column]: `-${column}`, [`-${column}`]: "" }[state.ledger_sort] ?? column;
    const on = state.ledger_sort.replace(/^-/, "") === column;
    return h("button", { type: "button", class: on ? "on" : null, "data-testid": `ledger-sort-${column}`, "aria-label": t("place.sort_by", { name: text }), onclick: () => go({ ledger_sort: next }) }, text, !on ? "" : state.ledger_sort.startsWith("-") ? " ↓" : " ↑");
  }

  /** @param {{lines: Line[]} | null} data @param {any} error */
  drawRows(data, error) {
    const [at, before] = [this.scroll.scrollTop, this.drawn];
    this.cols.hidden = !this.rows.length;
    fill(this.cols, this.sorter("name", t("place.col_project")), this.sorter("state", t("desk.state")), this.sorter("place", t("desk.place")), this.sorter("owner", t("desk.owner")), this.sorter("due", t("desk.next")));
    if (error) {
      fill(this.list, h("li", {}, problem(error, () => this.data.reload(), () => this.data.reload())));
      if (!data) return;
    } else if (!data) {
      fill(this.list, h("li", {}, skeleton(6)));
      return;
    } else fill(this.list);
    this.drawn = 0;
    if (!data.lines.length) this.list.append(h("li", {}, empty(t("desk.ledger_none"), t("desk.ledger_none_note"), h("button", { type: "button", class: "button", "data-testid": "ledger-first", onclick: () => openProjectForm(null, (detail) => this.added(detail)) }, t("desk.add_project")))));
    else if (!this.rows.length) this.list.append(h("li", {}, empty(t("desk.no_match"), t("desk.no_match_note"), h("button", { type: "button", class: "button", onclick: () => go(NO_FILTER) }, t("place.clear")))));
    this.more(Math.max(PAGE, before, this.rows.findIndex((one) => one.project_id === state.project) + 10));
    this.scroll.scrollTop = at;
  }

  more(most = this.drawn + PAGE) {
    const next = this.rows.slice(this.drawn, most);
    this.drawn += next.length;
    this.list.append(...next.map((line) => this.row(line)));
  }

  /** @param {Line} line @returns {HTMLElement} */
  row(line) {
    const on = line.project_id === state.project;
    const holder = line.holder && line.holder.name !== line.owner ? line.holder.name || line.holder.id : "";
    return h("li", { class: on ? "chosen" : null }, h("button", {
      type: "button", class: "ledger-cols desk-row", "aria-expanded": String(on), "data-testid": `line-${line.project_id}`,
      onclick: () => go({ project: on ? "" : line.project_id }), onkeydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event),
    },
    h("span", { class: "cell-two" }, h("b", {}, line.name, line.demo ? h("span", { class: this.mixed ? "demo-mark small" : "sr" }, t("app.demo")) : null), h("span", { class: "second" }, [line.industry_name, line.home_county_name].filter(Boolean).join(" · "))),
    h("span", { class: "cell-two cell-state" }, stateBadge(line.state), h("span", { class: "second number" }, line.state_on)),
    h("span", { class: "cell-two cell-place" }, placeOf(line) ? h("span", {}, placeOf(line)) : h("span", { class: "second" }, line.state === "lost" ? line.lost_why : t("desk.place_open")), line.local === null || !placeOf(line) ? null : h("span", { class: "second" }, t(line.local ? "desk.local" : "desk.elsewhere"), line.landed_county_name ? ` · ${line.landed_county_name}` : "")),
    h("span", { class: "cell-two cell-owner" }, h("span", {}, line.owner || "—"), holder ? h("span", { class: "second" }, t("desk.with", { name: holder })) : null),
    h("span", { class: "cell-two cell-next" }, h("span", {}, line.next_step || "—"), dueMark(line.due_on, line.overdue))));
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const by = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!by) return;
    event.preventDefault();
    const item = /** @type {any} */ (/** @type {HTMLElement} */ (event.target).closest("li"));
    const next = item?.[by]?.querySelector("button");
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  escape() {
    const { project } = state;
    if (!project) return false;
    go({ project: "" });
    /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-testid="line-${CSS.escape(project)}"]`))?.focus();
    return true;
  }

  toSearch() {
    if (!this.search.isConnected || this.filters.hidden) return false;
    this.search.focus();
    return true;
  }
}
