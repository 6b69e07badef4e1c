/** One project of the ledger: where it stands, what is done next, who has it, and all that happened. */
import { boot } from "../boot.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { skeleton } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { ask, problem } from "./ask.js";
import { lastOf, placeOf, sendEvent } from "./ledger_data.js";
import { openChange, openHandover, openProjectForm } from "./ledger_form.js";
import { timeline } from "./ledger_timeline.js";
import { dueMark, empty, stateName, WAY } from "./parts.js";

/** @typedef {import("./ledger_data.js").Detail} Detail */

const NOTE_MOST = 1000;

export class LedgerDetail {
  /** @param {import("./ledger_data.js").LedgerData} data */
  constructor(data) {
    this.data = data;
    this.note = h("textarea", { rows: 2, maxlength: NOTE_MOST, placeholder: t("desk.note_example"), "aria-label": t("desk.note"), "data-testid": "note-text" });
    this.told = h("div", { "aria-live": "polite" });
    this.offers = h("section", { class: "part", "data-testid": "offers" });
    this.element = h("aside", { class: "desk-side", "aria-label": t("desk.project"), "data-testid": "ledger-side" });
    /** The version that is drawn: it is not drawn again while someone types. */
    this.stamp = "";
  }

  clear() {
    this.stamp = "";
    this.note.value = "";
    for (const part of [this.element, this.told, this.offers]) fill(part);
  }

  render() {
    this.element.hidden = !state.project;
    if (!state.project) {
      this.clear();
      return;
    }
    const { data, error, key } = this.data.one;
    if (data && data.state !== "lost" && this.data.offers.key !== key) this.data.offer(key);
    this.drawOffers(data);
    const stamp = data ? `${key} ${data.version}` : error ? `error ${key} ${error.status}` : `wait ${key}`;
    if (stamp === this.stamp) return;
    if (!this.stamp.startsWith(`${key} `)) this.note.value = "";
    this.stamp = stamp;
    fill(this.told);
    const close = h("button", { type: "button", class: "icon-button side-close", "aria-label": t("word.close"), "data-testid": "side-close", onclick: () => setState({ project: "" }, { push: true, origin: "desk" }) }, icon("close"));
    if (data) fill(this.element, close, this.whole(data));
    else if (error?.status === 404) fill(this.element, close, this.unknown());
    else fill(this.element, close, error ? problem(error, () => this.reload(), () => this.reload()) : skeleton(4));
  }

  reload() {
    this.stamp = "";
    this.data.open(state.project);
    this.data.reload();
    this.render();
  }

  /** A project of the allocation that is in no ledger yet. @returns {HTMLElement} */
  unknown() {
    return empty(t("desk.not_in_ledger"), t("desk.not_in_ledger_note"), h("button", { type: "button", class: "button filled", "data-testid": "take-in", onclick: () => this.act(() => ask("/api/v1/ledger", { method: "POST", body: { project_id: state.project } }), t("desk.taken_in")) }, t("desk.take_in")), this.told);
  }

  /** @param {() => Promise<Detail>} work @param {string} said */
  async act(work, said) {
    try {
      const detail = await work();
      this.data.took(detail);
      toast(said);
    } catch (error) {
      fill(this.told, problem(error, () => this.act(work, said), () => this.reload()));
    }
  }

  /** @param {Detail} one @returns {HTMLElement} */
  whole(one) {
    return h("div", { class: "side-body" },
      h("header", { class: "side-head" }, h("h1", {}, one.name, one.demo ? h("span", { class: "demo-mark small" }, t("app.demo")) : null),
        h("p", { class: "second" }, [one.industry_name, one.home_county_name, one.current_site_name, one.published ? t("desk.published") : ""].filter(Boolean).join(" · "))),
      this.way(one), one.state === "lost" ? h("p", { class: "lost-why", "data-testid": "lost-why" }, h("b", {}, t("desk.lost_why")), " ", one.lost_why) : null, this.told,
      one.handover ? this.answer(one, one.handover) : null, this.next(one), this.noteForm(one), this.offers, this.history(one));
  }

  /** The way to producing: pressing a step goes there. @param {Detail} one @returns {HTMLElement} */
  way(one) {
    const at = WAY.indexOf(one.state);
    const step = (/** @type {string} */ name, /** @type {number} */ i) => h("li", {}, h("button", {
      type: "button", class: `way-step${i < at ? " past" : i === at ? " now" : ""}`, "aria-current": i === at ? "step" : null, disabled: i === at, "data-testid": `to-${name}`,
      onclick: () => openChange(one, name, (detail) => this.changed(detail)),
    }, h("span", { class: "way-dot", "aria-hidden": "true" }), h("span", {}, stateName(name))));
    return h("div", { class: "way-part" }, h("ol", { class: "way", "aria-label": t("desk.state") }, WAY.map(step)),
      h("div", { class: "way-foot" }, h("span", { class: "second" }, t("desk.since", { state: stateName(one.state), day: one.state_on })), one.state === "lost" ? h("span", { class: "state-badge state-lost" }, stateName("lost"))
        : h("button", { type: "button", class: "text-button warn", "data-testid": "to-lost", onclick: () => openChange(one, "lost", (detail) => this.changed(detail)) }, t("desk.to_lost"))));
  }

  /** @param {Detail} detail */
  changed(detail) {
    this.data.took(detail);
    toast(t("desk.now_is", { name: detail.name, state: stateName(detail.state) }));
  }

