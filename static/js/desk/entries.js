/** 清单: scenes, opportunities, demands, firm and incubator, land — published for everybody, the rest for staff. */
import { label, values } from "../boot.js";
import { debounce, fill, h } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { skeleton } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { staff } from "../place/staff.js";
import { ask, Loaded, problem, saveTable } from "./ask.js";
import { filtered, NO_FILTER, PATH, PUBLIC_KINDS, sorted, STAFF_KINDS, timing } from "./entries_data.js";
import { EntryDetail } from "./entry_detail.js";
import { openEntryForm } from "./entry_form.js";
import { choice, countyOptions, daysLeft, empty, headEnd, industryOptions, keepFocus, whoami } from "./parts.js";
import { EntryPins } from "./pins.js";

/** @typedef {import("./entries_data.js").Entry} Entry */

/** Rows that are drawn at a time. */
const PAGE = 100;

/** @param {Partial<State>} patch */
const go = (patch) => setState(patch, { push: true, origin: "desk" });

export class EntriesDesk {
  /** @param {import("../map/view.js").MapView} view */
  constructor(view) {
    /** @type {Loaded<Entry[]>} */
    this.all = new Loaded(() => this.draw());
    this.pins = new EntryPins(view, (id) => go({ entry: id }));
    this.search = h("input", { type: "search", placeholder: t("desk.entry_search"), "aria-label": t("desk.entry_search"), "data-testid": "entry-q" });
    this.search.addEventListener("input", debounce(() => setState({ entry_q: this.search.value }, { origin: "desk" }), 200));
    this.head = h("div", { class: "desk-head" });
    this.lead = h("p", { class: "second desk-lead" }, t("desk.lists_note"));
    this.kinds = h("div", { class: "kind-chips chips", role: "group", "aria-label": t("desk.kinds") });
    this.filters = h("div", { class: "desk-filters entry-filters" }, h("div", { class: "field" }, this.search));
    this.order = h("div", { class: "entry-order" });
    this.list = h("ul", { class: "desk-rows", "data-testid": "entries-list" });
    this.scroll = h("div", { class: "desk-scroll", onscroll: () => this.scroll.scrollTop + this.scroll.clientHeight > this.scroll.scrollHeight - 400 && this.more() }, this.list);
    this.detail = new EntryDetail({ changed: (entry) => this.changed(entry), gone: (id) => this.gone(id), find: (id) => this.all.data?.find((one) => one.id === id) });
    this.element = h("section", { class: "desk lists", "data-testid": "entries", "aria-label": t("desk.tab_lists") }, h("div", { class: "desk-main" }, this.head, this.lead, this.kinds, this.filters, this.order, this.scroll));
    /** @type {Entry[]} */
    this.rows = [];
    this.drawn = 0;
    /** Whether some entries are made up and some are not: then each says so. */
    this.mixed = false;
  }

  /** What a key had shown is gone from the page before the public list is asked for. */
  forget() {
    this.all.forget();
    this.detail.forget();
    this.rows = [];
    for (const part of [this.head, this.kinds, this.order, this.list]) fill(part);
    this.pins.set([], "");
  }

  /** @param {boolean} on whether this part is the one that is open */
  shown(on) {
    if (!on) this.pins.set([], "");
  }

  reload() {
    this.all.load(staff()?.key ?? "public", async (signal) => (await ask(PATH, { query: { limit: 10_000 }, signal })).items);
  }

  render() {
    if (!this.all.data && !this.all.loading && !this.all.error) this.reload();
    this.draw();
  }

  draw() {
    if (state.task !== "place" || state.desk !== "lists") return;
    const { data, error } = this.all;
    keepFocus(this.head, () => this.drawHead());
    const found = filtered(data ?? []);
    this.mixed = found.some((one) => one.demo) && found.some((one) => !one.demo);
    this.rows = sorted(state.entry_kind ? found.filter((one) => one.kind === state.entry_kind) : found, state.entry_sort);
    this.lead.hidden = Boolean(staff());
    this.kinds.hidden = this.filters.hidden = this.order.hidden = !data?.length;
    keepFocus(this.kinds, () => this.drawKinds(found));
    keepFocus(this.filters, () => this.drawFilters());
    keepFocus(this.order, () => this.drawOrder());
    keepFocus(this.scroll, () => this.drawRows(data, error));
    this.pins.set(this.rows, state.entry);
  }

