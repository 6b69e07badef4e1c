/** 对接会: meetings of projects and places, what came of each pair, and the sheets for them. */
import { fill, h } from "../dom.js";
import { number, today } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { skeleton } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { staff } from "../place/staff.js";
import { ask, Loaded, problem } from "./ask.js";
import { MeetingDetail } from "./meeting_detail.js";
import { openMeetingForm } from "./meeting_form.js";
import { clock, dayOf, gate, headEnd, keepFocus, whoami } from "./parts.js";

/** @typedef {{id: string, name: string, kind: string, kind_label: string, at: string, place: string, note: string, by: string, pair_count: number, results: Dict<number>, version: number}} Head `results`: pairs by how they parted */
/** @typedef {{id: string, order: number, project_id: string, project_name: string, industry_name: string, home_county_name: string, current_site_name: string, site_id: string, site_name: string, county_name: string, unit_ids: string[], area_m2: number | null, slot: string, result: string, result_label: string, lost: boolean, note: string, event_id: string, state: string | null, state_label: string}} Pair */
/** @typedef {Head & {pairs: Pair[]}} Meeting */

const PATH = "/api/v1/meetings";
/** Results, the best first. */
const CAME = ["signed", "agreed", "interested", "declined", "pending"];

export class MeetingsDesk {
  /** @param {HTMLElement} print */
  constructor(print) {
    /** @type {Loaded<Head[]>} */
    this.all = new Loaded(() => this.draw());
    this.head = h("div", { class: "desk-head" });
    this.list = h("div", { class: "desk-scroll", "data-testid": "meetings-list" });
    this.main = h("div", { class: "desk-main" }, this.head, this.list);
    this.detail = new MeetingDetail({ print, changed: () => this.reload(), gone: () => this.gone() });
    this.element = h("section", { class: "desk meetings", "data-testid": "meetings", "aria-label": t("desk.tab_meetings") });
  }

  forget() {
    this.all.forget();
    fill(this.list);
    this.detail.forget();
    fill(this.element);
  }

  reload() {
    this.all.load("all", async (signal) => (await ask(PATH, { query: { limit: 1000 }, signal })).items);
  }

  gone() {
    setState({ meeting: "" }, { push: true, origin: "desk" });
    this.reload();
  }

  render() {
    if (!staff()) {
      fill(this.element, gate("meetings"));
      return;
    }
    if (!this.all.data && !this.all.loading && !this.all.error) this.reload();
    this.draw();
    this.detail.render();
  }

  draw() {
    if (!staff()) return;
    if (this.element.firstElementChild !== this.main) fill(this.element, this.main, this.detail.element);
    this.element.classList.toggle("with-side", Boolean(state.meeting));
    keepFocus(this.head, () => fill(this.head, h("h1", {}, t("desk.tab_meetings")), h("div", { class: "desk-head-end" }, headEnd(whoami(t("desk.key_meetings")), []), h("button", { type: "button", class: "button filled", "data-testid": "meeting-add", onclick: () => this.add() }, icon("plus", "small"), t("desk.add_meeting")))));
    keepFocus(this.list, () => this.drawList());
  }

  /** What stands here before the first one: what it is for, and two ways to begin. @returns {HTMLElement} */
  beginnings() {
    const way = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {boolean} */ kept) => h("section", { class: "way-card" }, icon(sign), h("h2", {}, t(`desk.meeting_${name}`)), h("p", { class: "second" }, t(`desk.meeting_${name}_note`)),
      h("div", { class: "way-actions" }, h("button", { type: "button", class: kept ? "button filled" : "button", "data-testid": `meeting-${name}`, onclick: () => this.add(kept) }, t(`desk.meeting_${name}_go`))));
    return h("div", { class: "meeting-start", "data-testid": "meetings-start" }, h("h2", {}, t("desk.meetings_none")), h("p", {}, t("desk.gate_meetings_note")), h("ul", { class: "gate-points" }, ["a", "b", "c"].map((one) => h("li", {}, t(`desk.gate_meetings_${one}`)))),
      h("div", { class: "ways" }, way("kept", "flow", true), way("hand", "plus", false)));
  }

  /** @param {boolean} [kept] from a saved allocation */
  add(kept = false) {
    openMeetingForm(null, (/** @type {Meeting} */ made) => {
      this.detail.took(made);
      setState({ meeting: made.id }, { push: true, origin: "desk" });
      this.reload();
      toast(t("desk.meeting_added"));
    }, kept);
  }

  drawList() {
    const { data, error } = this.all;
    if (error) fill(this.list, problem(error, () => this.reload(), () => this.reload()));
    else if (!data) fill(this.list, skeleton(4));
    else if (!data.length) fill(this.list, this.beginnings());
    else {
      const now = today();
      const coming = data.filter((one) => dayOf(one.at) >= now).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
      const past = data.filter((one) => dayOf(one.at) < now);
      fill(this.list, this.group(t("desk.coming"), coming), this.group(t("desk.past"), past));
    }
  }

  /** @param {string} title @param {Head[]} meetings @returns {HTMLElement | null} */
  group(title, meetings) {
    if (!meetings.length) return null;
    return h("section", { class: "meeting-group" }, h("h2", {}, title, h("span", { class: "second" }, number(meetings.length))), h("ul", { class: "desk-rows" }, meetings.map((one) => {
      const on = one.id === state.meeting;
      return h("li", { class: on ? "chosen" : null }, h("button", { type: "button", class: "desk-row meeting-row", "aria-current": on ? "true" : null, "data-testid": `meeting-${one.id}`, onclick: () => setState({ meeting: on ? "" : one.id }, { push: true, origin: "desk" }) },
        h("span", { class: "meeting-day" }, h("b", { class: "number" }, clock(one.at).slice(5, 10)), h("span", { class: "second number" }, clock(one.at).slice(11))),
        h("span", { class: "cell-two" }, h("b", {}, one.name), h("span", { class: "second" }, [one.kind_label, one.place].filter(Boolean).join(" · "))),
        cameOf(one)));
    })));
  }

  escape() {
    const { meeting } = state;
    if (!meeting) return false;
    setState({ meeting: "" }, { push: true, origin: "desk" });
    /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-testid="meeting-${CSS.escape(meeting)}"]`))?.focus();
    return true;
  }

  toSearch() {
    return false;
  }
}

/** What came of a meeting so far: in words, and as a bar that fills. @param {Head} one @returns {HTMLElement} */
function cameOf({ pair_count: all, results }) {
  const done = all - results.pending;
  const parts = CAME.filter((name) => name !== "pending" && results[name]);
  const words = done ? [t("desk.done_of", { n: number(done), all: number(all) }), ...parts.map((name) => t(`desk.n_${name}`, { n: number(results[name]) }))].join(" · ") : t("desk.n_pairs", { n: number(all) });
  const bar = h("span", { class: "came-bar", "aria-hidden": "true" }, CAME.filter((name) => results[name]).map((name) => {
    const part = h("span", { class: `came-${name}` });
    part.style.flexGrow = String(results[name]);
    return part;
  }));
  return h("span", { class: "meeting-came", "data-testid": "meeting-came" }, h("span", { class: "second" }, words), all ? bar : null);
}
