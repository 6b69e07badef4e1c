/** The parts of the page, told of every change of the state and of what is done on the map. */
import { boot, county } from "./boot.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { onChange, setState, state } from "./state.js";
import { addEdits, countEdits, editsInUse } from "./coverage/edits.js";
import { placeOfSite } from "./coverage/data.js";
import { coverageOnMap } from "./coverage/paint.js";
import { CoveragePanel } from "./coverage/panel.js";
import { askDraft, draftShown, onDraft } from "./coverage/scenario.js";
import { FindPanel } from "./find/panel.js";
import { onMatch, view as match } from "./find/match.js";
import { Choropleth } from "./map/choropleth.js";
import { Edges } from "./map/edges.js";
import { Floats } from "./map/floats.js";
import { hasDoor } from "./site/parts.js";
import { setMode } from "./map/modes.js";
import { PlannerMap } from "./map/planner.js";
import { RingOnMap } from "./map/ring.js";
import { SitesOnMap } from "./map/sites.js";
import { MapView } from "./map/view.js";
import { PlaceDoor } from "./place/door.js";
import { Board } from "./plan/board.js";
import { indicatorInUse, yearInUse } from "./plan/data.js";
import { planOnMap } from "./plan/paint.js";
import { PlanPanel } from "./plan/panel.js";
import { Drawer } from "./site/drawer.js";
import { pointsOf } from "./site/suggestion.js";
import { toast } from "./ui/dialog.js";
import { Frame } from "./ui/frame.js";
import { printPage } from "./ui/print.js";

/** Zoom from which a click on the map asks for the ring of that point. */
const POINT_ZOOM = 11;

export class Page {
  /** @param {MapView} view */
  constructor(view) {
    this.view = view;
    this.frame = new Frame(view);
    this.sites = new SitesOnMap(view);
    this.shades = new Choropleth(view);
    this.edges = new Edges(view);
    this.floats = new Floats(view, this.edges.soon);
    this.planner = new PlannerMap(view, { light: (adcode) => this.shades.choose(adcode || state.county), paint: () => this.paint(), picked: () => this.frame.lower() });
    this.drawer = new Drawer({
      loaded: (site) => this.showSite(site), opened: () => this.frame.resized(),
      retryRing: () => this.syncRing(), print: () => printPage(view),
      circle: (at, radius) => this.planner.circle(at, radius), places: (places, chosen) => this.showPlaces(places, chosen), dropSite: (id) => addEdits({ drop_sites: [id] }) || toast(t("scenario.too_many")),
    });
    this.ring = new RingOnMap(view, (ring, error) => this.drawer.showRing(ring, error));
    this.ring.follow = state.zoom === null;
    /** Whether the map shows a scenario. */
    this.drafted = draftShown();
    this.board = new Board();
    this.find = new FindPanel((item) => this.goto(item), this.planner);
    this.coverage = new CoveragePanel(this.planner);
    this.place = new PlaceDoor(view, { laid: () => this.frame.resized(), opened: () => this.showTask() });
    this.plan = new PlanPanel({ paint: () => this.paint(), board: this.board });
    /** @type {MatchAnswer | null} */
    let drawn = null;
    onMatch(() => {
      // Asking is no news for the map: only another answer is.
      if (match.answer === drawn) return;
      drawn = match.answer;
      this.sites.update();
    });
    onDraft(() => this.onDraft());
    onChange((changed, origin) => this.onState(changed, origin));
    view.onStyled((map) => this.bindMap(map));
    window.matchMedia("(max-width: 767px)").addEventListener("change", () => this.placeBoard());
    byId("demo-mark").hidden = !boot.demo;
  }

  start() {
    this.find.start();
    this.syncDraft();
    this.showTask();
    this.showChosen();
  }

  /** @param {Set<string>} changed @param {string} origin */
  onState(changed, origin) {
    const moved = changed.has("zoom") || changed.has("center");
    // Kept, because a drawer that opens or closes moves the map on the way.
    const { center, zoom } = state;
    if (changed.has("task")) this.showTask();
    this.find.onState(changed, origin);
    if (changed.has("layers")) this.floats.onState();
    if (state.task === "coverage") this.coverage.onState(changed);
    if (state.task === "place") this.place.onState(changed);
    if (changed.has("edits") || changed.has("profile") || changed.has("task")) this.syncDraft();
    if (changed.has("county")) this.showCounty();
    if (state.task === "plan" && ["year", "indicator", "reporting_unit"].some((name) => changed.has(name))) this.plan.render();
    if (["task", "site", "point", "county"].some((name) => changed.has(name))) this.showChosen();
    else if (changed.has("edits")) this.syncRing();
    else if (changed.has("unit") || changed.has("compare")) this.drawer.sync();
    else if (changed.has("profile") && state.point) this.syncRing();
    if (origin === "history" && moved && center && zoom !== null) {
      this.ring.follow = false;
      this.view.map?.jumpTo({ center, zoom });
    } else if (changed.has("task") && (center === null || origin === "task") && !state.site && !state.point) this.view.home();
  }

  /** The draft of a scenario is asked for only where it shows. */
  syncDraft() {
    if (state.task === "coverage") askDraft();
    else this.planner.clear();
  }

  /** The scenario has an answer, or the map shall show the other of both. */
  onDraft() {
    if (state.task !== "coverage") return;
    this.coverage.render();
    const shown = draftShown();
    if (shown !== this.drafted) this.syncRing();
    this.drafted = shown;
  }

  /** @param {RepairPlace[]} places @param {number} chosen rank */
  showPlaces(places, chosen) {
    this.planner.places(places, placeOfSite, chosen, () => undefined);
    this.planner.fit(pointsOf(places));
  }

