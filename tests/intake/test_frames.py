"""Frames: readings of the same numbers, and when a witness is believed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.words import Label
from geomap.geo.crs import DeclaredCrs
from geomap.geo.datum import bd09_to_wgs84, gcj02_to_wgs84, wgs84_to_gcj02
from geomap.intake.frames import (
    FRAMES,
    NOTHING_KNOWN,
    Distances,
    Votes,
    frame_of,
    judge_frame,
    offset_m,
    reread,
    suspect_frame,
)

LON, LAT = np.array([120.66, 120.70]), np.array([28.0, 27.98])
WHAT = Label("甲", "a")


def test_a_place_read_as_what_it_is_stays():
    for frame in FRAMES:
        assert np.array(reread(LON, LAT, frame, frame)) == pytest.approx(
            np.array([LON, LAT]), abs=1e-8
        )


def test_wgs84_numbers_that_are_really_shifted():
    assert np.array(reread(LON, LAT, "wgs84", "gcj02")) == pytest.approx(
        np.array(gcj02_to_wgs84(LON, LAT))
    )
    assert np.array(reread(LON, LAT, "wgs84", "bd09")) == pytest.approx(
        np.array(bd09_to_wgs84(LON, LAT))
    )
    seen = wgs84_to_gcj02(LON, LAT)
    assert np.array(reread(*seen, "wgs84", "gcj02")) == pytest.approx(
        np.array([LON, LAT]), abs=1e-8
    )


@given(st.sampled_from(FRAMES), st.sampled_from(FRAMES))
def test_reading_and_reading_back(one, other):
    there = reread(LON, LAT, one, other)
    assert np.array(reread(*there, other, one)) == pytest.approx(np.array([LON, LAT]), abs=1e-8)


def test_offsets_are_those_of_the_datums():
    assert offset_m(LON, LAT, "wgs84", "gcj02") == pytest.approx(543, abs=5)
    assert offset_m(LON, LAT, "wgs84", "bd09") == pytest.approx(1_075, abs=10)
    assert offset_m(LON, LAT, "gcj02", "gcj02") == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(
    ("name", "frame"),
    [("wgs84", "wgs84"), ("cgcs2000", "wgs84"), ("EPSG:4549", "wgs84"), ("gcj02", "gcj02")],
)
def test_the_frame_of_a_crs(name, frame):
    assert frame_of(DeclaredCrs(name)) == frame


def distances(wgs84, gcj02, bd09, count=200) -> Distances:
    """Return distances around means, scattered by 20 m."""
    rng = np.random.default_rng(2)
    means = {"wgs84": wgs84, "gcj02": gcj02, "bd09": bd09}
    return Distances(WHAT, {f: rng.uniform(m - 20, m + 20, count) for f, m in means.items()})


def frame(*witnesses) -> str | None:
    found = suspect_frame(LON, LAT, "wgs84", witnesses)
    return found.frame if found else None


def test_distances():
    assert frame(distances(50, 20, 48)) == "gcj02"
    assert frame(distances(50, 48, 20)) == "bd09"
    assert frame(distances(50, 30, 25)) == "bd09", "the nearer of two"
    assert frame(distances(20, 50, 50)) is None
    assert frame(distances(22, 20, 50)) is None, "two metres are nothing"
    assert frame(distances(50, 20, 48, count=99)) is None, "too few"


def votes(better: int, worse: int, least: int = 3) -> Votes:
    """Return votes for and against gcj02."""
    here = np.array([False] * better + [True] * worse + [True])
    there = np.array([True] * better + [False] * worse + [True])
    return Votes(WHAT, {"wgs84": here, "gcj02": there, "bd09": here}, least)


def test_votes():
    assert frame(votes(3, 0)) == "gcj02"
    assert frame(votes(2, 0)) is None
    assert frame(votes(8, 2)) is None
    assert frame(votes(9, 2)) == "gcj02"
    assert frame(votes(0, 9)) is None


def test_votes_that_do_not_count_are_not_counted():
    vote = votes(5, 0)
    none = {f: np.zeros(6, dtype=bool) for f in FRAMES}
    assert frame(Votes(vote.what, vote.fits, vote.least, none)) is None


def test_a_witness_against_is_heard():
    assert frame(votes(9, 0), distances(20, 50, 50)) is None
    assert frame(votes(9, 0), distances(20, 21, 50)) == "gcj02"
    assert frame(votes(9, 0), votes(0, 9)) is None
    assert frame() is None


def test_what_is_said():
    crs = DeclaredCrs("cgcs2000")
    (warning,), notes = judge_frame(LON, LAT, crs, [votes(7, 1)])
    for text in warning:
        for part in ("gcj02", "cgcs2000", "540", "7", "--crs gcj02"):
            assert part in text
    assert notes == ()
    (warning,), _ = judge_frame(LON, LAT, crs, [votes(7, 1)], osm=True)
    assert ".geojson" in warning.zh
    assert judge_frame(LON, LAT, crs, [votes(0, 9)]) == ((), ())


def test_without_a_witness_that_is_said():
    assert judge_frame(LON, LAT, DeclaredCrs("wgs84"), []) == ((), (NOTHING_KNOWN,))
    few = distances(50, 20, 48, count=9)
    assert judge_frame(LON, LAT, DeclaredCrs("wgs84"), [few]) == ((), (NOTHING_KNOWN,))


def test_elsewhere_the_frames_do_not_differ():
    away = np.array([-8.6, np.nan])
    assert judge_frame(away, np.array([41.1, np.nan]), DeclaredCrs("wgs84"), []) == ((), ())
    assert judge_frame(away[:0], away[:0], DeclaredCrs("wgs84"), []) == ((), ())
