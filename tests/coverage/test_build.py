"""Rings and access of every site."""

from __future__ import annotations

import numpy as np
import pytest

from geomap.coverage.access import amenity_points
from geomap.coverage.build import build_coverage
from geomap.coverage.point import ring_at
from geomap.coverage.profiles import get_profile
from tests.coverage.town import CATEGORIES, C, amenities, index_of, town
from tests.streets.drawn import lonlat

PROFILE = get_profile("wenzhou-6-6")
SPOTS = [(900.0, 800.0, C.CAFE), (300.0, 200.0, C.CAFE), (800.0, 1400.0, C.BAR)]


@pytest.fixture
def sites():
    lon, lat = lonlat([800, 810, 5000, 0], [800, 700, 0, 0])
    return ["a", "b", "far", "nowhere"], np.append(lon[:3], np.nan), np.append(lat[:3], np.nan)


def test_three_rings_and_twelve_accesses_a_site(sites):
    calls: list[tuple[int, int]] = []
    rings, access = build_coverage(
        town(), *sites, amenities(*SPOTS), PROFILE, lambda *done: calls.append(done)
    )
    assert [(r.site_id, r.minutes) for r in rings] == [(s, m) for s in "ab" for m in (5, 10, 15)]
    assert [(a.site_id, a.category) for a in access] == [(s, c) for s in "ab" for c in CATEGORIES]
    assert calls[-1] == (4, 4)
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert {r.network for r in rings} == {town().version}
    assert {r.snapped_m for r in rings if r.site_id == "b"} == {10.0}


def test_access_has_count_and_nearest(sites):
    _, access = build_coverage(town(), *sites, amenities(*SPOTS), PROFILE)
    found = {(a.site_id, a.category): a for a in access}
    cafe = found["a", C.CAFE]
    assert (cafe.count, cafe.nearest_id, cafe.nearest_m) == (2, "a0", 100.0)
    bar = found["b", C.BAR]
    assert (bar.count, bar.nearest_id, bar.nearest_m) == (1, "a2", 710.0)
    none = found["a", C.THEATRE]
    assert (none.count, none.nearest_id, none.nearest_m) == (0, "", None)


def test_columns_give_what_records_give(sites):
    records = amenities(*SPOTS)
    one = build_coverage(town(), *sites, records, PROFILE)
    two = build_coverage(town(), *sites, amenity_points(records), PROFILE)
    assert one[1] == two[1]
    assert [r.area_m2 for r in one[0]] == [r.area_m2 for r in two[0]]


def test_a_site_and_its_point_agree(sites):
    rings, access = build_coverage(town(), *sites, amenities(*SPOTS), PROFILE)
    point = ring_at(town(), index_of(town(), *SPOTS), float(sites[1][1]), float(sites[2][1]))
    ring = next(r for r in rings if r.site_id == "b" and r.minutes == 15)
    assert ring.geometry.symmetric_difference(point.geometry).area < 1e-9
    for row in access:
        if row.site_id == "b":
            here = point.amenities[row.category]
            assert row.count == here.count
            assert row.nearest_m == (here.nearest and here.nearest.walk_m)


def test_nobody_there():
    assert build_coverage(town(), [], [], [], [], PROFILE) == ([], [])
    rings, access = build_coverage(
        town(), ["a"], *([float(v)] for v in lonlat(800, 800)), [], PROFILE
    )
    assert len(rings) == 3
    assert all(a.count == 0 and a.nearest_m is None for a in access)
