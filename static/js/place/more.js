/** More places of the chosen project than an allocation lists of each: one project is quickly asked for. */
import { postLong } from "../stream.js";
import { staffHeaders } from "./staff.js";
import { project, shown, tellPlace } from "./store.js";

const MOST = 20;

/** What was found, by answer and project: another answer has other holders. @type {WeakMap<PlaceAnswer, Map<string, PlaceAlternative[]>>} */
const found = new WeakMap();

/** Whole units by who holds them: of a shared one there may be more. @param {PlaceAnswer} answer @returns {Map<string, string>} */
const holders = (answer) => new Map(answer.placements.flatMap((one) => one.units.filter((unit) => unit.whole).map((unit) => /** @type {[string, string]} */ ([unit.id, one.project_id]))));

/** Its places after those of the allocation, the best first. @param {Placement} placed @returns {PlaceAlternative[]} */
export function moreOf(placed) {
  const answer = shown()?.answer;
  const known = new Set(placed.alternatives.map((one) => one.unit_ids.join()));
  const more = (answer && found.get(answer)?.get(placed.project_id)) || [];
  return [...placed.alternatives, ...more.filter((one) => !known.has(one.unit_ids.join()))].slice(0, MOST + 1);
}

/** Ask for them where that was not done yet; where it fails there are those of the allocation. @param {Placement} placed */
export async function askMore(placed) {
  const one = shown();
  const asked = project(placed.project_id);
  if (!one?.answer || !asked) return;
  const { answer, policy } = one;
  const known = found.get(answer) ?? new Map();
  found.set(answer, known);
  if (known.has(asked.id)) return;
  known.set(asked.id, []);
  const { weights, margins, steps, reserved } = policy;
  const forbids = (policy.forbids ?? []).filter((gone) => gone.project_id === asked.id);
  try {
    const alone = await postLong("/api/v1/placements", { projects: [asked], mode: "stable", policy: { weights, margins, steps, reserved, forbids }, alternatives: MOST }, AbortSignal.timeout(20_000), () => undefined, staffHeaders());
    const by = holders(answer);
    const list = alone.placements.flatMap((/** @type {Placement} */ best) => [...(best.unit_ids.length ? [asPlace(best)] : []), ...best.alternatives]);
    known.set(asked.id, list.map((/** @type {PlaceAlternative} */ item) => ({ ...item, taken_by: [...new Set(item.unit_ids.map((id) => by.get(id)).filter((id) => id !== undefined && id !== asked.id))] })));
  } catch {
    return;
  }
  // A flow that is being dragged keeps the places that it began with.
  while (document.body.classList.contains("dragging-flow")) await new Promise((resolve) => { setTimeout(resolve, 200); });
  if (shown()?.answer === answer) tellPlace();
}

/** @param {Placement} best @returns {PlaceAlternative} */
const asPlace = ({ unit_ids, site_id, site_name, adcode, step, score, value, to }) => ({ unit_ids, site_id, site_name, adcode, step, score: score ?? 0, value, lon: to?.lon ?? null, lat: to?.lat ?? null, taken_by: [] });
