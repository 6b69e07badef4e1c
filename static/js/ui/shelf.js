/** Short lists that this browser keeps for the person: they never leave the device. */

/**
 * @template T
 * @param {string} key @param {(one: any) => boolean} isOne whether an entry is whole @returns {T[]} the newest first
 */
export function readShelf(key, isOne) {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => one && isOne(one)) : [];
  } catch {
    return [];
  }
}

/** @param {string} key @param {any[]} entries @param {number} most @returns {boolean} false where the browser keeps nothing */
export function writeShelf(key, entries, most) {
  try {
    localStorage.setItem(key, JSON.stringify(entries.slice(0, most)));
    return true;
  } catch {
    return false;
  }
}

/** @param {any} one @returns {boolean} */
export const isNamed = (one) => typeof one.id === "string" && typeof one.name === "string";
