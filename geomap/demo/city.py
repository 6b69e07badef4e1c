"""The demonstration city, whole: the same seed, counts and day give the same city.

Everything in it is made up and says so (`demo=True`, 演示数据). It stands on the real
county territories and coast, and follows the plan in how many sites each reporting unit has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.demo.amenities import build_amenities
from geomap.demo.anchors import HAIJING_BOX
from geomap.demo.entries import build_entries
from geomap.demo.ground import Ground, build_ground
from geomap.demo.history import HistoryRecords
from geomap.demo.operators import assign_operators
from geomap.demo.parcels import Blocks, list_blocks
from geomap.demo.places import Centre, build_density, list_centres
from geomap.demo.projects import build_projects
from geomap.demo.site_towns import state_towns
from geomap.demo.sites import SitePlan, build_sites, schedule, share_out, space_tasks
from geomap.demo.streams import stream
from geomap.demo.streets import StreetPlan, build_streets, list_street_rows
from geomap.demo.unit_records import UnitRecords
from geomap.demo.units import UnitColumns, build_units, count_jobs, count_tenants
from geomap.domain.entries import EntryDraft
from geomap.domain.records import (
    Amenity,
    CountyShape,
    Operator,
    Project,
    Site,
    Target,
    Town,
    Unit,
    UnitHistory,
    Zone,
)
from geomap.domain.regions import HAIJING, REPORTING_UNITS
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry
from geomap.streets.ways import Ways

PROJECTS_A_SITE = 200 / 245
MOST_PROJECTS = 2_000
STEPS = 6
ISLANDS = "330305"
"""洞头区, in whose territory 海经区 lies."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class DemoCity:
    """Everything of the city, as records and rows; geometry is EPSG:4326.

    `units` and `history` are made anew whenever they are iterated over, so that a million
    of them never stand in memory. `streets` are rows of the table of that name (name,
    klass, bridge, demo, geometry), `water` likewise (name, demo, geometry). `entries` come with
    their ids.
    """

    operators: Sequence[Operator]
    sites: Sequence[Site]
    units: Iterable[Unit]
    history: Iterable[UnitHistory]
    amenities: Sequence[Amenity]
    projects: Sequence[Project]
    zones: Sequence[Zone]
    entries: Sequence[tuple[str, EntryDraft]]
    ways: Ways
    streets: list[dict[str, Any]]
    water: list[dict[str, Any]]


def build_city(
    counties: Sequence[CountyShape],
    land: Sequence[Mapping[str, Any]],
    towns: Sequence[Town],
    targets: Sequence[Target],
    *,
    sites: int,
    units: int,
    seed: int,
    today: date,
    progress: Progress | None = None,
) -> DemoCity:
    """Build the demonstration city.

    Parameters
    ----------
    counties
        Territories with their near-shore sea.
    land
        Rows of the table `land`: land of each county by adcode, and "" around them.
    towns
        Those with a label point become centres.
    targets
        Cells of the annex: sites are shared out by the new space asked of each unit.
    sites, units
        How many; a reporting unit without room gets fewer, and others more.
    seed
        Decides everything that is drawn.
    today
        The day on which the data stands.
    progress
        Called with steps done and steps in all.
    """
    tell = progress or (lambda done, total: None)
    ground = build_ground(counties, land, seed)
    centres = list_centres(ground, towns, seed)
    density = build_density(ground, centres, seed)
    tell(1, STEPS)
    streets = build_streets(ground, centres, density, seed)
    tell(2, STEPS)
    zone = find_zone(ground)
    names, blocks = _list_room(streets, ground, zone, centres)
    counts = _share_sites(targets, names, blocks, sites)
    plan = state_towns(build_sites(streets, blocks, names, counts, seed=seed), towns)
    tell(3, STEPS)
    columns = build_units(plan, units, seed=seed, today=today)
    operators, plan = _complete(plan, columns, names, targets, seed=seed, today=today)
    tell(4, STEPS)
    amenities = build_amenities(streets.ways, density, ground, seed=seed, today=today)
    tell(5, STEPS)
    count = min(MOST_PROJECTS, max(1, round(len(plan.sites) * PROJECTS_A_SITE)))
    city = DemoCity(
        operators=operators,
        sites=plan.sites,
        units=UnitRecords(columns, plan, seed),
        history=HistoryRecords(columns, plan.sites, seed=seed, today=today),
        amenities=amenities,
        projects=build_projects(plan.sites, count, seed=seed, today=today),
        zones=[] if zone is None else [_zone_record(zone)],
        entries=build_entries(plan.sites, seed=seed, today=today),
        ways=streets.ways,
        streets=list_street_rows(streets.ways),
        water=_water_rows(ground),
    )
    tell(STEPS, STEPS)
    return city


