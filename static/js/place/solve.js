/** Asking for an allocation: long work with a bar, a time and a way to stop it. */
import { isAbort, Latest } from "../api.js";
import { boot } from "../boot.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { postLong } from "../stream.js";
import { toast } from "../ui/dialog.js";
import { movedBetween } from "./compare.js";
import { staffHeaders } from "./staff.js";
import { changeBook, changeScenario, place, shown, tellPlace } from "./store.js";

/** @typedef {import("./store.js").Scenario} Scenario */
/** @type {{on: boolean, share: number, stage: string, since: number, error: any, again: (() => void) | null}} */
export const work = { on: false, share: 0, stage: "", since: 0, error: null, again: null };

/** Other places told of each project. */
const ALTERNATIVES = 5;
const latest = new Latest();
/** @type {number} */
let clock = 0;

/** The request whose answer is that of a scenario: its places are kept where nothing is lost. @param {Scenario} one @returns {Dict<any>} */
export const requestOf = (one) => ({ projects: place.book.projects, mode: one.mode, policy: { ...one.policy, ...keptOf(one.answer) }, alternatives: ALTERNATIVES });

/** @param {Partial<typeof work>} patch */
function tell(patch) {
  Object.assign(work, patch);
  clearInterval(clock);
  // The seconds go on also where the service says nothing for a while.
  if (work.on) clock = window.setInterval(tellPlace, 1000);
  tellPlace();
}

/** @param {Scenario} one @param {PlacePolicy} policy @param {AbortSignal} signal @param {(step: {share: number, stage: string}) => void} told @returns {Promise<PlaceAnswer>} */
const ask = (one, policy, signal, told) => postLong("/api/v1/placements", { projects: place.book.projects, mode: one.mode, policy, alternatives: ALTERNATIVES }, signal, told, staffHeaders());

/** @param {PlaceAnswer} answer @returns {Dict<string[]>} where each project is */
const placesOf = (answer) => Object.fromEntries(answer.placements.filter((one) => one.unit_ids.length).map((one) => [one.project_id, one.unit_ids]));

/** @param {(signal: AbortSignal) => Promise<void>} act @param {() => void} again */
async function run(act, again) {
  const signal = latest.start();
  tell({ on: true, share: 0, stage: "", since: Date.now(), error: null, again: null });
  try {
    await act(signal);
    if (!signal.aborted) tell({ on: false });
  } catch (error) {
    if (isAbort(error)) return;
    tell({ on: false, error, again });
  }
}

export function stopWork() {
  latest.stop();
  tell({ on: false });
}

/** The two modes, where there is nothing yet. @returns {Scenario[]} */
const bothModes = () => /** @type {const} */ (["optimal", "stable"]).map((mode) => ({ id: mode, name: "", mode, policy: {}, answer: null, lang: boot.lang, saved: null }));

/** What is said of projects that are gone is gone too. @param {PlacePolicy} policy @returns {PlacePolicy} */
function pruned({ pins = [], forbids = [], ...rest }) {
  const known = new Set(place.book.projects.map((one) => one.id));
  return { ...rest, pins: pins.filter((one) => known.has(one.project_id)), forbids: forbids.filter((one) => known.has(one.project_id)) };
}

/** @param {PlaceAnswer | null} answer @returns {{keep?: Dict<string[]>}} places of projects that are still there */
function keptOf(answer) {
  if (!answer) return {};
  const known = new Set(place.book.projects.map((one) => one.id));
  return { keep: Object.fromEntries(Object.entries(placesOf(answer)).filter(([id]) => known.has(id))) };
}

