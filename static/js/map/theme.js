/** The map's colours come from the page's tokens, so dark works too. */

/** @param {string} name @returns {string} */
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const FONTS = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif';
export const REGULAR = ["Noto Sans CJK SC Regular"];
export const BOLD = ["Noto Sans CJK SC Bold"];

/** @param {() => void} redraw */
export function onSchemeChange(redraw) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
