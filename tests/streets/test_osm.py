"""Streets of OSM extracts: the tag table, node identities, damaged files."""

from __future__ import annotations

from pathlib import Path

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
    ({"highway": "corridor", "indoor": "yes"}, K.PATH),
    ({"highway": "elevator"}, K.PATH),
    ({"highway": "platform"}, K.PATH),
    ({"railway": "platform"}, K.PATH),
    ({"public_transport": "platform"}, K.PATH),
    ({"man_made": "pier"}, K.PATH),
    ({"highway": "steps", "conveying": "forward"}, K.STEPS),
    ({"highway": "pedestrian", "area": "yes"}, K.PATH),
    ({"highway": "service", "access": "customers"}, K.MINOR),
    ({"highway": "footway", "access": "permissive"}, K.PATH),
    ({"highway": "service", "access": "delivery", "foot": "yes"}, K.MINOR),
    ({"highway": "motorway", "foot": "designated"}, K.TRUNK),
    ({"highway": "busway", "foot": "yes"}, K.PATH),
    ({"highway": "path", "sac_scale": "mountain_hiking"}, K.PATH),
    ({"highway": "path", "ford": "stepping_stones"}, K.PATH),
    ({"highway": "footway", "ford": "yes", "foot": "yes"}, K.PATH),
    ({"highway": "trunk", "tunnel": "yes", "foot": "designated"}, K.TRUNK),
    ({"highway": "tertiary", "tunnel": "yes"}, K.TERTIARY),
    ({"highway": "track", "access": "destination"}, K.MINOR),
]
DRAWN = [
    ({"highway": "motorway", "foot": "no"}, K.MOTORWAY),
    ({"highway": "motorway_link"}, K.MOTORWAY),
    ({"highway": "motorway", "foot": "yes"}, K.MOTORWAY),
    ({"route": "ferry", "foot": "yes"}, K.FERRY),
]
DROPPED = [
    ({}, "not_a_street"),
    ({"railway": "rail"}, "not_a_street"),
    ({"highway": "construction", "construction": "primary"}, "unfinished"),
    ({"highway": "proposed"}, "unfinished"),
    ({"highway": "abandoned"}, "unfinished"),
    ({"highway": "raceway"}, "not_for_walkers"),
    ({"highway": "bus_guideway"}, "not_for_walkers"),
    ({"highway": "via_ferrata"}, "not_for_walkers"),
    ({"highway": "rest_area"}, "not_a_street"),
    ({"highway": "street_lamp"}, "not_a_street"),
    ({"route": "bus"}, "not_a_street"),
    ({"highway": "residential", "foot": "no"}, "no_foot"),
    ({"highway": "primary", "foot": "use_sidepath"}, "use_sidepath"),
    ({"highway": "service", "foot": "permit"}, "no_foot"),
    ({"man_made": "pier", "access": "private"}, "no_access"),
    ({"railway": "platform", "foot": "no"}, "no_foot"),
    ({"highway": "service", "access": "permit"}, "no_access"),
    ({"highway": "service", "access": "delivery"}, "no_access"),
    ({"highway": "track", "access": "agricultural"}, "no_access"),
    ({"highway": "path", "sac_scale": "demanding_mountain_hiking"}, "hard_trail"),
    ({"highway": "path", "sac_scale": "alpine_hiking"}, "hard_trail"),
    ({"highway": "track", "ford": "yes"}, "ford"),
    ({"highway": "path", "ford": "boat"}, "ford"),
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


def write_as(osm: OsmXml, folder: Path, form: str) -> Path:
    path = folder / f"a{form}"
    return osm.write(path) if form == ".osm" else osm.write_pbf(path)


@pytest.mark.parametrize("form", [".osm", ".osm.pbf"])
def test_ways_keep_their_identities(extract, tmp_path, form):
    ways, dropped = read_osm_ways(write_as(extract, tmp_path, form))
    assert dropped == {}
    assert list(ways.name) == ["学院路", "", ""]
    assert ways.klass.tolist() == [K.MINOR, K.PATH, K.STEPS]
    assert ways.bridge.tolist() == [False, True, False]
    assert ways.node_id.tolist() == [1, 2, 3, 4, 5, 2, 6]
    assert ways.extent == pytest.approx((120.69, 27.99, 120.71, 28.01))
    network = build_network(ways)
    assert (network.node_count, network.edge_count) == (6, 4)
    assert network.component_size.tolist() == [4, 2]


@pytest.mark.parametrize("form", [".osm", ".osm.pbf"])
def test_what_was_dropped_is_counted(extract, tmp_path, form):
    extract.way(20, (1, 5), {"highway": "service", "access": "private"})
    extract.way(21, (1, 4), {"highway": "service", "access": "private"})
    extract.way(22, (3, 5), {"highway": "residential", "foot": "no"})
    extract.way(23, (3, 4), {"highway": "proposed"})
    extract.way(24, (3, 4), {"railway": "rail"})
    extract.way(25, (98, 99), {"highway": "residential"})
    extract.way(26, (1, 3), {"route": "bus"})
    ways, dropped = read_osm_ways(write_as(extract, tmp_path, form))
    assert len(ways) == 3
    assert dropped == {"no_access": 2, "no_foot": 1, "unfinished": 1, "nodes_missing": 1}


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


@pytest.fixture
def pbf(extract, tmp_path) -> bytes:
    """A .osm.pbf of many blocks' worth of ways."""
    for ident in range(1000, 1400):
        extract.node(ident, ident, 7 * (ident % 13))
    extract.way(50, range(1000, 1400), {"highway": "path"})
    path = extract.write_pbf(tmp_path / "whole.osm.pbf")
    assert len(read_osm_ways(path)[0]) == 4
    return path.read_bytes()


def _blocks(data: bytes) -> list[int]:
    """Return where each block of a PBF begins: a length, a header, a blob."""
    starts, at = [], 0
    while at < len(data):
        starts.append(at)
        size = int.from_bytes(data[at : at + 4], "big")
        header = data[at + 4 : at + 4 + size]
        blob, shift = 0, 0
        for byte in header[header.rindex(b"\x18") + 1 :]:
            blob |= (byte & 0x7F) << shift
            shift += 7
        at += 4 + size + blob
    return starts


def test_a_pbf_cut_short_is_refused(pbf, tmp_path):
    """Cut anywhere but after a whole block: in a length, in a header, in a blob."""
    starts = _blocks(pbf)
    assert len(starts) >= 3
    cuts = {int(len(pbf) * part) for part in (0.05, 0.3, 0.6, 0.95)} | {len(pbf) - 1}
    cuts |= {at + more for at in starts[1:] for more in (1, 3, 6, 30)}
    path = tmp_path / "cut.osm.pbf"
    for cut in sorted(cuts - set(starts)):
        path.write_bytes(pbf[:cut])
        with pytest.raises(InputError) as refused:
            read_osm_ways(path)
        assert refused.value.fix, cut
