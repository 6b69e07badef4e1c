"""Streets taken out: the same walks as without them, places carried over, pieces found."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.geo.crs import from_metric
from geomap.streets.edit import carry_places, find_edge, nearest_street, without_streets
from geomap.streets.graph import ARRAY_FIELDS, StreetNetwork, build_network, label_components
from geomap.streets.snap import Snapped, snap_points
from geomap.streets.walk import walk, walk_to
from geomap.streets.ways import StreetClass, Ways
from tests.streets.drawn import block, lonlat, network_of, snapped, start_at

TWO_BANKS = {
    "a": (0.0, 0.0), "b": (300.0, 0.0), "c": (0.0, 100.0), "d": (300.0, 100.0),
    "e": (-100.0, 0.0), "f": (-100.0, 100.0), "g": (400.0, 0.0), "h": (400.0, 100.0),
}  # fmt: skip
"""Two banks, e-a-b-g in the south and f-c-d-h in the north; bridges a-c and b-d."""
BANKS = ("eabg", "fcdh", "ac", "bd")
GRID = network_of(*block(6, 100.0))


def edge_at(network: StreetNetwork, x: float, y: float) -> int:
    edge, away = find_edge(network, *(float(v) for v in lonlat(x, y)))
    assert away < 0.01
    return edge


def from_scratch(network: StreetNetwork, keep: np.ndarray) -> StreetNetwork:
    """Build the kept streets as if the others had never been drawn."""
    lines = network.lines[keep]
    coords, way = shapely.get_coordinates(lines, return_index=True)
    _, ids = np.unique(coords.round(3), axis=0, return_inverse=True)
    offsets = np.searchsorted(way, np.arange(len(lines) + 1))
    classes = np.full(len(lines), StreetClass.MINOR, dtype=np.int8)
    bridges = np.zeros(len(lines), dtype=np.bool_)
    degrees = np.column_stack(from_metric(coords[:, 0], coords[:, 1], network.crs))
    ways = Ways(degrees, offsets, ids.ravel(), classes, [""] * len(lines), bridges)
    return build_network(ways, crs=network.crs)


def street_points(network: StreetNetwork, places: Snapped) -> np.ndarray:
    on = places.edge >= 0
    points = np.full(len(places), None, dtype=object)
    lines = network.lines[places.edge[on]]
    points[on] = shapely.line_interpolate_point(lines, places.offset_m[on])
    return points


def take(places: Snapped, rows: np.ndarray) -> Snapped:
    return Snapped(*(getattr(places, n)[rows] for n in ("edge", "offset_m", "access_m", "x", "y")))


def test_arrays_fit_and_the_network_is_as_it_was() -> None:
    before = {name: getattr(GRID, name).copy() for name in ARRAY_FIELDS}
    edited = without_streets(GRID, [3, 7, 3])
    network = edited.network
    assert network.edge_count == GRID.edge_count - 2
    assert np.flatnonzero(edited.new_edge < 0).tolist() == [3, 7]
    kept = np.flatnonzero(edited.new_edge >= 0)
    assert edited.new_edge[kept].tolist() == list(range(network.edge_count))
    for name in ("edge_u", "edge_v", "edge_m"):
        assert np.array_equal(getattr(network, name), getattr(GRID, name)[kept])
    assert all(
        shapely.equals_exact(network.lines[i], GRID.lines[e]) for i, e in enumerate(kept.tolist())
    )
    fresh = StreetNetwork(
        network.crs, network.version, *(getattr(network, n) for n in ARRAY_FIELDS)
    )
    assert all(shapely.equals_exact(a, b) for a, b in zip(fresh.lines, network.lines, strict=True))
    assert np.array_equal(network.at_border, GRID.at_border)
    assert not any(getattr(network, name).flags.writeable for name in ARRAY_FIELDS)
    assert all(np.array_equal(getattr(GRID, name), values) for name, values in before.items())


def test_arcs_are_those_of_the_edges_that_are_left() -> None:
    network = without_streets(GRID, range(0, GRID.edge_count, 3)).network
    seen = set()
    for node in range(network.node_count):
        for arc in range(network.arc_at[node], network.arc_at[node + 1]):
            walked = int(network.arc_edge[arc])
            edge, ends = max(walked, ~walked), (node, int(network.arc_node[arc]))
            u, v = int(network.edge_u[edge]), int(network.edge_v[edge])
            assert ends == ((u, v) if walked >= 0 else (v, u))
            assert network.arc_m[arc] == network.edge_m[edge]
            seen.add(walked)
    assert len(seen) == len(network.arc_edge) == 2 * network.edge_count


def test_version_is_that_of_the_content() -> None:
    one = without_streets(GRID, [5, 2]).network.version
    step = without_streets(GRID, [5])
    other = without_streets(step.network, [int(step.new_edge[2])]).network.version
    assert one == other != GRID.version
    assert without_streets(GRID, [5]).network.version != without_streets(GRID, [6]).network.version
    assert without_streets(GRID, []).network is GRID


@pytest.mark.parametrize("edge", [-1, GRID.edge_count])
def test_no_such_edge(edge: int) -> None:
    with pytest.raises(ValueError, match="edges"):
        without_streets(GRID, [0, edge])


def test_a_self_loop_goes_with_both_its_arcs() -> None:
    corners = {"a": (0.0, 0.0), "b": (100.0, 0.0), "c": (200.0, 50.0), "d": (200.0, -50.0)}
    network = network_of(corners, ("ab", "bcdb"))
    loop = int(np.flatnonzero(network.edge_u == network.edge_v)[0])
    edited = without_streets(network, [loop]).network
    assert (edited.edge_count, len(edited.arc_edge)) == (1, 2)


def test_without_both_bridges_the_banks_part() -> None:
    network = network_of(TWO_BANKS, BANKS)
    bridges = [edge_at(network, 0, 50), edge_at(network, 300, 50)]
    north = snapped(network, [0.0], [100.0])
    far = walk_to(network, walk(network, start_at(network, 0, -5), 2000.0), north)[0]
    assert far == pytest.approx(105.0, abs=0.1)
    for dropped, metres in ((bridges[:1], 705.0), (bridges, np.inf)):
        edited = without_streets(network, dropped)
        start = carry_places(edited, snapped(network, [0.0], [-5.0])).position(0)
        north = carry_places(edited, snapped(network, [0.0], [104.0]))
        reach = walk(edited.network, start, 2000.0)
        expected = metres + 4.0
        assert walk_to(edited.network, reach, north)[0] == pytest.approx(expected, abs=0.1)
    assert edited.network.component.max() == 1
    assert edited.network.component_size.tolist() == [4, 4]


def test_a_place_that_keeps_its_street_keeps_its_bank() -> None:
    """Snapped anew, a place by the islet's path would be put across the water."""
    corners, paths = block(8, 100.0)
    shore = next(letter for letter, xy in corners.items() if xy == (100.0, 0.0))
    corners = dict(corners) | {"a": (100.0, -40.0), "b": (60.0, -40.0), "c": (140.0, -40.0)}
    network = network_of(corners, [*paths, "bac", f"a{shore}"])
    islet = snap_points(network, *lonlat([80.0], [-35.0]))
    edited = without_streets(network, [edge_at(network, 100, -20)])
    kept = carry_places(edited, islet)
    assert kept.access_m[0] == pytest.approx(5.0, abs=0.01)
    assert snap_points(edited.network, *lonlat([80.0], [-35.0])).access_m[0] > 30.0


