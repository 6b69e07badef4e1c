"""A tight bound on every choice of k places, without a solver: Lagrangean relaxation.

Each site is given a price for the right to count as served. At any prices the k columns
with the largest sums, and what sites are worth above their price, bound all choices
(Galvão and ReVelle, 1996). Prices follow the subgradient with Polyak's steps. The bound
is mostly within a few percent of the best where that of the greedy rule is 20 % off, and
columns too cheap to be part of anything better are left out before the solver sees them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geomap.coverage.cover import Cover
from geomap.coverage.greedy import Choice, Standing, in_greedy_order

Progress = Callable[[int, int], None]
F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
_EFFORT = 300_000_000
"""Pairs of candidate and site looked at in all: about a second."""
_PATIENCE = 12
_SMALLEST_STEP = 1e-3
_TRY_EVERY = 10
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What the relaxation tells.

    Parameters
    ----------
    bound
        No k columns close more; a whole number.
    choice
        The best choice seen, at least the one that it began with, with this bound.
    with_each
        Bound on the choices that have a given column, shape (m,).
    chosen
        How often each column was among the k with the largest sums, shape (m,).
    """

    bound: int
    choice: Choice
    with_each: F8
    chosen: I8

    def useful(self, best: Choice) -> I8:
        """Return the columns that a better choice can have, and those of the best one."""
        useful = np.floor(self.with_each + _ROUNDING * max(self.bound, 1)) > best.value
        useful[list(best.columns)] = True
        return np.flatnonzero(useful)

    def core(self, best: Choice, size: int) -> I8:
        """Return the columns chosen most often, at most `size`, and those of the best one."""
        order = np.lexsort((np.arange(len(self.chosen)), -self.chosen))[:size]
        likely = order[self.chosen[order] > 0]
        return np.union1d(likely, np.array(best.columns, dtype=np.int64))


@njit(cache=True, nogil=True)
def _sums(at, site, price):  # type: ignore[no-untyped-def]
    sums = np.zeros(len(at) - 1, np.float64)
    for j in range(len(at) - 1):
        for i in range(at[j], at[j + 1]):
            sums[j] += price[site[i]]
    return sums


@dataclass(slots=True)
class _Search:
    """Prices with the lowest bound so far, and the step that is taken from them."""

    price: F8
    bound: float
    sums: F8
    step: float = 1.0
    stalled: int = 0

    def take(self, price: F8, bound: float, sums: F8) -> None:
        """Keep better prices; after some that are not, take shorter steps."""
        if bound < self.bound:
            self.price, self.bound, self.sums, self.stalled = price, bound, sums, 0
            return
        self.stalled += 1
        if self.stalled >= _PATIENCE:
            self.step, self.stalled = self.step / 2.0, 0


def relax(
    cover: Cover,
    worth: I8,
    k: int,
    start: Choice,
    *,
    rounds: int = 400,
    progress: Progress | None = None,
) -> Relaxed:
    """Return a bound on every choice of k columns, and a choice that may be better.

    Parameters
    ----------
    cover, worth
        As `Standing` takes them.
    k
        How many, at least 1.
    start
        A choice to begin with, the greedy one.
    rounds
        How often prices are changed, fewer where there are many pairs.
    progress
        Called with (rounds done, rounds in all); may raise `Cancelled`.
    """
    worth = np.asarray(worth, dtype=np.int64)
    rounds = max(20, min(rounds, _EFFORT // max(len(cover.site), 1)))
    price = _first_prices(cover, worth, start)
    best = start
    found = _Search(price, math.inf, price[:0])
    chosen = np.zeros(len(cover), dtype=np.int64)
    for done in range(rounds):
        sums = _sums(cover.at, cover.site, price)
        top = _largest(sums, k)
        bound = float(sums[top].sum() + (worth - price[:, None]).clip(min=0.0).sum())
        found.take(price, bound, sums)
        chosen[top] += 1
        if done % _TRY_EVERY == 0:
            best = _better(cover, worth, top, best)
        if progress is not None:
            progress(done, rounds)
        if min(_whole(found.bound), start.bound) <= best.value or found.step < _SMALLEST_STEP:
            break
        slope = _slope(cover, worth, price, top)
        steep = float((slope * slope).sum())
        if steep == 0.0:
            break
        stride = found.step * max(bound - best.value, 1.0) / steep
        price = np.clip(price - stride * slope, 0.0, worth[:, 0].astype(np.float64))
    limit = max(min(_whole(found.bound), start.bound), best.value)
    return Relaxed(limit, replace(best, bound=limit), _with_each(found, k), chosen)


def _first_prices(cover: Cover, worth: I8, start: Choice) -> F8:
    """Return half of the worth for sites that the choice serves, all of it for the others."""
    price = worth[:, 0].astype(np.float64)
    for j in start.columns:
        sites = cover.column(j)
        price[sites] = worth[sites, 0] / 2.0
    return price


def _largest(sums: F8, k: int) -> I8:
    if len(sums) <= k:
        return np.arange(len(sums))
    return np.sort(np.argpartition(-sums, k - 1)[:k])


def _slope(cover: Cover, worth: I8, price: F8, top: I8) -> F8:
    """Return by how much the bound grows with each price; 0 where a price cannot fall."""
    near = np.bincount(cover.pick(top).site, minlength=cover.sites)
    slope = near - (worth > price[:, None]).sum(axis=1)
    return np.where((price <= 0.0) & (slope > 0), 0.0, slope).astype(np.float64)


def _better(cover: Cover, worth: I8, columns: I8, best: Choice) -> Choice:
    """Return the columns as a choice where they close more than the best so far."""
    standing = Standing(cover, worth)
    if sum(standing.take(j) for j in columns.tolist()) <= best.value:
        return best
    ordered, gains = in_greedy_order(cover, worth, columns.tolist())
    return Choice(tuple(ordered), tuple(gains), best.bound)


def _whole(bound: float) -> int:
    """Return the largest whole number under a bound, its rounding allowed for."""
    return math.floor(bound + _ROUNDING * max(bound, 1.0))


def _with_each(found: _Search, k: int) -> F8:
    """Return the bound on choices with each column: it takes the place of the last one."""
    sums = found.sums
    if len(sums) <= k:
        return np.full(len(sums), found.bound)
    last = float(np.partition(sums, len(sums) - k)[len(sums) - k])
    return found.bound - np.maximum(last - sums, 0.0)
