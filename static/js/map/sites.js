/** What fits, on the map: counts by county, clusters, circles; one selection with the list. */
import { boot } from "../boot.js";
import { area, number } from "../format.js";
import { t } from "../i18n.js";
import { view } from "../find/match.js";
import { setState, state } from "../state.js";
import { hover, onHover } from "../ui/hover.js";
import { hasDoor } from "../site/parts.js";
import { countRadius, spread } from "./spread.js";
import { COUNTY_ZOOM } from "./style_sites.js";
import { pointFeature } from "./view.js";

export class SitesOnMap {
  /** @param {import("./view.js").MapView} view */
  constructor(view) {
    this.view = view;
    /** @type {Map<string, MatchSite>} */
    this.sites = new Map();
    onHover((site) => this.light(site));
    view.onStyled((map) => this.bind(map));
  }

  /** @param {Any} map */
  bind(map) {
    this.hideMatched();
    if (this.bound) return;
    this.bound = true;
    this.setCounties([...this.sites.values()]);
    map.on("zoomend", () => map.getZoom() < COUNTY_ZOOM && this.setCounties([...this.sites.values()]));
    for (const layer of ["site-circles", "other-sites", "scored", "clusters", "county-counts"]) {
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => {
        map.getCanvas().style.cursor = "";
        hover("");
      });
    }
    map.on("mousemove", "site-circles", (/** @type {Any} */ event) => hover(event.features[0].properties.id));
  }

  /** What a click hit, most precise first; true when something was. @param {Any} event @returns {boolean} */
  click(event) {
    const { map } = this.view;
    const box = [[event.point.x - 6, event.point.y - 6], [event.point.x + 6, event.point.y + 6]];
    const layers = ["chosen-circle", "site-circles", "other-sites", "scored", "clusters", "county-counts"].filter((id) => map.getLayer(id));
    const hit = map.queryRenderedFeatures(box, { layers })[0];
    if (!hit) return false;
    if (hit.layer.id === "clusters") this.openCluster(hit);
    else if (hit.layer.id === "county-counts") this.view.fit(JSON.parse(hit.properties.bounds), 11.5);
    else setState({ site: hit.properties.id, unit: "", point: null }, { push: true, origin: "map" });
    return true;
  }

  /** @param {Any} hit */
  async openCluster(hit) {
    const source = this.view.map.getSource("matched");
    const zoom = await source.getClusterExpansionZoom(hit.properties.cluster_id);
    this.view.goTo(hit.geometry.coordinates, Math.max(zoom, this.view.map.getZoom() + 1));
  }

  /** The sites of the newest answer. */
  update() {
    const sites = view.answer?.sites ?? [];
    this.sites = new Map(sites.map((site) => [site.id, site]));
    const located = sites.filter((site) => site.lon !== null && site.lat !== null);
    this.view.setFeatures("matched", located.map((site) => pointFeature([Number(site.lon), Number(site.lat)], {
      id: site.id, rank: site.rank, units: site.units, vacant_m2: site.vacant_m2, label: `${site.name}\n${area(site.vacant_m2)}`,
    })));
    this.setCounties(sites);
    this.choose();
  }

  /** @param {MatchSite[]} sites */
  setCounties(sites) {
    /** @type {Map<string, number>} */
    const units = new Map();
    for (const site of sites) units.set(site.adcode, (units.get(site.adcode) ?? 0) + site.units);
    const places = this.countPlaces(units);
    this.view.setFeatures("county-labels", boot.counties.map((item) => pointFeature(places.get(item.adcode) ?? item.label, {
      name: item.name, units: units.get(item.adcode) ?? 0, bounds: JSON.stringify(item.bounds), adcode: item.adcode,
      summary: item.name,
    })));
  }

  /** Where the counts of counties stand at this zoom: none over another. @param {Map<string, number>} units @returns {Map<string, LonLat>} */
  countPlaces(units) {
    const { map } = this.view;
    const zoom = map?.getZoom() ?? Infinity;
    if (zoom >= COUNTY_ZOOM) return new Map();
    const counted = boot.counties.filter((item) => units.get(item.adcode));
    const discs = spread(counted.map((item) => {
      const { x, y } = map.project(item.label);
      return { x, y, r: countRadius(units.get(item.adcode) ?? 0, zoom) };
    }));
    return new Map(counted.map((item, i) => {
      const { lng, lat } = map.unproject([discs[i].x, discs[i].y]);
      return [item.adcode, [lng, lat]];
    }));
  }

  /** Matching sites are drawn from the answer; the tile layer shows the others. */
  hideMatched() {
    const { map, ready } = this.view;
    if (!ready || !map.getLayer("other-sites")) return;
    const ids = [...this.sites.keys()];
    map.setFilter("other-sites", ["!", ["in", ["get", "id"], ["literal", ids]]]);
    map.setFilter("site-names", ["all", ["!", ["has", "point_count"]], ["!=", ["get", "id"], state.site]]);
  }

  /** @param {string} site */
  light(site) {
    const found = this.sites.get(site);
    const at = found && found.lon !== null && found.lat !== null && site !== state.site ? pointFeature([found.lon, found.lat], found) : null;
    this.view.setFeatures("hovered", at ? [at] : []);
  }

  /** The chosen site, always on top. @param {SiteDetail} [detail] what the drawer knows of it */
  choose(detail) {
    if (detail) this.detail = detail;
    this.hideMatched();
    const found = this.sites.get(state.site);
    const known = this.detail?.id === state.site ? this.detail : undefined;
    const lon = found?.lon ?? known?.lon ?? null;
    const lat = found?.lat ?? known?.lat ?? null;
    if (!state.site || lon === null || lat === null || (known && !hasDoor(known))) {
      this.view.setFeatures("chosen", []);
      return;
    }
    const mark = found && state.task === "find" && found.rank < 100 ? String(found.rank) : "";
    const pill = known ? { pill: `${known.name} ${this.pillText(known)}` } : {};
    this.view.setFeatures("chosen", [pointFeature([lon, lat], { vacant_m2: found?.vacant_m2 ?? known?.vacant_m2 ?? 0, mark, ...pill })]);
  }

  /** The line under the chosen site's name. @param {SiteDetail} detail @returns {string} */
  pillText(detail) {
    const found = this.sites.get(detail.id);
    const count = found ? found.units : detail.vacant_count;
    const size = found ? found.vacant_m2 : detail.vacant_m2;
    return `${t("unit.units", { n: number(count) })} · ${area(size)}`;
  }
}
