/** What staff ask and send: with the key where there is one, and what is loaded kept until the new stands. */
import { isAbort, Latest } from "../api.js";
import { boot } from "../boot.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { failure } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { download } from "../place/files.js";
import { askStaff, signOut, staff } from "../place/staff.js";

/** A key that has ended is given up, and with it what it had opened. @param {any} error */
function noticeEnd(error) {
  if (error.status !== 401 || !staff()) return;
  signOut();
  toast(t("desk.key_ended"));
}

/** @param {string} path @param {{method?: string, query?: Dict<any>, body?: any, signal?: AbortSignal}} [how] @returns {Promise<any>} */
export async function ask(path, how) {
  try {
    return await askStaff(path, how);
  } catch (error) {
    noticeEnd(error);
    throw error;
  }
}

/** Save a file; what goes wrong is said. @param {string} path @param {Dict<string>} query @param {string} fallback */
export async function saveTable(path, query, fallback) {
  const asked = new URLSearchParams({ lang: boot.lang });
  for (const [name, value] of Object.entries(query)) if (value) asked.set(name, value);
  try {
    await download(`${path}?${asked}`, {}, fallback);
  } catch (error) {
    noticeEnd(error);
    const { title, detail } = /** @type {any} */ (error);
    toast([title, detail].filter(Boolean).join(t("desk.colon")));
  }
}

/** @template T */
export class Loaded {
  /** @param {() => void} tell */
  constructor(tell) {
    this.tell = tell;
    this.latest = new Latest();
    /** @type {T | null} */
    this.data = null;
    /** @type {any} */
    this.error = null;
    this.loading = false;
    /** What it was asked for. */
    this.key = "";
  }

  /** @param {string} key @param {(signal: AbortSignal) => Promise<T>} task */
  async load(key, task) {
    const signal = this.latest.start();
    if (key !== this.key) this.data = null;
    Object.assign(this, { key, loading: true, error: null });
    try {
      this.data = await task(signal);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.error = error;
    }
    this.loading = false;
    this.tell();
  }

  forget() {
    this.latest.stop();
    Object.assign(this, { data: null, error: null, loading: false, key: "" });
  }
}

/** What went wrong; where someone else was quicker, the newest is one press away. @param {any} error @param {() => void} again @param {() => void} reload @returns {HTMLElement} */
export function problem(error, again, reload) {
  if (error?.status !== 409) return failure(error, again);
  return h("div", { class: "failure", role: "alert", "data-testid": "conflict" }, h("p", { class: "strong" }, error.detail || error.title), h("p", { class: "second" }, error.fix),
    h("button", { type: "button", class: "button", "data-testid": "conflict-reload", onclick: reload }, t("desk.reload")));
}
