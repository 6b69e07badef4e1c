"""Best pair first: nobody and no place would both rather have each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given

from geomap.bench.place_data import Market, generate_pairs
from geomap.placement.blocking import list_blocking, require_feasible
from geomap.placement.stable import solve_stable
from tests.placement.small_pairs import (
    blocking_by_definition,
    market,
    markets,
    markets_to_keep,
    offers_of,
)


def test_the_best_pair_goes_first() -> None:
    """Room 0 suits the second project best; the first takes room 1, the third nothing."""
    pairs = market([[(9, {0: 1}), (5, {1: 1})], [(10, {0: 1})], [(4, {1: 1})]], [1, 1])
    found = solve_stable(pairs)
    assert (found.choice.tolist(), found.value, found.bound, found.proven) == (
        [1, 2, -1], 15, None, True,
    )  # fmt: skip


def test_ties_go_to_what_was_kept_then_to_the_first_project() -> None:
    pairs = market([[(7, {0: 1}), (7, {1: 1})], [(7, {0: 1})], [(7, {0: 1}), (7, {1: 1})]], [1, 1])
    assert solve_stable(pairs).choice.tolist() == [0, -1, 4]
    assert solve_stable(pairs, keep=np.array([-1, 2, -1])).choice.tolist() == [1, 2, -1]
    assert solve_stable(pairs, keep=np.array([1, -1, 3])).choice.tolist() == [1, -1, 3]


def test_what_is_worth_less_is_not_kept() -> None:
    pairs = market([[(7, {0: 1}), (6, {1: 1})]], [1, 1])
    assert solve_stable(pairs, keep=np.array([1])).choice.tolist() == [0]


def test_a_better_pair_that_was_left_out_is_no_proof() -> None:
    pairs = market([[(7, {0: 1})], [(8, {0: 1})]], [1], rest=[0, 8])
    assert solve_stable(pairs).proven
    assert not solve_stable(replace(pairs, rest=np.array([1, 0]))).proven


def test_without_pairs() -> None:
    found = solve_stable(market([[], []], []))
    assert (found.choice.tolist(), found.value, found.proven) == ([-1, -1], 0, True)


@given(markets_to_keep())
def test_nothing_blocks(drawn) -> None:
    pairs, keep = drawn
    choice = solve_stable(pairs, keep=keep).choice
    require_feasible(pairs, choice)
    assert list_blocking(pairs, choice) == []
    assert blocking_by_definition(pairs, choice) == []


@given(markets())
def test_projects_in_another_order_get_as_much_where_values_differ(pairs) -> None:
    """With all values different the allocation is unique, whatever the order of the rows."""
    order = np.argsort(pairs.value, kind="stable")
    value = np.empty_like(pairs.value)
    value[order] = np.arange(1, len(order) + 1)
    offers = offers_of(replace(pairs, value=value))
    here = market(offers, pairs.capacity.tolist())
    there = market(offers[::-1], pairs.capacity.tolist())
    mine = [here.value[i] if i >= 0 else 0 for i in solve_stable(here).choice]
    other = [there.value[i] if i >= 0 else 0 for i in solve_stable(there).choice]
    assert mine == other[::-1]


def test_a_crowded_market_of_hundreds() -> None:
    pairs = generate_pairs(Market(300, 250, alike=0.8, adjacent=0.6, divisible=0.7), most=200)
    choice = solve_stable(pairs).choice
    require_feasible(pairs, choice)
    assert list_blocking(pairs, choice) == []
    assert 100 < (choice >= 0).sum() < 300
