/** An allocation as a file: Excel for the meeting, a map that opens offline. */
import { Problem, problemOf } from "../api.js";
import { boot } from "../boot.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { staffHeaders } from "./staff.js";

/** @param {Response} answer @param {string} fallback @returns {string} */
function nameOf(answer, fallback) {
  const said = answer.headers.get("content-disposition") ?? "";
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(said)?.[1];
  return coded ? decodeURIComponent(coded) : (/filename="?([^";]+)"?/i.exec(said)?.[1] ?? fallback);
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Fetch a file with the staff key where there is one, and save it. @param {string} address @param {RequestInit} how @param {string} fallback name where the answer gives none */
export async function download(address, how, fallback) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...how, headers: { ...how.headers, ...staffHeaders() } });
  } catch {
    throw new Problem(t("error.offline"), t("error.offline_detail"), "", 0);
  }
  if (!answer.ok) throw await problemOf(answer);
  save(await answer.blob(), nameOf(answer, fallback));
}

/** @param {"xlsx" | "html"} format @param {any} body @param {string} name */
export const saveFile = (format, body, name) => download(`/api/v1/placements/file?f=${format}&lang=${boot.lang}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }, `${name}.${format}`);
