"""Building the catalog's columns from one view of the record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.catalog import columns as c
from geomap.catalog import convert as v
from geomap.catalog import gather as g
from geomap.catalog.catalog import Catalog
from geomap.domain import words
from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import COUNTIES, REPORTING_UNITS
from geomap.geo.crs import METRIC_EPSG, metric_crs_of, to_metric
from geomap.store.changes import read_latest_seq
from geomap.store.engine import Store
from geomap.store.models import ChangeLog
from geomap.store.read import iterate_columns, read_columns

Rows = Mapping[str, Any]
ADCODES = [county.adcode for county in COUNTIES]
UNIT_IDS = [unit.id for unit in REPORTING_UNITS]
_TRI = ("water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage", "open_24h")
_NUMBERS = ("floor_load_kn_m2", "clear_height_m", "column_spacing_m", "freight_lift_t", "power_kw")
_UNIT_TEXTS = ("id", "building", "room", "tenant")


def _texts(rows: Rows, names: Sequence[str]) -> dict[str, Any]:
    return {name: c.TextColumn.of(rows[name]) for name in names}


def _locate(rows: Rows) -> dict[str, Any]:
    lon, lat = v.to_points(rows["geometry"])
    known = np.flatnonzero(np.isfinite(lon))
    crs = METRIC_EPSG
    if len(known):
        crs = metric_crs_of(float(np.median(lon[known])), float(np.median(lat[known])))
    x, y = np.full(len(lon), np.nan), np.full(len(lon), np.nan)
    x[known], y[known] = to_metric(lon[known], lat[known], crs)
    return {"lon": lon, "lat": lat, "x": x, "y": y}


def _site_columns(rows: Rows, operators: Rows, totals: Mapping[str, Any]) -> c.SiteColumns:
    names = dict(zip(operators["id"], operators["name"], strict=True))
    professional = dict(zip(operators["id"], operators["professional"], strict=True))
    since = dict(zip(operators["id"], operators["since"], strict=True))
    texts = ("id", "name", "address", "note", "source", "source_date", "town")
    return c.SiteColumns(
        **_texts(rows, texts),
        operator=c.TextColumn.of([names.get(o, "") for o in rows["operator_id"]]),
        **_locate(rows),
        county=v.to_codes(rows["adcode"], ADCODES),
        reporting_unit=v.to_codes(rows["joined_reporting_unit"], UNIT_IDS),
        county_mismatch=v.to_flags(rows["county_mismatch"]),
        state_owned=v.to_flags(rows["state_owned"]),
        professional=v.to_flags([professional.get(o) for o in rows["operator_id"]]),
        reference=v.to_flags(rows["reference"]),
        demo=v.to_flags(rows["demo"]),
        stages=v.to_masks(rows["stages"], list(words.Stage)),
        services=v.to_masks(rows["services"], list(words.Service)),
        platforms=v.to_masks(rows["platforms"], list(words.Platform)),
        industries=v.to_masks(rows["industries"], [industry.id for industry in INDUSTRIES]),
        level=v.to_codes(rows["level"], list(words.SiteLevel)),
        precision=v.to_codes(rows["precision"], list(words.LocationPrecision)),
        area_m2=v.to_floats(rows["area_m2"]),
        tenants=v.to_ints(rows["tenants"]),
        jobs=v.to_ints(rows["jobs"]),
        opened_on=v.to_days(rows["opened_on"]),
        operator_since=v.to_days([since.get(o) for o in rows["operator_id"]]),
        version=v.to_ints(rows["version"]),
        geometry=c.GeometryColumn.of(rows["geometry"]),
        **totals,
    )


def _unit_takes(site_ids: Sequence[str]) -> dict[str, g.Take | None]:
    """Return how each column of the units is taken from the record."""
    numbers, days = g.numbers_as(np.float32), g.days_by_text()
    places = {site_id: row for row, site_id in enumerate(site_ids)}
    return {
        "site_id": g.rows_by(places),
        **dict.fromkeys(_UNIT_TEXTS),
        "floor": lambda values: np.array(values, dtype=np.int16),
        "kind": g.words_by(list(words.UnitKind)),
        "status": g.words_by(list(words.UnitStatus)),
        "area_m2": numbers,
        "rent_cny_m2_month": numbers,
        "free_from": days,
        "verified_at": days,
        "desks": g.whole_numbers,
        "divisible_min_m2": numbers,
        **dict.fromkeys(_NUMBERS, numbers),
        **dict.fromkeys(_TRI, g.tri_values),
        "permitted_use": g.words_by(list(words.PermittedUse)),
        "demo": v.to_flags,
        "version": g.whole_numbers,
    }


def _units(session: Any, site_ids: Sequence[str]) -> c.UnitColumns:
    """Return the units of known sites, in the order of the sites."""
    takes = _unit_takes(site_ids)
    chunks = iterate_columns(session, "units", tuple(takes))
    columns: dict[str, Any] = dict(zip(takes, g.gather(chunks, tuple(takes.values())), strict=True))
    site: NDArray[np.int32] = columns.pop("site_id")
    columns["site"] = site
    if len(site) and (site[0] < 0 or bool((np.diff(site) < 0).any())):
        order = np.argsort(site, kind="stable")
        order = order[site[order] >= 0]
        for name, column in columns.items():
            texts = isinstance(column, c.TextColumn)
            columns[name] = g.reorder_texts(column, order) if texts else column[order]
    return c.UnitColumns(**columns)


def sum_vacancies(units: c.UnitColumns, sites: int) -> dict[str, Any]:
    """Return `vacant_m2` and `vacant_count` of every site."""
    vacant = units.status == 0
    where, area = units.site[vacant], units.area_m2[vacant].astype(np.float64)
    return {
        "vacant_m2": np.bincount(where, area, minlength=sites).astype(np.float64),
        "vacant_count": np.bincount(where, minlength=sites).astype(np.int32),
    }


def _rows_of_sites(site_ids: list[str], wanted: list[str]) -> NDArray[np.int32]:
    place = {site_id: row for row, site_id in enumerate(site_ids)}
    return np.array([place.get(site_id, -1) for site_id in wanted], dtype=np.int32)


def _sites_and_units(session: Any) -> tuple[c.SiteColumns, c.UnitColumns]:
    sites = read_columns(session, "sites")
    operators = read_columns(session, "operators", ("id", "name", "professional", "since"))
    unit_columns = _units(session, sites["id"])
    total = len(sites["id"])
    start = np.searchsorted(unit_columns.site, np.arange(total + 1)).astype(np.int64)
    totals = sum_vacancies(unit_columns, total) | {"unit_start": start}
    return _site_columns(sites, operators, totals), unit_columns


def _amenities(session: Any) -> c.AmenityColumns:
    rows = read_columns(session, "amenities")
    lon, lat = v.to_points(np.asarray(rows["geometry"], dtype=object))
    return c.AmenityColumns(
        **_texts(rows, ("id", "name", "address", "source", "source_date")),
        category=v.to_codes(rows["category"], list(words.AmenityCategory)),
        lon=lon,
        lat=lat,
        demo=v.to_flags(rows["demo"]),
    )


def _areas(session: Any, table: str, key: str, name: str, detail: str) -> c.AreaColumns:
    rows = read_columns(session, table)
    count = len(rows["fid"])
    return c.AreaColumns(
        id=c.TextColumn.of([str(value) for value in rows[key]]),
        name=c.TextColumn.of(rows[name] if name else [""] * count),
        detail=c.TextColumn.of(rows[detail] if detail else [""] * count),
        demo=v.to_flags(rows.get("demo", [False] * count)),
        geometry=c.GeometryColumn.of(np.asarray(rows["geometry"], dtype=object)),
    )


def _towns(session: Any) -> c.TownColumns:
    rows = read_columns(session, "towns")
    lon, lat = v.to_points(np.asarray(rows["geometry"], dtype=object))
    texts = {"id": rows["code"], "name": rows["name"], "adcode": rows["adcode"]}
    return c.TownColumns(**{k: c.TextColumn.of(t) for k, t in texts.items()}, lon=lon, lat=lat)


def _targets(session: Any) -> c.TargetColumns:
    rows = read_columns(session, "targets")
    return c.TargetColumns(
        reporting_unit=v.to_codes(rows["reporting_unit"], UNIT_IDS),
        year=np.array(rows["year"], dtype=np.int16),
        indicator=v.to_codes(rows["indicator"], list(words.Indicator)),
        value=v.to_floats(rows["value"]),
    )


def _history(session: Any, site_ids: list[str]) -> c.HistoryColumns:
    rows = read_columns(session, "unit_history")
    site, month = _rows_of_sites(site_ids, list(rows["site_id"])), v.to_days(rows["month"])
    order = np.lexsort((month, site))
    order = order[site[order] >= 0]
    start = np.searchsorted(site[order], np.arange(len(site_ids) + 1)).astype(np.int64)
    return c.HistoryColumns(
        site=site[order],
        month=month[order],
        leased_m2=v.to_floats(rows["leased_m2"], np.float32)[order],
        vacant_m2=v.to_floats(rows["vacant_m2"], np.float32)[order],
        tenants=v.to_ints(rows["tenants"])[order],
        jobs=v.to_ints(rows["jobs"])[order],
        rent_cny_m2_month=v.to_floats(rows["rent_cny_m2_month"], np.float32)[order],
        start=start,
    )


def _rings(session: Any, site_ids: list[str]) -> c.RingColumns:
    rows = read_columns(session, "rings")
    return c.RingColumns(
        profile=c.TextColumn.of(rows["profile"]),
        network=c.TextColumn.of(rows["network"]),
        site=_rows_of_sites(site_ids, list(rows["site_id"])),
        minutes=v.to_floats(rows["minutes"], np.float32),
        speed_kmh=v.to_floats(rows["speed_kmh"], np.float32),
        area_m2=v.to_floats(rows["area_m2"]),
        snapped_m=v.to_floats(rows["snapped_m"], np.float32),
        truncated=v.to_flags(rows["truncated"]),
        geometry=c.GeometryColumn.of(np.asarray(rows["geometry"], dtype=object)),
    )


def _access(session: Any, site_ids: list[str], amenities: c.AmenityColumns) -> c.AccessColumns:
    takes: dict[str, g.Take | None] = {
        "site_id": g.rows_by({site_id: row for row, site_id in enumerate(site_ids)}),
        "category": g.words_by(list(words.AmenityCategory)),
        "count": g.whole_numbers,
        "nearest_id": g.rows_by({a: row for row, a in enumerate(amenities.id) if a}),
        "nearest_m": g.numbers_as(np.float32),
    }
    chunks = iterate_columns(session, "access", tuple(takes))
    columns: dict[str, Any] = dict(zip(takes, g.gather(chunks, tuple(takes.values())), strict=True))
    shape = (len(site_ids), len(words.AmenityCategory))
    walk = np.full(shape, np.nan, dtype=np.float32)
    count, nearest = np.full(shape, -1, dtype=np.int32), np.full(shape, -1, dtype=np.int32)
    site, category = columns["site_id"], columns["category"]
    good = (site >= 0) & (category >= 0)
    at = site[good], category[good]
    walk[at], count[at] = columns["nearest_m"][good], columns["count"][good]
    nearest[at] = columns["nearest_id"][good]
    return c.AccessColumns(walk_m=walk, count=count, nearest=nearest)


def _streets(session: Any) -> c.LineColumns:
    rows = read_columns(session, "streets")
    shapes = np.asarray(rows["geometry"], dtype=object)
    coords, owner = shapely.get_coordinates(shapes, return_index=True)
    offsets = np.searchsorted(owner, np.arange(len(shapes) + 1)).astype(np.int64)
    return c.LineColumns(
        name=c.TextColumn.of(rows["name"]),
        klass=c.TextColumn.of(rows["klass"]),
        bridge=v.to_flags(rows["bridge"]),
        demo=v.to_flags(rows["demo"]),
        coords=coords.astype(np.float64),
        offsets=offsets,
    )


def read_stamp(session: Any, seq: int) -> str:
    """Return a name for the state at a number of the change log, unlike any other record's."""
    row = session.get(ChangeLog, seq) if seq else None
    text = f"{seq} {row.at.isoformat()} {row.actor}" if row else "empty"
    return f"{seq}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def build_catalog(store: Store) -> Catalog:
    """Read one consistent view of the record into columns."""
    with store.reading() as session:
        seq = read_latest_seq(session)
        stamp = read_stamp(session, seq)
        sites, units = _sites_and_units(session)
        amenities = _amenities(session)
        ids = list(sites.id)
        tables = c.Tables(
            sites=sites,
            units=units,
            amenities=amenities,
            counties=_areas(session, "counties", "adcode", "name", "source"),
            zones=_areas(session, "zones", "id", "name", "reporting_unit"),
            towns=_towns(session),
            targets=_targets(session),
            history=_history(session, ids),
            rings=_rings(session, ids),
            access=_access(session, ids, amenities),
            streets=_streets(session),
            water=_areas(session, "water", "fid", "name", ""),
            land=_areas(session, "land", "adcode", "", "source"),
        )
    return Catalog(seq, stamp, datetime.now(UTC).isoformat(timespec="seconds"), tables)
