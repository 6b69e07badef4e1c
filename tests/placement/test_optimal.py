"""The allocation of most value: as good as trying everything, and what is said of it is true."""

from __future__ import annotations

import functools
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_array

from geomap.bench.place_data import Market, generate_pairs
from geomap.domain.errors import Cancelled
from geomap.placement import optimal
from geomap.placement.blocking import require_feasible
from geomap.placement.greedy import solve_greedy
from geomap.placement.pairs import Pairs
from geomap.placement.program import solve_program
from geomap.placement.stable import solve_stable
from tests.placement.small_pairs import (
    market,
    markets,
    markets_to_keep,
    offers_of,
    try_everything,
)

CROWDED = Market(60, 60, alike=0.8, adjacent=0.7, divisible=0.9)
solve_here = functools.partial(optimal.solve_optimal, solve=solve_program)


def oracle(pairs: Pairs) -> int:
    """The best value by scipy's solver, on the program as it is written in a textbook."""
    n, m = len(pairs), len(pairs.value)
    project = np.repeat(np.arange(n), np.diff(pairs.start))
    pair = np.repeat(np.arange(m), np.diff(pairs.use_start))
    entries = np.concatenate([np.ones(m), pairs.use])
    rows = np.concatenate([project, n + pairs.resource])
    matrix = csr_array((entries, (rows, np.concatenate([np.arange(m), pair]))))
    upper = np.concatenate([np.ones(n), pairs.capacity])[: matrix.shape[0]]
    found = milp(
        -pairs.value.astype(np.float64),
        integrality=np.ones(m),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, -np.inf, upper),
        options={"mip_rel_gap": 0.0},
    )
    return round(-found.fun)


def test_the_best_pair_first_is_not_the_best_of_all() -> None:
    """10 + 0 is the stable allocation, 9 + 8 the best."""
    pairs = market([[(10, {0: 1}), (9, {1: 1})], [(8, {0: 1})]], [1, 1])
    found = optimal.solve_optimal(pairs)
    assert found.choice.tolist() == [1, 2]
    assert (found.value, found.bound, found.proven, found.gap) == (17, 17, True, 0.0)


def test_parts_that_a_relaxation_would_halve() -> None:
    """Each wants two thirds of a workshop: one gets it, though one and a half is the bound."""
    pairs = market([[(10, {0: 67})], [(9, {0: 67})], [(8, {0: 67})]], [100])
    found = optimal.solve_optimal(pairs)
    assert (found.choice.tolist(), found.bound, found.proven) == ([0, -1, -1], 10, True)


@settings(deadline=None)
@given(markets())
def test_as_good_as_trying_everything(pairs) -> None:
    found = solve_here(pairs)
    require_feasible(pairs, found.choice)
    best, _ = try_everything(pairs)
    assert (found.value, found.bound, found.proven) == (best, best, True)


@settings(deadline=None)
@given(markets_to_keep())
def test_of_the_best_it_keeps_most(drawn) -> None:
    pairs, keep = drawn
    found = solve_here(pairs, keep=keep)
    require_feasible(pairs, found.choice)
    kept = int(((found.choice == keep) & (keep >= 0)).sum())
    assert (found.value, kept) == try_everything(pairs, keep)


@settings(deadline=None)
@given(markets(most=5), st.integers(0, 5), st.integers(1, 3))
def test_more_of_a_resource_loses_nothing(pairs, resource, times) -> None:
    more = pairs.capacity.copy()
    more[resource] *= 1 + times
    assert solve_here(replace(pairs, capacity=more)).value >= solve_here(pairs).value


@settings(deadline=None)
@given(markets(most=5), markets(most=1))
def test_one_project_more_loses_nothing(pairs, other) -> None:
    capacity = np.maximum(pairs.capacity, other.capacity)
    both = market(offers_of(pairs) + offers_of(other), capacity.tolist())
    alone = replace(pairs, capacity=capacity)
    assert solve_here(both).value >= solve_here(alone).value


@settings(deadline=None)
@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_projects_does_not_matter(pairs, random) -> None:
    offers = offers_of(pairs)
    random.shuffle(offers)
    assert solve_here(market(offers, pairs.capacity.tolist())).value == solve_here(pairs).value


@settings(deadline=None)
@given(markets(), st.data())
def test_what_was_left_out_is_in_the_bound(whole, data) -> None:
    """The list is cut somewhere; the best of the whole list is never above the bound."""
    offers = offers_of(whole)
    ends = [data.draw(st.integers(0, len(row))) for row in offers]
    rest = [row[end][0] if end < len(row) else 0 for row, end in zip(offers, ends, strict=True)]
    cut = [row[:end] for row, end in zip(offers, ends, strict=True)]
    found = solve_here(market(cut, whole.capacity.tolist(), rest))
    best, _ = try_everything(whole)
    assert found.value <= best <= found.bound
    assert found.proven is (found.value == found.bound)


def test_what_was_left_out_and_cannot_matter_is_no_doubt() -> None:
    """The first gets 9; what was left out of its list is worth 5, and closes nothing."""
    pairs = market([[(9, {0: 1})], [(7, {1: 1})]], [1, 1], rest=[5, 0])
    assert optimal.solve_optimal(pairs).proven
    doubtful = market([[(9, {0: 1})], [(8, {0: 1})]], [1, 1], rest=[0, 6])
    found = optimal.solve_optimal(doubtful)
    assert (found.value, found.bound, found.proven) == (9, 15, False)


