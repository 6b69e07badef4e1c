"""Snapping: the nearest street of a neighbourhood, how far off, and where along."""

from __future__ import annotations

import numpy as np
import pytest

from tests.streets.drawn import block, network_of, snapped

LINE = {"a": (0, 0), "b": (300, 0)}


def test_a_place_stands_beside_its_street():
    network = network_of(LINE, ["ab"])
    place = snapped(network, 120, 35)
    assert place.access_m[0] == pytest.approx(35, abs=0.01)
    along = float(place.offset_m[0])
    assert min(along, 300 - along) == pytest.approx(120, abs=0.01)


def test_offsets_run_along_the_geometry_of_the_edge():
    corners = {"a": (300, 0), "b": (0, 0), "c": (0, 100)}
    network = network_of(corners, ["abc"])
    place = snapped(network, 5, 60)
    u_at_c = network.geom[0, 1] > network.geom[-1, 1]
    assert place.offset_m[0] == pytest.approx(40 if u_at_c else 360, abs=0.01)


def test_beyond_the_ends_a_place_stands_at_the_end():
    network = network_of(LINE, ["ab"])
    places = snapped(network, [-30, 330], [40, 40])
    assert sorted(places.offset_m) == pytest.approx([0, 300], abs=0.001)
    assert places.access_m == pytest.approx([50, 50], abs=0.01)
    assert (places.offset_m <= network.edge_m[0]).all()


def test_a_street_farther_than_100_m_is_not_reached():
    network = network_of(LINE, ["ab"])
    places = snapped(network, [150, 150, np.nan, 150], [99.9, 100.1, 0, np.nan])
    assert places.edge.tolist() == [0, -1, -1, -1]
    assert np.isnan(places.access_m[1:]).all()
    assert np.isnan(places.offset_m[1:]).all()


def test_no_place_at_all():
    assert len(snapped(network_of(LINE, ["ab"]), [], [])) == 0


@pytest.mark.parametrize("wrong", [(np.inf, 0.0), (1e9, 1e9)])
def test_nonsense_snaps_to_nothing(wrong):
    network = network_of(LINE, ["ab"])
    assert snapped(network, *wrong).edge.tolist() == [-1]


def test_a_stray_path_is_taken_only_where_no_neighbourhood_is_near():
    corners, paths = block(7)
    corners = dict(corners) | {"x": (200, 750), "y": (400, 750), "v": (0, 1500), "w": (400, 1500)}
    network = network_of(corners, [*paths, "xy", "vw"])
    large = {"component_min": 30}
    near = snapped(network, 250, 670, **large)  # 70 m to the block, 80 m to the path
    nearer = snapped(network, 250, 690, **large)  # 90 m to the block, 60 m to the path
    far = snapped(network, 250, 720, **large)  # 120 m to the block, 30 m to the path
    lonely = snapped(network, 250, 1510, **large)
    assert near.access_m[0] == pytest.approx(70, abs=0.01)
    assert nearer.access_m[0] == pytest.approx(90, abs=0.01)
    assert far.access_m[0] == pytest.approx(30, abs=0.01)
    assert lonely.access_m[0] == pytest.approx(10, abs=0.01)


def test_a_place_at_a_junction_snaps_the_same_way_every_time():
    corners, paths = block(5)
    network, other = network_of(corners, paths), network_of(corners, paths[::-1])
    one, two = snapped(network, 200, 200), snapped(other, 200, 200)
    assert one.edge.tolist() == two.edge.tolist()
    assert one.offset_m.tolist() == two.offset_m.tolist()


def test_a_street_without_length_is_a_place():
    network = network_of({"a": (0, 0), "b": (0, 0)}, ["ab"])
    place = snapped(network, 30, 40)
    assert place.edge.tolist() == [0]
    assert place.offset_m.tolist() == [0.0]
    assert place.access_m[0] == pytest.approx(50, abs=0.01)


def test_an_island_keeps_its_own_street():
    """The mainland lies within 100 m over the water; the island's street is long enough."""
    corners, paths = block(7)
    island = {"x": (0, 690), "y": (1400, 690), "z": (1400, 1300)}
    network = network_of(dict(corners) | island, [*paths, "xyz"])
    place = snapped(network, 300, 689, component_min=30)
    assert place.access_m[0] == pytest.approx(1, abs=0.01)
