/** The map's colours come from the page's tokens, so dark works too. */

/** @param {string} name @returns {string} */
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const FONTS = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif';
/** Text is drawn from the machine's own fonts: the first name gives the weight, the rest are families. */
const FAMILIES = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui"];
export const REGULAR = ["Regular", ...FAMILIES];
export const BOLD = ["Bold", ...FAMILIES];

/** @param {() => void} redraw */
export function onSchemeChange(redraw) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
