/** The texts of the page, loaded once in the page's language. */
import { boot } from "./boot.js";

/** @type {Dict<string>} */
let texts = {};

/** Load the texts; the server names their versioned address. */
export async function loadTexts() {
  const url = boot.texts || `/static/i18n/${boot.lang}.json`;
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  texts = await answer.json();
}

/**
 * Text of a key with `{name}` filled in.
 * @param {string} key
 * @param {Dict<string | number>} [params]
 * @returns {string}
 */
export function t(key, params) {
  const text = texts[key] ?? key;
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}
