"""Bounded walks: known answers on drawn streets, scipy's Dijkstra on random ones."""

from __future__ import annotations

import itertools
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geomap.domain.errors import InputError
from geomap.streets.graph import StreetNetwork
from geomap.streets.snap import EdgePosition, Snapped
from geomap.streets.walk import NOTHING_NEAR, TOO_FAR, walk, walk_to
from tests.streets.cover import edge_cover
from tests.streets.drawn import block, junction, network_of, snapped, start_at, walk_of

CROSS = {"a": (-100, 0), "b": (100, 0), "c": (0, -100), "d": (0, 100), "o": (0, 0)}
RIVER = {
    "a": (0, 0), "b": (1000, 0), "c": (1000, 60), "d": (0, 60), "e": (-300, 0), "f": (-300, 60),
}  # fmt: skip


def test_from_the_middle_of_a_street():
    network = network_of(CROSS, ["aob", "cod"])
    reach = walk(network, start_at(network, 40, 0), 1000)
    walks = [walk_of(network, CROSS, reach, c) for c in "aobcd"]
    assert walks == pytest.approx([140, 40, 60, 140, 140], abs=0.01)
    assert reach.node.tolist() == sorted(reach.node.tolist())
    assert reach.reason is None


def test_the_way_to_the_street_counts():
    network = network_of(CROSS, ["aob", "cod"])
    reach = walk(network, start_at(network, 40, 25), 1000)
    assert walk_of(network, CROSS, reach, "b") == pytest.approx(85, abs=0.01)


def test_the_limit_is_kept():
    network = network_of(CROSS, ["aob", "cod"])
    reach = walk(network, start_at(network, 40, 0), 100)
    assert walk_of(network, CROSS, reach, "o") == pytest.approx(40, abs=0.01)
    assert walk_of(network, CROSS, reach, "c") == np.inf
    assert (reach.walk_m <= 100).all()


def test_a_bridge_does_not_lead_to_the_road_below():
    corners = CROSS | {"p": (0, 0)}
    network = network_of(corners, ["aob", "cpd"])
    reach = walk(network, start_at(network, 40, 0), 5000)
    assert walk_of(network, corners, reach, "c") == np.inf


def test_a_river_is_crossed_at_its_bridge_only():
    network = network_of(RIVER, ["eab", "bc", "cdf"])
    reach = walk(network, start_at(network, 0, 0), 5000)
    assert walk_to(network, reach, snapped(network, 0, 60)) == pytest.approx(2060, abs=0.05)


def test_an_island_is_not_reached():
    corners, paths = block(4)
    island = {"x": (150, 480), "y": (250, 480)}
    network = network_of(dict(corners) | island, [*paths, "xy"])
    reach = walk(network, start_at(network, 150, 300), 5000)
    places = snapped(network, [200, 200], [479, 300])
    assert walk_to(network, reach, places).tolist() == [np.inf, pytest.approx(50, abs=0.01)]


def test_the_shorter_of_parallel_streets_is_walked():
    corners = {"a": (0, 0), "b": (100, 0), "m": (50, 50), "s": (-50, 0), "t": (150, 0)}
    network = network_of(corners, ["sabt", "amb"])
    reach = walk(network, start_at(network, -50, 0), 1000)
    assert walk_of(network, corners, reach, "b") == pytest.approx(150, abs=0.01)


def test_both_ways_round_a_loop():
    corners = {"a": (0, 0), "b": (100, 0), "c": (300, 0), "d": (300, 200), "e": (100, 200)}
    network = network_of(corners, ["ab", "bcdeb"])
    from_a = walk(network, start_at(network, 0, 0), 5000)
    places = snapped(network, [290, 110, 100], [0, 200, 10])
    assert walk_to(network, from_a, places) == pytest.approx([290, 310, 110], abs=0.01)
    on_loop = walk(network, start_at(network, 100, 10), 5000)
    # Places near both ends of the loop: over the junction, not round.
    assert walk_to(network, on_loop, snapped(network, 110, 0)) == pytest.approx(20, abs=0.01)
    assert walk_of(network, corners, on_loop, "a") == pytest.approx(110, abs=0.01)


def test_places_on_the_street_of_the_start():
    network = network_of({"a": (0, 0), "b": (500, 0)}, ["ab"])
    reach = walk(network, start_at(network, 200, 10), 120)
    places = snapped(network, [200, 260, 120, 320, 500], [20, 0, 5, 0, 0])
    walks = walk_to(network, reach, places)
    assert walks == pytest.approx([30, 70, 95, np.inf, np.inf], abs=0.01)


