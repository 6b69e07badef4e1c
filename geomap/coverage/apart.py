"""The solver in a process of its own, which can be ended at any moment.

Inside one relaxation or heuristic the solver calls nobody back for seconds, and a thread
cannot be ended. A process can: whoever goes away does not leave it at work.
"""

from __future__ import annotations

import io
import math
import sys
from typing import Any

import numpy as np

from geomap.apart import run_apart, say, take_stdout
from geomap.coverage.program import Program, Share, Solved, solve_program

_ARRAYS = ("at", "column", "y_at", "pay")


def solve_apart(
    model: Program, start: tuple[int, ...], *, time_limit_s: float, tell: Share
) -> Solved:
    """Return what `solve_program` returns, from another process.

    Parameters
    ----------
    model, start, time_limit_s
        As `solve_program` takes them.
    tell
        Given the share of the time that is spent, ten times a second; what it raises ends
        the process at once.

    Raises
    ------
    RuntimeError
        The process ended without an answer.
    """
    last: dict[str, Any] = {}
    told = 0.0

    def hear(line: dict[str, Any]) -> None:
        nonlocal last, told
        last = line or last
        told = max(told, last.get("share", told))
        tell(told)

    ended = run_apart("geomap.coverage.apart", _pack(model, start, time_limit_s), hear)
    if "columns" not in last:
        raise RuntimeError(f"the solver's process ended with {ended}")
    bound = math.inf if last["bound"] is None else float(last["bound"])
    return Solved(tuple(last["columns"]), bound, float(last["spent_s"]))


def _pack(model: Program, start: tuple[int, ...], time_limit_s: float) -> bytes:
    arrays = {name: getattr(model, name) for name in _ARRAYS}
    numbers = np.array([model.columns, model.k, time_limit_s])
    content = io.BytesIO()
    np.savez(content, numbers=numbers, start=np.array(start, dtype=np.int64), **arrays)
    return content.getvalue()


def _unpack(content: bytes) -> tuple[Program, tuple[int, ...], float]:
    with np.load(io.BytesIO(content)) as found:
        columns, k, time_limit_s = found["numbers"].tolist()
        model = Program(int(columns), int(k), *(found[name] for name in _ARRAYS))
        return model, tuple(found["start"].tolist()), time_limit_s


def main() -> None:
    """Solve the program on stdin; write shares of the time, and at last the answer."""
    model, start, time_limit_s = _unpack(sys.stdin.buffer.read())
    out = take_stdout()
    found = solve_program(
        model, start, time_limit_s=time_limit_s, tell=lambda share: say(out, share=share)
    )
    bound = found.bound if math.isfinite(found.bound) else None
    say(out, columns=found.columns, bound=bound, spent_s=found.spent_s)


if __name__ == "__main__":
    main()
