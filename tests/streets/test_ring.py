"""Rings: inside one another, valid, cut by rivers, told when the data ends."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.ops import substring

from geomap.domain.errors import InputError
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry
from geomap.streets.ring import build_rings, is_truncated, walk_limit_m
from geomap.streets.snap import EdgePosition
from geomap.streets.walk import walk
from tests.streets.cover import edge_cover
from tests.streets.drawn import ORIGIN, block, lonlat, network_of, snapped, start_at


def metric(shape):
    """Return a ring in metres from the origin."""
    moved = project_geometry(shape, WGS84, METRIC_EPSG)
    return shapely.transform(moved, lambda xy: xy - np.array(ORIGIN))


def holds(shape, x: float, y: float) -> bool:
    return bool(shapely.contains_xy(shape, *lonlat(x, y)))


@cache
def large_town():
    """Return a block of 3.2 km by 3.2 km, streets every 200 m."""
    return network_of(*block(17, 200.0))


@pytest.fixture
def town():
    return large_town()


def test_minutes_become_metres():
    assert walk_limit_m(15, 4.8) == pytest.approx(1200)


@pytest.mark.parametrize("minutes", [0, -1, 60.5, float("nan"), float("inf")])
def test_minutes_that_cannot_be_used(minutes):
    with pytest.raises(InputError) as error:
        walk_limit_m(minutes, 4.8)
    assert error.value.field == "minutes"
    assert error.value.fix


@pytest.mark.parametrize("speed", [0, -4.8, 11, float("nan")])
def test_speeds_that_cannot_be_used(speed):
    with pytest.raises(InputError) as error:
        walk_limit_m(15, speed)
    assert error.value.field == "speed_kmh"


def test_rings_lie_in_one_another(town):
    rings = build_rings(town, walk(town, start_at(town, 1600, 1600), 1200))
    shapes = [r.geometry for r in rings]
    assert [r.minutes for r in rings] == [5, 10, 15]
    assert all(shape.is_valid for shape in shapes)
    assert all(r.area_m2 == pytest.approx(metric(r.geometry).area, rel=1e-4) for r in rings)
    for inner, outer in itertools.pairwise(shapes):
        assert inner.area < outer.area
        assert inner.difference(outer).area < 1e-10  # a square metre


def test_on_a_grid_of_streets_the_ring_is_a_diamond(town):
    (ring,) = build_rings(town, walk(town, start_at(town, 1600, 1600), 1200), (15.0,))
    shape = ring.geometry
    assert not ring.truncated
    for x, y, inside in (
        (1600, 2770, True),
        (1600, 2850, False),
        (2170, 2170, True),
        (2300, 2300, False),
        (2400, 2400, False),
    ):
        assert holds(shape, x, y) is inside, (x, y)
    # |x| + |y| <= 1200 is 2.88 km²; a circle would be 4.52 km².
    assert 2.4e6 < ring.area_m2 < 3.2e6


def test_a_ring_does_not_cross_a_river_without_a_bridge():
    corners = {"a": (0, 0), "b": (1500, 0), "c": (1500, 250), "d": (0, 250)}
    network = network_of(corners, ["ab", "bc", "cd"])
    (ring,) = build_rings(network, walk(network, start_at(network, 0, 0), 1200), (15.0,))
    assert holds(ring.geometry, 1100, 10)
    assert not holds(ring.geometry, 500, 240)


def test_a_hill_between_streets_is_a_hole():
    corners = {"a": (0, 0), "b": (600, 0), "c": (600, 600), "d": (0, 600), "e": (-100, 0)}
    network = network_of(corners, ["eabcda"])
    (ring,) = build_rings(network, walk(network, start_at(network, 0, 0), 1300), (16.0,))
    assert holds(ring.geometry, 300, 20)
    assert not holds(ring.geometry, 300, 300)
    assert len(shapely.get_parts(ring.geometry)[0].interiors) == 1


def test_the_edge_of_the_data_is_told(town):
    reach = walk(town, start_at(town, 1600, 900), 1200)
    assert [r.truncated for r in build_rings(town, reach)] == [False, False, True]
    assert not is_truncated(town, reach, 750)
    assert is_truncated(town, reach, 950)


def test_the_place_itself_lies_in_its_ring(town):
    reach = walk(town, start_at(town, 1700, 1695), 1200)
    (ring,) = build_rings(town, reach, (15.0,))
    assert reach.start.access_m > 90
    assert holds(ring.geometry, 1700, 1695)


def test_a_walk_that_does_not_come_to_its_street_has_no_ring(town):
    reach = walk(town, start_at(town, 1700, 1695), 1200)
    assert [r.minutes for r in build_rings(town, reach, (1.0, 15.0))] == [15.0]
    nowhere = walk(town, start_at(town, 9000, 9000), 1200)
    assert build_rings(town, nowhere) == []


@pytest.mark.parametrize("wrong", [(), (15.0, 5.0), (20.0,)])
def test_minutes_ascend_within_the_walk(town, wrong):
    reach = walk(town, start_at(town, 1600, 1600), 1200)
    with pytest.raises(InputError):
        build_rings(town, reach, wrong)


@pytest.mark.parametrize("access", [0.0, 1e-6])
@pytest.mark.parametrize("place", [(250.0, 0.0), (float("nan"), float("nan"))])
def test_a_very_short_walk_on_a_long_street(access, place):
    """No sample of the street lies within 4 m; the start still does."""
    network = network_of({"a": (0, 0), "b": (507, 0)}, ["ab"])
    start = EdgePosition(0, 243.75, access, place[0] + ORIGIN[0], place[1] + ORIGIN[1])
    rings = build_rings(network, walk(network, start, 4.0), (0.05,))
    assert all(ring.geometry.is_valid and ring.area_m2 > 0 for ring in rings)


def test_a_street_without_length_has_a_ring():
    network = network_of({"a": (0, 0), "b": (0, 0)}, ["ab"])
    (ring,) = build_rings(network, walk(network, start_at(network, 5, 0), 1200), (15.0,))
    assert holds(ring.geometry, 0, 0)
    assert ring.area_m2 < 4e4


def test_every_reached_street_lies_in_the_ring(town):
    start = start_at(town, 1630, 1575)
    reach = walk(town, start, 1200)
    (ring,) = build_rings(town, reach, (15.0,))
    inside = 0.0
    total = 0.0
    shape = metric(ring.geometry)
    for edge, begin, end in zip(*edge_cover(town, reach), strict=True):
        stretch = substring(town.lines[edge], float(begin), float(end))
        stretch = shapely.transform(stretch, lambda xy: xy - np.array(ORIGIN))
        total += stretch.length
        inside += stretch.intersection(shape).length
    assert inside / total > 0.99


@settings(max_examples=25, deadline=None)
@given(st.integers(200, 3000), st.integers(200, 3000), st.floats(1.0, 6.0), st.floats(1.1, 2.5))
def test_longer_walks_reach_more(x, y, minutes, factor):
    town = large_town()
    start = snapped(town, float(x), float(y)).position(0)
    steps = (minutes, minutes * factor, minutes * factor * factor)
    rings = build_rings(town, walk(town, start, walk_limit_m(steps[-1], 4.8)), steps)
    for inner, outer in itertools.pairwise(rings):
        assert inner.geometry.is_valid
        assert 0 < inner.area_m2 <= outer.area_m2
        assert inner.geometry.difference(outer.geometry).area < 1e-10  # a square metre
        assert inner.truncated <= outer.truncated
