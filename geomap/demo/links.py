"""Which places are neighbours over a graph, and the cheapest way between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

I8 = NDArray[np.int64]


class Link(NamedTuple):
    """Two neighbouring sources (their places in the list), the cost and the nodes between."""

    first: int
    second: int
    cost: float
    path: list[int]


def find_links(graph: csr_array, sources: Sequence[int]) -> list[Link]:
    """Return the cheapest way between every two sources whose territories touch.

    One Dijkstra from all sources at once gives each node its nearest source; where two
    territories touch, the cheapest pair of touching nodes closes a way.

    Parameters
    ----------
    graph
        Symmetric costs, shape (n, n).
    sources
        Nodes, each once.
    """
    cost, before, origin = dijkstra(
        graph, directed=False, indices=list(sources), min_only=True, return_predecessors=True
    )
    coo = graph.tocoo()
    a, b = coo.coords[0].astype(np.int64), coo.coords[1].astype(np.int64)
    near_a, near_b = origin[a].astype(np.int64), origin[b].astype(np.int64)
    touch = (near_a != near_b) & (near_a >= 0) & (near_b >= 0) & (a < b)
    a, b = a[touch], b[touch]
    total = cost[a] + coo.data[touch] + cost[b]
    place = np.full(graph.shape[0], -1, dtype=np.int64)
    place[np.asarray(sources)] = np.arange(len(sources))
    pa, pb = place[near_a[touch]], place[near_b[touch]]
    low, high = np.minimum(pa, pb), np.maximum(pa, pb)
    order = np.lexsort((b, a, total, high, low))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    return [
        Link(
            int(low[k]),
            int(high[k]),
            float(total[k]),
            _walk(before, int(a[k]))[::-1] + _walk(before, int(b[k])),
        )
        for k in order[first]
    ]


def _walk(before: NDArray[np.int32], node: int) -> list[int]:
    """Return the nodes from one back to its source."""
    path = [node]
    while before[path[-1]] >= 0:
        path.append(int(before[path[-1]]))
    return path


def choose_links(links: Sequence[Link], count: int, *, spare: int = 2) -> list[Link]:
    """Keep the links that tie all places together, and each place's `spare` cheapest."""
    order = sorted(range(len(links)), key=lambda i: (links[i].cost, i))
    root = list(range(count))
    used = [0] * count

    def find(k: int) -> int:
        while root[k] != k:
            root[k] = root[root[k]]
            k = root[k]
        return k

    kept = []
    for i in order:
        a, b = links[i].first, links[i].second
        joined = find(a) == find(b)
        if joined and used[a] >= spare and used[b] >= spare:
            continue
        root[find(a)] = find(b)
        used[a] += 1
        used[b] += 1
        kept.append(links[i])
    return kept
