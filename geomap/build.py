"""From the record to a served map: joins, rings and coverage, the catalog snapshot.

The rooms below know neither files nor each other's results; this module hands them on.
Each step can be repeated on its own.
"""

from __future__ import annotations

import importlib.resources
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geomap.config import Settings
from geomap.domain.errors import NotReadyError
from geomap.domain.words import Label

if TYPE_CHECKING:
    from geomap.catalog.catalog import Catalog
    from geomap.store.engine import Store

Say = Callable[[Label], None]
Progress = Callable[[int, int], None]
PARTS = ("joins", "rings", "coverage")
DEFAULT_PROFILE = "wenzhou-6-6"
ACTOR = "geomap build"


def locate_shapefiles(settings: Settings) -> Path:
    """Return the folder of the county boundaries: the checkout's, else the data folder's."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "setup.cfg").exists():
        return checkout / "data" / "shapefiles"
    return settings.data_dir / "shapefiles"


def locate_geodata() -> Path:
    """Return the folder of the coastline and town names that set-up fetched."""
    folder = Path(str(importlib.resources.files("geomap.static"))) / "vendor" / "geodata"
    if not (folder / "coastline.geojson").exists():
        raise NotReadyError(
            Label("海岸线和乡镇名还没有取回", "Coastline and town names have not been fetched"),
            fix=Label(
                "运行 make serve 或 scripts/vendor.py", "Run make serve or scripts/vendor.py"
            ),
        )
    return folder


def locate_network(settings: Settings) -> Path:
    """Return the folder of the walking network."""
    return settings.data_dir / "network"


def locate_snapshot(settings: Settings) -> Path:
    """Return the folder of the catalog snapshots."""
    return settings.data_dir / "snapshot"


def open_record(settings: Settings) -> Store:
    """Open the store of the settings, creating the embedded file when missing."""
    from geomap.store.engine import open_store

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return open_store(settings.database_url)


def require_served_data(settings: Settings) -> None:
    """Refuse to serve before there is anything to serve.

    Raises
    ------
    NotReadyError
        There is no record, or it holds no county.
    """
    from geomap.store.engine import open_store
    from geomap.store.read import count

    store = open_store(settings.database_url, create=False)
    try:
        if not count(store, "counties"):
            raise NotReadyError(
                Label("库里还没有县界", "The record holds no county yet"),
                fix=Label(
                    "先运行 geomap demo，或 geomap prepare 后导入自己的数据",
                    "Run geomap demo, or geomap prepare and import your own data",
                ),
            )
    finally:
        store.close()


def open_catalog(settings: Settings) -> Catalog:
    """Return the newest catalog."""
    from geomap.catalog.follow import CatalogFollower

    require_served_data(settings)
    return CatalogFollower(open_record(settings), locate_snapshot(settings)).current()


@contextmanager
def timed(say: Say, text: Label) -> Iterator[None]:
    """Say what is being done and, once it is done, how long it took."""
    say(Label(f"▸ {text.zh} …", f"▸ {text.en} …"))
    start = time.monotonic()
    yield
    seconds = time.monotonic() - start
    say(Label(f"  完成，{seconds:.1f} 秒", f"  done in {seconds:.1f} s"))


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a callback (done, total) that draws a bar on a terminal and is silent elsewhere."""
    import click

    shown, bar = 0, None

    def advance(done: int, total: int) -> None:
        nonlocal shown, bar
        if bar is None:
            bar = click.progressbar(length=total, file=sys.stderr, hidden=not sys.stderr.isatty())
            bar.render_progress()
        bar.update(done - shown)
        shown = done

    try:
        yield advance
    finally:
        if bar is not None:
            bar.render_finish()


def _join(store: Store) -> int:
    from geomap.intake.joins import Territory, join_sites
    from geomap.store.read import read_table
    from geomap.store.write import set_joined

    sites = read_table(store, "sites", ("id", "geometry", "declared_adcode", "reporting_unit"))
    counties = read_table(store, "counties", ("adcode", "geometry"))
    zones = read_table(store, "zones", ("reporting_unit", "geometry"))
    rows = join_sites(
        sites,
        Territory.of(counties["adcode"], counties["geometry"]),
        Territory.of(zones["reporting_unit"], zones["geometry"]),
    )
    with store.writing(ACTOR) as tx:
        set_joined(tx, rows)
    return len(rows)


def _walk(settings: Settings, store: Store, parts: Sequence[str], say: Say) -> None:
    """Compute rings and amenity access of the sites over the network, where there is one."""
    from geomap.coverage.build import build_coverage
    from geomap.coverage.profiles import get_profile
    from geomap.store.write import add_access, add_rings, clear
    from geomap.streets.file import open_network

    try:
        network = open_network(locate_network(settings))
    except NotReadyError as error:
        say(Label(f"  跳过：{error.reason.zh}", f"  skipped: {error.reason.en}"))
        return
    catalog = _snapshot(settings, store)
    ids, located = list(catalog.sites.id), np.flatnonzero(catalog.has_door)
    with progress_bar() as progress:
        rings, access = build_coverage(
            network,
            [ids[row] for row in located],
            catalog.sites.lon[located],
            catalog.sites.lat[located],
            catalog.amenities,
            get_profile(DEFAULT_PROFILE),
            progress,
        )
    with store.writing(ACTOR) as tx:
        if "rings" in parts:
            clear(tx, "rings")
            add_rings(tx, rings)
        if "coverage" in parts:
            clear(tx, "access")
            add_access(tx, access)


def _snapshot(settings: Settings, store: Store) -> Catalog:
    from geomap.catalog.follow import CatalogFollower

    return CatalogFollower(store, locate_snapshot(settings)).current()


def build_all(settings: Settings, say: Say, *, parts: Sequence[str] = PARTS) -> None:
    """Join counties, compute rings and coverage, refresh the served snapshot.

    Parameters
    ----------
    settings
        Where the record and the network are.
    say
        Told what is being done.
    parts
        Any of "joins", "rings", "coverage".
    """
    store = open_record(settings)
    try:
        if "joins" in parts:
            with timed(say, Label("归入县和任务单位", "joining sites to counties")):
                _join(store)
        if "rings" in parts or "coverage" in parts:
            with timed(say, Label("沿街道算15分钟圈和配套", "walking to amenities for the rings")):
                _walk(settings, store, parts, say)
        with timed(say, Label("写目录快照", "writing the catalog snapshot")):
            _snapshot(settings, store)
    finally:
        store.close()
