"""Islands and river banks: water is crossed over bridges, never for free."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.coverage.access import build_amenity_index
from geomap.coverage.point import ring_at
from geomap.domain.errors import NotFoundError
from geomap.domain.words import AmenityCategory
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry
from geomap.streets.graph import build_network
from geomap.streets.osm import read_osm_ways
from geomap.streets.ring import build_rings
from geomap.streets.walk import walk, walk_to
from tests.streets.drawn import ORIGIN, block, lonlat, network_of, snapped, start_at
from tests.streets.osm_sample import OsmXml

LARGE = {"component_min": 30}


def metric(shape):
    """Return a ring in metres from the origin."""
    moved = project_geometry(shape, WGS84, METRIC_EPSG)
    return shapely.transform(moved, lambda xy: xy - np.array(ORIGIN))


def ring_of(network, place, minutes: float = 15.0):
    (ring,) = build_rings(network, walk(network, place.position(0), minutes * 80.0), (minutes,))
    return metric(ring.geometry)


def islet(gap: float, length: float = 400.0):
    """Return a town of 600 m by 600 m, and an islet's street `gap` metres off its north shore."""
    corners, paths = block(7)
    y = 600.0 + gap
    return network_of(dict(corners) | {"x": (100.0, y), "y": (100.0 + length, y)}, [*paths, "xy"])


@pytest.mark.parametrize("gap", [70, 90, 400])
def test_a_place_on_an_islet_stays_on_it(gap):
    """Its one street is shorter than a neighbourhood's; the town lies across the water."""
    network = islet(gap)
    place = snapped(network, 250, 600 + gap + 2, **LARGE)
    assert place.access_m[0] == pytest.approx(2, abs=0.01)
    reach = walk(network, place.position(0), 1_200)
    town = snapped(network, [250, 300], [600, 0], **LARGE)
    assert np.isinf(walk_to(network, reach, town)).all(), "no amenity of the town is reached"


def test_the_ring_of_an_islet_stays_on_it():
    network = islet(90)
    shape = ring_of(network, snapped(network, 250, 692, **LARGE))
    west, south, east, north = shape.bounds
    assert south > 690 - 60, "the shore across the water is 90 m off"
    assert north < 690 + 60
    assert west > 40
    assert east < 560


def test_the_town_does_not_reach_the_islet():
    network = islet(90)
    reach = walk(network, start_at(network, 300, 600), 1_200)
    beside = snapped(network, 300, 692, **LARGE)
    assert walk_to(network, reach, beside).tolist() == [np.inf]
    assert ring_of(network, snapped(network, 300, 600, **LARGE)).bounds[3] < 690 - 25


def test_a_bridge_joins_the_islet_to_the_town():
    corners, paths = block(7)
    corners = dict(corners) | {"x": (300.0, 690.0), "y": (500.0, 690.0)}
    top = next(letter for letter, at in corners.items() if at == (300.0, 600.0))
    network = network_of(corners, [*paths, "xy", top + "x"])
    reach = walk(network, snapped(network, 400, 692, **LARGE).position(0), 1_200)
    home = snapped(network, 300, 600, **LARGE)
    assert walk_to(network, reach, home) == pytest.approx(2 + 100 + 90, abs=0.05)


def test_a_stray_path_is_no_islet():
    """Shorter than an islet's street, or as near the town as a courtyard is."""
    short = islet(90, length=150)
    assert snapped(short, 150, 680, **LARGE).access_m[0] == pytest.approx(80, abs=0.01)
    near = islet(50)
    assert snapped(near, 250, 652, **LARGE).access_m[0] == pytest.approx(52, abs=0.01)


BANKS = {
    "a": (-2_500, 0), "b": (0, 0), "c": (2_500, 0),
    "d": (-2_500, 80), "e": (0, 80), "f": (2_500, 80),
}  # fmt: skip


