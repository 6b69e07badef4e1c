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
import { clock, dayOf, empty, gate, keepFocus, whoami } from "./parts.js";

/** @typedef {{id: string, name: string, kind: string, kind_label: string, at: string, place: string, note: string, by: string, pair_count: number, version: number}} Head */
/** @typedef {{id: string, order: number, project_id: string, project_name: string, industry_name: string, home_county_name: string, current_site_name: string, site_id: string, site_name: string, county_name: string, unit_ids: string[], area_m2: number | null, slot: string, result: string, result_label: string, lost: boolean, note: string, event_id: string, state: string | null, state_label: string}} Pair */
/** @typedef {Head & {pairs: Pair[]}} Meeting */

const PATH = "/api/v1/meetings";

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
    keepFocus(this.head, () => fill(this.head, h("h1", {}, t("desk.tab_meetings")), h("div", { class: "desk-head-end" }, whoami(t("desk.key_meetings")), h("button", { type: "button", class: "button filled", "data-testid": "meeting-add", onclick: () => this.add() }, icon("plus", "small"), t("desk.add_meeting")))));
    keepFocus(this.list, () => this.drawList());
  }

  add() {
    openMeetingForm(null, (/** @type {Meeting} */ made) => {
      this.detail.took(made);
      setState({ meeting: made.id }, { push: true, origin: "desk" });
      this.reload();
      toast(t("desk.meeting_added"));
    });
  }

  drawList() {
    const { data, error } = this.all;
    if (error) fill(this.list, problem(error, () => this.reload(), () => this.reload()));
    else if (!data) fill(this.list, skeleton(4));
    else if (!data.length) fill(this.list, empty(t("desk.meetings_none"), t("desk.meetings_none_note"), h("button", { type: "button", class: "button", onclick: () => this.add() }, t("desk.add_meeting"))));
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
        h("span", { class: "second number" }, t("desk.n_pairs", { n: number(one.pair_count) }))));
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