@pytest.mark.parametrize("projects", [[], [[], []]])
def test_without_pairs(projects) -> None:
    found = optimal.solve_optimal(market(projects, []))
    assert (found.choice.tolist(), found.value, found.bound) == ([-1] * len(projects), 0, 0)
    assert found.proven


def test_without_pairs_what_was_left_out_is_the_bound() -> None:
    found = optimal.solve_optimal(market([[], []], [], rest=[4, 5]))
    assert (found.value, found.bound, found.proven) == (0, 9, False)


@pytest.mark.parametrize("seed", range(3))
def test_whole_units_as_by_the_assignment_solver(seed) -> None:
    """80 projects, 70 units, one each: `scipy.optimize.linear_sum_assignment`."""
    rng = np.random.default_rng(seed)
    worth = rng.integers(1, 1000, (80, 70))
    pairs = market([[(int(v), {u: 1}) for u, v in enumerate(row)] for row in worth], [1] * 70)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    found = optimal.solve_optimal(pairs)
    assert (found.value, found.proven) == (worth[rows, columns].sum(), True)


@pytest.mark.parametrize("seed", range(4))
def test_a_crowded_market_as_by_the_textbook(seed) -> None:
    """60 projects want desks, parts, rooms and runs of 60 units."""
    pairs = generate_pairs(CROWDED._replace(seed=seed), most=60)
    found = optimal.solve_optimal(pairs)
    require_feasible(pairs, found.choice)
    assert (found.value, found.bound) == (oracle(pairs), found.value)
    assert found.value > solve_stable(pairs).value
    assert found.value > solve_greedy(pairs, np.arange(len(pairs))).value


def test_solved_again_everybody_stays() -> None:
    """Kept pairs only break ties: the value is the same, and nobody moves."""
    pairs = generate_pairs(CROWDED, most=60)
    pairs = replace(pairs, value=pairs.value // 1000)
    first = optimal.solve_optimal(pairs)
    again = optimal.solve_optimal(pairs, keep=first.choice)
    assert first.proven
    assert again.value == first.value
    assert again.choice.tolist() == first.choice.tolist()


def test_without_time_the_bound_still_holds() -> None:
    pairs = generate_pairs(CROWDED, most=60)
    found = optimal.solve_optimal(pairs, time_limit_s=1e-9)
    require_feasible(pairs, found.choice)
    assert solve_stable(pairs).value <= found.value <= oracle(pairs) <= found.bound
    assert found.proven is (found.value == found.bound)


def test_when_the_solver_of_clusters_has_no_time_the_bound_still_holds() -> None:
    def nothing(program, /, *, time_limit_s, hear) -> None:
        hear(time_limit_s)

    pairs = generate_pairs(CROWDED, most=60)
    found = optimal.solve_optimal(pairs, time_limit_s=5.0, solve=nothing)
    assert found.value <= oracle(pairs) < found.bound
    assert not found.proven


def test_progress_rises_and_ends() -> None:
    told = []
    optimal.solve_optimal(
        generate_pairs(CROWDED, most=60), progress=lambda done, total: told.append((done, total))
    )
    done = [d for d, _ in told]
    assert done == sorted(done)
    assert (told[0], told[-1]) == ((0, 1000), (1000, 1000))
    assert len(told) > 3


@pytest.mark.parametrize("after", [0, 1, 3])
def test_cancelled_work_ends(after) -> None:
    """In the relaxation, and while another process solves clusters."""
    told = []

    def cancel(done: int, total: int) -> None:
        told.append(done)
        if len(told) > after:
            raise Cancelled

    with pytest.raises(Cancelled):
        optimal.solve_optimal(generate_pairs(CROWDED, most=60), progress=cancel)
    assert len(told) == after + 1


_SOLVE = """
from geomap.bench.place_data import Market, generate_pairs
from geomap.placement.optimal import solve_optimal
pairs = generate_pairs(Market(60, 60, alike=0.8, adjacent=0.7, divisible=0.9), most=60)
print(solve_optimal(pairs).choice.tolist())
"""


def test_another_process_answers_the_same() -> None:
    answers = {
        subprocess.run(
            [sys.executable, "-c", _SOLVE], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    pairs = generate_pairs(CROWDED, most=60)
    assert answers == {f"{optimal.solve_optimal(pairs).choice.tolist()}\n"}


@pytest.mark.parametrize("most", [1, 200])
@pytest.mark.parametrize("seed", range(3))
def test_a_tiny_core_grows_to_what_the_proof_needs(seed, most, monkeypatch) -> None:
    """Begun with one pair a project: value and kept pairs are still the best of all."""
    for name, few in (("FIRST", 1), ("_CORE", 1), ("_GROWTH", 1), ("_MOST", most)):
        monkeypatch.setattr(optimal, name, few)
    pairs = generate_pairs(CROWDED._replace(alike=0.9, seed=seed), most=60)
    pairs = replace(pairs, value=np.maximum(pairs.value // 500, 1))
    keep = np.where(np.diff(pairs.start) > 0, pairs.start[1:] - 1, -1)
    count = int((keep >= 0).sum())
    weight = pairs.value * (count + 1)
    weight[keep[keep >= 0]] += 1
    found = solve_here(pairs, keep=keep)
    assert weight[found.choice[found.choice >= 0]].sum() == oracle(replace(pairs, value=weight))
    assert found.proven
