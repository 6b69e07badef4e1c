"""Rules for parts: they hold for every allocation, and cut off what a relaxation halves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.placement.cuts import Cut, Parts, find_cuts
from tests.placement.small_pairs import is_possible, market, markets, uses_of


@given(st.integers(2, 60), st.data())
def test_no_parts_that_fit_break_a_rule(capacity, data) -> None:
    """Any parts that fit a unit: their values fit the value of the whole."""
    cut = Cut(0, data.draw(st.integers(1, capacity)), data.draw(st.booleans()))
    if not cut.rounded and 2 * cut.size > capacity:
        return
    left, parts = capacity, []
    while left and len(parts) < 8:
        parts.append(data.draw(st.integers(1, left)))
        left -= parts[-1]
    whole = cut.values(np.array([capacity]), capacity)[0]
    assert cut.values(np.array(parts), capacity).sum() <= whole
    assert (cut.values(np.array(parts), capacity) >= 0).all()


def test_three_parts_of_two_thirds() -> None:
    """A relaxation gives half of each; the rule says one, that is 2 of the 3 halves too much."""
    pairs = market([[(10, {0: 67})], [(9, {0: 67})], [(8, {0: 67})]], [100])
    cuts = find_cuts(pairs, np.arange(3), np.full(3, 0.5), frozenset())
    tight = Parts(pairs).with_cuts(cuts)
    assert len(tight.capacity) == 1 + len(cuts) > 1
    use = [uses_of(tight, i)[1] for i in range(3)]
    assert sum(use) * 0.5 > tight.capacity[1]
    assert max(use) <= tight.capacity[1]
    assert not set(find_cuts(pairs, np.arange(3), np.full(3, 0.5), frozenset(cuts))) & set(cuts)


def test_what_is_whole_needs_no_rule() -> None:
    pairs = market([[(10, {0: 1})], [(9, {0: 1})], [(8, {1: 30})], [(8, {1: 70})]], [1, 100])
    assert find_cuts(pairs, np.arange(4), np.array([0.5, 0.5, 1.0, 1.0]), frozenset()) == []
    assert Parts(pairs).with_cuts([]) is pairs


@given(markets(), st.data())
def test_rules_forbid_nothing_that_is_possible(pairs, data) -> None:
    sizes = st.tuples(st.sampled_from([4, 5]), st.integers(1, 1500), st.booleans())
    cuts = [
        Cut(r, min(size, int(pairs.capacity[r]) // 2), rounded)
        for r, size, rounded in data.draw(st.lists(sizes, max_size=4, unique=True))
    ]
    tight = Parts(pairs).with_cuts(cuts)
    choice = tuple(
        data.draw(st.sampled_from([-1, *range(pairs.start[p], pairs.start[p + 1])]))
        for p in range(len(pairs))
    )
    assert is_possible(tight, choice) is is_possible(pairs, choice)
    for i in range(len(pairs.value)):
        mine = {r: use for r, use in uses_of(tight, i).items() if r < len(pairs.capacity)}
        assert mine == uses_of(pairs, i)


@pytest.mark.parametrize(
    ("cut", "parts", "values"),
    [
        (Cut(0, 34, True), [33, 34, 50, 66, 67, 100], [0, 2, 2, 2, 4, 4]),
        (Cut(0, 30, False), [29, 30, 70, 71, 100], [0, 30, 70, 100, 100]),
    ],
)
def test_values_of_parts_of_a_hundred(cut, parts, values) -> None:
    """Each full 34 counts 2; of more than half, each full 34 that is left over counts 2 less."""
    assert cut.values(np.array(parts), 100).tolist() == values
