/** Dialogs of meetings: made or changed, a pair added, pairs taken from a saved allocation. */
import { fill, h } from "../dom.js";
import { number, today } from "../format.js";
import { t } from "../i18n.js";
import { ask } from "./ask.js";
import { formDialog } from "./ledger_form.js";
import { choice, field } from "./parts.js";
import { SitePicker } from "./site_picker.js";

/** @typedef {import("./meetings.js").Meeting} Meeting */
/** @typedef {{id: string, name: string, figures: {placed?: number, projects?: number} | null, state_label: string}} Kept */

const PATH = "/api/v1/meetings";

/** @returns {Promise<Kept[]>} */
const askKept = async () => (await ask("/api/v1/placement-scenarios", { query: { limit: 200 } })).items;

/** A choice that fills itself with the saved allocations. @param {string} testid @param {string} none @returns {any} */
function keptChoice(testid, none) {
  const select = choice(testid, t("desk.from_scenario"), [["", none]], "");
  askKept().then((items) => select.append(...items.map((one) => h("option", { value: one.id }, [one.name, one.state_label, one.figures?.placed === undefined ? "" : t("desk.n_placed", { n: number(one.figures.placed) })].filter(Boolean).join(" · ")))),
    (error) => fill(select, h("option", { value: "" }, error.detail || t("error.request"))));
  return select;
}

/** @param {Meeting | null} one @param {(meeting: Meeting) => void} done @param {boolean} [kept] its list comes from a saved allocation */
export function openMeetingForm(one, done, kept = false) {
  const name = h("input", { type: "text", required: true, maxlength: 100, value: one?.name ?? "", placeholder: t("desk.meeting_example"), "data-testid": "meeting-name" });
  const kind = choice("meeting-kind", t("desk.kind"), [["matchmaking", t("desk.kind_matchmaking")], ["signing", t("desk.kind_signing")]], one?.kind ?? "matchmaking");
  const at = h("input", { type: "datetime-local", required: true, value: one?.at.slice(0, 16) ?? `${today()}T09:00`, "data-testid": "meeting-at" });
  const place = h("input", { type: "text", maxlength: 200, value: one?.place ?? "", placeholder: t("desk.meeting_place_example"), "data-testid": "meeting-place" });
  const note = h("textarea", { rows: 2, maxlength: 1000, "data-testid": "meeting-note" }, one?.note ?? "");
  const from = one ? null : keptChoice("meeting-scenario", t(kept ? "place.choose" : "desk.from_none"));
  if (from) from.required = kept;
  const slot = h("input", { type: "number", min: 1, max: 240, value: 15, "data-testid": "meeting-slot" });
  const body = () => ({ name: name.value.trim(), kind: kind.value, at: at.value, place: place.value.trim(), note: note.value.trim() });
  formDialog({
    title: t(one ? "desk.edit_meeting" : "desk.add_meeting"), testid: "meeting-form", more: "wide", go: t(one ? "kept.keep" : "desk.make_meeting"), done,
    fields: [h("div", { class: "form-grid" }, field(t("place.name"), name, "", "wide"), field(t("desk.kind"), kind), field(t("desk.when"), at), field(t("desk.where"), place, "", "wide"),
      from ? [field(t("desk.from_scenario"), from, t("desk.from_scenario_note")), field(t("desk.slot_minutes"), slot)] : null, field(t("site.note"), note, "", "wide"))].flat(),
    send: () => (one ? ask(`${PATH}/${one.id}`, { method: "PATCH", body: { version: one.version, ...body() } }) : ask(PATH, { method: "POST", body: { ...body(), ...(from?.value ? { scenario_id: from.value, slot_minutes: Number(slot.value) || 15 } : {}) } })),
    ...(one ? { reload: () => ask(`${PATH}/${one.id}`) } : {}),
  });
}

/** @param {import("./meetings.js").Pair} pair @returns {Dict<any>} as it is sent */
export const pairBody = ({ id, project_id, site_id, unit_ids, slot, result, lost, note }) => ({ ...(id ? { id } : {}), project_id, site_id, unit_ids, slot, result, lost, note });

/** A project of the ledger and a place, by hand. @param {Meeting} one @param {(meeting: Meeting) => void} done */
export function openPairForm(one, done) {
  const project = choice("pair-project", t("desk.project"), [["", t("place.choose")]], "");
  project.required = true;
  ask("/api/v1/ledger", { query: { limit: 10_000 } }).then(({ items }) => project.append(...items.filter((/** @type {any} */ line) => line.state !== "lost").map((/** @type {any} */ line) => h("option", { value: line.project_id }, [line.name, line.industry_name, line.home_county_name].filter(Boolean).join(" · ")))),
    (error) => fill(project, h("option", { value: "" }, error.detail || t("error.request"))));
  const site = new SitePicker({ testid: "pair-site", name: t("desk.place"), units: [] });
  const slot = h("input", { type: "text", maxlength: 40, placeholder: "09:30–09:45", "data-testid": "pair-slot" });
  formDialog({
    title: t("desk.add_pair"), testid: "pair-form", go: t("place.add"), done, fields: [field(t("desk.project"), project, t("desk.pair_note")), site.element, field(t("desk.slot"), slot)],
    send: () => ask(`${PATH}/${one.id}/pairs`, { method: "PUT", body: { version: one.version, pairs: [...one.pairs.map(pairBody), { project_id: project.value, site_id: site.id, unit_ids: site.unitIds, slot: slot.value.trim(), result: "pending", note: "" }] } }),
    reload: () => ask(`${PATH}/${one.id}`),
  });
}

/** The places of a saved allocation, for projects that are not in the list yet. @param {Meeting} one @param {(meeting: Meeting) => void} done */
export function openFillForm(one, done) {
  const from = keptChoice("fill-scenario", t("place.choose"));
  from.required = true;
  const slot = h("input", { type: "number", min: 1, max: 240, value: 15, "data-testid": "fill-slot" });
  formDialog({
    title: t("desk.fill"), testid: "fill-form", go: t("desk.fill_go"), done, fields: [field(t("desk.from_scenario"), from, t("desk.fill_note")), field(t("desk.slot_minutes"), slot, t("desk.fill_slot_note"))],
    send: () => ask(`${PATH}/${one.id}/pairs`, { method: "PUT", body: { version: one.version, pairs: one.pairs.map(pairBody), scenario_id: from.value, slot_minutes: Number(slot.value) || 15 } }),
    reload: () => ask(`${PATH}/${one.id}`),
  });
}