def _list_room(
    streets: StreetPlan, ground: Ground, zone: BaseGeometry | None, centres: Sequence[Centre]
) -> tuple[list[str], Blocks]:
    """Return the reporting units that the land has, and the city blocks with theirs."""
    homes = {
        unit.id: unit.adcode or ISLANDS
        for unit in REPORTING_UNITS
        if (unit.adcode or ISLANDS) in ground.counties and (unit.adcode or zone is not None)
    }
    zones = {} if zone is None else {HAIJING: zone}
    return list(homes), list_blocks(streets, ground, homes, zones, centres)


def _share_sites(
    targets: Sequence[Target], names: Sequence[str], blocks: Blocks, sites: int
) -> list[int]:
    """Return how many sites each unit gets: by the space asked of it, where it has blocks."""
    tasks = np.maximum(space_tasks(targets, names), 1e-6)
    room = np.bincount(blocks.owner[blocks.owner >= 0], minlength=len(names))
    return share_out(np.where(room > 0, tasks, 0.0).tolist(), sites)


def find_zone(ground: Ground) -> BaseGeometry | None:
    """Return a made-up outline for 海经区 in metres, None where its land is not there."""
    if ISLANDS not in ground.counties:
        return None
    box = project_geometry(shapely.segmentize(shapely.box(*HAIJING_BOX), 0.02), WGS84, METRIC_EPSG)
    land = ground.counties[ISLANDS].intersection(box)
    if land.area < 1e6:
        return None
    zone = shapely.simplify(shapely.buffer(land, 220.0), 25.0)
    shapely.prepare(zone)
    return zone


def _zone_record(shape: BaseGeometry) -> Zone:
    return Zone(
        id="demo-z-haijing",
        name="温州海经区（演示范围，非公布边界）",
        geometry=_lonlat(shape),
        reporting_unit=HAIJING,
        source="演示数据",
        demo=True,
    )


def _lonlat(shape: BaseGeometry) -> BaseGeometry:
    moved = project_geometry(shape, METRIC_EPSG, WGS84)
    rounded = shapely.transform(moved, lambda coords: np.round(coords, 7))
    return rounded if rounded.is_valid else shapely.make_valid(rounded, method="structure")


def _water_rows(ground: Ground) -> list[dict[str, Any]]:
    return [
        {"name": river.name, "demo": True, "geometry": _lonlat(river.geometry)}
        for river in ground.rivers
    ]


def _complete(
    plan: SitePlan,
    columns: UnitColumns,
    names: Sequence[str],
    targets: Sequence[Target],
    *,
    seed: int,
    today: date,
) -> tuple[list[Operator], SitePlan]:
    """Give the sites what follows from their units: area, opening, level, operator, firms."""
    let = columns.sum_by_site(columns.area_m2, np.ones(len(columns), dtype=np.bool_))
    part = stream(seed, "efficiency").uniform(0.36, 0.52, len(plan.sites))
    area = np.maximum(np.round(let / part / 100.0) * 100.0, 100.0)
    times = schedule(plan, area, names, targets, seed=seed, today=today)
    operators, owner = assign_operators(plan, times.opened, names, targets, seed=seed, today=today)
    tenants, jobs = count_tenants(columns), count_jobs(columns)
    made = [
        replace(
            site,
            area_m2=float(area[k]),
            opened_on=times.opened[k],
            level=times.level[k],
            operator_id=owner[k],
            tenants=int(tenants[k]),
            jobs=int(jobs[k]),
        )
        for k, site in enumerate(plan.sites)
    ]
    return operators, replace(plan, sites=made)
