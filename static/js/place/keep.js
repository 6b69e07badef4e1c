/** What this tab keeps: text in the session's storage, in IndexedDB where that is too small. */

const SHELF = "geomap.place";
const LARGE = "indexeddb:";
const DAY_MS = 86_400_000;

/** @returns {Promise<IDBDatabase>} */
const open = () => new Promise((resolve, reject) => {
  const asked = indexedDB.open("geomap.place", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("texts");
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

/** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} act @returns {Promise<any>} */
async function large(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const asked = act(database.transaction("texts", mode).objectStore("texts"));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  } finally {
    database.close();
  }
}

/** Texts of tabs that are long gone. @param {string} mine */
async function sweep(mine) {
  const keys = /** @type {string[]} */ (await large("readonly", (store) => store.getAllKeys()));
  for (const key of keys) if (key !== mine && Date.now() - Number(key.split("-")[0]) > DAY_MS) await large("readwrite", (store) => store.delete(key));
}

/** @param {string} text @returns {Promise<boolean>} false where this browser keeps nothing */
export async function keepText(text) {
  const before = sessionStorage.getItem(SHELF) ?? "";
  try {
    sessionStorage.setItem(SHELF, text);
    return true;
  } catch {
    try {
      const key = before.startsWith(LARGE) ? before.slice(LARGE.length) : `${Date.now()}-${crypto.randomUUID()}`;
      await large("readwrite", (store) => store.put(text, key));
      sessionStorage.setItem(SHELF, LARGE + key);
      await sweep(key);
      return true;
    } catch {
      return false;
    }
  }
}

/** @returns {Promise<string>} "" where nothing is kept */
export async function keptText() {
  try {
    const text = sessionStorage.getItem(SHELF) ?? "";
    if (!text.startsWith(LARGE)) return text;
    return (await large("readonly", (store) => store.get(text.slice(LARGE.length)))) ?? "";
  } catch {
    return "";
  }
}
