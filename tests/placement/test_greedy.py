"""First come, first served."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geomap.placement.blocking import require_feasible
from geomap.placement.greedy import solve_greedy
from tests.placement.small_pairs import is_possible, market, markets


def test_who_comes_first_chooses_first() -> None:
    pairs = market([[(9, {0: 1}), (5, {1: 1})], [(10, {0: 1})]], [1, 1])
    found = solve_greedy(pairs, np.array([0, 1]))
    assert (found.choice.tolist(), found.value, found.bound, found.proven) == (
        [0, -1], 9, None, False,
    )  # fmt: skip
    assert solve_greedy(pairs, np.array([1, 0])).choice.tolist() == [1, 2]


def test_who_does_not_come_gets_nothing() -> None:
    pairs = market([[(9, {0: 1})], [(10, {0: 1})]], [1])
    assert solve_greedy(pairs, np.array([1])).choice.tolist() == [-1, 1]


def test_desks_are_shared_until_they_are_gone() -> None:
    pairs = market([[(3, {0: 4})], [(3, {0: 3})], [(3, {0: 2})]], [6])
    assert solve_greedy(pairs, np.arange(3)).choice.tolist() == [0, -1, 2]


@given(markets(), st.randoms(use_true_random=False))
def test_each_has_its_best_of_what_those_before_left(pairs, random) -> None:
    order = list(range(len(pairs)))
    random.shuffle(order)
    choice = solve_greedy(pairs, np.array(order)).choice
    require_feasible(pairs, choice)
    given_so_far = [-1] * len(pairs)
    for p in order:
        for i in range(pairs.start[p], pairs.start[p + 1]):
            tried = [*given_so_far[:p], i, *given_so_far[p + 1 :]]
            if is_possible(pairs, tuple(tried)):
                given_so_far = tried
                break
    assert choice.tolist() == given_so_far
