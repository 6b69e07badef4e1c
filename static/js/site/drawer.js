/** The drawer of one site, or of one point on the map. */
import { get, isAbort, Latest } from "../api.js";
import { label } from "../boot.js";
import { byId, fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { failure, skeleton } from "../find/empty.js";
import { openLead } from "../find/lead.js";
import { onShortlist } from "../find/shortlist.js";
import { unitActions } from "../find/unit_actions.js";
import { setState, state } from "../state.js";
import { toast } from "../ui/dialog.js";
import { openShare } from "../ui/share.js";
import { historyPart } from "./history.js";
import { facts, offers, source, unitCard } from "./parts.js";
import { CountyPart, countyName } from "./county.js";
import { CoveragePart } from "./coverage_part.js";
import { RingSection } from "./ring_section.js";
import { Stack } from "./stack.js";

/** @param {SiteDetail} site @param {string} id @returns {[SiteUnit, SiteBuilding, SiteFloor] | null} */
function findUnit(site, id) {
  for (const building of site.buildings) {
    for (const floor of building.floors) {
      const unit = floor.units.find((item) => item.id === id);
      if (unit) return [unit, building, floor];
    }
  }
  return null;
}

export async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    toast(t("action.copied"));
  } catch {
    const box = h("textarea", { class: "sr", readonly: true }, location.href);
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    toast(t(done ? "action.copied" : "action.copy_failed"));
  }
}

export class Drawer {
  /** @param {{loaded: (site: SiteDetail) => void, opened: (open: boolean) => void, retryRing: () => void, print: () => void, circle: (at: LonLat | null, radius: number) => void, places: (places: RepairPlace[], chosen: number) => void, dropSite: (id: string) => void}} tell */
  constructor(tell) {
    this.tell = tell;
    this.latest = new Latest();
    this.element = byId("drawer");
    this.body = byId("drawer-body");
    this.ring = new RingSection();
    /** @type {SiteDetail | null} */
    this.site = null;
    /** The task that the drawer was filled for. */
    this.task = "";
    this.coverage = new CoveragePart(tell);
    this.county = new CountyPart();
    this.unitPlace = h("div", { class: "unit-place" });
    onShortlist(() => this.showUnit());
  }

  /** Show what the state chooses. */
  sync() {
    if (state.task === "plan") this.close();
    else if (state.site) this.openSite();
    else if (state.point) this.openPoint(state.point);
    else if (state.county && state.task === "coverage") this.openCounty();
    else this.close();
  }

  close() {
    this.latest.stop();
    this.coverage.clear();
    this.site = null;
    this.show(false);
  }

  /** @param {boolean} open */
  show(open) {
    const was = !this.element.hidden;
    this.element.hidden = !open;
    document.body.classList.toggle("with-drawer", open);
    if (was !== open) this.tell.opened(open);
  }

  async openSite() {
    if (this.site?.id === state.site) {
      this.show(true);
      if (this.task === state.task) this.showUnit();
      else this.render(this.site);
      return;
    }
    const signal = this.latest.start();
    const wait = window.setTimeout(() => fill(this.body, this.closeButton(), skeleton(6)), this.site ? 150 : 0);
    this.show(true);
    try {
      const site = await get(`/api/v1/sites/${encodeURIComponent(state.site)}`, {}, signal);
      this.site = site;
      this.render(site);
      this.tell.loaded(site);
    } catch (error) {
      if (isAbort(error)) return;
      this.site = null;
      fill(this.body, this.closeButton(), failure(error, () => this.openSite()));
    } finally {
      clearTimeout(wait);
    }
  }

  /** @returns {HTMLElement} */
  closeButton() {
    return h("button", {
      type: "button", class: "icon-button drawer-close", "aria-label": t("word.close"), "data-testid": "drawer-close",
      onclick: () => setState(state.site || state.point ? { site: "", unit: "", point: null } : { county: "" }, { push: true, origin: "drawer" }),
    }, icon("close"));
  }

