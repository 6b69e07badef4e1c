/** Dialogs of the ledger: a project is added or changed, goes to another state, or is handed over. */
import { fill, h } from "../dom.js";
import { today } from "../format.js";
import { t } from "../i18n.js";
import { openDialog } from "../place/staff.js";
import { ask, problem } from "./ask.js";
import { pathOf, sendEvent } from "./ledger_data.js";
import { choice, countyOptions, field, industryOptions, stateName, STATES, WAY } from "./parts.js";
import { SitePicker } from "./site_picker.js";

/** @typedef {import("./ledger_data.js").Detail} Detail */

/**
 * A dialog with one form: what it sends is shown as an error inside, or closes it.
 * @param {{title: string, testid: string, go: string, more?: string, warn?: boolean, fields: any[], send: () => Promise<any>, done: (answer: any) => void, reload?: () => Promise<any>}} how `reload`: the newest of what was changed meanwhile
 * @returns {HTMLDialogElement}
 */
export function formDialog({ title, testid, go, more = "", fields, send, done, reload }) {
  const told = h("div", { "aria-live": "polite" });
  const button = h("button", { type: "submit", class: "button filled", "data-testid": `${testid}-go` }, go);
  const form = h("form", { class: "dialog-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); act(send); } }, fields, told,
    h("div", { class: "dialog-actions" }, h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("word.cancel")), button));
  const dialog = openDialog(title, form, testid, more);
  /** @param {() => Promise<any>} work */
  async function act(work) {
    button.disabled = true;
    try {
      const answer = await work();
      dialog.close();
      done(answer);
    } catch (error) {
      fill(told, problem(error, () => act(work), () => (reload ? act(reload) : dialog.close())));
      told.scrollIntoView({ block: "nearest" });
    } finally {
      button.disabled = false;
    }
  }
  return dialog;
}

/** @param {string} testid @param {string} value @param {Dict<any>} [more] @returns {any} */
const text = (testid, value, more = {}) => h("input", { type: "text", maxlength: 200, value, "data-testid": testid, ...more });

/** Add a project by hand, or change what is stated of one. @param {Detail | null} one @param {(detail: Detail) => void} done */
export function openProjectForm(one, done) {
  const name = text("form-name", one?.name ?? "", { required: true, placeholder: t("place.name_example") });
  const industry = choice("form-industry", t("demand.industry"), industryOptions(t("site.not_stated")), one?.industry ?? "");
  const home = choice("form-home", t("place.home_county"), countyOptions(t("site.not_stated")), one?.home_county ?? "");
  const first = choice("form-state", t("desk.state"), STATES.map((name) => [name, stateName(name)]), "found");
  const owner = text("form-owner", one?.owner ?? "", { maxlength: 40, placeholder: one ? "" : t("desk.owner_me") });
  const next = text("form-next", one?.next_step ?? "", { placeholder: t("desk.next_example") });
  const due = h("input", { type: "date", value: one?.due_on ?? "", "data-testid": "form-due" });
  const published = h("input", { type: "checkbox", checked: one?.published, "data-testid": "form-published" });
  const from = new SitePicker({ testid: "form-from", name: t("desk.current_site"), site: one ? { id: one.current_site, name: one.current_site_name } : undefined });
  const site = new SitePicker({ testid: "form-site", name: t("desk.place"), site: one ? { id: one.site_id, name: one.site_name } : undefined, units: one?.unit_ids ?? [], change: () => { build.disabled = Boolean(site.id); if (site.id) build.value = ""; } });
  const build = choice("form-build", t("desk.build_county"), countyOptions(t("desk.build_none")), one?.place_adcode ?? "");
  build.disabled = Boolean(site.id);
  const values = () => {
    /** @type {Dict<any>} */
    const said = { name: name.value.trim(), industry: industry.value, home_county: home.value, current_site: from.id, next_step: next.value.trim(), due_on: due.value || null, published: published.checked };
    if (one || owner.value.trim()) said.owner = owner.value.trim();
    return { ...said, ...(build.value ? { place_adcode: build.value } : site.id || one?.site_id || one?.place_adcode ? { site_id: site.id, unit_ids: site.unitIds, place_adcode: "" } : {}) };
  };
  formDialog({
    title: t(one ? "desk.edit_project" : "desk.add_project"), testid: "project-form", more: "wide tall", go: t(one ? "kept.keep" : "place.add"), done,
    fields: [h("div", { class: "form-grid" }, field(t("desk.name"), name, "", "wide"), field(t("demand.industry"), industry), field(t("place.home_county"), home), one ? null : field(t("desk.state"), first), field(t("desk.owner"), owner),
      field(t("desk.next"), next, "", one ? "" : "wide"), field(t("desk.due"), due), field(t("desk.build_county"), build), h("div", { class: "wide" }, from.element), h("div", { class: "wide" }, site.element)),
    h("label", { class: "check" }, published, h("span", {}, t("desk.may_publish")))],
    send: () => (one ? ask(pathOf(one.project_id), { method: "PATCH", body: { version: one.version, ...values() } }) : ask("/api/v1/ledger", { method: "POST", body: { ...values(), state: first.value } })),
    ...(one ? { reload: () => ask(pathOf(one.project_id)) } : {}),
  });
}