def test_around_the_block_may_be_shorter_than_along_the_own_street():
    corners = {"a": (0, 0), "b": (0, 400), "c": (400, 400), "d": (400, 0), "e": (20, 0)}
    # The own street is the long way a-b-c-d-e; a-e is short.
    network = network_of(corners | {"f": (0, -50), "g": (20, -50)}, ["abcde", "ae", "af", "eg"])
    reach = walk(network, start_at(network, 0, 10), 2000)
    assert walk_to(network, reach, snapped(network, 25, 0)) == pytest.approx(35, abs=0.01)


def test_a_start_at_either_end_of_its_edge():
    network = network_of(CROSS, ["aob", "cod"])
    for x in (0.0, 100.0):
        reach = walk(network, start_at(network, x, 0), 1000)
        assert walk_of(network, CROSS, reach, "b") == pytest.approx(100 - x, abs=0.01)
        assert walk_of(network, CROSS, reach, "a") == pytest.approx(100 + x, abs=0.01)


def test_an_offset_beyond_the_edge_is_its_end():
    network = network_of({"a": (0, 0), "b": (100, 0)}, ["ab"])
    for offset, walks in ((-5.0, [0, 100]), (107.0, [100, 0])):
        reach = walk(network, EdgePosition(0, offset), 1000)
        assert reach.walk_m == pytest.approx(walks, abs=0.01)
        places = Snapped(*(np.array([v], t) for v, t in ((0, "i4"), (50, "f4"), (0, "f4"))), [], [])
        assert walk_to(network, reach, places) == pytest.approx(50, abs=0.01)


def test_streets_without_length():
    corners = {"a": (0, 0), "b": (100, 0), "c": (100, 0), "d": (200, 0), "e": (100, 50)}
    network = network_of(corners | {"f": (100, -50)}, ["ab", "bc", "cd", "be", "cf"])
    reach = walk(network, start_at(network, 0, 0), 1000)
    assert walk_to(network, reach, snapped(network, 200, 0)) == pytest.approx(200, abs=0.01)


def test_no_street_near_and_too_far():
    network = network_of(CROSS, ["aob"])
    assert walk(network, start_at(network, 5000, 0), 100).reason is NOTHING_NEAR
    far = walk(network, start_at(network, 0, 90), 80)
    assert far.reason is TOO_FAR
    assert far.empty
    assert walk_to(network, far, snapped(network, 0, 0)).tolist() == [np.inf]
    assert [len(part) for part in edge_cover(network, far)] == [0, 0, 0]


@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan, np.inf, 50_001.0])
def test_limits_that_cannot_be_used(limit):
    network = network_of(CROSS, ["aob"])
    with pytest.raises(InputError) as error:
        walk(network, start_at(network, 0, 0), limit)
    assert error.value.field == "limit_m"


def test_cover_is_cut_exactly_at_the_limit():
    network = network_of({"a": (0, 0), "b": (1000, 0)}, ["ab"])
    reach = walk(network, start_at(network, 300, 0), 200)
    edge, begin, end = edge_cover(network, reach)
    along = np.sort([min(b, 1000 - e) for b, e in zip(begin, end, strict=True)])
    assert edge.tolist() == [0]
    assert along == pytest.approx([100], abs=0.01)
    assert (end - begin) == pytest.approx([400], abs=0.01)


def test_cover_of_a_crossing():
    network = network_of(CROSS, ["aob", "cod"])
    edge, begin, end = edge_cover(network, walk(network, start_at(network, 40, 0), 70))
    covered = {}
    for e, b, t in zip(edge.tolist(), begin.tolist(), end.tolist(), strict=True):
        covered.setdefault(e, []).append((b, t))
    lengths = sorted(_length(parts) for parts in covered.values())
    assert lengths == pytest.approx([30, 30, 30, 100], abs=0.01)


def _length(parts: list[tuple[float, float]]) -> float:
    total, last = 0.0, -1.0
    for begin, end in sorted(parts):
        total += max(end - max(begin, last), 0.0)
        last = max(last, end)
    return total


def test_threads_do_not_disturb_each_other():
    corners, paths = block(12)
    network = network_of(corners, paths)
    starts = [start_at(network, 90 * i % 1000, 70 * i % 900) for i in range(12)]
    alone = [walk(network, s, 400 + 20 * i).walk_m for i, s in enumerate(starts)]
    seen: dict[tuple[int, int], np.ndarray] = {}

    def work(name: int) -> None:
        for round_ in range(8):
            i = (name + round_) % 12
            seen[name, i] = walk(network, starts[i], 400 + 20 * i).walk_m

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(walks, alone[i]) for (_, i), walks in seen.items())


def test_a_walk_leaves_no_trace():
    small, large = network_of(CROSS, ["aob", "cod"]), network_of(*block(8))
    before = walk(large, start_at(large, 300, 300), 350)
    walk(small, start_at(small, 0, 0), 50_000)
    walk(large, start_at(large, 700, 0), 2000)
    again = walk(large, start_at(large, 300, 300), 350)
    assert np.array_equal(before.node, again.node)
    assert np.array_equal(before.walk_m, again.walk_m)


POINTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=12, max_size=12)
PATHS = st.lists(st.lists(st.integers(0, 11), min_size=2, max_size=7), min_size=1, max_size=9)
SPOTS = st.lists(st.tuples(st.integers(0, 1000), st.floats(0, 1)), min_size=2, max_size=8)


def drawn(points, paths) -> StreetNetwork | None:
    corners = {chr(97 + i): (40.0 * x, 40.0 * y) for i, (x, y) in enumerate(points)}
    spelled = ["".join(chr(97 + i) for i in path) for path in paths]
    if all(len(set(p)) == 1 for p in spelled):
        return None
    return network_of(corners, spelled)


def matrix_of(links: list[tuple[int, int, float]], size: int) -> csr_matrix:
    """Return the lightest link of each pair; a link without length stays a link."""
    best: dict[tuple[int, int], float] = {}
    for u, v, metres in links:
        for pair in ((u, v), (v, u)):
            best[pair] = min(best.get(pair, np.inf), max(metres, 1e-9))
    rows, columns = np.array(list(best)).T
    return csr_matrix((list(best.values()), (rows, columns)), shape=(size, size))


@settings(max_examples=150, deadline=None)
@given(POINTS, PATHS, SPOTS, st.integers(1, 700))
def test_walks_equal_scipys(points, paths, spots, limit):
    """Start and places become nodes of their own: each edge is cut where they stand."""
    network = drawn(points, paths)
    if network is None:
        return
    edges = [edge % network.edge_count for edge, _ in spots]
    offsets = [float(network.edge_m[e]) * part for e, (_, part) in zip(edges, spots, strict=True)]
    links = []
    for e in range(network.edge_count):
        here = sorted((offsets[i], i) for i in range(len(spots)) if edges[i] == e)
        stops = [(0.0, int(network.edge_u[e]))]
        stops += [(o, network.node_count + i) for o, i in here]
        stops += [(float(network.edge_m[e]), int(network.edge_v[e]))]
        links += [(u, v, b - a) for (a, u), (b, v) in itertools.pairwise(stops)]
    size = network.node_count + len(spots)
    wanted = dijkstra(matrix_of(links, size), indices=network.node_count)
    reach = walk(network, EdgePosition(edges[0], offsets[0]), float(limit))
    walks = np.full(network.node_count, np.inf)
    walks[reach.node] = reach.walk_m
    _same(walks, wanted[: network.node_count], limit)
    places = Snapped(
        np.array(edges, np.int32),
        np.array(offsets, np.float32),
        np.zeros(len(spots), np.float32),
        np.zeros(len(spots)),
        np.zeros(len(spots)),
    )
    _same(walk_to(network, reach, places), wanted[network.node_count :], limit)


def _same(found: np.ndarray, wanted: np.ndarray, limit: float) -> None:
    sure = np.abs(wanted - limit) > 0.01
    inside = wanted[sure] <= limit
    assert (np.isfinite(found[sure]) == inside).all()
    assert np.allclose(found[sure][inside], wanted[sure][inside], atol=0.01)


@settings(max_examples=60, deadline=None)
@given(POINTS, PATHS)
def test_contraction_changes_no_distance(points, paths):
    """Between junctions the contracted graph walks what the drawn segments walk."""
    network = drawn(points, paths)
    if network is None:
        return
    links = [
        (u, v, 40.0 * float(np.hypot(*np.subtract(points[u], points[v]))))
        for path in paths
        for u, v in itertools.pairwise(path)
        if u != v
    ]
    wanted = dijkstra(matrix_of(links, 12))
    corners = {chr(97 + i): (40.0 * x, 40.0 * y) for i, (x, y) in enumerate(points)}
    if len(set(points)) < len(points):
        return  # corners that coincide cannot be told apart by place
    known = {c: n for c in corners if (n := _junction(network, corners, c)) is not None}
    for c, node in known.items():
        edge = int(np.flatnonzero((network.edge_u == node) | (network.edge_v == node))[0])
        offset = 0.0 if network.edge_u[edge] == node else float(network.edge_m[edge])
        reach = walk(network, EdgePosition(edge, offset), 50_000)
        walks = np.full(network.node_count, np.inf)
        walks[reach.node] = reach.walk_m
        found = np.array([walks[n] for n in known.values()])
        row = np.array([wanted[ord(c) - 97, ord(other) - 97] for other in known])
        _same(found, row, 50_000)


def _junction(network: StreetNetwork, corners, letter: str) -> int | None:
    try:
        return junction(network, corners, letter)
    except AssertionError:
        return None
