/** 预约看房 / 留言: a name and a phone, for that site's operator alone. */
import { get, post } from "../api.js";
import { boot } from "../boot.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { today } from "../format.js";
import { t } from "../i18n.js";
import { failure } from "./empty.js";

/** @type {HTMLDialogElement | null} */
let dialog = null;

/** @param {{unit?: string, site: string, name: string}} place */
export async function openLead(place) {
  dialog ??= makeDialog();
  const body = /** @type {HTMLElement} */ (dialog.querySelector(".lead-body"));
  fill(body, h("p", { class: "second" }, t("word.loading")));
  if (!dialog.open) dialog.showModal();
  try {
    const consent = await get("/api/v1/leads/consent", { site_id: place.site });
    if (!consent.operator) {
      fill(body, h("p", { class: "strong" }, place.name), h("p", { "data-testid": "lead-nobody" }, t("lead.nobody")));
      return;
    }
    fill(body, form(place, consent, body));
    /** @type {HTMLElement | null} */ (body.querySelector("input"))?.focus();
  } catch (error) {
    fill(body, failure(error, () => openLead(place)));
  }
}

/** @returns {HTMLDialogElement} */
function makeDialog() {
  const made = h("dialog", { class: "dialog", "data-testid": "lead", "aria-label": t("lead.title") },
    h("div", { class: "dialog-head" }, h("h2", {}, t("lead.title")), h("button", { type: "button", class: "icon-button", "aria-label": t("word.close"), onclick: () => made.close() }, icon("close"))), h("div", { class: "lead-body" }));
  document.body.append(made);
  return made;
}

/** @param {{unit?: string, site: string, name: string}} place @param {Any} consent @param {HTMLElement} body @returns {HTMLElement} */
function form(place, consent, body) {
  const field = (/** @type {string} */ name, /** @type {HTMLElement} */ control) => h("label", { class: "field" }, h("span", { class: "field-name" }, t(`lead.${name}`)), control);
  const name = h("input", { type: "text", required: true, maxlength: 40, autocomplete: "name", "data-testid": "lead-name" });
  const phone = h("input", { type: "tel", required: true, maxlength: 25, autocomplete: "tel", "data-testid": "lead-phone" });
  const wish = h("select", { "data-testid": "lead-wish" }, ["visit", "message"].map((one) => h("option", { value: one }, t(`lead.wish_${one}`))));
  const day = h("input", { type: "date", min: today(), "data-testid": "lead-day" });
  const message = h("textarea", { rows: 2, maxlength: 500, "data-testid": "lead-message" });
  const agree = h("input", { type: "checkbox", required: true, "data-testid": "lead-agree" });
  const problem = h("div", { role: "alert" });
  const send = h("button", { type: "submit", class: "button filled", "data-testid": "lead-send" }, t("lead.send"));
  const text = consent.text[boot.lang];
  const element = h("form", { class: "lead-form", onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    send.disabled = true;
    fill(problem);
    try {
      const given = { site_id: place.site, unit_id: place.unit || undefined, name: name.value.trim(), phone: phone.value.trim(), wish: wish.value, message: message.value.trim(), visit_at: wish.value === "visit" && day.value ? `${day.value}T10:00` : undefined, consent: agree.checked, consent_version: consent.version };
      const kept = await post("/api/v1/leads", {}, given);
      fill(body, sent(kept, place));
    } catch (error) {
      const { title, detail, fix } = /** @type {any} */ (error);
      fill(problem, h("p", { class: "warning" }, [detail || title, fix].filter(Boolean).join(" ")));
      send.disabled = false;
    }
  } }, h("p", { class: "strong" }, place.name), field("name", name), field("phone", phone), field("wish", wish), field("day", day), field("message", message),
  h("label", { class: "check consent" }, agree, h("span", { class: "second" }, text)), problem, send);
  wish.addEventListener("change", () => {
    /** @type {HTMLElement} */ (day.parentElement).hidden = wish.value !== "visit";
    message.required = wish.value === "message";
  });
  return element;
}

/** @param {Any} kept @param {{site: string, name: string}} place @returns {HTMLElement} */
function sent(kept, place) {
  const note = h("p", { class: "second" }, t("lead.sent_note", { day: kept.expires_at.slice(0, 10) }));
  return h("div", { class: "lead-sent", "data-testid": "lead-sent" }, h("h2", {}, t("lead.sent")), h("p", {}, place.name), note,
    kept.token ? h("button", { type: "button", class: "text-button", "data-testid": "lead-withdraw", onclick: async (/** @type {Any} */ event) => {
      const answer = await fetch(`/api/v1/leads/${encodeURIComponent(kept.token)}`, { method: "DELETE" });
      event.target.replaceWith(h("p", { class: "second" }, t(answer.ok ? "lead.withdrawn" : "error.request")));
    } }, t("lead.withdraw")) : null);
}
