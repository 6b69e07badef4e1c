"""Long work: plain JSON or lines of progress, ended when nobody reads any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from geomap.domain.errors import Cancelled, InputError
from geomap.domain.words import Label
from geomap.web import stream
from geomap.web.problems import register_problems
from geomap.web.stream import NDJSON, Lines, Steps, answer_or_stream

COUNTING = Label("数", "Counting")
WAIT_S = 20.0
AS_LINES = {"Accept": NDJSON}


class Counter:
    """Work that reports for ever until it is cancelled, or is told to end."""

    def __init__(self) -> None:
        self.begun, self.cancelled, self.end = (threading.Event() for _ in range(3))

    def __call__(self, steps: Steps) -> dict[str, Any]:
        progress = steps.stage(COUNTING, 0.0, 1.0)
        try:
            while not self.end.wait(0.005):
                progress(1, 4)
                self.begun.set()
        except Cancelled:
            self.cancelled.set()
            raise
        return {"counted": 4}


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> threading.BoundedSemaphore:
    fresh = threading.BoundedSemaphore(stream.AT_ONCE)
    monkeypatch.setattr(stream, "_places", fresh)
    return fresh


Serve = Callable[[Callable[[Steps], dict[str, Any]]], FlaskClient]


@pytest.fixture
def serve(places: threading.BoundedSemaphore) -> Serve:
    def client_of(work: Callable[[Steps], dict[str, Any]]) -> FlaskClient:
        app = Flask("test")
        register_problems(app)

        @app.post("/api/long")
        def long() -> Response:
            return answer_or_stream(work, request)

        return app.test_client()

    return client_of


@pytest.fixture
def counter() -> Iterator[Counter]:
    found = Counter()
    yield found
    found.end.set()


def free(places: threading.BoundedSemaphore) -> int:
    """Return how many works could begin now."""
    count = 0
    while places.acquire(blocking=False):
        count += 1
    for _ in range(count):
        places.release()
    return count


def wait_until_free(places: threading.BoundedSemaphore) -> None:
    """Wait for all works to have ended."""
    for _ in range(stream.AT_ONCE):
        assert places.acquire(timeout=WAIT_S)
    for _ in range(stream.AT_ONCE):
        places.release()


def lines_of(answer: Any) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in answer.get_data().splitlines()]


def three(steps: Steps) -> dict[str, Any]:
    for done in range(4):
        steps.stage(COUNTING, 0.0, 1.0)(done, 3)
    return {"counted": 3}


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", f"{NDJSON};q=0, */*"])
def test_without_the_media_type_it_is_plain_json(
    serve: Serve, places: threading.BoundedSemaphore, accept: str
) -> None:
    answer = serve(three).post("/api/long", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_json() == {"counted": 3}
    assert answer.headers["Cache-Control"] == "no-store"
    assert free(places) == stream.AT_ONCE


def test_a_stream_ends_with_the_result(serve: Serve, places: threading.BoundedSemaphore) -> None:
    answer = serve(three).post("/api/long?lang=en", headers=AS_LINES)
    assert (answer.status_code, answer.mimetype) == (200, NDJSON)
    *progress, last = lines_of(answer)
    assert last == {"result": {"counted": 3}}
    assert all(set(line) == {"progress", "stage"} for line in progress)
    wait_until_free(places)


def test_lines_of_progress_name_the_stage(serve: Serve, counter: Counter) -> None:
    answer = serve(counter).post("/api/long?lang=en", headers=AS_LINES, buffered=False)
    lines = iter(answer.response)
    first = [orjson.loads(next(lines)) for _ in range(3)]
    assert first[-1] == {"progress": 0.25, "stage": "Counting"}
    counter.end.set()
    assert orjson.loads(list(lines)[-1]) == {"result": {"counted": 4}}
    answer.close()
    assert not counter.cancelled.is_set()


def test_a_client_that_leaves_ends_the_work(
    serve: Serve, counter: Counter, places: threading.BoundedSemaphore
) -> None:
    answer = serve(counter).post("/api/long", headers=AS_LINES, buffered=False)
    assert counter.begun.wait(WAIT_S)
    assert free(places) == stream.AT_ONCE - 1
    answer.close()
    assert counter.cancelled.wait(WAIT_S)
    wait_until_free(places)


def test_a_stream_that_was_never_read_ends_too(counter: Counter) -> None:
    ended = threading.Event()
    lines = Lines(counter, language="zh", path="/", done=ended.set)
    assert counter.begun.wait(WAIT_S)
    lines.close()
    assert lines.join(WAIT_S)
    assert counter.cancelled.is_set() and ended.is_set()
    assert list(lines) == []


def test_progress_never_goes_back(counter: Counter) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def work(steps: Steps) -> dict[str, Any]:
        steps.stage(COUNTING, 0.5, 1.0)(1, 2)
        steps.stage(Label("又", "Again"), 0.0, 0.5)(9, 2)
        reached.set()
        go_on.wait(WAIT_S)
        return {}

    lines = Lines(work, language="zh", path="/", done=lambda: None)
    assert reached.wait(WAIT_S)
    assert orjson.loads(next(lines)) == {"progress": 0.75, "stage": "又"}
    go_on.set()
    assert b"".join(lines).endswith(b'{"result":{}}\n')


def test_without_news_the_last_line_is_said_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_HEARTBEAT_S", 0.01)
    go_on = threading.Event()

    def work(steps: Steps) -> dict[str, Any]:
        steps.stage(COUNTING, 0.0, 1.0)(1, 2)
        go_on.wait(WAIT_S)
        return {}

    lines = Lines(work, language="zh", path="/", done=lambda: None)
    said = [orjson.loads(next(lines)) for _ in range(3)]
    go_on.set()
    assert said[1] == said[2] == {"progress": 0.5, "stage": "数"}
    assert list(lines)


def refuse(steps: Steps) -> dict[str, Any]:
    raise InputError(Label("不行", "No"), fix=Label("改", "Mend"), field="k")


def test_a_refusal_is_the_last_line_of_a_stream(
    serve: Serve, places: threading.BoundedSemaphore
) -> None:
    answer = serve(refuse).post("/api/long?lang=en", headers=AS_LINES)
    problem = lines_of(answer)[-1]["problem"]
    assert (problem["status"], problem["detail"], problem["fix"]) == (422, "No", "Mend")
    assert (problem["field"], problem["instance"]) == ("k", "/api/long")
    wait_until_free(places)
    plain = serve(refuse).post("/api/long?lang=en")
    assert (plain.status_code, plain.get_json()) == (422, problem)
    assert free(places) == stream.AT_ONCE


def test_an_unknown_error_is_logged_and_numbered(
    serve: Serve, places: threading.BoundedSemaphore, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(steps: Steps) -> dict[str, Any]:
        raise ZeroDivisionError

    (line,) = lines_of(serve(fail).post("/api/long", headers=AS_LINES))
    assert line["problem"]["status"] == 500
    number = line["problem"]["detail"].rsplit(" ", 1)[-1]
    assert number in caplog.text and "ZeroDivisionError" in caplog.text
    wait_until_free(places)


def test_a_third_work_is_told_to_wait(serve: Serve, places: threading.BoundedSemaphore) -> None:
    counters = [Counter(), Counter()]
    streams = [serve(c).post("/api/long", headers=AS_LINES, buffered=False) for c in counters]
    for headers in (AS_LINES, {}):
        answer = serve(three).post("/api/long?lang=en", headers=headers)
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        assert answer.get_json()["type"] == "urn:geomap:problem:busy"
        assert answer.get_json()["fix"]
    streams[0].close()
    assert counters[0].cancelled.wait(WAIT_S)
    assert places.acquire(timeout=WAIT_S)
    places.release()
    assert serve(three).post("/api/long").status_code == 200
    streams[1].close()
    wait_until_free(places)
