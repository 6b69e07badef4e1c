"""Small set systems: which of n sites each of m candidates serves, and brute force over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from geomap.coverage.cover import Cover, cover_of


class System(NamedTuple):
    """``serves[j]`` are the sites of candidate j; `worth` as `Standing` takes it."""

    serves: tuple[frozenset[int], ...]
    worth: np.ndarray
    k: int

    def value(self, candidates: Iterable[int]) -> int:
        """Return what candidates close together."""
        chosen = list(candidates)
        near = [sum(i in self.serves[j] for j in chosen) for i in range(len(self.worth))]
        return sum(int(row[:n].sum()) for row, n in zip(self.worth, near, strict=True))

    def best(self) -> int:
        """Return the best value of at most k candidates, all of them tried."""
        m = len(self.serves)
        sizes = range(min(self.k, m) + 1)
        return max(self.value(s) for size in sizes for s in combinations(range(m), size))


def cover_from(
    serves: Sequence[Iterable[int]], sites: int, walk_m: Sequence[float] | None = None
) -> Cover:
    """Return candidates' sites as a cover; all of them equally far where nothing is said."""
    rows = [[j for j, own in enumerate(serves) if i in own] for i in range(sites)]
    at = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    flat = np.array([j for row in rows for j in row], dtype=np.int32)
    return cover_of(at, flat, np.array(walk_m or [0.0] * len(serves)))


@st.composite
def systems(draw: st.DrawFn, *, levels: int = 3, most: int = 8) -> System:
    """Draw a system with up to `most` sites and candidates."""
    sites = draw(st.integers(1, most))
    own = st.frozensets(st.integers(0, sites - 1), max_size=sites)
    serves = tuple(draw(st.lists(own, min_size=1, max_size=most)))
    width = draw(st.integers(1, levels))
    pays = st.lists(st.integers(0, 6), min_size=width, max_size=width)
    worth = [sorted(draw(pays), reverse=True) for _ in range(sites)]
    return System(serves, np.array(worth, dtype=np.int64), draw(st.integers(1, 4)))


def large_system(candidates: int, sites: int, *, each: int = 40, k: int = 8) -> System:
    """Return random sets of sites, the same every time: too many to try them all."""
    random = np.random.default_rng(7)
    serves = tuple(
        frozenset(random.choice(sites, each, replace=False).tolist()) for _ in range(candidates)
    )
    return System(serves, np.ones((sites, 1), dtype=np.int64), k)