  showCounty() {
    this.shades.choose(state.county);
    if (state.county && !state.site) this.fitCounty(state.county);
  }

  showTask() {
    const { task } = state;
    this.planner.stopPicking();
    document.body.dataset.task = task;
    const panel = { find: this.find, coverage: this.coverage, place: this.place, plan: this.plan }[task];
    this.frame.fillPanel(panel.element);
    this.placeBoard();
    this.shades.choose(task === "coverage" ? state.county : "");
    if (task !== "place") this.place.clear();
    setMode(this.view, task);
    this.frame.resized();
    if (task === "find") this.sites.update();
    else panel.start();
    this.paint();
  }

  placeBoard() {
    const phone = window.matchMedia("(max-width: 767px)").matches;
    const place = phone ? this.plan.phone : byId("board");
    place.replaceChildren(...this.board.parts);
    this.place.placeStrip(byId("frame"));
    this.frame.pad();
  }

  /** Colours and legend of the task. */
  paint() {
    if (state.task === "find") this.floats.findLegend();
    if (state.task === "coverage") {
      const { shades, dots, texts } = coverageOnMap();
      this.shades.set(shades, dots);
      if (texts.length) this.floats.coverageLegend(texts, state.missing, draftShown() ? t("scenario.legend", { n: countEdits(editsInUse()) }) : "");
    }
    if (state.task === "place") this.floats.placeLegend(this.place.legend());
    if (state.task === "plan") {
      const { kind, shades, swatches, texts } = planOnMap(yearInUse(), indicatorInUse());
      this.shades.set(shades);
      this.shades.choose(this.plan.unit);
      this.floats.planLegend(kind, texts, swatches);
    }
  }

  showChosen() {
    if (!state.site) this.drawer.site = null;
    this.drawer.sync();
    this.sites.choose();
    this.syncRing();
    if (state.site || state.point || state.county) this.frame.lower();
    if (!state.site) document.title = `${t("app.name")} · ${boot.region.name}`;
  }

  /** @param {SiteDetail} site */
  showSite(site) {
    this.sites.choose(site);
    this.syncRing();
    document.title = `${site.name} · ${t("app.name")}`;
  }

  /** The ring of what is chosen. */
  syncRing() {
    const site = this.drawer.site;
    if (state.task === "plan") this.ring.hide();
    else if (state.site) {
      if (!site || site.id !== state.site) this.ring.hide();
      else if (site.lon === null || site.lat === null || !hasDoor(site)) {
        this.ring.hide();
        this.drawer.noPlace();
        if (this.ring.follow && site.lon !== null) this.fitCounty(site.adcode);
        this.ring.follow = true;
      } else this.ring.show([site.lon, site.lat], { name: site.name, detail: this.sites.pillText(site) });
    } else if (state.point) this.ring.show(state.point, null);
    else this.ring.hide();
  }

  /** @param {string} adcode */
  fitCounty(adcode) {
    const found = county(adcode);
    if (found) this.view.fit(found.bounds, 12);
    this.frame.lower();
  }

  /** @param {SearchItem} item */
  goto(item) {
    if (item.bounds?.length === 4) this.view.fit(item.bounds, 13);
    else if (item.lon !== null && item.lat !== null) this.view.goTo([item.lon, item.lat], 13.5);
    this.frame.lower();
  }

  /** @param {Any} map */
  bindMap(map) {
    if (this.bound) return;
    this.bound = true;
    map.on("click", (/** @type {Any} */ event) => this.onClick(event));
    map.on("moveend", () => this.keepView(map));
    for (const event of ["movestart", "dataloading", "styledata"]) map.on(event, () => (document.body.dataset.map = "busy"));
    map.on("idle", () => (document.body.dataset.map = "idle"));
    map.once("idle", () => performance.mark("first-map"));
    this.frame.resized();
  }

  /** @param {Any} map */
  keepView(map) {
    if (state.task === "plan") return;
    const { lng, lat } = map.getCenter();
    setState({ zoom: Math.round(map.getZoom() * 100) / 100, center: [Number(lng.toFixed(5)), Number(lat.toFixed(5))] }, { origin: "map-move" });
  }

  /** @param {Any} event */
  onClick(event) {
    if (this.planner.click([Number(event.lngLat.lng.toFixed(6)), Number(event.lngLat.lat.toFixed(6))])) return;
    if (state.task === "place") {
      this.place.click(event);
      return;
    }
    if (state.task !== "plan" && this.sites.click(event)) return;
    const land = event.target.queryRenderedFeatures(event.point, { layers: ["land"] })[0];
    const adcode = land?.properties.adcode;
    if (state.task === "plan") {
      if (adcode) this.plan.choose(adcode);
    } else if (event.target.getZoom() < POINT_ZOOM) {
      if (adcode && state.task === "coverage") setState({ county: adcode, site: "", unit: "", point: null }, { push: true, origin: "map" });
      else if (adcode) this.fitCounty(adcode);
    } else setState({ site: "", unit: "", point: [Number(event.lngLat.lng.toFixed(5)), Number(event.lngLat.lat.toFixed(5))] }, { push: true, origin: "map" });
  }

  /** Close what lies on top. */
  escape() {
    if (this.planner.stopPicking() || this.floats.closeLayers()) return;
    if (state.site || state.point) {
      const { site } = state;
      setState({ site: "", unit: "", point: null }, { push: true, origin: "keys" });
      this.find.results.focusCard(site);
    } else if (state.county && state.task === "coverage") setState({ county: "" }, { push: true, origin: "keys" });
    else if (state.task === "place") this.place.escape();
  }

  toSearch() {
    if (state.task === "place" && this.place.toSearch()) return;
    if (state.task !== "find") setState({ task: "find" }, { push: true, origin: "task" });
    this.frame.lower();
    this.find.search.input.focus();
  }
}
