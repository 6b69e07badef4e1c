/** 台账, 对接会, 清单: the parts of 落项目 beside the allocation. */
import { fill } from "../dom.js";
import { t } from "../i18n.js";
import { onChange, state } from "../state.js";
import { onStaff, staff } from "../place/staff.js";
import { toast } from "../ui/dialog.js";
import { EntriesDesk } from "./entries.js";
import { LedgerDesk } from "./ledger.js";
import { MeetingsDesk } from "./meetings.js";

/** @typedef {{element: HTMLElement, render: () => void, forget: () => void, escape: () => boolean, toSearch: () => boolean}} Part */

/** @type {Dict<Part>} */
const parts = {};

/** What of the state these parts show. */
const SHOWN = /^(meeting|entry|project|ledger_.*|entry_.*)$/;

/** @returns {Part | undefined} the part that is open */
const open = () => (state.task === "place" ? parts[state.desk] : undefined);

/** @param {import("../map/view.js").MapView} view @param {HTMLElement} print holds the sheet for paper @returns {import("../place/desks.js").Desk[]} */
export function staffDesks(view, print) {
  Object.assign(parts, { ledger: new LedgerDesk(), meetings: new MeetingsDesk(print), lists: new EntriesDesk(view) });
  // What a key has opened goes with it: lists, dialogs, sheets for paper, and the last message.
  onStaff(() => {
    for (const part of Object.values(parts)) part.forget();
    fill(print);
    if (!staff()) {
      for (const dialog of document.querySelectorAll("dialog[open]")) /** @type {HTMLDialogElement} */ (dialog).close();
      toast(t("desk.signed_out"));
    }
    open()?.render();
  });
  onChange((changed) => {
    if (changed.has("desk") || changed.has("task")) /** @type {EntriesDesk} */ (parts.lists).shown(open() === parts.lists);
    if ([...changed].some((name) => SHOWN.test(name))) open()?.render();
  });
  return Object.entries(parts).map(([id, part]) => ({ id, title: () => t(`desk.tab_${id}`), element: part.element, start: () => undefined, render: () => part.render() }));
}

/** Esc: what lies on top is closed. @returns {boolean} */
export const deskEscape = () => open()?.escape() ?? false;

/** @returns {boolean} whether there is something to search */
export const deskSearch = () => open()?.toSearch() ?? false;
