"""The relaxation bounds every choice, and leaves out no column that a better one has."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given

from geomap.coverage.greedy import Choice, choose_greedily
from geomap.coverage.lagrange import relax
from geomap.domain.errors import Cancelled
from tests.coverage.systems import System, cover_from, large_system, systems

UNBOUND = 10**9


@given(systems())
def test_no_choice_is_above_the_bound(system: System) -> None:
    cover = cover_from(system.serves, len(system.worth))
    start = choose_greedily(cover, system.worth, system.k)
    found = relax(cover, system.worth, system.k, Choice(start.columns, start.gains, UNBOUND))
    assert found.bound >= system.best()
    chosen = [int(cover.candidate[j]) for j in found.choice.columns]
    assert start.value <= found.choice.value == system.value(chosen) <= found.bound
    assert found.choice.bound == found.bound


@given(systems())
def test_every_better_choice_has_useful_columns_only(system: System) -> None:
    cover = cover_from(system.serves, len(system.worth))
    start = choose_greedily(cover, system.worth, system.k)
    found = relax(cover, system.worth, system.k, start, rounds=20)
    useful = {int(cover.candidate[j]) for j in found.useful(start)}
    assert {int(cover.candidate[j]) for j in start.columns} <= useful
    for chosen in combinations(cover.candidate.tolist(), min(system.k, len(cover))):
        assert system.value(chosen) <= start.value or set(chosen) <= useful


def test_the_core_holds_the_likely_columns_and_the_best_known() -> None:
    system = large_system(60, 400)
    cover = cover_from(system.serves, 400)
    start = choose_greedily(cover, system.worth, 8)
    found = relax(cover, system.worth, 8, start)
    core = found.core(start, 12)
    assert set(start.columns) <= set(core.tolist())
    assert 12 <= len(core) <= 12 + 8
    assert core.tolist() == sorted(set(core.tolist()))


def test_it_is_tighter_than_what_greedy_knows() -> None:
    system = large_system(60, 400)
    cover = cover_from(system.serves, 400)
    start = choose_greedily(cover, system.worth, 8)
    found = relax(cover, system.worth, 8, start)
    assert found.choice.value <= found.bound < start.bound


def test_it_can_be_cancelled() -> None:
    system = large_system(60, 400)
    cover = cover_from(system.serves, 400)
    seen = []

    def cancel(done: int, total: int) -> None:
        seen.append(done)
        if done == 2:
            raise Cancelled

    start = choose_greedily(cover, system.worth, 8)
    with pytest.raises(Cancelled):
        relax(cover, system.worth, 8, start, progress=cancel)
    assert seen == [0, 1, 2]


def test_without_columns_nothing_is_closed() -> None:
    worth = np.ones((3, 1), dtype=np.int64)
    found = relax(cover_from([], 3), worth, 2, Choice((), (), UNBOUND))
    assert (found.bound, found.choice.columns) == (0, ())
