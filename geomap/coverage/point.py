"""The ring of any point, with the amenities in it: what ``GET /api/v1/ring`` answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.coverage.access import (
    CATEGORIES,
    AmenityAccess,
    AmenityIndex,
    build_amenity_index,
)
from geomap.coverage.batch import list_amenities_of
from geomap.coverage.profiles import Profile, get_profile
from geomap.domain.errors import InputError, NotFoundError
from geomap.domain.words import AmenityCategory, Label
from geomap.streets.graph import StreetNetwork
from geomap.streets.ring import build_rings, walk_limit_m
from geomap.streets.snap import SNAP_M, EdgePosition, Snapped, snap_points
from geomap.streets.walk import walk

F4 = NDArray[np.float32]
I4 = NDArray[np.int32]

__all__ = ["AmenityIndex", "PointRing", "WalkTo", "build_amenity_index", "ring_at"]


class WalkTo(NamedTuple):
    """An amenity by its index in the catalog, and the walk to it."""

    amenity: int
    walk_m: float
    walk_min: float


@dataclass(frozen=True, slots=True)
class CategoryAccess:
    """Amenities of one category around a point.

    `count` and `items` (nearest first) are those within the minutes; `nearest` is looked
    for up to 3 km, None where there is none.
    """

    count: int
    nearest: WalkTo | None
    items: tuple[WalkTo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointRing:
    """The ring of a point.

    `geometry` is in EPSG:4326, `area_m2` measured in the network's metric CRS,
    `snapped_m` the straight way to the street, which counts into every walk.
    """

    lon: float
    lat: float
    profile: str
    minutes: float
    speed_kmh: float
    geometry: BaseGeometry
    area_m2: float
    snapped_m: float
    truncated: bool
    network: str
    amenities: Mapping[AmenityCategory, CategoryAccess]


def ring_at(
    network: StreetNetwork,
    amenities: AmenityIndex,
    lon: float,
    lat: float,
    minutes: float | None = None,
    profile: Profile | str = "wenzhou-6-6",
) -> PointRing:
    """Return the ring of a point and the amenities that are reached.

    Parameters
    ----------
    network
        Walking network.
    amenities
        Amenities snapped to it.
    lon, lat
        The point, degrees EPSG:4326.
    minutes
        Minutes on foot, above 0 and at most 60; by default the profile's.
    profile
        A profile or its id; it gives the speed.

    Raises
    ------
    InputError
        The point or the minutes cannot be used.
    NotFoundError
        No street lies within 100 m of the point (or within the minutes), or there is no
        such profile.
    """
    chosen = get_profile(profile) if isinstance(profile, str) else profile
    minutes = chosen.minutes if minutes is None else minutes
    limit = walk_limit_m(minutes, chosen.speed_kmh)
    place = require_place(network, lon, lat, limit)
    return ring_from(network, amenities, place, lon, lat, minutes, chosen)


def ring_from(
    network: StreetNetwork,
    amenities: AmenityIndex,
    place: Snapped,
    lon: float,
    lat: float,
    minutes: float,
    profile: Profile,
) -> PointRing:
    """Return the ring of a point whose street is known; see `ring_at`.

    Parameters
    ----------
    place
        The point on its street, shape (1,).

    Raises
    ------
    InputError, NotFoundError
        The minutes cannot be used; no street lies near the point, or within the minutes.
    """
    chosen, limit = profile, walk_limit_m(minutes, profile.speed_kmh)
    _require_street(network, place.position(0), lon, lat, limit)
    start = place.position(0)
    reach = walk(network, start, limit)
    shapes = build_rings(network, reach, (minutes,), chosen.speed_kmh)
    if not shapes:
        raise _no_street(Label("步行时间太短，画不出圈", "The minutes are too few for a ring"))
    found = list_amenities_of(network, amenities, place, limit).place(0)
    return PointRing(
        lon=lon,
        lat=lat,
        profile=chosen.id,
        minutes=minutes,
        speed_kmh=chosen.speed_kmh,
        geometry=shapes[0].geometry,
        area_m2=shapes[0].area_m2,
        snapped_m=start.access_m,
        truncated=shapes[0].truncated,
        network=network.version,
        amenities=_by_category(found, chosen.speed_kmh),
    )


def require_place(network: StreetNetwork, lon: float, lat: float, limit_m: float) -> Snapped:
    """Return a point on its street, ready to walk `limit_m` metres.

    Raises
    ------
    InputError
        These are no degrees (EPSG:4326).
    NotFoundError
        No street lies within 100 m, or within the limit.
    """
    _require_degrees(lon, lat)
    place = snap_points(network, lon, lat)
    _require_street(network, place.position(0), lon, lat, limit_m)
    return place


def _require_degrees(lon: float, lat: float) -> None:
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180.0 and abs(lat) <= 90.0):
        raise InputError(
            Label(f"经纬度 {lon}, {lat} 不可用", f"{lon}, {lat} is no longitude and latitude"),
            fix=Label("给出度数，经度在前", "Give degrees, longitude first"),
            field="lon",
        )


def _no_street(reason: Label) -> NotFoundError:
    fix = Label(
        "换一个靠近道路的点；若路网不全，先导入更完整的路网",
        "Choose a point near a street, or import a more complete street network",
    )
    return NotFoundError(reason, fix=fix, field="lon")


def _require_street(
    network: StreetNetwork, start: EdgePosition, lon: float, lat: float, limit: float
) -> None:
    """Refuse a point from which no walk begins, and say why."""
    west, south, east, north = network.bounds
    if start.edge < 0 and not (west <= lon <= east and south <= lat <= north):
        raise _no_street(
            Label(
                f"该点在路网范围之外（{west:.3f}～{east:.3f}，{south:.3f}～{north:.3f}）",
                f"The point lies outside the street network ({west:.3f} to {east:.3f}, "
                f"{south:.3f} to {north:.3f})",
            )
        )
    if start.edge < 0 or start.access_m >= limit:
        far = min(SNAP_M, limit)
        raise _no_street(
            Label(
                f"该点 {far:.0f} 米内没有可步行的道路",
                f"No street to walk lies within {far:.0f} m of the point",
            )
        )


def _by_category(
    found: AmenityAccess, speed_kmh: float
) -> Mapping[AmenityCategory, CategoryAccess]:
    per_minute = speed_kmh * 1000.0 / 60.0

    def to(amenities: I4, metres: F4) -> list[WalkTo]:
        walks = metres.astype(np.float64)
        rows = amenities.tolist(), walks.round(1).tolist(), (walks / per_minute).round(2).tolist()
        return list(map(WalkTo._make, zip(*rows, strict=True)))

    nearest = to(found.nearest, found.nearest_m)
    result: dict[AmenityCategory, CategoryAccess] = {}
    items = to(found.item, found.item_m)
    for c, category in enumerate(CATEGORIES):
        mine = items[found.item_at[c] : found.item_at[c + 1]]
        known = nearest[c] if found.nearest[c] >= 0 else None
        result[category] = CategoryAccess(int(found.count[c]), known, tuple(mine))
    return result
