/** The shortcut list, and small messages. */
import { byId, h, isTyping } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

let timer = 0;

/** @param {string} text */
export function toast(text) {
  const place = byId("toast");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(timer);
  timer = window.setTimeout(() => place.classList.remove("shown"), 2600);
}

/** @returns {HTMLDialogElement} */
function helpDialog() {
  const keys = [["/", "search"], ["↑ ↓", "arrows"], ["Enter", "enter"], ["p", "pin"], ["1 – 9", "place"], ["Ctrl Z", "undo"], ["Alt ↑ ↓", "order"], ["Esc", "esc"], ["?", "help"]];
  const rows = keys.map(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, t(`help.${what}`))]);
  const dialog = h("dialog", { class: "dialog", "data-testid": "help", "aria-label": t("help.title") },
    h("div", { class: "dialog-head" }, h("h2", {}, t("help.title")), h("button", { type: "button", class: "icon-button", "aria-label": t("word.close"), onclick: () => dialog.close() }, icon("close"))),
    h("dl", { class: "keys" }, rows.flat()),
    h("p", { class: "second" }, t("help.map")));
  document.body.append(dialog);
  return dialog;
}

/** @type {HTMLDialogElement | null} */
let help = null;

export function openHelp() {
  help ??= helpDialog();
  if (!help.open) help.showModal();
}

/** @param {{search: () => void, escape: () => void}} actions */
export function bindKeys(actions) {
  byId("help-button").addEventListener("click", openHelp);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) actions.escape();
    if (isTyping(event)) return;
    if (event.key === "/") {
      event.preventDefault();
      actions.search();
    } else if (event.key === "?") openHelp();
  });
}
