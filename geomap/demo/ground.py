"""The ground the city stands on: land, water and counties in metres (EPSG:4549)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.demo.rivers import River, build_rivers
from geomap.domain.records import CountyShape
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry

F8 = NDArray[np.float64]
SETBACK_M = 16.0
"""Streets keep this far from water, so that only bridges cross it."""
MARGIN_M = 6_000.0
ISLET_M2 = 400_000.0
"""Smaller islands have no streets."""


@dataclass(frozen=True)
class Ground:
    """Land and water of the region.

    Parameters
    ----------
    counties
        Dry land of each county, in the order given, without its rivers.
    land
        All land against the sea, neighbours of the region included.
    rivers
        Named waters on the land.
    water
        Union of `rivers`.
    dry
        Land further than `SETBACK_M` from sea and rivers: where streets may lie.
    """

    counties: Mapping[str, BaseGeometry]
    land: BaseGeometry
    rivers: Sequence[River]
    water: BaseGeometry
    dry: BaseGeometry

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the counties, metres."""
        boxes = np.array([shape.bounds for shape in self.counties.values()])
        low, high = boxes.min(axis=0), boxes.max(axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])

    def county_at(self, x: F8, y: F8) -> NDArray[np.int64]:
        """Return the place in `counties` of each point, -1 off their dry land."""
        found = np.full(len(x), -1, dtype=np.int64)
        for index, shape in enumerate(self.counties.values()):
            open_ = np.flatnonzero(found < 0)
            hit = shapely.contains_xy(shape, x[open_], y[open_])
            found[open_[hit]] = index
        return found


def _metric(geometry: BaseGeometry) -> BaseGeometry:
    moved = project_geometry(geometry, WGS84, METRIC_EPSG)
    return moved if moved.is_valid else shapely.make_valid(moved, method="structure")


def build_ground(
    counties: Sequence[CountyShape], land: Sequence[Mapping[str, object]], seed: int
) -> Ground:
    """Put counties, land and made-up rivers together.

    Parameters
    ----------
    counties
        Territories with their sea part, EPSG:4326.
    land
        Rows of the table `land`: the land part of each county, and "" for what lies around.
    seed
        Of the city.
    """
    parts: dict[str, BaseGeometry] = {}
    around: BaseGeometry = shapely.Polygon()
    codes = {county.adcode for county in counties}
    for row in land:
        geometry = row["geometry"]
        if not isinstance(geometry, BaseGeometry) or geometry.is_empty:
            continue
        if row["adcode"] in codes:
            parts[str(row["adcode"])] = _metric(geometry)
        elif not row["adcode"]:
            around = geometry
    whole = shapely.union_all(list(parts.values()))
    west, south, east, north = shapely.buffer(whole.envelope, MARGIN_M).bounds
    outside = _near(around, whole)
    everything = shapely.union_all([*parts.values(), outside])
    # Land rows that share a border may leave hairlines between them.
    everything = shapely.buffer(shapely.buffer(everything, 3.0), -3.0)
    rivers = [
        river._replace(geometry=river.geometry.intersection(shapely.buffer(everything, 40.0)))
        for river in build_rivers(seed, shapely.box(west, south, east, north))
    ]
    rivers = [river for river in rivers if not river.geometry.is_empty]
    water = shapely.union_all([river.geometry for river in rivers])
    kept = shapely.simplify(shapely.buffer(everything, -1.5 * SETBACK_M), 4.0)
    dry = _without_islets(kept.difference(shapely.simplify(shapely.buffer(water, SETBACK_M), 2.0)))
    shapely.prepare(dry)
    dry_counties = {
        code: shapely.intersection(parts[code], dry)
        for code in (county.adcode for county in counties)
        if code in parts
    }
    for shape in dry_counties.values():
        shapely.prepare(shape)
    return Ground(dry_counties, everything, rivers, water, dry)


def _without_islets(dry: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(dry)
    return shapely.MultiPolygon(list(parts[shapely.area(parts) > ISLET_M2]))


def _near(around: BaseGeometry, whole: BaseGeometry) -> BaseGeometry:
    """Return the land around the region, cut to its surroundings, metres."""
    if around.is_empty:
        return around
    frame = project_geometry(shapely.buffer(whole.envelope, 2 * MARGIN_M), METRIC_EPSG, WGS84)
    return _metric(shapely.make_valid(shapely.clip_by_rect(around, *frame.bounds)))


def tiled(geometry: BaseGeometry, bounds: tuple[float, float, float, float]) -> BaseGeometry:
    """Return the part of a geometry in a box: quick on large shapes, unlike an overlay."""
    if geometry.is_empty:
        return geometry
    part: BaseGeometry = shapely.clip_by_rect(geometry, *bounds)
    return part if part.is_valid else shapely.make_valid(part, method="structure")