/** Go to another state: back, lost and opened again need a reason. @param {Detail} one @param {string} to @param {(detail: Detail) => void} done */
export function openChange(one, to, done) {
  const forward = WAY.includes(one.state) && WAY.indexOf(to) > WAY.indexOf(one.state);
  const note = h("textarea", { rows: 3, maxlength: 1000, required: !forward, "data-testid": "change-note", placeholder: to === "lost" ? t("desk.lost_example") : "" });
  const on = h("input", { type: "date", value: today(), max: today(), "data-testid": "change-on" });
  const settles = ["signed", "moved_in", "producing"].includes(to);
  const site = settles ? new SitePicker({ testid: "change-site", name: t("desk.place"), site: { id: one.site_id, name: one.site_name }, units: one.unit_ids }) : null;
  const moved = () => site && !one.place_adcode && (site.id !== one.site_id || site.unitIds.join() !== one.unit_ids.join());
  const dialog = formDialog({
    title: t("desk.change_to", { name: one.name, state: stateName(to) }), testid: "change-form", go: t(to === "lost" ? "desk.to_lost" : "desk.go_to", { state: stateName(to) }), done,
    fields: [field(t(to === "lost" ? "desk.lost_why" : forward ? "desk.note_optional" : "desk.back_why"), note), field(t("desk.on"), on), site && !one.place_adcode ? site.element : null],
    send: () => sendEvent(one, { kind: "state", state: to, note: note.value.trim(), on: on.value || null, ...(moved() ? { site_id: site?.id, unit_ids: site?.unitIds } : {}) }),
    reload: () => ask(pathOf(one.project_id)),
  });
  dialog.querySelector("textarea")?.focus();
}

/** Offer the project to someone else. @param {Detail} one @param {(detail: Detail) => void} done */
export function openHandover(one, done) {
  const kind = choice("handover-kind", t("desk.handover_to"), [["site", t("desk.party_site")], ["staff", t("desk.party_staff")]], "site", () => sync());
  const who = text("handover-staff", "", { maxlength: 40 });
  const site = new SitePicker({ testid: "handover-site", name: t("desk.party_site"), change: () => sync() });
  const note = h("textarea", { rows: 2, maxlength: 1000, "data-testid": "handover-why" });
  const whoPart = field(t("desk.party_staff"), who);
  const sync = () => {
    whoPart.hidden = kind.value !== "staff";
    who.required = kind.value === "staff";
    site.element.hidden = kind.value !== "site";
    site.input.required = kind.value === "site" && !site.id;
  };
  sync();
  formDialog({
    title: t("desk.handover_of", { name: one.name }), testid: "handover-form", go: t("desk.handover_send"), done, fields: [field(t("desk.handover_to"), kind), whoPart, site.element, field(t("desk.note_optional"), note)],
    send: () => sendEvent(one, { kind: "handover", to: { kind: kind.value, id: kind.value === "site" ? site.id : who.value.trim() }, note: note.value.trim() }),
    reload: () => ask(pathOf(one.project_id)),
  });
}
