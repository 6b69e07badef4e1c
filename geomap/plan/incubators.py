"""Known incubators of the city, as reference: facts with their source, never a vacancy.

No source gives coordinates. A site gets its town's label point where the town is known and
has one, else a representative point of its county, and its `precision` says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.domain.records import CountyShape, Operator, Site, Town
from geomap.domain.words import LocationPrecision, SiteLevel, Stage
from geomap.plan.facts import read_table

_TABLE = "incubators.csv"
_NAME_ONLY = "name-only"
_FINDS = ("read", _NAME_ONLY)


def find_county_point(territory: BaseGeometry) -> shapely.Point:
    """Return a representative point of a county (EPSG:4326).

    The centroid of its largest part where that lies inside, else a point on its surface. It
    stands for the county and for no place in it.
    """
    largest = max(shapely.get_parts(territory), key=lambda part: float(part.area))
    centre = shapely.centroid(largest)
    inside = bool(shapely.contains(largest, centre))
    point = centre if inside else shapely.point_on_surface(largest)
    return shapely.Point(shapely.get_x(point), shapely.get_y(point))


def locate_row(
    row: Mapping[str, str],
    counties: Mapping[str, BaseGeometry],
    towns: Mapping[str, Town],
) -> tuple[shapely.Point | None, LocationPrecision]:
    """Return where a row of the table is drawn, and how precisely that is."""
    town = towns.get(row["town"])
    if town is not None and town.lon is not None and town.lat is not None:
        return shapely.Point(town.lon, town.lat), LocationPrecision.TOWN
    if row["adcode"] in counties:
        return find_county_point(counties[row["adcode"]]), LocationPrecision.COUNTY
    return None, LocationPrecision.UNKNOWN


def _operators(rows: Sequence[Mapping[str, str]]) -> dict[str, Operator]:
    """Return the operators that are named, by name; whether they are professional is not."""
    names = sorted({row["operator"] for row in rows if row["operator"]})
    return {name: Operator(id=f"ref-operator-{i}", name=name) for i, name in enumerate(names, 1)}


def _note(row: Mapping[str, str]) -> str:
    parts = [row["type"], row["note"]]
    return "；".join(part for part in parts if part)


def read_reference_sites(
    counties: Sequence[CountyShape], towns: Sequence[Town]
) -> tuple[list[Operator], list[Site]]:
    """Return the known incubators and their operators.

    Parameters
    ----------
    counties
        Territories (EPSG:4326) for representative points.
    towns
        Towns with their label points.
    """
    rows = [row for row in read_table(_TABLE) if row["status"] in _FINDS]
    shapes = {county.adcode: county.geometry for county in counties}
    by_code = {town.code: town for town in towns}
    operators = _operators(rows)
    sites = []
    for row in rows:
        point, precision = locate_row(row, shapes, by_code)
        operator = operators.get(row["operator"])
        sites.append(
            Site(
                id=row["id"],
                name=row["name"],
                geometry=point,
                precision=precision,
                address=row["place"],
                declared_adcode=row["adcode"],
                town=row["town"],
                stages=tuple(Stage(word) for word in row["stages"].split()),
                industries=tuple(row["industries"].split()),
                level=SiteLevel(row["level"]) if row["level"] else None,
                operator_id=operator.id if operator else "",
                area_m2=float(row["area_m2"]) if row["area_m2"] else None,
                note=_note(row),
                source=row["source"],
                source_date=row["source_date"],
                reference=True,
            )
        )
    return list(operators.values()), sites
