"""A small catalog with every table filled, and an empty one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import shapely

from geomap.catalog.build import build_catalog
from geomap.catalog.catalog import Catalog
from geomap.store import write
from geomap.store.engine import Store, open_store
from tests.store.samples import NOWHERE, RECORDS, SITE, UNIT
from tests.store.test_store import ADD


def fill(store: Store) -> None:
    """Write one of everything, and a demonstration site whose name looks like markup."""
    demo = dataclasses.replace(
        SITE,
        id="s-3",
        name="=演示·<script>alert(1)</script>",
        geometry=shapely.Point(120.72, 27.92),
        demo=True,
    )
    line = shapely.LineString([(120.70, 27.90), (120.72, 27.92)])
    joined = {"adcode": "330303", "joined_reporting_unit": "330303", "county_mismatch": False}
    with store.writing("test") as tx:
        for table, add in ADD.items():
            add(tx, [RECORDS[table]])
        write.add_sites(tx, [NOWHERE, demo])
        write.add_units(tx, [dataclasses.replace(UNIT, id="u-2", site_id="s-3", demo=True)])
        write.set_joined(tx, [{"id": s} | joined for s in ("s-1", "s-3")])
        street = {"name": "路", "klass": "minor", "bridge": False, "demo": True, "geometry": line}
        write.write_rows(tx, "streets", [street])
        shape = shapely.box(120.5, 27.5, 121.0, 28.2)
        write.write_rows(tx, "land", [{"adcode": "330303", "source": "x", "geometry": shape}])
        write.write_rows(
            tx, "water", [{"name": "江", "demo": True, "geometry": line.buffer(0.001)}]
        )


def sample_catalog(folder: Path) -> Catalog:
    """Return the filled catalog."""
    store = open_store(f"sqlite:///{folder / 'sample.gpkg'}")
    fill(store)
    catalog = build_catalog(store)
    store.close()
    return catalog


def empty_catalog(folder: Path) -> Catalog:
    """Return a catalog without a single row."""
    store = open_store(f"sqlite:///{folder / 'empty.gpkg'}")
    catalog = build_catalog(store)
    store.close()
    return catalog
