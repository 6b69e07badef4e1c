/** All that happened to a project, the newest first. */
import { boot, county } from "../boot.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { goneOf } from "./ledger_data.js";
import { dayOf, stateBadge } from "./parts.js";

/** @typedef {import("./ledger_data.js").LedgerEvent} LedgerEvent */

/** Columns of a line by what they are called here; others change with them and are not told. @type {Dict<string>} */
const NAMED = { name: "desk.name", industry: "demand.industry", home_county: "place.home_county", current_site: "desk.current_site", owner: "desk.owner", next_step: "desk.next", due_on: "desk.due", site_id: "desk.place", unit_ids: "desk.units", place_adcode: "desk.build_county", published: "desk.published" };

/** @param {string} name @param {any} value @returns {string} */
function told(name, value) {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return "—";
  if (name === "published") return t(value ? "word.has" : "word.has_not");
  if (name === "industry") return boot.industries.find((one) => one.id === value)?.name ?? String(value);
  if (name === "home_county" || name === "place_adcode") return county(String(value))?.name ?? String(value);
  return Array.isArray(value) ? value.join(t("word.comma")) : String(value);
}

/** @param {LedgerEvent} event @returns {HTMLElement[]} */
const changes = ({ before, after }) => Object.keys(after).filter((name) => name in NAMED).map((name) => h("span", { class: "second" }, t("desk.change_of", { name: t(NAMED[name]), from: told(name, before[name]), to: told(name, after[name]) })));

/** @param {LedgerEvent} event @param {Map<string, LedgerEvent>} known @returns {any[]} */
function words(event, known) {
  const { kind, from, to } = event;
  // What came of a meeting is told in the language of the page.
  const result = event.after.result ? t(`desk.result_${event.after.result}`) : "";
  if (kind === "state") return [event.from_state ? stateBadge(event.from_state) : null, event.from_state ? " → " : null, event.to_state ? stateBadge(event.to_state) : null, result ? h("span", { class: "second" }, ` ${result}`) : null];
  if (kind === "note" && result) return [h("b", {}, t("desk.result")), " ", result];
  if (kind === "undo") return [h("b", {}, event.kind_label), " ", known.get(event.undoes)?.kind_label ?? ""];
  if (kind === "handover") return [h("b", {}, event.kind_label), ` ${from?.name || ""} → ${to?.name || to?.id || ""}`];
  return [h("b", {}, event.kind_label), event.to_state && kind === "added" ? [" ", stateBadge(event.to_state)] : null].flat();
}

/** @param {LedgerEvent[]} events oldest first @returns {HTMLElement} */
export function timeline(events) {
  const gone = goneOf(events);
  const known = new Map(events.map((one) => [one.id, one]));
  return h("ol", { class: "timeline", "data-testid": "timeline" }, [...events].reverse().map((event) => h("li", { class: gone.has(event.id) ? "gone" : null, "data-testid": `event-${event.kind}` },
    h("div", { class: "event-line" }, h("span", { class: "event-words" }, words(event, known)), gone.has(event.id) ? h("span", { class: "second" }, t("desk.taken_back")) : null),
    event.note ? h("p", { class: "event-note" }, event.note) : null,
    event.kind === "change" ? h("div", { class: "event-changes" }, changes(event)) : null,
    h("p", { class: "second" }, [event.on ?? dayOf(event.at), event.by, event.source === "hand" ? "" : event.source_label].filter(Boolean).join(" · ")))));
}
