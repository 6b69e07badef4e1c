"""Rings and amenity access of every site, for the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from geomap.coverage.access import (
    CATEGORIES,
    AmenityAccess,
    AmenityLike,
    TextLike,
    amenity_points,
    build_amenity_index,
)
from geomap.coverage.batch import list_amenities_of
from geomap.coverage.profiles import Profile
from geomap.domain.records import Access, Amenity, Ring
from geomap.streets.graph import StreetNetwork
from geomap.streets.ring import RingShape, build_rings
from geomap.streets.snap import snap_points
from geomap.streets.walk import walk

Progress = Callable[[int, int], None]


def build_coverage(
    network: StreetNetwork,
    site_ids: Sequence[str],
    lon: ArrayLike,
    lat: ArrayLike,
    amenities: Sequence[Amenity] | AmenityLike,
    profile: Profile,
    progress: Progress | None = None,
    *,
    threads: int = 2,
) -> tuple[list[Ring], list[Access]]:
    """Compute the rings and the amenity access of sites.

    Parameters
    ----------
    network
        Walking network.
    site_ids
        Ids of n sites.
    lon, lat
        Their places, degrees EPSG:4326, shape (n,); NaN where a site is not located.
    amenities
        Records, or columns such as the catalog's.
    profile
        Minutes and speed; its rings are drawn at a third, two thirds and the whole.
    progress
        Called with (sites done, sites in all).
    threads
        How many work side by side on the amenity lists.

    Returns
    -------
    rings, access
        Three rings and twelve accesses (one a category) for every site near a street. A
        site without a place, or with no street within 100 m, has neither: nothing is
        known of it.
    """
    columns = amenity_points(amenities) if isinstance(amenities, Sequence) else amenities
    index = build_amenity_index(network, columns.category, columns.lon, columns.lat)
    places = snap_points(network, lon, lat)
    table = list_amenities_of(network, index, places, profile.limit_m, threads=threads)
    rings: list[Ring] = []
    access: list[Access] = []
    for i, site_id in enumerate(site_ids):
        reach = walk(network, places.position(i), profile.limit_m)
        if not reach.empty:
            shapes = build_rings(network, reach, profile.ring_minutes, profile.speed_kmh)
            snapped = float(places.access_m[i])
            rings += [_ring(site_id, profile, s, snapped, network.version) for s in shapes]
            access += _accesses(site_id, profile, table.place(i), columns.id)
        if progress is not None:
            progress(i + 1, len(site_ids))
    return rings, access


def _ring(site_id: str, profile: Profile, shape: RingShape, snapped: float, version: str) -> Ring:
    return Ring(
        site_id=site_id,
        profile=profile.id,
        minutes=shape.minutes,
        speed_kmh=shape.speed_kmh,
        geometry=shape.geometry,
        area_m2=round(shape.area_m2, 1),
        truncated=shape.truncated,
        snapped_m=round(snapped, 1),
        network=version,
    )


def _accesses(site_id: str, profile: Profile, found: AmenityAccess, ids: TextLike) -> list[Access]:
    result = []
    for c, category in enumerate(CATEGORIES):
        nearest = int(found.nearest[c])
        result.append(
            Access(
                site_id=site_id,
                profile=profile.id,
                category=category,
                count=int(found.count[c]),
                nearest_id=ids[nearest] if nearest >= 0 else "",
                nearest_m=round(float(np.float64(found.nearest_m[c])), 1) if nearest >= 0 else None,
            )
        )
    return result
