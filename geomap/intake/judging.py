"""What is wrong with the place of a row, said on the row with its fix."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.domain.records import CountyShape
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import Label
from geomap.geo.crs import metric_crs_of, to_metric
from geomap.intake.places import NULL_ISLAND, OFF_GLOBE, OK, OUTSIDE, SWAPPED, UNREADABLE, Places
from geomap.intake.region import Region
from geomap.intake.report import Outcome
from geomap.intake.rows import Row

EDGE_M = 150.0
"""A point this close to the declared county does not contradict it: outlines differ by so much."""

_ADVICE: Mapping[int, tuple[str, Label, Label]] = {
    OFF_GLOBE: (
        "off_globe",
        Label("坐标不是经纬度", "the coordinates are no degrees"),
        Label(
            "若是米制坐标，声明 --crs EPSG:n（如 EPSG:4549）",
            "declare --crs EPSG:n (as EPSG:4549) if they are metres",
        ),
    ),
    SWAPPED: (
        "swapped",
        Label("经度和纬度写反了", "longitude and latitude are swapped"),
        Label("把两列的列名或值对调", "swap the two columns, or their headers"),
    ),
    OUTSIDE: (
        "outside",
        Label("坐标在本市之外", "the point lies outside of the region"),
        Label("核对坐标和 --crs", "check the coordinates and --crs"),
    ),
    NULL_ISLAND: (
        "null_island",
        Label("坐标是 0,0", "the coordinates are 0,0"),
        Label("没有坐标就留空", "leave them empty where they are not known"),
    ),
}


def judge_place(row: Row, places: Places, index: int) -> bool:
    """Reject a row whose place cannot be; return whether it has one."""
    problem = int(places.problem[index])
    if problem == UNREADABLE:
        reason, fix = places.reasons[row.number], Label("改正坐标", "correct it")
        field, value = _written(row)
        row.note(Outcome.REJECTED, "unreadable_place", reason, field=field, fix=fix, value=value)
    elif problem in _ADVICE:
        code, reason, fix = _ADVICE[problem]
        value = f"{places.x[index]:.7g}, {places.y[index]:.7g}"
        row.note(Outcome.REJECTED, code, reason, field="lon", fix=fix, value=value)
    return problem == OK


def _written(row: Row) -> tuple[str, str]:
    """Return the field that holds a row's place, and what stands there."""
    for field in ("lonlat", "wkt"):
        if row.cell(field) is not None:
            return field, row.text(field)
    if row.cell("lon") is None and row.cell("lat") is None:
        return "geometry", ""
    return "lon", f"{row.text('lon')}, {row.text('lat')}"


def judge_county(row: Row, places: Places, index: int, adcode: str, region: Region) -> None:
    """Doubt a row whose place lies in another county than it says."""
    at = int(places.county[index])
    codes = [county.adcode for county in region.counties]
    if not adcode or at < 0 or codes[at] == adcode or adcode not in codes:
        return
    said = region.counties[codes.index(adcode)]
    lon, lat = float(places.lon[index]), float(places.lat[index])
    gap = _gap_m(said.geometry, lon, lat)
    if gap <= EDGE_M:
        return
    lies = region.counties[at]
    row.doubt(
        "county_mismatch",
        Label(
            f"写的是{said.name}，坐标落在{lies.name}，离{said.name} {gap:,.0f} 米",
            f"it says {_english(said)}, but the point lies in {_english(lies)}, {gap:,.0f} m away",
        ),
        field="adcode",
        fix=Label("核对县区、坐标和 --crs", "check the county, the coordinates and --crs"),
    )


def _english(county: CountyShape) -> str:
    known = BY_ADCODE.get(county.adcode)
    return known.name_en if known else county.name


def _gap_m(geometry: BaseGeometry, lon: float, lat: float) -> float:
    """Return how far a point lies from a polygon, in metres."""
    nearest = shapely.shortest_line(geometry, shapely.Point(lon, lat))
    coords = shapely.get_coordinates(nearest)
    x, y = to_metric(coords[:, 0], coords[:, 1], metric_crs_of(lon, lat))
    return float(np.hypot(x[1] - x[0], y[1] - y[0]))
