"""Amenities of OSM extracts: the tag table, areas and relations, doubles."""

from __future__ import annotations

import pytest

from geomap.domain.errors import InputError
from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory as C
from geomap.streets.osm_amenities import (
    TAGS,
    OsmAmenities,
    classify_amenity,
    read_osm_amenities,
)
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
def town() -> OsmXml:
    osm = OsmXml()
    osm.node(
        1, 0, 0, {"amenity": "cafe", "name": "茶咖", "addr:street": "路", "addr:housenumber": "1"}
    )
    osm.node(2, 500, 0, {"amenity": "bench"})
    osm.node(3, 510, 0, {"amenity": "bench"})
    osm.node(4, 520, 0, {"amenity": "parking"})
    osm.node(5, 530, 0, {"leisure": "swimming_pool", "access": "private"})
    osm.way(10, square(osm, 100, 1000, 0, 100), {"leisure": "park", "name": "公园"})
    osm.way(11, square(osm, 200, 2000, 0, 100), {"highway": "footway"})
    outer, inner = square(osm, 300, 3000, 0, 300), square(osm, 400, 3100, 100, 100)
    osm.way(12, outer)
    osm.way(13, inner)
    campus = {"type": "multipolygon", "amenity": "university", "name": "大学"}
    osm.relation(20, [(12, "outer"), (13, "inner")], campus)
    osm.way(14, (100, 200), {"shop": "books", "name": "no area"})
    osm.way(15, (998, 999, 997, 998), {"amenity": "school", "name": "outside"})
    return osm


@pytest.fixture(params=[".osm", ".osm.pbf"])
def read(town, tmp_path, request) -> OsmAmenities:
    path = tmp_path / f"a{request.param}"
    return read_osm_amenities(town.write(path) if request.param == ".osm" else town.write_pbf(path))


@pytest.fixture
def found(read) -> dict[str, Amenity]:
    return {a.id: a for a in read.amenities}


def test_points_areas_and_relations_are_read(found):
    assert sorted(found) == ["osm:n1", "osm:r20", "osm:w10"]
    cafe, park, campus = found["osm:n1"], found["osm:w10"], found["osm:r20"]
    assert (cafe.category, cafe.name, cafe.address) == (C.CAFE, "茶咖", "路1")
    assert (park.category, campus.category) == (C.LEISURE, C.EDUCATION_HEALTH)
    assert cafe.source == "OpenStreetMap"
    assert (cafe.lon, cafe.lat) == pytest.approx((120.7, 28.0))


def test_what_is_left_out_is_counted_and_named(read):
    assert read.dropped == {"private": 1, "not_an_area": 1, "nodes_missing": 1}
    assert read.unmapped == {"amenity=bench": 2, "amenity=parking": 1}
    assert list(read.unmapped) == ["amenity=bench", "amenity=parking"]


def test_an_area_stands_at_a_point_inside(found):
    park = found["osm:w10"]
    assert (park.lon - 120.7) * 98_300 == pytest.approx(1050, abs=1)
    assert (park.lat - 28.0) * 110_800 == pytest.approx(50, abs=1)


def test_what_stands_in_an_area_of_its_name_is_one_place(town, tmp_path):
    """A node 200 m from the middle of its campus, and the outer way tagged again."""
    campus = {"amenity": "university", "name": "大学"}
    town.node(6, 3010, 10, campus)
    town.way(16, square(town, 500, 3000, 0, 280), campus)
    town.node(7, 3020, 20, {"amenity": "cafe", "name": "大学"})
    town.node(8, 2900, 10, campus)  # 110 m from the node inside: another place
    read = read_osm_amenities(town.write_pbf(tmp_path / "a.osm.pbf"))
    ids = [a.id for a in read.amenities if a.name == "大学"]
    assert ids == ["osm:n6", "osm:n7", "osm:n8"]
    assert read.dropped["double"] == 2


def test_the_date_is_that_of_the_extract(town, tmp_path):
    path = town.write_pbf(
        tmp_path / "a.osm.pbf", osmosis_replication_timestamp="2026-03-01T20:21:22Z"
    )
    assert {a.source_date for a in read_osm_amenities(path).amenities} == {"2026-03-01"}


def test_without_it_the_date_is_that_of_the_last_edit(tmp_path):
    osm = OsmXml()
    osm.node(1, 0, 0, {"amenity": "cafe"}, at="2024-05-06T07:08:09Z")
    osm.node(2, 900, 0, {"amenity": "cafe"})
    one, two = read_osm_amenities(osm.write_pbf(tmp_path / "a.osm.pbf")).amenities
    assert (one.source_date, two.source_date) == ("2024-05-06", "")


@pytest.mark.parametrize("content", [b"<osm><node", b"", None])
def test_damaged_files_are_refused(content, tmp_path):
    path = tmp_path / "a.osm"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError):
        read_osm_amenities(path)
