"""Doubles of one extract: by name, by distance, by outline."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory as C
from geomap.streets.doubles import drop_doubles
from tests.streets.drawn import lonlat


def amenity(ident: str, x: float, name: str = "", category: C = C.CAFE) -> Amenity:
    lon, lat = (float(v) for v in lonlat(x, 0.0))
    return Amenity(id=ident, name=name, category=category, lon=lon, lat=lat)


@pytest.mark.parametrize(
    ("items", "kept"),
    [
        ([], []),
        ([("a", 0, "茶"), ("b", 90, "茶")], ["a"]),
        ([("a", 0, "茶"), ("b", 110, "茶")], ["a", "b"]),
        ([("a", 0, "茶"), ("b", 5, "咖")], ["a", "b"]),
        ([("a", 0, ""), ("b", 10, "茶")], ["b"]),
        ([("a", 0, ""), ("b", 20, "茶")], ["a", "b"]),
        ([("a", 0, ""), ("b", 10, "")], ["a"]),
        ([("a", 0, ""), ("b", 20, "")], ["a", "b"]),
        # b is a double of a; c is 140 m from a, and b is gone.
        ([("a", 0, "茶"), ("b", 70, "茶"), ("c", 140, "茶")], ["a", "c"]),
    ],
)
def test_doubles(items, kept):
    assert [a.id for a in drop_doubles(amenity(*item) for item in items)] == kept


def test_categories_are_no_doubles_of_each_other():
    both = [amenity("a", 0, "茶"), amenity("b", 0, "茶", C.BOOKSHOP)]
    assert len(drop_doubles(both)) == 2


def test_the_order_of_the_file_does_not_matter():
    items = [amenity(i, x, n) for i, x, n in (("a", 0, ""), ("b", 10, "茶"), ("c", 60, "茶"))]
    assert drop_doubles(items) == drop_doubles(items[::-1])


def outline(first: float, last: float) -> shapely.Polygon:
    """Return an area along the line on which the amenities stand."""
    (west, east), (south, north) = lonlat([first, last], [-50.0, 50.0])
    return shapely.box(west, south, east, north)


def test_all_of_a_name_in_one_outline_are_one_place():
    items = [amenity("w1", 500, "园"), amenity("n1", 50, "园"), amenity("n2", 900, "园")]
    assert [a.id for a in drop_doubles(items, {"w1": outline(0, 1000)})] == ["n1"]
    assert len(drop_doubles(items)) == 3


def test_others_in_an_outline_stay():
    items = [
        amenity("w1", 500, "园"),
        amenity("n1", 50, "店"),
        amenity("n2", 200, ""),
        amenity("n3", 300, "园", C.BOOKSHOP),
        amenity("n4", 1200, "园"),
    ]
    kept = drop_doubles(items, {"w1": outline(0, 1000)})
    assert [a.id for a in kept] == ["n1", "n2", "n3", "n4", "w1"]


def test_an_outline_in_an_outline_is_one_place():
    items = [amenity("w1", 500, "园"), amenity("w2", 300, "园")]
    areas = {"w1": outline(0, 1000), "w2": outline(100, 500)}
    assert [a.id for a in drop_doubles(items, areas)] == ["w1"]


PLACES = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["", "茶", "咖"]), st.sampled_from(list(C)[:2])),
    max_size=12,
)


@given(PLACES, st.randoms())
def test_doubles_are_dropped_once_and_for_all(places, random):
    """Whatever the order; what is kept has no double; every name of a category stays."""
    items = [amenity(f"n{i:02}", 10.0 * x, n, c) for i, (x, n, c) in enumerate(places)]
    kept = drop_doubles(items)
    assert drop_doubles(kept) == kept
    assert drop_doubles(random.sample(items, len(items))) == kept
    assert {(a.name, a.category) for a in items if a.name} == {
        (a.name, a.category) for a in kept if a.name
    }
