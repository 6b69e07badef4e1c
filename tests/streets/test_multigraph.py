"""Parallel streets and loops, in both directions: scipy's Dijkstra on drawn multigraphs.

Every edge is drawn over two bends of its own, so that several edges between the same two
junctions, and loops at one, stay edges of the network.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components, dijkstra

from geomap.streets.graph import StreetNetwork
from geomap.streets.snap import EdgePosition, Snapped
from geomap.streets.walk import walk, walk_to
from tests.streets.drawn import network_of
from tests.streets.test_walk import _same, matrix_of

HUBS = 5
EDGES = st.lists(
    st.tuples(
        st.integers(0, HUBS - 1),
        st.integers(0, HUBS - 1),
        st.tuples(st.integers(-300, 300), st.integers(-300, 300)),
    ),
    min_size=3,
    max_size=12,
)
SPOTS = st.lists(st.tuples(st.integers(0, 99), st.floats(0, 1)), min_size=2, max_size=6)


def drawn(edges) -> StreetNetwork:
    """Draw the hubs, each with three dead ends so that it is a junction, and the edges."""
    corners = {chr(65 + i): (400.0 * i, 50.0 * (i % 2)) for i in range(HUBS)}
    paths = []
    for i in range(HUBS):
        x, y = corners[chr(65 + i)]
        for k, step in enumerate((-37.0, -59.0, -83.0)):
            corners[chr(97 + 3 * i + k)] = (x + k * 11.0, y + step)
            paths.append(chr(65 + i) + chr(97 + 3 * i + k))
    for number, (u, v, (dx, dy)) in enumerate(edges):
        first, second = chr(0x4E00 + 2 * number), chr(0x4E01 + 2 * number)
        corners[first] = (corners[chr(65 + u)][0] + dx, 200.0 + dy + 0.5)
        corners[second] = (corners[chr(65 + v)][0] - dy, 200.0 + dx + 0.25)
        paths.append(chr(65 + u) + first + second + chr(65 + v))
    return network_of(corners, paths)


def links_of(network: StreetNetwork, edges, offsets) -> list[tuple[int, int, float]]:
    """Return the network's edges, cut where places stand; those are nodes of their own."""
    links = []
    for e in range(network.edge_count):
        here = sorted((offsets[i], i) for i in range(len(edges)) if edges[i] == e)
        stops = [(0.0, int(network.edge_u[e]))]
        stops += [(o, network.node_count + i) for o, i in here]
        stops += [(float(network.edge_m[e]), int(network.edge_v[e]))]
        # A loop without a place on it leads nowhere, and scipy's matrix takes none.
        if len(stops) == 2 and stops[0][1] == stops[1][1]:
            continue
        links += [(u, v, b - a) for (a, u), (b, v) in itertools.pairwise(stops)]
    return links


@settings(max_examples=120, deadline=None)
@given(EDGES, SPOTS, st.integers(50, 4_000))
def test_walks_equal_scipys(edges, spots, limit):
    network = drawn(edges)
    on = [edge % network.edge_count for edge, _ in spots]
    offsets = [float(network.edge_m[e]) * part for e, (_, part) in zip(on, spots, strict=True)]
    size = network.node_count + len(spots)
    wanted = dijkstra(matrix_of(links_of(network, on, offsets), size), indices=network.node_count)
    reach = walk(network, EdgePosition(on[0], offsets[0]), float(limit))
    walks = np.full(network.node_count, np.inf)
    walks[reach.node] = reach.walk_m
    _same(walks, wanted[: network.node_count], limit)
    zeros = np.zeros(len(spots))
    places = Snapped(
        np.array(on, np.int32),
        np.array(offsets, np.float32),
        zeros.astype(np.float32),
        zeros,
        zeros,
    )
    _same(walk_to(network, reach, places), wanted[network.node_count :], limit)


@settings(max_examples=60, deadline=None)
@given(EDGES)
def test_the_network_holds_every_edge_drawn(edges):
    """Parallel edges are not merged, loops stand twice, components are scipy's."""
    network = drawn(edges)
    assert network.edge_count == 3 * HUBS + len(edges)
    loops = int((network.edge_u == network.edge_v).sum())
    assert loops == sum(u == v for u, v, _ in edges)
    assert len(network.arc_node) == 2 * network.edge_count
    for node in range(network.node_count):
        arcs = network.arc_edge[network.arc_at[node] : network.arc_at[node + 1]]
        ends = (network.edge_u == node).sum() + (network.edge_v == node).sum()
        assert len(arcs) == ends
    links = list(zip(network.edge_u, network.edge_v, network.edge_m, strict=True))
    count, labels = connected_components(matrix_of(links, network.node_count), directed=False)
    assert len(network.component_size) == count
    assert sorted(np.bincount(labels).tolist(), reverse=True) == network.component_size.tolist()
    same = labels[:, None] == labels[None, :]
    assert (same == (network.component[:, None] == network.component[None, :])).all()


def test_a_place_late_on_a_loop_is_walked_to_backwards():
    """Without the arc of the other direction it would be 228 m too far, and more."""
    network = drawn([(0, 0, (300, 300)), (1, 1, (-300, 300)), (0, 1, (0, 0)), (0, 1, (50, 50))])
    loop = int(np.flatnonzero(network.edge_u == network.edge_v)[0])
    length, home = float(network.edge_m[loop]), int(network.edge_u[loop])
    dead_end = int(np.flatnonzero((network.edge_u == home) ^ (network.edge_v == home))[0])
    at_home = 0.0 if network.edge_u[dead_end] == home else float(network.edge_m[dead_end])
    reach = walk(network, EdgePosition(dead_end, at_home), 5_000)
    for offset in (10.0, length / 2, length - 10.0):
        place = Snapped(
            *(np.array([v], t) for v, t in ((loop, "i4"), (offset, "f4"), (0, "f4"))), [0.0], [0.0]
        )
        assert walk_to(network, reach, place) == pytest.approx(
            min(offset, length - offset), abs=0.01
        )
