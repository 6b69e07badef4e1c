"""Meetings over HTTP: their lists, what comes of them in the ledger, the agenda."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from geomap.store.ledger import get_line, list_lines
from geomap.store.placement_scenarios import Solved, add_placement
from geomap.store.read import count
from geomap.web import schemas_meetings as s
from geomap.web.context import AppContext
from tests.web.desk import NAME, NOW, add_projects, make_key, require_problem

MEETINGS = "/api/v1/meetings"
BODY = {"name": "十二月 <b>对接会</b>", "kind": "matchmaking", "at": "2026-12-01T09:30",
        "place": "眼谷一楼", "note": "带资料\n准时"}  # fmt: skip
NONE = {"pending": 0, "interested": 0, "agreed": 0, "signed": 0, "declined": 0}
PAIR = {"project_id": "p-1", "site_id": "alpha", "unit_ids": ["a1", "a3"], "slot": "09:30"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppContext, "now", lambda self: NOW)


@pytest.fixture
def key(context: AppContext) -> dict[str, str]:
    add_projects(context, "p-1", "p-2")
    return make_key(context)


def keep(client: FlaskClient, key: dict[str, str], **more: Any) -> dict[str, Any]:
    answer = client.post(MEETINGS, json=BODY | more, headers=key)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    s.Meeting.model_validate(found)
    return found


def put(
    client: FlaskClient, key: dict[str, str], meeting: dict[str, Any], *pairs: dict[str, Any]
) -> Any:
    body = {"version": meeting["version"], "pairs": list(pairs)}
    return client.put(f"{MEETINGS}/{meeting['id']}/pairs", json=body, headers=key)


def test_a_meeting_and_its_list(client: FlaskClient, key: dict[str, str]) -> None:
    meeting = keep(client, key)
    assert (meeting["at"], meeting["kind_label"], meeting["by"]) == (
        "2026-12-01T09:30:00+08:00", "对接会", NAME,
    )  # fmt: skip
    meeting = put(client, key, meeting, PAIR, {"project_id": "p-2"}).get_json()
    s.Meeting.model_validate(meeting)
    first, second = meeting["pairs"]
    assert (first["project_name"], first["site_name"], first["area_m2"]) == (
        "项目p-1", "阿尔法孵化器", 240.0,
    )  # fmt: skip
    assert (first["industry_name"], first["home_county_name"], first["state"]) == (
        "眼健康", "龙湾区", None,
    )  # fmt: skip
    assert (second["order"], second["site_id"], second["area_m2"]) == (2, "", None)
    page = client.get(MEETINGS, headers=key).get_json()
    s.Meetings.model_validate(page)
    assert [(m["id"], m["pair_count"]) for m in page["items"]] == [(meeting["id"], 2)]
    assert page["items"][0]["results"] == meeting["results"] == NONE | {"pending": 2}
    path = f"{MEETINGS}/{meeting['id']}"
    assert client.get(path, headers=key).get_json() == meeting
    body = {"version": 2, "kind": "signing", "at": "2026-12-02T14:00:00+08:00"}
    changed = client.patch(path, json=body, headers=key).get_json()
    assert (changed["kind_label"], changed["name"], len(changed["pairs"])) == (
        "签约会", BODY["name"], 2,
    )  # fmt: skip


def test_a_result_is_in_the_ledger_at_once(
    client: FlaskClient, context: AppContext, key: dict[str, str]
) -> None:
    meeting = keep(client, key)
    signed = PAIR | {"result": "signed", "note": "签了意向"}
    meeting = put(client, key, meeting, signed).get_json()
    pair = meeting["pairs"][0]
    assert (pair["state"], pair["state_label"], pair["result_label"]) == ("signed", "签约", "签约")
    line = client.get("/api/v1/ledger/p-1", headers=key).get_json()
    event = line["events"][-1]
    assert (event["reference"], event["source"], event["note"]) == (
        meeting["id"], "meeting", "签了意向",
    )  # fmt: skip
    assert line["unit_ids"] == ["a1", "a3"]
    undo = {"version": line["version"], "kind": "undo"}
    answer = client.post("/api/v1/ledger/p-1/events", json=undo, headers=key)
    assert "会议" in require_problem(answer, 409, "kind")["detail"]
    again = signed | {"id": pair["id"], "result": "declined", "lost": True, "note": "谈崩"}
    put(client, key, meeting, again)
    assert get_line(context.store, "p-1").lost_why == "谈崩"


def test_a_place_that_is_gone_may_stay_on_the_list(
    client: FlaskClient, context: AppContext, key: dict[str, str]
) -> None:
    meeting = put(client, key, keep(client, key), PAIR).get_json()
    with context.store.writing("test") as tx:
        tx.connection.exec_driver_sql("DELETE FROM units WHERE id = 'a3'")
        tx.log("clear", "units")
    context.follower._interval = 0.0
    kept = PAIR | {"id": meeting["pairs"][0]["id"], "slot": "10:00"}
    assert put(client, key, meeting, kept).get_json()["pairs"][0]["unit_ids"] == ["a1", "a3"]
    meeting = client.get(f"{MEETINGS}/{meeting['id']}", headers=key).get_json()
    require_problem(put(client, key, meeting, PAIR), 422, "pairs[0].unit_ids[1]")


BAD_MEETINGS: list[tuple[dict[str, Any], int, str]] = [
    ({"name": ""}, 422, "name"),
    ({"name": "长" * 101}, 422, "name"),
    ({"kind": "party"}, 422, "kind"),
    ({"at": "2026-12-01"}, 422, "at"),
    ({"at": None}, 422, "at"),
    ({"at": "0001-01-01T00:00+14:00"}, 422, "at"),
    ({"place": "a\x00"}, 422, "place"),
    ({"note": 5}, 422, "note"),
    ({"slot_minutes": 0}, 422, "slot_minutes"),
    ({"slot_minutes": True}, 422, "slot_minutes"),
    ({"scenario_id": "no-such-scenario"}, 404, "id"),
    ({"scenario_id": 5}, 422, "scenario_id"),
    ({"pairs": []}, 422, "pairs"),
]


@pytest.mark.parametrize(("more", "status", "field"), BAD_MEETINGS)
def test_bad_meetings(
    client: FlaskClient,
    context: AppContext,
    more: dict[str, Any],
    status: int,
    field: str,
) -> None:
    answer = client.post(MEETINGS, json=BODY | more, headers=make_key(context))
    require_problem(answer, status, field)
    assert count(context.store, "meetings") == 0


BAD_PAIRS: list[tuple[Any, str]] = [
    ("x", "pairs[1]"),
    ({}, "pairs[1].project_id"),
    ({"project_id": "none"}, "pairs[1].project_id"),
    ({"project_id": "p-2", "site_id": "none"}, "pairs[1].site_id"),
    ({"project_id": "p-2", "site_id": "alpha", "unit_ids": ["b1"]}, "pairs[1].unit_ids[0]"),
    ({"project_id": "p-2", "unit_ids": "a1"}, "pairs[1].unit_ids"),
    ({"project_id": "p-2", "result": "great"}, "pairs[1].result"),
    ({"project_id": "p-2", "slot": "长" * 41}, "pairs[1].slot"),
    ({"project_id": "p-2", "lost": True}, "pairs[1].lost"),
    ({"project_id": "p-2", "lost": True, "result": "declined"}, "pairs[1].lost"),
    ({"project_id": "p-2", "id": "none"}, "pairs[1].id"),
    ({"project_id": "p-2", "order": 1}, "pairs[1].order"),
]


@pytest.mark.parametrize(("pair", "field"), BAD_PAIRS)
def test_one_bad_pair_stores_nothing(
    client: FlaskClient, context: AppContext, key: dict[str, str], pair: Any, field: str
) -> None:
    meeting = keep(client, key)
    sent = put(client, key, meeting, PAIR | {"result": "signed"}, pair)
    require_problem(sent, 422, field)
    assert count(context.store, "meeting_pairs") == 0 and list_lines(context.store) == []


def test_other_bodies_and_versions(client: FlaskClient, key: dict[str, str]) -> None:
    meeting = keep(client, key)
    path = f"{MEETINGS}/{meeting['id']}"
    for pairs in ("x", None, {}, [PAIR] * 2001):
        body = {"version": 1, "pairs": pairs}
        require_problem(client.put(f"{path}/pairs", json=body, headers=key), 422, "pairs")
    require_problem(client.delete(path, json={}, headers=key), 422, "version")
    put(client, key, meeting, PAIR)
    require_problem(client.delete(path, json={"version": 1}, headers=key), 409, "version")
    require_problem(put(client, key, meeting, PAIR), 409, "version")
    gone = client.delete(path, json={"version": 2}, headers=key).get_json()
    assert s.Deleted.model_validate(gone)
    require_problem(client.get(path, headers=key), 404, "id")
    require_problem(put(client, key, meeting), 404, "id")


def test_without_a_key_nothing_is_told(client: FlaskClient, key: dict[str, str]) -> None:
    path = f"{MEETINGS}/{keep(client, key)['id']}"
    for answer in (
        client.get(MEETINGS), client.get(path), client.get(f"{path}/file"),
        client.post(MEETINGS, json=BODY), client.patch(path, json={}),
        client.delete(path, json={"version": 1}), client.put(f"{path}/pairs", json={}),
        client.get(f"{MEETINGS}/none"),
    ):  # fmt: skip
        require_problem(answer, 401, "Authorization")


def test_the_agenda(client: FlaskClient, key: dict[str, str]) -> None:
    meeting = put(client, key, keep(client, key), PAIR | {"note": "=1+1"}).get_json()
    path = f"{MEETINGS}/{meeting['id']}/file"
    answer = client.get(path, headers=key)
    assert "agenda-20261201.xlsx" in answer.headers["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == BODY["name"] and rows[1][0] == "对接会  2026-12-01 09:30  眼谷一楼"
    assert [row[0] for row in rows[2:5]] == ["带资料", "准时", ""]
    assert rows[5][:4] == ["序号", "时间", "项目编号", "项目"]
    assert rows[6][0] == 1 and rows[6][9] == "a1、a3" and rows[6][12] == "=1+1"
    text = client.get(f"{path}?f=csv&lang=en", headers=key).data.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("No.,Time,") and "'=1+1" in text


def placed(project_id: str, site_id: str, units: list[str]) -> dict[str, Any]:
    return {
        "project_id": project_id, "name": f"方案{project_id}", "industry": "robotics",
        "home_county": "330302", "from": None, "demo": False, "site_id": site_id,
        "unit_ids": units,
    }  # fmt: skip


def save(context: AppContext, *placements: dict[str, Any]) -> str:
    solved = Solved(
        mode="optimal", request={}, summary={}, result={"placements": list(placements)}, parts=(),
        units={}, seq=1, stamp="x", at=NOW,
    )  # fmt: skip
    return add_placement(context.store, "方案", "", solved, by=NAME).id


def test_filled_from_a_saved_placement(
    client: FlaskClient, context: AppContext, key: dict[str, str]
) -> None:
    saved = save(context, placed("p-1", "alpha", ["a1"]), placed("up/1", "", []))
    meeting = keep(client, key, scenario_id=saved, slot_minutes=20)
    names = ("project_id", "site_id", "unit_ids", "slot")
    assert [tuple(pair[name] for name in names) for pair in meeting["pairs"]] == [
        ("p-1", "alpha", ["a1"], "09:30–09:50"), ("up/1", "", [], "09:50–10:10"),
    ]  # fmt: skip
    (line,) = list_lines(context.store)
    assert (line.project_id, line.fields.name, line.fields.industry) == (
        "up/1", "方案up/1", "robotics",
    )  # fmt: skip


def test_places_of_a_saved_placement_follow_in_a_list_that_is_there(
    client: FlaskClient, context: AppContext, key: dict[str, str]
) -> None:
    saved = save(context, placed("p-1", "", []), placed("up/1", "alpha", ["a1"]))
    meeting = put(client, key, keep(client, key), PAIR | {"slot": "10:00-10:30"}).get_json()
    listed = [{"id": pair["id"]} | PAIR | {"slot": pair["slot"]} for pair in meeting["pairs"]]
    body = {"version": 2, "pairs": listed, "scenario_id": saved, "slot_minutes": 10}
    path = f"{MEETINGS}/{meeting['id']}/pairs"
    meeting = client.put(path, json=body, headers=key).get_json()
    assert [(pair["project_id"], pair["slot"]) for pair in meeting["pairs"]] == [
        ("p-1", "10:00-10:30"), ("up/1", "10:30–10:40"),
    ]  # fmt: skip
    assert get_line(context.store, "up/1").fields.name == "方案up/1"
    require_problem(client.put(path, json=body, headers=key), 409, "version")
    body |= {"version": 3, "scenario_id": "none"}
    require_problem(client.put(path, json=body, headers=key), 404, "id")
    full = {"version": 3, "pairs": [PAIR] * 2_000, "scenario_id": saved}
    require_problem(client.put(path, json=full, headers=key), 422, "pairs")
    assert len(list_lines(context.store)) == 1, "nothing of a refused list is kept"
