"""Compiled loops that the streets bench times: the walking kernel, and its floor."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geomap.streets.graph import StreetNetwork
from geomap.streets.kernel import Workspace, clear, settle

F4 = NDArray[np.float32]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]


class Sources(NamedTuple):
    """Starts on edges: both ends of each edge, and the walk to each, metres."""

    u: I4
    v: I4
    u_walk: F4
    v_walk: F4

    def part(self, rows: slice) -> Sources:
        """Return some of the starts."""
        return Sources(self.u[rows], self.v[rows], self.u_walk[rows], self.v_walk[rows])


@njit(cache=True, nogil=True)
def _settle_all(  # type: ignore[no-untyped-def]
    arc_at, arc_node, arc_m, u, v, u_walk, v_walk, limit, walk, touched, after, queued, heads, size
):
    for i in range(len(u)):
        size[i] = settle(
            arc_at, arc_node, arc_m, u[i], v[i], u_walk[i], v_walk[i], limit,
            walk, touched, after, queued, heads,
        )  # fmt: skip
        clear(size[i], walk, touched)


@njit(cache=True, nogil=True)
def _orders(  # type: ignore[no-untyped-def]
    arc_at, arc_node, arc_m, u, v, u_walk, v_walk, limit,
    walk, touched, after, queued, heads, at, order, metres,
):  # fmt: skip
    for i in range(len(u)):
        count = settle(
            arc_at, arc_node, arc_m, u[i], v[i], u_walk[i], v_walk[i], limit,
            walk, touched, after, queued, heads,
        )  # fmt: skip
        walks = np.empty(count, np.float32)
        for k in range(count):
            walks[k] = walk[touched[k]]
        sorted_ = np.argsort(walks)
        for k in range(count):
            order[at[i] + k] = touched[sorted_[k]]
            metres[at[i] + k] = walks[sorted_[k]]
        clear(count, walk, touched)


@njit(cache=True, nogil=True)
def _relax_all(arc_at, arc_node, arc_m, u, v, u_walk, v_walk, limit, walk, at, order):  # type: ignore[no-untyped-def]
    for i in range(len(u)):
        walk[u[i]] = u_walk[i]
        walk[v[i]] = min(walk[v[i]], v_walk[i])
        for k in range(at[i], at[i + 1]):
            node = order[k]
            here = walk[node]
            for arc in range(arc_at[node], arc_at[node + 1]):
                value = here + arc_m[arc]
                if value <= limit:
                    other = arc_node[arc]
                    if value < walk[other]:
                        walk[other] = value
        for k in range(at[i], at[i + 1]):
            walk[order[k]] = np.inf
        walk[u[i]] = np.inf
        walk[v[i]] = np.inf


def _arcs(network: StreetNetwork) -> tuple[Any, ...]:
    return network.arc_at, network.arc_node, network.arc_m


def settle_all(network: StreetNetwork, sources: Sources, limit_m: float, work: Workspace) -> I4:
    """Walk from every source; returns how many junctions each reaches."""
    size = np.zeros(len(sources.u), dtype=np.int32)
    _settle_all(*_arcs(network), *sources, np.float32(limit_m), *work, size)  # type: ignore[call-arg]
    return size


def orders_of(
    network: StreetNetwork, sources: Sources, limit_m: float, work: Workspace
) -> tuple[I8, I4, F4]:
    """Return offsets, and the junctions of each source in the order of their walks."""
    size = settle_all(network, sources, limit_m, work)
    at = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    order = np.empty(int(at[-1]), dtype=np.int32)
    metres = np.empty(int(at[-1]), dtype=np.float32)
    _orders(*_arcs(network), *sources, np.float32(limit_m), *work, at, order, metres)  # type: ignore[call-arg]
    return at, order, metres


def relax_all(
    network: StreetNetwork,
    sources: Sources,
    limit_m: float,
    work: Workspace,
    known: tuple[I8, I4, F4],
) -> None:
    """Relax the same arcs in the known order, without a queue: the floor of any kernel."""
    at, order, _ = known
    _relax_all(*_arcs(network), *sources, np.float32(limit_m), work.walk, at, order)  # type: ignore[call-arg]
