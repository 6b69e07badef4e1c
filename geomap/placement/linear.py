"""What fractions of pairs would be best: prices of units, and a bound on every allocation.

Where pairs may be taken in parts, allocation is a linear program. HiGHS is given a few pairs
of each project and answers with a price for each resource; every pair of the whole list is
then looked at, and those that are worth more than their price and what their project has
already are added, until there is none (column generation: Dantzig and Wolfe, 1960). At any
prices Σ capacity × price + Σ each project's best surplus bounds all allocations (Lagrange).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.placement.blocking import spread_ranges
from geomap.placement.kernels import most_above, price_pairs
from geomap.placement.pairs import I8, Pairs
from geomap.placement.program import quiet_solver

F8 = NDArray[np.float64]
Tell = Callable[[float], None]

FIRST = 4
"""Pairs of each project that the program begins with; few make it quick."""
_ADDED = 4
_TOLERANCE = 1e-7
_SLICE = 1000
"""Steps of the simplex between two words with the caller: a fraction of a second."""
_WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What the relaxation tells.

    Parameters
    ----------
    bound
        No allocation of listed pairs weighs more.
    best
        Each project's best surplus over the prices, at least 0, shape (n,).
    price
        Of one of what a resource is counted in, shape (r,).
    slack
        By how much an allocation with this pair falls short of the bound, shape (m,).
    taken, share
        Pairs that are taken, whole ones first, then by the share that is taken.
    spent_s
        Seconds of the solver.
    """

    bound: float
    best: F8
    price: F8
    slack: F8
    taken: I8
    share: F8
    spent_s: float


def projects_of(pairs: Pairs) -> I8:
    """Return the project of each pair, shape (m,)."""
    return np.repeat(np.arange(len(pairs), dtype=np.int64), np.diff(pairs.start))


class _Master:
    """The program over the pairs added so far; rows of resources come as pairs need them."""

    def __init__(self, pairs: Pairs, weight: F8) -> None:
        import highspy

        self._pairs, self._weight, self._highs = pairs, weight, highspy
        self._solver = quiet_solver()
        for name, setting in (
            ("threads", 1), ("presolve", "off"), ("solver", "simplex"), ("simplex_strategy", 4),
            ("simplex_iteration_limit", _SLICE), ("dual_feasibility_tolerance", 1e-9),
        ):  # fmt: skip
            self._solver.setOptionValue(name, setting)
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._row = np.full(len(pairs.capacity), -1, dtype=np.int64)
        self._rows = 0
        self._add_rows(len(pairs))
        self._project = projects_of(pairs)
        self.columns = np.zeros(0, dtype=np.int64)

    def _add_rows(self, count: int) -> None:
        """Add rows that sum to 1 at most: resources are counted in shares of their capacity."""
        lower, upper = np.full(count, -self._highs.kHighsInf), np.ones(count)
        none = np.zeros(0, dtype=np.int32)
        self._solver.addRows(
            count, lower, upper, 0, np.zeros(count, dtype=np.int32), none, np.zeros(0)
        )
        self._rows += count

    def add(self, columns: I8) -> None:
        pairs = self._pairs
        first, end = pairs.use_start[columns], pairs.use_start[columns + 1]
        uses = spread_ranges(first, end)
        resource = pairs.resource[uses]
        new = np.unique(resource[self._row[resource] < 0])
        self._row[new] = np.arange(self._rows, self._rows + len(new))
        self._add_rows(len(new))
        start = np.concatenate([[0], np.cumsum(end - first + 1)])
        of_resource = np.ones(start[-1], dtype=np.bool_)
        of_resource[start[:-1]] = False
        index, share = np.empty(start[-1], dtype=np.int32), np.ones(start[-1])
        index[start[:-1]] = self._project[columns]
        index[of_resource] = self._row[resource]
        share[of_resource] = pairs.use[uses] / pairs.capacity[resource]
        count, most = len(columns), np.full(len(columns), self._highs.kHighsInf)
        self._solver.addCols(
            count, self._weight[columns], np.zeros(count), most,
            len(index), start[:-1].astype(np.int32), index, share,
        )  # fmt: skip
        self.columns = np.concatenate([self.columns, columns])

    def solve(self, time_limit_s: float, tell: Tell) -> bool:
        """Solve in slices; return whether it came to an end in time."""
        more = self._highs.HighsModelStatus.kIterationLimit
        while self.spent_s < time_limit_s:
            self._solver.run()
            tell(self.spent_s / time_limit_s)
            if self._solver.getModelStatus() != more:
                return True
        return False

    @property
    def spent_s(self) -> float:
        return float(self._solver.getRunTime())

    def prices(self) -> tuple[F8, F8]:
        """Return the duals of projects, and of resources for one of what they count."""
        dual = np.maximum(np.asarray(self._solver.getSolution().row_dual), 0.0)
        used = np.flatnonzero(self._row >= 0)
        price = np.zeros(len(self._row))
        price[used] = dual[self._row[used]] / self._pairs.capacity[used]
        return dual[: len(self._pairs)], price

    def taken(self) -> tuple[I8, F8]:
        """Return the pairs that are taken and their shares, the largest shares first."""
        share = np.round(np.asarray(self._solver.getSolution().col_value), 6)
        rows = np.flatnonzero(share > _WHOLE)
        rows = rows[np.lexsort((self.columns[rows], -share[rows]))]
        return self.columns[rows], share[rows]


def relax(pairs: Pairs, weight: F8, first: I8, *, time_limit_s: float, tell: Tell) -> Relaxed:
    """Return the best allocation in parts, or the best bound found in the time.

    Parameters
    ----------
    pairs
        The pairs, at least one.
    weight
        What each is worth, shape (m,).
    first
        Pairs to begin with, rising.
    time_limit_s
        Seconds for the solver.
    tell
        Given the share of the time that is spent; may raise, which ends it.
    """
    weight = np.ascontiguousarray(weight, dtype=np.float64)
    uses = pairs.use_start, pairs.resource, pairs.use
    master, inside = _Master(pairs, weight), np.zeros(len(weight), dtype=np.bool_)
    best: Relaxed | None = None
    level, price = np.zeros(len(pairs)), np.zeros(len(pairs.capacity))
    added, solved = first, True
    while True:
        above, surplus = price_pairs(weight, pairs.start, *uses, price)
        bound = float(surplus.sum() + (pairs.capacity * price).sum())
        if best is None or bound < best.bound:
            best = Relaxed(bound, surplus, price, above, first[:0], price[:0], 0.0)
        if len(master.columns):
            added = most_above(pairs.start, above, level + _TOLERANCE, inside, _ADDED)
        if not len(added) or not solved:
            break
        inside[added] = True
        master.add(added)
        solved = master.solve(time_limit_s, tell)
        level, price = master.prices()
    project = projects_of(pairs)
    return Relaxed(
        best.bound, best.best, best.price, best.best[project] - best.slack,
        *master.taken(), master.spent_s,
    )  # fmt: skip
