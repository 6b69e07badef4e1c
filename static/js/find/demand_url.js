/** A demand in the URL's query, and what of it counts as asked. */

const FLAGS = ["water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage", "open_24h"];
const MEASURES = ["floor_load_kn_m2", "clear_height_m", "column_spacing_m", "freight_lift_t", "power_kw"];
export const REQUIRED_FLAGS = FLAGS;
export const REQUIRED_MEASURES = MEASURES;

/** @param {string | null} text @returns {number | undefined} */
function positive(text) {
  const value = Number(text);
  return text && Number.isFinite(value) && value > 0 ? value : undefined;
}

/** @param {string | null} text @returns {string[] | undefined} */
function list(text) {
  const items = (text ?? "").split(",").filter((item) => /^[\w-]+$/.test(item));
  return items.length ? items : undefined;
}

/** @param {string | null} text @returns {Requires | undefined} */
function readRequires(text) {
  /** @type {Requires} */
  const found = {};
  for (const part of (text ?? "").split(",")) {
    const [name, value] = part.split(":");
    if (FLAGS.includes(name)) found[name] = true;
    else if (MEASURES.includes(name) && positive(value ?? null)) found[name] = positive(value ?? null);
    else if (name === "permitted_use" && /^\w+$/.test(value ?? "")) found[name] = value;
  }
  return Object.keys(found).length ? found : undefined;
}

/** @param {string | null} text lon,lat,minutes @returns {Demand["near"]} */
function readNear(text) {
  const [lon, lat, minutes] = (text ?? "").split(",").map(Number);
  if (!text || ![lon, lat].every(Number.isFinite) || Math.abs(lon) > 180 || Math.abs(lat) > 90) return undefined;
  return { lon, lat, minutes: Number.isFinite(minutes) && minutes >= 1 && minutes <= 60 ? minutes : 15 };
}

/** @param {string | null} text lon,lat;… of an open ring @returns {Demand["within"]} */
function readWithin(text) {
  const points = (text ?? "").split(";").map((pair) => pair.split(",").map(Number)).filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
  return points.length >= 3 ? polygonOf(points) : undefined;
}

/** @param {number[][]} points an open ring @returns {NonNullable<Demand["within"]>} */
export const polygonOf = (points) => ({ type: "Polygon", coordinates: [[...points, points[0]]] });

/** @param {string | null} text name:weight,… @returns {Dict<number> | undefined} */
function readWeights(text) {
  const pairs = (text ?? "").split(",").map((part) => part.split(":")).filter(([name, value]) => /^\w+$/.test(name ?? "") && value !== "" && Number.isFinite(Number(value)) && Number(value) >= 0);
  return pairs.length ? Object.fromEntries(pairs.map(([name, value]) => [name, Math.min(Number(value), 100)])) : undefined;
}

/**
 * Without empty fields: equal demands look equal.
 * @param {Demand} demand @returns {Demand}
 */
export function tidy(demand) {
  /** @type {Dict<any>} */
  const clean = {};
  for (const [name, value] of Object.entries(demand)) {
    if (value === undefined || value === null || value === "") continue;
    if (Array.isArray(value)) {
      if (value.length) clean[name] = value;
    } else if (typeof value === "object") {
      const inner = tidy(/** @type {any} */ (value));
      if (Object.keys(inner).length) clean[name] = inner;
    } else if (value !== false) clean[name] = value;
  }
  return clean;
}

/** @param {URLSearchParams} query @returns {Demand} */
export function readDemand(query) {
  const day = query.get("move_in") ?? "";
  return tidy({
    stage: query.get("stage") ?? undefined,
    industry: query.get("industry") ?? undefined,
    headcount: positive(query.get("headcount")),
    area_m2: { min: positive(query.get("area_min")), max: positive(query.get("area_max")) },
    rent_cny_m2_month_max: positive(query.get("rent_max")),
    budget_cny_month_max: positive(query.get("budget_max")),
    unit_kinds: list(query.get("kinds")),
    counties: list(query.get("counties")),
    move_in: /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined,
    requires: readRequires(query.get("requires")),
    services: list(query.get("services")),
    platforms: list(query.get("platforms")),
    amenities: list(query.get("amenities")),
    near: readNear(query.get("near")),
    within: readWithin(query.get("within")),
    combine_adjacent: query.get("combine") === "1" || undefined,
    weights: readWeights(query.get("weights")),
  });
}

/** @param {URLSearchParams} query @param {Demand} demand */
export function writeDemand(query, demand) {
  /** @type {Dict<any>} */
  const parts = {
    stage: demand.stage,
    industry: demand.industry,
    headcount: demand.headcount,
    area_min: demand.area_m2?.min,
    area_max: demand.area_m2?.max,
    rent_max: demand.rent_cny_m2_month_max,
    budget_max: demand.budget_cny_month_max,
    kinds: demand.unit_kinds?.join(","),
    counties: demand.counties?.join(","),
    move_in: demand.move_in,
    requires: Object.entries(demand.requires ?? {})
      .map(([name, value]) => (value === true ? name : `${name}:${value}`))
      .join(","),
    services: demand.services?.join(","),
    platforms: demand.platforms?.join(","),
    amenities: demand.amenities?.join(","),
    near: demand.near ? [demand.near.lon.toFixed(5), demand.near.lat.toFixed(5), demand.near.minutes].join(",") : "",
    within: (demand.within?.coordinates[0] ?? []).slice(0, -1).map(([lon, lat]) => `${lon.toFixed(5)},${lat.toFixed(5)}`).join(";"),
    combine: demand.combine_adjacent ? "1" : "",
    weights: Object.entries(demand.weights ?? {}).map(([name, weight]) => `${name}:${weight}`).join(","),
  };
  for (const [name, value] of Object.entries(parts)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
}
