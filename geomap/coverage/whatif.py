"""What if: the city with some things taken away or added, compared with today.

Only sites near an edit are walked anew: a walk is never shorter than the straight line, so
that what lies farther from every edit than the search goes is as it was.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.coverage.access import CATEGORIES, SEARCH_M, AmenityIndex, index_places
from geomap.coverage.batch import Progress, list_amenities_of
from geomap.coverage.cover import part_of
from geomap.coverage.profiles import Profile
from geomap.coverage.resolve import Resolved
from geomap.coverage.score import SiteScores, score_sites
from geomap.streets.edit import EditedNetwork, carry_places, without_streets
from geomap.streets.graph import StreetNetwork
from geomap.streets.snap import Snapped, snap_points

SAME_M = 0.05
"""Walks that differ by less are the same."""

F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class World:
    """Streets with amenities and n sites on them; a site on no street has edge -1."""

    network: StreetNetwork
    index: AmenityIndex
    places: Snapped


@dataclass(frozen=True, slots=True)
class CarriedStreets:
    """Streets without some pieces, and today's places on them.

    This is what takes time, so it is kept between edits of other things.
    """

    edited: EditedNetwork
    amenities: Snapped
    places: Snapped


@dataclass(frozen=True, slots=True)
class SiteAccess:
    """Amenities around n sites: counts within the profile's minutes, and the nearest.

    As in `AccessTable`, shapes (n, 12); `known` says which sites stand on a street, (n,).
    """

    count: I4
    nearest: I4
    nearest_m: F4
    known: Flags

    def __len__(self) -> int:
        """Return the number of sites."""
        return len(self.known)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Today and the edited world, for n sites and m new ones after them.

    Parameters
    ----------
    before, after
        What each site has; a site that is not there is not known.
    score_before, score_after
        Scores under the profile.
    differ
        Which categories of which sites differ, (n + m, 12).
    changed
        Sites that differ in anything, the worst change first.
    moved
        Whether a site's own street was taken away, so that it walks from another, (n + m,).
    """

    before: SiteAccess
    after: SiteAccess
    score_before: SiteScores
    score_after: SiteScores
    differ: Flags
    changed: I8
    moved: Flags


@dataclass(frozen=True, slots=True)
class Totals:
    """Sites with a known score, their mean score (NaN for none) and how many pass."""

    sites: int
    mean: float
    passed: int


def carry_streets(today: World, edges: I8) -> CarriedStreets:
    """Take streets out and carry today's amenities and sites over."""
    edited = without_streets(today.network, edges.tolist())
    return CarriedStreets(
        edited,
        carry_places(edited, today.index.places),
        carry_places(edited, today.places),
    )


def edit_world(today: World, streets: CarriedStreets, edits: Resolved) -> World:
    """Return the world after edits.

    Amenities and sites keep their numbers; those taken away stand on no street, new ones
    come after them.

    Parameters
    ----------
    today
        The world as it is.
    streets
        What `carry_streets` made of it and of the streets in `edits`.
    edits
        What can be done of the edits.
    """
    network = streets.edited.network
    amenities = _joined(
        _taken(streets.amenities, edits.amenities),
        place_anew(today.network, streets, [(a.spot.lon, a.spot.lat) for a in edits.added]),
    )
    places = _joined(
        _taken(streets.places, edits.sites),
        place_anew(today.network, streets, [(s.spot.lon, s.spot.lat) for s in edits.new_sites]),
    )
    category = np.concatenate([today.index.category, edits.kinds])
    return World(network, index_places(network, category, amenities), places)


def place_anew(
    network: StreetNetwork, streets: CarriedStreets, lonlat: list[tuple[float, float]]
) -> Snapped:
    """Put places on today's streets, and carry them over as if they had stood there."""
    degrees = np.array(lonlat, dtype=np.float64).reshape(-1, 2)
    return carry_places(streets.edited, snap_points(network, degrees[:, 0], degrees[:, 1]))


def _taken(places: Snapped, rows: I8) -> Snapped:
    edge = places.edge.copy()
    edge[rows] = -1
    return Snapped(edge, places.offset_m, places.access_m, places.x, places.y)


def _joined(first: Snapped, second: Snapped) -> Snapped:
    if not len(second):
        return first
    names = ("edge", "offset_m", "access_m", "x", "y")
    return Snapped(*(np.concatenate([getattr(first, n), getattr(second, n)]) for n in names))


def access_of(world: World, profile: Profile, progress: Progress | None = None) -> SiteAccess:
    """Walk from every site of a world."""
    found = list_amenities_of(
        world.network, world.index, world.places, profile.limit_m, progress=progress
    )
    return SiteAccess(found.count, found.nearest, found.nearest_m, world.places.edge >= 0)