def test_a_place_far_from_every_other_street_is_lost() -> None:
    # One straight street is one edge: a side street makes the junction.
    corners = {"a": (0.0, 0.0), "b": (100.0, 0.0), "c": (600.0, 0.0), "d": (100.0, 90.0)}
    network = network_of(corners, ("abc", "bd"))
    places = snapped(network, [50.0, 400.0, np.nan], [3.0, 3.0, 0.0])
    edited = without_streets(network, [edge_at(network, 400, 0)])
    after = carry_places(edited, places)
    assert after.edge[0] >= 0 and after.edge[1:].tolist() == [-1, -1]
    assert np.isnan(after.offset_m[1]) and np.isnan(after.access_m[1])


PLACES = st.lists(st.tuples(st.floats(-60, 560), st.floats(-60, 560)), min_size=2, max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, GRID.edge_count - 1), max_size=12), PLACES)
def test_walks_are_those_of_streets_never_drawn(dropped: set[int], xy: list) -> None:
    keep = np.ones(GRID.edge_count, dtype=np.bool_)
    keep[list(dropped)] = False
    scratch = from_scratch(GRID, keep)
    x, y = np.array(xy).T
    edited = without_streets(GRID, dropped)
    before = snapped(GRID, x, y)
    after = carry_places(edited, before)
    # Places of small islands may be snapped otherwise on purpose; see the islet.
    large = edited.network.component_size[edited.network.component[edited.network.edge_u]] >= 30
    sure = np.flatnonzero(large[after.edge] & (after.edge >= 0))
    anew = snap_points(scratch, *lonlat(x, y))
    assert np.allclose(anew.access_m[sure], after.access_m[sure], atol=0.02)
    # Of two streets equally near either may be taken.
    gap = shapely.distance(street_points(scratch, anew), street_points(edited.network, after))
    sure = sure[gap[sure] < 0.02]
    for i in sure[:2].tolist():
        one = walk_to(edited.network, walk(edited.network, after.position(i), 900.0), after)
        two = walk_to(scratch, walk(scratch, anew.position(i), 900.0), anew)
        near_limit = np.abs(np.minimum(one, two) - 900.0) < 0.1
        assert np.allclose(one[sure], two[sure], atol=0.05) or near_limit[sure].any()


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, GRID.edge_count - 1), max_size=12), PLACES)
def test_a_walk_never_becomes_shorter(dropped: set[int], xy: list) -> None:
    x, y = np.array(xy).T
    places = snapped(GRID, x, y)
    edited = without_streets(GRID, dropped)
    after = carry_places(edited, places)
    kept = np.flatnonzero((places.edge >= 0) & (edited.new_edge[places.edge] >= 0))
    for i in kept.tolist():
        one = walk_to(GRID, walk(GRID, places.position(i), 900.0), places)
        two = walk_to(edited.network, walk(edited.network, after.position(i), 900.0), after)
        assert (two[kept] >= one[kept] - 0.01).all()


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, GRID.edge_count - 1), max_size=12), PLACES)
def test_lost_places_go_where_snapping_would_put_them(dropped: set[int], xy: list) -> None:
    x, y = np.array(xy).T
    places = snap_points(GRID, *lonlat(x, y))
    edited = without_streets(GRID, dropped)
    lost = np.flatnonzero((places.edge >= 0) & (edited.new_edge[places.edge] < 0))
    after = take(carry_places(edited, places), lost)
    anew = take(snap_points(edited.network, *lonlat(x, y)), lost)
    assert np.array_equal(after.edge, anew.edge)
    assert np.array_equal(after.offset_m, anew.offset_m, equal_nan=True)


