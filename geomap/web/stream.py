"""Long work: answered as plain JSON, or as a stream of progress that ends with the answer.

A client that accepts `application/x-ndjson` is given one JSON object a line:
``{"progress": 0…1, "stage": "…"}`` while the work goes on, then ``{"result": …}`` or
``{"problem": …}``. When the client goes away, the next report of progress raises
`Cancelled` inside the work, which ends it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from flask import Request, Response

from geomap.domain.errors import BusyError, Cancelled
from geomap.domain.words import Label
from geomap.web.language import language_of, text_of
from geomap.web.problems import body_of_error
from geomap.web.respond import json_answer

NDJSON = "application/x-ndjson"
LONG = "120 per minute"
"""How often one client may ask for long work."""
AT_ONCE = 2
"""Long works that a process does side by side; the other threads answer everything else."""
_EVERY_S = 0.2
_HEARTBEAT_S = 1.0
"""A line is written at least this often: writing is how a client that left is noticed."""
_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
_places = threading.BoundedSemaphore(AT_ONCE)

Progress = Callable[[int, int], None]
Tell = Callable[[float, Label], None]


class Steps:
    """The stages of one work, each a share of the whole.

    Parameters
    ----------
    tell
        Given the share done, 0 to 1, and the name of the stage; may raise `Cancelled`.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def stage(self, name: Label, first: float, last: float) -> Progress:
        """Name a stage that takes the work from one share to another.

        Returns
        -------
        callable
            Called with (done, in all); raises `Cancelled` once the answer is not wanted.
        """

        def progress(done: int, total: int) -> None:
            part = min(max(done / total, 0.0), 1.0) if total > 0 else 1.0
            self._tell(first + (last - first) * part, name)

        return progress


Work = Callable[[Steps], dict[str, Any]]


def _take_place(wait_s: float) -> None:
    if not _places.acquire(timeout=wait_s):
        raise BusyError(
            Label("正在进行的计算太多", "Too many long calculations are going on"),
            fix=Label("等前面的算完，稍后再试", "Try again when one of them is done"),
        )


@contextmanager
def in_place(wait_s: float = 0.0) -> Iterator[Steps]:
    """Take one of the `AT_ONCE` places for work whose answer is no JSON; nobody watches it.

    Raises
    ------
    BusyError
        `AT_ONCE` works go on already.
    """
    _take_place(wait_s)
    try:
        yield Steps(_ignore)
    finally:
        _places.release()


def answer_or_stream(work: Work, asked: Request, *, wait_s: float = 0.0) -> Response:
    """Do long work and answer with what it returns.

    Parameters
    ----------
    work
        Called once with its steps. In a stream it runs in a thread of its own, outside of
        the request: take from that what it needs before.
    asked
        The request; its Accept header decides between JSON and a stream.
    wait_s
        How long to wait for a place among the `AT_ONCE`: work that is mostly short waits.

    Raises
    ------
    BusyError
        `AT_ONCE` works go on already.
    """
    _take_place(wait_s)
    if not wants_stream(asked):
        try:
            return json_answer(work(Steps(_ignore)), cache="no-store")
        finally:
            _places.release()
    try:
        lines = Lines(work, language=language_of(asked), path=asked.path, done=_places.release)
    except RuntimeError:  # no thread could be started
        _places.release()
        raise
    answer = Response(lines, mimetype=NDJSON)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Vary"] = "Accept, Accept-Language, Cookie"
    answer.headers["X-Accel-Buffering"] = "no"  # else a proxy keeps the lines back
    return answer


def wants_stream(asked: Request) -> bool:
    """Return whether the client names the media type of the stream."""
    return any(kind == NDJSON and quality > 0 for kind, quality in asked.accept_mimetypes)


def _ignore(share: float, stage: Label) -> None:
    """Nobody watches."""


class Lines:
    """The lines of one work, which runs from the start in a thread of its own.

    Closing it, before its end or before its first line, cancels the work.

    Parameters
    ----------
    work
        What to do.
    language, path
        Of the request, for stages and problems.
    done
        Called once when the work has ended.
    """

    def __init__(self, work: Work, *, language: str, path: str, done: Callable[[], None]) -> None:
        self._work, self._language, self._path, self._done = work, language, path, done
        self._news = threading.Condition()
        self._closed = self._over = False
        self._share, self._stage, self._told = 0.0, "", True
        self._last_line_at = 0.0
        self._end: bytes | None = None
        self._thread = threading.Thread(target=self._run, name="long-work", daemon=True)
        self._thread.start()

    def __iter__(self) -> Lines:
        """Return itself."""
        return self

    def __next__(self) -> bytes:
        """Wait for the next line: at most 5 of progress a second, at least one."""
        if self._over:
            raise StopIteration
        with self._news:
            now = time.monotonic()
            self._news.wait_for(
                lambda: self._end is not None, max(0.0, self._last_line_at + _EVERY_S - now)
            )
            self._news.wait_for(lambda: self._end is not None or not self._told, _HEARTBEAT_S)
            self._last_line_at = time.monotonic()
            if self._end is not None:
                self._over = True
                return self._end
            self._told = True
            return _line({"progress": round(self._share, 4), "stage": self._stage})

    def close(self) -> None:
        """Cancel what still goes on: nobody reads any more."""
        with self._news:
            self._closed = self._over = True

    def join(self, timeout: float) -> bool:
        """Wait until the work has ended; returns whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        end = b""
        try:
            end = _line({"result": self._work(Steps(self._tell))})
        except Cancelled:
            pass
        except Exception as error:
            body = body_of_error(error, language=self._language, path=self._path)
            end = _line({"problem": body})
        finally:
            self._done()
            with self._news:
                self._end = end
                self._news.notify_all()

    def _tell(self, share: float, stage: Label) -> None:
        """Take a report of progress from the work's thread."""
        with self._news:
            if self._closed:
                raise Cancelled
            self._share, self._stage = max(share, self._share), text_of(stage, self._language)
            self._told = False
            self._news.notify_all()


def _line(value: dict[str, Any]) -> bytes:
    return orjson.dumps(value, option=_OPTIONS) + b"\n"
