"""Profiles side by side, and what a circle would claim."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geomap.coverage.compare import compare_profiles
from geomap.coverage.profiles import PROFILES, get_profile
from geomap.domain.errors import NotFoundError
from tests.coverage.town import CATEGORIES, C, index_of, town
from tests.streets.drawn import block, lonlat, network_of

SIX = get_profile("wenzhou-6-6")


def at(network, index, x, y, profiles=(SIX,)):
    lon, lat = (float(v) for v in lonlat(x, y))
    return compare_profiles(network, index, lon, lat, profiles)


def test_every_profile_gives_its_verdict_with_its_own_walk():
    network, index = town(), index_of(town(), (1100, 0, C.CAFE), (1100, 0, C.TRANSIT))
    verdicts = at(network, index, 0, 0, tuple(PROFILES.values()))
    found = {v.profile.id: v for v in verdicts}
    assert set(found) == set(PROFILES)
    # 1,100 m lie within the 1,200 m of the plan's profile, not within the standard's 1,000.
    assert found["wenzhou-6-6"].scores.score.tolist() == [2]
    assert found["gb50180"].scores.score.tolist() == [0]
    assert found["gb50180"].circle.radius_m == 1000
    assert not any(v.scores.passed[0] for v in verdicts)


def test_a_circle_claims_what_streets_do_not_reach():
    # The bar: 900 m as the crow flies, and 1,273 m along the streets of a square town.
    network = town()
    index = index_of(network, (0, 400, C.CAFE), (640, 640, C.BAR))
    (verdict,) = at(network, index, 0, 0)
    bar = CATEGORIES.index(C.BAR)
    assert (verdict.count[bar], verdict.circle.count[bar]) == (0, 1)
    assert verdict.scores.score.tolist() == [1]
    assert verdict.circle_scores.score.tolist() == [2]
    assert verdict.circle.overstates_amenities == pytest.approx(1.0)
    assert verdict.circle.area_m2 == pytest.approx(math.pi * 1200**2)
    assert verdict.circle.overstates_area == pytest.approx(
        verdict.circle.area_m2 / verdict.ring.area_m2 - 1
    )
    assert verdict.circle.overstates_area > 0.5


def test_no_amenity_reached_has_no_share():
    (verdict,) = at(town(), index_of(town(), (1600, 1600, C.CAFE)), 0, 0)
    assert verdict.circle.overstates_amenities is None
    assert verdict.count.sum() == 0


def test_amenities_off_every_street_are_in_the_circle_only():
    index = index_of(town(), (-500, 0, C.CAFE))
    (verdict,) = at(town(), index, 0, 0)
    cafe = CATEGORIES.index(C.CAFE)
    assert (verdict.count[cafe], verdict.circle.count[cafe]) == (0, 1)


def test_no_street_near():
    network = network_of(*block(3, 200.0))
    with pytest.raises(NotFoundError):
        at(network, index_of(network), 5000, 5000)


def test_counts_are_those_of_the_ring_of_the_point():
    from geomap.coverage.point import ring_at

    rng = np.random.default_rng(4)
    items = [(*rng.uniform(0, 1600, 2), c) for c in CATEGORIES for _ in range(6)]
    index = index_of(town(), *items)
    lon, lat = (float(v) for v in lonlat(620, 580))
    (verdict,) = compare_profiles(town(), index, lon, lat, (SIX,))
    ring = ring_at(town(), index, lon, lat)
    assert verdict.count.tolist() == [ring.amenities[c].count for c in CATEGORIES]
    assert verdict.ring.area_m2 == pytest.approx(ring.area_m2)