def touched_sites(
    today: World, after: World, streets: CarriedStreets, edits: Resolved, search_m: float
) -> Flags:
    """Return which sites may differ after edits, shape of the sites of `after`.

    Parameters
    ----------
    search_m
        How far amenities are looked for, metres.
    """
    old, new = today.places, after.places
    touched = np.ones(len(new), dtype=np.bool_)
    carried = streets.edited.new_edge[old.edge]
    lost = (carried < 0) | (carried != new.edge[: len(old)])
    touched[: len(old)] = (old.edge >= 0) & lost
    spots = _edited_spots(today, after, edits)
    rows = np.flatnonzero((new.edge >= 0) & ~touched)
    if len(spots) and len(rows):
        tree = shapely.STRtree(np.asarray(shapely.points(new.x[rows], new.y[rows])))
        hit = tree.query(spots, predicate="dwithin", distance=search_m + 1.0)[1]
        touched[rows[hit]] = True
    return touched


def _edited_spots(today: World, after: World, edits: Resolved) -> NDArray[np.object_]:
    """Return where something changed, metres: streets, and amenities that came, went or moved."""
    old, new = today.index.places, after.index.places
    size = len(old)
    moved = np.isin(old.edge, edits.edges)
    moved[edits.amenities] = True
    at = np.concatenate([np.flatnonzero(moved & (old.edge >= 0)), np.arange(size, len(new))])
    points = np.asarray(shapely.points(new.x[at], new.y[at]))
    return np.concatenate([today.network.lines[edits.edges], points])


def compare(
    today: World,
    before: SiteAccess,
    streets: CarriedStreets,
    edits: Resolved,
    profile: Profile,
    progress: Progress | None = None,
) -> tuple[World, Comparison]:
    """Compare the edited world with today.

    Parameters
    ----------
    today, before
        The world as it is, and what `access_of` found in it.
    streets, edits
        As for `edit_world`.
    profile
        Minutes, speed and requirements.
    progress
        Called with (sites walked, sites to walk).

    Returns
    -------
    World, Comparison
        The edited world, and what differs in it.
    """
    after_world = edit_world(today, streets, edits)
    search = max(SEARCH_M, profile.limit_m)
    rows = np.flatnonzero(touched_sites(today, after_world, streets, edits, search))
    padded = _padded(before, len(after_world.places))
    part = World(after_world.network, after_world.index, part_of(after_world.places, rows))
    after = _replaced(padded, rows, access_of(part, profile, progress))
    one, two = (score_sites(a.nearest_m, a.count, profile, known=a.known) for a in (padded, after))
    moved = np.zeros(len(after), dtype=np.bool_)
    moved[: len(before)] = np.isin(today.places.edge, edits.edges) & after.known[: len(before)]
    differ = changed_walks(padded, after)
    changed = _worst_first(padded, after, one, two, differ)
    return after_world, Comparison(padded, after, one, two, differ, changed, moved)


def _padded(access: SiteAccess, size: int) -> SiteAccess:
    """Add sites of which nothing is known."""
    more = size - len(access)
    if not more:
        return access
    shape = (more, len(CATEGORIES))
    return SiteAccess(
        np.concatenate([access.count, np.zeros(shape, np.int32)]),
        np.concatenate([access.nearest, np.full(shape, -1, np.int32)]),
        np.concatenate([access.nearest_m, np.full(shape, np.nan, np.float32)]),
        np.concatenate([access.known, np.zeros(more, np.bool_)]),
    )


def _replaced(access: SiteAccess, rows: I8, fresh: SiteAccess) -> SiteAccess:
    names = ("count", "nearest", "nearest_m", "known")
    columns = [getattr(access, name).copy() for name in names]
    for column, name in zip(columns, names, strict=True):
        column[rows] = getattr(fresh, name)
    return SiteAccess(*columns)


def changed_walks(before: SiteAccess, after: SiteAccess) -> Flags:
    """Return which categories of which sites differ, shape (n, 12)."""
    far = np.abs(_metres(before) - _metres(after)) > SAME_M
    differ: Flags = (before.count != after.count) | (before.nearest != after.nearest) | far
    return differ


def _metres(access: SiteAccess) -> F8:
    """Return the walks to the nearest, one that was not found counting as twice the search."""
    found = access.nearest_m.astype(np.float64)
    return np.where(np.isnan(found), 2.0 * SEARCH_M, found)


def _worst_first(
    before: SiteAccess, after: SiteAccess, one: SiteScores, two: SiteScores, walks: Flags
) -> I8:
    """Return the sites that differ: by the score lost, amenities lost, metres more."""
    other = (before.known != after.known) | (walks.any(axis=1) & after.known)
    differ = np.flatnonzero(other)
    gain = two.score.clip(min=0) - one.score.clip(min=0)
    more = after.count.sum(axis=1) - before.count.sum(axis=1)
    farther = _metres(after).sum(axis=1) - _metres(before).sum(axis=1)
    order = np.lexsort((differ, -farther[differ], more[differ], gain[differ]))
    return differ[order]


def total_of(scores: SiteScores, rows: Flags | None = None) -> Totals:
    """Sum up scores, of all sites or of some."""
    known = scores.known if rows is None else scores.known & rows
    count = int(known.sum())
    mean = float(scores.score[known].mean()) if count else float("nan")
    return Totals(count, mean, int((scores.passed & known).sum()))
