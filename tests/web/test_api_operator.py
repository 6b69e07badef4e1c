"""An operator's part in the ledger over HTTP: contracts, who may see what, hostile input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from geomap.cli import main
from geomap.domain import records as r
from geomap.store import write
from geomap.store.ledger import get_line, list_events, list_lines
from geomap.store.ledger_operators import DAY_MOST
from geomap.store.operator_keys import make_operator_key, revoke_operator_key
from geomap.web import schemas_operator as o
from geomap.web.context import AppContext
from tests.web.desk import NAME, NOW, add_projects, make_key, require_problem

LEDGER, HANDOVERS = "/api/v1/ledger", "/api/v1/operator/handovers"
PROJECTS = "/api/v1/operator/projects"
ALPHA = "阿尔法运营"
HOSTILE = "<img src=x onerror=alert(1)> =1+1 {{7*7}} ' OR 1=1 --"
OWN = {
    "name": "在孵 <b>项目</b>", "industry": "robotics", "home_county": "330302",
    "site_id": "alpha", "note": HOSTILE, "next_step": "请约看地块",
}  # fmt: skip
Key = dict[str, str]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppContext, "now", lambda self: NOW)


@pytest.fixture
def staff(context: AppContext) -> Key:
    add_projects(context, "p-1", "p-2")
    with context.store.writing("test") as tx:
        demand = {"industry": "eye_health", "headcount": 12, "area_m2": {"min": 150.0}}
        write.add_projects(
            tx,
            [
                r.Project(
                    id="甲/3 号", name="项目三", home_county="330303", demand=demand, demo=True
                )
            ],
        )
        write.add_operators(tx, [r.Operator(id="o2", name="第二运营")])
    return make_key(context)


def bearer(context: AppContext, operator_id: str) -> Key:
    return {"Authorization": f"Bearer {make_operator_key(context.store, operator_id, now=NOW)}"}


@pytest.fixture
def key(context: AppContext) -> Key:
    return bearer(context, "o")


def hand_over(
    client: FlaskClient, staff: Key, project_id: str, kind: str = "operator", to: str = "o",
    note: str = "请接手",
) -> int:  # fmt: skip
    answer = client.post(LEDGER, json={"project_id": project_id}, headers=staff)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    body = {"version": 1, "kind": "handover", "to": {"kind": kind, "id": to}, "note": note}
    handed = client.post(f"{LEDGER}/{project_id}/events", json=body, headers=staff)
    assert handed.status_code == 201, handed.get_data(as_text=True)
    return int(handed.get_json()["version"])


def listed(client: FlaskClient, key: Key, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"{HANDOVERS}{query}", headers=key)
    assert answer.headers["Cache-Control"] == "no-store"
    o.Handovers.model_validate(answer.get_json())
    found: list[dict[str, Any]] = answer.get_json()["items"]
    return found


def test_read_and_accepted(client: FlaskClient, context: AppContext, staff: Key, key: Key) -> None:
    version = hand_over(client, staff, "p-1", "site", "alpha", note=HOSTILE)
    assert listed(client, key) == [
        {
            "project_id": "p-1", "name": "项目p-1", "industry": "eye_health",
            "industry_name": "眼健康", "home_county": "330303", "home_county_name": "龙湾区",
            "headcount": None, "area_m2": None, "state": "waiting", "state_label": "待答复",
            "from": {"kind": "staff", "kind_label": "招商人员", "id": NAME, "name": NAME},
            "to": {
                "kind": "site", "kind_label": "孵化器", "id": "alpha", "name": "阿尔法孵化器",
            },
            "note": HOSTILE, "since": "2026-11-24T08:00:00+00:00", "demo": False,
            "version": version,
        }
    ]  # fmt: skip
    body = {"version": version, "accept": True, "note": "好"}
    o.HandoverAnswer.model_validate(body)
    answer = client.post(f"{HANDOVERS}/p-1", json=body, headers=key)
    o.HandoverAnswered.model_validate(answer.get_json())
    assert answer.get_json() == {"project_id": "p-1", "accepted": True, "version": version + 1}
    (item,) = listed(client, key, "?lang=en")
    assert (item["state"], item["state_label"], item["note"]) == ("held", "Held", HOSTILE)
    line = client.get(f"{LEDGER}/p-1", headers=staff).get_json()
    assert (line["holder"]["name"], line["handover"]) == ("阿尔法孵化器", None)
    event = line["events"][-1]
    assert (event["kind"], event["by"], event["note"]) == ("accepted", ALPHA, "好")
    assert (event["source"], event["source_label"], event["reference"]) == (
        "operator", "运营机构", "o",
    )  # fmt: skip


def test_declined_with_why(client: FlaskClient, context: AppContext, staff: Key, key: Key) -> None:
    version = hand_over(client, staff, "p-1")
    path, no = f"{HANDOVERS}/p-1", {"version": version, "accept": False}
    require_problem(client.post(path, json=no, headers=key), 422, "note")
    answer = client.post(path, json=no | {"note": "没有\n位置"}, headers=key)
    assert answer.get_json()["accepted"] is False
    assert listed(client, key) == []
    require_problem(client.post(path, json=no | {"note": "x"}, headers=key), 404, "project_id")
    assert [e.by for e in list_events(context.store, "p-1")] == [NAME, NAME, ALPHA]


def test_what_the_record_says_of_a_project_and_pages(
    client: FlaskClient, context: AppContext, staff: Key, key: Key
) -> None:
    from geomap.store.ledger_adoption import Adopted, record_adoption
    from geomap.store.ledger_write import Place

    with context.store.writing("adopt") as tx:
        row = Adopted(project_id="甲/3 号", name="项目三", place=Place(site_id="alpha"), demo=True)
        record_adoption(tx, [row], NAME, NOW, on=context.today(), reference="sc")
    body = {"version": 2, "kind": "handover", "to": {"kind": "operator", "id": "o"}}
    assert client.post(f"{LEDGER}/甲/3 号/events", json=body, headers=staff).status_code == 201
    hand_over(client, staff, "p-1")
    page = client.get(f"{HANDOVERS}?limit=1&lang=en", headers=key).get_json()
    assert [i["project_id"] for i in page["items"]] == ["p-1"]
    assert (page["operator_id"], page["total"]) == ("o", 2)
    rest = client.get(page["next"], headers=key).get_json()
    (item,) = rest["items"]
    assert (item["name"], rest["next"]) == ("项目三", None)
    assert (item["headcount"], item["area_m2"], item["demo"]) == (
        12, {"min": 150.0, "max": None}, True,
    )  # fmt: skip
    body = {"version": 3, "accept": True}
    assert client.post(f"{HANDOVERS}/甲/3 号", json=body, headers=key).status_code == 200
    assert client.get(f"{HANDOVERS}?limit=x", headers=key).get_json()["field"] == "limit"


def test_nothing_of_others_or_of_the_rest_of_the_ledger(
    client: FlaskClient, context: AppContext, staff: Key, key: Key
) -> None:
    hand_over(client, staff, "p-1")
    private = {
        "next_step": "私下一步", "due_on": "2026-12-01", "name": "别的项目", "owner": "别的负责人",
    }  # fmt: skip
    client.post(LEDGER, json=private | {"note": "私记录"}, headers=staff)
    change = {"version": 2, "next_step": "私下一步", "owner": "别的负责人"}
    assert client.patch(f"{LEDGER}/p-1", json=change, headers=staff).status_code == 200
    note = {"version": 3, "kind": "note", "note": "私记录"}
    assert client.post(f"{LEDGER}/p-1/events", json=note, headers=staff).status_code == 201
    entry = {"kind": "fund_intent", "title": "密投", "owner": "密办", "adcode": "330303"}
    assert client.post("/api/v1/entries", json=entry, headers=staff).status_code == 201
    hand_over(client, staff, "p-2", "operator", "o2", note="给二的话")
    mine = client.get(HANDOVERS, headers=key).get_data(as_text=True)
    assert "p-1" in mine
    for secret in ("私", "别的", "密", "p-2", "o2", "第二", "给二", "due_on", "events"):
        assert secret not in mine
    other = client.get(HANDOVERS, headers=bearer(context, "o2"))
    assert "p-1" not in other.get_data(as_text=True) and "阿尔法" not in str(other.get_json())


def test_anothers_is_answered_as_one_that_nobody_has(
    client: FlaskClient, context: AppContext, staff: Key, key: Key
) -> None:
    version = hand_over(client, staff, "p-1")
    other = bearer(context, "o2")
    for accept in (True, False):
        body = {"version": version, "accept": accept, "note": "x"}
        told = [
            client.post(f"{HANDOVERS}/{one}", json=body, headers=other) for one in ("p-1", "p-9")
        ]
        assert [require_problem(answer, 404, "project_id") for answer in told]
        assert told[0].data.replace(b"p-1", b"p-9") == told[1].data
        assert dict(told[0].headers) == dict(told[1].headers)
    nul = client.post(f"{HANDOVERS}/a%00b", json=body, headers=other)
    require_problem(nul, 404, "project_id")
    assert len(list_events(context.store, "p-1")) == 2


def test_a_key_of_staff_is_none_of_an_operator_nor_the_other_way_round(
    client: FlaskClient, context: AppContext, staff: Key, key: Key
) -> None:
    hand_over(client, staff, "p-1")
    body = {"version": 2, "accept": True}
    revoked = bearer(context, "o2")
    revoke_operator_key(context.store, "o2")
    wrong: tuple[Key, ...] = (
        staff, revoked, {}, {"Authorization": "Bearer "}, {"Authorization": "Bearer gmo_x"},
        {"Authorization": key["Authorization"].replace("Bearer", "Basic")},
        {"Authorization": "Bearer " + "x" * 5_000},
    )  # fmt: skip
    for headers in wrong:
        for answer in (
            client.get(HANDOVERS, headers=headers),
            client.post(f"{HANDOVERS}/p-1", json=body, headers=headers),
            client.post(f"{HANDOVERS}/none", data="{", headers=headers),
            client.post(PROJECTS, json=OWN, headers=headers),
        ):
            require_problem(answer, 401, "Authorization")
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="operator"'
            assert "p-1" not in str(answer.get_json()["detail"])
    for path in (LEDGER, f"{LEDGER}/p-1", f"{LEDGER}/summary", f"{LEDGER}/file"):
        require_problem(client.get(path, headers=key), 401, "Authorization")
    accept = {"version": 2, "kind": "accept"}
    answer = client.post(f"{LEDGER}/p-1/events", json=accept, headers=key)
    require_problem(answer, 401, "Authorization")
    assert get_line(context.store, "p-1").fields.holder is None
    assert len(list_lines(context.store)) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_answers_change_nothing(
    client: FlaskClient, context: AppContext, staff: Key, key: Key, language: str
) -> None:
    version = hand_over(client, staff, "p-1")
    yes = {"version": version, "accept": True}
    for body, status, field in (
        ({"version": version}, 422, "accept"),
        (yes | {"accept": None}, 422, "accept"),
        (yes | {"accept": "true"}, 422, "accept"),
        (yes | {"accept": 1}, 422, "accept"),
        ({"accept": True}, 422, "version"),
        (yes | {"version": "2"}, 422, "version"),
        (yes | {"version": 1}, 409, "version"),
        (yes | {"version": 2**40}, 422, "version"),
        (yes | {"note": "a\x00b"}, 422, "note"),
        (yes | {"note": "a\u202eb"}, 422, "note"),
        (yes | {"note": "长" * 1001}, 422, "note"),
        (yes | {"note": ["x"]}, 422, "note"),
        (yes | {"by": "staff"}, 422, "by"),
        (yes | {"to": {"kind": "operator", "id": "o2"}}, 422, "to"),
        ([yes], 422, "body"),
    ):
        path = f"{HANDOVERS}/p-1?lang={language}"
        found = require_problem(client.post(path, json=body, headers=key), status, field)
        assert any("\u4e00" <= c <= "\u9fff" for c in found["detail"]) == (language == "zh")
    assert len(list_events(context.store, "p-1")) == 2


def test_one_of_its_own_is_recommended(
    client: FlaskClient, context: AppContext, staff: Key, key: Key
) -> None:
    o.RecommendBody.model_validate(OWN)
    answer = client.post(f"{PROJECTS}?lang=en", json=OWN, headers=key)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    item = answer.get_json()
    o.Handover.model_validate(item)
    assert (item["state"], item["from"], item["to"]["name"]) == ("held", None, ALPHA)
    assert (item["name"], item["note"]) == (OWN["name"], HOSTILE)
    assert listed(client, key, "?lang=en") == [item]
    line = client.get(f"{LEDGER}/{item['project_id']}", headers=staff).get_json()
    assert (line["state"], line["current_site"], line["next_step"], line["owner"]) == (
        "found", "alpha", OWN["next_step"], "",
    )  # fmt: skip
    assert line["published"] is False and line["holder"]["id"] == "o"
    (event,) = line["events"]
    assert (event["kind"], event["by"], event["source"]) == ("added", ALPHA, "operator")
    public = client.get("/api/v1/plan/progress").get_data(as_text=True)
    assert item["project_id"] not in public and "在孵" not in public


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": "长" * 201}, "name"),
    ({"name": "a\nb"}, "name"),
    ({"name": 5}, "name"),
    ({"industry": ""}, "industry"),
    ({"industry": None}, "industry"),
    ({"industry": "none"}, "industry"),
    ({"home_county": ""}, "home_county"),
    ({"home_county": "110101"}, "home_county"),
    ({"site_id": "beta"}, "site_id"),
    ({"site_id": "none"}, "site_id"),
    ({"site_id": None}, "site_id"),
    ({"site_id": "a\x00"}, "site_id"),
    ({"note": " \n "}, "note"),
    ({"note": "a\x07"}, "note"),
    ({"note": "长" * 1001}, "note"),
    ({"next_step": "长" * 201}, "next_step"),
    ({"next_step": "a\u200bb"}, "next_step"),
    ({"state": "signed"}, "state"),
    ({"published": True}, "published"),
    ({"project_id": "p-1"}, "project_id"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_bad_recommendations_store_nothing(
    client: FlaskClient, context: AppContext, key: Key, change: dict[str, Any], field: str
) -> None:
    require_problem(client.post(PROJECTS, json=OWN | change, headers=key), 422, field)
    assert list_lines(context.store) == []


@pytest.mark.parametrize("name", ["name", "industry", "home_county", "site_id", "note"])
def test_what_must_be_said(client: FlaskClient, key: Key, name: str) -> None:
    body = {field: value for field, value in OWN.items() if field != name}
    require_problem(client.post(PROJECTS, json=body, headers=key), 422, name)


def test_one_that_is_there_and_too_many(
    client: FlaskClient, context: AppContext, staff: Key, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(client, staff, "p-2", "operator", "o2")
    there = OWN | {"name": " 项目P-2", "home_county": "330303"}
    for _ in range(DAY_MOST):
        found = require_problem(client.post(PROJECTS, json=there, headers=key), 409, "name")
        assert not any(word in str(found) for word in ("p-2", "o2", "第二", NAME))
    answer = client.post(PROJECTS, json=OWN, headers=key)
    require_problem(answer, 429, "")
    later = NOW + timedelta(days=1)
    monkeypatch.setattr(AppContext, "now", lambda self: later)
    assert client.post(PROJECTS, json=OWN, headers=key).status_code == 201


def test_listed_on_the_command_line(
    client: FlaskClient, context: AppContext, staff: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(client, staff, "p-1")
    hand_over(client, staff, "p-2", "operator", "o2")
    monkeypatch.setenv("GEOMAP_DATA_DIR", str(context.settings.data_dir))
    ran = CliRunner().invoke(main, ["ledger", "handovers", "--operator", "o"])
    assert ran.exit_code == 0, ran.output
    assert "p-1" in ran.output and "p-2" not in ran.output and "请接手" in ran.output
    ran = CliRunner().invoke(main, ["ledger", "handovers", "--operator", "o", "--json"])
    assert '"waiting"' in ran.output and '"total":1' in ran.output.replace(" ", "")
    assert CliRunner().invoke(main, ["ledger", "handovers", "--operator", "x"]).exit_code == 1