def test_components_are_labelled_as_in_a_build() -> None:
    network = without_streets(GRID, range(20)).network
    labels, sizes = label_components(network.edge_u, network.edge_v, network.node_count)
    assert np.array_equal(labels, network.component)
    assert sizes.tolist() == network.component_size.tolist() and sizes.sum() == network.node_count


def test_a_street_piece_says_what_hangs_on_it() -> None:
    network = network_of(TWO_BANKS, BANKS)
    piece = nearest_street(network, *(float(v) for v in lonlat(10.0, 50.0)))
    assert piece is not None
    assert piece.length_m == pytest.approx(100.0, abs=0.01)
    assert piece.away_m == pytest.approx(10.0, abs=0.01)
    assert (piece.lon, piece.lat) == pytest.approx([float(v) for v in lonlat(0, 50)], abs=1e-7)
    # Without one bridge: 300 m along, over the other, 300 m back.
    assert (piece.splits, piece.detour_m) == (False, pytest.approx(600.0, abs=0.1))
    assert piece.geometry.geom_type == "LineString"
    again = nearest_street(network, piece.lon, piece.lat)
    assert again is not None and again.edge == piece.edge
    edited = without_streets(network, [piece.edge]).network
    other = nearest_street(edited, *(float(v) for v in lonlat(300.0, 50.0)))
    assert other is not None and (other.splits, other.detour_m) == (True, None)


def test_a_dead_end_splits_and_a_loop_does_not() -> None:
    corners = {"a": (0.0, 0.0), "b": (100.0, 0.0), "c": (200.0, 50.0), "d": (200.0, -50.0)}
    network = network_of(corners, ("ab", "bcdb"))
    dead = nearest_street(network, *(float(v) for v in lonlat(50.0, 0.0)))
    loop = nearest_street(network, *(float(v) for v in lonlat(200.0, 0.0)))
    assert dead is not None and (dead.splits, dead.detour_m) == (True, None)
    assert loop is not None and (loop.splits, loop.detour_m) == (False, 0.0)


@pytest.mark.parametrize(("x", "y"), [(0.0, -40.0), (1e6, 0.0), (float("nan"), 0.0)])
def test_no_street_there(x: float, y: float) -> None:
    assert nearest_street(GRID, *(float(v) for v in lonlat(x, y))) is None
