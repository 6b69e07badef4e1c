"""Rows of a table to functional zones, or to the twelve counties."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from geomap.domain.records import CountyShape, Zone
from geomap.domain.regions import BY_ADCODE, COUNTIES
from geomap.domain.words import Label
from geomap.intake import synonyms
from geomap.intake.footprints import read_footprint
from geomap.intake.headers import require_columns
from geomap.intake.judging import judge_place
from geomap.intake.places import MISSING, Places, has_coordinates, read_places, require_crs
from geomap.intake.region import Region
from geomap.intake.report import Findings
from geomap.intake.rows import Row, SeenIds, stable_id, sweep
from geomap.intake.tables import Table
from geomap.intake.values import Parser, parse_flag, parse_text

_MOST_COUNTY_DEG2 = 2.0
_MOST_ZONE_DEG2 = 0.3

ZONE_PARSERS: Mapping[str, Parser] = {
    "name": parse_text,
    "reporting_unit": synonyms.parse_reporting_unit,
    "source": parse_text,
    "demo": parse_flag,
}


def _judged(row: Row, places: Places, index: int, table: Table, most_deg2: float) -> Any:
    if judge_place(row, places, index):
        return read_footprint(row, table, places, index, points=False, most_deg2=most_deg2)
    if int(places.problem[index]) == MISSING:
        row.reject("no_geometry", Label("没有几何", "no geometry"))
    return None


def _require_polygons(kind: str, table: Table) -> None:
    if not has_coordinates(table) or not (table.has_geometry or "wkt" in table.mapped.column):
        require_columns(kind, table.mapped, [("wkt",)])


def clean_zones(
    table: Table,
    *,
    crs: str,
    region: Region,
    findings: Findings,
    source: str,
    find_stored: Callable[[str], Zone | None] = lambda _id: None,
) -> list[Zone]:
    """Clean a table of functional zones; columns that it lacks keep what `find_stored` gives.

    Raises
    ------
    InputError
        A column that must be there is missing, or the CRS is not declared.
    """
    _require_polygons("zones", table)
    require_columns("zones", table.mapped, [("name",)])
    places = read_places(table, require_crs(crs, table), region)
    ids, zones = SeenIds(), []
    for index, row in enumerate(sweep(table, findings)):
        row.require(["name"])
        values = row.take(ZONE_PARSERS, {**dict.fromkeys(ZONE_PARSERS, ""), "demo": False})
        geometry = _judged(row, places, index, table, _MOST_ZONE_DEG2)
        given = row.id() or stable_id("z", values["name"])
        ids.check(row, given)
        stored = find_stored(given)
        row.require_mark(stored, values)
        if row.close() and geometry is not None:
            if stored is None or stored.demo > bool(values.get("demo")):
                stored = Zone(id=given, name=values["name"], geometry=geometry)
            values["source"] = values.get("source") or stored.source or source
            zones.append(dataclasses.replace(stored, geometry=geometry, **values))
    return zones


def clean_boundaries(
    table: Table, *, crs: str, findings: Findings, source: str
) -> list[CountyShape]:
    """Clean a table of county boundaries; what is no county of Wenzhou is rejected.

    The set as a whole is checked by `geomap.intake.boundaries.check_county_shapes`.

    Raises
    ------
    InputError
        A column that must be there is missing, or the CRS is not declared.
    """
    _require_polygons("boundaries", table)
    require_columns("boundaries", table.mapped, [("adcode", "name")])
    places = read_places(table, require_crs(crs, table), Region("any"))
    ids, shapes = SeenIds(), {}
    for index, row in enumerate(sweep(table, findings)):
        adcode = _county_of(row)
        geometry = _judged(row, places, index, table, _MOST_COUNTY_DEG2)
        if adcode:
            ids.check(row, adcode)
        if row.close() and adcode and geometry is not None:
            said = row.text("source") or source
            name = BY_ADCODE[adcode].name
            shapes[adcode] = CountyShape(adcode=adcode, name=name, geometry=geometry, source=said)
    return [shapes[c.adcode] for c in COUNTIES if c.adcode in shapes]


def _county_of(row: Row) -> str:
    for field in ("adcode", "name"):
        if row.cell(field) is not None:
            return str(row.parse(field, synonyms.parse_county) or "")
    row.reject("missing", Label("没有代码也没有名称", "neither code nor name"), field="adcode")
    return ""
