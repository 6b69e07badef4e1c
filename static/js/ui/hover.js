/** One hovered site for list and map. */

let hovered = "";
/** @type {((site: string) => void)[]} */
const listeners = [];

/** @param {(site: string) => void} listener */
export const onHover = (listener) => {
  listeners.push(listener);
};

/** @param {string} site */
export function hover(site) {
  if (site === hovered) return;
  hovered = site;
  for (const listener of listeners) listener(site);
}
