/** 落项目: projects, the allocations of the strip, their table and their flows on the map. */
import { boot } from "../boot.js";
import { fill, h, isPhone, isTyping } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { deskEscape, deskSearch, staffDesks } from "../desk/index.js";
import { failure } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { isReleasable, openAdopt, releaseScenario } from "./adopt.js";
import { printBrief } from "./brief.js";
import { differences, differs } from "./compare.js";
import { allDesks, registerDesk } from "./desks.js";
import { refuseDrop, spotPin } from "./detail.js";
import { saveFile } from "./files.js";
import { askLines } from "./ledger_lines.js";
import { askMore } from "./more.js";
import { flowOf, spotsOf, waiting } from "./on_map.js";
import { ProjectsPart, sourceName } from "./projects.js";
import { requestOf, scenarioName, solveAll, stopWork, work } from "./solve.js";
import { onStaff, signIn, signOut, staff } from "./staff.js";
import { stepBadge } from "./steps.js";
import { against, onPlace, openBook, place, shown, undo } from "./store.js";
import { Strip } from "./strip.js";
import { PlaceTable } from "./table.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("../map/flows.js").Flow} Flow */

/** What of the state this page shows. */
const SHOWN = ["desk", "view", "allocation", "against", "project", "step", "place_q", "place_sort", "place_county", "task"];

