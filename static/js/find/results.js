/** The list of results, in the order of the map's numbers. */
import { fill, h } from "../dom.js";
import { number } from "../format.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { hover, onHover } from "../ui/hover.js";
import { card, groupBySite } from "./card.js";
import { emptyResult, failure, skeleton } from "./empty.js";
import { askMatch, askMore, view } from "./match.js";

/** @param {string} site @param {string} unit */
function open(site, unit) {
  const same = state.site === site && state.unit === unit;
  if (same) setState({ site: "", unit: "" }, { push: true, origin: "list" });
  else setState({ site, unit, point: null }, { push: true, origin: "list" });
}

export class Results {
  constructor() {
    this.count = h("p", { class: "count", role: "status", "aria-live": "polite", "data-testid": "count" });
    this.tools = h("span", { class: "count-tools" });
    this.notice = h("div", {});
    this.list = h("ol", { class: "cards", "data-testid": "cards", "aria-label": t("result.list") });
    this.after = h("div", { class: "after" });
    this.body = h("div", {}, this.notice, this.list, this.after);
    this.element = h("div", { class: "results" }, h("div", { class: "count-row" }, this.count, this.tools), this.body);
    this.slow = 0;
    this.list.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event));
    this.list.addEventListener("pointerover", (/** @type {PointerEvent} */ event) => hover(siteOf(event.target)));
    this.list.addEventListener("pointerleave", () => hover(""));
    onHover((site) => this.light(site));
  }

  /** @param {string} site */
  light(site) {
    for (const item of this.list.children) item.classList.toggle("lit", Boolean(site) && item.dataset.site === site);
  }

  render() {
    const { answer, loading, error } = view;
    clearTimeout(this.slow);
    this.element.setAttribute("aria-busy", String(loading));
    if (loading) {
      this.slow = window.setTimeout(() => this.showLoading(), 150);
      return;
    }
    this.element.classList.remove("stale");
    fill(this.notice, error ? failure(error, () => askMatch()) : null);
    if (!answer) {
      fill(this.list);
      fill(this.after);
      this.count.textContent = "";
      return;
    }
    this.renderAnswer(answer);
  }

  showLoading() {
    this.element.classList.add("stale");
    if (!view.answer) {
      fill(this.notice, skeleton(5));
      this.count.textContent = t("result.loading");
    }
  }

  /** @param {MatchAnswer} answer */
  renderAnswer(answer) {
    fill(this.count, h("b", {}, t("result.count", { units: number(answer.total), sites: number(answer.sites_total) })));
    if (!answer.total) {
      fill(this.list);
      fill(this.after, emptyResult(answer));
      return;
    }
    const focused = siteOf(document.activeElement);
    const groups = groupBySite(answer.candidates, answer.sites);
    for (const group of groups) this.speakFor(group);
    fill(this.list, groups.map((group) => card(group, group.site.id === state.site, open)));
    if (focused) this.focusCard(focused);
    const left = answer.total - answer.candidates.length;
    fill(this.after, left > 0 ? h("button", {
      type: "button", class: "button more", "data-testid": "more", disabled: view.more, onclick: askMore,
    }, view.more ? t("result.loading") : t("result.more", { n: number(left) })) : h("p", { class: "second end" }, t("result.end")));
  }

  /** A unit chosen by name speaks for its site. @param {import("./card.js").Group} group */
  speakFor(group) {
    if (group.site.id !== state.site || !state.unit) return;
    const chosen = group.others.find((other) => other.unit_id === state.unit);
    if (!chosen) return;
    group.others = [group.best, ...group.others.filter((other) => other !== chosen)];
    group.best = chosen;
  }

  /** @param {string} site */
  focusCard(site) {
    /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-site="${CSS.escape(site)}"] .card-open`))?.focus({ preventScroll: true });
  }

  /** Show the card of a site chosen elsewhere. @param {string} site */
  scrollTo(site) {
    const item = this.list.querySelector(`[data-site="${CSS.escape(site)}"]`);
    item?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll(".card-open")]);
    const next = buttons[buttons.indexOf(/** @type {any} */ (document.activeElement)) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    hover(siteOf(next));
  }
}

/** @param {EventTarget | null} target @returns {string} */
function siteOf(target) {
  const item = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-site]")) : null;
  return item?.dataset.site ?? "";
}
