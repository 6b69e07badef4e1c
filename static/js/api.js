/** Requests to the service: abortable, with errors a person can act on. */
import { boot } from "./boot.js";
import { t } from "./i18n.js";

export class Problem extends Error {
  /** @param {string} title @param {string} detail @param {string} fix @param {number} status @param {string} [field] */
  constructor(title, detail, fix, status, field = "") {
    super(detail || title);
    this.title = title;
    this.detail = detail;
    this.fix = fix;
    this.status = status;
    this.field = field;
  }
}

/** @param {unknown} error @returns {boolean} */
export const isAbort = (error) => error instanceof DOMException && error.name === "AbortError";

/** @param {Response} answer @returns {Promise<Problem>} */
export async function problemOf(answer) {
  /** @type {any} */
  let body = {};
  try {
    body = await answer.json();
  } catch {
    body = {};
  }
  return new Problem(body.title || t("error.request"), body.detail || "", body.fix || "", answer.status, body.field || "");
}

/**
 * @param {string} path
 * @param {Dict<any>} query
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
export async function send(path, query, init = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(/** @type {Dict<any>} */ ({ ...query, lang: boot.lang }))) {
    if (value !== "" && value !== null && value !== undefined) url.searchParams.set(name, String(value));
  }
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...init });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Problem(t("error.offline"), t("error.offline_detail"), "", 0);
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer.json();
}

/** @param {string} path @param {Dict<any>} [query] @param {AbortSignal} [signal] @returns {Promise<any>} */
export const get = (path, query = {}, signal) => send(path, query, { signal });

/** @param {string} path @param {Dict<any>} query @param {any} body @param {AbortSignal} [signal] @returns {Promise<any>} */
export const post = (path, query, body, signal) =>
  send(path, query, {
    method: "POST",
    signal,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

/** Only the newest of a kind of request counts: starting one aborts the one before. */
export class Latest {
  constructor() {
    /** @type {AbortController | null} */
    this.controller = null;
  }

  /** @returns {AbortSignal} */
  start() {
    this.stop();
    this.controller = new AbortController();
    return this.controller.signal;
  }

  stop() {
    this.controller?.abort();
    this.controller = null;
  }
}
