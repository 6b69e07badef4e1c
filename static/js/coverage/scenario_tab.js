/** 方案: what would change if — edits, the comparison with today, and scenarios that are kept. */
import { get } from "../api.js";
import { CATEGORIES, label } from "../boot.js";
import { fill, h } from "../dom.js";
import { distance, number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { failure } from "../find/empty.js";
import { toast } from "../ui/dialog.js";
import { classOf, colourOf } from "./classes.js";
import { addEdits, countEdits, editsInUse, removeEdit } from "./edits.js";
import { askDraft, draft, onDraft, stopDraft, tellDraft } from "./scenario.js";
import { KeptPart } from "./kept_part.js";

export class ScenarioTab {
  /** @param {import("../map/planner.js").PlannerMap} map */
  constructor(map) {
    this.map = map;
    this.tools = h("section", { class: "task-part scenario-tools" });
    this.list = h("section", { class: "task-part", "data-testid": "edits" });
    this.result = h("div", { "aria-live": "polite" });
    this.kept = new KeptPart();
    this.element = h("div", { class: "scenario", "data-testid": "scenario" }, this.tools, this.list, this.result, this.kept.element);
    this.category = CATEGORIES[0];
    this.drawTools();
    onDraft(() => state.task === "coverage" && this.drawMap());
  }

  render() {
    this.drawList();
    this.drawResult();
    this.kept.render();
    this.drawMap();
  }

  drawTools() {
    const choose = h("select", { "aria-label": t("scenario.add_category"), "data-testid": "add-category", onchange: () => { this.category = choose.value; } }, CATEGORIES.map((name) => h("option", { value: name }, label("amenity_category", name))));
    fill(this.tools, h("h2", {}, t("scenario.title")), h("p", { class: "second" }, t("scenario.note")),
      h("div", { class: "tool-row" },
        h("button", { type: "button", class: "button", "data-testid": "pick-street", onclick: () => this.pickStreet() }, icon("close", "small"), t("scenario.drop_street")),
        h("div", { class: "tool-add" }, h("div", { class: "field" }, choose), h("button", { type: "button", class: "button", "data-testid": "pick-place", onclick: () => this.pickPlace() }, icon("plus", "small"), t("scenario.add")))));
  }

  pickStreet() {
    toast(t("scenario.pick_street"));
    this.map.pick(async ([lon, lat]) => {
      try {
        const piece = await get("/api/v1/streets/near", { lon, lat });
        const { lon: x, lat: y, length_m: length, splits, detour_m: detour } = piece.properties;
        this.add({ drop_streets: [{ lon: x, lat: y }] });
        toast(splits ? t("scenario.street_splits", { m: distance(length) }) : detour === null ? t("scenario.street_far", { m: distance(length) }) : t("scenario.street_detour", { m: distance(length), detour: distance(detour) }));
      } catch (error) {
        toast(/** @type {any} */ (error).detail || t("error.request"));
      }
    });
  }

  pickPlace() {
    const { category } = this;
    toast(t("scenario.pick_place", { name: label("amenity_category", category) }));
    this.map.pick(([lon, lat]) => this.add({ add_amenities: [{ category, lon, lat }] }));
  }

  /** @param {Partial<import("./edits.js").Edits>} more */
  add(more) {
    if (!addEdits(more)) toast(t("scenario.too_many"));
  }

  drawList() {
    const edits = editsInUse();
    const count = countEdits(edits);
    if (!count) {
      fill(this.list, h("div", { class: "empty", "data-testid": "no-edits" }, h("h2", {}, t("scenario.empty")), h("p", { class: "second" }, t("scenario.empty_note"))));
      return;
    }
    const kinds = /** @type {(keyof import("./edits.js").Edits)[]} */ (Object.keys(edits));
    const rows = kinds.flatMap((kind) => edits[kind].map((one, i) => editRow(kind, one, i)));
    fill(this.list, h("div", { class: "part-head" }, h("h2", {}, t("scenario.edits", { n: number(count) })),
      h("button", { type: "button", class: "text-button", "data-testid": "clear-edits", onclick: () => { setState({ edits: "" }, { push: true, origin: "scenario" }); toast(t("scenario.cleared")); } }, t("scenario.clear"))),
    h("ul", { class: "edit-rows" }, rows));
  }

  drawResult() {
    if (!state.edits) {
      fill(this.result);
      return;
    }
    if (draft.error) {
      fill(this.result, failure(draft.error, () => askDraft(true)));
      return;
    }
    if (draft.loading && !draft.answer) {
      fill(this.result, h("div", { class: "working" }, h("progress", { max: 1, value: draft.share, "aria-label": t("word.progress") }), h("div", { class: "working-row" }, h("span", { class: "second" }, t("word.loading")), h("button", { type: "button", class: "button", "data-testid": "draft-cancel", onclick: stopDraft }, t("word.cancel")))));
      return;
    }
    if (!draft.answer) {
      fill(this.result, h("div", { class: "empty" }, h("button", { type: "button", class: "button", onclick: () => askDraft(true) }, t("scenario.compute"))));
      return;
    }
    fill(this.result, summary(draft.answer), changes(draft.answer), counties(draft.answer));
  }

  drawMap() {
    if (state.view === "repair") return;
    if (!state.edits) {
      this.map.clear();
      return;
    }
    const told = draft.answer?.edits ?? [];
    const places = told.filter((one) => one.ok && one.lon !== null && one.lat !== null).map((one) => ({
      at: /** @type {LonLat} */ ([one.lon, one.lat]), kind: /** @type {"drop" | "add"} */ (one.edit === "add_amenities" ? "add" : "drop"),
      category: one.edit === "add_amenities" ? editsInUse().add_amenities[one.index]?.category ?? "" : "", text: nameOf(one),
    }));
    this.map.edits(places, told.filter((one) => one.geometry).map((one) => ({ type: "Feature", properties: {}, geometry: one.geometry })));
  }
}

/** @param {ToldEdit} told @returns {string} */
function nameOf(told) {
  if (told.edit === "drop_streets") return t("scenario.street", { m: told.length_m === null ? "—" : distance(told.length_m) });
  if (told.edit === "add_amenities") return t("scenario.added", { name: label("amenity_category", editsInUse().add_amenities[told.index]?.category ?? "") });
  return told.name ?? told.id ?? "";
}

/** @param {keyof import("./edits.js").Edits} kind @param {any} one @param {number} i @returns {HTMLElement} */
function editRow(kind, one, i) {
  const told = draft.answer?.edits.find((item) => item.edit === kind && item.index === i);
  const plain = kind === "add_amenities" ? t("scenario.added", { name: label("amenity_category", one.category) }) : kind === "drop_streets" ? t("scenario.street", { m: "…" }) : String(one);
  const name = told ? nameOf(told) : plain;
  return h("li", { class: told && !told.ok ? "edit-row wrong" : "edit-row" },
    h("span", { class: kind === "add_amenities" ? "edit-mark add" : "edit-mark drop", "aria-hidden": "true" }, icon(kind === "add_amenities" ? "plus" : "close", "small")),
    h("span", { class: "edit-name" }, name, h("span", { class: "second" }, told && !told.ok ? told.reason : t(`scenario.kind_${kind}`))),
    h("button", { type: "button", class: "icon-button", "aria-label": t("scenario.remove", { name }), title: t("scenario.remove", { name }), onclick: () => removeEdit(kind, i) }, icon("close", "small")));
}

/** @param {WhatIf} answer @returns {HTMLElement} */
function summary({ summary: sum, unchanged }) {
  const pair = (/** @type {Pair<number>} */ one, digits = 0) => `${one.before === null ? "—" : one.before.toFixed(digits)} → ${one.after === null ? "—" : one.after.toFixed(digits)}`;
  return h("section", { class: draft.loading ? "task-part stale" : "task-part", "data-testid": "whatif-summary" },
    h("div", { class: "part-head" }, h("h2", {}, t("scenario.compare")), h("div", { class: "segmented", role: "group", "aria-label": t("scenario.on_map") }, [true, false].map((today) => h("button", {
      type: "button", "aria-pressed": String(draft.today === today), "data-testid": today ? "show-today" : "show-draft", onclick: () => { draft.today = today; tellDraft(); },
    }, t(today ? "scenario.today" : "scenario.draft"))))),
    h("dl", { class: "whatif-figures" }, figure(t("scenario.mean", { total: sum.total }), pair(sum.mean, 2), sum.mean), figure(t("scenario.passed"), pair(sum.passed), sum.passed), figure(t("scenario.sites"), pair(sum.sites), null)),
    h("p", { class: "second" }, t("scenario.counts", { better: number(sum.better), worse: number(sum.worse), same: number(unchanged) }), sum.cut_off ? ` ${t("scenario.cut_off", { n: number(sum.cut_off) })}` : ""));
}

/** @param {string} name @param {string} text @param {Pair<number> | null} pair @returns {HTMLElement} */
function figure(name, text, pair) {
  const way = !pair || pair.before === null || pair.after === null ? 0 : Math.sign(pair.after - pair.before);
  return h("div", {}, h("dt", {}, name), h("dd", {}, h("b", {}, text), way ? h("span", { class: way > 0 ? "way up" : "way down" }, way > 0 ? "▲" : "▼", h("span", { class: "sr" }, t(way > 0 ? "scenario.better" : "scenario.worse"))) : null));
}

/** @param {WhatIf} answer @returns {HTMLElement} */
function changes({ changed, summary: sum }) {
  if (!changed.length) return h("section", { class: "task-part" }, h("p", { "data-testid": "nothing-changes" }, t("scenario.nothing_changes")));
  return h("section", { class: "task-part" }, h("h2", {}, t("scenario.changed", { n: number(changed.length) })), h("ol", { class: "changed-rows", "data-testid": "changed-sites" }, changed.slice(0, 100).map((site) => {
    const turned = [...site.lost.map((name) => `−${label("amenity_category", name)}`), ...site.gained.map((name) => `＋${label("amenity_category", name)}`)].join(t("word.comma"));
    return h("li", {}, h("button", { type: "button", class: "changed-site", onclick: () => setState({ site: site.id, unit: "", point: null }, { push: true, origin: "coverage" }) },
      h("span", { class: "edit-name" }, h("b", {}, site.name || t("gaps.unnamed")), h("span", { class: "second" }, turned || wordsOf(site))), scoreOf(site.score.before, sum.total), h("span", { "aria-hidden": "true" }, "→"), scoreOf(site.score.after, sum.total)));
  })), changed.length > 100 ? h("p", { class: "second" }, t("coverage.more", { n: number(changed.length - 100) })) : null);
}

/** What changed at a site whose verdicts stay. @param {ChangedSite} site @returns {string} */
function wordsOf(site) {
  if (site.change !== "changed") return t(`scenario.change_${site.change}`);
  const longest = [...site.categories].sort((a, b) => shift(b) - shift(a))[0];
  if (!longest) return "";
  const { before, after } = longest.nearest;
  return t("scenario.nearest", { name: label("amenity_category", longest.category), before: before ? distance(before.walk_m) : "> 3 km", after: after ? distance(after.walk_m) : "> 3 km" });
}

/** @param {ChangedSite["categories"][0]} one @returns {number} */
const shift = ({ nearest: { before, after } }) => Math.abs((after?.walk_m ?? 3000) - (before?.walk_m ?? 3000));

/** @param {number | null} score @param {number} total @returns {HTMLElement} */
function scoreOf(score, total) {
  const dot = h("span", { class: "score-dot", "aria-hidden": "true" });
  if (score !== null) dot.style.background = `var(${colourOf(classOf(score, total))})`;
  return h("span", { class: "changed-score" }, dot, score === null ? "—" : score);
}

/** @param {WhatIf} answer @returns {HTMLElement | null} */
function counties({ summary: sum }) {
  const rows = sum.counties.filter((row) => row.mean.before !== row.mean.after || row.sites.before !== row.sites.after);
  if (!rows.length) return null;
  return h("section", { class: "task-part" }, h("h2", {}, t("scenario.counties")), h("ul", { class: "plain-rows" }, rows.map((row) => h("li", {}, h("span", {}, row.name),
    h("span", { class: "number" }, `${row.mean.before?.toFixed(2) ?? "—"} → ${row.mean.after?.toFixed(2) ?? "—"}`)))));
}
