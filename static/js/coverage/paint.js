/** What 看配套 shows on the map: counties by their mean, sites by their own score. */
import { state } from "../state.js";
import { classOf, classTexts, colourOf, inkOf } from "./classes.js";
import { lacks, totalOf, view } from "./data.js";
import { draft, draftShown } from "./scenario.js";

/** What the map shows for the answer. @returns {{shades: import("../map/choropleth.js").Shade[], dots: import("../map/choropleth.js").Dot[], texts: string[]}} */
export function coverageOnMap() {
  if (!view.answer) return { shades: [], dots: [], texts: [] };
  const { counties, sites } = view.answer;
  const total = totalOf(counties);
  const after = draftShown() ? draft.answer : null;
  const means = new Map(after?.summary.counties.map((one) => [one.adcode, one.mean.after]));
  const scores = new Map(after?.changed.map((one) => [one.id, one.score.after]));
  /** @param {CoverageItem} item @returns {number | null} */
  const meanOf = (item) => (after ? (means.get(item.adcode ?? item.id) ?? null) : item.score);
  const shades = counties.items.map((item) => ({ ...item, score: meanOf(item) })).filter((item) => item.score !== null).map((item) => {
    const place = classOf(item.score ?? 0, total);
    return { adcode: item.adcode ?? item.id, colour: colourOf(place), text: (item.score ?? 0).toFixed(1), ...inkOf(place) };
  });
  const dots = sites.items.map((site) => ({ ...site, score: scores.has(site.id) ? (scores.get(site.id) ?? null) : site.score })).filter((site) => site.score !== null && typeof site.lon === "number" && typeof site.lat === "number").map((site) => ({
    id: site.id, lon: Number(site.lon), lat: Number(site.lat),
    size: state.missing && !lacks(site, state.missing) ? 0.6 : 1,
    colour: !state.missing ? colourOf(classOf(site.score ?? 0, total)) : lacks(site, state.missing) ? "--venue-bar" : "--surface",
  }));
  return { shades, dots, texts: classTexts(total) };
}
