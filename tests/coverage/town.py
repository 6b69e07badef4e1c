"""A town drawn by hand, with amenities: 1.6 km by 1.6 km, streets every 200 m."""

from __future__ import annotations

from functools import cache

import numpy as np

from geomap.coverage.access import AmenityIndex, build_amenity_index
from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory
from geomap.streets.graph import StreetNetwork
from tests.streets.drawn import block, lonlat, network_of

CATEGORIES = tuple(AmenityCategory)
C = AmenityCategory


@cache
def town() -> StreetNetwork:
    return network_of(*block(9, 200.0))


def amenities(*items: tuple[float, float, AmenityCategory]) -> list[Amenity]:
    """Return amenities a0, a1 … at places in metres."""
    result = []
    for i, (x, y, category) in enumerate(items):
        lon, lat = (float(v) for v in lonlat(x, y))
        result.append(Amenity(id=f"a{i}", name=f"{i}", category=category, lon=lon, lat=lat))
    return result


def index_of(network: StreetNetwork, *items: tuple[float, float, AmenityCategory]) -> AmenityIndex:
    xy = np.array([item[:2] for item in items], dtype=float).reshape(-1, 2)
    category = np.array([CATEGORIES.index(item[2]) for item in items], dtype=np.int8)
    return build_amenity_index(network, category, *lonlat(xy[:, 0], xy[:, 1]))
