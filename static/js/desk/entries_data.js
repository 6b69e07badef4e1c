/** Entries as they were read: what everybody may see, and with a key the restricted ones too. */
import { state } from "../state.js";
import { daysLeft } from "./parts.js";

/** @typedef {{id: string, kind: string, kind_label: string, title: string, text: string, owner: string, dated_on: string, expires_on: string | null, expired: boolean, visibility: string, visibility_label: string, adcode: string, county_name: string, site_id: string, site_name: string, lon: number | null, lat: number | null, industries: {id: string, name: string}[], stages: string[], chain_positions: string[], floor_area_m2: number | null, idle_plant: boolean, demo: boolean, by: string | null, updated_at: string, version: number, criteria?: Criterion[] | null}} Entry */

export const PATH = "/api/v1/entries";
export const PUBLIC_KINDS = ["scene", "opportunity", "demand", "firm_link", "land"];
export const STAFF_KINDS = ["talent", "project", "fund", "fund_intent"];
export const NO_FILTER = { entry_kind: "", entry_q: "", entry_county: "", entry_industry: "", entry_stage: "" };
/** Days before its end from which an entry is said to end soon. */
const SOON = 14;

/** @param {Entry} entry @returns {"" | "ended" | "soon" | "later"} how an entry stands to today */
export function timing(entry) {
  if (entry.expired) return "ended";
  if (daysLeft(entry.dated_on) > 0) return "later";
  return entry.expires_on && daysLeft(entry.expires_on) <= SOON ? "soon" : "";
}

/** Those that the filters leave, kinds aside: an entry that names no trade or stage is open to all. @param {Entry[]} entries @returns {Entry[]} */
export function filtered(entries) {
  const { entry_county: adcode, entry_industry: industry, entry_stage: stage } = state;
  const said = state.entry_q.trim().toLowerCase();
  return entries.filter((one) => (!adcode || one.adcode === adcode) && (!industry || !one.industries.length || one.industries.some(({ id }) => id === industry)) && (!stage || !one.stages.length || one.stages.includes(stage))
    && (!said || [one.title, one.text, one.owner, one.site_name, one.county_name, ...one.industries.map(({ name }) => name)].join(" ").toLowerCase().includes(said)));
}

/** Newest first, or what ends soonest first; what has ended stands last. @param {Entry[]} entries @param {string} sort "" or "ends" @returns {Entry[]} */
export function sorted(entries, sort) {
  const end = (/** @type {Entry} */ one) => (sort === "ends" ? one.expires_on ?? "9999" : "");
  return [...entries].sort((a, b) => Number(a.expired) - Number(b.expired) || end(a).localeCompare(end(b)) || b.dated_on.localeCompare(a.dated_on) || a.id.localeCompare(b.id));
}
