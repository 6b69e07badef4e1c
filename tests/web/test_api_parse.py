"""A sentence over HTTP: the contract, places by name, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from geomap.web.context import AppContext
from geomap.web.schemas_parse import ParseAnswer
from geomap.web.view_parse import list_places

PARSE = "/api/v1/match/parse"
EXAMPLE = (
    "我们8个人做眼科器械，想在龙湾找200平左右的实验室，月租一万五以内，明年三月入驻，"
    "走路能到地铁和咖啡馆"
)


def ask(client: FlaskClient, text: str, query: str = "", **more: object) -> dict[str, Any]:
    answer = client.post(f"{PARSE}{query}", json={"text": text, **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    ParseAnswer.model_validate(found)
    return found


def test_a_sentence_becomes_a_demand(client: FlaskClient) -> None:
    answer = ask(client, EXAMPLE, today="2026-11-24")
    assert answer["demand"] == {
        "headcount": 8,
        "industry": "eye_health",
        "counties": ["330303"],
        "area_m2": {"min": 160, "max": 240},
        "unit_kinds": ["lab"],
        "budget_cny_month_max": 15000,
        "move_in": "2027-03-01",
        "amenities": ["transit", "cafe"],
    }
    assert answer["ignored"] == []
    spans = [(one["text"], one["label"]) for one in answer["understood"]]
    assert spans[:3] == [("8个人", "8 人"), ("眼科器械", "眼健康"), ("龙湾", "龙湾区")]
    assert all(EXAMPLE[one["start"] : one["end"]] == one["text"] for one in answer["understood"])


def test_its_demand_is_what_a_match_takes(client: FlaskClient) -> None:
    demand = ask(client, "龙湾的实验室，不要厂房，180平")["demand"]
    answer = client.post("/api/v1/match", json=demand)
    assert answer.status_code == 200
    assert [c["unit_id"] for c in answer.get_json()["candidates"]] == ["a1"]


def test_today_is_the_day_of_the_city_where_none_is_given(client: FlaskClient) -> None:
    assert ask(client, "下个月入驻")["demand"] == {"move_in": "2026-12-01"}
    assert ask(client, "下个月入驻", today="2027-05-02")["demand"] == {"move_in": "2027-06-01"}


def test_labels_are_in_the_language_asked(client: FlaskClient) -> None:
    answer = ask(client, "lab in Longwan, no gym, cheap", "?lang=en")
    assert [one["label"] for one in answer["understood"]] == ["Lab", "Longwan"]
    assert [one["reason"] for one in answer["ignored"]] == ["negated", "no_field"]
    assert answer["ignored"][0]["label"] == "Not wanted, so not asked for"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("阿尔法孵化器附近", 15),
        ("靠近阿尔法孵化器的办公室", 15),
        ("离阿尔法孵化器步行10分钟", 10),
        ("阿尔法孵化器附近走路八分钟以内", 8),
    ],
)
def test_a_place_is_known_by_its_exact_name(client: FlaskClient, text: str, minutes: int) -> None:
    answer = ask(client, text)
    assert answer["demand"]["near"] == {"lon": 120.7, "lat": 28.0, "minutes": minutes}
    assert answer["understood"][0]["field"] == "near"


@pytest.mark.parametrize("text", ["阿尔法附近", "靠近伽马孵化器", "在阿尔法孵化器"])
def test_any_other_name_is_set_aside(client: FlaskClient, text: str) -> None:
    answer = ask(client, text)
    assert "near" not in answer["demand"]
    assert answer["ignored"]


def test_places_are_towns_and_sites_with_a_door(context: AppContext) -> None:
    catalog = context.catalog
    known = list_places(catalog)
    names = {catalog.sites.name[row] for row in catalog.has_door.nonzero()[0].tolist()}
    assert {place.name for place in known.values()} >= names
    unplaced = [n for n, x in zip(catalog.sites.name, catalog.sites.lon, strict=True) if x != x]
    assert unplaced and not any(name.lower() in known for name in unplaced)


def test_markup_stays_text(client: FlaskClient) -> None:
    answer = client.post(PARSE, json={"text": "<script>alert(1)</script>龙湾"})
    assert answer.mimetype == "application/json"
    assert answer.get_json()["demand"] == {"counties": ["330303"]}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"[]", "body"),
        (b"{", "body"),
        (b"{}", "text"),
        (b'{"text": 5}', "text"),
        (b'{"text": null}', "text"),
        (b'{"text": "\\ud800"}', "body"),
        (b'{"text": "", "today": "tomorrow"}', "today"),
        (b'{"text": "", "today": 5}', "today"),
        (b'{"text": "", "today": "9999-12-31"}', "today"),
        (b'{"text": "", "more": 1}', "more"),
        (b'{"text": "' + b"x" * 10_000 + b'"}', "text"),
    ],
)
def test_what_cannot_be_read_is_refused(client: FlaskClient, body: bytes, field: str) -> None:
    answer = client.post(PARSE, data=body, content_type="application/json")
    assert answer.status_code == 422, answer.get_data(as_text=True)
    problem = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert problem["field"] == field and problem["fix"] and problem["detail"]


def test_an_empty_text_asks_for_nothing(client: FlaskClient) -> None:
    assert ask(client, "") == {"demand": {}, "understood": [], "ignored": []}


def test_one_client_may_ask_240_times_a_minute(client: FlaskClient) -> None:
    headers = {"X-Forwarded-For": "203.0.113.7"}
    codes = [client.post(PARSE, json={"text": ""}, headers=headers).status_code for _ in range(241)]
    assert set(codes[:240]) == {200} and codes[240] == 429
