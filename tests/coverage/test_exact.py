"""The exact choice is the best of all k-subsets, and its solver can be stopped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from geomap.coverage import exact
from geomap.coverage.cover import Cover
from geomap.coverage.exact import choose_exactly
from geomap.coverage.greedy import Choice, choose_greedily
from geomap.coverage.program import Program, Solved, solve_program
from geomap.coverage.reduce import drop_replaceable
from geomap.domain.errors import Cancelled
from tests.coverage.systems import System, cover_from, large_system, systems

ONES = np.ones((6, 1), dtype=np.int64)
SIDES = [{0, 1, 2}, {3, 4, 5}, {1, 2, 3, 4}]
"""Greedy takes the middle first; the best are the two sides."""


def never(model: Program, start: tuple[int, ...], **options: object) -> Solved:
    raise AssertionError("nothing was left to solve")


@given(systems())
@settings(max_examples=60)
def test_it_equals_brute_force(system: System) -> None:
    cover = cover_from(system.serves, len(system.worth))
    nothing = Choice((), (), int(system.worth.sum()) + 1)
    choice = choose_exactly(cover, system.worth, system.k, nothing, solve=solve_program)
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
    choice = choose_exactly(reduced, system.worth, system.k, start, solve=solve_program)
    assert choice.value == choice.bound == system.best()


def test_it_is_better_than_greedy_where_that_is_short() -> None:
    cover = cover_from(SIDES, 6)
    greedy = choose_greedily(cover, ONES, 2)
    assert greedy.value == 5
    choice = choose_exactly(cover, ONES, 2, greedy)
    assert (choice.columns, choice.gains, choice.bound) == ((0, 1), (3, 3), 6)


def test_what_the_relaxation_proves_needs_no_solver() -> None:
    cover = cover_from(SIDES, 6)
    choice = choose_exactly(cover, ONES, 2, choose_greedily(cover, ONES, 2), solve=never)
    assert (choice.value, choice.bound) == (6, 6)


def hard() -> tuple[System, Cover, Choice]:
    """Return a system that keeps the solver busy, and the greedy choice."""
    system = large_system(300, 400, each=12, k=20)
    cover = cover_from(system.serves, 400)
    return system, cover, choose_greedily(cover, system.worth, 20)


def test_cancelled_work_stops_the_solver() -> None:
    system, cover, start = hard()
    calls = []

    def cancel(done: int, total: int) -> None:
        calls.append((done, total))
        if done >= 250:  # the solver is at work
            raise Cancelled

    with pytest.raises(Cancelled):
        choose_exactly(cover, system.worth, 20, start, progress=cancel)
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert sum(done >= 250 for done, _ in calls) == 1


def test_when_the_time_is_up_the_best_so_far_and_the_bound_are_given() -> None:
    system, cover, start = hard()
    choice = choose_exactly(cover, system.worth, 20, start, time_limit_s=0.05)
    assert start.value <= choice.value < choice.bound <= start.bound
    assert choice.value == system.value(int(cover.candidate[j]) for j in choice.columns)


def test_a_model_too_large_for_the_solver_is_bounded_by_the_relaxation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact, "MOST_ENTRIES", 9)
    system, cover, start = hard()
    choice = choose_exactly(cover, system.worth, 20, start, solve=never)
    assert start.value < choice.value < choice.bound <= start.bound
