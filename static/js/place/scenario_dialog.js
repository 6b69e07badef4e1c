/** One allocation: its name, how fair it is, what was proven, and what can be done with it. */
import { fill, h } from "../dom.js";
import { number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { failure } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { isReleasable, releaseScenario, saveScenario } from "./adopt.js";
import { fairnessOf } from "./compare.js";
import { doorOf } from "./rows.js";
import { allow, scenarioName, unreserve } from "./solve.js";
import { openDialog } from "./staff.js";
import { scoreText } from "./steps.js";
import { changeBook, changeScenario, place, shown } from "./store.js";

/** @param {string} id @param {boolean} [named] whether the name is to be typed first */
export function openScenario(id, named = false) {
  const one = place.book.scenarios.find((item) => item.id === id);
  if (!one) return;
  const name = h("input", { type: "text", maxlength: 60, value: scenarioName(one), "data-testid": "scenario-name", "aria-label": t("place.scenario_name") });
  const told = h("div", { "aria-live": "polite" });
  const rename = () => {
    const text = name.value.trim();
    if (text && text !== scenarioName(one)) changeScenario(id, { name: text }, t("place.does_rename"));
  };
  const form = h("form", { class: "dialog-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); rename(); dialog.close(); } },
    h("div", { class: "name-row" }, h("div", { class: "field" }, name), h("button", { type: "submit", class: "button", "data-testid": "scenario-rename" }, t("place.rename"))),
    one.answer ? [proof(one.answer), fairness(one.answer)] : null, byHand(one), told,
    h("div", { class: "dialog-actions" },
      place.book.scenarios.length > 1 ? h("button", { type: "button", class: "text-button", "data-testid": "scenario-delete", onclick: () => { remove(id); dialog.close(); } }, t("kept.delete")) : null,
      compareWith(id, () => dialog.close()),
      isReleasable(one) ? h("button", { type: "button", class: "button", "data-testid": "scenario-release", onclick: () => act(() => releaseScenario(id)) }, t("place.release")) : null,
      h("button", { type: "button", class: "button", "data-testid": "scenario-keep", onclick: () => { rename(); act(() => saveScenario(id)); } }, t("place.save"))));
  const dialog = openDialog(t("place.scenario"), form, "scenario-dialog", "wide");
  if (named) name.select();

  /** @param {() => Promise<any>} work */
  async function act(work) {
    try {
      await work();
      fill(told);
    } catch (error) {
      fill(told, failure(error, () => act(work)));
    }
  }
}

/** @param {string} id */
function remove(id) {
  const left = place.book.scenarios.filter((one) => one.id !== id);
  changeBook({ scenarios: left }, t("place.does_delete"));
  if (state.allocation === id || state.against === id) setState({ allocation: left[0]?.id ?? "", against: "" }, { origin: "place" });
  toast(t("place.deleted"));
}

/** @param {string} id @param {() => void} done @returns {HTMLElement | null} */
function compareWith(id, done) {
  const others = place.book.scenarios.filter((one) => one.id !== id && one.answer);
  if (!others.length) return null;
  const select = h("select", { "data-testid": "scenario-compare", "aria-label": t("place.compare_with"), onchange: () => {
    if (!select.value) return;
    setState({ allocation: id, against: select.value, step: "" }, { push: true, origin: "place" });
    done();
  } }, h("option", { value: "" }, t("place.compare_with")), others.map((one) => h("option", { value: one.id }, scenarioName(one))));
  return h("div", { class: "field" }, select);
}

/** @param {PlaceAnswer} answer @returns {HTMLElement} */
function proof({ mode, objective }) {
  const said = mode === "stable" ? t("place.proof_stable", { n: number(objective.blocking_pairs) })
    : objective.proven ? t("place.proof_optimal", { seconds: objective.seconds.toFixed(1) }) : t("place.proof_gap", { gap: ((objective.gap ?? 0) * 100).toFixed(2), seconds: objective.seconds.toFixed(1) });
  return h("p", { class: "second", "data-testid": "proof" }, said, mode === "optimal" ? ` ${t("place.proof_blocking", { n: number(objective.blocking_pairs) })}` : "");
}

/** @param {PlaceAnswer} answer @returns {HTMLElement | null} */
function fairness(answer) {
  const fair = fairnessOf(answer);
  if (!fair) return null;
  const head = h("thead", {}, h("tr", {}, ["group", "placed", "local", "mean"].map((name) => h("th", { scope: "col" }, t(`place.fair_${name}`)))));
  const row = (/** @type {string} */ name, /** @type {{projects: number, placed: number, local?: number, mean_score: number | null}} */ one) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, `${number(one.placed)}/${number(one.projects)}`), h("td", {}, one.local === undefined ? "—" : number(one.local)), h("td", {}, scoreText(one.mean_score)));
  return h("section", { class: "fairness", "data-testid": "fairness" }, h("h3", {}, t("place.fairness")),
    fair.worst ? h("p", {}, t(fair.worst.score === null ? "place.worst_none" : "place.worst_is", { name: fair.worst.name, score: scoreText(fair.worst.score), best: scoreText(fair.worst.best_score), regret: scoreText(fair.worst.regret) })) : null,
    h("div", { class: "fair-tables" }, h("table", {}, head, h("tbody", {}, fair.by_county.map((one) => row(one.name, one)), fair.by_size.map((one) => row(t(`place.size_${one.size}`), one))))));
}

/** What was decided by hand, each to be taken back. @param {import("./store.js").Scenario} one @returns {HTMLElement | null} */
function byHand({ id, policy }) {
  if (id !== shown()?.id) return null;
  const { forbids = [], reserved = [] } = policy;
  if (!forbids.length && !reserved.length) return null;
  const nameOf = (/** @type {string} */ project) => place.book.projects.find((item) => item.id === project)?.name ?? project;
  return h("section", {}, h("h3", {}, t("place.by_hand")), h("ul", { class: "chips" },
    forbids.map((gone) => h("li", {}, h("button", { type: "button", class: "chip word", onclick: () => allow(gone, t("place.does_allow", { name: nameOf(gone.project_id), place: gone.site_id ?? gone.unit_id ?? "" })) }, t("place.forbid_of", { name: nameOf(gone.project_id) }), icon("close", "small")))),
    reserved.map((unit) => h("li", {}, h("button", { type: "button", class: "chip word", onclick: () => unreserve(unit, t("place.does_unreserve", { name: unit })) }, t("place.reserved_unit", { name: doorName(unit) }), icon("close", "small"))))));
}

/** @param {string} id of a unit @returns {string} */
function doorName(id) {
  for (const one of place.book.scenarios) for (const placed of one.answer?.placements ?? []) {
    const unit = placed.units.find((item) => item.id === id);
    if (unit) return `${placed.site_name} ${doorOf(unit)}`;
  }
  return id;
}
