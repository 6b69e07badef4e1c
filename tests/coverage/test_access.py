"""Amenities on foot: known lists, and brute force on random ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from geomap.coverage.access import CATEGORIES, amenity_points, list_amenities
from geomap.streets.walk import walk
from tests.coverage.town import C, amenities, index_of, town
from tests.streets.drawn import network_of, start_at
from tests.streets.test_walk import matrix_of


def listed(network, index, x, y, limit=1200.0, search=3000.0):
    return list_amenities(network, index, walk(network, start_at(network, x, y), search), limit)


def of(found, category):
    items, walks = found.list_items(CATEGORIES.index(category))
    return list(zip(items.tolist(), walks.round(1).tolist(), strict=True))


def test_a_list_is_nearest_first():
    index = index_of(town(), (800, 790, C.CAFE), (1000, 800, C.CAFE), (820, 805, C.BAR))
    found = listed(town(), index, 700, 800)
    assert of(found, C.CAFE) == [(0, 110.0), (1, 300.0)]
    assert of(found, C.BAR) == [(2, 125.0)]
    assert found.count.tolist() == [2 if c is C.CAFE else int(c is C.BAR) for c in CATEGORIES]
    assert found.nearest[CATEGORIES.index(C.CAFE)] == 0
    assert found.nearest_m[CATEGORIES.index(C.CAFE)] == pytest.approx(110, abs=0.01)


def test_beyond_the_limit_the_nearest_is_still_known():
    index = index_of(town(), (1600, 1400, C.THEATRE))
    found = listed(town(), index, 0, 200)
    c = CATEGORIES.index(C.THEATRE)
    assert (found.count[c], found.nearest[c]) == (0, 0)
    assert found.nearest_m[c] == pytest.approx(2800, abs=0.05)
    assert of(found, C.THEATRE) == []


def test_beyond_the_search_nothing_is_known():
    index = index_of(town(), (1600, 1600, C.THEATRE))
    found = listed(town(), index, 0, 0)
    assert (found.nearest == -1).all()
    assert np.isnan(found.nearest_m).all()


def test_on_the_street_of_the_start():
    network = network_of({"a": (0, 0), "b": (900, 0)}, ["ab"])
    index = index_of(
        network, (440, 3, C.CAFE), (480, 0, C.CAFE), (450, 0, C.CAFE), (850, 0, C.CAFE)
    )
    found = listed(network, index, 450, 0, limit=300)
    assert of(found, C.CAFE) == [(2, 0.0), (0, 13.0), (1, 30.0)]


def test_equal_walks_are_listed_in_the_order_of_the_amenities():
    index = index_of(town(), (900, 800, C.CAFE), (700, 800, C.CAFE), (800, 900, C.CAFE))
    assert [i for i, _ in of(listed(town(), index, 800, 800), C.CAFE)] == [0, 1, 2]


def test_an_amenity_off_every_street_is_never_listed():
    corners = {"a": (0, 0), "b": (900, 0)}
    network = network_of(corners, ["ab"])
    index = index_of(network, (100, 150, C.CAFE), (np.nan, 0, C.CAFE), (100, 99, C.CAFE))
    assert len(index) == 3
    assert of(listed(network, index, 0, 0), C.CAFE) == [(2, 199.0)]


def test_without_amenities_or_reach_nothing_is_listed():
    empty = index_of(town())
    assert listed(town(), empty, 800, 800).count.sum() == 0
    index = index_of(town(), (800, 800, C.CAFE))
    nowhere = listed(town(), index, 9000, 9000)
    assert nowhere.count.sum() == 0
    assert (nowhere.nearest == -1).all()


def test_amenities_of_another_network_are_refused():
    other = network_of({"a": (0, 0), "b": (900, 0)}, ["ab"])
    index = index_of(other, (0, 0, C.CAFE))
    with pytest.raises(ValueError, match=other.version):
        listed(town(), index, 800, 800)


def test_records_become_columns():
    points = amenity_points(amenities((0, 0, C.CAFE), (100, 0, C.YOUTH_HOUSING)))
    assert list(points.id) == ["a0", "a1"]
    assert [CATEGORIES[c] for c in points.category] == [C.CAFE, C.YOUTH_HOUSING]
    assert points.lon[0] == pytest.approx(120.7)


SPOT = st.tuples(st.integers(-60, 1660), st.integers(-60, 1660), st.sampled_from(CATEGORIES))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(SPOT, max_size=25),
    st.integers(0, 1600),
    st.integers(0, 1600),
    st.integers(120, 1500),
)
def test_lists_equal_brute_force(spots, x, y, limit):
    """Start and amenities become nodes of the whole graph; nothing is bounded or sorted."""
    network = town()
    index = index_of(network, *spots)
    start = start_at(network, x, y)
    found = list_amenities(network, index, walk(network, start, 3000.0), float(limit))
    links = list(zip(network.edge_u.tolist(), network.edge_v.tolist(), network.edge_m, strict=True))
    first = network.node_count
    stops = [(start.edge, start.offset_m)]
    stops += list(zip(index.places.edge.tolist(), index.places.offset_m.tolist(), strict=True))
    for node, (edge, offset) in enumerate(stops, start=first):
        length = float(network.edge_m[edge])
        links += [(node, int(network.edge_u[edge]), offset)]
        links += [(node, int(network.edge_v[edge]), length - offset)]
        links += [
            (node, first + other, abs(offset - stops[other][1]))
            for other in range(node - first)
            if stops[other][0] == edge
        ]
    walks = dijkstra(matrix_of(links, first + len(stops)), indices=first)[first + 1 :]
    walks = walks + start.access_m + index.places.access_m
    for c, category in enumerate(CATEGORIES):
        mine = np.flatnonzero(index.category == c)
        items, item_m = found.list_items(c)
        assert np.allclose(item_m, walks[items], atol=0.02)
        assert (np.diff(item_m) >= 0).all()
        assert set(items) >= {i for i in mine if walks[i] < limit - 0.02}, category
        assert set(items) <= {i for i in mine if walks[i] < limit + 0.02}, category
        assert found.count[c] == len(items)
        nearest = walks[mine].min(initial=np.inf)
        if nearest < 2999.9:
            assert found.nearest_m[c] == pytest.approx(nearest, abs=0.02)
            assert walks[found.nearest[c]] == pytest.approx(nearest, abs=0.02)
        elif nearest > 3000.1:
            assert found.nearest[c] == -1
