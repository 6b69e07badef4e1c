"""Gaps: which, how far, in which order."""

from __future__ import annotations

import numpy as np
import pytest

from geomap.coverage.batch import list_amenities_of
from geomap.coverage.gaps import list_gaps, nth_by_walk
from geomap.coverage.profiles import get_profile
from geomap.coverage.score import score_sites
from geomap.domain.words import AmenityCategory
from geomap.streets.snap import snap_points
from tests.coverage.town import CATEGORIES, C, index_of, town
from tests.streets.drawn import lonlat

ALL = get_profile("wenzhou-6-6")
CULTURE = get_profile("plan-culture")
NAN = np.nan
CAFE, BAR, THEATRE = (CATEGORIES.index(c) for c in (C.CAFE, C.BAR, C.THEATRE))


def gaps_of(site_xy, *items, profile=ALL, limit=None):
    """Walk the hand-drawn town from sites at places in metres, and list their gaps."""
    network, index = town(), index_of(town(), *items)
    xy = np.array(site_xy, dtype=float)
    places = snap_points(network, *lonlat(xy[:, 0], xy[:, 1]))
    table = list_amenities_of(network, index, places, limit or profile.limit_m)
    scores = score_sites(table.nearest_m, table.count, profile, known=places.edge >= 0)
    own = np.column_stack([places.x, places.y])
    there = np.column_stack([index.places.x, index.places.y])
    nth = nth_by_walk(network, index, places)
    return list_gaps(
        scores, profile, table.nearest, table.nearest_m, index.category, own, there, nth
    )


def row(gaps, category):
    (at,) = np.flatnonzero(gaps.category == CATEGORIES.index(category))
    return at


def test_a_gap_names_the_nearest_and_how_far_it_is_over():
    # The café is reached in 400 m; the bar lies 1,400 m away along two streets.
    gaps = gaps_of([(0, 0)], (400, 0, C.CAFE), (800, 600, C.BAR), (800, 1600, C.BAR))
    assert CAFE not in gaps.category
    at = row(gaps, C.BAR)
    assert gaps.nearest[at] == 1
    assert gaps.walk_m[at] == pytest.approx(1400, abs=2)
    assert gaps.over_m[at] == pytest.approx(200, abs=2)
    assert gaps.straight_m[at] == pytest.approx(1000, abs=2)
    assert gaps.have[at] == 0


def test_what_lies_nowhere_comes_first_and_names_nothing():
    gaps = gaps_of([(0, 0)], (400, 0, C.CAFE), (800, 600, C.BAR), (1600, 800, C.THEATRE))
    # Nine categories do not exist here; then the theatre (2,400 m), then the bar (1,400 m).
    assert gaps.nearest[:9].tolist() == [-1] * 9
    assert np.isnan(gaps.walk_m[:9]).all() and np.isnan(gaps.straight_m[:9]).all()
    assert gaps.category[9:].tolist() == [THEATRE, BAR]
    assert len(gaps) == 11


def test_beyond_the_search_the_straight_line_is_told():
    # Snapped to no street at all: no walk leads there, yet it is 2 km away.
    gaps = gaps_of([(0, 0)], (-2000, 0, C.CAFE))
    at = row(gaps, C.CAFE)
    assert gaps.nearest[at] == 0
    assert np.isnan(gaps.walk_m[at]) and np.isnan(gaps.over_m[at])
    assert gaps.straight_m[at] == pytest.approx(2000, abs=3)


def test_a_requirement_for_three_tells_of_the_third():
    # A library, a theatre and a bookshop within reach but for the last: 1,600 m.
    items = [(200, 0, C.LEARNING), (400, 0, C.THEATRE), (800, 800, C.BOOKSHOP)]
    gaps = gaps_of([(0, 0)], *items, profile=CULTURE)
    assert len(gaps) == 1
    assert gaps.requirement.tolist() == [1]
    assert gaps.have.tolist() == [2]
    assert gaps.nearest.tolist() == [2]
    assert gaps.walk_m[0] == pytest.approx(1600, abs=2)
    assert gaps.over_m[0] == pytest.approx(400, abs=2)


def test_a_met_profile_and_an_unknown_site_have_no_gaps():
    everything = [(100 * i, 0, c) for i, c in enumerate(AmenityCategory)]
    gaps = gaps_of([(600, 0), (9000, 9000)], *everything)
    assert len(gaps) == 0
    assert len(gaps_of([(9000, 9000)], (0, 0, C.CAFE))) == 0


def test_without_any_amenity_every_category_is_a_gap():
    gaps = gaps_of([(0, 0), (400, 400)])
    assert len(gaps) == 24
    assert set(gaps.site.tolist()) == {0, 1}
    assert (gaps.nearest == -1).all()
