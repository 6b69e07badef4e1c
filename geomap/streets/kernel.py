"""The walking kernel: Dijkstra's algorithm over a queue of buckets (R. B. Dial, 1969).

Compiled by numba, run without the interpreter's lock. Junctions of a bucket are linked
through tables of the workspace, so that a query allocates nothing and touches only what it
reaches; whoever calls `settle` puts the touched cells back with `clear`.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

MAX_LIMIT_M = 50_000.0
BUCKET_M = 20.0
"""Width of a bucket. Inside one, walks are corrected until they stand."""
_DONE = -2

F4 = NDArray[np.float32]
I4 = NDArray[np.int32]


class Workspace(NamedTuple):
    """Tables of one thread.

    `walk` is infinite everywhere between two queries; `touched` lists the junctions that a
    query reached; `after` and `before` link the junctions of a bucket, whose first stand
    in `heads` (-1: empty).
    """

    walk: F4
    touched: I4
    after: I4
    before: I4
    heads: I4


def new_workspace(nodes: int) -> Workspace:
    """Return tables for a network of at most `nodes` junctions, 16 bytes each."""
    touched, after, before = (np.empty(nodes, dtype=np.int32) for _ in range(3))
    heads = np.full(int(MAX_LIMIT_M / BUCKET_M) + 2, -1, dtype=np.int32)
    return Workspace(np.full(nodes, np.inf, dtype=np.float32), touched, after, before, heads)


class _Local(threading.local):
    work: Workspace | None = None


_local = _Local()


def workspace(nodes: int) -> Workspace:
    """Return this thread's tables, with room for at least `nodes` junctions."""
    if _local.work is None or len(_local.work.walk) < nodes:
        _local.work = new_workspace(nodes)
    return _local.work


@njit(cache=True, nogil=True)
def settle(  # type: ignore[no-untyped-def]
    arc_at, arc_node, arc_m, u, v, u_walk, v_walk, limit, walk, touched, after, before, heads
):
    """Walk from both ends of an edge to every junction within a limit.

    One function on purpose: calling helpers with these tables costs five times as much.

    Parameters
    ----------
    arc_at, arc_node, arc_m
        The network's arcs.
    u, v, u_walk, v_walk
        Ends of the edge (which may be one) and the walk to each, float32.
    limit
        Metres, float32, at most `MAX_LIMIT_M`.
    walk, touched, after, before, heads
        The workspace, clean.

    Returns
    -------
    int
        How many junctions were reached: the first so many of `touched`, whose walks stand
        in `walk`.
    """
    inverse = np.float32(1.0 / BUCKET_M)
    count = 0
    if u == v:
        u_walk, v_walk = min(u_walk, v_walk), np.float32(np.inf)
    for end in range(2):
        node, value = (u, u_walk) if end == 0 else (v, v_walk)
        if value <= limit:
            walk[node] = value
            touched[count] = node
            count += 1
            target = np.int32(value * inverse)
            first = heads[target]
            after[node], before[node] = first, -1
            if first >= 0:
                before[first] = node
            heads[target] = node
    for bucket in range(np.int32(limit * inverse) + 1):
        while heads[bucket] >= 0:
            node = heads[bucket]
            heads[bucket] = after[node]
            if after[node] >= 0:
                before[after[node]] = -1
            before[node] = _DONE
            here = walk[node]
            for arc in range(arc_at[node], arc_at[node + 1]):
                value = here + arc_m[arc]
                if value > limit:
                    continue
                other = arc_node[arc]
                known = walk[other]
                if value >= known:
                    continue
                walk[other] = value
                target = np.int32(value * inverse)
                if known == np.inf:
                    touched[count] = other
                    count += 1
                elif before[other] != _DONE:
                    old = np.int32(known * inverse)
                    if old == target:
                        continue
                    first = after[other]
                    if before[other] >= 0:
                        after[before[other]] = first
                    else:
                        heads[old] = first
                    if first >= 0:
                        before[first] = before[other]
                first = heads[target]
                after[other], before[other] = first, -1
                if first >= 0:
                    before[first] = other
                heads[target] = other
    return count


@njit(cache=True, nogil=True)
def clear(count, walk, touched):  # type: ignore[no-untyped-def]
    """Make the walks of the first `count` touched junctions infinite again."""
    for i in range(count):
        walk[touched[i]] = np.inf
