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


@njit(cache=True, nogil=True)
def give_listed(listed: I8, project: I8, use_start: I8, resource: I4, use: I8, free: I8) -> I8:
    """Give the listed pairs in their order, each that fits, to projects that have none."""
    choice = np.full(len(project), -1, dtype=np.int64)
    count = 0
    has = np.zeros(project.max() + 1 if len(project) else 0, dtype=np.bool_)
    for k in range(len(listed)):
        if not has[project[k]] and fits(listed[k], use_start, resource, use, free):
            take(listed[k], use_start, resource, use, free, 1)
            has[project[k]] = True
            choice[count] = listed[k]
            count += 1
    return choice[:count]


@njit(cache=True, nogil=True)
def price_pairs(
    weight: F8, start: I8, use_start: I8, resource: I4, use: I8, price: F8
) -> tuple[F8, F8]:
    """Return what pairs are worth above the price of what they use, and each project's best.

    The best is 0 at least: a project may be given nothing.
    """
    above = np.empty(len(weight))
    best = np.zeros(len(start) - 1)
    for p in range(len(start) - 1):
        for i in range(start[p], start[p + 1]):
            paid = 0.0
            for j in range(use_start[i], use_start[i + 1]):
                paid += use[j] * price[resource[j]]
            above[i] = weight[i] - paid
            best[p] = max(best[p], above[i])
    return above, best


@njit(cache=True, nogil=True)
def most_above(start: I8, above: F8, level: F8, inside: NDArray[np.bool_], most: int) -> I8:
    """Return up to `most` pairs of each project that lie highest above its level, rising.

    Pairs that are inside are left out, and lie inside afterwards.
    """
    found = np.empty(most * len(level), dtype=np.int64)
    count = 0
    for p in range(len(level)):
        for _ in range(most):
            top, at = level[p], -1
            for i in range(start[p], start[p + 1]):
                if above[i] > top and not inside[i]:
                    top, at = above[i], i
            if at < 0:
                break
            inside[at] = True
            found[count] = at
            count += 1
    return np.sort(found[:count])


@njit(cache=True, nogil=True)
def sum_touched(
    pairs: I8, project: I8, use_start: I8, resource: I4, of_project: I8, of_resource: I8, gap: F8
) -> F8:
    """Return the gaps of all clusters that a pair touches, each cluster once."""
    total = np.empty(len(pairs))
    for k in range(len(pairs)):
        own = of_project[project[k]]
        first, end = use_start[pairs[k]], use_start[pairs[k] + 1]
        total[k] = gap[own]
        for j in range(first, end):
            cluster = of_resource[resource[j]]
            new = cluster != own
            for other in range(first, j):
                new &= of_resource[resource[other]] != cluster
            if new:
                total[k] += gap[cluster]
    return total


@njit(cache=True, nogil=True)
def least_share(
    pairs: I8, project: I8, use_start: I8, resource: I4, of_project: I8, of_resource: I8,
    share: F8, count: int,
) -> F8:  # fmt: skip
    """Return for each cluster the least share of the pairs that touch it, 1 without any."""
    least = np.ones(count)
    for k in range(len(pairs)):
        own = of_project[project[k]]
        least[own] = min(least[own], share[k])
        for j in range(use_start[pairs[k]], use_start[pairs[k] + 1]):
            cluster = of_resource[resource[j]]
            least[cluster] = min(least[cluster], share[k])
    return least
