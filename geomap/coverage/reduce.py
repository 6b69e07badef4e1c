"""Leaving out candidates that another one replaces: equal and contained sets of sites."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geomap.coverage.cover import Cover

_SEED = 0x9E3779B97F4A7C15


@njit(cache=True, nogil=True)
def _signatures(at, site, key):  # type: ignore[no-untyped-def]
    """Return the sum of the keys of each column, and a mask of bits of its sites."""
    columns = len(at) - 1
    total, mask = np.zeros(columns, np.uint64), np.zeros(columns, np.uint64)
    for j in range(columns):
        for i in range(at[j], at[j + 1]):
            total[j] += key[site[i]]
            mask[j] |= np.uint64(1) << (key[site[i]] >> np.uint64(58))
    return total, mask


@njit(cache=True, nogil=True)
def _is_within(site, first, last, other, other_last):  # type: ignore[no-untyped-def]
    """Return whether one ascending run of sites is part of another."""
    while first < last:
        while other < other_last and site[other] < site[first]:
            other += 1
        if other == other_last or site[other] != site[first]:
            return False
        first += 1
        other += 1
    return True


@njit(cache=True, nogil=True)
def _first_copies(at, site, order, total, copies, keep):  # type: ignore[no-untyped-def]
    """Keep the first `copies` columns of each run of equal ones in `order`."""
    head, seen = -1, 0
    for j in order:
        same = head >= 0 and total[j] == total[head] and at[j + 1] - at[j] == at[head + 1] - at[
            head
        ]  # fmt: skip
        if same and _is_within(site, at[j], at[j + 1], at[head], at[head + 1]):
            seen += 1
        else:
            head, seen = j, 1
        keep[j] = seen <= copies


@njit(cache=True, nogil=True)
def _largest(at, site, mask, row_at, row_column, keep):  # type: ignore[no-untyped-def]
    """Drop columns that are part of a larger one: looked for at their rarest site."""
    for j in range(len(at) - 1):
        rare = site[at[j]]
        for i in range(at[j] + 1, at[j + 1]):
            if row_at[site[i] + 1] - row_at[site[i]] < row_at[rare + 1] - row_at[rare]:
                rare = site[i]
        for p in range(row_at[rare], row_at[rare + 1]):
            other = row_column[p]
            larger = at[other + 1] - at[other] > at[j + 1] - at[j]
            likely = larger and (mask[j] & ~mask[other]) == 0
            if likely and _is_within(site, at[j], at[j + 1], at[other], at[other + 1]):
                keep[j] = False
                break


def drop_replaceable(cover: Cover, copies: int = 1) -> Cover:
    """Return the cover without columns that can be left out of any best choice.

    Parameters
    ----------
    cover
        All columns.
    copies
        How many places one site may need. Of equal columns so many are kept: those with
        the shortest walks, then the first. Contained columns are left out only where one
        place suffices everywhere.

    Returns
    -------
    Cover
        Some choice of k of its columns is as good as the best k of all.
    """
    if not len(cover):
        return cover
    key = np.random.default_rng(_SEED).integers(0, 2**64, cover.sites, dtype=np.uint64)
    total, _ = _signatures(cover.at, cover.site, key)
    keep = np.ones(len(cover), dtype=np.bool_)
    order = np.lexsort((np.arange(len(cover)), cover.walk_m, np.diff(cover.at), total))
    _first_copies(cover.at, cover.site, order, total, copies, keep)
    distinct = cover.pick(np.flatnonzero(keep))
    if copies > 1:
        return distinct
    _, mask = _signatures(distinct.at, distinct.site, key)
    row_at, row_column = rows_of(distinct)
    keep = np.ones(len(distinct), dtype=np.bool_)
    _largest(distinct.at, distinct.site, mask, row_at, row_column, keep)
    return distinct.pick(np.flatnonzero(keep))


def rows_of(cover: Cover) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the columns of each site: ``column[at[i]:at[i + 1]]``, ascending."""
    from scipy.sparse import csc_array

    ones = np.ones(len(cover.site), dtype=np.int8)
    matrix = csc_array((ones, cover.site, cover.at), shape=(cover.sites, len(cover))).tocsr()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32, copy=False)
