/** Saved searches: a private link, what is new since, a feed, and mail for those who want it. */
import { get, post, Problem } from "../api.js";
import { boot } from "../boot.js";
import { fill, h } from "../dom.js";
import { area, rent, unitName } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { toast } from "../ui/dialog.js";
import { isNamed, readShelf, writeShelf } from "../ui/shelf.js";
import { failure } from "./empty.js";
import { demandWords } from "./demand_words.js";

const SHELF = "geomap.searches";
const PATH = "/api/v1/searches";

/** @typedef {{id: string, name: string}} Entry */

/** @returns {Entry[]} */
const shelf = () => readShelf(SHELF, isNamed);

/** @param {Entry[]} entries */
function put(entries) {
  if (!writeShelf(SHELF, entries, 50)) toast(t("saved.no_storage"));
}

export class SavedSearches {
  constructor() {
    this.button = h("button", { type: "button", class: "text-button", "data-testid": "save-search", onclick: () => this.open() }, t("saved.button"));
    this.body = h("div", { class: "saved-body" });
    this.dialog = h("dialog", { class: "dialog", "data-testid": "saved", "aria-label": t("saved.title") },
      h("div", { class: "dialog-head" }, h("h2", {}, t("saved.title")), h("button", { type: "button", class: "icon-button", "aria-label": t("word.close"), onclick: () => this.dialog.close() }, icon("close"))), this.body);
    document.body.append(this.dialog);
  }

  /** A link to a saved search, as mails have it: its demand, and what is new. */
  async follow() {
    const id = state.saved;
    if (!id) return;
    try {
      const kept = await get(`${PATH}/${encodeURIComponent(id)}`);
      put([{ id: kept.id, name: kept.name || t("saved.unnamed") }, ...shelf().filter((one) => one.id !== id)]);
      setState({ saved: "", demand: kept.demand }, { origin: "saved" });
      this.open();
      /** @type {HTMLElement | null} */ (this.body.querySelector("details summary"))?.click();
    } catch (error) {
      toast(/** @type {any} */ (error).detail || t("error.request"));
      setState({ saved: "" }, { origin: "saved" });
    }
  }

  open() {
    this.render();
    if (!this.dialog.open) this.dialog.showModal();
  }

  render() {
    const words = demandWords(state.demand).map((word) => word.text).join(" · ");
    const name = h("input", { type: "text", maxlength: 80, value: words.slice(0, 80), "data-testid": "search-name" });
    const mail = h("input", { type: "email", maxlength: 254, autocomplete: "email", "data-testid": "search-email" });
    const problem = h("div", { role: "alert" });
    const form = h("form", { class: "lead-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.save(name.value.trim(), mail.value.trim(), problem); } },
      h("p", { class: "second" }, words ? t("saved.this", { words }) : t("saved.everything")),
      h("label", { class: "field" }, h("span", { class: "field-name" }, t("kept.name")), name),
      boot.mail ? h("label", { class: "field" }, h("span", { class: "field-name" }, t("saved.email")), mail, h("span", { class: "second" }, t("saved.email_note"))) : null,
      problem, h("button", { type: "submit", class: "button filled", "data-testid": "search-save" }, t("saved.save")));
    fill(this.body, form, this.list());
  }

  /** @param {string} name @param {string} email @param {HTMLElement} problem */
  async save(name, email, problem) {
    try {
      const kept = await post(PATH, {}, { name: name || undefined, demand: state.demand, email: email || undefined });
      put([{ id: kept.id, name: kept.name || name || t("saved.unnamed") }, ...shelf()]);
      toast(t(email ? "saved.done_mail" : "saved.done"));
      this.render();
    } catch (error) {
      const { title, detail, fix } = /** @type {any} */ (error);
      fill(problem, h("p", { class: "warning" }, [detail || title, fix].filter(Boolean).join(" ")));
    }
  }

  /** @returns {HTMLElement | null} */
  list() {
    const entries = shelf();
    if (!entries.length) return null;
    return h("section", { class: "saved-list", "data-testid": "saved-list" }, h("h3", {}, t("saved.mine")), entries.map((one) => this.entry(one)));
  }

  /** @param {Entry} one @returns {HTMLElement} */
  entry(one) {
    const hits = h("div", { class: "saved-hits" });
    const element = h("details", { class: "form-part", ontoggle: () => /** @type {any} */ (element).open && !hits.firstChild && this.showHits(one, hits) }, h("summary", {}, one.name, h("span", { class: "part-count unit" })),
      hits, h("div", { class: "panel-row" },
        h("a", { class: "text-button", href: `${PATH}/${encodeURIComponent(one.id)}/feed`, target: "_blank", rel: "noopener" }, t("saved.feed")),
        h("button", { type: "button", class: "text-button", "data-testid": "saved-delete", onclick: () => this.remove(one) }, t("kept.delete"))));
    this.count(one, /** @type {HTMLElement} */ (element.querySelector(".part-count")));
    return element;
  }

  /** @param {Entry} one @param {HTMLElement} mark */
  async count(one, mark) {
    try {
      const found = await get(`${PATH}/${encodeURIComponent(one.id)}/hits`, { limit: 1 });
      if (found.total) mark.textContent = t("saved.new", { n: found.total });
    } catch {
      mark.textContent = "";
    }
  }

  /** @param {Entry} one @param {HTMLElement} place */
  async showHits(one, place) {
    fill(place, h("p", { class: "second" }, t("word.loading")));
    try {
      const found = await get(`${PATH}/${encodeURIComponent(one.id)}/hits`, { limit: 20 });
      fill(place, found.items.length ? h("ul", { class: "plain-rows" }, found.items.map((/** @type {Any} */ hit) => h("li", {}, h("button", {
        type: "button", class: "text-button plain", onclick: () => { this.dialog.close(); setState({ site: hit.site_id, unit: hit.unit_id, point: null }, { push: true, origin: "saved" }); },
      }, hit.site?.name ?? hit.site_id, " ", hit.unit ? unitName(hit.unit) : ""), h("span", { class: "second" }, hit.unit ? `${area(hit.unit.area_m2)} · ${rent(hit.unit.rent_cny_m2_month)}` : "")))) : h("p", { class: "second" }, t("saved.nothing_new")));
      post(`${PATH}/${encodeURIComponent(one.id)}/seen`, {}, found.checked_at ? { until: found.checked_at } : {}).catch(() => undefined);
    } catch (error) {
      fill(place, failure(error, () => this.showHits(one, place)));
    }
  }

  /** @param {Entry} one */
  async remove(one) {
    try {
      const answer = await fetch(`${PATH}/${encodeURIComponent(one.id)}`, { method: "DELETE" });
      if (!answer.ok && answer.status !== 404) throw new Problem(t("error.request"), "", "", answer.status);
      put(shelf().filter((other) => other.id !== one.id));
      toast(t("kept.deleted", { name: one.name }));
      this.render();
    } catch (error) {
      toast(/** @type {any} */ (error).title ?? t("error.request"));
    }
  }
}
