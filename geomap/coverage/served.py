"""What each chosen place does, one after the other: sites, walks, scores and open gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.coverage.access import CATEGORIES
from geomap.coverage.cover import BLOCK, Candidates, part_of, walks_to
from geomap.coverage.needs import Brings, list_requirements, places_needed
from geomap.coverage.profiles import Profile
from geomap.coverage.score import score_sites
from geomap.streets.graph import StreetNetwork
from geomap.streets.snap import Snapped

I4 = NDArray[np.int32]
I8 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Served:
    """A site that a place helps: its row, the walk, score and open gaps before and after."""

    site: int
    walk_m: float
    score_before: int
    score_after: int
    open_before: int
    open_after: int


def walks_between(
    network: StreetNetwork,
    candidates: Candidates,
    places: Snapped,
    rows: I8,
    chosen: I4,
    limit_m: float,
) -> dict[tuple[int, int], float]:
    """Return the walks from sites (by row) to chosen candidates within the limit, metres."""
    found: dict[tuple[int, int], float] = {}
    for first in range(0, len(rows), BLOCK):
        block = rows[first : first + BLOCK]
        at, item, walk_m = walks_to(network, candidates, part_of(places, block), limit_m)
        hit = np.flatnonzero(np.isin(item, chosen))
        owner = block[np.searchsorted(at, hit, side="right") - 1]
        pairs = zip(owner.tolist(), item[hit].tolist(), strict=True)
        found.update(zip(pairs, walk_m[hit].tolist(), strict=True))
    return found


class Ledger:
    """Counts and needs of sites, to which places are added one by one.

    Parameters
    ----------
    count
        Amenities within the walk, shape (n, 12); copied.
    profile, brings
        What sites must have, and what every place brings.
    """

    def __init__(self, count: I4, profile: Profile, brings: Brings) -> None:
        self._count, self._profile, self._brings = count.copy(), profile, brings
        self._requirements = list_requirements(profile, brings)
        self._columns = [CATEGORIES.index(c) for c in brings]

    def open_gaps(self, rows: I8) -> I8:
        """Return how many gaps are open at sites."""
        needed = places_needed(self._count[rows], self._requirements, self._brings)
        return np.asarray((needed > 0).sum(axis=1), dtype=np.int64)

    def add_place(self, rows: I8, walk_m: list[float]) -> tuple[Served, ...]:
        """Add a place near sites; returns those with gaps, the nearest first."""
        gaps, scores = self.open_gaps(rows), self._scores(rows)
        self._count[rows[:, None], self._columns] += 1
        after, scores_after = self.open_gaps(rows), self._scores(rows)
        columns = (scores, scores_after, gaps, after)
        parts = zip(rows.tolist(), walk_m, *(c.tolist() for c in columns), strict=True)
        served = [one for one in (Served(*part) for part in parts) if one.open_before]
        return tuple(sorted(served, key=lambda one: (one.walk_m, one.site)))

    def _scores(self, rows: I8) -> I4:
        count = self._count[rows]
        unknown = np.full(count.shape, np.nan)
        known = np.ones(len(rows), dtype=np.bool_)
        return score_sites(unknown, count, self._profile, known=known).score
