/** One page on paper about one project: where it goes, why, what was tried and where else. */
import { fill, h } from "../dom.js";
import { area, distance, number, today } from "../format.js";
import { t } from "../i18n.js";
import { printPage } from "../ui/print.js";
import { others, tried } from "./detail.js";
import { areaOf, countyName, fromName, headsOf, industryName } from "./rows.js";
import { scenarioName } from "./solve.js";
import { scoreText, stepName } from "./steps.js";
import { shown } from "./store.js";
import { placeText } from "./table.js";

/** @param {string} name @param {string} value @returns {HTMLElement | null} */
const fact = (name, value) => (value && value !== "—" ? h("div", {}, h("dt", {}, name), h("dd", {}, value)) : null);

/** @param {import("./rows.js").Row} row @returns {HTMLElement} */
function sheet(row) {
  const { placed, unplaced, project } = row;
  const one = shown();
  const build = placed?.build ?? unplaced?.build;
  return h("article", { class: "brief", "data-testid": "brief-sheet" },
    h("header", {}, h("h1", {}, row.name || row.id, project?.demo ? h("span", { class: "demo-mark small" }, t("app.demo")) : null), h("p", { class: "second" }, t("place.brief_of", { name: one ? scenarioName(one) : "", day: today() }))),
    h("p", { class: "brief-way" }, `${fromName(row)} → `, h("b", {}, placed ? placeText(placed) : t("place.nowhere")), ` · ${stepName(row.step)}`, placed?.score === null || placed?.score === undefined ? "" : ` · ${t("place.score", { score: scoreText(placed.score) })}`),
    h("dl", { class: "brief-facts" },
      fact(t("place.home_county"), countyName(project?.home_county)), fact(t("demand.industry"), industryName(project?.industry ?? "")), fact(t("demand.headcount"), headsOf(row) ? t("place.people", { n: number(headsOf(row)) }) : ""),
      fact(t("place.area"), area(areaOf(row))), fact(t("place.growth"), project?.growth_headcount ? t("place.people", { n: number(project.growth_headcount) }) : ""), fact(t("place.chain"), project?.chain_position ? t(`place.chain_${project.chain_position}`) : ""),
      fact(t("demand.move_in"), project?.move_in ?? ""), fact(t("demand.rent"), project?.rent_cny_m2_month_max ? t("unit.rent", { n: number(project.rent_cny_m2_month_max, 1) }) : ""), fact(t("place.far"), placed?.distance_m === null || placed?.distance_m === undefined ? "" : distance(placed.distance_m))),
    h("h2", {}, t("place.why")), h("p", {}, placed?.reason ?? unplaced?.reason ?? ""),
    placed?.criteria.length ? h("ul", { class: "brief-reasons" }, placed.criteria.filter((item) => item.weight > 0).map((item) => h("li", {}, h("b", {}, item.label), h("span", { class: "number" }, `${Math.round(item.fit * 100)} %`), h("span", {}, item.reason)))) : null,
    h("h2", {}, t("place.tried")), tried(placed?.tried ?? unplaced?.tried ?? []),
    build ? [h("h2", {}, t("place.needed")), h("p", {}, t("place.build", { m2: area(build.floor_area_m2) }), ` ${build.needs}`)] : null,
    placed && others(placed).length ? [h("h2", {}, t("place.alternatives")), h("ol", { class: "brief-others" }, others(placed).map((item) => h("li", {}, h("span", {}, `${item.site_name} · ${countyName(item.adcode)} · ${stepName(item.step)}`), h("b", {}, scoreText(item.score)))))] : null);
}

/** @param {import("./rows.js").Row} row @param {HTMLElement} holder @param {import("../map/view.js").MapView} view */
export async function printBrief(row, holder, view) {
  fill(holder, sheet(row));
  await printPage(view);
}
