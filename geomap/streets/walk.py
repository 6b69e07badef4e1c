"""Bounded walks: the shortest way from a place to everything within a limit.

The kernel settles junctions; here its result is cut to edges, so that a walk knows every
point of every street that it reaches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.streets.graph import StreetNetwork
from geomap.streets.kernel import MAX_LIMIT_M, clear, settle, workspace
from geomap.streets.snap import EdgePosition, Snapped

I4 = NDArray[np.int32]
F4 = NDArray[np.float32]
F8 = NDArray[np.float64]

NOTHING_NEAR = Label("起点附近没有可步行的道路", "No street to walk lies near the start")
TOO_FAR = Label("起点到道路的距离已超过限度", "The street lies beyond the limit")


@dataclass(frozen=True, slots=True)
class Reach:
    """What a walk reaches.

    Parameters
    ----------
    start
        Where it began.
    limit_m
        How far it went, access included, metres.
    node, walk_m
        Junctions within the limit, ascending, and the walk to each, metres.
    edge
        Edges of which at least one point is reached, ascending.
    u_walk_m, v_walk_m
        Walk to both ends of each `edge`, infinite where the end is beyond the limit.
        A point at ``t`` of an edge of length ``m`` is reached after
        ``min(u_walk_m + t, v_walk_m + m - t)``, and on the start's own edge also
        directly, after ``access_m + abs(t - offset_m)``.
    reason
        Why nothing is reached, None where something is.
    """

    start: EdgePosition
    limit_m: float
    node: I4
    walk_m: F4
    edge: I4
    u_walk_m: F4
    v_walk_m: F4
    reason: Label | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is reached."""
        return len(self.edge) == 0


@njit(cache=True, nogil=True)
def _reached(arc_at, arc_node, arc_edge, walk, nodes, own_edge):  # type: ignore[no-untyped-def]
    """Return every edge at a settled junction once, with the walks to both ends."""
    total = 1
    for i in range(len(nodes)):
        total += arc_at[nodes[i] + 1] - arc_at[nodes[i]]
    edge, u_walk, v_walk = np.empty(total, np.int32), np.empty(total, np.float32), np.empty(
        total, np.float32
    )  # fmt: skip
    count = 0
    own_seen = False
    for i in range(len(nodes)):
        node = nodes[i]
        for arc in range(arc_at[node], arc_at[node + 1]):
            forward = arc_edge[arc] >= 0
            other = arc_node[arc]
            # Backwards only where the far end was not settled: else the edge comes twice.
            if not forward and walk[other] < np.inf:
                continue
            index = arc_edge[arc] if forward else ~arc_edge[arc]
            edge[count] = index
            u_walk[count] = walk[node] if forward else walk[other]
            v_walk[count] = walk[other] if forward else walk[node]
            own_seen |= index == own_edge
            count += 1
    if not own_seen:
        edge[count], u_walk[count], v_walk[count] = own_edge, np.inf, np.inf
        count += 1
    return edge[:count], u_walk[:count], v_walk[:count]


@njit(cache=True, nogil=True)
def _walk(  # type: ignore[no-untyped-def]
    arc_at, arc_node, arc_edge, arc_m, u, v, u_walk, v_walk, own_edge, limit,
    walk, touched, after, queued, heads,
):  # fmt: skip
    """Settle, collect nodes and edges in ascending order, and clean the table."""
    count = settle(
        arc_at, arc_node, arc_m, u, v, u_walk, v_walk, limit, walk, touched, after, queued, heads
    )
    nodes = np.sort(touched[:count])
    walks = np.empty(count, np.float32)
    for i in range(count):
        walks[i] = walk[nodes[i]]
    edge, to_u, to_v = _reached(arc_at, arc_node, arc_edge, walk, nodes, own_edge)
    clear(count, walk, touched)
    order = np.argsort(edge)
    return nodes, walks, edge[order], to_u[order], to_v[order]


def _nothing(start: EdgePosition, limit_m: float, reason: Label) -> Reach:
    ints, floats = np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
    return Reach(start, limit_m, ints, floats, ints, floats, floats, reason)


def walk(network: StreetNetwork, start: EdgePosition, limit_m: float) -> Reach:
    """Walk from a place to everything within a limit.

    Parameters
    ----------
    network
        Walking network.
    start
        Point on an edge, with its access distance: that is walked first.
    limit_m
        Limit in metres, above 0 and at most `MAX_LIMIT_M`.

    Returns
    -------
    Reach
        Empty, with a reason, where the start lies on no edge or its street lies beyond
        the limit.

    Raises
    ------
    InputError
        The limit cannot be used.
    """
    if not 0.0 < limit_m <= MAX_LIMIT_M:
        raise InputError(
            Label(f"步行距离 {limit_m} 米不可用", f"A walk of {limit_m} m cannot be used"),
            fix=Label("给出 0 到 50000 米之间的数", "Give a number between 0 and 50000 m"),
            field="limit_m",
        )
    if start.edge < 0:
        return _nothing(start, limit_m, NOTHING_NEAR)
    if start.access_m > limit_m:
        return _nothing(start, limit_m, TOO_FAR)
    edge = start.edge
    length = float(network.edge_m[edge])
    offset = min(max(start.offset_m, 0.0), length)
    access = np.float32(start.access_m)
    nodes, walks, edges, u_walk, v_walk = _walk(
        network.arc_at,
        network.arc_node,
        network.arc_edge,
        network.arc_m,
        network.edge_u[edge],
        network.edge_v[edge],
        np.float32(offset) + access,
        np.float32(length - offset) + access,
        np.int32(edge),
        np.float32(limit_m),
        *workspace(network.node_count),
    )
    return Reach(start, limit_m, nodes, walks, edges, u_walk, v_walk)


def walk_to(network: StreetNetwork, reach: Reach, places: Snapped) -> F4:
    """Return the walk to each place, access at both ends included.

    Parameters
    ----------
    network
        The network of the walk.
    reach
        What `walk` reached.
    places
        Snapped places, shape (n,).

    Returns
    -------
    ndarray
        Metres, shape (n,), infinite where a place is beyond the limit.
    """
    result = np.full(len(places), np.inf, dtype=np.float32)
    if reach.empty:
        return result
    at = np.minimum(np.searchsorted(reach.edge, places.edge), len(reach.edge) - 1)
    on = np.flatnonzero(reach.edge[at] == places.edge)
    offset, at = places.offset_m[on], at[on]
    rest = network.edge_m[places.edge[on]] - offset
    along = np.minimum(reach.u_walk_m[at] + offset, reach.v_walk_m[at] + rest)
    start = reach.start
    direct = np.abs(offset - np.float32(start.offset_m)) + np.float32(start.access_m)
    along = np.where(places.edge[on] == start.edge, np.minimum(along, direct), along)
    total = along + places.access_m[on]
    result[on] = np.where(total <= reach.limit_m, total, np.inf)
    return result
