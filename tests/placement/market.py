"""Small made-up markets: sites and units by hand, and cities drawn from a seed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely

from geomap.bench.match_data import generate_city
from geomap.catalog.build import build_catalog
from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Demand
from geomap.domain.placement import PlacedDemand
from geomap.domain.records import Site, Unit
from geomap.domain.words import UnitKind, UnitStatus
from geomap.matching.prepared import Prepared, prepare
from geomap.store import write
from geomap.store.engine import open_store

TODAY = date(2026, 11, 24)
VERIFIED = datetime(2026, 11, 20, tzinfo=UTC)
OUHAI, RUIAN, YUEQING = "330304", "330381", "330382"
PLACES = {
    "gao": ("高新园", OUHAI, False, (120.60, 28.00)),
    "cha": ("茶山", OUHAI, False, (120.66, 27.93)),
    "rui": ("瑞安经开", RUIAN, False, (120.62, 27.78)),
    "park": ("国有园", YUEQING, True, (120.95, 28.10)),
}
"""Site id to name, county, whether it is state-owned, and where it is."""


def unit(name: str, site: str, area: float = 100.0, **more: object) -> Unit:
    values: dict[str, object] = {
        "building": "A",
        "floor": 1,
        "room": name,
        "kind": UnitKind.OFFICE,
        "rent_cny_m2_month": 20.0,
        "status": UnitStatus.VACANT,
        "verified_at": VERIFIED,
        "free_from": TODAY,
    }
    return Unit(id=name, site_id=site, area_m2=area, **(values | more))


def town(*units: Unit, sites: Mapping[str, Mapping[str, object]] | None = None) -> Prepared:
    """Return a catalog of `PLACES`, some with other fields, and these units, ready to match."""
    more = sites or {}
    placed = [
        Site(id=key, name=name, geometry=shapely.Point(*at), state_owned=state, **more.get(key, {}))
        for key, (name, _, state, at) in PLACES.items()
    ]
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'geomap.gpkg'}")
        with store.writing("test") as tx:
            write.add_sites(tx, placed)
            write.add_units(tx, list(units))
            joined = [
                {"id": key, "adcode": code, "joined_reporting_unit": code, "county_mismatch": False}
                for key, (_, code, _, _) in PLACES.items()
            ]
            write.set_joined(tx, joined)
        catalog = build_catalog(store)
        store.close()
    return prepare(catalog, today=TODAY)


def project(name: str, home: str = OUHAI, **more: object) -> PlacedDemand:
    """Return a project; fields of a demand and of a project together."""
    own = {f.name for f in dataclasses.fields(PlacedDemand)} - {"demand"}
    fields = {key: value for key, value in more.items() if key in own}
    demand = {key: value for key, value in more.items() if key not in own}
    return PlacedDemand(demand=Demand(id=name, **demand), home_county=home, **fields)


@lru_cache(maxsize=64)
def city(seed: int, units: int = 60, sites: int = 8, alike: int = 0) -> Prepared:
    """Return a drawn city where many units are vacant, some let in parts and some by desks."""
    catalog = generate_city(units, sites, seed=seed)
    rng = np.random.default_rng(seed)
    kind = catalog.units.kind
    desks = np.where((kind == 0) & (rng.random(units) < 0.7), rng.integers(1, 30, units), -1)
    part = np.round(rng.choice([20.0, 50.0, 150.0, 400.0], units), 1)
    least = np.where(rng.random(units) < 0.4, part, np.nan)
    area = np.round(rng.lognormal(4.5, 0.7, units) * 2) / 2
    columns = {
        "desks": desks.astype(np.int32),
        "divisible_min_m2": least.astype(np.float32),
        "area_m2": area.astype(np.float32),
        "status": rng.choice(5, units, p=[0.7, 0.05, 0.1, 0.1, 0.05]).astype(np.int8),
        "floor": rng.integers(1, 3, units).astype(np.int16),
    }
    if alike:
        same = np.arange(units) % alike
        columns = {name: column[same] for name, column in columns.items() if name != "floor"}
    return prepare(with_units(catalog, **columns), today=TODAY)


def with_units(catalog: Catalog, **columns: np.ndarray) -> Catalog:
    units = dataclasses.replace(catalog.units, **columns)
    return dataclasses.replace(catalog, tables=dataclasses.replace(catalog.tables, units=units))
