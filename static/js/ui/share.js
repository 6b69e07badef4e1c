/** The address of this view as a QR code, for another device. */
import { h, fill } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

/** @type {HTMLDialogElement | null} */
let dialog = null;

export function openShare() {
  if (!dialog) {
    dialog = h("dialog", { class: "dialog", "data-testid": "share", "aria-label": t("share.title") });
    document.body.append(/** @type {HTMLDialogElement} */ (dialog));
  }
  const shown = /** @type {HTMLDialogElement} */ (dialog);
  fill(shown, h("div", { class: "dialog-head" }, h("h2", {}, t("share.title")), h("button", { type: "button", class: "icon-button", "aria-label": t("word.close"), onclick: () => shown.close() }, icon("close"))),
    h("img", { class: "share-code", src: `/qr.svg?query=${encodeURIComponent(location.search.slice(1))}`, alt: t("print.code"), width: 240, height: 240 }),
    h("p", { class: "second share-link" }, location.href));
  if (!shown.open) shown.showModal();
}
