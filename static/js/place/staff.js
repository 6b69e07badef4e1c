/** The staff key: asked for in a dialog, kept for this tab only, sent as a Bearer token. */
import { isAbort, send } from "../api.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { failure } from "../find/empty.js";

const SHELF = "geomap.staff";

/** @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} listener */
export const onStaff = (listener) => {
  listeners.push(listener);
};

/** @returns {{key: string, name: string} | null} */
export function staff() {
  try {
    const found = JSON.parse(sessionStorage.getItem(SHELF) ?? "null");
    return typeof found?.key === "string" && found.key ? found : null;
  } catch {
    return null;
  }
}

/** @returns {Dict<string>} headers of a request of the staff */
export function staffHeaders() {
  const who = staff();
  return who ? { Authorization: `Bearer ${who.key}` } : {};
}

/** @param {string} path @param {{method?: string, query?: Dict<any>, body?: any, signal?: AbortSignal}} [how] @returns {Promise<any>} */
export const askStaff = (path, { method = "GET", query = {}, body, signal } = {}) => send(path, query, {
  method, signal, headers: { ...staffHeaders(), ...(body === undefined ? {} : { "Content-Type": "application/json" }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

export function signOut() {
  sessionStorage.removeItem(SHELF);
  listeners.forEach((listener) => listener());
}

/** Ask for the key, try it, and keep it. @param {string} why what it is wanted for @param {() => void} [then] */
export function signIn(why, then) {
  const key = h("input", { type: "password", autocomplete: "off", required: true, maxlength: 200, placeholder: "gms_…", "data-testid": "staff-key" });
  const problem = h("div", {});
  const form = h("form", { class: "dialog-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); enter(); } },
    h("p", { class: "second" }, why),
    h("label", { class: "field" }, h("span", { class: "field-name" }, t("place.key")), key),
    problem,
    h("p", { class: "second" }, t("place.key_note")),
    h("div", { class: "dialog-actions" }, h("button", { type: "submit", class: "button filled", "data-testid": "staff-enter" }, t("place.sign_in"))));
  const dialog = openDialog(t("place.sign_in"), form, "staff-dialog");
  key.focus();
  async function enter() {
    try {
      const who = await send("/api/v1/staff", {}, { headers: { Authorization: `Bearer ${key.value.trim()}` } });
      sessionStorage.setItem(SHELF, JSON.stringify({ key: key.value.trim(), name: who.name ?? "" }));
      dialog.close();
      listeners.forEach((listener) => listener());
      then?.();
    } catch (error) {
      if (!isAbort(error)) fill(problem, failure(error, enter));
    }
  }
}

/** A dialog that is gone when it is closed. @param {string} title @param {HTMLElement} content @param {string} testid @param {string} [more] class @returns {HTMLDialogElement} */
export function openDialog(title, content, testid, more = "") {
  const dialog = h("dialog", { class: `dialog ${more}`.trim(), "data-testid": testid, "aria-label": title, onclose: () => dialog.remove() },
    h("div", { class: "dialog-head" }, h("h2", {}, title), h("button", { type: "button", class: "icon-button", "aria-label": t("word.close"), onclick: () => dialog.close() }, icon("close"))), content);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
