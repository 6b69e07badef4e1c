/** Long work: asked for as a stream of progress that ends with the answer; stopping it stops the work. */
import { isAbort, Problem } from "./api.js";
import { boot } from "./boot.js";
import { t } from "./i18n.js";

/** @typedef {{share: number, stage: string}} Step */

/** @param {any} body a problem as the service tells it @param {number} status @returns {Problem} */
const problem = (body, status) => new Problem(body?.title || t("error.request"), body?.detail || "", body?.fix || "", body?.status || status, body?.field || "");

/**
 * @param {string} path @param {any} body @param {AbortSignal} signal @param {(step: Step) => void} tell
 * @param {Dict<string>} [headers] more of them
 * @returns {Promise<any>} the answer
 */
export async function postLong(path, body, signal, tell, headers = {}) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(`${path}?lang=${boot.lang}`, {
      method: "POST", credentials: "same-origin", signal, headers: { "Content-Type": "application/json", Accept: "application/x-ndjson", ...headers }, body: JSON.stringify(body),
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Problem(t("error.offline"), t("error.offline_detail"), "", 0);
  }
  if (!answer.headers.get("content-type")?.includes("ndjson")) {
    const whole = await answer.json().catch(() => ({}));
    if (!answer.ok) throw problem(whole, answer.status);
    return whole;
  }
  return readLines(answer, tell);
}

/** @param {Response} answer @param {(step: Step) => void} tell @returns {Promise<any>} */
async function readLines(answer, tell) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter(Boolean)) {
      const said = JSON.parse(line);
      if ("result" in said) return said.result;
      if ("problem" in said) throw problem(said.problem, 500);
      tell({ share: said.progress ?? 0, stage: said.stage ?? "" });
    }
    if (done) throw new Problem(t("error.offline"), t("error.offline_detail"), "", 0);
  }
}
