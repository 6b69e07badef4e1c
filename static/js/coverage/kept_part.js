/** Keeping the draft under a name, and opening what this browser has kept. */
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { failure } from "../find/empty.js";
import { copyLink } from "../site/drawer.js";
import { toast } from "../ui/dialog.js";
import { discard, isChanged, keep, openKept, opened, shelf, takeNewest } from "./kept.js";

export class KeptPart {
  constructor() {
    this.name = h("input", { type: "text", maxlength: 80, required: true, placeholder: t("kept.name_example"), "data-testid": "scenario-name" });
    this.note = h("input", { type: "text", maxlength: 500, placeholder: t("kept.note_example"), "data-testid": "scenario-note" });
    this.form = h("form", { class: "keep-form", "data-testid": "keep-form", onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); this.save(false); } });
    this.problem = h("div", {});
    this.list = h("section", { class: "task-part" });
    this.section = h("section", { class: "task-part" }, this.form, this.problem);
    this.element = h("div", { class: "kept" }, this.section, this.list);
    this.shown = "";
  }

  render() {
    openKept(() => this.draw());
    this.draw();
  }

  draw() {
    const now = opened.scenario;
    if ((now?.id ?? "") !== this.shown) {
      this.name.value = now?.name ?? "";
      this.note.value = now?.note ?? "";
      this.shown = now?.id ?? "";
      fill(this.problem);
    }
    if (opened.error) fill(this.problem, failure(opened.error, () => { opened.error = null; openKept(() => this.draw()); }));
    this.form.hidden = !state.edits;
    this.section.hidden = !state.edits && !opened.error;
    const focused = document.activeElement;
    fill(this.form, h("div", { class: "part-head" }, h("h2", {}, t(now ? "kept.open" : "kept.title")), now ? h("span", { class: "second", "data-testid": "keep-state" }, t(isChanged() ? "kept.changed" : "kept.saved")) : null),
      h("label", { class: "field" }, h("span", { class: "field-name" }, t("kept.name")), this.name),
      h("label", { class: "field" }, h("span", { class: "field-name" }, t("kept.note")), this.note),
      h("div", { class: "panel-row" },
        h("button", { type: "submit", class: "button filled", "data-testid": "scenario-save" }, t(now ? "kept.save" : "kept.keep")),
        now ? h("button", { type: "button", class: "button", "data-testid": "scenario-save-new", onclick: () => this.save(true) }, t("kept.save_new")) : null,
        now ? h("button", { type: "button", class: "button", "data-testid": "scenario-link", onclick: copyLink }, t("kept.share")) : null),
      h("p", { class: "second" }, t("kept.private")));
    if (focused === this.name || focused === this.note) /** @type {HTMLElement} */ (focused).focus();
    this.drawShelf();
  }

  /** @param {boolean} anew */
  async save(anew) {
    if (!this.form.reportValidity()) return;
    try {
      await keep(this.name.value.trim(), this.note.value.trim(), anew);
      this.shown = opened.scenario?.id ?? "";
      fill(this.problem);
      this.draw();
      toast(t("kept.done"));
    } catch (error) {
      const { newest } = /** @type {any} */ (error);
      fill(this.problem, failure(error, () => this.save(anew)), newest ? h("div", { class: "panel-row" }, h("button", { type: "button", class: "button", "data-testid": "take-newest", onclick: () => { takeNewest(newest); this.shown = ""; this.draw(); } }, t("kept.take_newest")),
        h("button", { type: "button", class: "button", onclick: () => this.save(true) }, t("kept.save_new"))) : null);
    }
  }

  drawShelf() {
    const entries = shelf();
    fill(this.list, entries.length ? [h("h2", {}, t("kept.mine")), h("ul", { class: "plain-rows", "data-testid": "shelf" }, entries.map((one) => h("li", {},
      h("button", { type: "button", class: "text-button plain", "aria-current": one.id === state.scenario ? "true" : null, onclick: () => setState({ scenario: one.id, edits: "", profile: "" }, { push: true, origin: "kept" }) }, one.name),
      h("span", { class: "shelf-end" }, h("span", { class: "second" }, one.updated_at?.slice(0, 10) ?? ""), this.deleteButton(one)))))] : null);
  }

  /** Asks once before it deletes. @param {import("./kept.js").Entry} one @returns {HTMLElement} */
  deleteButton(one) {
    const button = h("button", {
      type: "button", class: "text-button", "data-testid": `delete-${one.id}`,
      onclick: async () => {
        if (button.dataset.sure !== "1") {
          button.dataset.sure = "1";
          button.textContent = t("kept.delete_sure");
          window.setTimeout(() => { button.dataset.sure = ""; button.textContent = t("kept.delete"); }, 4000);
          return;
        }
        try {
          await discard(one.id);
          toast(t("kept.deleted", { name: one.name }));
          this.draw();
        } catch (error) {
          toast(/** @type {any} */ (error).detail || t("error.request"));
        }
      },
    }, t("kept.delete"));
    return button;
  }
}
