/** Pieces that the three parts share. */
import { boot } from "../boot.js";
import { h, isPhone } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { today } from "../format.js";
import { signIn, signOut, staff } from "../place/staff.js";

export const STATES = ["found", "screened", "recommended", "visited", "signed", "moved_in", "producing", "lost"];
export const WAY = STATES.slice(0, -1);

/** @param {string} state @returns {string} */
export const stateName = (state) => t(`desk.state_${state}`);

/** @param {string} state @returns {HTMLElement} */
export const stateBadge = (state) => h("span", { class: `state-badge state-${state}` }, stateName(state));

/** Who is signed in, or the way in. @param {string} why @returns {HTMLElement} */
export function whoami(why) {
  const who = staff();
  return who ? h("span", { class: "whoami second" }, h("span", { "data-testid": "staff-name" }, who.name), h("button", { type: "button", class: "text-button", "data-testid": "desk-sign-out", onclick: signOut }, t("place.sign_out")))
    : h("button", { type: "button", class: "text-button", "data-testid": "desk-sign-in", onclick: () => signIn(why) }, icon("lock", "small"), t("place.sign_in"));
}

/** What is seldom wanted of a part's head: beside each other, on the phone behind one button. @param {HTMLElement} who @param {HTMLElement[]} actions @returns {HTMLElement[]} */
export function headEnd(who, actions) {
  if (!isPhone() || !staff()) return [who, ...actions];
  const menu = h("details", { class: "head-menu", "data-testid": "head-menu", onkeydown: (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }, onclick: (/** @type {Event} */ event) => { if (/** @type {HTMLElement} */ (event.target).closest("button")) menu.open = false; } },
  h("summary", { class: "icon-button", "aria-label": t("desk.head_more"), title: t("desk.head_more") }, icon("more")), h("div", { class: "head-menu-items" }, actions, who));
  return [menu];
}

/** What stands here without a key: what it is for, and the way in. @param {string} name of the part @returns {HTMLElement} */
export function gate(name) {
  return h("div", { class: "desk-gate", "data-testid": "desk-gate" }, h("h1", {}, t(`desk.gate_${name}`)), h("p", {}, t(`desk.gate_${name}_note`)),
    h("ul", { class: "gate-points" }, ["a", "b", "c"].map((one) => h("li", {}, t(`desk.gate_${name}_${one}`)))),
    h("div", { class: "gate-actions" }, h("button", { type: "button", class: "button filled", "data-testid": "gate-sign-in", onclick: () => signIn(t(`desk.key_${name}`)) }, t("place.sign_in")), h("span", { class: "second" }, t("desk.gate_key"))));
}

/** @param {string} name @param {any} control @param {string} [note] @param {string} [more] class @returns {HTMLElement} */
export const field = (name, control, note = "", more = "") => h("label", { class: `field ${more}`.trim() }, h("span", { class: "field-name" }, name), control, note ? h("span", { class: "second" }, note) : null);

/** @param {string} testid @param {string} name @param {[string, string][]} options value and text @param {string} value @param {(value: string) => void} [change] @returns {any} */
export function choice(testid, name, options, value, change) {
  const select = h("select", { "data-testid": testid, "aria-label": name, onchange: () => change?.(select.value) }, options.map(([id, text]) => h("option", { value: id, selected: id === value }, text)));
  return select;
}

/** @param {string} all what stands for every county @returns {[string, string][]} */
export const countyOptions = (all) => [["", all], .../** @type {[string, string][]} */ (boot.counties.map((one) => [one.adcode, one.name]))];

/** Trades with their branches under them. @param {string} all @returns {[string, string][]} */
export const industryOptions = (all) => [["", all], .../** @type {[string, string][]} */ (boot.industries.map((one) => [one.id, one.parent ? `\u3000${one.name}` : one.name]))];

/** @param {string} iso @returns {string} day and time in the city, as it was told */
export const clock = (iso) => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;

/** @param {string} iso moment in any zone @returns {string} its day in the city */
export const dayOf = (iso) => new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(0, 10);

/** Days from today, negative where gone. @param {string} day @returns {number} */
export const daysLeft = (day) => Math.round((Date.parse(day) - Date.parse(today())) / 86_400_000);

/** A due day: late is said by sign and word, not by colour alone. @param {string | null} day @param {boolean} late @returns {HTMLElement | null} */
export function dueMark(day, late) {
  if (!day) return null;
  const left = daysLeft(day);
  const words = late ? t("desk.late_by", { n: -left }) : left === 0 ? t("desk.due_today") : "";
  return h("span", { class: late ? "due late" : "due" }, late ? icon("alert", "small") : null, h("span", { class: "number" }, day), words ? h("b", {}, words) : null);
}

/** Asks once more before it acts. @param {string} text @param {string} testid @param {() => void} act @param {string} [more] class @returns {HTMLElement} */
export function sureButton(text, testid, act, more = "text-button") {
  const button = h("button", {
    type: "button", class: more, "data-testid": testid,
    onclick: () => {
      if (button.dataset.sure) {
        act();
        return;
      }
      button.dataset.sure = "1";
      button.textContent = t("kept.delete_sure");
      window.setTimeout(() => { delete button.dataset.sure; button.textContent = text; }, 4000);
    },
  }, text);
  return button;
}

/** Draw again without taking the focus away. @param {HTMLElement} holder @param {() => void} draw */
export function keepFocus(holder, draw) {
  const focused = /** @type {HTMLElement | null} */ (holder.contains(document.activeElement) ? document.activeElement : null);
  const testid = focused?.dataset.testid;
  draw();
  if (testid && !holder.contains(document.activeElement)) /** @type {HTMLElement | null} */ (holder.querySelector(`[data-testid="${CSS.escape(testid)}"]`))?.focus({ preventScroll: true });
}

/** @param {string} title @param {string} note @param {...(HTMLElement | null)} more @returns {HTMLElement} */
export const empty = (title, note, ...more) => h("div", { class: "desk-empty", "data-testid": "desk-empty" }, h("h2", {}, title), h("p", { class: "second" }, note), more.some(Boolean) ? h("div", { class: "gate-actions" }, more) : null);
