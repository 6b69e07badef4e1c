/** Flows put together: each place once, and by pairs of counties. */
import { boot } from "../boot.js";
import { pointFeature } from "./view.js";

/** @typedef {import("./flows.js").Flow} Flow */

/** Where flows start and end, each place once. @param {Flow[]} flows @returns {Any[]} */
export function placesOf(flows) {
  /** @type {Map<string, {at: LonLat, kind: string, name: string, area: number, stays: boolean, id: string}>} */
  const places = new Map();
  for (const flow of flows) {
    if (flow.to) {
      const key = flow.to.join();
      const old = places.get(key);
      places.set(key, { at: flow.to, kind: "to", name: flow.site, area: (old?.kind === "to" ? old.area : 0) + flow.area, stays: flow.stays || Boolean(old?.stays), id: old?.kind === "to" ? old.id : flow.id });
    }
    if (flow.from && !places.has(flow.from.join())) places.set(flow.from.join(), { at: flow.from, kind: "from", name: flow.fromName, area: 0, stays: false, id: flow.id });
  }
  return [...places.values()].map(({ at, ...rest }) => pointFeature(at, rest));
}

/** `only`: the flow that is alone between its counties. @param {Flow[]} flows @returns {Map<string, {from: LonLat, to: LonLat, fromCounty: string, toCounty: string, step: string, area: number, n: number, only: Flow | null}>} */
export function groupsOf(flows) {
  /** @type {Map<string, any>} */
  const groups = new Map();
  for (const flow of flows) {
    const [a, b] = [flow.fromCounty, flow.toCounty].map((adcode) => boot.counties.find((item) => item.adcode === adcode));
    if (!a || !b) continue;
    const key = `${a.adcode} ${b.adcode}`;
    const group = groups.get(key) ?? { from: a.label, to: b.label, fromCounty: a.adcode, toCounty: b.adcode, steps: {}, step: flow.step, area: 0, n: 0 };
    const steps = { ...group.steps, [flow.step]: (group.steps[flow.step] ?? 0) + 1 };
    // Of the colour that most of them have.
    const step = Object.entries(steps).sort((x, y) => Number(y[1]) - Number(x[1]))[0][0];
    groups.set(key, { ...group, steps, step, area: group.area + flow.area, n: group.n + 1, only: group.n === 0 && flow.from && flow.to ? flow : null });
  }
  return groups;
}
