"""The program that the solver is given: brute force, silence, and what it raises."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from geomap.coverage.exact import build_program
from geomap.coverage.program import solve_program
from tests.coverage.systems import System, cover_from, large_system, systems


def solve(system: System, **more):
    cover = cover_from(system.serves, len(system.worth))
    given = {"time_limit_s": 30.0, "tell": lambda share: None} | more
    found = solve_program(build_program(cover, system.worth, system.k), (), **given)
    return found, system.value(int(cover.candidate[j]) for j in found.columns)


@given(systems())
@settings(max_examples=60)
def test_it_equals_brute_force(system: System) -> None:
    found, value = solve(system)
    assert value == system.best() == found.bound
    assert len(found.columns) <= system.k


def test_it_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    worth = np.ones((6, 1), dtype=np.int64)
    found, value = solve(System(({0, 1, 2}, {3, 4, 5}, {1, 2, 3, 4}), worth, 2))
    assert (found.columns, value) == ((0, 1), 6)
    assert capfd.readouterr() == ("", "")


def test_what_the_watcher_raises_stops_it_and_is_raised() -> None:
    told = []

    def tell(share: float) -> None:
        told.append(share)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(large_system(300, 400, each=12, k=20), tell=tell)
    assert len(told) == 1 and 0.0 <= told[0] <= 1.0


def test_when_the_time_is_up_it_keeps_its_start() -> None:
    system = large_system(300, 400, each=12, k=20)
    cover = cover_from(system.serves, 400)
    start = tuple(range(20))
    model = build_program(cover, system.worth, 20)
    found = solve_program(model, start, time_limit_s=0.001, tell=lambda share: None)
    value = system.value(int(cover.candidate[j]) for j in found.columns)
    assert system.value(int(cover.candidate[j]) for j in start) <= value < found.bound
