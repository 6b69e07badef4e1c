/** One sentence as a demand: asked of the service, shown with what was understood and what was not. */
import { isAbort, Latest, post } from "../api.js";
import { today } from "../format.js";
import { setState, state } from "../state.js";
import { tidy } from "./demand_url.js";

/** @typedef {{text: string, understood: {start: number, end: number, field: string, value: any}[], ignored: {start: number, end: number, text: string, reason?: string}[], demand: Demand}} Parsed */
/** @typedef {{parsed: Parsed | null, loading: boolean, error: any}} SentenceView */

/** @type {SentenceView} */
export const sentence = { parsed: null, loading: false, error: null };

/** @type {(() => void)[]} */
const listeners = [];
const latest = new Latest();

/** @param {() => void} listener */
export const onSentence = (listener) => {
  listeners.push(listener);
};

const tell = () => listeners.forEach((listener) => listener());

/**
 * Read a sentence; its demand becomes the page's unless it is only looked at again.
 * @param {string} text @param {boolean} apply
 */
export async function readSentence(text, apply) {
  const signal = latest.start();
  Object.assign(sentence, { loading: true, error: null });
  tell();
  try {
    const found = await post("/api/v1/match/parse", {}, { text, today: today() }, signal);
    Object.assign(sentence, { parsed: { ...found, text }, loading: false });
    // A sentence of which nothing was understood leaves the demand as it is.
    if (apply && found.understood.length) setState({ demand: tidy(found.demand), said: text, site: "", unit: "", point: null }, { push: true, origin: "sentence" });
  } catch (error) {
    if (isAbort(error)) return;
    Object.assign(sentence, { parsed: null, loading: false, error });
  }
  tell();
}

/** The sentence of a link is read again for its marks; without a demand in the link it makes one. */
export function reopenSentence() {
  if (!state.said) Object.assign(sentence, { parsed: null, error: null });
  else if (sentence.parsed?.text !== state.said) readSentence(state.said, !Object.keys(state.demand).length);
}

export function forgetSentence() {
  latest.stop();
  Object.assign(sentence, { parsed: null, loading: false, error: null });
  tell();
}
