"""Work in a process of its own, which can be ended at any moment.

A solver calls nobody back for seconds, and a thread cannot be ended. A process can: whoever
goes away does not leave it at work. Loads nothing of the project.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any

_EVERY_S = 0.1
_CHUNK = 65_536


def run_apart(module: str, content: bytes, tell: Callable[[dict[str, Any]], None]) -> int:
    """Run ``python -m module`` on `content` as its input and hear what it says.

    Parameters
    ----------
    module
        It reads all of its input, and answers by `take_stdout` and `say`.
    content
        Bytes for its standard input.
    tell
        Given each line as it comes, and an empty dict where none has come for a tenth of a
        second; what it raises ends the process at once.

    Returns
    -------
    int
        The process's exit code.
    """
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:  # noqa: S603 - our own
        try:
            _send(process, content)
            for line in _lines(process.stdout):
                tell(line)
            return process.wait()
        finally:
            process.kill()


def take_stdout() -> IO[str]:
    """In the process: return the way to the caller.

    Compiled libraries write to the standard output as they please; from now on all of that
    goes to the error output.
    """
    sys.stdout.flush()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def say(out: IO[str], **values: object) -> None:
    """Write a line; the process ends, without a word, where nobody reads it any more."""
    try:
        out.write(json.dumps(values) + "\n")
        out.flush()
    except BrokenPipeError:  # the caller was ended: that is no fault, and nobody to tell of it
        raise SystemExit(1) from None


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
