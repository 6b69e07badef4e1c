"""The lazy greedy choice is the plain one, within its guarantee and under its bound."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given

from geomap.coverage.greedy import choose_greedily, improve_by_swaps, in_greedy_order
from geomap.domain.errors import Cancelled
from tests.coverage.systems import System, cover_from, systems


def plain_greedy(system: System) -> list[int]:
    """Return candidates: every round all gains anew, the first of the largest is taken."""
    chosen: list[int] = []
    for _ in range(system.k):
        rest = [j for j in range(len(system.serves)) if j not in chosen]
        gains = [system.value([*chosen, j]) - system.value(chosen) for j in rest]
        if not gains or max(gains) == 0:
            break
        chosen.append(rest[gains.index(max(gains))])
    return chosen


@given(systems())
def test_lazy_is_plain_greedy_within_guarantee_and_bound(system: System) -> None:
    cover = cover_from(system.serves, len(system.worth))
    choice = choose_greedily(cover, system.worth, system.k)
    chosen = [int(cover.candidate[j]) for j in choice.columns]
    assert chosen == plain_greedy(system)
    assert choice.value == system.value(chosen)
    best = system.best()
    assert choice.value >= (1 - 1 / math.e) * best
    assert choice.bound >= best


def test_where_greedy_is_not_the_best() -> None:
    """The middle takes 4 and leaves two pairs; the two sides take all 6."""
    serves = [{0, 1, 2}, {3, 4, 5}, {1, 2, 3, 4}]
    choice = choose_greedily(cover_from(serves, 6), np.ones((6, 1), dtype=np.int64), 2)
    assert choice.columns == (2, 0)
    assert choice.gains == (4, 1)
    assert choice.bound == 6


def test_ties_go_to_the_first() -> None:
    serves = [{5}, {1, 2}, {3, 4}, {0, 5}]
    choice = choose_greedily(cover_from(serves, 6), np.ones((6, 1), dtype=np.int64), 3)
    assert choice.columns == (1, 2, 3)
    assert choice.value == choice.bound == 6


def test_weights_decide() -> None:
    serves = [{0, 1, 2}, {3}]
    worth = np.array([[1], [1], [1], [40]])
    choice = choose_greedily(cover_from(serves, 4), worth, 1)
    assert (choice.columns, choice.gains, choice.bound) == ((1,), (40,), 40)


def test_a_site_that_needs_two_places_pays_for_both() -> None:
    """The same two candidates serve site 0, that needs two; a third serves it too, in vain."""
    serves = [{0}, {0}, {0}]
    choice = choose_greedily(cover_from(serves, 1), np.array([[1, 1]]), 3)
    assert (choice.columns, choice.gains, choice.bound) == ((0, 1), (1, 1), 2)


def test_nothing_to_close_takes_nothing() -> None:
    none = choose_greedily(cover_from([], 3), np.ones((3, 1), dtype=np.int64), 2)
    assert (none.columns, none.value, none.bound) == ((), 0, 0)
    free = choose_greedily(cover_from([{0}], 1), np.zeros((1, 1), dtype=np.int64), 2)
    assert (free.columns, free.bound) == ((), 0)


@given(systems())
def test_swaps_never_lose_and_end_where_no_swap_helps(system: System) -> None:
    cover = cover_from(system.serves, len(system.worth))
    greedy = choose_greedily(cover, system.worth, system.k)
    better = improve_by_swaps(cover, system.worth, greedy)
    chosen = [int(cover.candidate[j]) for j in better.columns]
    assert better.value == system.value(chosen) >= greedy.value
    assert better.bound == greedy.bound
    for out in chosen:
        kept = [j for j in chosen if j != out]
        others = [j for j in range(len(system.serves)) if j not in kept]
        assert all(system.value([*kept, j]) <= better.value for j in others)


def test_a_swap_mends_what_greedy_misses() -> None:
    serves = [{0, 1, 2}, {3, 4, 5}, {1, 2, 3, 4}]
    cover, worth = cover_from(serves, 6), np.ones((6, 1), dtype=np.int64)
    better = improve_by_swaps(cover, worth, choose_greedily(cover, worth, 2))
    assert (better.columns, better.gains) == ((0, 1), (3, 3))


def test_swaps_can_be_cancelled() -> None:
    def cancel(done: int, total: int) -> None:
        raise Cancelled

    cover, worth = cover_from([{0}, {1}], 2), np.ones((2, 1), dtype=np.int64)
    with pytest.raises(Cancelled):
        improve_by_swaps(cover, worth, choose_greedily(cover, worth, 1), cancel)


def test_given_columns_are_put_in_the_order_of_what_they_add() -> None:
    serves = [{0}, {0, 1, 2}, {2, 3}]
    cover, worth = cover_from(serves, 4), np.ones((4, 1), dtype=np.int64)
    assert in_greedy_order(cover, worth, [0, 2, 1]) == ([1, 2], [3, 1])
