"""networkx and osmnx on the same streets: `ego_graph`, and the ring that osmnx's recipe draws."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.bench.measure import Result, installed
from geomap.streets.graph import StreetNetwork


def to_graph(network: StreetNetwork) -> Any:
    """Return the streets as osmnx holds them: a networkx MultiDiGraph with both directions."""
    import networkx

    graph = networkx.MultiDiGraph(crs=network.crs)
    x, y = network.node_x.tolist(), network.node_y.tolist()
    graph.add_nodes_from((i, {"x": x[i], "y": y[i]}) for i in range(network.node_count))
    ends = network.edge_u.tolist(), network.edge_v.tolist(), network.edge_m.tolist()
    for u, v, metres in zip(*ends, strict=True):
        graph.add_edge(u, v, length=metres)
        graph.add_edge(v, u, length=metres)
    return graph


def time_ego_graph(graph: Any, nodes: NDArray[np.int32], limit_m: float) -> Result | str:
    """Time ``ego_graph`` from some junctions: the walk, and the part of the graph it reaches."""
    if graph is None:
        return "not installed"
    import networkx

    times, sizes = [], []
    for node in nodes.tolist():
        start = time.perf_counter()
        ego = networkx.ego_graph(graph, node, radius=limit_m, distance="length")
        times.append(time.perf_counter() - start)
        sizes.append(len(ego))
    return {
        "us_a_source": round(float(np.median(times)) * 1e6, 1),
        "junctions_a_source": round(float(np.mean(sizes)), 1),
    }


def time_osmnx_rings(
    graph: Any, nodes: NDArray[np.int32], limit_m: float
) -> tuple[Result | str, list[BaseGeometry]]:
    """Time the ring of osmnx's isochrone recipe, and return its rings in the graph's CRS.

    As in the recipe: the `ego_graph` of a junction, its junctions as a GeoDataFrame, their
    convex hull. Finding the junction nearest to a place is left out of the time.
    """
    if graph is None or not installed("osmnx"):
        return "not installed", []
    import networkx
    import osmnx

    times, rings = [], []
    for node in nodes.tolist():
        start = time.perf_counter()
        ego = networkx.ego_graph(graph, node, radius=limit_m, distance="length")
        points = osmnx.convert.graph_to_gdfs(ego, edges=False).geometry
        ring = points.union_all().convex_hull
        shapely.to_geojson(ring)
        times.append(time.perf_counter() - start)
        rings.append(ring)
    return {"ms_a_ring": round(float(np.median(times)) * 1e3, 2)}, rings
