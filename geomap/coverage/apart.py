"""The solver in a process of its own, which can be ended at any moment.

Inside one relaxation or heuristic the solver calls nobody back for seconds, and a thread
cannot be ended. A process can: whoever goes away does not leave it at work.
"""

from __future__ import annotations

import io
import json
import math
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from geomap.coverage.program import Program, Share, Solved, solve_program

_EVERY_S = 0.1
_ARRAYS = ("at", "column", "y_at", "pay")
_CHUNK = 65_536


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
    command = [sys.executable, "-m", "geomap.coverage.apart"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:  # noqa: S603 - our own
        try:
            share: float = 0.0
            last: dict[str, Any] = {}
            _send(process, _pack(model, start, time_limit_s))
            for line in _lines(process.stdout):
                last = line or last
                share = max(share, last.get("share", share))
                tell(share)
        finally:
            process.kill()
    if "columns" not in last:
        raise RuntimeError(f"the solver's process ended with {process.returncode}")
    bound = math.inf if last["bound"] is None else float(last["bound"])
    return Solved(tuple(last["columns"]), bound, float(last["spent_s"]))


def _send(process: subprocess.Popen[bytes], content: bytes) -> None:
    if process.stdin is not None:
        process.stdin.write(content)
        process.stdin.close()


def _lines(stream: IO[bytes] | None) -> Iterator[dict[str, Any]]:
    """Give the lines of a stream as they come, and an empty one where none has come."""
    if stream is None:
        return
    rest = b""
    while True:
        ready, _, _ = select.select([stream], [], [], _EVERY_S)
        if not ready:
            yield {}
            continue
        chunk = os.read(stream.fileno(), _CHUNK)
        if not chunk:
            return
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield json.loads(line)


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


def _say(**values: object) -> None:
    """Write a line; the solver ends where nobody reads it any more."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Solve the program on stdin; write shares of the time, and at last the answer."""
    model, start, time_limit_s = _unpack(sys.stdin.buffer.read())
    found = solve_program(
        model, start, time_limit_s=time_limit_s, tell=lambda share: _say(share=share)
    )
    bound = found.bound if math.isfinite(found.bound) else None
    _say(columns=found.columns, bound=bound, spent_s=found.spent_s)


if __name__ == "__main__":
    main()
