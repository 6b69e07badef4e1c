"""The solver of clusters, here and in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from geomap.domain.errors import Cancelled
from geomap.placement import apart
from geomap.placement import program as program_module
from geomap.placement.apart import solve_apart
from geomap.placement.program import Program, solve_cluster, solve_program


def two_clusters(step: float = 1.0) -> Program:
    """Three of two thirds of a workshop; and one project that may have 5 or 6."""
    return Program(
        at=np.array([0, 3, 5]),
        weight=np.array([10.0, 9.0, 8.0, 5.0, 6.0]),
        project=np.array([0, 1, 2, 3, 3]),
        use_at=np.arange(6),
        resource=np.array([0, 0, 0, 1, 2]),
        use=np.array([67, 67, 67, 1, 1]),
        capacity=np.array([100, 1, 1]),
        start=np.array([False, False, True, True, False]),
        step=step,
    )


@pytest.mark.parametrize("solve", [solve_program, solve_apart])
def test_each_cluster_is_answered_small_ones_first(solve) -> None:
    heard = []
    solve(two_clusters(), time_limit_s=10.0, hear=heard.append)
    found = [one for one in heard if not isinstance(one, float)]
    assert [(one.cluster, one.columns, one.bound) for one in found] == [
        (1, (1,), 6.0),
        (0, (0,), 10.0),
    ]


@pytest.mark.parametrize(("small", "where"), [(3, "here"), (2, "apart")])
def test_small_clusters_are_solved_here(monkeypatch, small, where) -> None:
    asked = []
    monkeypatch.setattr(apart, "SMALL", small)
    monkeypatch.setattr(apart, "solve_program", lambda *_, **__: asked.append("here"))
    monkeypatch.setattr(apart, "solve_apart", lambda *_, **__: asked.append("apart"))
    apart.solve_quickly(two_clusters(), time_limit_s=1.0, hear=lambda found: None)
    assert asked == [where]


def test_what_is_raised_here_comes_out() -> None:
    def cancel(found: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        solve_program(two_clusters(), time_limit_s=1.0, hear=cancel)


def test_without_time_nothing_is_answered() -> None:
    heard = []
    solve_program(two_clusters(), time_limit_s=0.0, hear=heard.append)
    assert heard == []


def test_what_the_solver_rounds_wrongly_is_not_believed(monkeypatch) -> None:
    """A known allocation stays where the solver's own does not hold in whole numbers."""
    monkeypatch.setattr(program_module, "_is_possible", lambda *_: False)
    found = solve_cluster(two_clusters(), 0, time_limit_s=10.0, tell=lambda spent_s: None)
    assert found.columns == (2,)


def test_more_than_there_is_is_not_possible() -> None:
    program = two_clusters()
    assert program_module._is_possible(program, 0, np.array([1]))
    assert not program_module._is_possible(program, 0, np.array([0, 1]))
    assert not program_module._is_possible(program, 1, np.array([0, 1]))


def test_a_cancelled_solver_is_ended(monkeypatch) -> None:
    """A process that says nothing and would sleep for minutes."""
    started, told = [], []

    class Sleeping(subprocess.Popen):
        def __init__(self, command: list[str], **options: object) -> None:
            super().__init__(["/bin/sleep", "600"], **options)
            started.append(self)

    def hear(found: object) -> None:
        told.append(found)
        if len(told) == 3:
            raise Cancelled

    monkeypatch.setattr(subprocess, "Popen", Sleeping)
    with pytest.raises(Cancelled):
        solve_apart(two_clusters(), time_limit_s=20.0, hear=hear)
    assert told == [0.0, 0.0, 0.0]
    assert started[0].poll() is not None
    assert not Path(f"/proc/{started[0].pid}").exists()


def test_a_process_without_an_answer_is_an_error(monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises((RuntimeError, BrokenPipeError)):
        solve_apart(two_clusters(), time_limit_s=1.0, hear=lambda found: None)
