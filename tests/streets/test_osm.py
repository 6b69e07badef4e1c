"""Streets of OSM extracts: the tag table, node identities, damaged files."""

from __future__ import annotations

import pytest

from geomap.domain.errors import InputError
from geomap.streets.graph import build_network
from geomap.streets.osm import classify_way, read_osm_ways
from geomap.streets.ways import StreetClass as K
from tests.streets.osm_sample import OsmXml

WALKED = [
    ({"highway": "footway"}, K.PATH),
    ({"highway": "steps"}, K.STEPS),
    ({"highway": "residential"}, K.MINOR),
    ({"highway": "primary_link"}, K.PRIMARY),
    ({"highway": "trunk"}, K.TRUNK),
    ({"highway": "unclassified;tertiary"}, K.MINOR),
    ({"highway": "residential", "access": "destination"}, K.MINOR),
    ({"highway": "service", "access": "private", "foot": "yes"}, K.MINOR),
    ({"highway": "path", "access": "no", "foot": "designated"}, K.PATH),
    ({"highway": "trunk", "motorroad": "yes", "foot": "yes"}, K.TRUNK),
    ({"highway": "footway", "tunnel": "yes"}, K.PATH),
    ({"highway": "residential", "tunnel": "yes"}, K.MINOR),
    ({"highway": "primary", "tunnel": "yes", "sidewalk": "both"}, K.PRIMARY),
    ({"highway": "service", "tunnel": "building_passage"}, K.MINOR),
    ({"highway": "cycleway"}, K.PATH),
]
DRAWN = [
    ({"highway": "motorway", "foot": "no"}, K.MOTORWAY),
    ({"highway": "motorway_link"}, K.MOTORWAY),
    ({"route": "ferry", "foot": "yes"}, K.FERRY),
]
DROPPED = [
    ({}, "not_a_street"),
    ({"railway": "rail"}, "not_a_street"),
    ({"highway": "construction", "construction": "primary"}, "not_a_street"),
    ({"highway": "proposed"}, "not_a_street"),
    ({"highway": "raceway"}, "not_a_street"),
    ({"route": "bus"}, "not_a_street"),
    ({"highway": "residential", "foot": "no"}, "no_foot"),
    ({"highway": "primary", "foot": "use_sidepath"}, "no_foot"),
    ({"highway": "cycleway", "foot": "private"}, "no_foot"),
    ({"highway": "service", "access": "private"}, "no_access"),
    ({"highway": "track", "access": "no"}, "no_access"),
    ({"highway": "footway", "access": "military"}, "no_access"),
    ({"highway": "trunk", "motorroad": "yes"}, "motorroad"),
    ({"highway": "primary", "tunnel": "yes"}, "road_tunnel"),
    ({"highway": "secondary", "tunnel": "yes", "sidewalk": "no"}, "road_tunnel"),
]


@pytest.mark.parametrize(("tags", "klass"), WALKED + DRAWN)
def test_streets(tags, klass):
    assert classify_way(tags) == (klass, "")


@pytest.mark.parametrize(("tags", "reason"), DROPPED)
def test_what_is_no_street_says_why(tags, reason):
    assert classify_way(tags) == (None, reason)


@pytest.fixture
def extract() -> OsmXml:
    """Road 1-2-3, a bridge 4-5 over it (no shared node), a crossing street 2-6."""
    osm = OsmXml(bounds=(120.69, 27.99, 120.71, 28.01))
    for ident, x, y in ((1, -200, 0), (2, 0, 0), (3, 200, 0), (4, 50, -100), (5, 50, 100)):
        osm.node(ident, x, y)
    osm.node(6, 0, 300, {"highway": "bus_stop"})
    osm.way(10, (1, 2, 3), {"highway": "residential", "name": "学院路"})
    osm.way(11, (4, 5), {"highway": "footway", "bridge": "yes"})
    osm.way(12, (2, 6), {"highway": "steps", "bridge": "no"})
    return osm


