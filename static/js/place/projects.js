/** Where an allocation begins: projects from a file, of the demonstration, of the record, or by hand. */
import { isAbort, problemOf, Problem } from "../api.js";
import { boot } from "../boot.js";
import { fill, h } from "../dom.js";
import { area, number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { failure } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { openProject } from "./project_form.js";
import { countyName, industryName } from "./rows.js";
import { solveAll } from "./solve.js";
import { openKept } from "./adopt.js";
import { askStaff, signIn, staff, staffHeaders } from "./staff.js";
import { changeBook, place } from "./store.js";

/** Rows of projects drawn before the rest is asked for. */
const MOST = 200;
const MOST_ERRORS = 50;

/** Sources that are no file. */
const [DEMO, RECORD] = ["<demo>", "<record>"];

/** @param {string} source @returns {string} */
export const sourceName = (source) => (source === DEMO ? t("place.source_demo") : source === RECORD ? t("place.source_record") : source);

export class ProjectsPart {
  constructor() {
    this.file = h("input", { type: "file", class: "sr", accept: ".xlsx,.csv,.json", tabindex: -1, "aria-hidden": "true", "data-testid": "place-file", onchange: () => this.choose(this.file.files?.[0]) });
    this.told = h("div", { "aria-live": "polite" });
    this.element = h("div", { class: "place-projects", "data-testid": "place-projects" });
    this.kept = h("section", { "data-testid": "kept-scenarios" });
    this.asked = "";
    this.most = MOST;
    /** @type {File | null} */
    this.last = null;
    this.element.addEventListener("dragover", (/** @type {DragEvent} */ event) => this.over(event, true));
    this.element.addEventListener("dragleave", (/** @type {DragEvent} */ event) => this.over(event, false));
    this.element.addEventListener("drop", (/** @type {DragEvent} */ event) => {
      this.over(event, false);
      this.choose(event.dataTransfer?.files[0]);
    });
  }

  /** @param {DragEvent} event @param {boolean} on */
  over(event, on) {
    event.preventDefault();
    this.element.classList.toggle("dropping", on);
  }

  render() {
    const { projects } = place.book;
    fill(this.element, this.file, projects.length ? this.list(projects) : [h("h1", {}, t("place.title")), h("p", { class: "lead" }, t("place.lead"))], this.ways(projects.length > 0), this.told, this.kept);
    this.renderKept();
  }

  /** Scenarios of the record, for whoever has a key: asked for once a key. */
  async renderKept() {
    const key = staff()?.key ?? "";
    if (key === this.asked) return;
    this.asked = key;
    fill(this.kept);
    if (!key) return;
    try {
      const { items } = await askStaff("/api/v1/placement-scenarios");
      if (items.length) fill(this.kept, h("h2", {}, t("place.kept")), h("ul", { class: "project-rows" }, items.map((/** @type {any} */ one) => h("li", {}, h("button", { type: "button", class: "project-open", "data-testid": `kept-${one.id}`, onclick: () => this.openOne(one.id) },
        h("b", {}, one.name), h("span", { class: "second" }, [one.state_label, `${number(one.figures?.placed)}/${number(one.figures?.projects)}`, one.updated_by, one.updated_at.slice(0, 10)].filter(Boolean).join(" · ")))))));
    } catch (error) {
      this.asked = "";
      fill(this.kept, failure(error, () => this.renderKept()));
    }
  }

  /** @param {string} id of the record */
  async openOne(id) {
    try {
      await openKept(id);
    } catch (error) {
      fill(this.told, failure(error, () => this.openOne(id)));
    }
  }

  /** @param {boolean} more whether there are projects already @returns {HTMLElement} */
  ways(more) {
    return h("div", { class: more ? "ways slim" : "ways" },
      h("section", { class: "way-card drop" }, icon("upload"), h("h2", {}, t("place.way_file")), h("p", { class: "second" }, t("place.way_file_note")),
        h("div", { class: "way-actions" }, h("button", { type: "button", class: more ? "button" : "button filled", "data-testid": "place-upload", onclick: () => this.file.click() }, t("place.choose_file")),
          h("a", { class: "text-button", href: `/api/v1/placements/template.xlsx?lang=${boot.lang}`, download: true, "data-testid": "place-template" }, t("place.template")))),
      h("section", { class: "way-card" }, icon("flow"), h("h2", {}, t("place.way_demo"), boot.demo ? h("span", { class: "demo-mark small" }, t("app.demo")) : null), h("p", { class: "second" }, t("place.way_demo_note")),
        h("div", { class: "way-actions" }, h("button", { type: "button", class: "button", "data-testid": "place-demo", onclick: () => this.takeDemo() }, t("place.use_demo")),
          staff() ? null : h("button", { type: "button", class: "text-button", "data-testid": "place-record", onclick: () => signIn(t("place.key_for_record"), () => this.takeDemo()) }, t("place.use_record")))),
      h("section", { class: "way-card" }, icon("plus"), h("h2", {}, t("place.way_hand")), h("p", { class: "second" }, t("place.way_hand_note")),
        h("div", { class: "way-actions" }, h("button", { type: "button", class: "button", "data-testid": "place-add", onclick: () => openProject(null) }, t("place.add_project")))));
  }

  /** @param {PlaceProject[]} projects @returns {HTMLElement} */
  list(projects) {
    const rest = projects.length - this.most;
    return h("section", { class: "project-list" },
      h("div", { class: "project-head" }, h("h1", {}, t("place.n_projects", { n: number(projects.length) }), projects.some((one) => one.demo) ? h("span", { class: "demo-mark small" }, t("app.demo")) : null, place.book.source ? h("span", { class: "second" }, sourceName(place.book.source)) : null),
        h("div", { class: "way-actions" }, h("button", { type: "button", class: "text-button", "data-testid": "projects-clear", onclick: () => { changeBook({ projects: [], scenarios: [], source: "" }, t("place.does_clear")); } }, t("place.remove_all")),
          h("button", { type: "button", class: "button filled", "data-testid": "place-solve", onclick: () => solveAll() }, t("place.solve")))),
      h("ul", { class: "project-rows", "data-testid": "project-rows" }, projects.slice(0, this.most).map((one) => h("li", {},
        h("button", { type: "button", class: "project-open", "data-testid": `project-${one.id}`, title: t("place.edit"), onclick: () => openProject(one) }, h("b", {}, one.name || one.id), h("span", { class: "second" }, facts(one))),
        h("button", { type: "button", class: "icon-button", "aria-label": t("place.remove", { name: one.name || one.id }), title: t("place.remove", { name: one.name || one.id }), onclick: () => { changeBook({ projects: place.book.projects.filter((other) => other.id !== one.id) }, t("place.does_remove", { name: one.name || one.id })); toast(t("place.removed", { name: one.name || one.id })); } }, icon("close", "small"))))),
      rest > 0 ? h("button", { type: "button", class: "button", onclick: () => { this.most += MOST; this.render(); } }, t("place.more_rows", { n: number(Math.min(rest, MOST)) })) : null);
  }

  async takeDemo() {
    fill(this.told, h("p", { class: "second" }, t("word.loading")));
    try {
      const answer = await askStaff("/api/v1/placements/demo-projects", { query: { limit: 10_000 } });
      const projects = /** @type {PlaceProject[]} */ (answer.items);
      fill(this.told);
      if (!projects.length) fill(this.told, h("p", { class: "warning", role: "status" }, t("place.no_demo")));
      else this.take(projects, projects.every((one) => one.demo) ? DEMO : RECORD);
    } catch (error) {
      if (!isAbort(error)) fill(this.told, failure(error, () => this.takeDemo()));
    }
  }

  /** @param {File | undefined} file */
  choose(file) {
    this.file.value = "";
    if (!file) return;
    this.last = file;
    this.upload(file, false);
  }

  /** @param {File} file @param {boolean} partial take the rows that are right */
  async upload(file, partial) {
    fill(this.told, h("p", { class: "second" }, t("place.reading", { name: file.name })));
    try {
      const answer = await sendFile(file, partial);
      const { projects, report } = answer;
      const remarks = report.findings.length;
      fill(this.told);
      if (projects.length) this.take(projects, file.name);
      else fill(this.told, h("p", { class: "warning", role: "alert", "data-testid": "no-rows" }, t("place.no_rows", { name: file.name })));
      if (projects.length && remarks) toast(t("place.remarks", { n: number(remarks) }));
    } catch (error) {
      const { report } = /** @type {any} */ (error);
      if (report?.findings?.length) fill(this.told, this.problems(file, report.findings.filter((/** @type {RowProblem} */ one) => one.severity === "error"), report.findings_total, report.read));
      else fill(this.told, failure(error, () => this.upload(file, partial)));
    }
  }

  /** @param {File} file @param {RowProblem[]} problems @param {number} total @param {number} good rows that are right @returns {HTMLElement} */
  problems(file, problems, total, good) {
    return h("section", { class: "row-problems", role: "alert", "data-testid": "row-problems" },
      h("h2", {}, t("place.file_refused", { name: file.name, n: number(total) })), h("p", { class: "second" }, t("place.nothing_taken")),
      h("table", { class: "problem-table" }, h("thead", {}, h("tr", {}, ["row", "column", "problem", "fix"].map((name) => h("th", { scope: "col" }, t(`place.problem_${name}`))))),
        h("tbody", {}, problems.slice(0, MOST_ERRORS).map((one) => h("tr", {}, h("td", { class: "number" }, one.row ?? "—"), h("td", {}, one.column || "—"), h("td", {}, one.value ? h("b", {}, one.value) : null, one.value ? " " : "", one.text), h("td", {}, one.fix))))),
      total > MOST_ERRORS ? h("p", { class: "second" }, t("place.more_problems", { n: number(total - Math.min(problems.length, MOST_ERRORS)) })) : null,
      h("div", { class: "way-actions" }, h("button", { type: "button", class: "button", onclick: () => this.file.click() }, t("place.choose_other")),
        good ? h("button", { type: "button", class: "button filled", "data-testid": "accept-partial", onclick: () => this.upload(file, true) }, t("place.accept_partial", { n: number(good) })) : null));
  }

  /** @param {PlaceProject[]} projects @param {string} source */
  take(projects, source) {
    const before = place.book.projects;
    const ids = new Set(projects.map((one) => one.id));
    changeBook({ projects: [...before.filter((one) => !ids.has(one.id)), ...projects], source: before.length ? place.book.source : source }, before.length ? t("place.does_take", { n: projects.length }) : "");
    solveAll();
  }
}

/** @typedef {{row: number | null, column: string, value: string, severity: string, text: string, fix: string}} RowProblem */

/** @param {File} file @param {boolean} partial @returns {Promise<any>} */
async function sendFile(file, partial) {
  const form = new FormData();
  form.append("file", file, file.name);
  const query = new URLSearchParams({ lang: boot.lang, ...(partial ? { accept_partial: "1" } : {}) });
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(`/api/v1/placements/projects?${query}`, { method: "POST", body: form, credentials: "same-origin", headers: staffHeaders() });
  } catch {
    throw new Problem(t("error.offline"), t("error.offline_detail"), "", 0);
  }
  if (answer.ok) return answer.json();
  const body = await answer.clone().json().catch(() => ({}));
  throw Object.assign(await problemOf(answer), { report: body });
}

/** @param {PlaceProject} one @returns {string} */
function facts(one) {
  const size = one.area_m2?.min !== undefined && one.area_m2?.max !== undefined && one.area_m2.min !== one.area_m2.max ? `${number(one.area_m2.min)}–${area(one.area_m2.max)}` : area(one.area_m2?.min ?? one.area_m2?.max);
  return [countyName(one.home_county), one.industry ? industryName(one.industry) : "", one.headcount ? t("place.people", { n: number(one.headcount) }) : "", size, one.move_in ?? ""].filter((part) => part && part !== "—").join(" · ");
}