  /** @param {Detail} one @returns {HTMLElement} */
  next(one) {
    const fact = (/** @type {string} */ name, /** @type {any} */ value) => [h("dt", {}, name), h("dd", {}, value || h("span", { class: "second" }, t("site.not_stated")))];
    const place = placeOf(one);
    return h("section", { class: "part" }, h("div", { class: "part-head" }, h("h2", {}, t("desk.next")), h("button", { type: "button", class: "text-button", "data-testid": "edit-line", onclick: () => openProjectForm(one, (detail) => { this.data.took(detail); toast(t("desk.saved")); }) }, t("place.edit"))),
      h("p", { class: "next-step" }, one.next_step || h("span", { class: "second" }, t("desk.next_none")), dueMark(one.due_on, one.overdue)),
      h("dl", { class: "pairs" }, fact(t("desk.place"), place ? [siteLink(one) ?? place, one.unit_ids.length ? ` · ${t("unit.units", { n: one.unit_ids.length })}` : "", one.local === null ? "" : ` · ${t(one.local ? "desk.local" : "desk.elsewhere")}`] : ""), fact(t("desk.owner"), one.owner), fact(t("desk.holder"), one.holder ? `${one.holder.name || one.holder.id} · ${one.holder.kind_label}` : "")),
      one.handover ? null : h("button", { type: "button", class: "button small", "data-testid": "handover", onclick: () => openHandover(one, (detail) => { this.data.took(detail); toast(t("desk.handed")); }) }, t("desk.handover")));
  }

  /** @param {Detail} one @param {import("./ledger_data.js").LedgerEvent} offer @returns {HTMLElement} */
  answer(one, offer) {
    const why = h("input", { type: "text", maxlength: NOTE_MOST, placeholder: t("desk.decline_why"), "aria-label": t("desk.decline_why"), "data-testid": "handover-note" });
    return h("section", { class: "handover-card", "data-testid": "handover-card" }, h("p", {}, t("desk.handover_waits", { from: offer.from?.name || offer.by, to: offer.to?.name || offer.to?.id || "" })), offer.note ? h("p", { class: "second" }, offer.note) : null,
      h("div", { class: "handover-row" }, h("div", { class: "field" }, why), h("button", { type: "button", class: "button small", "data-testid": "handover-decline", onclick: () => this.act(() => sendEvent(one, { kind: "decline", note: why.value.trim() }), t("desk.declined")) }, t("desk.decline")),
        h("button", { type: "button", class: "button small filled", "data-testid": "handover-accept", onclick: () => this.act(() => sendEvent(one, { kind: "accept", note: why.value.trim() }), t("desk.accepted")) }, t("desk.accept"))));
  }

  /** @param {Detail} one @returns {HTMLElement} */
  noteForm(one) {
    return h("form", { class: "part note-form", onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      const note = this.note.value.trim();
      if (!note) this.note.focus();
      else this.act(async () => {
        const detail = await sendEvent(one, { kind: "note", note });
        this.note.value = "";
        return detail;
      }, t("desk.noted"));
    } }, this.note, h("button", { type: "submit", class: "button small", "data-testid": "note-send" }, t("desk.note_send")));
  }

  /** @param {Detail} one @returns {HTMLElement} */
  history(one) {
    const last = lastOf(one);
    const elsewhere = last && ["meeting", "adoption"].includes(last.source);
    return h("section", { class: "part" }, h("div", { class: "part-head" }, h("h2", {}, t("desk.history")),
      last ? h("button", { type: "button", class: "text-button", "data-testid": "undo-last", disabled: elsewhere, title: elsewhere ? t("desk.undo_there", { what: last.source_label }) : null, onclick: () => this.act(() => sendEvent(one, { kind: "undo" }), t("desk.undone")) }, icon("undo", "small"), t("desk.undo_last", { what: last.kind === "state" && last.to_state ? stateName(last.to_state) : last.kind_label })) : null),
    timeline(one.events));
  }
  /** Entries that suit the project; where there are none nothing is said. @param {Detail | null} one */
  drawOffers(one) {
    const { data } = this.data.offers;
    this.offers.hidden = !data?.length || !one || one.state === "lost";
    fill(this.offers, this.offers.hidden ? null : [h("h2", {}, t("desk.offers")), h("ul", { class: "offer-rows" }, data?.map((entry) => h("li", {}, h("button", { type: "button", class: "match-name", onclick: () => setState({ desk: "lists", entry: entry.id }, { push: true, origin: "desk" }) }, entry.title, icon("chevron", "small turned")),
      h("span", { class: "second" }, [t(`desk.kind_${entry.kind}`), entry.visibility === "restricted" ? t("desk.inside") : "", entry.county_name, ...(entry.criteria ?? []).map((part) => part.reason)].filter(Boolean).join(" · ")))))]);
  }
}

/** Where it landed, on the map with its units; null where that is no site of the record. @param {Detail} one @returns {HTMLElement | null} */
function siteLink({ site_id: site, site_name: name, unit_ids: units }) {
  if (!site || !name) return null;
  const query = { task: /** @type {const} */ ("find"), site, unit: units[0] ?? "", point: null };
  return h("a", { class: "text-button", "data-testid": "landed-site", title: t("desk.on_map"), href: `?${new URLSearchParams({ task: "find", site, unit: query.unit, lang: boot.lang })}`,
    onclick: (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setState(query, { push: true, origin: "task" });
    } }, name);
}
