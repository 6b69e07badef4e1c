"""The graph: junctions, edges, geometry, components, the edge of the data."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.errors import InputError
from geomap.geo.crs import METRIC_EPSG
from geomap.streets.graph import build_network, morton_order
from geomap.streets.ways import StreetClass, Ways
from tests.streets.drawn import ORIGIN, block, junction, network_of, ways_of

CROSS = {"a": (-100, 0), "b": (100, 0), "c": (0, -100), "d": (0, 100), "o": (0, 0)}


def test_streets_that_share_a_corner_are_joined():
    network = network_of(CROSS, ["aob", "cod"])
    assert (network.node_count, network.edge_count) == (5, 4)
    assert network.component_size.tolist() == [5]
    assert np.allclose(network.edge_m, 100.0, atol=1e-3)


def test_a_bridge_shares_no_node_with_the_road_below():
    network = network_of(CROSS | {"p": (0, 0)}, ["aob", "cpd"])
    assert (network.node_count, network.edge_count) == (4, 2)
    assert network.component_size.tolist() == [2, 2]
    assert np.allclose(network.edge_m, 200.0, atol=1e-3)


def test_a_bend_is_contracted_and_its_geometry_kept():
    corners = {"a": (0, 0), "b": (30, 40), "c": (30, 100)}
    network = network_of(corners, ["ab", "cb"])
    assert (network.node_count, network.edge_count) == (2, 1)
    assert network.edge_m[0] == pytest.approx(110.0, abs=1e-3)
    assert len(network.geom) == 3
    u, v = network.edge_u[0], network.edge_v[0]
    ends = network.geom[[0, -1]]
    assert np.allclose(ends[:, 0], network.node_x[[u, v]])
    assert np.allclose(ends[:, 1], network.node_y[[u, v]])
    first = float(np.hypot(*(network.geom[1] - network.geom[0])))
    assert network.geom_m == pytest.approx([0, first, 110.0], abs=1e-3)


def test_geometry_runs_from_the_lower_junction():
    corners, paths = block(6, 70.0)
    network = network_of(corners, paths)
    assert (network.edge_u <= network.edge_v).all()
    first, last = network.geom_at[:-1], network.geom_at[1:] - 1
    for at, node in ((first, network.edge_u), (last, network.edge_v)):
        assert np.allclose(network.geom[at, 0], network.node_x[node])
        assert np.allclose(network.geom[at, 1], network.node_y[node])


def test_parallel_edges_are_all_kept():
    corners = {"a": (0, 0), "b": (100, 0), "m": (50, 50), "s": (-50, 0), "t": (150, 0)}
    network = network_of(corners, ["sabt", "amb"])
    a, b = (junction(network, corners, c) for c in "ab")
    between = (network.edge_u == min(a, b)) & (network.edge_v == max(a, b))
    assert sorted(network.edge_m[between].round(2)) == [100.0, 141.42]


def test_a_loop_stands_twice_among_the_arcs_of_its_junction():
    corners = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (150, 100)}
    network = network_of(corners, ["ab", "bcdb"])
    b = junction(network, corners, "b")
    loop = int(np.flatnonzero(network.edge_u == network.edge_v)[0])
    arcs = network.arc_edge[network.arc_at[b] : network.arc_at[b + 1]].tolist()
    assert len(arcs) == 3
    assert {loop, ~loop} < set(arcs)


def test_a_ring_road_without_junction_is_one_loop():
    corners = {"a": (0, 0), "b": (100, 0), "c": (100, 100)}
    network = network_of(corners, ["abca"])
    assert (network.node_count, network.edge_count) == (1, 1)
    assert network.edge_m[0] == pytest.approx(200 + 100 * 2**0.5, abs=1e-3)


def test_a_street_drawn_twice_is_one_edge():
    corners = {"a": (0, 0), "b": (100, 0), "c": (200, 0)}
    assert network_of(corners, ["abc", "cba", "ab"]).edge_count == 1


def test_streets_that_may_not_be_walked_are_left_out():
    network = network_of(CROSS, ["aob", "cod"], klass=[StreetClass.PATH, StreetClass.MOTORWAY])
    assert (network.node_count, network.edge_count) == (2, 1)
    with pytest.raises(InputError) as error:
        network_of(CROSS, ["aob"], klass=StreetClass.FERRY)
    assert error.value.field == "streets"


def test_a_street_of_one_point_is_no_street():
    with pytest.raises(InputError):
        network_of({"a": (0, 0)}, ["aa"])


def test_components_are_labelled_largest_first():
    corners, paths = block(3)
    corners = dict(corners) | {"x": (900, 0), "y": (990, 0)}
    network = network_of(corners, ["xy", *paths])
    assert network.component_size.tolist() == [5, 2]  # the four corners of a block are bends
    assert network.component[junction(network, corners, "x")] == 1


def test_a_version_names_the_content():
    corners, paths = block(4)
    again = network_of(corners, paths[::-1])
    assert network_of(corners, paths).version == again.version
    moved = {c: (x + (0.01 if i == 5 else 0), y) for i, (c, (x, y)) in enumerate(corners.items())}
    assert network_of(moved, paths).version != again.version


def test_the_declared_extent_is_the_edge_of_the_data():
    corners, paths = block(9)
    network = network_of(corners, paths, extent=(-500, -500, 750, 5000))
    x = network.node_x - ORIGIN[0]
    assert (network.at_border == (x > 649)).all()


def test_without_an_extent_the_hull_is_the_edge():
    corners, paths = block(9)
    network = network_of(corners, paths)
    x, y = network.node_x - ORIGIN[0], network.node_y - ORIGIN[1]
    inner = (np.minimum(x, y) > 101) & (np.maximum(x, y) < 699)
    outer = (np.minimum(x, y) < 99) | (np.maximum(x, y) > 701)
    assert not network.at_border[inner].any()
    assert network.at_border[outer].all()


def test_an_extent_that_misses_the_streets_is_not_believed():
    corners, paths = block(9)
    network = network_of(corners, paths, extent=(90_000, 90_000, 95_000, 95_000))
    assert network.at_border.tolist() == network_of(corners, paths).at_border.tolist()


def test_one_street_is_all_border():
    assert network_of(CROSS, ["ab"]).at_border.all()


def test_arrays_cannot_be_written():
    network = network_of(CROSS, ["ab"])
    with pytest.raises(ValueError, match="read-only"):
        network.edge_m[0] = 1.0


def test_streets_on_two_sides_of_the_world_are_refused():
    here = ways_of(CROSS, ["ab", "cd"])
    moved = here.coords - np.array([[0.0, 0.0]] * 2 + [[200.0, 60.0]] * 2)
    apart = Ways(moved, here.offsets, here.node_id, here.klass, here.name, here.bridge)
    with pytest.raises(InputError) as error:
        build_network(apart)
    assert error.value.fix


def test_the_metric_crs_belongs_to_the_place():
    here = ways_of(CROSS, ["ab"])
    assert build_network(here).crs == METRIC_EPSG
    porto = Ways(
        here.coords + np.array([-129.3, 13.2]),
        here.offsets,
        here.node_id,
        here.klass,
        [""],
        [False],
    )
    assert build_network(porto).crs == "EPSG:32629"


def test_bounds_are_degrees():
    west, south, east, north = network_of(CROSS, ["aob", "cod"]).bounds
    assert (west + east) / 2 == pytest.approx(120.7, abs=1e-5)
    assert (south + north) / 2 == pytest.approx(28.0, abs=1e-5)
    assert west < east
    assert south < north


def test_morton_order_keeps_neighbours_together():
    xy = np.array([[0, 0], [900, 900], [1, 1], [901, 901]], dtype=float)
    assert morton_order(xy).tolist() == [0, 2, 1, 3]
    assert morton_order(np.zeros((3, 2))).tolist() == [0, 1, 2]


@given(
    st.lists(st.lists(st.integers(0, 15), min_size=2, max_size=6), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=16, max_size=16),
)
def test_no_metre_is_lost(paths, points):
    corners = {chr(97 + i): (10.0 * x, 10.0 * y) for i, (x, y) in enumerate(points)}
    spelled = ["".join(chr(97 + i) for i in path) for path in paths]
    segments = {frozenset(pair) for p in spelled for pair in itertools.pairwise(p)}
    segments = {s for s in segments if len(s) == 2}
    if not segments:
        return
    network = network_of(corners, spelled)
    length = sum(np.hypot(*np.subtract(*(corners[c] for c in s))) for s in segments)
    assert float(network.edge_m.sum()) == pytest.approx(length, abs=0.01)
    assert len(network.arc_node) == 2 * network.edge_count
