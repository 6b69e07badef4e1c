"""Programs of an allocation, large ones in a process that can be ended at any moment."""

from __future__ import annotations

import io
import math
import sys
from typing import Any

import numpy as np

from geomap.apart import run_apart, say, take_stdout
from geomap.placement.program import Hear, Program, Solved, solve_program

SMALL = 600
"""Columns of a cluster in which the solver is never long without a word; to start a process
takes longer than to solve it."""
_ARRAYS = ("at", "weight", "project", "use_at", "resource", "use", "capacity", "start")


def solve_apart(program: Program, *, time_limit_s: float, hear: Hear) -> None:
    """Do what `solve_program` does, in another process.

    Parameters
    ----------
    program, time_limit_s
        As `solve_program` takes them.
    hear
        Given each cluster's answer, and ten times a second the seconds spent on one; what it
        raises ends the process at once.

    Raises
    ------
    RuntimeError
        The process ended before its work.
    """
    at_s = 0.0

    def listen(line: dict[str, Any]) -> None:
        nonlocal at_s
        at_s = line.get("spent_s", at_s)
        hear(_solved(line) if "cluster" in line else at_s)

    ended = run_apart("geomap.placement.apart", _pack(program, time_limit_s), listen)
    if ended:
        raise RuntimeError(f"the solver's process ended with {ended}")


def solve_quickly(program: Program, *, time_limit_s: float, hear: Hear) -> None:
    """Solve small clusters here, where that takes no time, and others as `solve_apart` does."""
    large = int(np.diff(program.at).max(initial=0)) > SMALL
    solve = solve_apart if large else solve_program
    solve(program, time_limit_s=time_limit_s, hear=hear)


def _solved(line: dict[str, Any]) -> Solved:
    bound = math.inf if line["bound"] is None else float(line["bound"])
    return Solved(line["cluster"], tuple(line["columns"]), bound, float(line["spent_s"]))


def _pack(program: Program, time_limit_s: float) -> bytes:
    arrays = {name: getattr(program, name) for name in _ARRAYS}
    content = io.BytesIO()
    np.savez(content, numbers=np.array([program.step, time_limit_s]), **arrays)
    return content.getvalue()


def _unpack(content: bytes) -> tuple[Program, float]:
    with np.load(io.BytesIO(content)) as found:
        step, time_limit_s = found["numbers"].tolist()
        arrays = {name: found[name] for name in _ARRAYS}
        return Program(**arrays, step=step), time_limit_s


def main() -> None:
    """Solve the program on stdin; write each cluster's answer, and the time while at work."""
    program, time_limit_s = _unpack(sys.stdin.buffer.read())
    out = take_stdout()

    def hear(found: Solved | float) -> None:
        if isinstance(found, float):
            say(out, spent_s=found)
            return
        bound = found.bound if math.isfinite(found.bound) else None
        columns = list(found.columns)
        say(out, cluster=found.cluster, columns=columns, bound=bound, spent_s=found.spent_s)

    solve_program(program, time_limit_s=time_limit_s, hear=hear)


if __name__ == "__main__":
    main()