  /** @param {SiteDetail} site */
  render(site) {
    const sub = [site.county, site.stages.map((item) => label("stage", item)).join(t("word.comma")), site.industries.slice(0, 2).map((item) => item.name).join(t("word.comma")), site.operator].filter(Boolean).join(" · ");
    this.task = state.task;
    this.coverage.clear();
    this.ring.wait();
    const parts = state.task === "coverage" ? [this.ring.element, this.coverage.element] : [facts(site), this.stackOf(site), this.unitPlace, this.ring.element, offers(site), historyPart(site.history ?? [])];
    if (state.task === "coverage") this.stack = null;
    fill(this.body,
      h("header", { class: "drawer-head" },
        h("div", { class: "drawer-title" }, h("h1", { "data-testid": "site-name" }, site.name), site.level ? h("span", { class: "badge" }, label("level", site.level)) : null),
        h("p", { class: "second" }, site.demo ? h("span", { class: "demo-mark small" }, t("app.demo")) : null, sub), this.closeButton()),
      parts, source(site), this.actions());
    this.showUnit();
    this.body.scrollTop = 0;
  }

  /** @param {SiteDetail} site @returns {HTMLElement} */
  stackOf(site) {
    this.stack = null;
    if (!site.buildings.length) return h("section", { class: "part" }, h("h2", {}, t("stack.title")), h("p", { class: "second" }, t("stack.none")));
    this.stack = new Stack(site, state.unit, (unit) => setState({ unit }, { origin: "stack" }));
    return this.stack.element;
  }

  showUnit() {
    if (!this.site) return;
    const found = state.unit ? findUnit(this.site, state.unit) : null;
    const { id, name } = this.site;
    fill(this.unitPlace, found ? [unitCard(...found), unitActions({ unit: found[0].id, site: id, name }, false)] : null);
    if (this.stack) {
      this.stack.chosen = state.unit;
      if (found) this.stack.building = this.site.buildings.indexOf(found[1]);
      this.stack.draw();
    }
  }

  /** @param {LonLat} point */
  openPoint(point) {
    this.latest.stop();
    this.site = null;
    this.task = state.task;
    this.coverage.clear();
    this.ring.wait();
    fill(this.body,
      h("header", { class: "drawer-head" }, h("h1", { "data-testid": "point-title" }, t("point.title")),
        h("p", { class: "second" }, `${point[1].toFixed(5)}, ${point[0].toFixed(5)}`), this.closeButton()),
      this.ring.element, state.task === "coverage" ? this.coverage.element : null, h("p", { class: "second part" }, t("point.note")), this.actions());
    this.show(true);
  }

  openCounty() {
    this.latest.stop();
    this.site = null;
    this.coverage.clear();
    fill(this.body,
      h("header", { class: "drawer-head" }, h("h1", { "data-testid": "county-title" }, countyName(state.county)), h("p", { class: "second" }, t("county.subtitle")), this.closeButton()),
      this.county.element, this.actions());
    this.show(true);
    this.county.show();
  }

  /** @returns {HTMLElement} */
  actions() {
    const visit = state.task === "find" && this.site && !this.site.reference;
    return h("footer", { class: "drawer-actions" },
      visit ? h("button", { type: "button", class: "button filled", "data-testid": "visit-site", onclick: () => this.visit() }, t("lead.visit")) : null,
      h("button", { type: "button", class: visit ? "button" : "button filled", "data-testid": "copy-link", onclick: copyLink }, icon("link", "small"), t("action.copy")),
      state.task === "find" ? h("button", { type: "button", class: "button icon-only", "aria-label": t("share.title"), title: t("share.title"), "data-testid": "share-code", onclick: openShare }, icon("code", "small")) : null,
      state.task === "coverage" && state.site ? h("button", { type: "button", class: "button", "data-testid": "drop-site", title: t("scenario.drop_site_note"), onclick: () => this.tell.dropSite(state.site) }, t("scenario.drop_site")) : null,
      h("button", { type: "button", class: "button", "data-testid": "print", onclick: () => this.tell.print() }, icon("print", "small"), t(state.task === "coverage" ? "action.brief" : "action.print")));
  }

  /** Ask to see the site, or the unit that is open. */
  visit() {
    if (this.site) openLead({ site: this.site.id, unit: state.unit, name: this.site.name });
  }

  /** The record does not say where the site is. */
  noPlace() {
    this.ring.say(t("ring.no_place"));
  }

  /** @param {Ring | null} ring @param {any} [error] */
  showRing(ring, error) {
    const at = this.site ? [this.site.lon, this.site.lat] : state.point;
    if (ring) this.ring.show(ring);
    if (ring && state.task === "coverage" && at) this.coverage.show(ring, /** @type {LonLat} */ (at));
    if (ring) return;
    this.coverage.clear();
    if (error) this.ring.fail(error, () => this.tell.retryRing());
  }
}
