"""Snapping: from a place to the nearest point of the nearest street."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geomap.geo.crs import to_metric
from geomap.streets.graph import StreetNetwork

SNAP_M = 100.0
"""Farthest that a place may lie from its street."""
COMPONENT_MIN = 30
"""Junctions of a component that counts as a neighbourhood, not a stray path."""
USEFUL_M = 2000.0
"""Metres of street that make a neighbourhood whatever its junctions: the one road of an
islet must not be left for the mainland across the water."""
ISLET_M, ISLET_NEAR_M, ISLET_GAP_M = 200.0, 25.0, 60.0
"""Smaller ones are islets where they have some metres of street, a place stands right beside
them, and the nearest neighbourhood lies so far off that a river may be between."""

F8 = NDArray[np.float64]
F4 = NDArray[np.float32]
I4 = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class EdgePosition:
    """A start: a point on an edge, and the place from which it was reached.

    `offset_m` is measured along the edge from its `edge_u`; `access_m` is the straight
    way from the place (`x`, `y`, metric) to that point. `edge` is -1 where no street
    lies near.
    """

    edge: int
    offset_m: float
    access_m: float = 0.0
    x: float = float("nan")
    y: float = float("nan")


@dataclass(frozen=True, slots=True)
class Snapped:
    """Places on the network, each array of shape (n,).

    `edge` is -1 and both distances NaN where no street lies within reach; `x` and `y`
    are the places themselves in the network's CRS, not their streets.
    """

    edge: I4
    offset_m: F4
    access_m: F4
    x: F8
    y: F8

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.edge)

    def position(self, index: int) -> EdgePosition:
        """Return one place as the start of a walk."""
        return EdgePosition(
            int(self.edge[index]),
            float(self.offset_m[index]),
            float(self.access_m[index]),
            float(self.x[index]),
            float(self.y[index]),
        )


class _Trees:
    """Search trees over the edges of one network: neighbourhoods, and all others."""

    def __init__(self, network: StreetNetwork, component_min: int) -> None:
        component = network.component[network.edge_u]
        useful = useful_components(network, component_min)
        main, rest = np.flatnonzero(useful[component]), np.flatnonzero(~useful[component])
        islet = rest[np.bincount(component, network.edge_m)[component[rest]] >= ISLET_M]
        self.main_tree = shapely.STRtree(network.lines[main])
        self.rest_tree = shapely.STRtree(network.lines[rest])
        self.islet_tree = shapely.STRtree(network.lines[islet])
        # Last stands what a place without a street gets.
        self.main, self.rest = np.append(main, -1), np.append(rest, -1)
        self.islet = np.append(islet, -1)


def _trees(network: StreetNetwork, component_min: int) -> _Trees:
    """Return the trees of a network, kept with it: building them takes 0.1 s a city."""
    kept: dict[int, _Trees] = network.__dict__.setdefault("_snap_trees", {})
    if component_min not in kept:
        kept[component_min] = _Trees(network, component_min)
    return kept[component_min]


def _nearest(
    tree: shapely.STRtree, edges: NDArray[np.int64], points: NDArray[np.object_], max_m: float
) -> I4:
    """Return the nearest edge of each point, -1 where none lies within `max_m`.

    `edges` are those of the tree, and -1. Of edges equally near (at a junction) the lowest
    is taken, so that a place snaps the same way every time.
    """
    found = np.full(len(points), len(edges) - 1, dtype=np.int64)
    if len(edges) > 1:
        at, hit = tree.query_nearest(points, max_distance=max_m, all_matches=True)
        np.minimum.at(found, at, hit)
    return edges[found].astype(np.int32)


def _keep_islets(
    network: StreetNetwork, trees: _Trees, points: NDArray[np.object_], nearest: I4
) -> None:
    """Put places that stand beside a street of an islet back on it, in place."""
    on = np.flatnonzero(nearest >= 0)
    if len(trees.islet) < 2 or not len(on):
        return
    gap = shapely.distance(points[on], network.lines[nearest[on]])
    across = on[gap > ISLET_GAP_M]
    beside = _nearest(trees.islet_tree, trees.islet, points[across], ISLET_NEAR_M)
    nearest[across[beside >= 0]] = beside[beside >= 0]


def edges_within(network: StreetNetwork, x: F8, y: F8, max_m: float) -> tuple[I4, I4]:
    """Return every edge near some places, whatever its component, as pairs.

    Parameters
    ----------
    network
        Walking network.
    x, y
        Places in the network's CRS, metres, finite, shape (n,).
    max_m
        Farthest edge, metres.

    Returns
    -------
    place, edge
        Indices of both, one pair a place and edge within `max_m`, in no order.
    """
    trees = _trees(network, COMPONENT_MIN)
    points = np.asarray(shapely.points(x, y))
    pairs = []
    for tree, edges in ((trees.main_tree, trees.main), (trees.rest_tree, trees.rest)):
        if len(edges):
            at, hit = tree.query(points, predicate="dwithin", distance=max_m)
            pairs.append((at, edges[hit]))
    place, edge = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return place.astype(np.int32), edge.astype(np.int32)


def useful_components(network: StreetNetwork, component_min: int) -> NDArray[np.bool_]:
    """Return which components are neighbourhoods, shape (components,)."""
    metres = np.bincount(
        network.component[network.edge_u],
        network.edge_m,
        minlength=len(network.component_size),
    )
    return np.asarray((network.component_size >= component_min) | (metres >= USEFUL_M))


def place_on(network: StreetNetwork, edge: I4, x: F8, y: F8) -> Snapped:
    """Put places (metres of the network's CRS) on given edges, -1 for none; shapes (n,)."""
    return _measure(network, edge, x, y)


def snap_points(
    network: StreetNetwork,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    max_m: float = SNAP_M,
    component_min: int = COMPONENT_MIN,
) -> Snapped:
    """Find the nearest street of each place.

    Parameters
    ----------
    network
        Walking network.
    lon, lat
        Places, degrees EPSG:4326, shape (n,) or scalars. NaN snaps to nothing.
    max_m
        Farthest street, metres.
    component_min
        A street of a component with fewer junctions, and less than `USEFUL_M` of streets,
        is taken only where no larger component lies within `max_m` (a stray path leads
        nowhere), or where it may be an islet: see `ISLET_M`.

    Returns
    -------
    Snapped
        Edge, offset along it and access distance of each place.
    """
    lon_array = np.atleast_1d(np.asarray(lon, dtype=np.float64))
    lat_array = np.atleast_1d(np.asarray(lat, dtype=np.float64))
    x, y = to_metric(lon_array, lat_array, network.crs)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points = np.asarray(shapely.points(x[known], y[known]))
    trees = _trees(network, component_min)
    nearest = _nearest(trees.main_tree, trees.main, points, max_m)
    _keep_islets(network, trees, points, nearest)
    lost = np.flatnonzero(nearest < 0)
    if len(lost):
        nearest[lost] = _nearest(trees.rest_tree, trees.rest, points[lost], max_m)
    edge = np.full(len(x), -1, dtype=np.int32)
    edge[known] = nearest
    return _measure(network, edge, x, y)


def _measure(network: StreetNetwork, edge: I4, x: F8, y: F8) -> Snapped:
    """Return the offsets and access distances of places whose edges are known."""
    offset = np.full(len(x), np.nan, dtype=np.float32)
    access = np.full(len(x), np.nan, dtype=np.float32)
    on = np.flatnonzero(edge >= 0)
    if len(on):
        lines = network.lines[edge[on]]
        points = shapely.points(x[on], y[on])
        along = shapely.line_locate_point(lines, points)
        offset[on] = np.minimum(along, network.edge_m[edge[on]])
        access[on] = shapely.distance(lines, points)
    return Snapped(edge, offset, access, x, y)
