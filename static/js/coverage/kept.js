/** Scenarios that are kept by the service under private links; this browser remembers its own. */
import { boot } from "../boot.js";
import { Problem } from "../api.js";
import { t } from "../i18n.js";
import { keptEdits, setState, state } from "../state.js";
import { isNamed, readShelf, writeShelf } from "../ui/shelf.js";
import { profileInUse } from "./data.js";
import { editsInUse, formatEdits, noEdits } from "./edits.js";

const SHELF = "geomap.scenarios";
const PATH = "/api/v1/coverage/scenarios";

/** @typedef {{id: string, name: string, updated_at: string}} Entry */
/** @typedef {{id: string, name: string, note: string, profile: string, edits: any, version: number, updated_at: string}} Kept */

/** @type {{scenario: Kept | null, loading: boolean, error: any}} */
export const opened = { scenario: null, loading: false, error: null };

/** What this browser has kept, the newest first. @returns {Entry[]} */
export const shelf = () => readShelf(SHELF, isNamed);

/** Without storage the link in the address is the only way back: it still works. @param {Entry[]} entries */
const put = (entries) => writeShelf(SHELF, entries, 100);

/** @param {Kept} one */
function remember({ id, name, updated_at }) {
  put([{ id, name, updated_at }, ...shelf().filter((other) => other.id !== id)]);
}

/** @param {string} method @param {string} path @param {any} [body] @returns {Promise<any>} */
async function send(method, path, body) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(`${path}?lang=${boot.lang}`, { method, credentials: "same-origin", ...(body ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) } : {}) });
  } catch {
    throw new Problem(t("error.offline"), t("error.offline_detail"), "", 0);
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Problem(said.title || t("error.request"), said.detail || "", said.fix || "", answer.status, said.field || ""), { newest: said.newest });
  return said;
}

/** @param {Kept} one */
function open(one) {
  const text = formatEdits({ ...noEdits(), ...one.edits });
  keptEdits.set(one.id, text);
  Object.assign(opened, { scenario: one, loading: false, error: null });
  return text;
}

/** Open the scenario that the address names, unless it is open. @param {() => void} tell */
export async function openKept(tell) {
  const id = state.scenario;
  if (!id) {
    Object.assign(opened, { scenario: null, loading: false, error: null });
    return;
  }
  if (opened.scenario?.id === id || opened.loading) return;
  Object.assign(opened, { scenario: null, loading: true, error: null });
  tell();
  try {
    const one = await send("GET", `${PATH}/${encodeURIComponent(id)}`);
    const text = open(one);
    remember(one);
    setState({ edits: state.edits || text, profile: state.profile || one.profile }, { origin: "kept" });
  } catch (error) {
    Object.assign(opened, { loading: false, error });
  }
  tell();
}

/** Whether the edits differ from those that are kept. @returns {boolean} */
export const isChanged = () => !opened.scenario || keptEdits.get(opened.scenario.id) !== state.edits || opened.scenario.profile !== (profileInUse()?.id ?? "");

/** Keep the draft: over the open scenario, or as a new one. @param {string} name @param {string} note @param {boolean} anew */
export async function keep(name, note, anew) {
  const now = opened.scenario;
  const body = { name, note, profile: profileInUse()?.id ?? "", edits: editsInUse() };
  const one = now && !anew ? await send("PUT", `${PATH}/${encodeURIComponent(now.id)}`, { ...body, version: now.version }) : await send("POST", PATH, body);
  open(one);
  remember(one);
  setState({ scenario: one.id, edits: keptEdits.get(one.id) ?? state.edits }, { push: true, origin: "kept" });
}

/** Take over what someone else has kept meanwhile. @param {Kept} newest */
export function takeNewest(newest) {
  const text = open(newest);
  remember(newest);
  setState({ edits: text, profile: newest.profile }, { push: true, origin: "kept" });
}

/** @param {string} id */
export async function discard(id) {
  try {
    await send("DELETE", `${PATH}/${encodeURIComponent(id)}`);
  } catch (error) {
    if (/** @type {any} */ (error).status !== 404) throw error;
  }
  put(shelf().filter((one) => one.id !== id));
  if (opened.scenario?.id === id) Object.assign(opened, { scenario: null });
  if (state.scenario === id) setState({ scenario: "" }, { push: true, origin: "kept" });
}
