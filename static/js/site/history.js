/** Vacant area over the months, as a small line with its ends named. */
import { h, svg } from "../dom.js";
import { area, number } from "../format.js";
import { t } from "../i18n.js";

const WIDTH = 372;
const HEIGHT = 72;
const PAD = 6;

/** @param {SiteDetail["history"]} history @returns {HTMLElement | null} */
export function historyPart(history) {
  if (history.length < 2) return null;
  const values = history.map((item) => item.vacant_m2);
  const most = Math.max(...values, 1);
  /** @param {number} i */
  const x = (i) => PAD + (i / (history.length - 1)) * (WIDTH - 2 * PAD);
  /** @param {number} value */
  const y = (value) => HEIGHT - PAD - (value / most) * (HEIGHT - 2 * PAD - 4);
  const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  const base = HEIGHT - PAD;
  const last = history[history.length - 1];
  const chart = svg("svg", { class: "history", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": t("history.label", { first: history[0].month, last: last.month, m2: area(last.vacant_m2) }) },
    svg("line", { class: "history-base", x1: PAD, x2: WIDTH - PAD, y1: base, y2: base }),
    svg("polygon", { class: "history-area", points: `${PAD},${base} ${points.join(" ")} ${WIDTH - PAD},${base}` }),
    svg("polyline", { class: "history-line", points: points.join(" ") }),
    svg("circle", { class: "history-dot", cx: x(values.length - 1), cy: y(last.vacant_m2), r: 3.5 }));
  return h("section", { class: "part", "data-testid": "history" },
    h("div", { class: "part-head" }, h("h2", {}, t("history.title")), h("span", { class: "second" }, t("history.now", { m2: area(last.vacant_m2), n: number(last.tenants) }))),
    chart, h("div", { class: "range-ends unit" }, h("span", {}, history[0].month), h("span", {}, t("history.most", { m2: area(most) })), h("span", {}, last.month)));
}