/** Every scenario, one after the other: at first the two modes, later each under its own policy. */
export async function solveAll() {
  const asked = place.book.scenarios.length ? place.book.scenarios : bothModes();
  await run(async (signal) => {
    /** @type {Scenario[]} */
    const solved = [];
    for (const [i, one] of asked.entries()) {
      // The units of an adopted one are held: for itself they would be taken.
      if (one.saved?.adopted) {
        solved.push(one);
        continue;
      }
      const policy = pruned(one.policy);
      const answer = await ask(one, { ...policy, ...keptOf(one.answer) }, signal, ({ share, stage }) => tell({ share: (i + share) / asked.length, stage: `${scenarioName(one)} · ${stage}` }));
      solved.push({ ...one, policy, answer, lang: boot.lang, saved: one.saved ? { ...one.saved, changed: true } : null });
    }
    changeBook({ scenarios: solved });
    const known = solved.some((one) => one.id === state.allocation);
    setState({ desk: "", view: "", ...(known ? {} : { allocation: solved[0].id }) }, { origin: "place" });
  }, solveAll);
}

/** Solve one again under another policy; what need not move stays. @param {Scenario} one @param {PlacePolicy} policy @param {string} does @param {Partial<Scenario>} [more] @param {boolean} [keep] */
export async function solveAgain(one, policy, does, more = {}, keep = true) {
  if (one.saved?.adopted) {
    toast(t("place.is_adopted"));
    return;
  }
  const before = one.answer;
  await run(async (signal) => {
    const asked = keep ? { ...policy, ...keptOf(before) } : policy;
    const answer = await ask({ ...one, ...more }, asked, signal, ({ share, stage }) => tell({ share, stage }));
    changeScenario(one.id, { ...more, policy, answer, lang: boot.lang, saved: one.saved ? { ...one.saved, changed: true } : null }, does);
    const moved = before ? movedBetween(before, answer) : 0;
    place.notice = t("place.solved", { does, n: moved });
    tellPlace();
  }, () => solveAgain(one, policy, does, more, keep));
}

/** @param {string} mode @returns {string} */
export const modeName = (mode) => t(`place.mode_${mode}`);

/** @param {Scenario} one @returns {string} */
export const scenarioName = (one) => one.name || modeName(one.mode);

/** @param {(policy: PlacePolicy) => PlacePolicy} edit @param {string} does */
export async function editPolicy(edit, does) {
  const one = shown();
  if (one?.answer) await solveAgain(one, edit(one.policy), does);
}

/** A project is given these units. @param {string} id @param {string[]} units @param {string} does */
export const pin = (id, units, does) => editPolicy((policy) => ({
  ...policy, pins: [...(policy.pins ?? []).filter((one) => one.project_id !== id && !one.unit_ids.some((unit) => units.includes(unit))), { project_id: id, unit_ids: units }],
}), does);

/** @param {string} id @param {string} does */
export const unpin = (id, does) => editPolicy((policy) => ({ ...policy, pins: (policy.pins ?? []).filter((one) => one.project_id !== id) }), does);

/** A project is never given this site again. @param {string} id @param {string} site @param {string} does */
export const forbid = (id, site, does) => editPolicy((policy) => ({
  ...policy, pins: (policy.pins ?? []).filter((one) => one.project_id !== id), forbids: [...(policy.forbids ?? []), { project_id: id, site_id: site }],
}), does);

/** @param {{project_id: string, site_id?: string, unit_id?: string}} gone @param {string} does */
export const allow = (gone, does) => editPolicy((policy) => ({
  ...policy, forbids: (policy.forbids ?? []).filter((one) => one.project_id !== gone.project_id || one.site_id !== gone.site_id || one.unit_id !== gone.unit_id),
}), does);

/** Units that nobody is given, or are free again. @param {string[]} units @param {string} does */
export const reserve = (units, does) => editPolicy((policy) => ({ ...policy, reserved: [...new Set([...(policy.reserved ?? []), ...units])] }), does);

/** @param {string} unit @param {string} does */
export const unreserve = (unit, does) => editPolicy((policy) => ({ ...policy, reserved: (policy.reserved ?? []).filter((one) => one !== unit) }), does);

/** Whether the answer of what is shown is being waited for. */
export const isWorking = () => state.task === "place" && work.on;
