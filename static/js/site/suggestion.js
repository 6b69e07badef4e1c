/** 补在哪: the one place that helps this site and most others, and into the scenario with it. */
import { isAbort, Latest } from "../api.js";
import { label } from "../boot.js";
import { fill, h } from "../dom.js";
import { distance, number } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { setState, state } from "../state.js";
import { postLong } from "../stream.js";
import { placeOfSite, profileInUse, view } from "../coverage/data.js";
import { addEdits, editsInUse } from "../coverage/edits.js";
import { toast } from "../ui/dialog.js";

/** Categories that one place would bring. */
const MOST = 2;

/** Of what the site lacks, what most sites lack. @param {Gap[]} gaps @returns {string[]} */
function wanted(gaps) {
  const lacking = new Map((view.answer?.counties.missing ?? []).map((item) => [item.category, item.sites]));
  const names = [...new Set(gaps.flatMap((gap) => gap.category.split(",")))];
  return names.sort((a, b) => (lacking.get(b) ?? 0) - (lacking.get(a) ?? 0)).slice(0, MOST);
}

export class Suggestion {
  /** @param {{places: (places: RepairPlace[], chosen: number) => void}} map */
  constructor(map) {
    this.map = map;
    this.latest = new Latest();
    this.element = h("div", {});
  }

  clear() {
    this.latest.stop();
    fill(this.element);
  }

  /** @param {Gap[]} gaps of the chosen site */
  async show(gaps) {
    this.clear();
    const [category, ...combine] = wanted(gaps);
    if (!category || !state.site) return;
    const added = editsInUse().add_amenities.map(({ category: name, lon, lat }) => ({ category: name, lon, lat }));
    try {
      const answer = await postLong("/api/v1/coverage/repair", { category, combine, k: 1, profile: profileInUse()?.id ?? "", serves: state.site, added }, this.latest.start(), () => undefined);
      if (answer.places.length) fill(this.element, this.box([category, ...combine], answer.places[0]));
    } catch (error) {
      // A hint only: the table above says what is missing either way.
      if (!isAbort(error)) fill(this.element);
    }
  }

  /** @param {string[]} categories @param {RepairPlace} place @returns {HTMLElement} */
  box(categories, place) {
    const mine = place.sites.find((site) => site.id === state.site);
    const names = categories.map((name) => label("amenity_category", name)).join("＋");
    const where = place.street || place.near;
    return h("section", { class: "suggestion", "data-testid": "suggestion" },
      h("h2", {}, icon("plus", "small"), t("suggest.title"), h("span", { class: "second" }, t("suggest.count", { n: categories.length }))),
      h("p", {}, mine ? t("suggest.text", { where, min: number(Math.max(1, Math.round(mine.walk_min))), m: distance(mine.walk_m), names, n: number(place.sites.length), before: mine.score_before, after: mine.score_after }) : where),
      h("div", { class: "panel-row" },
        h("button", { type: "button", class: "button", "data-testid": "suggest-adopt", onclick: () => this.adopt(categories, place) }, t("suggest.adopt")),
        h("button", { type: "button", class: "button", "data-testid": "suggest-show", onclick: () => this.map.places([place], place.rank) }, t("suggest.show", { n: number(place.sites.length) }))));
  }

  /** @param {string[]} categories @param {RepairPlace} place */
  adopt(categories, { lon, lat }) {
    if (!addEdits({ add_amenities: categories.map((category) => ({ category, lon, lat })) })) {
      toast(t("scenario.too_many"));
      return;
    }
    toast(t("repair.adopted", { n: categories.length }));
    setState({ view: "scenario" }, { push: true, origin: "repair" });
  }
}

/** The places of sites that a repair names. @param {RepairPlace[]} places @returns {LonLat[]} */
export const pointsOf = (places) => places.flatMap((place) => [/** @type {LonLat} */ ([place.lon, place.lat]), ...place.sites.map((site) => placeOfSite(site.id)).filter((at) => at !== null)]);
