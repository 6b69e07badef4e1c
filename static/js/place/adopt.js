/** Scenarios in the record: saved, adopted so that the units are held, and given up again. */
import { boot } from "../boot.js";
import { fill, h } from "../dom.js";
import { area, number } from "../format.js";
import { t } from "../i18n.js";
import { setState } from "../state.js";
import { failure } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { differences, differs } from "./compare.js";
import { forgetLines } from "./ledger_lines.js";
import { doorOf } from "./rows.js";
import { requestOf, scenarioName, solveAgain } from "./solve.js";
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
  take(id, await keepInRecord(id));
  toast(t("place.saved"));
}

/** Show what the record solved and keeps. @param {string} id @param {any} kept */
const take = (id, kept) => changeScenario(id, { saved: keptOf(kept), ...(kept.answer ? { answer: kept.answer, lang: boot.lang } : {}) });

/** The record solves it anew, so that nothing is held that was not found there. @param {string} id @returns {Promise<any>} the record's scenario */
async function keepInRecord(id) {
  const one = scenarioOf(id);
  const { saved } = one;
  const body = { name: scenarioName(one), request: requestOf(one) };
  // One that was given up must be solved anew, and one that nothing was changed in need not be.
  const stale = saved && (saved.changed || saved.state === "released");
  return !saved ? askStaff(PATH, { method: "POST", body: { ...body, note: "" } })
    : askStaff(`${PATH}/${saved.id}`, { method: "PATCH", body: { version: saved.version, ...(stale ? body : { name: body.name }) } });
}

/** Projects whose place was no longer to be had when the record solved it. @param {PlaceAnswer} seen @param {PlaceAnswer | undefined} kept @returns {string[]} names */
const goneSince = (seen, kept) => (kept ? differences(seen, kept).filter((one) => differs(one) && one.a?.unit_ids.length).map((one) => one.name || one.id) : []);

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
  forgetLines();
  toast(kept.kept.length ? t("place.released_kept", { n: number(kept.kept.length) }) : t("place.released"));
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
    const { id, answer: seen } = /** @type {{id: string, answer: PlaceAnswer}} */ (one);
    go.disabled = true;
    try {
      const kept = await keepInRecord(id);
      const gone = goneSince(seen, kept.answer);
      // What is held is what was listed, and nothing else.
      if (gone.length) {
        changeScenario(id, { saved: { ...keptOf(kept), changed: true } });
        fill(told, refused(t("place.gone", { n: number(gone.length), names: someNames(gone) }), t("place.gone_note"), () => again(id)));
        return;
      }
      take(id, kept);
      const adopted = await askStaff(`${PATH}/${kept.id}/adopt`, { method: "POST", body: { version: kept.version } });
      changeScenario(id, { saved: keptOf(adopted) });
      forgetLines();
      dialog.close();
      toast(t("place.adopted_done", { n: number(units) }));
    } catch (error) {
      const { status, field, title, detail, fix } = /** @type {any} */ (error);
      if (status !== 409) fill(told, failure(error, confirm));
      else {
        // What another has changed in the record stays theirs: this one is kept beside it.
        if (field === "version" || field === "state") changeScenario(id, { saved: null });
        fill(told, refused(detail || title, fix, () => again(id)));
      }
    } finally {
      go.disabled = told.querySelector('[data-testid="adopt-again"]') !== null;
    }
  }

  /** The allocation without what is gone, to be looked at before it is adopted. @param {string} id */
  function again(id) {
    dialog.close();
    const now = scenarioOf(id);
    solveAgain(now, now.policy, t("place.does_again"));
  }
}

const MOST_NAMES = 3;

/** @param {string[]} names @returns {string} */
const someNames = (names) => names.slice(0, MOST_NAMES).join(t("word.comma")) + (names.length > MOST_NAMES ? " …" : "");

/** @param {string} what @param {string} fix @param {() => void} again @returns {HTMLElement} */
const refused = (what, fix, again) => h("div", { class: "failure", role: "alert", "data-testid": "adopt-refused" }, h("p", { class: "strong" }, what), h("p", { class: "second" }, fix), h("button", { type: "button", class: "button filled", "data-testid": "adopt-again", onclick: again }, t("place.solve_again")));