export class PlacePanel {
  /** @param {import("../map/view.js").MapView} view @param {{strip: HTMLElement, print: HTMLElement, laid: () => void}} parts `laid`: the strip came or went */
  constructor(view, { strip, print, laid }) {
    this.view = view;
    this.print = print;
    this.laid = laid;
    this.strip = new Strip(strip);
    /** @type {import("../map/flows.js").FlowsOnMap | null} */
    this.flows = null;
    this.projects = new ProjectsPart();
    this.table = new PlaceTable({ hover: (id) => this.flows?.light(id), brief: (id) => this.brief(id) });
    this.tabs = h("div", { class: "desk-tabs segmented", role: "tablist", "aria-label": t("task.place") });
    this.top = h("div", { class: "place-head" });
    this.working = h("div", { "aria-live": "polite" });
    this.notice = h("div", { role: "status" });
    this.body = h("div", { class: "place-body" });
    this.foot = h("div", { class: "place-foot" });
    this.phoneStrip = h("div", { class: "phone-strip" });
    /** Whether there is an answer, and whether it has only just come. */
    this.answered = this.first = false;
    this.element = h("div", { class: "place", "data-testid": "place" }, this.phoneStrip, this.tabs, this.working, this.notice, this.body);
    this.board = h("div", { class: "place-board" }, this.top, this.table.element, this.foot);
    registerDesk({ id: "", title: () => t("place.desk_board"), element: this.body, start: () => undefined, render: () => this.renderBoard() });
    staffDesks(view, print).forEach(registerDesk);
    onPlace(() => this.render());
    onStaff(() => this.render());
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  start() {
    openBook();
    this.render();
  }

  /** Ctrl+Z takes the last step back. @param {KeyboardEvent} event */
  onKey(event) {
    if (state.task !== "place" || state.desk || isTyping(event) || event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.undo();
  }

  undo() {
    const what = undo();
    toast(what ? t("place.undone", { what }) : t("place.nothing_to_undo"));
  }

  /** @param {Set<string>} changed */
  onState(changed) {
    if (!SHOWN.some((name) => changed.has(name))) return;
    this.render();
    if (changed.has("project")) this.reveal();
    if (changed.has("against") && against()) this.view.home();
  }

  /** The chosen project in sight, in the table and on the map. */
  reveal() {
    this.table.reveal();
    const flow = this.flowsNow().find((one) => one.id === state.project);
    if (flow) this.flows?.ease(flow);
  }

  render() {
    if (state.task !== "place" || !place.ready) return;
    const desk = allDesks().find((one) => one.id === state.desk) ?? allDesks()[0];
    this.renderTabs(desk.id);
    this.renderWork();
    if (desk.element !== this.element.lastElementChild) this.element.lastElementChild?.replaceWith(desk.element);
    document.body.dataset.desk = desk.id;
    if (desk.id) this.flows?.clear();
    desk.render();
    this.strip.render();
    if (desk.id) this.strip.element.hidden = true;
    document.body.classList.toggle("with-strip", !this.strip.element.hidden);
    this.strip.reveal();
    this.laid();
    // The first answer is seen whole; what a link says of the view is kept.
    if (this.first && work.since) this.view.home();
    this.first = false;
  }

  /** @param {string} now */
  renderTabs(now) {
    const desks = allDesks();
    this.tabs.hidden = desks.length < 2;
    if (!this.tabs.hidden) fill(this.tabs, desks.map((desk) => h("button", { type: "button", role: "tab", "aria-selected": String(desk.id === now), "data-testid": `desk-${desk.id || "board"}`, onclick: () => setState({ desk: desk.id }, { push: true, origin: "place" }) }, desk.title())));
  }

  renderWork() {
    if (work.on) {
      const seconds = Math.round((Date.now() - work.since) / 1000);
      fill(this.working, h("div", { class: "working place-working", "data-testid": "place-working" }, h("progress", { max: 1, value: work.share, "aria-label": t("word.progress") }), h("div", { class: "working-row" }, h("span", { class: "second" }, t("word.working", { stage: work.stage || t("place.stage_first"), n: seconds })),
        h("button", { type: "button", class: "button", "data-testid": "place-cancel", onclick: stopWork }, t("word.cancel")))));
    } else fill(this.working, work.error ? failure(work.error, work.again ?? solveAll) : null);
    const other = place.book.scenarios.some((one) => one.answer && one.lang !== boot.lang);
    if (other && !work.on) {
      fill(this.notice, h("div", { class: "place-notice", "data-testid": "place-language" }, h("span", {}, t("place.other_language")), h("button", { type: "button", class: "text-button", onclick: () => solveAll() }, t("place.solve_again"))));
      return;
    }
    fill(this.notice, place.notice && !work.on ? h("div", { class: "place-notice", "data-testid": "place-notice" }, h("span", {}, place.notice), place.steps.length ? h("button", { type: "button", class: "text-button", "data-testid": "place-undo", onclick: () => this.undo() }, icon("undo", "small"), t("place.undo")) : null) : null);
  }

  renderBoard() {
    const answer = shown()?.answer;
    if (answer) askLines();
    const lost = !answer && !place.book.projects.length && Boolean(state.allocation || state.project);
    const wanted = state.view === "projects" || !answer;
    if (answer && !this.answered) this.first = true;
    this.answered = Boolean(answer);
    this.body.classList.toggle("stale", work.on && Boolean(answer));
    if (wanted) {
      this.projects.render();
      const back = answer ? h("button", { type: "button", class: "text-button back", "data-testid": "to-table", onclick: () => setState({ view: "" }, { push: true, origin: "place" }) }, t("place.to_table")) : null;
      fill(this.body, h("div", { class: "place-start" }, lost ? h("div", { class: "warning", role: "status", "data-testid": "place-lost" }, h("b", {}, t("place.lost")), h("p", {}, t("place.lost_note"))) : null, back, this.projects.element));
    } else {
      if (this.body.firstElementChild !== this.board) fill(this.body, this.board);
      this.renderHead();
      this.table.render();
      this.renderFoot();
    }
    this.paint();
  }

  renderHead() {
    const { projects, source } = place.book;
    fill(this.top, h("h1", {}, t("place.n_projects", { n: number(projects.length) })), h("span", { class: "second place-source" }, sourceName(source)), projects.some((one) => one.demo) ? h("span", { class: "demo-mark" }, t("app.demo")) : null,
      h("span", { class: "place-head-end" }, h("span", { class: "second" }, t("place.bar_note")), h("button", { type: "button", class: "text-button", "data-testid": "to-projects", onclick: () => setState({ view: "projects" }, { push: true, origin: "place" }) }, t("place.edit_projects"))));
  }

  renderFoot() {
    const one = shown();
    const answer = one?.answer;
    if (!one || !answer) return;
    const left = answer.unplaced;
    const words = left.length ? h("button", { type: "button", class: "foot-left", "data-testid": "foot-unplaced", onclick: () => setState({ step: "unplaced" }, { push: true, origin: "place" }) }, `${t("place.unplaced_n", { n: number(left.length) })} `, left.slice(0, 2).map((item) => h("span", { class: "foot-item" }, h("b", {}, item.name), ` ${item.reason}`))) : h("span", { class: "second foot-left" }, t("place.all_placed"));
    const file = (/** @type {"xlsx" | "html"} */ format) => h("button", { type: "button", class: "button", "data-testid": `place-file-${format}`, disabled: work.on, onclick: () => this.save(format) }, t(`place.file_${format}`));
    const who = staff();
    fill(this.foot, words, h("div", { class: "foot-actions" }, place.kept ? null : h("span", { class: "second" }, t("place.not_kept")),
      who ? h("button", { type: "button", class: "text-button", "data-testid": "staff-out", title: t("place.sign_out"), onclick: signOut }, who.name || t("place.sign_out")) : h("button", { type: "button", class: "text-button", "data-testid": "staff-in", onclick: () => signIn(t("place.key_for_record")) }, t("place.sign_in")),
      file("html"), file("xlsx"), isReleasable(one) ? h("button", { type: "button", class: "button", "data-testid": "release-open", disabled: work.on, onclick: () => this.release(one.id) }, t("place.release"))
      : h("button", { type: "button", class: "button filled", "data-testid": "adopt-open", disabled: work.on, onclick: openAdopt }, t("place.adopt"))));
  }

  /** @param {string} id of an adopted scenario */
  async release(id) {
    try {
      await releaseScenario(id);
    } catch (error) {
      toast(/** @type {any} */ (error).detail || t("error.request"));
    }
  }

  /** @param {"xlsx" | "html"} format */
  async save(format) {
    const one = shown();
    if (!one?.answer) return;
    try {
      await saveFile(format, requestOf(one), scenarioName(one));
    } catch (error) {
      toast(/** @type {any} */ (error).detail || t("error.request"));
    }
  }

  /** @param {string} id */
  brief(id) {
    const row = this.table.all.find((one) => one.id === id);
    if (row) printBrief(row, this.print, this.view);
  }

  /** @param {string} id @returns {Row | undefined} */
  row(id) {
    return this.table.all.find((one) => one.id === id);
  }

  /** What the map shows: the rows of the table that go somewhere. @returns {Flow[]} */
  flowsNow() {
    const one = shown();
    const other = against();
    if (!one?.answer || state.view === "projects") return [];
    const moved = other?.answer ? new Set(differences(other.answer, one.answer).filter(differs).map((item) => item.id)) : null;
    return this.table.all.filter((row) => row.placed && (!state.step || row.step === state.step) && (!moved || moved.has(row.id))).map(flowOf).filter((flow) => flow !== null);
  }

  /** Flows, and the chosen one with the places it could have. */
  paint() {
    if (!this.flows || state.task !== "place") return;
    const flows = this.flowsNow();
    this.flows.set(flows);
    const row = state.view === "projects" ? undefined : this.row(state.project);
    const flow = flows.find((item) => item.id === state.project) ?? (row ? waiting(row) : null);
    this.flows.choose(flow, row?.placed && flow ? spotsOf(row.placed) : [], row && flow ? stepBadge(row.step) : null);
    if (row?.placed) askMore(row.placed);
  }

  /** @param {number} rank of another place */
  drop(rank) {
    const row = this.row(state.project);
    if (row) spotPin(row, rank);
  }

  /** A flow under the pointer lights its row. @param {string} id */
  light(id) {
    this.flows?.light(id);
    this.table.light(id);
  }

  /** @returns {boolean} whether there is a table to search */
  toSearch() {
    if (state.desk) return deskSearch();
    if (!this.board.isConnected) return false;
    this.table.search.focus();
    return true;
  }

  refuse() {
    refuseDrop();
  }

  /** Esc: what lies on top is closed. @returns {boolean} */
  escape() {
    if (work.on) {
      stopWork();
      return true;
    }
    if (state.desk) return deskEscape();
    if (this.table.escape()) return true;
    if (!state.against) return false;
    setState({ against: "" }, { push: true, origin: "keys" });
    return true;
  }

  /** The strip stands across the page, on the phone inside the sheet. @param {HTMLElement} home */
  placeStrip(home) {
    const where = isPhone() ? this.phoneStrip : home;
    if (this.strip.element.parentElement !== where) where.prepend(this.strip.element);
  }
}
