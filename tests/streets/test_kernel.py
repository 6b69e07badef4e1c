"""The queue of the walking kernel: little room for it, hubs, and one table used many times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geomap.streets.kernel import Workspace, clear, new_workspace, settle


def arcs_of(nodes: int, edges: list[tuple[int, int, float]]) -> tuple[np.ndarray, ...]:
    """Both directions of undirected edges as CSR."""
    ends = [(u, v, m) for u, v, m in edges] + [(v, u, m) for u, v, m in edges]
    ends.sort(key=lambda end: end[:2])
    at = np.searchsorted([end[0] for end in ends], np.arange(nodes + 1)).astype(np.int32)
    heads = np.array([end[1] for end in ends], dtype=np.int32)
    return at, heads, np.array([end[2] for end in ends], dtype=np.float32)


def cramped(nodes: int) -> Workspace:
    """Tables with the least room for queue entries: one more than junctions."""
    roomy = new_workspace(nodes)
    return roomy._replace(after=roomy.after[: nodes + 1], queued=roomy.queued[: nodes + 1])


def walks_of(arcs: tuple[np.ndarray, ...], work: Workspace, limit: float) -> np.ndarray:
    """Walks from junction 0; leaves the tables clean, as they must be."""
    none = np.float32(np.inf)
    count = settle(*arcs, 0, 0, np.float32(0.0), none, np.float32(limit), *work)
    reached = work.touched[:count].copy()
    assert len(np.unique(reached)) == count
    walks = np.full(len(work.walk), np.inf)
    walks[reached] = work.walk[reached]
    clear(count, work.walk, work.touched)
    assert np.isinf(work.walk).all()
    assert (work.heads == -1).all()
    return walks


def scipy_walks(nodes: int, edges: list[tuple[int, int, float]], limit: float) -> np.ndarray:
    shortest: dict[tuple[int, int], float] = {}
    for u, v, m in edges:
        for pair in ((u, v), (v, u)):
            shortest[pair] = min(shortest.get(pair, np.inf), m)
    rows, columns = zip(*shortest, strict=True)
    matrix = csr_matrix((list(shortest.values()), (rows, columns)), shape=(nodes, nodes))
    return dijkstra(matrix, indices=0, limit=limit)


@st.composite
def graphs(draw) -> tuple[int, list[tuple[int, int, float]]]:
    """Up to 12 junctions with parallel edges and loops; half metres are exact in float32."""
    nodes = draw(st.integers(1, 12))
    end = st.integers(0, nodes - 1)
    metres = st.integers(1, 300).map(lambda half: half / 2.0)
    return nodes, draw(st.lists(st.tuples(end, end, metres), min_size=1, max_size=60))


@given(graphs(), st.sampled_from([10.0, 77.5, 1000.0]))
def test_little_room_changes_nothing(graph, limit):
    nodes, edges = graph
    arcs = arcs_of(nodes, edges)
    expected = scipy_walks(nodes, edges, limit)
    expected[expected > limit] = np.inf
    for work in (cramped(nodes), new_workspace(nodes)):
        assert walks_of(arcs, work, limit).tolist() == expected.tolist()


def test_a_hub_with_more_streets_than_room():
    """Of 500 parallel streets the shortest counts, though each seems to help at first."""
    edges = [(0, 1, 600.0 - i) for i in range(500)] + [(1, 2, 10.0)]
    at, node, metres = arcs_of(3, edges)
    # Longest first, so that every arc of junction 0 improves on the one before.
    first = slice(int(at[0]), int(at[1]))
    metres[first] = np.sort(metres[first])[::-1]
    walks = walks_of((at, node, metres), cramped(3), 1000.0)
    assert walks.tolist() == [0.0, 101.0, 111.0]


def test_the_limit_itself_is_reached():
    arcs = arcs_of(3, [(0, 1, 100.0), (1, 2, 20.0)])
    assert walks_of(arcs, new_workspace(3), 120.0).tolist() == [0.0, 100.0, 120.0]
    below = float(np.nextafter(np.float32(120.0), np.float32(0.0)))
    assert walks_of(arcs, new_workspace(3), below).tolist() == [0.0, 100.0, np.inf]


def test_a_chain_that_is_corrected_within_a_bucket():
    """The long way of short streets beats the one street of 19 m, found first."""
    edges = [(0, 9, 19.0), (9, 10, 5.0)] + [(i, i + 1, 1.0) for i in range(9)]
    walks = walks_of(arcs_of(11, edges), cramped(11), 50.0)
    assert walks[9] == pytest.approx(9.0)
    assert walks[10] == pytest.approx(14.0)
