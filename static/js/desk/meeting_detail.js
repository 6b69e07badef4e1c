/** One meeting: how far it is, its pairs with what came of them — one key a result — and its sheets. */
import { fill, h } from "../dom.js";
import { area, number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { skeleton } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { printAgenda } from "./agenda.js";
import { ask, Loaded, problem, saveTable } from "./ask.js";
import { openFillForm, openMeetingForm, openPairForm, pairBody } from "./meeting_form.js";
import { clock, empty, stateBadge, sureButton } from "./parts.js";

/** @typedef {import("./meetings.js").Meeting} Meeting */
/** @typedef {import("./meetings.js").Pair} Pair */

/** In the order of the keys 1 to 5. */
const RESULTS = ["interested", "agreed", "signed", "declined", "pending"];
const PATH = "/api/v1/meetings";

export class MeetingDetail {
  /** @param {{print: HTMLElement, changed: () => void, gone: () => void}} tell */
  constructor(tell) {
    this.tell = tell;
    /** @type {Loaded<Meeting>} */
    this.one = new Loaded(() => this.draw());
    this.told = h("div", { "aria-live": "polite" });
    this.head = h("div", {});
    this.progress = h("div", { class: "meeting-progress", role: "status", "data-testid": "meeting-progress" });
    this.rows = h("ol", { class: "pair-rows", "data-testid": "pairs" });
    this.saved = h("span", { class: "second", role: "status", "data-testid": "pairs-saved" });
    this.close = h("button", { type: "button", class: "icon-button side-close", "aria-label": t("word.close"), "data-testid": "side-close", onclick: () => setState({ meeting: "" }, { push: true, origin: "desk" }) }, icon("close"));
    this.middle = h("div", {});
    this.foot = h("div", { class: "side-actions" });
    this.whole = h("div", { class: "side-body" }, this.head, this.told, this.progress, this.rows, this.middle, this.foot);
    this.waits = h("div", {});
    this.element = h("div", { class: "desk-side wide-side", "data-testid": "meeting-side" }, this.close, this.waits, this.whole);
    /** Whether a list is under way, and whether another change came meanwhile. */
    this.sending = this.again = false;
  }

  forget() {
    this.one.forget();
    this.sending = this.again = false;
    for (const part of [this.head, this.progress, this.rows, this.told, this.middle, this.foot, this.waits]) fill(part);
  }

  /** @param {Meeting} meeting */
  took(meeting) {
    this.one.latest.stop();
    Object.assign(this.one, { data: meeting, key: meeting.id, error: null, loading: false });
    fill(this.told);
    this.draw();
    this.tell.changed();
  }

  render() {
    this.element.hidden = !state.meeting;
    if (state.meeting && this.one.key !== state.meeting) this.open();
    this.draw();
  }

  open() {
    fill(this.told);
    fill(this.saved);
    this.one.load(state.meeting, (signal) => ask(`${PATH}/${encodeURIComponent(state.meeting)}`, { signal }));
  }

  draw() {
    if (!state.meeting) return;
    const { data, error } = this.one;
    this.whole.hidden = !data;
    fill(this.waits, data ? null : error?.status === 404 ? empty(t("desk.meeting_gone"), t("desk.meeting_gone_note")) : error ? problem(error, () => this.open(), () => this.open()) : skeleton(4));
    if (!data) return;
    this.drawHead(data);
    this.drawProgress(data);
    this.drawRows(data);
    fill(this.middle, data.pairs.length ? null : empty(t("desk.pairs_none"), t("desk.pairs_none_note")));
    this.drawFoot(data);
  }

  /** @param {Meeting} one */
  drawHead(one) {
    const has = one.pairs.length > 0;
    fill(this.head, h("header", { class: "side-head" }, h("h1", {}, one.name), h("p", { class: "second" }, [one.kind_label, clock(one.at), one.place].filter(Boolean).join(" · ")), one.note ? h("p", { class: "event-note" }, one.note) : null),
      h("div", { class: "side-actions" },
        h("button", { type: "button", class: "button small", "data-testid": "meeting-print", disabled: !has, onclick: () => printAgenda(one, this.tell.print) }, icon("print", "small"), t("desk.print_agenda")),
        h("button", { type: "button", class: "button small", "data-testid": "meeting-xlsx", disabled: !has, onclick: () => saveTable(`${PATH}/${one.id}/file`, { f: "xlsx" }, "agenda.xlsx") }, t("place.file_xlsx")),
        h("button", { type: "button", class: "button small", "data-testid": "meeting-edit", onclick: () => openMeetingForm(one, (meeting) => { this.took(meeting); toast(t("desk.saved")); }) }, t("place.edit")),
        sureButton(t("kept.delete"), "meeting-delete", () => this.remove(one), "text-button warn")));
  }

  /** @param {Meeting} one */
  async remove(one) {
    try {
      await ask(`${PATH}/${one.id}`, { method: "DELETE", body: { version: one.version } });
      this.one.forget();
      this.tell.gone();
      toast(t("desk.meeting_deleted", { name: one.name }));
    } catch (error) {
      fill(this.told, problem(error, () => this.remove(one), () => this.open()));
    }
  }

  /** @param {Meeting} one */
  drawProgress(one) {
    const n = (/** @type {string} */ result) => one.pairs.filter((pair) => pair.result === result).length;
    const done = one.pairs.length - n("pending");
    const fillBar = h("span", { class: "bar-fill" });
    fillBar.style.width = `${one.pairs.length ? (done / one.pairs.length) * 100 : 0}%`;
    this.progress.hidden = !one.pairs.length;
    fill(this.progress, h("div", { class: "progress-line" }, h("b", {}, t("desk.done_of", { n: number(done), all: number(one.pairs.length) })), h("span", {}, t("desk.n_signed", { n: number(n("signed")) })), h("span", {}, t("desk.n_agreed", { n: number(n("agreed")) })), h("span", {}, t("desk.n_interested", { n: number(n("interested")) })), h("span", {}, t("desk.n_declined", { n: number(n("declined")) })), this.saved),
      h("span", { class: "bar-track progress" }, fillBar), h("p", { class: "second keys-note" }, t("desk.result_keys")));
  }

  /** @param {Meeting} one */
  drawRows(one) {
    const focused = /** @type {HTMLElement | null} */ (this.rows.contains(document.activeElement) ? document.activeElement : null);
    const [at, what] = [focused?.closest("li")?.dataset.at, focused?.dataset.what ?? ""];
    const typed = focused instanceof HTMLInputElement && focused.type === "text" ? focused.value : null;
    fill(this.rows, one.pairs.map((pair, i) => this.row(pair, i)));
    if (at === undefined) return;
    this.focus(Number(at), what);
    // What is being typed is not taken away by an answer.
    if (typed !== null && document.activeElement instanceof HTMLInputElement) document.activeElement.value = typed;
  }

  /** @param {number} at @param {string} [what] */
  focus(at, what = "") {
    const row = /** @type {HTMLElement | null} */ (this.rows.querySelector(`li[data-at="${at}"]`));
    const inner = /** @type {HTMLElement | null} */ (what ? row?.querySelector(`[data-what="${what}"]`) : row);
    (inner ?? row)?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Pair} pair @param {number} at @returns {HTMLElement} */
  row(pair, at) {
    const results = h("div", { class: "segmented pair-results", role: "group", "aria-label": t("desk.result") }, RESULTS.map((one, i) => h("button", { type: "button", tabindex: -1, "aria-pressed": String(pair.result === one), class: `result-${one}`, title: t("desk.key_of", { key: i + 1 }), "data-what": one, "data-testid": `result-${one}`, onclick: () => this.set(at, one) }, t(`desk.result_${one}`))));
    const note = h("input", { type: "text", class: "pair-note", maxlength: 1000, value: pair.note, placeholder: t(pair.result === "declined" ? "desk.declined_why" : "site.note"), "aria-label": t("site.note"), "data-what": "note", "data-testid": "pair-note", onchange: () => this.change(at, { note: note.value.trim(), lost: pair.lost && Boolean(note.value.trim()) }), onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.focus(at + 1) });
    const lost = pair.result === "declined" ? h("label", { class: "check", title: pair.note ? null : t("desk.lost_needs") }, h("input", { type: "checkbox", checked: pair.lost, disabled: !pair.note, "data-what": "lost", "data-testid": "pair-lost", onchange: (/** @type {any} */ event) => this.change(at, { lost: event.target.checked }) }), h("span", {}, t("desk.pair_lost"))) : null;
    return h("li", { tabindex: 0, "data-at": at, "data-testid": `pair-${at}`, class: `pair-row result-row-${pair.result}`, onkeydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event, at) },
      this.order(pair, at),
      h("span", { class: "cell-two" }, h("button", { type: "button", class: "pair-name", tabindex: -1, title: t("desk.open_in_ledger"), "data-testid": "pair-open", onclick: () => setState({ desk: "ledger", project: pair.project_id }, { push: true, origin: "desk" }) }, pair.project_name), h("span", { class: "second" }, [pair.industry_name, pair.home_county_name].filter(Boolean).join(" · "))),
      h("span", { class: "cell-two" }, h("span", {}, pair.site_name || pair.site_id || t("desk.place_open")), h("span", { class: "second" }, [pair.county_name, pair.area_m2 === null ? "" : area(pair.area_m2), pair.unit_ids.length ? t("unit.units", { n: pair.unit_ids.length }) : ""].filter(Boolean).join(" · "))),
      pair.state ? stateBadge(pair.state) : h("span", { class: "second" }, t("desk.no_line")),
      h("button", { type: "button", class: "icon-button", tabindex: -1, "aria-label": t("place.remove", { name: pair.project_name }), title: t("place.remove", { name: pair.project_name }), "data-testid": "pair-remove", onclick: () => this.drop(at) }, icon("close", "small")),
      h("div", { class: "pair-result" }, results, h("div", { class: "pair-words" }, note, lost)));
  }

  /** When it is its turn, and the way up and down: times stay in their order, pairs change places. @param {Pair} pair @param {number} at @returns {HTMLElement} */
  order(pair, at) {
    const slot = h("input", { type: "text", class: "pair-slot number", maxlength: 40, tabindex: -1, value: pair.slot, placeholder: t("desk.slot"), "aria-label": t("desk.slot"), "data-what": "slot", "data-testid": "pair-slot-of", onchange: () => this.change(at, { slot: slot.value.trim() }), onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.focus(at + 1, "slot") });
    const step = (/** @type {number} */ by, /** @type {string} */ name) => h("button", { type: "button", class: "icon-button", tabindex: -1, disabled: !this.one.data?.pairs[at + by], "aria-label": t(`desk.pair_${name}`, { name: pair.project_name }), title: t(`desk.pair_${name}`, { name: pair.project_name }), "data-what": name, "data-testid": `pair-${name}`, onclick: () => this.move(at, by, name) }, icon("chevron", by < 0 ? "small over" : "small"));
    return h("span", { class: "pair-order" }, h("b", { class: "number" }, at + 1), slot, h("span", { class: "pair-steps" }, step(-1, "up"), step(1, "down")));
  }

  /** @param {number} at @param {number} by @param {string} [what] keeps the focus */
  move(at, by, what = "") {
    const pairs = [...(this.one.data?.pairs ?? [])];
    const [here, there] = [pairs[at], pairs[at + by]];
    if (!here || !there) return;
    pairs[at] = { ...there, slot: here.slot };
    pairs[at + by] = { ...here, slot: there.slot };
    this.put(pairs);
    this.focus(at + by, what);
  }

  /** 1 to 5 say what came of it and go on; arrows go through, with Alt they move it; n writes a note, t the time. @param {KeyboardEvent} event @param {number} at */
  onKey(event, at) {
    const typing = /** @type {HTMLElement} */ (event.target).tagName === "INPUT";
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const result = RESULTS[Number(event.key) - 1];
    if (by && event.altKey && !typing) this.move(at, by);
    else if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    else if (by) this.focus(Math.max(0, at + by));
    else if (result) {
      this.set(at, result);
      this.focus(result === "declined" ? at : at + 1, result === "declined" ? "note" : "");
    } else if (event.key === "n") this.focus(at, "note");
    else if (event.key === "t") this.focus(at, "slot");
    else return;
    event.preventDefault();
  }

  /** @param {number} at @param {string} result */
  set(at, result) {
    this.change(at, { result, ...(result === "declined" ? {} : { lost: false }) });
  }

  /** @param {number} at @param {Partial<Pair>} patch */
  change(at, patch) {
    const one = this.one.data;
    if (!one) return;
    this.put(one.pairs.map((pair, i) => (i === at ? { ...pair, ...patch } : pair)));
  }

  /** Taken out at once, and put back by one press. @param {number} at */
  drop(at) {
    const one = this.one.data;
    if (!one) return;
    const gone = one.pairs[at];
    this.put(one.pairs.filter((_, i) => i !== at));
    const back = h("button", { type: "button", class: "text-button", "data-testid": "pair-back", onclick: () => {
      const now = this.one.data?.pairs ?? [];
      fill(this.told);
      this.put([...now.slice(0, at), { ...gone, id: "" }, ...now.slice(at)]);
    } }, icon("undo", "small"), t("place.undo"));
    fill(this.told, h("div", { class: "place-notice" }, h("span", {}, t("desk.pair_gone", { name: gone.project_name })), back));
  }

  /** The list is shown at once and sent; changes meanwhile go with the next one. @param {Pair[]} pairs */
  put(pairs) {
    const one = /** @type {Meeting} */ (this.one.data);
    this.one.data = { ...one, pairs };
    this.again = true;
    this.draw();
    this.send();
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    try {
      while (this.again && this.one.data) {
        this.again = false;
        fill(this.saved, t("desk.saving"));
        const { id, version, pairs } = this.one.data;
        const answer = await ask(`${PATH}/${id}/pairs`, { method: "PUT", body: { version, pairs: pairs.map(pairBody) } });
        if (this.one.key !== id || !this.one.data) break;
        // What was changed while this one was under way stays, under the ids and version of the answer.
        const now = this.one.data.pairs;
        this.one.data = this.again ? { ...answer, pairs: named(now, answer.pairs) } : answer;
        this.draw();
      }
      fill(this.saved, t("kept.saved"));
      this.tell.changed();
    } catch (error) {
      this.again = false;
      fill(this.saved, t("desk.not_saved"));
      fill(this.told, problem(error, () => { this.again = true; fill(this.told); this.send(); }, () => this.open()));
    } finally {
      this.sending = false;
    }
  }

  /** @param {Meeting} one */
  drawFoot(one) {
    const took = (/** @type {Meeting} */ meeting) => this.took(meeting);
    fill(this.foot, h("button", { type: "button", class: "button small", "data-testid": "pairs-fill", onclick: () => openFillForm(one, took) }, t("desk.fill")), h("button", { type: "button", class: "button small", "data-testid": "pair-add", onclick: () => openPairForm(one, took) }, icon("plus", "small"), t("desk.add_pair")));
  }
}

/** New pairs take the id that the service gave them, wherever they have been moved meanwhile. @param {Pair[]} now @param {Pair[]} kept @returns {Pair[]} */
function named(now, kept) {
  const free = kept.filter((one) => !now.some(({ id }) => id === one.id));
  return now.map((pair) => {
    const at = pair.id ? -1 : free.findIndex((one) => one.project_id === pair.project_id && one.site_id === pair.site_id);
    return at < 0 ? pair : { ...pair, id: free.splice(at, 1)[0].id };
  });
}