  drawHead() {
    const has = Boolean(this.all.data?.length);
    fill(this.head, h("h1", {}, t("desk.lists")), this.all.data?.some((one) => one.demo) ? h("span", { class: "demo-mark" }, t("app.demo")) : null,
      h("div", { class: "desk-head-end" }, headEnd(whoami(t("desk.key_lists")), [h("button", { type: "button", class: "button", "data-testid": "entries-xlsx", disabled: !has, title: t("desk.entries_file_note"), onclick: () => saveTable(`${PATH}/file`, { f: "xlsx", kind: state.entry_kind, county: state.entry_county, industry: state.entry_industry, stage: state.entry_stage }, "entries.xlsx") }, t("place.file_xlsx"))]),
        staff() ? h("button", { type: "button", class: "button filled", "data-testid": "entry-add", onclick: () => this.add() }, icon("plus", "small"), t("desk.add_entry")) : null));
  }

  add() {
    openEntryForm(null, (entry) => {
      this.changed(entry);
      go({ ...NO_FILTER, entry: entry.id });
      toast(t("desk.entry_added"));
    });
  }

  /** @param {Entry} entry */
  changed(entry) {
    const others = (this.all.data ?? []).filter((one) => one.id !== entry.id);
    this.all.data = [entry, ...others];
    this.detail.stamp = "";
    this.draw();
  }

  /** @param {string} id */
  gone(id) {
    this.all.data = (this.all.data ?? []).filter((one) => one.id !== id);
    go({ entry: "" });
  }

  /** @param {Entry[]} found */
  drawKinds(found) {
    const chip = (/** @type {string} */ kind, /** @type {string} */ text, /** @type {number} */ n) => h("button", { type: "button", class: `chip${n ? "" : " none"}`, "aria-pressed": String(state.entry_kind === kind), "data-testid": `kind-${kind || "all"}`, onclick: () => go({ entry_kind: state.entry_kind === kind ? "" : kind }) }, text, h("span", { class: "chip-count" }, number(n)));
    const of = (/** @type {string} */ kind) => chip(kind, t(`desk.kind_${kind}`), found.filter((one) => one.kind === kind).length);
    fill(this.kinds, chip("", t("desk.all_kinds"), found.length), PUBLIC_KINDS.map(of), staff() ? h("span", { class: "inside-kinds" }, icon("lock", "small"), h("span", { class: "sr" }, t("desk.inside")), STAFF_KINDS.map(of)) : null);
  }

  drawFilters() {
    if (document.activeElement !== this.search) this.search.value = state.entry_q;
    while (this.filters.childElementCount > 1) this.filters.lastElementChild?.remove();
    this.filters.append(
      h("div", { class: "field" }, choice("entry-county", t("place.county"), countyOptions(t("place.all_counties")), state.entry_county, (value) => go({ entry_county: value }))),
      h("div", { class: "field" }, choice("entry-industry", t("demand.industry"), industryOptions(t("desk.all_industries")), state.entry_industry, (value) => go({ entry_industry: value }))),
      h("div", { class: "field" }, choice("entry-stage", t("demand.stage"), [["", t("desk.all_stages")], .../** @type {[string, string][]} */ (values("stage").map((one) => [one, label("stage", one)]))], state.entry_stage, (value) => go({ entry_stage: value }))));
  }

  drawOrder() {
    const ways = [["", t("desk.newest")], ["ends", t("desk.ending")]];
    fill(this.order, h("span", { class: "second", role: "status", "data-testid": "entry-count" }, t("desk.n_entries", { n: number(this.rows.length) })),
      h("div", { class: "segmented", role: "group", "aria-label": t("desk.order") }, ways.map(([id, text]) => h("button", { type: "button", "aria-pressed": String(state.entry_sort === id), "data-testid": `entry-sort-${id || "newest"}`, onclick: () => go({ entry_sort: id }) }, text))));
  }

