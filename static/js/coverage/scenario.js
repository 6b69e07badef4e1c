/** The draft scenario: what would change, asked of the service whenever the edits do. */
import { isAbort, Latest } from "../api.js";
import { state } from "../state.js";
import { postLong } from "../stream.js";
import { profileInUse } from "./data.js";
import { countEdits, editsInUse } from "./edits.js";

/** @typedef {{key: string, answer: WhatIf | null, loading: boolean, error: any, share: number, today: boolean}} Draft `today`: the map shows things as they are */

/** @type {Draft} */
export const draft = { key: "", answer: null, loading: false, error: null, share: 0, today: false };

/** @type {(() => void)[]} */
const listeners = [];
const latest = new Latest();

/** @param {() => void} listener */
export const onDraft = (listener) => {
  listeners.push(listener);
};

export const tellDraft = () => listeners.forEach((listener) => listener());

/** Whether a scenario is there and wanted on the map. @returns {boolean} */
export const draftShown = () => state.task === "coverage" && Boolean(state.edits) && !draft.today;

/** Ask unless the answer is there. @param {boolean} [anew] */
export async function askDraft(anew = false) {
  const edits = editsInUse();
  const profile = profileInUse()?.id ?? "";
  const key = countEdits(edits) ? `${profile} ${state.edits}` : "";
  if (key === draft.key && !anew) return;
  Object.assign(draft, { key, error: null, share: 0, loading: Boolean(key), answer: key ? draft.answer : null });
  if (!key) {
    latest.stop();
    draft.today = false;
    tellDraft();
    return;
  }
  const signal = latest.start();
  tellDraft();
  try {
    const answer = await postLong("/api/v1/coverage/whatif", { profile, edits }, signal, (step) => {
      draft.share = step.share;
      tellDraft();
    });
    Object.assign(draft, { answer, loading: false });
  } catch (error) {
    if (isAbort(error)) return;
    Object.assign(draft, { answer: null, loading: false, error });
  }
  tellDraft();
}

export function stopDraft() {
  latest.stop();
  Object.assign(draft, { loading: false, key: "" });
  tellDraft();
}

/** The ring of one place today and with the edits. @param {{site?: string, point?: {lon: number, lat: number}}} at @param {AbortSignal} signal @returns {Promise<{before: Ring, after: Ring | null, reason: string | null}>} */
export async function draftRing(at, signal) {
  const answer = await postLong("/api/v1/coverage/whatif", { profile: profileInUse()?.id ?? "", edits: editsInUse(), ...at }, signal, () => undefined);
  return answer.ring;
}
