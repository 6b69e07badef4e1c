/** The search box: sites, counties and towns by name, with the keyboard. */
import { get, isAbort, Latest } from "../api.js";
import { debounce, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { tidy } from "./demand_url.js";

/** @typedef {(item: SearchItem) => void} Goto */

export class SearchBox {
  /** @param {Goto} go shows a place on the map */
  constructor(go) {
    this.go = go;
    this.latest = new Latest();
    /** @type {SearchItem[]} */
    this.items = [];
    this.active = -1;
    this.input = h("input", {
      id: "search", type: "search", class: "search-input", role: "combobox", autocomplete: "off", maxlength: 80,
      "aria-expanded": "false", "aria-controls": "search-list", "aria-autocomplete": "list",
      "aria-label": t("search.label"), placeholder: t("search.placeholder"), "data-testid": "search",
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event),
      onblur: () => window.setTimeout(() => this.close(), 150),
    });
    const ask = debounce(() => this.ask(), 160);
    this.input.addEventListener("input", ask);
    this.list = h("ul", { id: "search-list", class: "suggestions", role: "listbox", "aria-label": t("search.label"), hidden: true, "data-testid": "suggestions" });
    this.element = h("div", { class: "search", role: "search" }, icon("search"), this.input, h("kbd", {}, "/"), this.list);
  }

  async ask() {
    const text = this.input.value.trim();
    if (!text) {
      this.close();
      return;
    }
    try {
      const answer = await get("/api/v1/search", { q: text, limit: 8 }, this.latest.start());
      this.show(answer.items);
    } catch (error) {
      if (!isAbort(error)) this.tell(/** @type {Error} */ (error).message);
    }
  }

  /** @param {SearchItem[]} items */
  show(items) {
    this.items = items;
    this.active = items.length ? 0 : -1;
    if (!items.length) {
      this.tell(t("search.nothing"));
      return;
    }
    fill(this.list, items.map((item, i) => h("li", {
      id: `suggestion-${i}`, role: "option", "aria-selected": String(i === this.active), "data-testid": "suggestion",
      onpointerdown: (/** @type {Event} */ event) => {
        event.preventDefault();
        this.choose(item);
      },
    }, icon(item.type === "site" ? "ring" : "pin", "small"), h("span", { class: "suggestion-name" }, item.name), h("span", { class: "second" }, item.detail || t(`search.${item.type}`)))));
    this.open();
  }

  /** @param {string} text */
  tell(text) {
    fill(this.list, h("li", { class: "second", role: "option", "aria-disabled": "true", "data-testid": "search-nothing" }, text));
    this.open();
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark();
  }

  close() {
    this.latest.stop();
    this.list.hidden = true;
    this.items = [];
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark() {
    [...this.list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === this.active)));
    if (this.active >= 0) this.input.setAttribute("aria-activedescendant", `suggestion-${this.active}`);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "Escape") {
      if (this.list.hidden) this.input.blur();
      this.close();
      event.stopPropagation();
    } else if (event.key === "Enter") {
      const item = this.items[this.active];
      if (item) this.choose(item);
      else this.ask();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (this.items.length) this.active = (this.active + step + this.items.length) % this.items.length;
      this.mark();
    }
  }

  /** @param {SearchItem} item */
  choose(item) {
    this.input.value = "";
    this.close();
    if (item.type === "site") {
      setState({ site: item.id, unit: "", point: null }, { push: true, origin: "search" });
      return;
    }
    if (item.type === "county") {
      setState({ demand: tidy({ ...state.demand, counties: [item.id] }) }, { push: true, origin: "search" });
    }
    this.go(item);
  }
}
