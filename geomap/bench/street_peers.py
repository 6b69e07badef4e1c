"""Other ways to walk the same streets and to draw their rings, in the same run.

Only scipy is always there; the others come with the ``bench`` extra.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.bench.agreement import SOURCES, agree_with_scipy, arcs_matrix, scipy_walk
from geomap.bench.kernels import Sources, settle_all
from geomap.bench.measure import Result, installed, median_of, ratio
from geomap.bench.peers_networkx import time_ego_graph, time_osmnx_rings, to_graph
from geomap.bench.peers_pandana import time_pandana
from geomap.bench.peers_valhalla import time_valhalla
from geomap.coverage.access import AmenityIndex
from geomap.coverage.point import ring_at
from geomap.domain.errors import GeomapError
from geomap.geo.crs import WGS84, from_metric, project_geometry
from geomap.streets.graph import StreetNetwork
from geomap.streets.kernel import new_workspace
from geomap.streets.ring import SPEED_KMH

Shapes = Sequence[BaseGeometry | None]

SAMPLE = 25
RINGS = 40


def networkx_graph(network: StreetNetwork) -> Any:
    """Return the streets for networkx, None where it is not installed."""
    return to_graph(network) if installed("networkx") else None


def bench_walk_peers(
    network: StreetNetwork, file: Path, sources: Sources, limit_m: float, graph: Any
) -> Result:
    """Time one bounded walk of each peer and of the kernel, and compare with scipy's.

    Parameters
    ----------
    network, file
        The streets, and the file in which they are saved.
    sources, limit_m
        Starts and limit; networkx and pandana start at the lower end of each edge.
    graph
        What `networkx_graph` gave.
    """
    few = sources.part(slice(0, SAMPLE))
    work, matrix = new_workspace(network.node_count), arcs_matrix(network)
    own = median_of(lambda: settle_all(network, sources, limit_m, work)) / len(sources.u)
    scipy = median_of(
        lambda: [scipy_walk(matrix, few, i, limit_m) for i in range(len(few.u))], 3
    ) / len(few.u)
    pandana = time_pandana(file, limit_m)
    batch, single = (
        (pandana["batch"], pandana["single"]) if isinstance(pandana, dict) else (pandana, pandana)
    )
    peers = {
        "scipy dijkstra(limit=)": {"us_a_source": round(scipy * 1e6, 1)},
        "networkx ego_graph": time_ego_graph(graph, few.u, limit_m),
        "pandana aggregate, all junctions": batch,
        "pandana nodes_in_range, one": single,
    }
    return {
        "ours_us_a_source": round(own * 1e6, 2),
        "peers": {name: _beside(peer, "us_a_source", own * 1e6) for name, peer in peers.items()},
        "agreement_with_scipy": agree_with_scipy(
            network, sources.part(slice(0, SOURCES)), limit_m, matrix
        ),
    }


def _beside(peer: Result | str, figure: str, own: float) -> Result | str:
    """Add how many times as long as ours a peer takes."""
    if isinstance(peer, str) or peer.get(figure) is None:
        return peer
    return peer | {"times_ours": ratio(peer[figure], own, 1)}


def bench_ring_peers(
    network: StreetNetwork,
    index: AmenityIndex,
    extract: Path | None,
    minutes: float,
    graph: Any,
    count: int = RINGS,
) -> Result:
    """Time the rings of peers around junctions, and see how far their areas agree with ours.

    Parameters
    ----------
    network, index
        The streets and the amenities on them.
    extract
        The OSM extract from which Valhalla builds its tiles, None where there is none.
    minutes
        Walk, at `SPEED_KMH`.
    graph
        What `networkx_graph` gave.
    count
        How many rings.
    """
    main = np.flatnonzero(network.component == 0)
    nodes = np.random.default_rng(8).choice(main, min(count, len(main)), replace=False)
    nodes = nodes.astype(np.int32)
    lon, lat = from_metric(network.node_x[nodes], network.node_y[nodes], network.crs)
    places = list(zip(lon.tolist(), lat.tolist(), strict=True))
    own, rings = _own_rings(network, index, places, minutes)
    limit_m = minutes / 60.0 * SPEED_KMH * 1000.0
    hull, hulls = time_osmnx_rings(graph, nodes, limit_m)
    tiled, shapes = time_valhalla(extract, places, minutes, SPEED_KMH)
    areas = [s and project_geometry(s, WGS84, network.crs) for s in shapes]
    peers = {
        "osmnx recipe: ego_graph and hull": _with_overlap(hull, rings, hulls),
        "Valhalla isochrone": _with_overlap(tiled, rings, areas),
    }
    return {
        "ours_ms_a_ring": round(own * 1e3, 2),
        "peers": {name: _beside(peer, "ms_a_ring", own * 1e3) for name, peer in peers.items()},
    }


def _own_rings(
    network: StreetNetwork, index: AmenityIndex, places: list[tuple[float, float]], minutes: float
) -> tuple[float, list[BaseGeometry | None]]:
    times: list[float] = []
    rings: list[BaseGeometry | None] = []
    for lon, lat in places:
        start = time.perf_counter()
        try:
            shape = ring_at(network, index, lon, lat, minutes=minutes).geometry
        except GeomapError:
            rings.append(None)
            continue
        shapely.to_geojson(shape)
        times.append(time.perf_counter() - start)
        rings.append(project_geometry(shape, WGS84, network.crs))
    return float(np.median(times)), rings


def _with_overlap(
    peer: Result | str, ours: Shapes, theirs: Shapes | Sequence[BaseGeometry]
) -> Result | str:
    """Add the median of intersection over union of two lists of areas, metric CRS."""
    if isinstance(peer, str):
        return peer
    shares = [
        a.intersection(b).area / a.union(b).area
        for a, b in zip(ours, theirs, strict=True)
        if a is not None and b is not None
    ]
    return peer | {
        "median_overlap_with_ours": round(float(np.median(shares)), 3) if shares else None
    }
