/** The one box: a sentence that says what is needed, or a site, county or town by name. */
import { get, isAbort, Latest } from "../api.js";
import { debounce, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { tidy } from "./demand_url.js";
import { forgetSentence, onSentence, readSentence, reopenSentence, sentence } from "./sentence.js";

/** @typedef {(item: SearchItem) => void} Goto */

/** Longer texts are sentences, not names. */
const NAME_MOST = 24;
const MOST = 500;

/** @param {import("./sentence.js").Parsed} parsed @returns {string} */
function saidWords(parsed) {
  const unused = parsed.ignored.map((one) => `“${one.text}”`).join(t("word.comma"));
  if (!parsed.understood.length) return t("said.nothing");
  return unused ? t("said.understood_but", { n: parsed.understood.length, unused }) : t("said.understood", { n: parsed.understood.length });
}

export class SearchBox {
  /** @param {Goto} go shows a place on the map */
  constructor(go) {
    this.go = go;
    this.latest = new Latest();
    /** @type {SearchItem[]} */
    this.items = [];
    this.active = -1;
    this.input = h("textarea", {
      id: "search", rows: 1, class: "search-input", role: "combobox", autocomplete: "off", maxlength: MOST, spellcheck: "false",
      "aria-expanded": "false", "aria-controls": "search-list", "aria-autocomplete": "list",
      "aria-label": t("search.label"), placeholder: t("search.placeholder"), "data-testid": "search",
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.onKey(event),
      onblur: () => window.setTimeout(() => this.close(), 150),
    });
    const ask = debounce(() => this.ask(), 160);
    this.input.addEventListener("input", () => {
      this.grow();
      this.mark();
      ask();
    });
    this.marks = h("div", { class: "search-marks", "aria-hidden": "true" });
    this.said = h("p", { class: "second said", role: "status", "aria-live": "polite", "data-testid": "said" });
    this.clearButton = h("button", { type: "button", class: "icon-button search-clear", "aria-label": t("search.clear"), "data-testid": "search-clear", hidden: true, onclick: () => this.clear() }, icon("close", "small"));
    onSentence(() => this.sync());
    this.list = h("ul", { id: "search-list", class: "suggestions", role: "listbox", "aria-label": t("search.label"), hidden: true, "data-testid": "suggestions" });
    this.element = h("div", { class: "search-box", role: "search" },
      h("div", { class: "search" }, icon("search"), h("div", { class: "search-field" }, this.marks, this.input), h("kbd", {}, "/"), this.clearButton, this.list));
    this.input.value = state.said;
  }

  /** Show the sentence of the state, what of it was read, and what was not. */
  sync() {
    if (document.activeElement !== this.input && this.input.value !== state.said) this.input.value = state.said;
    this.grow();
    this.mark();
    const { parsed, loading, error } = sentence;
    this.clearButton.hidden = !this.input.value;
    this.said.classList.toggle("problem", Boolean(error));
    if (error) this.said.textContent = [error.detail || error.title, error.fix].filter(Boolean).join(" ");
    else if (loading) this.said.textContent = t("said.reading");
    else if (parsed && parsed.text === this.input.value.trim()) this.said.textContent = saidWords(parsed);
    else this.said.textContent = t("said.hint");
  }

  /** As high as its text. */
  grow() {
    this.input.style.height = "auto";
    if (this.input.scrollHeight) this.input.style.height = `${this.input.scrollHeight}px`;
  }

  /** Underline what was understood. */
  mark() {
    const text = this.input.value;
    const { parsed } = sentence;
    if (!parsed || parsed.text !== text) {
      fill(this.marks);
      return;
    }
    // The service counts characters, a script halves of some of them.
    const letters = Array.from(text);
    const cut = (/** @type {number} */ from, /** @type {number} [to] */ to) => letters.slice(from, to).join("");
    let at = 0;
    const parts = parsed.understood.flatMap(({ start, end }) => {
      const pair = [cut(at, start), h("mark", {}, cut(start, end))];
      at = end;
      return pair;
    });
    fill(this.marks, ...parts, cut(at, letters.length));
  }

  clear() {
    this.input.value = "";
    this.close();
    forgetSentence();
    setState({ said: "" }, { push: true, origin: "search" });
    this.sync();
    this.input.focus();
  }

  /** @param {Set<string>} changed */
  onState(changed) {
    if (!changed.has("said")) return;
    reopenSentence();
    this.sync();
  }

  /** Read what stands in the box as a sentence. */
  read() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = text;
    this.close();
    readSentence(text, true);
  }

  async ask() {
    const text = this.input.value.trim();
    if (!text || text === sentence.parsed?.text) {
      this.close();
      return;
    }
    if (text.length > NAME_MOST) {
      this.items = [];
      this.active = -1;
      this.tell(t("search.read_it"));
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
      this.tell(t("search.nothing_read"));
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
    this.light();
  }

  close() {
    this.latest.stop();
    this.list.hidden = true;
    this.items = [];
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  light() {
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
      event.preventDefault();
      const item = this.items[this.active];
      if (item && !this.list.hidden) this.choose(item);
      else this.read();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (this.items.length) this.active = (this.active + step + this.items.length) % this.items.length;
      this.light();
    }
  }

  /** @param {SearchItem} item */
  choose(item) {
    this.input.value = state.said;
    this.close();
    this.sync();
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
