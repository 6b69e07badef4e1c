"""Parts of a bench that run in a process of their own: their memory, and what they print, apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

from geomap.bench.measure import Result
from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label

PATIENCE_S = 1800.0


class ChildFailedError(RuntimeError):
    """A child ended without an answer; the text is the last line that it wrote."""


def run_child(
    module: str, *arguments: str, text: str = "", env: Mapping[str, str] | None = None
) -> Result:
    """Run ``python -m module`` with `text` on its input and return what it answers.

    Raises
    ------
    InputError
        The child refused its input: the same reason and fix.
    ChildFailedError
        It gave no answer.
    """
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **(env or {})},
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildFailedError(f"no answer within {PATIENCE_S:.0f} s") from error
    if done.returncode != 0:
        raise ChildFailedError((done.stderr.strip().splitlines() or ["no word"])[-1])
    figures: Result = json.loads(done.stdout)
    refused = figures.get("refused")
    if refused:
        raise InputError(
            Label(*refused["reason"]),
            fix=Label(*refused["fix"]) if refused["fix"] else None,
            field=refused["field"],
        )
    return figures


def answer(work: Callable[[], Result]) -> None:
    """In a child: print what `work` returns, or why it refuses.

    Compiled libraries write to the standard output as they please; until the answer is
    there, all of it goes to the error output.
    """
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        try:
            result = work()
        except GeomapError as error:
            fix = list(error.fix) if error.fix else None
            result = {"refused": {"reason": list(error.reason), "fix": fix, "field": error.field}}
        out.write(json.dumps(result))
