/** 一镇一器、一产一器: towns and industries without an incubator. */
import { boot, county } from "../boot.js";
import { h } from "../dom.js";
import { number } from "../format.js";
import { t } from "../i18n.js";

/** @param {LackingAnswer} answer @param {(at: LonLat) => void} goTo @returns {HTMLElement[]} */
export function lackingPart(answer, goTo) {
  const without = answer.towns.filter((town) => !town.sites);
  /** @type {Map<string, LackingTown[]>} */
  const byCounty = new Map();
  for (const town of without) byCounty.set(town.adcode, [...(byCounty.get(town.adcode) ?? []), town]);
  return [
    h("div", { class: "part-head" }, h("h2", {}, t("lacking.title")), h("span", { class: "second" }, t("lacking.note"))),
    fact(t("lacking.industries"), answer.industries.length - answer.industries_without, answer.industries.length, "industries"),
    details(t("lacking.industries_list", { n: answer.industries_without }), industries(answer), "lacking-industries"),
    fact(t("lacking.towns"), answer.towns.length - answer.towns_without, answer.towns.length, "towns"),
    details(t("lacking.towns_list", { n: answer.towns_without }), [...byCounty].map(([adcode, towns]) => townsOf(adcode, towns, goTo)), "lacking-towns"),
    answer.sites_without_town ? h("p", { class: "second" }, t("lacking.no_town", { n: number(answer.sites_without_town) })) : h("span", {}),
  ];
}

/** @param {string} name @param {number} has @param {number} of @param {string} id @returns {HTMLElement} */
function fact(name, has, of, id) {
  const fill = h("span", { class: "bar-fill" });
  fill.style.width = `${of ? (100 * has) / of : 0}%`;
  return h("p", { class: "with-without", "data-testid": `with-${id}` }, h("span", {}, name), h("span", { class: "bar-track", "aria-hidden": "true" }, fill),
    h("span", {}, h("b", {}, number(has)), h("span", { class: "unit" }, ` / ${number(of)}`)));
}

/** @param {string} title @param {HTMLElement[]} inside @param {string} id @returns {HTMLElement} */
const details = (title, inside, id) => h("details", { class: "form-part lacking-list", "data-testid": id }, h("summary", {}, title), inside);

/** @param {LackingAnswer} answer @returns {HTMLElement[]} */
function industries(answer) {
  return [h("ul", { class: "plain-rows" }, answer.industries.map((item) => h("li", {}, h("span", {}, item.name),
    h("span", { class: "second" }, item.sites ? t("lacking.industry_sites", { n: number(item.sites), m: boot.counties.length - item.without.length }) : t("lacking.none")))))];
}

/** @param {string} adcode @param {LackingTown[]} towns @param {(at: LonLat) => void} goTo @returns {HTMLElement} */
function townsOf(adcode, towns, goTo) {
  return h("div", { class: "lacking-county" }, h("h3", {}, county(adcode)?.[boot.lang === "zh" ? "name" : "short"] ?? adcode, h("span", { class: "unit" }, ` ${number(towns.length)}`)),
    h("p", { class: "town-names" }, towns.map((town) => town.lon !== null && town.lat !== null
      ? h("button", { type: "button", class: "text-button", title: t("lacking.show"), onclick: () => goTo([Number(town.lon), Number(town.lat)]) }, town.name)
      : h("span", {}, town.name))));
}
