/** The parts of a site's drawer that only tell. */
import { label } from "../boot.js";
import { h } from "../dom.js";
import { area, floorName, freeFrom, isLater, monthly, number, rent, verified } from "../format.js";
import { REQUIRED_FLAGS, REQUIRED_MEASURES } from "../find/demand_url.js";
import { t } from "../i18n.js";

/** @param {string} value @param {string} unit @param {string} name @returns {HTMLElement} */
export const fact = (value, unit, name) => h("div", { class: "fact" }, h("p", {}, h("b", {}, value), unit ? h("span", { class: "unit" }, ` ${unit}`) : null), h("p", { class: "second" }, name));

/** Whether a walk can start at the site: one known only to its town or county has no door. @param {SiteDetail} site @returns {boolean} */
export const hasDoor = (site) => site.precision === "exact" || site.precision === "street";

/** @param {SiteDetail} site @returns {string} */
function rentRange(site) {
  const { min = null, max = null } = site.rent ?? {};
  if (min === null || max === null) return "—";
  return min === max ? number(min, 1) : `${number(min)}–${number(max)}`;
}

/** @param {SiteDetail} site @returns {HTMLElement} */
export function facts(site) {
  const known = site.verified_at ? `${t("site.rent")} · ${verified(site.verified_at)}` : t("site.rent");
  return h("div", { class: "facts", "data-testid": "facts" },
    fact(number(site.buildings.length ? site.vacant_count : null), t("unit.count"), t("site.vacant")),
    fact(number(site.buildings.length ? site.vacant_m2 : null), "㎡", t("site.vacant_area")),
    fact(rentRange(site), t("unit.rent_unit"), known));
}

/** @param {SiteUnit} unit @returns {HTMLElement[]} */
function technical(unit) {
  const measures = REQUIRED_MEASURES.filter((name) => typeof unit[name] === "number").map((name) => [t(`require.${name}`), `${number(unit[name], 1)} ${t(`require_unit.${name}`)}`]);
  const flags = REQUIRED_FLAGS.filter((name) => typeof unit[name] === "boolean").map((name) => [t(`require.${name}`), t(unit[name] ? "word.has" : "word.has_not")]);
  return [...measures, ...flags].map(([name, value]) => h("span", {}, `${name} `, h("b", {}, value)));
}

/** @param {SiteUnit} unit @param {SiteBuilding} building @param {SiteFloor} floor @returns {HTMLElement} */
export function unitCard(unit, building, floor) {
  const month = unit.rent_cny_m2_month ? monthly(unit.rent_cny_m2_month * unit.area_m2) : "";
  const status = unit.status === "vacant" ? freeFrom(unit.free_from) : [label("unit_status", unit.status), isLater(unit.free_from) ? freeFrom(unit.free_from) : ""].filter(Boolean).join(" · ");
  const name = building.name && !unit.room.startsWith(building.name) ? `${building.name}-${unit.room}` : unit.room;
  return h("section", { class: "unit-card", "data-testid": "unit-card" },
    h("div", { class: "unit-row" }, h("p", {}, h("b", {}, name), h("span", { class: "unit" }, ` ${floorName(floor.floor)} · ${label("unit_kind", unit.kind)} · ${area(unit.area_m2)}`)), h("b", {}, rent(unit.rent_cny_m2_month))),
    h("div", { class: "unit-row second" }, h("span", {}, `${status} · ${verified(unit.verified_at)}`), h("span", {}, month)),
    h("div", { class: "technical second" }, technical(unit)));
}

/** @param {string} name @param {string} text @returns {HTMLElement[]} */
const row = (name, text) => (text ? [h("dt", {}, name), h("dd", {}, text)] : []);

/** @param {SiteDetail} site @returns {HTMLElement} */
export function offers(site) {
  const none = t("site.not_stated");
  return h("section", { class: "part" }, h("dl", { class: "pairs" },
    row(t("site.platforms"), site.platforms.map((item) => label("platform", item)).join(" · ") || none),
    row(t("site.services"), site.services.map((item) => label("service", item)).join(" · ") || none),
    row(t("site.industries"), site.industries.map((item) => item.name).join(" · ")),
    row(t("site.stages"), site.stages.map((item) => label("stage", item)).join(" · "))));
}

/** Where the record comes from, and how far to trust it. @param {SiteDetail} site @returns {HTMLElement} */
export function source(site) {
  const dated = [site.source, site.source_date].filter(Boolean).join(" · ");
  return h("section", { class: "part", "data-testid": "source" }, h("h2", {}, t("site.about")), h("dl", { class: "pairs" },
    row(t("site.address"), site.address),
    row(t("site.operator"), site.operator),
    row(t("site.area"), site.area_m2 ? area(site.area_m2) : ""),
    row(t("site.opened"), site.opened_on ?? ""),
    row(t("site.owned"), site.state_owned === null ? "" : t(site.state_owned ? "site.state" : "site.private")),
    row(t("site.unit"), site.reporting_unit_name),
    row(t("site.precision"), label("precision", site.precision) === site.precision ? t(`precision.${site.precision}`) : label("precision", site.precision)),
    row(t("site.source"), site.demo ? t("site.source_demo", { source: dated || "—" }) : dated),
    row(t("site.note"), site.note)),
  site.county_mismatch ? h("p", { class: "warning" }, t("site.mismatch")) : null,
  site.reference ? h("p", { class: "second" }, t("site.reference")) : null);
}
