"""Contraction of degree-2 vertices: from segments to chains between junctions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

I4 = NDArray[np.int32]
I8 = NDArray[np.int64]


class Chains(NamedTuple):
    """Chain ``i`` runs over vertices ``vertex[at[i]:at[i + 1]]``, junction to junction."""

    vertex: I4
    at: I8


@njit(cache=True, nogil=True)
def _trace(at, link, pairs, start, seen, out, out_at, size, count):  # type: ignore[no-untyped-def]
    """Follow every unseen segment out of `start` to the next junction."""
    for first in range(at[start], at[start + 1]):
        if seen[link[first]]:
            continue
        out[size] = start
        size += 1
        here, segment = start, link[first]
        while True:
            seen[segment] = True
            here = pairs[segment, 0] + pairs[segment, 1] - here
            out[size] = here
            size += 1
            if here == start or at[here + 1] - at[here] != 2:
                break
            one, other = link[at[here]], link[at[here] + 1]
            segment = other if one == segment else one
        count += 1
        out_at[count] = size
    return size, count


@njit(cache=True, nogil=True)
def _contract(at, link, pairs):  # type: ignore[no-untyped-def]
    """Trace from junctions first; what is left are rings, opened at their lowest vertex."""
    segments = len(pairs)
    seen = np.zeros(segments, np.bool_)
    out = np.empty(2 * segments, np.int32)
    out_at = np.zeros(segments + 1, np.int64)
    size = count = 0
    for rings in range(2):
        for vertex in range(len(at) - 1):
            if rings == 1 or at[vertex + 1] - at[vertex] != 2:
                size, count = _trace(at, link, pairs, vertex, seen, out, out_at, size, count)
    return out[:size].copy(), out_at[: count + 1].copy()


def contract(pairs: I4, vertices: int) -> Chains:
    """Contract the vertices through which exactly two segments pass.

    Parameters
    ----------
    pairs
        Vertices at both ends of each segment, shape (S, 2), without repeats and without
        segments from a vertex to itself.
    vertices
        Number of vertices.
    """
    ends = pairs.T.ravel()
    order = np.argsort(ends, kind="stable")
    link = (order % max(len(pairs), 1)).astype(np.int32)
    at = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=vertices))]).astype(np.int64)
    vertex, chain_at = _contract(at, link, np.ascontiguousarray(pairs))
    return Chains(vertex, chain_at)
