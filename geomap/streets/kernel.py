"""The walking kernel: Dijkstra's algorithm over a queue of buckets (R. B. Dial, 1969).

Compiled by numba, run without the interpreter's lock. A junction whose walk gets shorter is
queued once more and its old entry passed over, which costs less than taking that out.
A query allocates nothing and touches only what it reaches; whoever calls `settle` puts the
touched cells back with `clear`.
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

F4 = NDArray[np.float32]
I4 = NDArray[np.int32]


class Workspace(NamedTuple):
    """Tables of one thread.

    `walk` is infinite everywhere between two queries; `touched` lists the junctions that a
    query reached; `queued` holds the junctions of all queue entries, `after` the entry
    behind each, and `heads` the first entry of each bucket (-1: empty).
    """

    walk: F4
    touched: I4
    after: I4
    queued: I4
    heads: I4


def new_workspace(nodes: int) -> Workspace:
    """Return tables for a network of at most `nodes` junctions.

    They take 24 bytes a junction, of which a walk uses, and the system provides, few.
    """
    touched = np.empty(nodes + 1, dtype=np.int32)
    after, queued = (np.empty(2 * nodes + 2, dtype=np.int32) for _ in range(2))
    heads = np.full(int(MAX_LIMIT_M / BUCKET_M) + 2, -1, dtype=np.int32)
    return Workspace(np.full(nodes, np.inf, dtype=np.float32), touched, after, queued, heads)


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
    arc_at, arc_node, arc_m, u, v, u_walk, v_walk, limit, walk, touched, after, queued, heads
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
    walk, touched, after, queued, heads
        The workspace, clean. There must be room for one entry more than junctions.

    Returns
    -------
    int
        How many junctions were reached: the first so many of `touched`, whose walks stand
        in `walk`.
    """
    inverse = np.float32(1.0 / BUCKET_M)
    beyond = np.nextafter(limit, np.float32(np.inf))
    last = np.int32(limit * inverse)
    count = entries = 0
    if u == v:
        u_walk, v_walk = min(u_walk, v_walk), np.float32(np.inf)
    for end in range(2):
        node, value = (u, u_walk) if end == 0 else (v, v_walk)
        if value <= limit:
            walk[node] = value
            touched[count] = node
            count += 1
            target = np.int32(value * inverse)
            after[entries], queued[entries] = heads[target], node
            heads[target] = entries
            entries += 1
    for bucket in range(last + 1):
        while heads[bucket] >= 0:
            node = queued[heads[bucket]]
            heads[bucket] = after[heads[bucket]]
            here = walk[node]
            if np.int32(here * inverse) != bucket:  # it was reached sooner, and is done
                continue
            next_arc, end_arc = arc_at[node], arc_at[node + 1]
            while next_arc < end_arc:
                room = len(after) - entries
                if room == 0:
                    # One entry for every junction that may still matter makes room again.
                    heads[bucket : last + 1] = -1
                    entries = 0
                    for i in range(count):
                        target = np.int32(walk[touched[i]] * inverse)
                        if target >= bucket:
                            after[entries], queued[entries] = heads[target], touched[i]
                            heads[target] = entries
                            entries += 1
                    continue
                stop = min(end_arc, next_arc + room)
                # The less it branches, the quicker it is: which arc helps is hard to foresee.
                for arc in range(next_arc, stop):
                    value = here + arc_m[arc]
                    other = arc_node[arc]
                    known = walk[other]
                    if value < (known if known < beyond else beyond):
                        walk[other] = value
                        touched[count] = other
                        count += known == np.inf
                        target = np.int32(value * inverse)
                        after[entries], queued[entries] = heads[target], other
                        heads[target] = entries
                        entries += 1
                next_arc = stop
    return count


@njit(cache=True, nogil=True)
def clear(count, walk, touched):  # type: ignore[no-untyped-def]
    """Make the walks of the first `count` touched junctions infinite again."""
    for i in range(count):
        walk[touched[i]] = np.inf
