"""Amenities of OSM extracts: the tag table, areas and relations, doubles."""

from __future__ import annotations

import pytest

from geomap.domain.errors import InputError
from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory as C
from geomap.streets.osm_amenities import TAGS, classify_amenity, drop_doubles, read_osm_amenities
from tests.streets.drawn import lonlat
from tests.streets.osm_sample import OsmXml

TABLE = [
    ({"amenity": "bar"}, C.BAR),
    ({"amenity": "theatre"}, C.THEATRE),
    ({"amenity": "cafe"}, C.CAFE),
    ({"shop": "tea"}, C.CAFE),
    ({"shop": "books"}, C.BOOKSHOP),
    ({"amenity": "cinema"}, C.CINEMA),
    ({"leisure": "dance"}, C.PRACTICE_ROOM),
    ({"amenity": "library"}, C.LEARNING),
    ({"tourism": "museum"}, C.LEARNING),
    ({"amenity": "school"}, C.EDUCATION_HEALTH),
    ({"amenity": "pharmacy"}, C.EDUCATION_HEALTH),
    ({"highway": "bus_stop"}, C.TRANSIT),
    ({"railway": "station"}, C.TRANSIT),
    ({"leisure": "park"}, C.LEISURE),
    ({"building": "dormitory"}, C.YOUTH_HOUSING),
    ({"amenity": "restaurant"}, C.RETAIL),
    ({"shop": "supermarket"}, C.RETAIL),
    ({"shop": "whatever"}, C.RETAIL),
    ({"shop": "stationery; books"}, C.BOOKSHOP),
    ({"amenity": "cafe", "shop": "bakery"}, C.CAFE),
    ({"leisure": "swimming_pool", "access": "private"}, None),
    ({"leisure": "garden", "access": "no"}, None),
    ({"shop": "vacant"}, None),
    ({"shop": "no"}, None),
    ({"amenity": "parking"}, None),
    ({"highway": "residential"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("tags", "category"), TABLE)
def test_the_table(tags, category):
    assert classify_amenity(tags) is category


def test_every_category_has_tags():
    assert set(TAGS) == set(C)


def square(osm: OsmXml, first: int, x: float, y: float, side: float) -> tuple[int, ...]:
    for i, (dx, dy) in enumerate(((0, 0), (side, 0), (side, side), (0, side))):
        osm.node(first + i, x + dx, y + dy)
    return (first, first + 1, first + 2, first + 3, first)


@pytest.fixture
def found(tmp_path) -> dict[str, Amenity]:
    osm = OsmXml()
    osm.node(
        1, 0, 0, {"amenity": "cafe", "name": "茶咖", "addr:street": "路", "addr:housenumber": "1"}
    )
    osm.node(2, 500, 0, {"amenity": "bench"})
    osm.way(10, square(osm, 100, 1000, 0, 100), {"leisure": "park", "name": "公园"})
    osm.way(11, square(osm, 200, 2000, 0, 100), {"highway": "footway"})
    outer, inner = square(osm, 300, 3000, 0, 300), square(osm, 400, 3100, 100, 100)
    osm.way(12, outer)
    osm.way(13, inner)
    campus = {"type": "multipolygon", "amenity": "university", "name": "大学"}
    osm.relation(20, [(12, "outer"), (13, "inner")], campus)
    osm.way(14, (100, 200), {"shop": "books", "name": "no area"})
    osm.way(15, (998, 999, 997, 998), {"amenity": "school", "name": "outside"})
    return {a.id: a for a in read_osm_amenities(osm.write(tmp_path / "a.osm"))}


def test_points_areas_and_relations_are_read(found):
    assert sorted(found) == ["osm:n1", "osm:r20", "osm:w10"]
    cafe, park, campus = found["osm:n1"], found["osm:w10"], found["osm:r20"]
    assert (cafe.category, cafe.name, cafe.address) == (C.CAFE, "茶咖", "路1")
    assert (park.category, campus.category) == (C.LEISURE, C.EDUCATION_HEALTH)
    assert cafe.source == "OpenStreetMap"
    assert (cafe.lon, cafe.lat) == pytest.approx((120.7, 28.0))


def test_an_area_stands_at_a_point_inside(found):
    park = found["osm:w10"]
    assert (park.lon - 120.7) * 98_300 == pytest.approx(1050, abs=1)
    assert (park.lat - 28.0) * 110_800 == pytest.approx(50, abs=1)


@pytest.mark.parametrize("content", [b"<osm><node", b"", None])
def test_damaged_files_are_refused(content, tmp_path):
    path = tmp_path / "a.osm"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError):
        read_osm_amenities(path)


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
