"""Profiles: every one is complete, named and sourced."""

from __future__ import annotations

import pytest

from geomap.coverage.profiles import DEFAULT_PROFILE, PROFILES, get_profile
from geomap.domain.errors import NotFoundError
from geomap.domain.words import AmenityCategory as C


@pytest.mark.parametrize("profile", PROFILES.values(), ids=str)
def test_profiles_are_complete(profile):
    assert PROFILES[profile.id] is profile
    assert profile.name.zh
    assert profile.name.en
    assert profile.version
    assert profile.source
    assert profile.rule.zh
    assert 0 < profile.minutes <= 60
    assert profile.ring_minutes[-1] == profile.minutes
    assert list(profile.ring_minutes) == sorted(profile.ring_minutes)
    assert profile.categories
    for requirement in profile.requirements:
        assert requirement.at_least >= 1
        assert set(requirement.categories) <= set(profile.categories)


def test_the_default_asks_for_all_twelve_within_1200_m():
    profile = get_profile(DEFAULT_PROFILE)
    assert next(iter(PROFILES)) == DEFAULT_PROFILE
    assert profile.categories == tuple(C)
    assert profile.limit_m == pytest.approx(1200)
    assert profile.ring_minutes == pytest.approx((5, 10, 15))


def test_the_national_standards_walk_a_kilometre():
    for name in ("gb50180", "tdt1062"):
        assert get_profile(name).limit_m == pytest.approx(1000)


def test_an_unknown_profile_lists_those_that_exist():
    with pytest.raises(NotFoundError) as error:
        get_profile("nowhere")
    assert error.value.field == "profile"
    assert all(name in error.value.fix.en for name in PROFILES)
