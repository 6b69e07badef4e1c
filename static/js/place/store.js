/** Projects, allocations and their answers: values that are never changed, so that undoing is going back. */
import { setState, state } from "../state.js";
import { debounce } from "../dom.js";
import { keepText, keptText } from "./keep.js";

/** @typedef {{id: string, name: string, mode: "optimal" | "stable", policy: PlacePolicy, answer: PlaceAnswer | null, lang: string, saved: any}} Scenario `lang`: of the answer's texts; `saved`: the record's scenario it was saved as */
/** @typedef {{projects: PlaceProject[], source: string, scenarios: Scenario[]}} Book */
/** @typedef {{book: Book, does: string}} Step what a step did, and what stood before it */

/** @type {Book} */
const NOTHING = { projects: [], source: "", scenarios: [] };
const MOST_STEPS = 50;

/** @type {{book: Book, steps: Step[], ready: boolean, kept: boolean, notice: string}} */
export const place = { book: NOTHING, steps: [], ready: false, kept: true, notice: "" };

/** @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} listener */
export const onPlace = (listener) => {
  listeners.push(listener);
};

export const tellPlace = () => listeners.forEach((listener) => listener());

const keepSoon = debounce(async () => {
  const kept = await keepText(JSON.stringify(place.book));
  if (kept !== place.kept) {
    place.kept = kept;
    tellPlace();
  }
}, 300);

/** Take what this tab has kept. */
export async function openBook() {
  if (place.ready) return;
  try {
    const found = JSON.parse((await keptText()) || "null");
    if (found && Array.isArray(found.projects) && Array.isArray(found.scenarios)) place.book = { ...NOTHING, ...found };
  } catch {
    place.book = NOTHING;
  }
  place.ready = true;
  tellPlace();
}

/** Go on to another book; `does` names the step for undoing, "" where it is none. @param {Partial<Book>} patch @param {string} [does] */
export function changeBook(patch, does = "") {
  if (does) place.steps = [...place.steps.slice(1 - MOST_STEPS), { book: place.book, does }];
  place.book = { ...place.book, ...patch };
  place.notice = "";
  keepSoon();
  tellPlace();
}

/** @param {string} id @param {Partial<Scenario>} patch @param {string} [does] */
export function changeScenario(id, patch, does = "") {
  changeBook({ scenarios: place.book.scenarios.map((one) => (one.id === id ? { ...one, ...patch } : one)) }, does);
}

/** @returns {string} what was undone, "" where there was nothing */
export function undo() {
  const last = place.steps.at(-1);
  if (!last) return "";
  place.steps = place.steps.slice(0, -1);
  place.book = last.book;
  place.notice = "";
  keepSoon();
  tellPlace();
  return last.does;
}

/** @param {string} id @returns {Scenario | undefined} */
const scenario = (id) => place.book.scenarios.find((one) => one.id === id);

/** The allocation that the page shows. @returns {Scenario | undefined} */
export const shown = () => scenario(state.allocation) ?? place.book.scenarios.find((one) => one.answer) ?? place.book.scenarios[0];

/** The one that it is compared with. @returns {Scenario | undefined} */
export function against() {
  const other = scenario(state.against);
  return other?.answer && other.id !== shown()?.id ? other : undefined;
}

/** @param {string} id */
export const showScenario = (id) => setState({ allocation: id, against: state.against === id ? "" : state.against }, { push: true, origin: "place" });

/** @param {string} id @returns {PlaceProject | undefined} */
export const project = (id) => place.book.projects.find((one) => one.id === id);

/** An id that no scenario has. @returns {string} */
export function freshId() {
  const taken = new Set(place.book.scenarios.map((one) => one.id));
  let n = place.book.scenarios.length + 1;
  while (taken.has(`s${n}`)) n += 1;
  return `s${n}`;
}
