"""Records of the domain as rows of the tables, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

import shapely

from geomap.domain import records
from geomap.domain.placement import ChainPosition
from geomap.domain.words import (
    LocationPrecision,
    PermittedUse,
    Platform,
    Service,
    SiteLevel,
    Stage,
    UnitKind,
    UnitStatus,
)
from geomap.store.models import TABLES

KEYS: Mapping[str, tuple[str, ...]] = {
    "counties": ("adcode",),
    "reporting_units": ("id",),
    "zones": ("id",),
    "towns": ("code",),
    "operators": ("id",),
    "sites": ("id",),
    "units": ("id",),
    "unit_history": ("site_id", "month"),
    "amenities": ("id",),
    "demands": ("id",),
    "projects": ("id",),
    "targets": ("reporting_unit", "year", "indicator"),
    "rings": ("site_id", "profile", "minutes"),
    "access": ("site_id", "profile", "category"),
}
"""What names a row of each table; tables that are not here are only replaced whole."""

RECORDS: Mapping[str, type[Any]] = {
    "counties": records.CountyShape,
    "zones": records.Zone,
    "towns": records.Town,
    "operators": records.Operator,
    "sites": records.Site,
    "units": records.Unit,
    "unit_history": records.UnitHistory,
    "amenities": records.Amenity,
    "projects": records.Project,
    "targets": records.Target,
    "rings": records.Ring,
    "access": records.Access,
}


@lru_cache(maxsize=64)
def column_names(table: str) -> tuple[str, ...]:
    """Return the columns of a table that a record or a caller fills."""
    managed = {"fid", "version", "updated_at"}
    return tuple(c.name for c in TABLES[table].columns if c.name not in managed)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def _getters(table: str) -> list[tuple[str, Callable[[Any], Any]]]:
    fields = {f.name for f in dataclasses.fields(RECORDS[table])}
    return [(name, _reader(name)) for name in column_names(table) if name in fields]


def _reader(name: str) -> Callable[[Any], Any]:
    return lambda record: _plain(getattr(record, name))


def rows_of(table: str, items: Iterable[Any]) -> list[dict[str, Any]]:
    """Turn records into rows. Towns and amenities get their point from `lon` and `lat`."""
    getters = _getters(table)
    pointed = table in ("towns", "amenities")
    rows = []
    for item in items:
        row = {name: read(item) for name, read in getters}
        if pointed:
            placed = item.lon is not None and item.lat is not None
            row["geometry"] = shapely.Point(item.lon, item.lat) if placed else None
        rows.append(row)
    return rows


def site_of(row: Mapping[str, Any]) -> records.Site:
    """Turn a row of `sites` back into a record."""
    values = {name: row[name] for name in column_names("sites") if name in _SITE_FIELDS}
    values |= {
        "precision": LocationPrecision(row["precision"]),
        "stages": tuple(Stage(s) for s in row["stages"]),
        "services": tuple(Service(s) for s in row["services"]),
        "platforms": tuple(Platform(s) for s in row["platforms"]),
        "level": SiteLevel(row["level"]) if row["level"] else None,
    }
    return records.Site(**values)


def unit_of(row: Mapping[str, Any]) -> records.Unit:
    """Turn a row of `units` back into a record."""
    values = {name: row[name] for name in column_names("units")}
    use = row["permitted_use"]
    values |= {
        "kind": UnitKind(row["kind"]),
        "status": UnitStatus(row["status"]),
        "permitted_use": PermittedUse(use) if use else None,
    }
    return records.Unit(**values)


def project_of(row: Mapping[str, Any]) -> records.Project:
    """Turn a row of `projects` back into a record."""
    values = {name: row[name] for name in column_names("projects")}
    position = row["chain_position"]
    values["chain_position"] = ChainPosition(position) if position else None
    return records.Project(**values)


_SITE_FIELDS = {f.name for f in dataclasses.fields(records.Site)}
