"""Other ways to walk the same streets, in the same run: scipy, and what else is installed."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geomap.bench.kernels import Sources
from geomap.bench.measure import Result, installed, median_of, ratio
from geomap.streets.graph import StreetNetwork

SAMPLE = 25


def _matrix(network: StreetNetwork) -> Any:
    """Return the arcs for scipy: it would add parallel ones up, so the shortest stays."""
    tail = np.repeat(np.arange(network.node_count), np.diff(network.arc_at))
    order = np.lexsort((network.arc_m, network.arc_node, tail))
    tail, head = tail[order], network.arc_node[order]
    first = np.ones(len(tail), dtype=np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    metres = np.maximum(network.arc_m[order][first].astype(np.float64), 1e-6)
    size = (network.node_count, network.node_count)
    return csr_matrix((metres, (tail[first], head[first])), shape=size)


def measure_peers(
    network: StreetNetwork,
    sources: Sources,
    limit_m: float,
    known: tuple[Any, Any, Any],
    own_s: float,
) -> Result:
    """Time peers a source, and compare scipy's junctions and walks with the kernel's."""
    matrix, count = _matrix(network), min(SAMPLE, len(sources.u))
    differ, worst = 0, 0.0
    for i in range(count):
        walks = _scipy(matrix, sources, i, limit_m)
        at, order, metres = known
        part = slice(int(at[i]), int(at[i + 1]))
        found = np.full(len(walks), np.inf)
        found[order[part]] = metres[part]
        # A junction within a centimetre of the limit may fall either way.
        sure = ~(np.abs(np.minimum(walks, found) - limit_m) < 0.01)
        reached = np.isfinite(walks) & (walks <= limit_m)
        differ += int(np.count_nonzero((reached != np.isfinite(found)) & sure))
        both = reached & np.isfinite(found)
        worst = max(worst, float(np.abs(walks[both] - found[both]).max(initial=0.0)))
    seconds = median_of(lambda: [_scipy(matrix, sources, i, limit_m) for i in range(count)], 3)
    result: Result = {
        "scipy": {"us_a_source": round(seconds / count * 1e6, 1)}
        | {"times_ours": ratio(seconds / count, own_s, 1)},
        "agreement_with_scipy": {
            "sources": count,
            "junctions_that_differ": differ,
            "largest_difference_m": round(worst, 4),
        },
    }
    result["networkx"] = _networkx(network, sources, limit_m, own_s)
    result["pandana"] = _pandana(network, limit_m, own_s)
    return result


def _scipy(matrix: Any, sources: Sources, i: int, limit_m: float) -> Any:
    ends = [int(sources.u[i]), int(sources.v[i])]
    first, second = dijkstra(matrix, indices=ends, limit=limit_m)
    return np.minimum(first + sources.u_walk[i], second + sources.v_walk[i])


def _networkx(network: StreetNetwork, sources: Sources, limit_m: float, own_s: float) -> Any:
    if not installed("networkx"):
        return "not installed"
    import networkx  # type: ignore[import-not-found,import-untyped,unused-ignore]

    graph = networkx.MultiGraph()
    edges = zip(
        network.edge_u.tolist(), network.edge_v.tolist(), network.edge_m.tolist(), strict=True
    )
    graph.add_weighted_edges_from(edges, weight="m")
    count = min(SAMPLE, len(sources.u))

    def action() -> None:
        for node in sources.u[:count].tolist():
            networkx.single_source_dijkstra_path_length(graph, node, limit_m, "m")

    seconds = median_of(action, 1) / count
    return {"us_a_source": round(seconds * 1e6, 1), "times_ours": ratio(seconds, own_s, 1)}


def _pandana(network: StreetNetwork, limit_m: float, own_s: float) -> Any:
    if not installed("pandana"):
        return "not installed"
    import pandana  # type: ignore[import-not-found,import-untyped,unused-ignore]
    import pandas

    net = pandana.Network(
        pandas.Series(network.node_x),
        pandas.Series(network.node_y),
        pandas.Series(network.edge_u),
        pandas.Series(network.edge_v),
        pandas.DataFrame({"m": network.edge_m}),
    )
    nodes = np.arange(network.node_count)

    def action() -> None:
        net.set(pandas.Series(nodes), name="one")
        net.aggregate(limit_m, type="count", name="one")

    seconds = median_of(action, 1) / network.node_count
    return {"us_a_source": round(seconds * 1e6, 1), "times_ours": ratio(seconds, own_s, 1)}