@pytest.mark.parametrize(
    ("bridge", "metres"), [("", np.inf), ("cf", 2_500 + 80 + 2_500), ("be", 80)]
)
def test_a_river_of_80_m_is_crossed_at_its_bridge_only(bridge, metres):
    network = network_of(BANKS, ["abc", "def", *([bridge] if bridge else [])])
    start = snapped(network, 0, -5, **LARGE)
    reach = walk(network, start.position(0), 8_000)
    across = snapped(network, 0, 85, **LARGE)
    assert start.access_m[0] == across.access_m[0] == pytest.approx(5, abs=0.01)
    found = walk_to(network, reach, across)
    assert found == pytest.approx(metres + 10, abs=0.1)
    # In a quarter of an hour the far bank is reached over the near bridge alone.
    shape = ring_of(network, start)
    assert shapely.contains_xy(shape, 300, 80) == (bridge == "be")


def test_a_place_by_the_water_snaps_to_its_own_bank():
    network = network_of(BANKS, ["abc", "def"])
    reach = walk(network, snapped(network, 0, 0, **LARGE).position(0), 1_200)
    for y, reached in ((30, True), (50, False)):
        found = walk_to(network, reach, snapped(network, 100, y, **LARGE))
        assert np.isfinite(found[0]) == reached
        if reached:
            assert found[0] == pytest.approx(100 + y, abs=0.05), "the way over the mud counts"


def pier(mapped: bool, length: float = 160.0):
    """Return a shore with a pier of `length` metres, as OpenStreetMap has it."""
    osm = OsmXml()
    for ident, x, y in ((1, -3_000, 0), (2, 0, 0), (3, 3_000, 0), (4, 0, length)):
        osm.node(ident, x, y)
    osm.way(1, (1, 2, 3), {"highway": "residential"})
    if mapped:
        osm.way(2, (2, 4), {"man_made": "pier"})
    return osm


@pytest.mark.parametrize(
    ("mapped", "y", "access"), [(True, 150, 0), (False, 60, 60), (False, 150, np.nan)]
)
def test_a_place_on_a_pier(tmp_path, mapped, y, access):
    """It stands on the pier; without one it says how far the shore is, or that none is near."""
    network = build_network(read_osm_ways(pier(mapped).write_pbf(tmp_path / "a.osm.pbf"))[0])
    place = snapped(network, 0, y, **LARGE)
    assert place.access_m == pytest.approx([access], abs=1.2, nan_ok=True)
    if np.isnan(access):
        return
    shore = walk_to(network, walk(network, place.position(0), 1_200), snapped(network, 0, 0))
    assert shore == pytest.approx([y], abs=1.2), "never 0 m"


def test_an_answer_says_how_far_it_snapped():
    network = network_of(BANKS, ["abc", "def"])
    lon, lat = (np.atleast_1d(v) for v in lonlat([10.0, 10.0], [-3.0, 83.0]))
    cafe = np.full(2, list(AmenityCategory).index(AmenityCategory.CAFE), dtype=np.int8)
    index = build_amenity_index(network, cafe, lon, lat)
    here = [float(v) for v in lonlat(10.0, 35.0)]
    ring = ring_at(network, index, *here, 15)
    assert ring.snapped_m == pytest.approx(35, abs=0.1)
    (item,) = ring.amenities[AmenityCategory.CAFE].items
    assert (item.amenity, item.walk_m) == (0, pytest.approx(38, abs=0.1))
    with pytest.raises(NotFoundError) as sea:
        ring_at(network, index, *(float(v) for v in lonlat(0.0, 300.0)), 15)
    assert sea.value.reason.zh
    assert sea.value.fix


POINTS = st.lists(
    st.tuples(st.integers(-400, 400), st.integers(-400, 400)), min_size=2, max_size=10
)
PATHS = st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=5), min_size=1, max_size=6)


@settings(max_examples=80, deadline=None)
@given(POINTS, PATHS, POINTS)
def test_no_walk_is_shorter_than_the_straight_line(points, paths, places):
    """What a walk may never do is to cross anything for free."""
    corners = {chr(97 + i): (float(x), float(y)) for i, (x, y) in enumerate(points)}
    spelled = ["".join(chr(97 + i % len(points)) for i in path) for path in paths]
    if all(len(set(path)) == 1 for path in spelled):
        return
    network = network_of(corners, spelled)
    x, y = np.array(places, dtype=float).T
    there = snapped(network, x, y)
    reach = walk(network, there.position(0), 5_000)
    walks = walk_to(network, reach, there)
    straight = np.hypot(x - x[0], y - y[0])
    apart = straight > 0
    assert (walks[apart] >= straight[apart] - 0.05).all()
