"""Candidates that another one replaces are left out, and only those."""

from __future__ import annotations

from hypothesis import given

from geomap.coverage.reduce import drop_replaceable, rows_of
from tests.coverage.systems import System, cover_from, systems


def left(serves, sites, copies=1):
    return drop_replaceable(cover_from(serves, sites), copies).candidate.tolist()


def test_of_equal_ones_the_first_stays() -> None:
    assert left([{0, 1}, {2}, {0, 1}, {2}], 3) == [0, 1]


def test_of_equal_ones_the_nearest_stays() -> None:
    cover = cover_from([{0, 1}, {0, 1}, {0, 1}], 2, [900.0, 300.0, 300.0])
    assert drop_replaceable(cover).candidate.tolist() == [1]
    assert drop_replaceable(cover, 2).candidate.tolist() == [1, 2]


def test_a_part_of_another_goes_also_where_it_comes_first() -> None:
    assert left([{1}, {0, 1, 2}, {2, 3}, {3}], 4) == [1, 2]


def test_as_many_equal_ones_stay_as_a_site_may_need() -> None:
    assert left([{0}, {0}, {0}, {0, 1}], 2, copies=2) == [0, 1, 3]


def test_one_that_serves_nobody_is_no_column() -> None:
    assert left([set(), {0}], 1) == [1]
    assert left([set()], 1) == []


@given(systems())
def test_every_candidate_is_kept_or_within_one_that_is(system: System) -> None:
    kept = left(system.serves, len(system.worth))
    for own in system.serves:
        assert not own or any(own <= system.serves[j] for j in kept)
    for a in kept:
        assert not any(system.serves[a] <= system.serves[b] for b in kept if b != a)


@given(systems())
def test_rows_are_the_columns_turned(system: System) -> None:
    cover = cover_from(system.serves, len(system.worth))
    at, column = rows_of(cover)
    for i in range(cover.sites):
        found = cover.candidate[column[at[i] : at[i + 1]]].tolist()
        assert found == [j for j, own in enumerate(system.serves) if i in own]
