"""The exact choice is the best of all k-subsets, and its solver can be stopped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from geomap.coverage import exact
from geomap.coverage.exact import choose_exactly
from geomap.coverage.greedy import Choice, choose_greedily
from geomap.coverage.reduce import drop_replaceable
from geomap.domain.errors import Cancelled, InputError
from tests.coverage.systems import System, cover_from, systems

ONES = np.ones((6, 1), dtype=np.int64)
SIDES = [{0, 1, 2}, {3, 4, 5}, {1, 2, 3, 4}]
"""Greedy takes the middle first; the best are the two sides."""


@given(systems())
@settings(max_examples=60)
def test_it_equals_brute_force(system: System) -> None:
    cover = cover_from(system.serves, len(system.worth))
    nothing = Choice((), (), int(system.worth.sum()) + 1)
    choice = choose_exactly(cover, system.worth, system.k, nothing)
    best = system.best()
    assert choice.value == system.value(int(cover.candidate[j]) for j in choice.columns) == best
    assert choice.bound == best
    assert len(choice.columns) <= system.k


@given(systems())
@settings(max_examples=60)
def test_leaving_out_what_is_replaceable_costs_nothing(system: System) -> None:
    cover = cover_from(system.serves, len(system.worth))
    reduced = drop_replaceable(cover, system.worth.shape[1])
    start = choose_greedily(reduced, system.worth, system.k)
    choice = choose_exactly(reduced, system.worth, system.k, start)
    assert choice.value == choice.bound == system.best()


def test_it_is_better_than_greedy_where_that_is_short() -> None:
    cover = cover_from(SIDES, 6)
    greedy = choose_greedily(cover, ONES, 2)
    assert greedy.value == 5
    choice = choose_exactly(cover, ONES, 2, greedy)
    assert (choice.columns, choice.gains, choice.bound) == ((0, 1), (3, 3), 6)


def test_a_start_that_is_proven_needs_no_solver() -> None:
    start = Choice((0,), (3,), 3)
    assert choose_exactly(cover_from(SIDES, 6), ONES, 1, start) is start


def test_the_solver_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    cover = cover_from(SIDES, 6)
    choose_exactly(cover, ONES, 2, choose_greedily(cover, ONES, 2))
    assert capfd.readouterr() == ("", "")


def hard() -> tuple[System, Choice]:
    """Return a system that takes the solver seconds: 300 random sets of 400 sites."""
    random = np.random.default_rng(7)
    serves = tuple(frozenset(random.choice(400, 12, replace=False).tolist()) for _ in range(300))
    system = System(serves, np.ones((400, 1), dtype=np.int64), 20)
    return system, choose_greedily(cover_from(serves, 400), system.worth, 20)


def test_cancelled_work_stops_the_solver() -> None:
    system, start = hard()
    calls = []

    def cancel(done: int, total: int) -> None:
        calls.append((done, total))
        if len(calls) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        choose_exactly(cover_from(system.serves, 400), system.worth, 20, start, progress=cancel)
    assert len(calls) == 3
    assert all(0 <= done < total for done, total in calls)


def test_when_the_time_is_up_the_best_so_far_and_the_bound_are_given() -> None:
    system, start = hard()
    cover = cover_from(system.serves, 400)
    choice = choose_exactly(cover, system.worth, 20, start, time_limit_s=0.05)
    assert start.value <= choice.value < choice.bound <= start.bound
    assert choice.value == system.value(int(cover.candidate[j]) for j in choice.columns)


def test_too_large_a_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "MOST_ENTRIES", 9)
    with pytest.raises(InputError) as caught:
        choose_exactly(cover_from(SIDES, 6), ONES, 2, Choice((), (), 6))
    assert caught.value.field == "mode"
    assert caught.value.fix