  /** @param {Entry[] | null} data @param {any} error */
  drawRows(data, error) {
    const [at, before] = [this.scroll.scrollTop, this.drawn];
    this.drawn = 0;
    fill(this.list);
    if (error) this.list.append(h("li", {}, problem(error, () => this.reload(), () => this.reload())));
    else if (!data) this.list.append(h("li", {}, skeleton(5)));
    else if (!data.length) this.list.append(h("li", {}, empty(t("desk.entries_none"), t(staff() ? "desk.entries_none_staff" : "desk.entries_none_public"))));
    else if (!this.rows.length) this.list.append(h("li", {}, empty(t("desk.no_match"), t("desk.no_match_note"), h("button", { type: "button", class: "button", "data-testid": "entries-clear", onclick: () => go(NO_FILTER) }, t("place.clear")))));
    if (data) this.more(Math.max(PAGE, before, this.rows.findIndex((one) => one.id === state.entry) + 10));
    if (data && state.entry && !data.some((one) => one.id === state.entry)) this.list.prepend(h("li", { class: "desk-missing", role: "status", "data-testid": "entry-missing" }, t(staff() ? "desk.entry_gone" : "desk.entry_gone_public")));
    this.scroll.scrollTop = at;
  }

  more(most = this.drawn + PAGE) {
    const next = this.rows.slice(this.drawn, most);
    this.drawn += next.length;
    this.list.append(...next.map((entry) => this.row(entry)));
  }

  /** @param {Entry} entry @returns {HTMLElement} */
  row(entry) {
    const on = entry.id === state.entry;
    const inside = entry.visibility === "restricted";
    const where = [entry.county_name, entry.site_name].filter(Boolean).join(" · ");
    const facts = [entry.dated_on, where, entry.owner, entry.floor_area_m2 === null ? "" : t("desk.land_area", { n: number(entry.floor_area_m2) })].filter(Boolean).join(" · ");
    return h("li", { class: on ? "chosen" : null, "data-id": entry.id, onmouseenter: () => this.pins.light(entry.id), onmouseleave: () => this.pins.light("") },
      h("button", { type: "button", class: "desk-row entry-row", "aria-expanded": String(on), "data-testid": `entry-${entry.id}`, onclick: () => go({ entry: on ? "" : entry.id }), onkeydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event) },
        h("span", { class: "entry-head" }, h("span", { class: `kind-badge kind-${entry.kind}` }, t(`desk.kind_${entry.kind}`)), h("b", { class: "entry-title" }, entry.title), entry.demo ? h("span", { class: this.mixed ? "demo-mark small" : "sr" }, t("app.demo")) : null, inside ? h("span", { class: "inside-badge", "data-testid": "inside" }, icon("lock", "small"), t("desk.inside")) : null),
        h("span", { class: "entry-facts" }, h("span", { class: "second" }, facts), this.until(entry))),
      on ? this.detail.draw(entry) : null);
  }

  /** @param {Entry} entry @returns {HTMLElement} how long it holds, by sign and word where that matters */
  until(entry) {
    const when = timing(entry);
    if (when === "ended") return h("span", { class: "due late" }, icon("alert", "small"), t("desk.ended", { day: entry.expires_on ?? "" }));
    if (when === "later") return h("span", { class: "due" }, t("desk.opens_on", { day: entry.dated_on }));
    if (when === "soon") return h("span", { class: "due late" }, icon("alert", "small"), t("desk.ends_soon", { day: entry.expires_on ?? "", n: daysLeft(entry.expires_on ?? "") }));
    return h("span", { class: "due" }, entry.expires_on ? t("desk.until", { day: entry.expires_on }) : t("desk.no_end"));
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const by = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = /** @type {any} */ (/** @type {HTMLElement} */ (event.target).closest("li"))?.[by]?.querySelector(".entry-row");
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  escape() {
    const { entry } = state;
    if (!entry) return false;
    go({ entry: "" });
    /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-testid="entry-${CSS.escape(entry)}"]`))?.focus();
    return true;
  }

  toSearch() {
    if (!this.search.isConnected || this.filters.hidden) return false;
    this.search.focus();
    return true;
  }
}