def test_ways_keep_their_identities(extract, tmp_path):
    ways, dropped = read_osm_ways(extract.write(tmp_path / "a.osm"))
    assert dropped == {}
    assert list(ways.name) == ["学院路", "", ""]
    assert ways.klass.tolist() == [K.MINOR, K.PATH, K.STEPS]
    assert ways.bridge.tolist() == [False, True, False]
    assert ways.node_id.tolist() == [1, 2, 3, 4, 5, 2, 6]
    assert ways.extent == pytest.approx((120.69, 27.99, 120.71, 28.01))
    network = build_network(ways)
    assert (network.node_count, network.edge_count) == (6, 4)
    assert network.component_size.tolist() == [4, 2]


def test_what_was_dropped_is_counted(extract, tmp_path):
    extract.way(20, (1, 5), {"highway": "service", "access": "private"})
    extract.way(21, (1, 4), {"highway": "service", "access": "private"})
    extract.way(22, (3, 5), {"highway": "residential", "foot": "no"})
    extract.way(23, (3, 4), {"highway": "proposed"})
    extract.way(24, (3, 4), {"railway": "rail"})
    extract.way(25, (98, 99), {"highway": "residential"})
    extract.way(26, (1, 3), {"route": "bus"})
    ways, dropped = read_osm_ways(extract.write(tmp_path / "a.osm"))
    assert len(ways) == 3
    assert dropped == {"no_access": 2, "no_foot": 1, "not_a_street": 1, "nodes_missing": 1}


def test_a_way_is_cut_where_nodes_are_outside_the_extract(extract, tmp_path):
    extract.way(30, (4, 1, 99, 3, 5, 98, 6), {"highway": "path", "name": "断"})
    ways, dropped = read_osm_ways(extract.write(tmp_path / "a.osm"))
    assert dropped == {}
    assert [n for n in ways.name if n == "断"] == ["断", "断"]
    assert ways.node_id.tolist()[-4:] == [4, 1, 3, 5]


def test_a_ferry_and_a_motorway_are_kept_but_not_walked(extract, tmp_path):
    extract.way(40, (3, 5), {"route": "ferry"})
    extract.way(41, (3, 6), {"highway": "motorway"})
    ways, _ = read_osm_ways(extract.write(tmp_path / "a.osm"))
    assert ways.klass.tolist()[-2:] == [K.FERRY, K.MOTORWAY]
    assert build_network(ways).edge_count == 4


def test_an_extract_without_bounds_declares_no_extent(tmp_path):
    osm = OsmXml()
    osm.node(1, 0, 0)
    osm.node(2, 0, 100)
    osm.way(1, (1, 2), {"highway": "path"})
    assert read_osm_ways(osm.write(tmp_path / "a.osm"))[0].extent is None


def test_an_extract_without_streets_has_no_ways(tmp_path):
    osm = OsmXml()
    osm.node(1, 0, 0, {"amenity": "cafe"})
    ways, dropped = read_osm_ways(osm.write(tmp_path / "a.osm"))
    assert (len(ways), dropped) == (0, {})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.osm", b"<osm><node id='1'"),
        ("a.osm", b"<?xml version='1.0'?><html/>"),
        ("a.osm.pbf", b"\x00\x00\x00\x0d\x0a\x09OSMHeader\x18\x7f" + b"\xff" * 40),
        ("a.osm.pbf", b""),
        ("a.osm.pbf", b"PK\x03\x04 a zip"),
        ("a.xyz", b"anything"),
        ("a.osm.pbf", None),
    ],
)
def test_damaged_files_are_refused(name, content, tmp_path):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_osm_ways(path)
    assert name in error.value.reason.zh
    assert error.value.field == "file"


def test_a_pbf_cut_short_is_refused(extract, tmp_path):
    import osmium

    whole = tmp_path / "whole.osm.pbf"
    with osmium.SimpleWriter(str(whole)) as writer:
        for item in osmium.FileProcessor(str(extract.write(tmp_path / "a.osm"))):
            writer.add(item)
    ways, _ = read_osm_ways(whole)
    assert len(ways) == 3
    data = whole.read_bytes()
    for part in (0.3, 0.6, 0.95):
        cut = tmp_path / "cut.osm.pbf"
        cut.write_bytes(data[: int(len(data) * part)])
        with pytest.raises(InputError):
            read_osm_ways(cut)
