"""Are the figures those of right answers? The kernel beside scipy, rings beside lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geomap.bench.kernels import Sources, orders_of
from geomap.bench.measure import Result
from geomap.coverage.point import PointRing
from geomap.streets.graph import StreetNetwork
from geomap.streets.kernel import new_workspace

SOURCES = 120
"""Walks compared with scipy's, junction by junction."""
NEAR_LIMIT_M = 0.01
"""A junction this close to the limit may fall either way: float32 here, float64 there."""

F8 = NDArray[np.float64]


def arcs_matrix(network: StreetNetwork) -> Any:
    """Return the arcs for scipy: it would add parallel ones up, so the shortest stays."""
    tail = np.repeat(np.arange(network.node_count, dtype=np.int32), np.diff(network.arc_at))
    order = np.lexsort((network.arc_m, network.arc_node, tail))
    tail, head = tail[order], network.arc_node[order]
    first = np.ones(len(tail), dtype=np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    metres = np.maximum(network.arc_m[order][first].astype(np.float64), 1e-6)
    size = (network.node_count, network.node_count)
    return csr_matrix((metres, (tail[first], head[first])), shape=size)


def scipy_walk(matrix: Any, sources: Sources, i: int, limit_m: float) -> F8:
    """Return scipy's walk from one start to every junction, infinite beyond the limit."""
    ends = [int(sources.u[i]), int(sources.v[i])]
    first, second = dijkstra(matrix, indices=ends, limit=limit_m)
    walks = np.minimum(first + sources.u_walk[i], second + sources.v_walk[i])
    return np.asarray(np.where(walks <= limit_m + NEAR_LIMIT_M, walks, np.inf))


def agree_with_scipy(
    network: StreetNetwork, sources: Sources, limit_m: float, matrix: Any = None
) -> Result:
    """Compare the junctions that the kernel reaches, and the walks to them, with scipy's.

    Parameters
    ----------
    network, sources, limit_m
        As for the kernel; every source is compared.
    matrix
        What `arcs_matrix` gave, where it is known already.
    """
    matrix = arcs_matrix(network) if matrix is None else matrix
    at, order, metres = orders_of(network, sources, limit_m, new_workspace(network.node_count))
    differ, worst, compared = 0, 0.0, 0
    found = np.full(network.node_count, np.inf)
    for i in range(len(sources.u)):
        part = slice(int(at[i]), int(at[i + 1]))
        walks = scipy_walk(matrix, sources, i, limit_m)
        found[order[part]] = metres[part]
        seen = np.flatnonzero(np.isfinite(walks) | np.isfinite(found))
        theirs, ours = walks[seen], found[seen]
        sure = np.abs(np.minimum(theirs, ours) - limit_m) >= NEAR_LIMIT_M
        both = np.isfinite(theirs) & np.isfinite(ours)
        differ += int(np.count_nonzero(~both & sure))
        worst = max(worst, float(np.abs(theirs[both] - ours[both]).max(initial=0.0)))
        compared += len(seen)
        found[order[part]] = np.inf
    return {
        "sources": len(sources.u),
        "junctions_compared": compared,
        "junctions_that_differ": differ,
        "largest_difference_m": round(worst, 4),
    }


def count_agreement(ring: PointRing, points: NDArray[np.object_]) -> tuple[int, int, int]:
    """Return how many amenities are listed, how many lie in the ring, and how many both.

    `points` are all amenities, EPSG:4326, by their index.
    """
    shapely.prepare(ring.geometry)
    inside = np.flatnonzero(shapely.contains_properly(ring.geometry, points))
    listed = np.array([w.amenity for found in ring.amenities.values() for w in found.items])
    both = len(np.intersect1d(inside, listed))
    return len(listed), len(inside), both
