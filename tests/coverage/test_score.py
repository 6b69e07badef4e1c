"""Scores: points, gaps in metres, verdicts, groups."""

from __future__ import annotations

import numpy as np
import pytest

from geomap.coverage.profiles import get_profile
from geomap.coverage.score import group_scores, histogram, score_sites
from geomap.domain.words import AmenityCategory

CATEGORIES = tuple(AmenityCategory)
ALL = get_profile("wenzhou-6-6")
CULTURE = get_profile("plan-culture")
NAN = np.nan


def columns(**values: float) -> np.ndarray:
    row = np.full(12, NAN)
    for name, value in values.items():
        row[CATEGORIES.index(AmenityCategory(name))] = value
    return row


def test_a_full_site_scores_twelve():
    scores = score_sites(np.full((1, 12), 300.0), np.ones((1, 12)), ALL)
    assert (scores.score.tolist(), scores.total) == ([12], 12)
    assert scores.passed.tolist() == [True]
    assert not scores.missing.any()
    assert np.isnan(scores.short_m).all()


def test_a_gap_has_metres():
    walks = columns(cafe=300, bar=1500)
    counts = np.nan_to_num(columns(cafe=2))
    scores = score_sites(walks, counts, ALL)
    bar = CATEGORIES.index(AmenityCategory.BAR)
    assert scores.score.tolist() == [1]
    assert scores.missing.sum() == 11
    assert scores.short_m[0, bar] == pytest.approx(300)
    assert np.isfinite(scores.short_m).sum() == 1
    assert not scores.passed[0]


def test_nothing_known_is_not_nothing_there():
    walks, counts = np.full((2, 12), NAN), np.zeros((2, 12))
    guess = score_sites(walks, counts, ALL)
    assert guess.score.tolist() == [-1, -1]
    told = score_sites(walks, counts, ALL, known=[True, False])
    assert told.score.tolist() == [0, -1]
    assert told.missing.sum(axis=1).tolist() == [12, 0]
    assert not told.passed.any()


def test_only_what_the_profile_asks_for_counts():
    counts = np.ones((1, 12))
    scores = score_sites(counts * 100, counts, CULTURE)
    assert (scores.score.tolist(), scores.total) == ([2], 2)
    assert scores.have.tolist() == [[1, 3]] and scores.met.all()
    assert not scores.missing.any()


@pytest.mark.parametrize(
    ("counts", "score", "missing"),
    [
        # Three libraries meet all: nothing is missing though there is no theatre.
        ({"learning": 3}, 2, []),
        ({"learning": 2}, 1, ["theatre", "bookshop"]),
        ({"theatre": 2, "bookshop": 2}, 1, ["learning"]),
        ({}, 0, ["learning", "theatre", "bookshop"]),
    ],
)
def test_missing_is_what_an_unmet_requirement_could_use(counts, score, missing):
    count = np.nan_to_num(columns(**counts))[None]
    scores = score_sites(np.full((1, 12), 2000.0), count, CULTURE, known=[True])
    assert scores.score.tolist() == [score]
    flagged = {str(CATEGORIES[c]) for c in np.flatnonzero(scores.missing[0])}
    assert flagged == set(missing)


@pytest.mark.parametrize(
    ("counts", "passed"),
    [
        ({"learning": 3}, True),
        ({"learning": 1, "theatre": 1, "bookshop": 1}, True),
        ({"learning": 1, "theatre": 1}, False),
        ({"theatre": 2, "bookshop": 2}, False),
        ({"learning": 2, "cafe": 5}, False),
    ],
)
def test_the_culture_circle_needs_a_venue_and_three_in_all(counts, passed):
    count = np.nan_to_num(columns(**counts))
    walks = np.where(count > 0, 100.0, NAN)
    assert score_sites(walks, count, CULTURE).passed.tolist() == [passed]


def test_no_sites():
    scores = score_sites(np.empty((0, 12)), np.empty((0, 12)), ALL)
    assert len(scores.score) == 0
    groups = group_scores(scores, np.empty((0, 12)), np.empty((0, 12)), [], 2)
    assert groups.sites.tolist() == [0, 0]
    assert np.isnan(groups.mean).all()


def test_histogram_leaves_the_unknown_out():
    counts = histogram(np.array([0, 12, 12, -1]))
    assert counts.tolist() == [1] + [0] * 11 + [2]
    assert histogram(np.array([], dtype=int)).sum() == 0


def test_groups_gather_known_sites():
    walks = np.stack([columns(cafe=100), columns(cafe=500), columns(cafe=900, bar=50), columns()])
    counts = np.stack([np.where(np.isfinite(row), 1, 0) for row in walks])
    scores = score_sites(walks, counts, ALL)
    groups = group_scores(scores, walks, counts, [0, 0, 1, 0], 3)
    cafe, bar = (CATEGORIES.index(AmenityCategory(c)) for c in ("cafe", "bar"))
    assert groups.sites.tolist() == [2, 1, 0]
    assert groups.mean[:2].tolist() == [1, 2]
    assert groups.missing[0, bar] == 2
    assert groups.count[0, cafe] == 1
    # The median of two is the smaller; a site without any counts as farther than all.
    assert groups.nearest_m[0, cafe] == 100
    assert groups.nearest_m[1, bar] == 50
    assert np.isnan(groups.nearest_m[0, bar])


def test_a_group_of_minus_one_is_none():
    walks = columns(cafe=100)[None]
    counts = np.nan_to_num(walks) > 0
    groups = group_scores(score_sites(walks, counts, ALL), walks, counts, [-1], 1)
    assert groups.sites.tolist() == [0]


def test_a_site_of_two_groups_counts_in_both():
    walks = np.stack([columns(cafe=100), columns(bar=100)])
    counts = np.stack([np.where(np.isfinite(row), 1, 0) for row in walks])
    member = np.array([[True, True], [False, True]])
    groups = group_scores(score_sites(walks, counts, ALL), walks, counts, member, 2)
    assert groups.sites.tolist() == [1, 2]
