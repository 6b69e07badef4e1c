"""The solver in a process of its own: the same answer, and an end at any moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from geomap.coverage.apart import solve_apart
from geomap.coverage.exact import build_program
from geomap.coverage.program import Program, solve_program
from geomap.domain.errors import Cancelled
from tests.coverage.systems import cover_from, large_system


def program(each: int = 12, k: int = 20) -> Program:
    system = large_system(300, 400, each=each, k=k)
    return build_program(cover_from(system.serves, 400), system.worth, k)


def easy() -> Program:
    worth = np.ones((6, 1), dtype=np.int64)
    return build_program(cover_from([{0, 1, 2}, {3, 4, 5}, {1, 2, 3, 4}], 6), worth, 2)


def test_it_answers_as_in_this_process() -> None:
    options = {"time_limit_s": 20.0, "tell": lambda share: None}
    found, here = solve_apart(easy(), (2,), **options), solve_program(easy(), (2,), **options)
    assert (found.columns, found.bound) == (here.columns, here.bound) == ((0, 1), 6)


def test_a_cancelled_solver_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that says nothing and would sleep for minutes."""
    started, told = [], []

    class Sleeping(subprocess.Popen):
        def __init__(self, command: list[str], **options: object) -> None:
            super().__init__(["/bin/sleep", "600"], **options)
            started.append(self)

    def tell(share: float) -> None:
        told.append(share)
        if len(told) == 3:
            raise Cancelled

    monkeypatch.setattr(subprocess, "Popen", Sleeping)
    with pytest.raises(Cancelled):
        solve_apart(easy(), (), time_limit_s=20.0, tell=tell)
    assert told == [0.0, 0.0, 0.0]
    assert started[0].poll() is not None
    assert not Path(f"/proc/{started[0].pid}").exists()


def test_the_share_of_the_time_is_told() -> None:
    told = []
    found = solve_apart(program(), (), time_limit_s=0.5, tell=told.append)
    assert found.spent_s > 0.0
    assert told == sorted(told)
    assert 0.0 < told[-1] <= 1.0


def test_a_process_without_an_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises((RuntimeError, BrokenPipeError)):
        solve_apart(easy(), (), time_limit_s=1.0, tell=lambda share: None)
