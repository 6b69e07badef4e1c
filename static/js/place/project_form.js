/** One project by hand: where it is at home and what it needs. */
import { boot, values, label } from "../boot.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { toast } from "../ui/dialog.js";
import { openDialog } from "./staff.js";
import { changeBook, place } from "./store.js";

const CHAIN = ["upstream", "midstream", "downstream"];

/** @param {string} text @param {HTMLElement} control @param {string} [unit] @returns {HTMLElement} */
const field = (text, control, unit) => h("label", { class: "field" }, h("span", { class: "field-name" }, text), unit ? h("span", { class: "with-unit" }, control, h("span", { class: "unit" }, unit)) : control);

/** @param {string} name @param {number | undefined} value @param {Dict<any>} [extra] @returns {HTMLInputElement} */
const amount = (name, value, extra = {}) => h("input", { type: "number", inputmode: "decimal", min: 0, step: "any", value: value ?? "", "data-testid": `project-${name}`, ...extra });

/** @param {string} name @param {string | undefined} value @param {[string, string][]} options @param {boolean} [needed] @returns {HTMLSelectElement} */
function select(name, value, options, needed = false) {
  const control = h("select", { "data-testid": `project-${name}`, required: needed }, h("option", { value: "" }, t(needed ? "place.choose" : "demand.any")), options.map(([id, text]) => h("option", { value: id }, text)));
  control.value = value ?? "";
  return control;
}

/** @param {HTMLInputElement} input @returns {number | undefined} */
const read = (input) => (input.value && Number(input.value) > 0 ? Number(input.value) : undefined);

/** An id that no project has. @returns {string} */
function freshId() {
  const taken = new Set(place.book.projects.map((one) => one.id));
  let n = place.book.projects.length + 1;
  while (taken.has(`P${n}`)) n += 1;
  return `P${n}`;
}

/** @param {PlaceProject | null} old null for a new one */
export function openProject(old) {
  const name = h("input", { type: "text", maxlength: 80, required: true, value: old?.name ?? "", placeholder: t("place.name_example"), "data-testid": "project-name" });
  const home = select("county", old?.home_county, boot.counties.map((item) => [item.adcode, boot.lang === "zh" ? item.name : item.short]), true);
  const industry = select("industry", old?.industry, boot.industries.map((item) => [item.id, item.parent ? `　${item.name}` : item.name]));
  const kind = select("kind", old?.unit_kinds?.[0], values("unit_kind").map((id) => [id, label("unit_kind", id)]));
  const low = amount("area-min", old?.area_m2?.min);
  const high = amount("area-max", old?.area_m2?.max);
  const heads = amount("heads", old?.headcount, { step: 1 });
  const growth = amount("growth", old?.growth_headcount, { step: 1 });
  const rent = amount("rent", old?.rent_cny_m2_month_max);
  const moveIn = h("input", { type: "date", value: old?.move_in ?? "", "data-testid": "project-move-in" });
  const chain = select("chain", old?.chain_position, CHAIN.map((id) => [id, t(`place.chain_${id}`)]));
  const priority = amount("priority", old?.priority || undefined, { step: 1, max: 1000 });
  const problem = h("p", { class: "warning", role: "alert", hidden: true });
  const people = t("demand.people");
  const form = h("form", { class: "dialog-form", "data-testid": "project-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); save(); } },
    h("div", { class: "form-grid" }, h("div", { class: "wide" }, field(t("place.name"), name)), field(t("place.home_county"), home), field(t("demand.industry"), industry),
      field(t("place.kind"), kind), field(t("demand.move_in"), moveIn), field(t("demand.area_min"), low, "㎡"), field(t("demand.area_max"), high, "㎡"),
      field(t("demand.headcount"), heads, people), field(t("place.growth"), growth, people), field(t("demand.rent"), rent, t("demand.rent_unit")), field(t("place.chain"), chain), field(t("place.priority"), priority)),
    h("p", { class: "second" }, t("place.priority_note")), problem,
    h("div", { class: "dialog-actions" }, old ? h("button", { type: "button", class: "text-button", "data-testid": "project-delete", onclick: remove }, t("kept.delete")) : null, h("button", { type: "submit", class: "button filled", "data-testid": "project-save" }, t(old ? "kept.save" : "place.add"))));
  const dialog = openDialog(t(old ? "place.edit_project" : "place.add_project"), form, "project-dialog", "wide");
  name.focus();

  function remove() {
    if (!old) return;
    changeBook({ projects: place.book.projects.filter((one) => one.id !== old.id) }, t("place.does_remove", { name: old.name || old.id }));
    toast(t("place.removed", { name: old.name || old.id }));
    dialog.close();
  }

  function save() {
    const [min, max] = [read(low), read(high)];
    if (min !== undefined && max !== undefined && min > max) {
      problem.hidden = false;
      fill(problem, t("place.area_wrong"));
      low.focus();
      return;
    }
    /** @type {PlaceProject} */
    const next = {
      ...old, id: old?.id ?? freshId(), name: name.value.trim(), home_county: home.value, industry: industry.value || undefined,
      unit_kinds: kind.value ? [kind.value] : undefined, area_m2: min === undefined && max === undefined ? undefined : { min, max },
      headcount: read(heads), growth_headcount: read(growth), rent_cny_m2_month_max: read(rent), move_in: moveIn.value || undefined,
      chain_position: chain.value || undefined, priority: read(priority),
    };
    const { projects } = place.book;
    changeBook({ projects: old ? projects.map((one) => (one.id === old.id ? next : one)) : [...projects, next] }, t(old ? "place.does_edit" : "place.does_add", { name: next.name ?? "" }));
    dialog.close();
  }
}
