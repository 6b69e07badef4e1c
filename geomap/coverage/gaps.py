"""Gaps: what each site lacks under a profile, the nearest one all the same, and how far off.

One row a site and unmet requirement. Where the requirement asks for several, the row tells
of the amenity that would complete them: the third nearest where three are asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geomap.coverage.access import CATEGORIES, SEARCH_M, AmenityIndex
from geomap.coverage.batch import list_amenities_of
from geomap.coverage.profiles import Profile, Requirement
from geomap.coverage.score import SiteScores, columns_of
from geomap.streets.graph import StreetNetwork
from geomap.streets.snap import Snapped

F8 = NDArray[np.float64]
I1 = NDArray[np.int8]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]
Nth = Callable[[I8, Requirement], tuple[I4, F8]]
"""For some sites and a requirement: the amenity that would complete it, -1 where none lies
within the search, and the walk to it."""


@dataclass(frozen=True, slots=True)
class GapTable:
    """Gaps of sites under a profile, each array of shape (g,).

    Parameters
    ----------
    site
        Row of the site.
    requirement
        Index in the profile's requirements.
    category
        Index in AmenityCategory: that of `nearest`, else the requirement's first.
    have
        Amenities within the profile's minutes that count.
    nearest
        Amenity that would complete the requirement, -1 where there is none at all.
    walk_m
        Walk to it, NaN where none lies within the search (3 km); then `nearest` is the
        nearest one as the crow flies.
    over_m
        By how many metres the walk is longer than the profile allows, NaN likewise.
    straight_m
        Distance to `nearest` as the crow flies, NaN where there is none.
    """

    site: I4
    requirement: I1
    category: I1
    have: I4
    nearest: I4
    walk_m: F8
    over_m: F8
    straight_m: F8

    def __len__(self) -> int:
        """Return the number of gaps."""
        return len(self.site)


def list_gaps(
    scores: SiteScores,
    profile: Profile,
    nearest: ArrayLike,
    walk_m: ArrayLike,
    category: I1,
    site_xy: F8,
    amenity_xy: F8,
    nth: Nth | None = None,
) -> GapTable:
    """List the gaps of n sites, the worst first.

    Parameters
    ----------
    scores
        What `score_sites` made of the sites.
    profile
        The profile of the scores.
    nearest, walk_m
        Nearest amenity by category (-1 none) and the walk to it (NaN none), shape (n, 12).
    category
        Index in AmenityCategory of each of m amenities.
    site_xy, amenity_xy
        Places in one metric CRS, shapes (n, 2) and (m, 2), NaN where unknown.
    nth
        Finds what completes a requirement for more than one; without it only the straight
        distance is told for those.
    """
    near, walks = np.asarray(nearest), np.asarray(walk_m, dtype=np.float64)
    parts: list[tuple[NDArray[np.generic], ...]] = []
    for r, requirement in enumerate(profile.requirements):
        rows = np.flatnonzero(scores.known & ~scores.met[:, r]).astype(np.int64)
        if not len(rows):
            continue
        columns = columns_of(requirement)
        if requirement.at_least == 1:
            found, metres = _nearest_of(near[rows][:, columns], walks[rows][:, columns])
        elif nth is not None:
            found, metres = nth(rows, requirement)
        else:
            found, metres = np.full(len(rows), -1, np.int32), np.full(len(rows), np.nan)
        lost = np.flatnonzero(found < 0)
        found[lost] = _straight(site_xy[rows[lost]], amenity_xy, np.isin(category, columns))
        kind = np.where(found >= 0, category[found], columns[0]) if len(category) else columns[0]
        parts.append(
            (rows, np.full(len(rows), r), np.broadcast_to(kind, rows.shape), scores.have[rows, r],
             found, metres)
        )  # fmt: skip
    return _gather(parts, profile, site_xy, amenity_xy)


def _nearest_of(nearest: I4, walks: F8) -> tuple[I4, F8]:
    """Return the nearest amenity over some categories and the walk, -1 and NaN for none."""
    filled = np.where((nearest >= 0) & np.isfinite(walks), walks, np.inf)
    at = np.argmin(filled, axis=1)
    rows = np.arange(len(nearest))
    known = np.isfinite(filled[rows, at])
    return (
        np.where(known, nearest[rows, at], -1).astype(np.int32),
        np.where(known, filled[rows, at], np.nan),
    )


def _straight(xy: F8, amenity_xy: F8, wanted: NDArray[np.bool_]) -> I4:
    """Return the nearest wanted amenity as the crow flies, -1 where there is none."""
    found = np.full(len(xy), -1, dtype=np.int32)
    rows = np.flatnonzero(wanted & np.isfinite(amenity_xy).all(axis=1))
    placed = np.flatnonzero(np.isfinite(xy).all(axis=1))
    if len(rows) and len(placed):
        _, at = cKDTree(amenity_xy[rows]).query(xy[placed])
        found[placed] = rows[at]
    return found


def _gather(
    parts: list[tuple[NDArray[np.generic], ...]], profile: Profile, site_xy: F8, amenity_xy: F8
) -> GapTable:
    """Put the parts together, the worst first: none within the search, then the farthest."""
    if not parts:
        none = np.empty(0)
        ints, small = none.astype(np.int32), none.astype(np.int8)
        return GapTable(ints, small, small, ints, ints, none, none, none)
    site, requirement, category, have, nearest, walks = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    off = np.full(len(site), np.nan)
    placed = np.flatnonzero(nearest >= 0)
    off[placed] = np.hypot(*(site_xy[site[placed]] - amenity_xy[nearest[placed]]).T)
    # Of those without a walk within the search, the ones without any at all come first.
    far = np.where(np.isfinite(walks), walks, np.inf)
    air = np.where(np.isfinite(off), off, np.inf)
    order = np.lexsort((requirement, site, -air, -far))
    return GapTable(
        site[order].astype(np.int32),
        requirement[order].astype(np.int8),
        category[order].astype(np.int8),
        have[order].astype(np.int32),
        nearest[order].astype(np.int32),
        walks[order],
        walks[order] - profile.limit_m,
        off[order],
    )


def nth_by_walk(network: StreetNetwork, index: AmenityIndex, places: Snapped) -> Nth:
    """Return what finds, by walking up to 3 km, the amenity that completes a requirement.

    Parameters
    ----------
    network, index
        Walking network, and the amenities snapped to it.
    places
        The sites, in the rows of the scores.
    """

    def nth(rows: I8, requirement: Requirement) -> tuple[I4, F8]:
        some = Snapped(
            places.edge[rows], places.offset_m[rows], places.access_m[rows],
            places.x[rows], places.y[rows],
        )  # fmt: skip
        table = list_amenities_of(network, index, some, SEARCH_M)
        found, metres = np.full(len(rows), -1, dtype=np.int32), np.full(len(rows), np.nan)
        for i in range(len(rows)):
            around = table.place(i)
            lists = [around.list_items(c) for c in columns_of(requirement)]
            item = np.concatenate([part[0] for part in lists])
            walk = np.concatenate([part[1] for part in lists])
            if len(item) >= requirement.at_least:
                at = np.lexsort((item, walk))[requirement.at_least - 1]
                found[i], metres[i] = item[at], walk[at]
        return found, metres

    return nth


def amenities_of_gap(profile: Profile, requirement: int) -> str:
    """Return the categories of a requirement, joined by commas."""
    return ",".join(str(CATEGORIES[c]) for c in columns_of(profile.requirements[requirement]))
