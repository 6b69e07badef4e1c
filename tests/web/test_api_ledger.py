"""The ledger over HTTP: for staff alone, every step with its reason, and the public figure."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from geomap.store.ledger import list_events, list_lines
from geomap.store.read import count
from geomap.web import schemas_ledger as s
from geomap.web import schemas_match as m
from geomap.web.context import AppContext
from tests.web.desk import NAME, NOW, add_projects, make_key, require_problem

LEDGER = "/api/v1/ledger"
HAND = {
    "name": "手工 <b>项目</b>", "industry": "robotics", "home_county": "330302",
    "next_step": "约看房", "due_on": "2026-11-23", "note": "来自走访", "on": "2026-11-20",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppContext, "now", lambda self: NOW)


@pytest.fixture
def key(context: AppContext) -> dict[str, str]:
    add_projects(context, "p-1", "p-2")
    return make_key(context)


def add(client: FlaskClient, key: dict[str, str], **body: Any) -> dict[str, Any]:
    answer = client.post(LEDGER, json=body, headers=key)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    s.LedgerProject.model_validate(found)
    return found


def happen(
    client: FlaskClient, key: dict[str, str], line: dict[str, Any], **body: Any
) -> dict[str, Any]:
    path = f"{LEDGER}/{line['project_id']}/events"
    answer = client.post(path, json={"version": line["version"], **body}, headers=key)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    s.LedgerProject.model_validate(found)
    return found


def test_a_project_of_the_record_brings_what_is_known(
    client: FlaskClient, key: dict[str, str]
) -> None:
    line = add(client, key, project_id="p-1")
    assert (line["name"], line["industry"], line["home_county"]) == (
        "项目p-1", "eye_health", "330303",
    )  # fmt: skip
    assert (line["state"], line["owner"], line["current_site_name"]) == (
        "found", NAME, "阿尔法孵化器",
    )  # fmt: skip
    (event,) = line["events"]
    assert (event["kind"], event["by"], event["kind_label"]) == ("added", NAME, "入账")
    answer = client.post(LEDGER, json={"project_id": "p-1"}, headers=key)
    require_problem(answer, 409, "project_id")


def test_one_added_by_hand(client: FlaskClient, key: dict[str, str]) -> None:
    line = add(client, key, **HAND)
    assert line["project_id"].startswith("hand-") and line["overdue"] is True
    assert line["state_on"] == "2026-11-20" and line["events"][0]["note"] == "来自走访"
    page = client.get(f"{LEDGER}?overdue=1&lang=en", headers=key).get_json()
    s.Ledger.model_validate(page)
    assert [i["name"] for i in page["items"]] == [HAND["name"]]
    assert page["items"][0]["state_label"] == "Found"
    for query, total in (("state=signed", 0), ("county=330302", 1), (f"owner={NAME}", 1)):
        assert client.get(f"{LEDGER}?{query}", headers=key).get_json()["total"] == total


def test_the_way_of_a_project(client: FlaskClient, key: dict[str, str]) -> None:
    line = add(client, key, project_id="p-1")
    line = happen(
        client, key, line, kind="state", state="signed", site_id="alpha", unit_ids=["a1"],
        on="2026-11-02",
    )  # fmt: skip
    assert (line["state"], line["state_on"], line["site_id"], line["unit_ids"]) == (
        "signed", "2026-11-02", "alpha", ["a1"],
    )  # fmt: skip
    assert line["local"] is True and line["landed_county"] == "330303"
    path = f"{LEDGER}/p-1/events"
    back = {"version": line["version"], "kind": "state", "state": "found"}
    require_problem(client.post(path, json=back, headers=key), 422, "note")
    lost = back | {"state": "lost"}
    require_problem(client.post(path, json=lost, headers=key), 422, "note")
    line = happen(client, key, line, kind="state", state="lost", note="迁往外地")
    assert (line["lost_why"], line["state_label"]) == ("迁往外地", "流失")
    line = happen(client, key, line, kind="undo")
    assert (line["state"], line["lost_why"]) == ("signed", "")
    assert [e["kind"] for e in line["events"]] == ["added", "state", "state", "undo"]
    assert line["events"][3]["undoes"] == line["events"][2]["id"]
    line = happen(client, key, line, kind="note", note="电话\n谈过")
    require_problem(client.post(path, json=back, headers=key), 409, "version")
    seen = client.get(f"{LEDGER}/p-1", headers=key)
    assert seen.get_json() == line and seen.headers["Cache-Control"] == "no-store"


def test_handed_over_and_back(client: FlaskClient, key: dict[str, str]) -> None:
    line = add(client, key, project_id="p-1")
    line = happen(client, key, line, kind="handover", to={"kind": "operator", "id": "o"})
    assert line["handover"]["to"]["name"] == "阿尔法运营" and line["holder"] is None
    assert line["handover"]["from"] == {
        "kind": "staff", "kind_label": "招商人员", "id": NAME, "name": NAME,
    }  # fmt: skip
    line = happen(client, key, line, kind="accept")
    assert line["handover"] is None and line["holder"]["id"] == "o" and line["owner"] == NAME
    line = happen(client, key, line, kind="handover", to={"kind": "site", "id": "alpha"})
    line = happen(client, key, line, kind="decline", note="没有空间")
    assert line["holder"]["id"] == "o"
    line = happen(client, key, line, kind="handover", to={"kind": "staff", "id": "小林"})
    line = happen(client, key, line, kind="accept")
    assert (line["owner"], line["holder"]["kind"]) == ("小林", "staff")
    path = f"{LEDGER}/p-1/events"
    for to, field in (
        ({"kind": "operator", "id": "none"}, "to.id"),
        ({"kind": "operator", "id": 5}, "to.id"),
        ({"kind": "site", "id": "none"}, "to.id"),
        ({"kind": "mayor", "id": "x"}, "to.kind"),
        ({"kind": "staff", "id": ""}, "to.id"),
        (None, "to"),
    ):
        body = {"version": line["version"], "kind": "handover", "to": to}
        require_problem(client.post(path, json=body, headers=key), 422, field)
    require_problem(
        client.post(path, json={"version": line["version"], "kind": "accept"}, headers=key),
        409, "kind",
    )  # fmt: skip


def test_an_edit(client: FlaskClient, key: dict[str, str]) -> None:
    line = add(client, key, project_id="p-1", site_id="alpha", unit_ids=["a1"])
    path = f"{LEDGER}/p-1"

    def patch(**body: Any) -> Any:
        return client.patch(path, json={"version": line["version"], **body}, headers=key)

    line = patch(owner="小林", due_on="2026-12-01", published=True).get_json()
    s.LedgerProject.model_validate(line)
    assert (line["owner"], line["published"], line["version"]) == ("小林", True, 2)
    assert line["events"][-1]["before"]["owner"] == NAME
    line = patch(site_id="beta").get_json()
    assert (line["site_id"], line["unit_ids"], line["local"]) == ("beta", [], False)
    line = patch(place_adcode="330303").get_json()
    assert (line["site_id"], line["place_adcode"], line["local"]) == ("", "330303", True)
    line = patch(site_id="alpha", unit_ids=["a2"]).get_json()
    assert (line["site_id"], line["place_adcode"]) == ("alpha", "")
    require_problem(patch(owner="小林"), 422, "body")
    require_problem(client.patch(path, json={"owner": "x"}, headers=key), 422, "version")
    stale = client.patch(path, json={"owner": "x", "version": 1}, headers=key)
    require_problem(stale, 409, "version")


BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "name"),
    ({"name": " "}, "name"),
    ({"name": "长" * 201}, "name"),
    ({"name": "a\x00b"}, "name"),
    ({"name": "x", "industry": "none"}, "industry"),
    ({"name": "x", "industry": 5}, "industry"),
    ({"name": "x", "home_county": "310000"}, "home_county"),
    ({"name": "x", "current_site": "none"}, "current_site"),
    ({"name": "x", "site_id": ["alpha"]}, "site_id"),
    ({"name": "x", "site_id": "alpha", "unit_ids": ["b1"]}, "unit_ids[0]"),
    ({"name": "x", "unit_ids": ["a1"]}, "unit_ids[0]"),
    ({"name": "x", "unit_ids": "a1"}, "unit_ids"),
    ({"name": "x", "unit_ids": [["a1"]]}, "unit_ids[0]"),
    ({"name": "x", "site_id": "alpha", "place_adcode": "330303"}, "place_adcode"),
    ({"name": "x", "place_adcode": "999999"}, "place_adcode"),
    ({"name": "x", "due_on": "1.12.2026"}, "due_on"),
    ({"name": "x", "due_on": "2026-02-30"}, "due_on"),
    ({"name": "x", "due_on": 20261201}, "due_on"),
    ({"name": "x", "on": "2026-11-25"}, "on"),
    ({"name": "x", "owner": "长" * 41}, "owner"),
    ({"name": "x", "next_step": "长" * 201}, "next_step"),
    ({"name": "x", "published": "yes"}, "published"),
    ({"name": "x", "state": "dead"}, "state"),
    ({"name": "x", "state": "lost"}, "note"),
    ({"name": "x", "project_id": "a/b"}, "project_id"),
    ({"name": "x", "project_id": 5}, "project_id"),
    ({"name": "x", "project_id": "summary"}, "project_id"),
    ({"name": "x", "project_id": "file"}, "project_id"),
    ({"name": "x", "holder": "o"}, "holder"),
]


@pytest.mark.parametrize(("body", "field"), BAD)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_input_stores_nothing(
    client: FlaskClient, context: AppContext, body: dict[str, Any], field: str, language: str
) -> None:
    answer = client.post(f"{LEDGER}?lang={language}", json=body, headers=make_key(context))
    found = require_problem(answer, 422, field)
    assert any("\u4e00" <= char <= "\u9fff" for char in found["detail"]) == (language == "zh")
    assert count(context.store, "ledger_lines") == count(context.store, "ledger_events") == 0


def test_bad_events(client: FlaskClient, key: dict[str, str], context: AppContext) -> None:
    line = add(client, key, project_id="p-1")
    path = f"{LEDGER}/p-1/events"
    for body, status, field in (
        ({"kind": "state", "state": "found", "note": "x"}, 422, "state"),
        ({"kind": "state"}, 422, "state"),
        ({"kind": "change"}, 422, "kind"),
        ({"kind": ["state"]}, 422, "kind"),
        ({}, 422, "kind"),
        ({"kind": "note"}, 422, "note"),
        ({"kind": "note", "note": "x" * 1001}, 422, "note"),
        ({"kind": "undo"}, 409, "kind"),
        ({"kind": "state", "state": "signed", "on": "2027-01-01"}, 422, "on"),
        ({"kind": "state", "state": "signed", "site_id": "none"}, 422, "site_id"),
    ):
        sent = client.post(path, json={"version": line["version"], **body}, headers=key)
        require_problem(sent, status, field)
    none = client.post(f"{LEDGER}/none/events", json={"version": 1, "kind": "undo"}, headers=key)
    require_problem(none, 404, "project_id")
    assert len(list_events(context.store, "p-1")) == 1


def test_without_a_key_nothing_is_told(client: FlaskClient, key: dict[str, str]) -> None:
    add(client, key, project_id="p-1")
    asked = [
        client.get(LEDGER), client.get(f"{LEDGER}/p-1"), client.get(f"{LEDGER}/none"),
        client.get(f"{LEDGER}/summary"), client.get(f"{LEDGER}/file"),
        client.post(LEDGER, data="{", content_type="application/json"),
        client.patch(f"{LEDGER}/p-1", json={}), client.post(f"{LEDGER}/p-1/events", json={}),
    ]  # fmt: skip
    bodies = [require_problem(answer, 401, "Authorization") for answer in asked]
    assert len({body["detail"] for body in bodies}) == 1
    assert all(a.headers["WWW-Authenticate"].startswith("Bearer") for a in asked)


def test_numbers_open_to_their_rows(client: FlaskClient, key: dict[str, str]) -> None:
    add(client, key, project_id="p-1", state="producing", site_id="alpha", on="2026-05-01")
    add(client, key, project_id="p-2", state="signed", site_id="beta")
    add(client, key, **HAND)
    found = client.get(f"{LEDGER}/summary", headers=key).get_json()
    s.LedgerSummary.model_validate(found)
    states = {g["key"]: (g["count"], g["project_ids"], g["label"]) for g in found["by_state"]}
    assert states["producing"] == (1, ["p-1"], "投产") and states["moved_in"][0] == 0
    assert [(g["key"], g["count"]) for g in found["by_county"]] == [("330302", 1), ("330303", 2)]
    assert found["by_owner"] == [
        {"key": NAME, "label": NAME, "count": 3, "project_ids": [
            "hand-" + found["overdue"]["project_ids"][0][5:], "p-1", "p-2",
        ]},
    ]  # fmt: skip
    assert found["overdue"]["count"] == 1 and found["total"] == 3
    figure = found["graduates"]
    assert (figure["target"], figure["done"], figure["signed"]) == (300, 1, 0)
    assert figure["records"]["done"] == ["p-1"] and figure["from_20_incubators"] is None
    assert "20孵化器" in figure["source"] and "入选" in figure["note"]


def test_the_public_figure_counts_what_staff_published(
    client: FlaskClient, key: dict[str, str]
) -> None:
    def figure() -> dict[str, Any]:
        answer = client.get("/api/v1/plan/progress").get_json()
        m.Progress.model_validate(answer)
        found: dict[str, Any] = answer["graduates"]
        return found

    add(client, key, project_id="p-1", state="producing", site_id="alpha")
    assert figure()["done"] == 0 and "p-1" not in str(figure())
    add(client, key, project_id="p-2", state="producing", site_id="alpha", published=True)
    assert (figure()["done"], figure()["records"]["done"]) == (1, ["p-2"])
    assert [p["name"] for p in figure()["projects"]] == ["项目p-2"]
    assert "项目p-1" not in str(figure())


def test_files(client: FlaskClient, key: dict[str, str]) -> None:
    add(client, key, **HAND | {"name": "=1+1"})
    answer = client.get(f"{LEDGER}/file", headers=key)
    assert answer.headers["Cache-Control"] == "no-store"
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["项目编号", "项目"] and rows[1][1] == "=1+1"
    text = client.get(f"{LEDGER}/file?f=csv&lang=en", headers=key).data.decode("utf-8-sig")
    assert text.startswith("Project id,Project,") and ",'=1+1," in text
    assert len(client.get(f"{LEDGER}/file?f=csv&state=lost", headers=key).data.splitlines()) == 1
    require_problem(client.get(f"{LEDGER}/file?f=pdf", headers=key), 422, "f")


def test_ids_of_uploaded_projects_may_hold_anything(
    client: FlaskClient, context: AppContext, key: dict[str, str]
) -> None:
    from geomap.store.ledger_adoption import Adopted, record_adoption
    from geomap.store.ledger_write import Place

    with context.store.writing("adopt") as tx:
        row = Adopted(project_id="甲/2 号", name="甲", place=Place(site_id="alpha"))
        record_adoption(tx, [row], NAME, NOW, on=context.today(), reference="sc")
    (line,) = list_lines(context.store)
    found = client.get(f"{LEDGER}/甲/2 号", headers=key).get_json()
    assert (found["project_id"], found["state"]) == (line.project_id, "recommended")
    assert found["events"][-1]["source_label"] == "落地方案"
    happen(client, key, found, kind="note", note="x")
