"""A generated city of vacancies for the bench of matching."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from typing import Any, get_type_hints

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.catalog import columns as c
from geomap.catalog.build import sum_vacancies
from geomap.catalog.catalog import Catalog
from geomap.domain import words
from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import COUNTIES
from geomap.geo.crs import METRIC_EPSG, to_metric

TODAY = date(2026, 11, 24)
SEED = 20
_TODAY = (TODAY - date(1970, 1, 1)).days
_TRI = ("water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage", "open_24h")
_NUMBERS = {
    "floor_load_kn_m2": (2.0, 20.0),
    "clear_height_m": (2.6, 12.0),
    "column_spacing_m": (4.0, 16.0),
    "freight_lift_t": (1.0, 5.0),
    "power_kw": (10.0, 400.0),
}
_KIND_AREA = np.array([12.0, 150.0, 260.0, 700.0, 1500.0])
_KIND_RENT = np.array([60.0, 42.0, 36.0, 24.0, 17.0])
Rng = np.random.Generator


def _texts(texts: Sequence[str]) -> c.TextColumn:
    return c.TextColumn.of(texts)


def _blank(count: int) -> c.TextColumn:
    return c.TextColumn(np.zeros(0, dtype=np.uint8), np.zeros(count + 1, dtype=np.int64))


def _masks(rng: Rng, count: int, bits: int, share: float) -> c.Mask:
    drawn = rng.random((count, bits)) < share
    return np.asarray(drawn @ (1 << np.arange(bits, dtype=np.int64)), dtype=np.uint32)


def _holed(rng: Rng, values: NDArray[Any], share: float, missing: Any) -> NDArray[Any]:
    values[rng.random(len(values)) < share] = missing
    return values


def _sites(rng: Rng, count: int, start: c.I8) -> c.SiteColumns:
    lon, lat = rng.uniform(120.1, 121.2, count), rng.uniform(27.2, 28.5, count)
    x, y = to_metric(lon, lat, METRIC_EPSG)
    county = rng.choice(len(COUNTIES), count, p=_shares(len(COUNTIES))).astype(np.int8)
    return c.SiteColumns(
        id=_texts([f"s{i:05d}" for i in range(count)]),
        name=_texts([f"演示载体 {i}" for i in range(count)]),
        **{n: _blank(count) for n in ("address", "operator", "note", "source", "source_date")},
        town=_blank(count),
        lon=lon,
        lat=lat,
        x=x,
        y=y,
        county=county,
        reporting_unit=county.copy(),
        county_mismatch=np.zeros(count, dtype=bool),
        state_owned=rng.random(count) < 0.3,
        professional=np.zeros(count, dtype=bool),
        reference=np.zeros(count, dtype=bool),
        demo=np.ones(count, dtype=bool),
        stages=_masks(rng, count, len(words.Stage), 0.4),
        services=_masks(rng, count, len(words.Service), 0.45),
        platforms=_masks(rng, count, len(words.Platform), 0.2),
        industries=_masks(rng, count, len(INDUSTRIES), 0.05),
        level=rng.choice(np.arange(-1, 4), count, p=[0.5, 0.08, 0.12, 0.15, 0.15]).astype(np.int8),
        precision=np.zeros(count, dtype=np.int8),
        area_m2=np.full(count, np.nan),
        vacant_m2=np.zeros(count),
        vacant_count=np.zeros(count, dtype=np.int32),
        tenants=rng.integers(0, 90, count).astype(np.int32),
        jobs=rng.integers(0, 900, count).astype(np.int32),
        opened_on=np.full(count, c.MISSING_DAY),
        operator_since=np.full(count, c.MISSING_DAY),
        version=np.ones(count, dtype=np.int32),
        unit_start=start,
        geometry=c.GeometryColumn.of(np.asarray(shapely.points(lon, lat))),
    )


def _shares(count: int) -> NDArray[np.float64]:
    """Return uneven shares, as of counties: the first has a fifth."""
    weight = 1.0 / np.arange(2, count + 2) ** 0.7
    return np.asarray(weight / weight.sum())


def _units(rng: Rng, site: c.I4, sites: int) -> c.UnitColumns:
    count = len(site)
    main = rng.choice(5, sites, p=[0.15, 0.4, 0.15, 0.1, 0.2])
    other = rng.choice(5, count, p=[0.2, 0.45, 0.15, 0.05, 0.15])
    kind = np.where(rng.random(count) < 0.6, main[site], other)
    dear = rng.lognormal(0.0, 0.25, sites)[site]
    area = np.round(_KIND_AREA[kind] * rng.lognormal(0.0, 0.6, count), 1)
    rent = np.round(_KIND_RENT[kind] * dear * rng.lognormal(0.0, 0.15, count) * 2) / 2
    technical: dict[str, Any] = {
        name: _holed(
            rng, np.round(rng.uniform(low, high, count), 1).astype(np.float32), 0.4, np.nan
        )
        for name, (low, high) in _NUMBERS.items()
    }
    technical |= {n: rng.choice([-1, 0, 1], count, p=[0.4, 0.2, 0.4]).astype(np.int8) for n in _TRI}
    return c.UnitColumns(
        id=_texts([f"u{i:07d}" for i in range(count)]),
        building=_texts(["甲"] * count),
        room=_texts([f"{i % 997}" for i in range(count)]),
        tenant=_blank(count),
        site=site,
        floor=rng.integers(1, 24, count).astype(np.int16),
        kind=kind.astype(np.int8),
        status=rng.choice(5, count, p=[0.24, 0.05, 0.62, 0.06, 0.03]).astype(np.int8),
        area_m2=area.astype(np.float32),
        rent_cny_m2_month=_holed(rng, rent.astype(np.float32), 0.03, np.nan),
        free_from=_days(rng, count, -200, 400, 0.3),
        verified_at=_days(rng, count, -150, 1, 0.03),
        desks=np.full(count, -1, dtype=np.int32),
        divisible_min_m2=_divisible(rng.spawn(1)[0], kind, area),
        **technical,
        permitted_use=rng.choice([-1, 0, 1, 2], count, p=[0.25, 0.35, 0.2, 0.2]).astype(np.int8),
        demo=np.ones(count, dtype=bool),
        version=np.ones(count, dtype=np.int32),
    )


def _divisible(rng: Rng, kind: NDArray[np.int64], area: NDArray[np.float64]) -> c.F4:
    """Return the smallest part of a quarter of the large halls; a stream of its own draws it."""
    least = rng.choice([200.0, 300.0, 400.0], len(kind))
    parted = (kind >= 3) & (area > 1000.0) & (rng.random(len(kind)) < 0.25)
    return np.where(parted, least, np.nan).astype(np.float32)


def _days(rng: Rng, count: int, low: int, high: int, missing: float) -> c.I4:
    days = (_TODAY + rng.integers(low, high, count)).astype(np.int32)
    return _holed(rng, days, missing, c.MISSING_DAY)


def _access(rng: Rng, count: int) -> c.AccessColumns:
    shape = (count, len(words.AmenityCategory))
    walk = rng.gamma(2.0, 350.0, shape).astype(np.float32)
    within = np.where(walk <= 1200, rng.integers(1, 9, shape), 0).astype(np.int32)
    return c.AccessColumns(walk, within, np.full(shape, -1, dtype=np.int32))


def _areas() -> c.AreaColumns:
    none = np.zeros(0, dtype=bool)
    return c.AreaColumns(_blank(0), _blank(0), _blank(0), none, c.GeometryColumn.of([]))


def _empty(kind: Any) -> Any:
    """Return a table without rows."""
    values: dict[str, Any] = {}
    for name, hint in get_type_hints(kind).items():
        if hint is c.TextColumn:
            values[name] = _blank(0)
        elif hint is c.GeometryColumn:
            values[name] = c.GeometryColumn.of([])
        else:
            values[name] = np.zeros(
                int(name in ("start", "offsets")), dtype=hint.__args__[1].__args__[0]
            )
    return kind(**values)


def generate_city(units: int, sites: int, *, seed: int = SEED) -> Catalog:
    """Return a catalog of made-up sites and units, the same for the same arguments.

    Sites are of uneven size, have a main kind of unit and a level of rent of their own; a
    quarter of the units is vacant, a sixteenth coming; figures are missing here and there.
    """
    rng = np.random.default_rng(seed)
    weight = rng.lognormal(0.0, 0.8, sites)
    site = np.sort(rng.choice(sites, units, p=weight / weight.sum())).astype(np.int32)
    start = np.searchsorted(site, np.arange(sites + 1)).astype(np.int64)
    site_columns, unit_columns = _sites(rng, sites, start), _units(rng, site, sites)
    site_columns = dataclasses.replace(site_columns, **sum_vacancies(unit_columns, sites))
    tables = c.Tables(
        sites=site_columns,
        units=unit_columns,
        amenities=_empty(c.AmenityColumns),
        counties=_areas(),
        zones=_areas(),
        towns=_empty(c.TownColumns),
        targets=_empty(c.TargetColumns),
        history=_empty(c.HistoryColumns),
        rings=_empty(c.RingColumns),
        access=_access(rng, sites),
        streets=_empty(c.LineColumns),
        water=_areas(),
        land=_areas(),
    )
    return Catalog(1, f"bench-{units}-{sites}-{seed}", TODAY.isoformat(), tables)


def walk_from(catalog: Catalog, lon: float, lat: float) -> NDArray[np.float32]:
    """Return a walk in m to every site, NaN beyond an hour.

    There are no streets here: it is 1.3 times the straight line, which peers can compute too.
    """
    x, y = to_metric(np.array([lon]), np.array([lat]), METRIC_EPSG)
    metres = 1.3 * np.hypot(catalog.sites.x - x[0], catalog.sites.y - y[0])
    return np.where(metres <= 4800.0, metres, np.nan).astype(np.float32)
