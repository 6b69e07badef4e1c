/** Scenarios in the record: saved, adopted so that the units are held, and given up again. */
import { boot } from "../boot.js";
import { fill, h } from "../dom.js";
import { area, number } from "../format.js";
import { t } from "../i18n.js";
import { setState } from "../state.js";
import { failure } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { doorOf } from "./rows.js";
import { requestOf, scenarioName } from "./solve.js";
import { askStaff, openDialog, signIn, staff } from "./staff.js";
import { changeBook, changeScenario, freshId, place, shown } from "./store.js";

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

/** What is remembered of the record's scenario. @param {any} kept @returns {any} */
export const keptOf = (kept) => ({ id: kept.id, version: kept.version, state: kept.state, adopted: kept.state === "adopted", changed: false });

/** @param {string} id */
export async function saveScenario(id) {
  if (!hasKey(() => saveScenario(id).catch((error) => toast(error.detail || t("error.request"))))) return;
  await keepInRecord(id);
  toast(t("place.saved"));
}

/** @param {string} id @returns {Promise<any>} the record's scenario */
async function keepInRecord(id) {
  const one = scenarioOf(id);
  const { saved } = one;
  const body = { name: scenarioName(one), request: requestOf(one) };
  // One that was given up must be solved anew, and one that nothing was changed in need not be.
  const stale = saved && (saved.changed || saved.state === "released");
  const kept = !saved ? await askStaff(PATH, { method: "POST", body: { ...body, note: "" } })
    : await askStaff(`${PATH}/${saved.id}`, { method: "PATCH", body: { version: saved.version, ...(stale ? body : { name: body.name }) } });
  changeScenario(id, { saved: keptOf(kept), ...(kept.answer ? { answer: kept.answer, lang: boot.lang } : {}) });
  return kept;
}

/** Open a scenario of the record, with its projects. @param {string} id */
export async function openKept(id) {
  const kept = await askStaff(`${PATH}/${id}`);
  const { projects = [], policy = {} } = kept.request;
  // What it kept was of the answer before: from now on its own places are kept.
  const { keep: _, ...own } = policy;
  const same = JSON.stringify(projects.map((/** @type {PlaceProject} */ one) => one.id)) === JSON.stringify(place.book.projects.map((one) => one.id));
  const one = { id: freshId(), name: kept.name, mode: kept.mode, policy: own, answer: kept.answer, lang: kept.answer?.lang ?? boot.lang, saved: keptOf(kept) };
  changeBook({ projects, source: same ? place.book.source : kept.name, scenarios: same ? [...place.book.scenarios, one] : [one] }, place.book.projects.length ? t("place.does_open", { name: kept.name }) : "");
  setState({ allocation: one.id, against: "", project: "", view: "" }, { push: true, origin: "place" });
}

/** @param {import("./store.js").Scenario} one @returns {boolean} */
export const isReleasable = (one) => Boolean(one.saved?.adopted);

/** @param {string} id */
export async function releaseScenario(id) {
  const one = scenarioOf(id);
  const kept = await askStaff(`${PATH}/${one.saved.id}/release`, { method: "POST", body: { version: one.saved.version } });
  changeScenario(id, { saved: keptOf(kept) });
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
      changeScenario(id, { saved: keptOf(answer) });
      dialog.close();
      toast(t("place.adopted_done", { n: number(units) }));
    } catch (error) {
      fill(told, failure(error, confirm));
    } finally {
      go.disabled = false;
    }
  }
}
