"""Where the next facilities close most gaps, over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from geomap.coverage import repair as room
from geomap.coverage.repair_json import FIELDS
from geomap.domain.errors import Cancelled
from geomap.web import stream
from geomap.web.context import AppContext
from geomap.web.schemas_repair import RepairAnswer, RepairBody, StreamLine
from tests.web.world import SOUTH, STEP, WEST

PATH = "/api/v1/coverage/repair"
BETWEEN = {"id": "between", "lon": WEST + 0.004, "lat": SOUTH}


def ask(client: FlaskClient, body: dict[str, Any], query: str = "") -> dict[str, Any]:
    RepairBody.model_validate(body)
    answer = client.post(PATH + query, json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    RepairAnswer.model_validate(found)
    return found


def test_one_junction_near_each_site(client: FlaskClient) -> None:
    """Neither alpha nor beta has a transit stop within reach; they lie far apart."""
    answer = ask(client, {"category": "transit", "k": 5})
    assert (answer["limit_m"], answer["demo"], answer["mode"]) == (1200.0, True, "greedy")
    assert answer["gaps_before"] == {"sites": 2, "weight": 2.0}
    assert answer["gaps_after"] == {"sites": 0, "weight": 0.0}
    assert (answer["bound"], answer["guarantee"], answer["proven"]) == (2.0, 1.0, True)
    assert answer["gap"] is None and answer["unreachable"] == []
    assert answer["candidates"] == 437, "every junction of the grid, its four corners are none"
    first, second = answer["places"]
    assert [p["rank"] for p in answer["places"]] == [1, 2]
    assert {p["sites"][0]["id"] for p in answer["places"]} == {"alpha", "beta"}
    alpha = next(p for p in answer["places"] if p["sites"][0]["id"] == "alpha")
    site = alpha["sites"][0]
    assert (site["adcode"], site["score_before"], site["score_after"]) == ("330303", 1, 2)
    assert (site["total"], site["closed"], site["demo"]) == (12, True, False)
    assert site["walk_m"] == pytest.approx(98.4, abs=0.5), "the nearest junction"
    assert site["walk_min"] == pytest.approx(98.4 / 80, abs=0.01)
    assert (alpha["adcode"], alpha["candidate"]) == ("330303", None)
    assert isinstance(alpha["node"], int)
    assert first["closes"] == second["closes"] == {"sites": 1, "weight": 1.0}


def test_words_about_a_place(client: FlaskClient) -> None:
    body = {"category": "transit", "candidates": [BETWEEN]}
    (place,) = ask(client, body)["places"]
    assert place["street"] == "motorway路", "of the lines drawn over the grid, this one lies here"
    assert place["near"] == "龙湾区，阿尔法孵化器以东 393 米"
    (english,) = ask(client, body, "?lang=en")["places"]
    assert english["near"] == "Longwan, 393 m east of 阿尔法孵化器"
    far = {"lon": WEST + 10 * STEP, "lat": SOUTH + 10 * STEP}
    assert ask(client, {"category": "bar", "candidates": [far]})["places"] == []


def test_given_candidates(client: FlaskClient) -> None:
    candidates = [{"lon": WEST + 10 * STEP, "lat": SOUTH}, BETWEEN]
    answer = ask(client, {"category": "transit", "k": 2, "candidates": candidates})
    assert [p["candidate"] for p in answer["places"]] == ["between"], "both serve alpha alone"
    assert answer["places"][0]["node"] is None
    assert answer["places"][0]["sites"][0]["walk_m"] == pytest.approx(393.7, abs=0.5)
    assert (answer["candidates"], answer["distinct"]) == (2, 1)
    assert answer["unreachable"] == ["beta"]
    assert answer["gaps_after"]["sites"] == 1
    unnamed = ask(client, {"category": "transit", "candidates": candidates[:1]})
    assert unnamed["places"][0]["candidate"] == "#1"


def test_a_place_that_must_serve_a_site(client: FlaskClient) -> None:
    """Of both sites that lack a stop only beta is asked for: its own corner of the town."""
    answer = ask(client, {"category": "transit", "k": 2, "serves": "beta"})
    (place,) = answer["places"]
    assert [site["id"] for site in place["sites"]] == ["beta"]
    assert answer["gaps_after"]["sites"] == 1 and answer["candidates"] < 437
    free = ask(client, {"category": "transit", "k": 2})["places"]
    same = next(p for p in free if p["sites"][0]["id"] == "beta")
    assert (place["node"], place["candidate"]) == (same["node"], None)


@pytest.mark.parametrize(
    ("serves", "status", "field"),
    [("none", 404, "site_id"), ("town", 404, "serves"), ("", 422, "serves"), (7, 422, "serves")],
)
def test_a_site_that_cannot_be_served(
    client: FlaskClient, serves: object, status: int, field: str
) -> None:
    answer = client.post(PATH, json={"category": "transit", "serves": serves})
    assert (answer.status_code, answer.get_json()["field"]) == (status, field)
    both = {"category": "transit", "serves": "alpha", "candidates": [BETWEEN]}
    assert client.post(PATH, json=both).get_json()["field"] == "serves"


def test_counties_restrict_the_sites(client: FlaskClient) -> None:
    answer = ask(client, {"category": "transit", "k": 2, "counties": ["330302"]})
    assert answer["gaps_before"]["sites"] == 1
    assert [s["id"] for p in answer["places"] for s in p["sites"]] == ["beta"]
    none = ask(client, {"category": "transit", "counties": ["330329"]})
    assert (none["gaps_before"]["sites"], none["places"], none["proven"]) == (0, [], True)


def test_weights_are_those_of_the_sites(client: FlaskClient) -> None:
    """Alpha has 40 tenants and 300 jobs; beta states neither."""
    tenants = ask(client, {"category": "transit", "k": 2, "weight": "tenants"})
    assert tenants["gaps_before"] == {"sites": 2, "weight": 40.0}
    assert (len(tenants["places"]), tenants["unweighted"]) == (1, 1)
    jobs = ask(client, {"category": "transit", "weight": "jobs"})
    assert jobs["places"][0]["closes"] == {"sites": 1, "weight": 300.0}
    assert ask(client, {"category": "transit"})["unweighted"] == 0


def test_exact_says_its_gap(client: FlaskClient) -> None:
    answer = ask(client, {"category": "cafe", "mode": "exact", "time_limit_s": 5})
    assert (answer["gap"], answer["proven"], answer["bound"]) == (0.0, True, 1.0)


def test_a_scenario_goes_on_from_what_is_planned(client: FlaskClient) -> None:
    first = ask(client, {"category": "transit"})["places"][0]
    added = [{"category": "transit", "lon": first["lon"], "lat": first["lat"]}]
    second = ask(client, {"category": "transit", "added": added})
    assert second["gaps_before"]["sites"] == 1
    assert second["places"][0]["sites"][0]["id"] != first["sites"][0]["id"]


def test_combined_categories(client: FlaskClient) -> None:
    answer = ask(client, {"category": "cafe", "combine": ["transit", "cafe"], "k": 2})
    assert (answer["combine"], answer["gaps_before"]) == (["transit"], {"sites": 2, "weight": 3.0})
    assert answer["places"][0]["closes"] == {"sites": 1, "weight": 2.0}


def test_another_profile_has_another_walk(client: FlaskClient) -> None:
    answer = ask(client, {"category": "learning", "profile": "plan-culture", "k": 9})
    assert (answer["profile"], answer["limit_m"]) == ("plan-culture", 1200.0)
    assert answer["gaps_before"] == {"sites": 2, "weight": 4.0}
    assert len(answer["places"]) == 6, "each site needs three"
    assert ask(client, {"category": "transit", "profile": "gb50180"})["limit_m"] == 1000.0


def test_the_same_answer_every_time(client: FlaskClient) -> None:
    body = {"category": "bar", "k": 3}
    assert ask(client, body) == ask(client, body)


SEA = {"lon": 121.5, "lat": 27.5}
REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({}, 422, "category"),
    ({"category": "castle"}, 422, "category"),
    ({"category": 3}, 422, "category"),
    ({"category": "bar", "profile": "none"}, 404, "profile"),
    ({"category": "bar", "profile": ["x"]}, 404, "profile"),
    ({"category": "bar", "profile": "gb50180"}, 422, "category"),
    ({"category": "transit", "profile": "gb50180", "combine": ["bar"]}, 422, "combine.0"),
    ({"category": "bar", "combine": ["bar", "x"]}, 422, "combine.1"),
    ({"category": "bar", "k": 0}, 422, "k"),
    ({"category": "bar", "k": 51}, 422, "k"),
    ({"category": "bar", "k": 1.5}, 422, "k"),
    ({"category": "bar", "k": True}, 422, "k"),
    ({"category": "bar", "k": "3"}, 422, "k"),
    ({"category": "bar", "weight": "gold"}, 422, "weight"),
    ({"category": "bar", "mode": "magic"}, 422, "mode"),
    ({"category": "bar", "time_limit_s": 61}, 422, "time_limit_s"),
    ({"category": "bar", "time_limit_s": 0}, 422, "time_limit_s"),
    ({"category": "bar", "counties": ["999999"]}, 422, "counties.0"),
    ({"category": "bar", "counties": [330303]}, 422, "counties.0"),
    ({"category": "bar", "counties": "330303"}, 422, "counties"),
    ({"category": "bar", "candidates": []}, 422, "candidates"),
    ({"category": "bar", "candidates": [BETWEEN] * 5001}, 422, "candidates"),
    ({"category": "bar", "candidates": [BETWEEN, BETWEEN]}, 422, "candidates.1.id"),
    ({"category": "bar", "candidates": [{"lon": 120.7}]}, 422, "candidates.0.lat"),
    ({"category": "bar", "candidates": [{"lon": 181, "lat": 28}]}, 422, "candidates.0.lon"),
    ({"category": "bar", "candidates": [{"lon": None, "lat": 28}]}, 422, "candidates.0.lon"),
    ({"category": "bar", "candidates": [[120.7, 28]]}, 422, "candidates.0"),
    ({"category": "bar", "candidates": [{"x": 1}]}, 422, "candidates.0.x"),
    ({"category": "bar", "candidates": [BETWEEN, SEA]}, 404, "candidates.1.lon"),
    ({"category": "bar", "added": [{"category": "bar", **SEA}]}, 404, "added.0.lon"),
    ({"category": "bar", "added": [{"lon": 120.7, "lat": 28}]}, 422, "added.0.category"),
    ({"category": "bar", "wish": 1}, 422, "wish"),
]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("body", "status", "field"), REFUSED)
def test_what_cannot_be_used_is_refused(
    client: FlaskClient, body: dict[str, Any], status: int, field: str, language: str
) -> None:
    answer = client.post(f"{PATH}?lang={language}", json=body)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert (problem["status"], problem["field"]) == (status, field)
    assert problem["detail"] and problem["fix"]
    has_chinese = any("\u4e00" <= c <= "\u9fff" for c in problem["detail"] + problem["fix"])
    assert has_chinese == (language == "zh")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"[]", "body"),
        (b"null", "body"),
        (b"{", "body"),
        (b'{"category": "bar", "candidates": [{"lon": NaN, "lat": 28}]}', "body"),
        (b'{"category": "bar", "added": [{"category": "bar", "lon": Infinity}]}', "body"),
        (b'{"category": "bar", "candidates": [{"lon": 1e999, "lat": 28}]}', ""),
    ],
)
def test_hostile_bodies(client: FlaskClient, data: bytes, field: str) -> None:
    answer = client.post(PATH, data=data, content_type="application/json")
    assert answer.status_code == 422
    problem = answer.get_json()
    assert problem["fix"] and (not field or problem["field"] == field)


def test_without_streets_it_is_not_ready(context: AppContext, client: FlaskClient) -> None:
    (context.settings.data_dir / "network").unlink()
    answer = client.post(PATH, json={"category": "bar"})
    assert (answer.status_code, answer.get_json()["field"]) == (503, "network")


def test_the_document_names_every_field() -> None:
    assert list(RepairBody.model_fields) == list(FIELDS)


def test_it_streams(client: FlaskClient) -> None:
    headers = {"Accept": "application/x-ndjson"}
    body = {"category": "transit", "k": 2}
    answer = client.post(PATH, json=body, headers=headers)
    assert answer.mimetype == "application/x-ndjson"
    lines = [orjson.loads(line) for line in answer.get_data().splitlines()]
    for line in lines:
        StreamLine.model_validate(line)
    assert lines[-1]["result"] == ask(client, body)
    refused = client.post(PATH, json={"category": "bar", "k": 0}, headers=headers)
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")


@pytest.fixture
def slow_choice(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Choosing goes on until its progress is cancelled; the event says that it was."""
    cancelled, end = threading.Event(), threading.Event()

    def choose(cover: Any, worth: Any, request: Any, progress: Any) -> None:
        try:
            while not end.wait(0.005):
                progress(0, 1)
        except Cancelled:
            cancelled.set()
            raise

    monkeypatch.setattr(room, "_choose", choose)
    monkeypatch.setattr(stream, "_places", threading.BoundedSemaphore(1))
    yield cancelled
    end.set()


def test_a_client_that_leaves_ends_the_choosing(
    client: FlaskClient, slow_choice: threading.Event
) -> None:
    headers = {"Accept": "application/x-ndjson"}
    answer = client.post(PATH, json={"category": "bar"}, headers=headers, buffered=False)
    lines = iter(answer.response)
    while orjson.loads(next(lines))["stage"] != "选点":
        pass
    answer.close()
    assert slow_choice.wait(20)
