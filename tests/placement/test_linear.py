"""The relaxation: the textbook's linear program, and slacks that mean what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from scipy.optimize import linprog
from scipy.sparse import csr_array

from geomap.bench.place_data import Market, generate_pairs
from geomap.domain.errors import Cancelled
from geomap.placement.linear import projects_of, relax
from tests.placement.small_pairs import market, markets, try_everything


def best_in_parts(pairs) -> float:
    n, m = len(pairs), len(pairs.value)
    pair = np.repeat(np.arange(m), np.diff(pairs.use_start))
    entries = np.concatenate([np.ones(m), pairs.use])
    rows = np.concatenate([projects_of(pairs), n + pairs.resource])
    shape = (n + len(pairs.capacity), m)
    matrix = csr_array((entries, (rows, np.concatenate([np.arange(m), pair]))), shape=shape)
    upper = np.concatenate([np.ones(n), pairs.capacity])
    return -linprog(-pairs.value, A_ub=matrix, b_ub=upper, bounds=(0, None)).fun


def solve(pairs, **options):
    options = {"time_limit_s": 10.0, "tell": lambda share: None, **options}
    first = pairs.start[:-1][np.diff(pairs.start) > 0]
    return relax(pairs, pairs.value.astype(np.float64), first, **options)


@settings(deadline=None)
@given(markets())
def test_as_the_textbook(pairs) -> None:
    assume(len(pairs.value) > 0)
    found = solve(pairs)
    assert found.bound == pytest.approx(best_in_parts(pairs))
    assert (found.price >= 0.0).all()
    assert (found.slack >= -1e-6).all()


@settings(deadline=None)
@given(markets(most=4))
def test_an_allocation_with_a_pair_falls_short_by_its_slack(pairs) -> None:
    """Where one pair is worth far more, the best allocation has it."""
    assume(len(pairs.value) > 0)
    found = solve(pairs)
    for i in range(len(pairs.value)):
        value = pairs.value.copy()
        value[i] += 1000
        best, _ = try_everything(replace(pairs, value=value))
        assert best - 1000 <= found.bound - found.slack[i] + 1e-6


def test_many_pairs_in_a_few_rounds() -> None:
    pairs = generate_pairs(Market(80, 300, alike=0.9, kinds=2), most=300)
    found = solve(pairs)
    assert found.bound == pytest.approx(best_in_parts(pairs))
    assert found.share.tolist() == sorted(found.share.tolist(), reverse=True)
    assert found.share.min() > 0.0
    assert found.share.max() <= 1.0


def test_two_that_want_one_room_pay_what_the_second_would() -> None:
    pairs = market([[(10, {0: 1})], [(7, {0: 1})]], [1])
    found = solve(pairs)
    assert (found.bound, found.taken.tolist()) == (10.0, [0])
    assert 7.0 <= found.price[0] <= 10.0


def test_it_can_be_cancelled() -> None:
    def cancel(share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        solve(market([[(10, {0: 1})]], [1]), tell=cancel)


def test_no_time_gives_the_bound_at_no_price() -> None:
    found = solve(market([[(10, {0: 1})], [(7, {0: 1})]], [1]), time_limit_s=0.0)
    assert (found.bound, found.taken.tolist(), found.price.tolist()) == (17.0, [], [0.0])
