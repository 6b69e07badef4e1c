"""The checks: what they refuse and list is what the definition says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.placement.blocking import count_blocking, list_blocking, require_feasible
from tests.placement.small_pairs import blocking_by_definition, is_possible, market, markets


def test_a_pair_that_both_would_rather_have() -> None:
    pairs = market([[(9, {0: 1}), (5, {1: 1})], [(8, {0: 1})]], [1, 1])
    assert list_blocking(pairs, np.array([1, 2])) == [(0, 0)]
    assert list_blocking(pairs, np.array([0, -1])) == []


def test_holders_of_as_much_stay() -> None:
    pairs = market([[(8, {0: 1})], [(8, {0: 1})]], [1])
    assert list_blocking(pairs, np.array([0, -1])) == []


def test_its_own_part_counts_as_free() -> None:
    """It holds 2 of 3 desks and would rather have all 3."""
    pairs = market([[(6, {0: 3}), (5, {0: 2})]], [3])
    assert list_blocking(pairs, np.array([1])) == [(0, 0)]


def test_every_unit_of_a_run_must_agree() -> None:
    run = {0: 1, 1: 1}
    pairs = market([[(7, run)], [(6, {0: 1})], [(8, {1: 1})]], [1, 1])
    assert list_blocking(pairs, np.array([-1, 1, 2])) == []
    assert list_blocking(pairs, np.array([-1, 1, -1])) == [(0, 0), (2, 2)]
    assert list_blocking(pairs, np.array([-1, 1, -1]), most=1) == [(0, 0)]


@given(markets(), st.data())
def test_as_by_the_definition(pairs, data) -> None:
    """Any allocation: some pairs drawn, those that are too much left out."""
    choice = [-1] * len(pairs)
    for p in range(len(pairs)):
        i = data.draw(st.sampled_from([-1, *range(pairs.start[p], pairs.start[p + 1])]))
        if is_possible(pairs, (*choice[:p], i, *choice[p + 1 :])):
            choice[p] = i
    found = np.array(choice)
    require_feasible(pairs, found)
    by_definition = blocking_by_definition(pairs, found)
    assert list_blocking(pairs, found) == by_definition
    assert count_blocking(pairs, found) == len(by_definition)


def test_all_are_counted_although_not_all_are_listed() -> None:
    pairs = market([[(5, {i: 1})] for i in range(1_200)], [1] * 1_200)
    nobody = np.full(1_200, -1)
    assert len(list_blocking(pairs, nobody)) == 1_000
    assert count_blocking(pairs, nobody) == 1_200


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ([0, 1], "resource 0 gives 2 of 1"),
        ([1, -1], "project 0 is given a pair of another"),
        ([-2, -1], "project 0 is given a pair of another"),
        ([0], "2 projects"),
    ],
)
def test_what_cannot_be(choice, message) -> None:
    pairs = market([[(9, {0: 1})], [(8, {0: 1})]], [1])
    with pytest.raises(ValueError, match=message):
        require_feasible(pairs, np.array(choice))
