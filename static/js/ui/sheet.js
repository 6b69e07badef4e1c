/** A bottom sheet with three heights on the phone; a plain panel elsewhere. */
import { isPhone } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {"low" | "half" | "full"} Height */
const ORDER = /** @type {const} */ (["low", "half", "full"]);

export class Sheet {
  /** @param {HTMLElement} element @param {HTMLElement} handle @param {() => void} changed */
  constructor(element, handle, changed) {
    this.element = element;
    this.handle = handle;
    this.changed = changed;
    /** @type {Height} */
    this.height = "half";
    this.dragged = false;
    this.set("half");
    handle.addEventListener("click", () => this.dragged || this.next());
    handle.addEventListener("keydown", (event) => this.onKey(event));
    handle.addEventListener("pointerdown", (event) => this.onDrag(event));
  }

  /** @param {Height} height */
  set(height) {
    this.height = height;
    this.element.dataset.height = height;
    this.element.style.removeProperty("height");
    this.handle.setAttribute("aria-label", `${t("sheet.handle")}: ${t(`sheet.${height}`)}`);
    this.changed();
  }

  next() {
    this.set(ORDER[(ORDER.indexOf(this.height) + 1) % 3]);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.set(ORDER[Math.min(Math.max(ORDER.indexOf(this.height) + step, 0), 2)]);
  }

  /** @param {PointerEvent} event */
  onDrag(event) {
    if (!isPhone()) return;
    const { handle, element } = this;
    const startY = event.clientY;
    const start = element.offsetHeight;
    this.dragged = false;
    handle.setPointerCapture(event.pointerId);
    /** @param {PointerEvent} to */
    const drag = (to) => {
      if (Math.abs(to.clientY - startY) > 6) this.dragged = true;
      if (this.dragged) element.style.height = `${Math.max(start + startY - to.clientY, 80)}px`;
    };
    handle.addEventListener("pointermove", drag);
    handle.addEventListener("pointerup", () => {
      handle.removeEventListener("pointermove", drag);
      if (this.dragged) this.settle(element.offsetHeight);
      window.setTimeout(() => (this.dragged = false), 0);
    }, { once: true });
  }

  /** @param {number} height px it was let go at */
  settle(height) {
    const share = height / window.innerHeight;
    this.set(share > 0.68 ? "full" : share > 0.26 ? "half" : "low");
  }
}
