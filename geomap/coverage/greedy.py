"""Maximum coverage by the lazy greedy rule, with an upper bound on every other choice.

Each site pays for its first so many places, later ones never more than earlier ones, so the
value of a choice is submodular: the greedy one closes at least 1 − (1 − 1/k)^k ≥ 63 % of
the best (Nemhauser, Wolsey and Fisher, 1978), and a gain seen once bounds the gains to come,
which is what makes it lazy (Minoux, 1978; CELF: Leskovec et al., 2007). Values are whole
numbers: ties are real ties, and break by the order of the columns.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geomap.coverage.cover import Cover

Progress = Callable[[int, int], None]
I8 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Choice:
    """Columns of a cover.

    Parameters
    ----------
    columns
        Best first, at most k; one that adds nothing is not taken.
    gains
        What each adds to those before it.
    bound
        No k columns close more than this.
    """

    columns: tuple[int, ...]
    gains: tuple[int, ...]
    bound: int

    @property
    def value(self) -> int:
        """What they close together."""
        return sum(self.gains)


@njit(cache=True, nogil=True)
def _all_gains(at, site, now):  # type: ignore[no-untyped-def]
    gains = np.zeros(len(at) - 1, np.int64)
    for j in range(len(at) - 1):
        for i in range(at[j], at[j + 1]):
            gains[j] += now[site[i]]
    return gains


class Standing:
    """What every column would add to the columns taken so far.

    Parameters
    ----------
    cover
        The columns, over n sites.
    worth
        ``worth[i, c]`` is what the place number c + 1 near site i closes, whole numbers
        that never grow along a row, shape (n, levels).
    """

    def __init__(self, cover: Cover, worth: I8) -> None:
        self._cover = cover
        ends = np.zeros((len(worth), 1), dtype=np.int64)
        self._worth = np.concatenate([np.asarray(worth, dtype=np.int64), ends], axis=1)
        self._level = np.zeros(len(worth), dtype=np.int64)
        self._now = self._worth[:, 0].copy()

    def gain(self, column: int) -> int:
        """Return what a column adds."""
        return int(self._now[self._cover.column(column)].sum())

    def gains(self) -> I8:
        """Return what each column adds."""
        found: I8 = _all_gains(self._cover.at, self._cover.site, self._now)
        return found

    def take(self, column: int) -> int:
        """Take a column; returns what it adds."""
        gain = self.gain(column)
        self._step(column, 1)
        return gain

    def drop(self, column: int) -> int:
        """Give a column back that was taken; returns what it had added."""
        self._step(column, -1)
        return self.gain(column)

    def _step(self, column: int, step: int) -> None:
        sites = self._cover.column(column)
        self._level[sites] += step
        level = np.minimum(self._level[sites], self._worth.shape[1] - 1)
        self._now[sites] = self._worth[sites, level]


def choose_greedily(cover: Cover, worth: I8, k: int) -> Choice:
    """Take k columns, each time the one that adds most.

    Parameters
    ----------
    cover, worth
        As `Standing` takes them.
    k
        How many, at least 1.
    """
    standing = Standing(cover, worth)
    first = standing.gains()
    heap = [(-int(first[j]), j) for j in np.flatnonzero(first).tolist()]
    heapq.heapify(heap)
    seen_at = np.zeros(len(cover), dtype=np.int64)
    columns: list[int] = []
    gains: list[int] = []
    while heap and len(columns) < k:
        gain, j = heap[0]
        if seen_at[j] == len(columns):
            heapq.heappop(heap)
            gains.append(standing.take(j))
            columns.append(j)
            continue
        seen_at[j] = len(columns)
        gain = standing.gain(j)
        if gain > 0:
            heapq.heapreplace(heap, (-gain, j))
        else:
            heapq.heappop(heap)
    bound = _bound(cover, worth, k, sum(gains), columns, first, standing.gains())
    return Choice(tuple(columns), tuple(gains), bound)


def _bound(
    cover: Cover, worth: I8, k: int, value: int, columns: list[int], first: I8, last: I8
) -> int:
    """Return the tightest of what is known of every choice of k columns."""
    last = last.copy()
    last[columns] = 0  # they are taken: no choice has them twice
    whole, rest = int(k**k), int((k - 1) ** k)
    return min(
        value * whole // (whole - rest),
        _largest_sum(first, k),
        value + _largest_sum(last, k),
        _attainable(cover, worth),
    )


def _largest_sum(gains: I8, k: int) -> int:
    if len(gains) > k:
        gains = np.partition(gains, len(gains) - k)[len(gains) - k :]
    return int(gains.sum())


def _attainable(cover: Cover, worth: I8) -> int:
    """Return what all columns together close."""
    near = np.bincount(cover.site, minlength=cover.sites)
    paid = np.arange(worth.shape[1]) < near[:, None]
    return int(np.asarray(worth)[paid].sum())


def in_greedy_order(cover: Cover, worth: I8, columns: list[int]) -> tuple[list[int], list[int]]:
    """Return given columns, the one that adds most first, and what each adds.

    Those that add nothing are left out.
    """
    standing, rest = Standing(cover, worth), sorted(columns)
    ordered: list[int] = []
    gains: list[int] = []
    while rest:
        best = max(rest, key=lambda j: (standing.gain(j), -j))
        gain = standing.take(best)
        if gain == 0:
            break
        rest.remove(best)
        ordered.append(best)
        gains.append(gain)
    return ordered, gains


def improve_by_swaps(
    cover: Cover, worth: I8, choice: Choice, progress: Progress | None = None
) -> Choice:
    """Return a choice in which no single column can be changed for a better one.

    Parameters
    ----------
    cover, worth
        As `Standing` takes them.
    choice
        Where to begin; its bound stays.
    progress
        Called with (0, 1) after every look at a column; may raise `Cancelled`.
    """
    standing, columns = Standing(cover, worth), list(choice.columns)
    for column in columns:
        standing.take(column)
    same = 0
    while columns and same < len(columns):
        column = columns.pop(0)
        lost = standing.drop(column)
        gains = standing.gains()
        gains[columns] = 0
        best = int(gains.argmax())
        better = int(gains[best]) > lost
        same = 0 if better else same + 1
        columns.append(best if better else column)
        standing.take(columns[-1])
        if progress is not None:
            progress(0, 1)
    ordered, added = in_greedy_order(cover, worth, columns)
    return Choice(tuple(ordered), tuple(added), choice.bound)
