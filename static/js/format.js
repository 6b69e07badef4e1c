/** Figures as people here write them. */
import { boot } from "./boot.js";
import { t } from "./i18n.js";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const DAY = 86_400_000;

/** @param {number | null | undefined} value @param {number} [digits] @returns {string} */
export function number(value, digits = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "—";
  return (digits ? tenth : whole).format(value);
}

/** @param {number | null | undefined} value @returns {string} */
export const area = (value) => (value === null || value === undefined ? "—" : `${number(value)} ㎡`);

/** @param {number | null | undefined} value @returns {string} */
export const rent = (value) => (value === null || value === undefined ? t("unit.rent_unknown") : t("unit.rent", { n: number(value, 1) }));

/** @param {number | null | undefined} value @returns {string} */
export const monthly = (value) => (value === null || value === undefined ? "" : t("unit.month", { n: number(value) }));

/** @param {number} metres @returns {string} */
export const distance = (metres) => (metres >= 1000 ? `${number(metres / 1000, 1)} km` : `${number(metres)} m`);

/** @param {number} count @returns {string} */
export const units = (count) => t("unit.units", { n: number(count) });

/** The day in the city, eight hours ahead of UTC. @returns {string} ISO day */
export const today = () => boot.today ?? new Date(Date.now() + DAY / 3).toISOString().slice(0, 10);

/** @param {string} iso @returns {number} */
const daysFromToday = (iso) => Math.round((Date.parse(iso.slice(0, 10)) - Date.parse(today())) / DAY);

/** When a unit can be moved into. @param {string | null | undefined} day @returns {string} */
export function freeFrom(day) {
  if (!day || daysFromToday(day) <= 0) return t("unit.now");
  return t("unit.from", { day: day.slice(0, 10) });
}

/** @param {string | null | undefined} day @returns {boolean} */
export const isLater = (day) => Boolean(day && daysFromToday(day) > 0);

/** How long ago a vacancy was verified. @param {string | null | undefined} day @returns {string} */
export function verified(day) {
  if (!day) return t("unit.unverified");
  const ago = -daysFromToday(day);
  if (ago <= 0) return t("unit.verified_today");
  return t(ago === 1 ? "unit.verified_yesterday" : "unit.verified", { n: ago });
}

/** @param {number | null} floor @returns {string} */
export const floorName = (floor) => (floor === null || floor === undefined ? "—" : floor < 0 ? `B${-floor}` : `${floor}F`);

/** Building, room of a unit, as it is called at the door. @param {{building?: string, room?: string, id?: string}} unit */
export function unitName(unit) {
  const building = unit.building ?? "";
  const room = unit.room ?? "";
  if (!room) return building || unit.id || "";
  return building && !room.startsWith(building) ? `${building}-${room}` : room;
}

export const isChinese = boot.lang === "zh";
