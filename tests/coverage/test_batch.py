"""Many places at once: the same as one by one, whatever the threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.coverage import batch
from geomap.coverage.access import list_amenities
from geomap.coverage.batch import list_amenities_of
from geomap.streets.walk import walk
from tests.coverage.town import CATEGORIES, C, index_of, town
from tests.streets.drawn import network_of, snapped

SPOT = st.tuples(st.integers(-120, 1720), st.integers(-120, 1720), st.sampled_from(CATEGORIES))
PLACE = st.tuples(st.integers(-150, 1750), st.integers(-150, 1750))


def same(network, index, places, table, limit, search):
    for i in range(len(places)):
        reach = walk(network, places.position(i), search)
        one, many = list_amenities(network, index, reach, limit), table.place(i)
        assert many.count.tolist() == one.count.tolist()
        assert many.nearest.tolist() == one.nearest.tolist()
        assert np.array_equal(many.nearest_m, one.nearest_m, equal_nan=True)
        assert many.item.tolist() == one.item.tolist()
        assert np.array_equal(many.item_m, one.item_m)
        assert many.item_at.tolist() == one.item_at.tolist()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(SPOT, max_size=30),
    st.lists(PLACE, max_size=6),
    st.integers(50, 1500),
    st.sampled_from([0.0, 1200.0, 3000.0]),
)
def test_many_are_as_one(spots, starts, limit, beyond):
    network, index = town(), index_of(town(), *spots)
    places = snapped(network, [float(x) for x, _ in starts], [float(y) for _, y in starts])
    search = max(float(limit), beyond)
    table = list_amenities_of(network, index, places, float(limit), search_m=search)
    assert len(table) == len(starts)
    same(network, index, places, table, float(limit), search)


@pytest.fixture
def crowd():
    rng = np.random.default_rng(3)
    xy, kind = rng.uniform(-20, 1620, (900, 2)), rng.integers(0, 12, 900)
    spots = [(float(x), float(y), CATEGORIES[k]) for (x, y), k in zip(xy, kind, strict=True)]
    places = snapped(town(), *rng.uniform(-100, 1700, (2, 60)))
    return index_of(town(), *spots), places


def test_a_limit_that_is_just_the_walk_to_an_amenity(crowd):
    """It is listed, last of its category, and none of it counts as of the next."""
    index, places = crowd
    wide = list_amenities_of(town(), index, places, 700.0, search_m=700.0)
    for limit in np.unique(wide.place(0).item_m)[-20:].tolist():
        table = list_amenities_of(town(), index, places, limit, search_m=limit)
        assert limit in table.place(0).item_m.tolist()
        same(town(), index, places, table, limit, limit)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_give_the_same_answer(crowd, monkeypatch, threads):
    monkeypatch.setattr(batch, "BLOCK", 7)
    index, places = crowd
    seen: list[tuple[int, int]] = []
    table = list_amenities_of(
        town(), index, places, 900.0, threads=threads, progress=lambda *done: seen.append(done)
    )
    same(town(), index, places, table, 900.0, 3000.0)
    assert seen == sorted(seen)
    assert all(total == 60 and done <= 60 for done, total in seen)


def test_lists_longer_than_the_first_room(monkeypatch):
    """4,096 items are made room for at first; here one place lists 6,000."""
    x = np.linspace(300, 1300, 6000)
    index = index_of(town(), *((float(v), 800.0, C.RETAIL) for v in x))
    places = snapped(town(), [800.0, 810.0], [800.0, 800.0])
    table = list_amenities_of(town(), index, places, 1200.0)
    assert table.count.sum(axis=1).tolist() == [6000, 6000]
    same(town(), index, places, table, 1200.0, 3000.0)


def test_amenities_on_a_street_whose_ends_are_out_of_reach():
    network = network_of({"a": (0, 0), "b": (4000, 0)}, ["ab"])
    index = index_of(network, (2050, 10, C.CAFE), (1800, 0, C.CAFE), (3900, 0, C.CAFE))
    places = snapped(network, [2000.0], [20.0])
    table = list_amenities_of(network, index, places, 500.0, search_m=1000.0)
    assert table.item.tolist() == [0, 1]
    assert table.item_m == pytest.approx([80, 220], abs=0.01)


def test_amenities_of_another_network_are_refused():
    other = network_of({"a": (0, 0), "b": (900, 0)}, ["ab"])
    index = index_of(other, (0, 0, C.CAFE))
    with pytest.raises(ValueError, match=other.version):
        list_amenities_of(town(), index, snapped(town(), [0.0], [0.0]), 500.0)
