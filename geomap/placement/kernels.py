"""Loops over pairs, compiled: what is free, first come first, best pair first, prices.

All of them take the arrays of `Pairs` as they are; `free` is what is left of each resource.
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

I8 = NDArray[np.int64]
I4 = NDArray[np.int32]
F8 = NDArray[np.float64]


@njit(cache=True, nogil=True)
def fits(pair: int | np.int64, use_start: I8, resource: I4, use: I8, free: I8) -> bool:
    """Return whether enough is free for a pair."""
    enough = True
    for j in range(use_start[pair], use_start[pair + 1]):
        enough &= use[j] <= free[resource[j]]
    return enough


@njit(cache=True, nogil=True)
def take(pair: int | np.int64, use_start: I8, resource: I4, use: I8, free: I8, sign: int) -> None:
    """Take what a pair uses (`sign` 1) or give it back (−1)."""
    for j in range(use_start[pair], use_start[pair + 1]):
        free[resource[j]] -= sign * use[j]


@njit(cache=True, nogil=True)
def give_in_order(order: I8, start: I8, use_start: I8, resource: I4, use: I8, free: I8) -> I8:
    """Give each project in order the first of its pairs that is free."""
    choice = np.full(len(start) - 1, -1, dtype=np.int64)
    for p in order:
        for i in range(start[p], start[p + 1]):
            if fits(i, use_start, resource, use, free):
                take(i, use_start, resource, use, free, 1)
                choice[p] = i
                break
    return choice


@njit(cache=True, nogil=True)
def _next_free(
    p: int | np.int64, at: I8, asked: I8, keep: I8, start: I8, value: I8,
    use_start: I8, resource: I4, use: I8, free: I8,
) -> np.int64:  # fmt: skip
    """Return the best pair of a project that is still free, -1 without one.

    Among equals the one to be kept comes first; `at` and `asked` remember what was refused.
    """
    while at[p] < start[p + 1]:
        i, k = at[p], keep[p]
        if k >= 0 and asked[p] == 0 and value[k] >= value[i]:
            if fits(k, use_start, resource, use, free):
                return np.int64(k)
            asked[p] = 1
        if fits(i, use_start, resource, use, free):
            return np.int64(i)
        at[p] += 1
    return np.int64(-1)


@njit(cache=True, nogil=True)
def give_best_first(
    keep: I8, start: I8, value: I8, use_start: I8, resource: I4, use: I8, free: I8
) -> I8:
    """Give the best pair of all that is free, until there is none.

    The heap holds each project's best pair as it was when it was put there; what is free only
    falls, so that a pair that no longer fits is followed by one that is worth no more.
    Order: value, then kept pairs, then the project's row, then the pair's number.
    """
    n = len(start) - 1
    choice = np.full(n, -1, dtype=np.int64)
    at, asked = start[:-1].copy(), np.zeros(n, dtype=np.int64)
    zero = np.int64(0)
    heap = [(zero, zero, zero, zero)]
    heap.pop()
    for row in range(n):
        i = _next_free(row, at, asked, keep, start, value, use_start, resource, use, free)
        if i >= 0:
            heap.append((-value[i], np.int64(i != keep[row]), np.int64(row), i))
    heapq.heapify(heap)
    while len(heap) > 0:
        _, _, p, i = heapq.heappop(heap)
        if fits(i, use_start, resource, use, free):
            take(i, use_start, resource, use, free, 1)
            choice[p] = i
            continue
        i = _next_free(p, at, asked, keep, start, value, use_start, resource, use, free)
        if i >= 0:
            heapq.heappush(heap, (-value[i], np.int64(i != keep[p]), p, i))
    return choice
