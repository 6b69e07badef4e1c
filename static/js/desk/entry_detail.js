/** One entry opened: its text, whom it suits and why, and for staff what can be done with it. */
import { label } from "../boot.js";
import { fill, h } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState } from "../state.js";
import { skeleton } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { staff } from "../place/staff.js";
import { ask, Loaded, problem } from "./ask.js";
import { PATH, STAFF_KINDS } from "./entries_data.js";
import { openEntryForm } from "./entry_form.js";
import { stateBadge, sureButton } from "./parts.js";

/** @typedef {import("./entries_data.js").Entry} Entry */
/** @typedef {{score: number, criteria: Criterion[]}} Fit */
/** @typedef {{sites: (Fit & {site_id: string, name: string, county_name: string, tenants: number | null})[], sites_total: number, projects: (Fit & {project_id: string, name: string, home_county_name: string, state: string | null})[] | null, projects_total: number | null}} Matches */

/** Matches that are listed. */
const MOST = 5;

export class EntryDetail {
  /** @param {{changed: (entry: Entry) => void, gone: (id: string) => void, find: (id: string) => Entry | undefined}} tell */
  constructor(tell) {
    this.tell = tell;
    /** @type {Loaded<Matches>} */
    this.matches = new Loaded(() => this.drawMatches());
    this.told = h("div", { "aria-live": "polite" });
    this.holder = h("div", { class: "entry-matches", "data-testid": "entry-matches" });
    /** Entry and version that the matches were asked for. */
    this.stamp = "";
  }

  forget() {
    this.matches.forget();
    this.stamp = "";
    fill(this.holder);
    fill(this.told);
  }

  /** @param {Entry} entry @returns {HTMLElement} */
  draw(entry) {
    const stamp = `${entry.id} ${entry.version} ${staff()?.key ?? ""}`;
    if (stamp !== this.stamp) {
      this.stamp = stamp;
      fill(this.told);
      this.ask(entry.id);
    }
    const chain = entry.chain_positions.map((one) => t(`place.chain_${one}`)).join(t("word.comma"));
    const fact = (/** @type {string} */ name, /** @type {string} */ value) => (value ? [h("dt", {}, name), h("dd", {}, value)] : []);
    return h("div", { class: "entry-detail" }, entry.text ? h("p", { class: "event-note" }, entry.text) : null,
      h("dl", { class: "pairs" }, fact(t("demand.industry"), entry.industries.map(({ name }) => name).join(t("word.comma")) || t("desk.open_to_all")), fact(t("demand.stage"), entry.stages.map((one) => label("stage", one)).join(t("word.comma"))), fact(t("place.chain"), chain),
        fact(t("desk.dated"), entry.dated_on), fact(t("desk.entry_owner"), entry.owner), fact(t("desk.idle_plant"), entry.idle_plant ? t("word.has") : ""), fact(t("desk.written_by"), entry.by ?? "")),
      this.told, staff() ? this.actions(entry) : null, entry.industries.length || entry.stages.length ? this.holder : h("p", { class: "second" }, t("desk.suits_all")));
  }

  /** @param {Entry} entry @returns {HTMLElement} */
  actions(entry) {
    const open = entry.visibility === "published";
    const never = STAFF_KINDS.includes(entry.kind);
    return h("div", { class: "side-actions" },
      never ? null : h("button", { type: "button", class: "button small", "data-testid": "entry-publish", onclick: () => this.show(entry, open ? "restricted" : "published") }, t(open ? "desk.withdraw" : "desk.publish")),
      h("button", { type: "button", class: "button small", "data-testid": "entry-edit", onclick: () => openEntryForm(entry, (changed) => { this.tell.changed(changed); toast(t("desk.saved")); }) }, t("place.edit")),
      sureButton(t("kept.delete"), "entry-delete", () => this.remove(entry), "text-button warn"),
      never ? h("span", { class: "second" }, t("desk.never_public")) : null);
  }

  /** @param {Entry} entry @param {string} visibility */
  async show(entry, visibility) {
    await this.act(entry, async () => {
      const changed = await ask(`${PATH}/${entry.id}`, { method: "PATCH", body: { version: entry.version, visibility } });
      this.tell.changed(changed);
      toast(t(visibility === "published" ? "desk.published_now" : "desk.withdrawn_now"));
    });
  }

  /** @param {Entry} entry */
  async remove(entry) {
    await this.act(entry, async () => {
      await ask(`${PATH}/${entry.id}`, { method: "DELETE", body: { version: entry.version } });
      this.tell.gone(entry.id);
      toast(t("desk.entry_deleted", { title: entry.title }));
    });
  }

  /** @param {Entry} entry @param {() => Promise<void>} work */
  async act(entry, work) {
    try {
      await work();
    } catch (error) {
      fill(this.told, problem(error, () => this.act(entry, work), async () => this.tell.changed(await ask(`${PATH}/${entry.id}`))));
    }
  }

  /** @param {string} id */
  ask(id) {
    this.matches.load(this.stamp, (signal) => ask(`${PATH}/${encodeURIComponent(id)}/matches`, { query: { limit: MOST }, signal }));
    this.drawMatches();
  }

  drawMatches() {
    const { data, error } = this.matches;
    if (error) fill(this.holder, problem(error, () => this.ask(this.stamp.split(" ")[0]), () => undefined));
    else if (!data) fill(this.holder, skeleton(2));
    else {
      const { projects, projects_total: n } = data;
      fill(this.holder, h("section", {}, h("h3", {}, t("desk.suits_sites", { n: number(data.sites_total) })), data.sites.length ? h("ul", {}, data.sites.map((one) => this.match(one, one.name, one.county_name, () => setState({ task: "find", site: one.site_id }, { push: true, origin: "desk" }), null))) : h("p", { class: "second" }, t("desk.suits_none"))),
        projects ? h("section", { "data-testid": "suits-projects" }, h("h3", {}, t("desk.suits_projects", { n: number(n) })), projects.length ? h("ul", {}, projects.map((one) => this.match(one, one.name, one.home_county_name, one.state ? () => setState({ desk: "ledger", project: one.project_id }, { push: true, origin: "desk" }) : null, one.state))) : h("p", { class: "second" }, t("desk.suits_none"))) : null);
    }
  }

  /** @param {Fit} fit @param {string} name @param {string} where @param {(() => void) | null} open @param {string | null} at state in the ledger @returns {HTMLElement} */
  match(fit, name, where, open, at) {
    const fillBar = h("span", { class: "bar-fill" });
    fillBar.style.width = `${fit.score * 100}%`;
    return h("li", { class: "match-row" }, open ? h("button", { type: "button", class: "match-name", onclick: open }, name, icon("chevron", "small turned")) : h("b", { class: "match-name" }, name), h("span", { class: "second" }, where), at ? stateBadge(at) : h("span", {}), h("span", { class: "bar-track progress" }, fillBar), h("b", { class: "number" }, fit.score.toFixed(2)),
      h("span", { class: "second match-why" }, fit.criteria.map((one) => one.reason).join(" · ")));
  }
}
