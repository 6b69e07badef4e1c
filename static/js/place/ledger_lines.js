/** Which projects have a line in the ledger, and how far each is: known to whoever has a key. */
import { onChange } from "../state.js";
import { askStaff, onStaff, staff } from "./staff.js";
import { tellPlace } from "./store.js";

/** @type {Map<string, string>} state by project */
let lines = new Map();
/** The key that they were asked for with. */
let asked = "";

/** @param {string} id of a project @returns {string} its state in the ledger, "" where it has no line */
export const lineState = (id) => lines.get(id) ?? "";

/** What is known is old: it is asked for again when it is wanted. */
export function forgetLines() {
  asked = "";
  if (!staff()) lines = new Map();
}

onStaff(forgetLines);
onChange((changed) => changed.has("desk") && forgetLines());

/** Ask once a key, and again when the ledger may have changed. */
export async function askLines() {
  const key = staff()?.key ?? "";
  if (!key || key === asked) return;
  asked = key;
  try {
    const { by_state } = await askStaff("/api/v1/ledger/summary");
    if (staff()?.key !== key) return;
    lines = new Map(by_state.flatMap((/** @type {{key: string, project_ids: string[]}} */ one) => one.project_ids.map((id) => /** @type {[string, string]} */ ([id, one.key]))));
    tellPlace();
  } catch {
    // The board stands without it; the ledger itself says what is wrong.
  }
}
