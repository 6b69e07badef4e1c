/** A clean sheet for paper: the map as a picture, and where and when it was made. */
import { boot } from "../boot.js";
import { byId, fill, h } from "../dom.js";
import { today } from "../format.js";
import { t } from "../i18n.js";

/** The map's canvas can only be read while it draws. @param {Any} map @returns {Promise<string>} a data URL */
function picture(map) {
  return new Promise((resolve) => {
    map.once("render", () => resolve(map.getCanvas().toDataURL("image/png")));
    map.triggerRepaint();
  });
}

/** @param {import("../map/view.js").MapView} view */
export async function printPage(view) {
  const place = byId("print-map");
  const source = view.map ? await picture(view.map) : "";
  fill(place, source ? h("img", { src: source, alt: t("map.label") }) : null);
  const image = place.querySelector("img");
  await image?.decode().catch(() => undefined);
  fillFoot();
  const drawn = /** @type {HTMLImageElement | null} */ (document.querySelector(".print-code"));
  await drawn?.decode().catch(() => undefined);
  window.print();
}

/** The address of this view as a QR code. @returns {HTMLElement} */
function code() {
  const source = `/qr.svg?query=${encodeURIComponent(location.search.slice(1))}`;
  return h("img", { class: "print-code", src: source, alt: t("print.code"), width: 96, height: 96 });
}

export function fillFoot() {
  const parts = [boot.demo ? t("app.demo") : "", t("print.made", { day: today() }), t("map.approval", { n: boot.approval_number || t("map.approval_none") }), boot.attribution, location.href];
  fill(byId("print-foot"), code(), h("div", { class: "print-words" }, parts.filter(Boolean).map((part) => h("span", {}, part))));
}
