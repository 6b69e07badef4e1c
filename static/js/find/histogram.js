/** A histogram whose handles choose a range: drag, arrows, Home and End. */
import { h, svg } from "../dom.js";
import { number } from "../format.js";
import { t } from "../i18n.js";

/** @typedef {{low: number | undefined, high: number | undefined}} Range */

/**
 * @typedef {object} Options
 * @property {string} id
 * @property {string} title
 * @property {string} unit
 * @property {boolean} two both ends can be chosen (otherwise only the upper)
 * @property {(range: Range) => string} text
 * @property {(range: Range) => void} choose
 */

export class RangeHistogram {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    /** @type {number[]} */
    this.edges = [];
    /** @type {number[]} */
    this.counts = [];
    /** @type {Range} */
    this.range = { low: undefined, high: undefined };
    this.bars = svg("svg", { class: "bars", preserveAspectRatio: "none", viewBox: "0 0 160 32", "aria-hidden": "true" });
    this.value = h("output", { class: "range-value" });
    this.fillTrack = h("span", { class: "range-fill" });
    this.high = this.handle("high");
    this.low = options.two ? this.handle("low") : null;
    this.plot = h("div", { class: "range-plot" }, this.bars, h("span", { class: "range-track" }), this.fillTrack, this.low, this.high);
    this.first = h("span");
    this.last = h("span");
    this.element = h("div", { class: "range", "data-testid": `range-${options.id}` },
      h("div", { class: "range-head" }, h("span", { class: "range-title" }, options.title), this.value),
      this.plot, h("div", { class: "range-ends unit" }, this.first, this.last));
  }

  /** @param {"low" | "high"} end @returns {HTMLElement} */
  handle(end) {
    const { title, id } = this.options;
    const button = h("span", {
      class: "range-handle", role: "slider", tabindex: 0, "data-testid": `range-${id}-${end}`,
      "aria-label": `${title} ${t(end === "low" ? "range.low" : "range.high")}`,
    });
    button.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event, end));
    button.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => this.onDrag(event, end, button));
    return button;
  }

  /** @param {Histogram} histogram @param {Range} range */
  update(histogram, range) {
    this.edges = histogram.edges;
    this.counts = histogram.counts;
    this.range = range;
    this.draw();
  }

  /** @param {number} value @returns {number} */
  position(value) {
    const edges = this.edges;
    const last = edges.length - 1;
    if (value <= edges[0]) return 0;
    for (let i = 0; i < last; i += 1) {
      if (value <= edges[i + 1]) return (i + (value - edges[i]) / (edges[i + 1] - edges[i])) / last;
    }
    return 1;
  }

  /** @param {number} share @returns {number} */
  valueAt(share) {
    const edges = this.edges;
    const last = edges.length - 1;
    const at = Math.min(Math.max(share, 0), 1) * last;
    const bin = Math.min(Math.floor(at), last - 1);
    return edges[bin] + (at - bin) * (edges[bin + 1] - edges[bin]);
  }

  draw() {
    const { edges, counts, range } = this;
    const usable = edges.length > 1;
    this.element.classList.toggle("empty", !usable);
    if (!usable) return;
    const from = range.low === undefined ? 0 : this.position(range.low);
    const to = range.high === undefined ? 1 : this.position(range.high);
    const most = Math.max(...counts, 1);
    const width = 160 / counts.length;
    this.bars.replaceChildren(...counts.map((count, i) => {
      const middle = (i + 0.5) / counts.length;
      const tall = count ? Math.max((count / most) * 30, 1.5) : 0;
      return svg("rect", { x: i * width + 0.4, y: 32 - tall, width: width - 0.8, height: tall, class: middle >= from && middle <= to ? "in" : "out" });
    }));
    this.fillTrack.style.left = `${from * 100}%`;
    this.fillTrack.style.right = `${(1 - to) * 100}%`;
    this.place(this.high, to, range.high ?? edges[edges.length - 1], range.high === undefined);
    if (this.low) this.place(this.low, from, range.low ?? edges[0], range.low === undefined);
    this.value.textContent = this.options.text(range);
    this.first.textContent = number(edges[0]);
    this.last.textContent = `${number(edges[edges.length - 1])} ${this.options.unit}`;
  }

  /** @param {HTMLElement} handle @param {number} share @param {number} value @param {boolean} open */
  place(handle, share, value, open) {
    handle.style.left = `${share * 100}%`;
    handle.setAttribute("aria-valuemin", String(Math.floor(this.edges[0])));
    handle.setAttribute("aria-valuemax", String(Math.ceil(this.edges[this.edges.length - 1])));
    handle.setAttribute("aria-valuenow", String(Math.round(value)));
    handle.setAttribute("aria-valuetext", open ? t("range.open") : `${number(value)} ${this.options.unit}`);
  }

  /** @param {"low" | "high"} end @param {number} share @param {boolean} done */
  move(end, share, done) {
    const step = this.edges[this.edges.length - 1] - this.edges[0] > 100 ? 10 : 1;
    const value = Math.round(this.valueAt(share) / step) * step;
    const range = { ...this.range };
    if (end === "high") range.high = share >= 0.995 ? undefined : Math.max(value, (range.low ?? 0) + step, step);
    else range.low = share <= 0.005 || value <= 0 ? undefined : Math.min(value, (range.high ?? Infinity) - step);
    this.range = range;
    this.draw();
    if (done) this.options.choose(range);
  }

  /** @param {KeyboardEvent} event @param {"low" | "high"} end */
  onKey(event, end) {
    const open = end === "high" ? 1 : 0;
    const value = this.range[end];
    const now = value === undefined ? open : this.position(value);
    const bin = 1 / Math.max(this.counts.length, 1);
    /** @type {Dict<number>} */
    const steps = { ArrowLeft: -bin, ArrowDown: -bin, ArrowRight: bin, ArrowUp: bin, PageDown: -4 * bin, PageUp: 4 * bin };
    const target = event.key === "Home" ? 0.01 : event.key === "End" ? open : event.key in steps ? now + steps[event.key] : null;
    if (target === null) return;
    event.preventDefault();
    this.move(end, target, true);
  }

  /** @param {PointerEvent} event @param {"low" | "high"} end @param {HTMLElement} handle */
  onDrag(event, end, handle) {
    event.preventDefault();
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    const box = this.plot.getBoundingClientRect();
    /** @param {PointerEvent} to */
    const share = (to) => (to.clientX - box.left) / box.width;
    /** @param {PointerEvent} to */
    const drag = (to) => this.move(end, share(to), false);
    handle.addEventListener("pointermove", drag);
    handle.addEventListener("pointerup", (to) => {
      handle.removeEventListener("pointermove", drag);
      this.move(end, share(to), true);
    }, { once: true });
  }
}
