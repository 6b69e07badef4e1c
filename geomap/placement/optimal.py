"""The allocation of most value, proven.

First the relaxation (`linear`): its prices bound every allocation, and where it takes whole
pairs it is the answer. Else a few likely pairs of each project, the core, fall into clusters
that are solved exactly (`program`), and every pair outside is shown to close no more of the
clusters' gaps than it pays, or joins the core (`clusters`). Whatever stands when the time
ends is the answer, with the bound.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geomap.placement.apart import solve_quickly
from geomap.placement.clusters import Clusters, Proof, program_of, prove, split
from geomap.placement.cuts import Cut, Parts, find_cuts
from geomap.placement.greedy import solve_greedy, value_of
from geomap.placement.kernels import give_listed
from geomap.placement.linear import FIRST, Relaxed, projects_of, relax
from geomap.placement.pairs import I8, Allocation, Pairs, Progress
from geomap.placement.program import Hear, Program, Solved
from geomap.placement.stable import no_keeps, solve_stable

F8 = NDArray[np.float64]


class Solve(Protocol):
    """A solver of programs, such as `solve_quickly`."""

    def __call__(self, program: Program, /, *, time_limit_s: float, hear: Hear) -> None:
        """Solve the clusters of a program."""


_STEPS = 1000
_LEAST_GAIN = 0.02
"""Rules are looked for as long as they take this share off the room below the bound."""
_CORE = 4
"""Pairs of each project that the core begins with, those of least slack."""
_GROWTH = 2
"""How many pairs join the core in a round: so many for each project, or as many as it has;"""
_MOST = 200
"""more, if then none is missing, up to so many for each project."""
_ROUNDING = 1e-6


class _Search:
    """The best allocation so far and the bound, as both come closer.

    Weights are values plus one `step` for a pair that is to be kept; all steps together are
    less than 1, so that no value is given up for them.
    """

    def __init__(self, pairs: Pairs, keep: I8, time_limit_s: float, progress: Progress) -> None:
        kept = keep[keep >= 0]
        self.pairs, self.project = pairs, projects_of(pairs)
        self.step = 1.0 / (len(kept) + 1)
        self.weight = pairs.value.astype(np.float64)
        self.weight[kept] += self.step
        self.choice = no_keeps(pairs)
        self.bound = math.inf
        self.left_s, self._limit_s = time_limit_s, time_limit_s
        self._progress, self._told = progress, 0
        self._known: dict[bytes, Solved] = {}

    def tell(self, share: float) -> None:
        """Say how much of the time is spent; never less than before."""
        self._told = max(self._told, min(int(_STEPS * share), _STEPS))
        self._progress(self._told, _STEPS)

    def offer(self, given: I8) -> None:
        """Take an allocation, a list of pairs, if it weighs more."""
        if self.weigh(given) > self.weigh(self.given) + _ROUNDING * self.step:
            self.choice = no_keeps(self.pairs)
            self.choice[self.project[given]] = given

    def weigh(self, given: I8) -> float:
        return math.fsum(self.weight[given])

    @property
    def given(self) -> I8:
        return self.choice[self.choice >= 0]

    @property
    def proven(self) -> bool:
        """Whether the bound leaves no room for one step more."""
        return self.bound < self.weigh(self.given) + (1.0 - 1e-3) * self.step

    def relax(self) -> Relaxed:
        """Solve the relaxation, with more rules as long as they tell more."""
        listed, cuts = self.pairs, Parts(self.pairs)
        rank = np.arange(len(self.project)) - listed.start[self.project]
        near, rules = np.flatnonzero(rank < FIRST), list[Cut]()
        while True:
            relaxed = relax(
                self.pairs, self.weight, np.union1d(near, self.given), time_limit_s=self.left_s,
                tell=lambda share: self.tell(1.0 - self.left_s * (1.0 - share) / self._limit_s),
            )  # fmt: skip
            self.left_s -= relaxed.spent_s
            gain, self.bound = self.bound - relaxed.bound, min(self.bound, relaxed.bound)
            self._take_whole(relaxed)
            room = self.bound - self.weigh(self.given)
            if self.left_s <= 0.0 or self.proven or gain < _LEAST_GAIN * room:
                return relaxed
            found = find_cuts(listed, relaxed.taken, relaxed.share, frozenset(rules))
            if not found:
                return relaxed
            rules += found
            self.pairs = cuts.with_cuts(rules)
            near = np.union1d(self.cheapest(relaxed), relaxed.taken)

    def _take_whole(self, relaxed: Relaxed) -> None:
        """Make an allocation: what the relaxation takes most of, then pairs of least slack."""
        near = self.cheapest(relaxed)
        near = near[np.argsort(relaxed.slack[near], kind="stable")]
        listed = np.concatenate([relaxed.taken, near])
        pairs = self.pairs
        uses = pairs.use_start, pairs.resource, pairs.use, pairs.capacity.copy()
        self.offer(np.asarray(give_listed(listed, self.project[listed], *uses), dtype=np.int64))

    def cheapest(self, relaxed: Relaxed) -> I8:
        """Return the pairs of least slack, a few for each project, rising."""
        count = min(_CORE * len(self.pairs), len(relaxed.slack))
        limit = np.partition(relaxed.slack, count - 1)[count - 1]
        return np.flatnonzero(relaxed.slack < limit)

    def solve(self, clusters: Clusters, solve: Solve) -> F8:
        """Solve the clusters that may be better than they are, and return all gaps."""
        mine = np.isin(clusters.columns, self.given)
        weight = np.bincount(
            np.repeat(np.arange(len(clusters.bound)), np.diff(clusters.at))[mine],
            weights=self.weight[clusters.columns[mine]],
            minlength=len(clusters.bound),
        )
        gap = np.maximum(clusters.bound - weight, 0.0)
        keys = {
            int(c): clusters.columns[clusters.at[c] : clusters.at[c + 1]].tobytes()
            for c in np.flatnonzero((gap > _ROUNDING) & (np.diff(clusters.at) > 0))
        }
        new = [c for c, key in keys.items() if key not in self._known]
        if new and self.left_s > 0.0:
            self._solve_new(clusters, np.array(new, dtype=np.int64), keys, solve)
        for c, key in keys.items():
            found = self._known.get(key)
            gap[c] = max(clusters.bound[c] - found.bound, 0.0) if found is not None else 0.0
        self._put_together(clusters, keys)
        return gap

    def _solve_new(
        self, clusters: Clusters, which: I8, keys: dict[int, bytes], solve: Solve
    ) -> None:
        program = program_of(
            self.pairs, self.weight, self.step, clusters, which, self.given, self.project
        )

        def hear(found: Solved | float) -> None:
            if isinstance(found, Solved):
                self.left_s -= found.spent_s
                self._known[keys[int(which[found.cluster])]] = found
            running = 0.0 if isinstance(found, Solved) else found
            self.tell(1.0 - (self.left_s - running) / self._limit_s)

        solve(program, time_limit_s=self.left_s, hear=hear)

    def _put_together(self, clusters: Clusters, keys: dict[int, bytes]) -> None:
        """Give in each solved cluster what is best there, elsewhere what was given."""
        mine = np.isin(clusters.columns, self.given)
        for c, key in keys.items():
            if (found := self._known.get(key)) is not None:
                mine[clusters.at[c] : clusters.at[c + 1]] = False
                mine[clusters.at[c] + np.array(found.columns, dtype=np.int64)] = True
        self.offer(np.sort(clusters.columns[mine]))

    def close(self, relaxed: Relaxed, solve: Solve) -> None:
        """Solve cores that grow, until no pair outside can matter or the time is over."""
        core = np.union1d(self.cheapest(relaxed), np.concatenate([self.given, relaxed.taken]))
        while not self.proven:
            clusters = split(self.pairs, relaxed, core, self.project)
            gap = self.solve(clusters, solve)
            proof = prove(self.pairs, relaxed, clusters, gap, self.project)
            self.bound = min(self.bound, proof.bound)
            if self.left_s <= 0.0 or not len(proof.missing):
                return
            core = np.union1d(self._grow(relaxed, clusters, gap, proof), self.given)

    def _grow(self, relaxed: Relaxed, clusters: Clusters, gap: F8, proof: Proof) -> I8:
        """Return the core with the pairs that it lacks, and those that it would lack then.

        With more pairs clusters grow together and their gaps add up, at most: what would be
        missing then is known before anything is solved. Where that is too much, the core only
        doubles: the gaps may fall.
        """
        core, missing = np.sort(clusters.columns), proof.missing
        twice = np.union1d(core, missing[: max(_GROWTH * len(self.pairs), len(core))])
        while len(missing):
            core = np.union1d(core, missing)
            if len(core) > max(_MOST * len(self.pairs), len(twice)):
                return twice
            self.tell(0.0)
            wider = split(self.pairs, relaxed, core, self.project)
            gap, clusters = wider.add_up(clusters, gap), wider
            missing = prove(self.pairs, relaxed, clusters, gap, self.project).missing
        return core


def solve_optimal(
    pairs: Pairs,
    *,
    keep: I8 | None = None,
    time_limit_s: float = 60.0,
    progress: Progress | None = None,
    solve: Solve = solve_quickly,
) -> Allocation:
    """Return the allocation of most value, or the best found in the time.

    Parameters
    ----------
    pairs
        The pairs. Of those that were left out of the list `Pairs.rest` is believed: an
        allocation with one of them counts in the bound.
    keep
        Pair of an earlier allocation for each project, -1 for none, shape (n,). Among the
        allocations of most value, the answer has most of these. That is proven together with
        the value, and given up with it when the time ends: then `proven` may be True for a
        value that is the best, of which more could have been kept.
    time_limit_s
        Seconds for the solver in all. An answer that is proven does not depend on them, nor
        on the machine: the solver has one thread.
    progress
        Called with (steps done, steps in all); may raise `Cancelled`, which ends the work
        within a fraction of a second.
    solve
        Solver of programs.
    """
    kept = no_keeps(pairs) if keep is None else np.ascontiguousarray(keep, dtype=np.int64)
    search = _Search(pairs, kept, time_limit_s, progress or _ignore)
    search.tell(0.0)
    if len(pairs.value):
        for known in (
            solve_stable(pairs, keep=kept),
            solve_greedy(pairs, np.arange(len(pairs), dtype=np.int64)),
        ):
            search.offer(known.choice[known.choice >= 0])
        relaxed = search.relax()
        search.close(relaxed, solve)
        best, bound = relaxed.best, relaxed.bound
    else:
        search.bound = bound = 0.0
        best = np.zeros(len(pairs))
    search.tell(1.0)
    value = value_of(pairs, search.choice)
    upper = max(search.bound, _with_left_out(pairs, best, bound))
    most = max(math.floor(upper + _ROUNDING * max(1.0, upper * 1e-6)), value)
    return Allocation(search.choice, value, most, value == most)


def _with_left_out(pairs: Pairs, best: F8, bound: float) -> float:
    """Return a bound on the allocations that have a pair which was left out of the list.

    Such a pair changes the part of its project in the relaxation's bound from its best
    surplus to what the pair can be worth.
    """
    more = (pairs.rest - best)[pairs.rest > 0]
    if not len(more):
        return 0.0
    return bound + float(np.maximum(more, 0.0).sum() or more.max())


def _ignore(done: int, total: int) -> None:
    """Nobody watches."""
