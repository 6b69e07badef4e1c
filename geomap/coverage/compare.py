"""Profiles side by side at one place, each beside the circle of the same radius.

A circle of the distance walked claims places across rivers, railways and walls. The
comparison says by how much: of its area, and of the amenities within it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.coverage.access import CATEGORIES, AmenityIndex, list_amenities
from geomap.coverage.point import require_place
from geomap.coverage.profiles import Profile
from geomap.coverage.score import SiteScores, score_sites
from geomap.streets.graph import StreetNetwork
from geomap.streets.ring import RingShape, build_rings
from geomap.streets.walk import walk

I4 = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle around the place, and what it would claim.

    Parameters
    ----------
    radius_m
        The metres that the profile's minutes walk.
    area_m2
        Of the circle.
    count
        Amenities by category within it, shape (12,).
    overstates_area
        Circle ÷ ring − 1: 1.2 says that the circle claims 120 % more than is reached.
    overstates_amenities
        The same of the amenities of the profile's categories; None where the walk reaches
        none.
    """

    radius_m: float
    area_m2: float
    count: I4
    overstates_area: float
    overstates_amenities: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one profile says of a place; `count` is by category, shape (12,)."""

    profile: Profile
    ring: RingShape
    scores: SiteScores
    count: I4
    circle: Circle
    circle_scores: SiteScores


def compare_profiles(
    network: StreetNetwork,
    amenities: AmenityIndex,
    lon: float,
    lat: float,
    profiles: tuple[Profile, ...],
) -> list[Verdict]:
    """Return each profile's verdict on a place.

    Parameters
    ----------
    network, amenities
        Walking network, and the amenities snapped to it.
    lon, lat
        The place, degrees EPSG:4326.
    profiles
        Profiles to compare.

    Raises
    ------
    InputError, NotFoundError
        The place cannot be used, or no street is near.
    """
    return [_verdict(network, amenities, lon, lat, profile) for profile in profiles]


def _verdict(
    network: StreetNetwork, index: AmenityIndex, lon: float, lat: float, profile: Profile
) -> Verdict:
    limit = profile.limit_m
    start = require_place(network, lon, lat, limit).position(0)
    reach = walk(network, start, limit)
    (ring,) = build_rings(network, reach, [profile.minutes], profile.speed_kmh)
    count = list_amenities(network, index, reach, limit).count
    inside = np.hypot(index.places.x - start.x, index.places.y - start.y) <= limit
    claimed = np.bincount(index.category[inside], minlength=len(CATEGORIES)).astype(np.int32)
    area = float(np.pi * limit * limit)
    named = [CATEGORIES.index(c) for c in profile.categories]
    reached = int(count[named].sum())
    circle = Circle(
        limit,
        area,
        claimed,
        area / ring.area_m2 - 1.0,
        int(claimed[named].sum()) / reached - 1.0 if reached else None,
    )
    none = np.full((1, len(CATEGORIES)), np.nan)
    scores, claims = (score_sites(none, c, profile, known=[True]) for c in (count, claimed))
    return Verdict(profile, ring, scores, count, circle, claims)
