/** Small builders of elements: text is always text, never markup. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Build an element. `class`, `data-*`, `aria-*` and other attributes by name,
 * functions under `onclick` and so on are listeners, `true` sets an empty attribute.
 * @param {string} tag
 * @param {Dict<any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (name === "value") /** @type {any} */ (element).value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, ...children);
  return element;
}

/** Append children. @param {Element} parent @param {...(Child | Child[])} children */
export function put(parent, ...children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/** Replace what is inside. @param {Element} parent @param {...(Child | Child[])} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  put(parent, ...children);
}

/** @param {string} id @returns {any} */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** Build an SVG element. @param {string} tag @param {Dict<any>} attributes @param {...Child} children @returns {any} */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  put(element, ...children);
  return element;
}

/**
 * Call once after things have been quiet.
 * @template {any[]} A
 * @param {(...args: A) => void} task @param {number} wait @returns {(...args: A) => void}
 */
export function debounce(task, wait) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => task(...args), wait);
  };
}

/** @param {KeyboardEvent} event @returns {boolean} */
export function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
}

export const isPhone = () => window.matchMedia("(max-width: 767px)").matches;
export const isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
