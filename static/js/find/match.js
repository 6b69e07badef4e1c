/** Asks the service what fits the demand; keeps the old answer until the new one stands. */
import { isAbort, Latest, post } from "../api.js";
import { state } from "../state.js";

const PAGE = 40;

/** @typedef {{answer: MatchAnswer | null, loading: boolean, more: boolean, error: any}} MatchView */

/** @type {MatchView} */
export const view = { answer: null, loading: false, more: false, error: null };

/** @type {(() => void)[]} */
const listeners = [];
const latest = new Latest();
let wait = 0;

/** @param {() => void} listener */
export const onMatch = (listener) => {
  listeners.push(listener);
};

const tell = () => listeners.forEach((listener) => listener());

/** Ask anew, soon. @param {number} [delay] milliseconds of quiet before asking */
export function askMatch(delay = 0) {
  clearTimeout(wait);
  wait = window.setTimeout(ask, delay);
}

/** Ask for the first answer once: early, while the map is still being made. */
export function startMatch() {
  if (view.answer || view.loading) tell();
  else ask();
}

async function ask() {
  const signal = latest.start();
  view.loading = true;
  tell();
  try {
    const answer = await post("/api/v1/match", { limit: PAGE, facets: 1 }, state.demand, signal);
    Object.assign(view, { answer, loading: false, error: null });
  } catch (error) {
    if (isAbort(error)) return;
    Object.assign(view, { loading: false, error });
  }
  tell();
}

/** The next page of candidates, added to those shown. */
export async function askMore() {
  const shown = view.answer;
  if (!shown || view.more || shown.candidates.length >= shown.total) return;
  const signal = latest.start();
  view.more = true;
  tell();
  try {
    const next = await post("/api/v1/match", { limit: PAGE, offset: shown.candidates.length }, state.demand, signal);
    view.answer = { ...shown, candidates: [...shown.candidates, ...next.candidates] };
    view.error = null;
  } catch (error) {
    if (!isAbort(error)) view.error = error;
  }
  view.more = false;
  tell();
}
