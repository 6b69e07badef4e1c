/** An entry written or changed: what, whose, where, for whom, and until when. */
import { boot, label, values } from "../boot.js";
import { h } from "../dom.js";
import { today } from "../format.js";
import { t } from "../i18n.js";
import { ask } from "./ask.js";
import { PATH, PUBLIC_KINDS, STAFF_KINDS } from "./entries_data.js";
import { formDialog } from "./ledger_form.js";
import { choice, countyOptions, field } from "./parts.js";
import { SitePicker } from "./site_picker.js";

/** @typedef {import("./entries_data.js").Entry} Entry */

const CHAIN = ["upstream", "midstream", "downstream"];

/** Several of a few words. @param {string} name @param {string} testid @param {[string, string][]} options @param {string[]} chosen @returns {{element: HTMLElement, value: () => string[]}} */
function several(name, testid, options, chosen) {
  const boxes = options.map(([value, text]) => ({ value, text, box: h("input", { type: "checkbox", checked: chosen.includes(value), "data-testid": `${testid}-${value}` }) }));
  return {
    element: h("fieldset", { class: "wide several" }, h("legend", { class: "field-name" }, name), h("div", { class: "checks" }, boxes.map((one) => h("label", { class: "check" }, one.box, h("span", {}, one.text))))),
    value: () => boxes.filter((one) => one.box.checked).map((one) => one.value),
  };
}

/** @param {Entry | null} one @param {(entry: Entry) => void} done */
export function openEntryForm(one, done) {
  const text = (/** @type {string} */ testid, /** @type {any} */ value, /** @type {Dict<any>} */ more = {}) => h("input", { type: "text", value: value ?? "", "data-testid": testid, ...more });
  const kind = choice("entry-kind", t("desk.entry_kind"), [...PUBLIC_KINDS, ...STAFF_KINDS].map((name) => [name, t(`desk.kind_${name}`)]), one?.kind ?? "scene", () => sync());
  const title = text("entry-title", one?.title, { required: true, maxlength: 120, placeholder: t("desk.title_example") });
  const owner = text("entry-owner", one?.owner, { required: true, maxlength: 80, placeholder: t("desk.entry_owner_example") });
  const words = h("textarea", { rows: 4, maxlength: 4000, "data-testid": "entry-text" }, one?.text ?? "");
  const dated = h("input", { type: "date", required: true, value: one?.dated_on ?? today(), "data-testid": "entry-dated" });
  const expires = h("input", { type: "date", value: one?.expires_on ?? "", "data-testid": "entry-expires" });
  const home = choice("entry-adcode", t("place.county"), countyOptions(t("place.choose")), one?.adcode ?? "");
  const site = new SitePicker({ testid: "entry-site", name: t("desk.at_site"), site: one ? { id: one.site_id, name: one.site_name } : undefined, change: () => settle() });
  // A site lies in its own county: only where there is none is one to be chosen.
  const settle = () => {
    home.required = !site.id;
    home.disabled = Boolean(site.id);
    if (site.id) home.value = "";
  };
  settle();
  const lon = h("input", { type: "number", step: "any", min: -180, max: 180, value: one?.lon ?? "", "data-testid": "entry-lon" });
  const lat = h("input", { type: "number", step: "any", min: -90, max: 90, value: one?.lat ?? "", "data-testid": "entry-lat" });
  const floor = h("input", { type: "number", min: 1, step: "any", value: one?.floor_area_m2 ?? "", "data-testid": "entry-floor" });
  const plant = h("input", { type: "checkbox", checked: one?.idle_plant, "data-testid": "entry-plant" });
  const open = h("input", { type: "checkbox", checked: one ? one.visibility === "published" : true, "data-testid": "entry-open" });
  const trades = several(t("demand.industry"), "trade", boot.industries.map(({ id, name }) => [id, name]), one?.industries.map(({ id }) => id) ?? []);
  const stages = several(t("demand.stage"), "stage", values("stage").map((name) => [name, label("stage", name)]), one?.stages ?? []);
  const chain = several(t("place.chain"), "chain", CHAIN.map((name) => [name, t(`place.chain_${name}`)]), one?.chain_positions ?? []);
  const land = h("div", { class: "wide land-row" }, field(t("desk.floor_area"), floor), h("label", { class: "check" }, plant, h("span", {}, t("desk.idle_plant"))));
  const note = h("p", { class: "second wide", role: "status" });
  const sync = () => {
    const never = STAFF_KINDS.includes(kind.value);
    land.hidden = kind.value !== "land";
    floor.required = kind.value === "land";
    open.disabled = never;
    if (never) open.checked = false;
    note.textContent = t(never ? "desk.never_public" : open.checked ? "desk.will_show" : "desk.will_hide");
  };
  open.addEventListener("change", sync);
  sync();
  const number = (/** @type {any} */ input) => (input.value === "" ? null : Number(input.value));
  const body = () => ({
    kind: kind.value, title: title.value.trim(), owner: owner.value.trim(), text: words.value.trim(), dated_on: dated.value, expires_on: expires.value || null, visibility: open.checked ? "published" : "restricted", adcode: site.id ? "" : home.value, site_id: site.id,
    lon: number(lon), lat: number(lat), industries: trades.value(), stages: stages.value(), chain_positions: chain.value(), floor_area_m2: land.hidden ? null : number(floor), idle_plant: !land.hidden && plant.checked,
  });
  formDialog({
    title: t(one ? "desk.edit_entry" : "desk.add_entry"), testid: "entry-form", more: "wide tall", go: t(one ? "kept.keep" : "place.add"), done,
    fields: [h("div", { class: "form-grid" }, field(t("desk.entry_kind"), kind), field(t("desk.entry_owner"), owner), field(t("desk.title"), title, "", "wide"), field(t("desk.text"), words, "", "wide"), field(t("desk.dated"), dated), field(t("desk.expires"), expires),
      field(t("place.county"), home), h("div", {}, site.element), field(t("desk.lon"), lon), field(t("desk.lat"), lat), land, h("div", { class: "wide" }, h("label", { class: "check" }, open, h("b", {}, t("desk.publish_it"))), note), trades.element, stages.element, chain.element)],
    send: () => (one ? ask(`${PATH}/${one.id}`, { method: "PATCH", body: { version: one.version, ...body() } }) : ask(PATH, { method: "POST", body: body() })),
    ...(one ? { reload: () => ask(`${PATH}/${one.id}`) } : {}),
  });
}
