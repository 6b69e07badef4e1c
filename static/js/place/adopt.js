/** Scenarios in the record: saved, adopted so that the units are held, and given up again. */
import { boot } from "../boot.js";
import { fill, h } from "../dom.js";
import { area, number } from "../format.js";
import { t } from "../i18n.js";
import { failure } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { doorOf } from "./rows.js";
import { scenarioName } from "./solve.js";
import { askStaff, openDialog, signIn, staff } from "./staff.js";
import { changeScenario, place, shown } from "./store.js";

const PATH = "/api/v1/placement-scenarios";

/** @param {string} id @returns {import("./store.js").Scenario} */
function scenarioOf(id) {
  const one = place.book.scenarios.find((item) => item.id === id);
  if (!one) throw new Error(`no scenario ${id}`);
  return one;
}

/** The staff's part needs a key: asked for where there is none. @param {() => void} then @returns {boolean} */
function hasKey(then) {
  if (staff()) return true;
  signIn(t("place.key_for_save"), then);
  return false;
}

/** @param {string} id */
export async function saveScenario(id) {
  if (!hasKey(() => saveScenario(id).catch((error) => toast(error.detail || t("error.request"))))) return;
  await keepInRecord(id);
  toast(t("place.saved"));
}

/** @param {string} id @returns {Promise<any>} the record's scenario */
async function keepInRecord(id) {
  const one = scenarioOf(id);
  const body = { name: scenarioName(one), mode: one.mode, projects: place.book.projects, policy: one.policy, answer: one.answer };
  const kept = one.saved
    ? await askStaff(`${PATH}/${one.saved.id}`, { method: "PATCH", body: { ...body, version: one.saved.version } })
    : await askStaff(PATH, { method: "POST", body });
  changeScenario(id, { saved: { id: kept.id, version: kept.version, adopted: kept.adopted_at ?? kept.adopted ?? null, changed: false } });
  return kept;
}

/** @param {import("./store.js").Scenario} one @returns {boolean} */
export const isReleasable = (one) => Boolean(one.saved?.adopted);

/** @param {string} id */
export async function releaseScenario(id) {
  const one = scenarioOf(id);
  const kept = await askStaff(`${PATH}/${one.saved.id}/release`, { method: "POST", body: { version: one.saved.version } });
  changeScenario(id, { saved: { ...one.saved, version: kept.version ?? one.saved.version, adopted: null } });
  toast(t("place.released"));
}

/** Adopt what is shown: the units are listed first, then held in one go. */
export function openAdopt() {
  const one = shown();
  if (!one?.answer || !hasKey(openAdopt)) return;
  const placements = one.answer.placements.filter((placed) => placed.units.length);
  const units = placements.reduce((sum, placed) => sum + placed.units.length, 0);
  const told = h("div", { "aria-live": "polite" });
  const go = h("button", { type: "submit", class: "button filled", "data-testid": "adopt-confirm" }, t("place.adopt_hold", { n: number(units) }));
  const form = h("form", { class: "dialog-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); confirm(); } },
    h("p", {}, t("place.adopt_note", { n: number(units), projects: number(placements.length) })),
    h("div", { class: "held-list", "data-testid": "adopt-units", tabindex: 0 }, h("ul", {}, placements.map((placed) => h("li", {}, h("b", {}, placed.name), h("span", {}, `${placed.site_name} ${placed.units.map(doorOf).join(boot.lang === "zh" ? "、" : ", ")}`), h("span", { class: "second" }, area(placed.area_m2)))))),
    told, h("div", { class: "dialog-actions" }, h("button", { type: "button", class: "button", onclick: () => dialog.close() }, t("word.cancel")), go));
  const dialog = openDialog(t("place.adopt_title", { name: scenarioName(one) }), form, "adopt-dialog", "wide");

  async function confirm() {
    const { id } = /** @type {import("./store.js").Scenario} */ (one);
    go.disabled = true;
    try {
      await keepInRecord(id);
      const { saved } = scenarioOf(id);
      const answer = await askStaff(`${PATH}/${saved.id}/adopt`, { method: "POST", body: { version: saved.version } });
      changeScenario(id, { saved: { ...saved, version: answer.version ?? saved.version, adopted: answer.adopted_at ?? true } });
      dialog.close();
      toast(t("place.adopted_done", { n: number(units) }));
    } catch (error) {
      fill(told, failure(error, confirm));
    } finally {
      go.disabled = false;
    }
  }
}
