"""Kept placements over HTTP, for staff: solved here, adopted whole or not at all, told to nobody.

Vacant today: the lab a1 (180 m²) in 龙湾, the lab b1 (320 m²) in 鹿城; the workshop b2
(1,500 m², in parts from 300) comes in March 2027.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geomap.domain import records as r
from geomap.domain.ledger import LedgerState
from geomap.store import ledger_events, write
from geomap.store import placement_scenarios as kept
from geomap.store.changes import changes_since, latest_seq
from geomap.store.ledger import get_line_in, list_events, list_lines
from geomap.store.ledger_write import Act
from geomap.store.read import count, get_unit
from geomap.store.staff_keys import add_staff
from geomap.web import schemas_plans as s
from geomap.web.context import AppContext
from layers.export import export_layer
from layers.registry import LAYERS

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PATH = "/api/v1/placement-scenarios"
LONGWAN, LUCHENG = "330303", "330302"
LAB = {"id": "p1", "name": "司马独一光学", "home_county": LONGWAN, "unit_kinds": ["lab"]}
OTHER = {"id": "p2", "name": "欧阳独二医药", "home_county": LUCHENG, "unit_kinds": ["lab"]}
HALL = {
    "id": "p3", "name": "上官独三机器人", "home_county": LUCHENG, "unit_kinds": ["workshop"],
    "area_m2": {"min": 400, "max": 500}, "move_in": "2027-06-01",
}  # fmt: skip
NAME, NOTE = "绝密一稿", "谁也不许说"
SECRETS = [NAME, NOTE, *(str(project["name"]) for project in (LAB, OTHER, HALL))]


@pytest.fixture(autouse=True)
def clock(context: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    context.follower._interval = 0.0
    ticks = itertools.count()
    monkeypatch.setattr(AppContext, "now", lambda self: NOW.replace(second=next(ticks) % 60))


@pytest.fixture
def key(context: AppContext) -> dict[str, str]:
    return {"Authorization": f"Bearer {add_staff(context.store, '林招商', now=NOW)[1]}"}


class Desk:
    """A member of staff at work."""

    def __init__(self, client: FlaskClient, key: dict[str, str]) -> None:
        self.client, self.key = client, key

    def send(self, method: str, path: str = "", body: Any = None) -> TestResponse:
        more = {} if body is None else {"json": body}
        answer = self.client.open(PATH + path, method=method, headers=self.key, **more)
        assert answer.headers["Cache-Control"] == "no-store"
        return answer

    def save(self, *projects: dict[str, Any], name: str = NAME, **more: Any) -> Any:
        request = {"projects": list(projects), "mode": "stable", "alternatives": 1, **more}
        body = {"name": name, "note": NOTE, "request": request}
        s.PlacementScenarioBody.model_validate(body)
        answer = self.send("POST", "", body)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        s.PlacementScenarioWhole.model_validate(answer.get_json())
        return answer.get_json()

    def act(self, saved: Any, what: str) -> TestResponse:
        return self.send("POST", f"/{saved['id']}/{what}", {"version": saved["version"]})


@pytest.fixture
def desk(client: FlaskClient, key: dict[str, str]) -> Desk:
    return Desk(client, key)


def require_problem(answer: TestResponse, status: int, field: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.get_json()
    assert answer.status_code == status, body
    assert answer.mimetype == "application/problem+json"
    assert (body.get("field", ""), bool(body.get("fix"))) == (field, True), body
    return body


def statuses(context: AppContext) -> dict[str, tuple[str, float]]:
    ids = ("a1", "b1", "b2")
    return {i: (str(u.status), u.area_m2) for i in ids for u in [get_unit(context.store, i)[0]]}


def test_kept_listed_and_read(desk: Desk, context: AppContext) -> None:
    seq = latest_seq(context.store)
    saved = desk.save(LAB, OTHER)
    assert (saved["name"], saved["note"], saved["state"]) == (NAME, NOTE, "draft")
    assert (saved["state_label"], saved["mode"], saved["version"]) == ("草案", "stable", 1)
    assert saved["created_by"] == "林招商" and saved["adopted_at"] is None
    assert {p["project_id"]: p["unit_ids"] for p in saved["answer"]["placements"]} == {
        "p1": ["a1"], "p2": ["b1"],
    }  # fmt: skip
    figures = saved["figures"]
    assert (figures["placed"], figures["projects"], figures["unplaced"]) == (2, 2, 0)
    assert figures["local"] == 2 and figures["demo"] is True and "baseline" not in figures
    page = desk.send("GET").get_json()
    s.PlacementScenarios.model_validate(page)
    assert [item["id"] for item in page["items"]] == [saved["id"]]
    assert page["total"] == 1 and "answer" not in page["items"][0]
    detail = desk.send("GET", f"/{saved['id']}?lang=en").get_json()
    s.PlacementScenarioDetail.model_validate(detail)
    assert (detail["taken"], detail["holds"], detail["state_label"]) == ([], [], "Draft")
    assert {key: detail[key] for key in saved if key != "state_label"} == {
        key: value for key, value in saved.items() if key != "state_label"
    }
    assert latest_seq(context.store) == seq, "the record does not notice"


def test_what_is_kept_can_be_asked_again(desk: Desk, client: FlaskClient) -> None:
    saved = desk.save(LAB, OTHER, HALL)
    again = client.post("/api/v1/placements", json=saved["request"]).get_json()
    for answer in (again, saved["answer"]):
        answer["objective"].pop("seconds")
    assert again == saved["answer"]


def test_only_the_request_is_taken_from_a_client(desk: Desk, context: AppContext) -> None:
    request = {"projects": [LAB], "mode": "stable"}
    wrong: list[dict[str, Any]] = [
        {"answer": {}}, {"placements": []}, {"state": "adopted"}, {"id": "x"},
    ]  # fmt: skip
    for more in wrong:
        answer = desk.send("POST", "", {"name": "a", "request": request, **more})
        require_problem(answer, 422, next(iter(more)))
    answer = desk.send("POST", "", {"name": "a", "request": request | {"placements": []}})
    require_problem(answer, 422, "request.placements")
    assert count(context.store, "placement_scenarios") == 0


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": "长" * 81}, "name"),
    ({"name": "a\nb"}, "name"),
    ({"name": 5}, "name"),
    ({"note": "长" * 2001}, "note"),
    ({"note": ["x"]}, "note"),
    ({"request": None}, "request"),
    ({"request": []}, "request"),
    ({"request": {}}, "request.projects"),
    (
        {"request": {"projects": [LAB | {"home_county": "330999"}]}},
        "request.projects.0.home_county",
    ),
    ({"request": {"projects": [LAB, LAB]}}, "request.projects.1.id"),
    ({"request": {"projects": [LAB], "mode": "best"}}, "request.mode"),
    (
        {
            "request": {
                "projects": [LAB],
                "policy": {"pins": [{"project_id": "p1", "unit_ids": ["a2"]}]},
            }
        },
        "request.policy.pins.0",
    ),
]


@pytest.mark.parametrize(("more", "field"), BAD)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_input_keeps_nothing(
    desk: Desk, context: AppContext, more: dict[str, Any], field: str, language: str
) -> None:
    body = {"name": "a", "request": {"projects": [LAB], "mode": "stable"}} | more
    found = require_problem(desk.send("POST", f"?lang={language}", body), 422, field)
    assert any("\u4e00" <= char <= "\u9fff" for char in found["detail"]) == (language == "zh")
    assert count(context.store, "placement_scenarios") == 0


def test_projects_of_the_record_are_kept_by_their_ids(desk: Desk, context: AppContext) -> None:
    own = r.Project(
        id="real", name="欧阳独二医药", home_county=LUCHENG, demand={"unit_kinds": ["lab"]}
    )
    with context.store.writing("test") as tx:
        write.add_projects(tx, [own])
    request = {"project_ids": ["real"], "mode": "stable"}
    saved = desk.send("POST", "", {"name": "a", "request": request}).get_json()
    assert saved["request"]["project_ids"] == ["real"] and "projects" not in saved["request"]
    assert saved["answer"]["placements"][0]["unit_ids"] == ["b1"]
    answer = desk.send("POST", "", {"name": "a", "request": {"project_ids": ["none"]}})
    require_problem(answer, 404, "request.project_ids.0")


def test_renamed_and_solved_anew(desk: Desk) -> None:
    saved = desk.save(LAB)
    path = f"/{saved['id']}"
    renamed = desk.send("PATCH", path, {"version": 1, "name": "二稿"}).get_json()
    s.PlacementScenarioPatched.model_validate(renamed)
    assert (renamed["name"], renamed["note"], renamed["version"]) == ("二稿", NOTE, 2)
    stale = desk.send("PATCH", path, {"version": 1, "note": "x"})
    body = require_problem(stale, 409, "version")
    assert body["newest"] == renamed
    solved = desk.send("PATCH", path, {"version": 2, "solve": True}).get_json()
    s.PlacementScenarioPatched.model_validate(solved)
    assert solved["request"] == saved["request"] and solved["version"] == 3
    other = {"projects": [OTHER], "mode": "stable"}
    changed = desk.send("PATCH", path, {"version": 3, "request": other}).get_json()
    assert [p["project_id"] for p in changed["answer"]["placements"]] == ["p2"]
    for body, field in (
        ({"name": "x"}, "version"),
        ({"version": 4, "name": ""}, "name"),
        ({"version": 4, "solve": "yes"}, "solve"),
        ({"version": 4, "answer": {}}, "answer"),
        ({"version": 4, "request": {"projects": []}}, "request.projects"),
    ):
        require_problem(desk.send("PATCH", path, body), 422, field)
    assert desk.send("DELETE", path).get_json() == {"id": saved["id"], "deleted": True}
    for method in ("GET", "DELETE"):
        require_problem(desk.send(method, path), 404, "id")
    require_problem(desk.send("PATCH", path, {"version": 4, "name": "x"}), 404, "id")


def test_adopted_the_units_are_held_for_all_to_see(
    desk: Desk, client: FlaskClient, context: AppContext
) -> None:
    saved = desk.save(LAB, HALL)
    adopted = desk.act(saved, "adopt")
    assert adopted.status_code == 200, adopted.get_data(as_text=True)
    body = adopted.get_json()
    s.PlacementScenarioAdopted.model_validate(body)
    assert (body["state"], body["adopted_by"], body["version"]) == ("adopted", "林招商", 2)
    area = saved["answer"]["placements"][1]["units"][0]["area_m2"]
    assert body["holds"] == [
        {"unit_id": "a1", "part_of": None, "project_id": "p1", "area_m2": 180.0, "desks": None},
        {"unit_id": "b2~1", "part_of": "b2", "project_id": "p3", "area_m2": area, "desks": None},
    ]
    assert 400 <= area <= 500

    def unit(unit_id: str) -> tuple[str, float]:
        found = client.get(f"/api/v1/units/{unit_id}").get_json()
        return found["status"], found["area_m2"]

    assert unit("a1") == ("held", 180.0) and unit("b1") == ("vacant", 320.0)
    assert unit("b2~1") == ("held", area) and unit("b2") == ("pipeline", 1500.0 - area)
    labs = client.post("/api/v1/match", json={"unit_kinds": ["lab"]}).get_json()
    assert [one["unit_id"] for one in labs["candidates"]] == ["b1"], "no longer offered"
    items = client.get("/ogc/collections/units/items?limit=100").get_json()["features"]
    held = {i["properties"]["id"] for i in items if i["properties"]["status"] == "held"}
    assert held == {"a1", "b2~1"}
    detail = desk.send("GET", f"/{saved['id']}").get_json()
    assert detail["holds"] == body["holds"] and detail["taken"] == []
    lines = {line.project_id: line for line in list_lines(context.store)}
    assert lines["p1"].fields.unit_ids == ("a1",) and lines["p3"].fields.unit_ids == ("b2~1",)
    assert str(lines["p1"].state) == "recommended"


def test_the_one_that_comes_second_is_told_who_lost(desk: Desk, context: AppContext) -> None:
    first, second = desk.save(LAB, HALL), desk.save(OTHER, LAB | {"id": "p9", "name": "第九家"})
    assert desk.act(first, "adopt").status_code == 200
    before = statuses(context)
    lines = list_lines(context.store)
    body = require_problem(desk.act(second, "adopt"), 409, "placements")
    (lost,) = [s.PlacementTaken.model_validate(place) for place in body["placements"]]
    assert (lost.project_id, lost.name, lost.unit_id) == ("p9", "第九家", "a1")
    assert (lost.why, lost.why_label, lost.status) == ("taken", "已被占用", "held")
    assert "第九家" in body["detail"]
    assert statuses(context) == before and list_lines(context.store) == lines
    detail = desk.send("GET", f"/{second['id']}").get_json()
    assert detail["taken"] == body["placements"] and detail["state"] == "draft"
    anew = desk.send("PATCH", f"/{second['id']}", {"version": 1, "solve": True}).get_json()
    assert desk.act(anew, "adopt").get_json()["holds"][0]["unit_id"] == "b1"


def test_released_all_is_as_before(desk: Desk, context: AppContext) -> None:
    before = statuses(context)
    saved = desk.save(LAB, HALL)
    adopted = desk.act(saved, "adopt").get_json()
    for version in (1, 2):
        again = desk.act(adopted | {"version": version}, "adopt")
        require_problem(again, 409, "version" if version == 1 else "state")
    require_problem(desk.send("DELETE", f"/{saved['id']}"), 409, "state")
    answer = desk.send("PATCH", f"/{saved['id']}", {"version": 2, "solve": True})
    require_problem(answer, 409, "state")
    released = desk.act(adopted, "release").get_json()
    s.PlacementScenarioReleased.model_validate(released)
    assert (released["freed"], released["joined"]) == (["a1"], ["b2~1"])
    assert (released["apart"], released["kept"], released["state"]) == ([], [], "released")
    assert statuses(context) == before
    assert {str(line.state) for line in list_lines(context.store)} == {"found"}
    for what in ("adopt", "release"):
        require_problem(desk.act(released, what), 409, "state")
    assert desk.send("DELETE", f"/{saved['id']}").status_code == 200


def test_what_was_let_meanwhile_is_told(desk: Desk, context: AppContext) -> None:
    adopted = desk.act(desk.save(LAB, OTHER), "adopt").get_json()
    with context.store.writing("operator") as tx:
        write.update_unit(tx, "b1", {"status": "leased"}, version=2)
    released = desk.act(adopted, "release").get_json()
    assert released["freed"] == ["a1"]
    assert released["kept"] == [
        {
            "project_id": "p2", "unit_id": "b1", "why": "changed", "why_label": "已改动",
            "status": "leased", "status_label": "已租",
        }
    ]  # fmt: skip


def test_units_of_who_signed_are_told_and_stay(desk: Desk, context: AppContext) -> None:
    adopted = desk.act(desk.save(LAB, OTHER), "adopt").get_json()
    act = Act("林", context.now(), context.today())

    def to(state: LedgerState) -> None:
        with context.store.writing("ledger") as tx:
            line = get_line_in(tx, "p2")
            ledger_events.move_line(tx, line, state, act, note="合同")

    to(LedgerState.MOVED_IN)
    released = desk.act(adopted, "release").get_json()
    s.PlacementScenarioReleased.model_validate(released)
    assert released["freed"] == ["a1"] and statuses(context)["b1"][0] == "held"
    assert [(k["unit_id"], k["why"], k["why_label"]) for k in released["kept"]] == [
        ("b1", "signed", "已签约或入驻")
    ]
    others = list_events(context.store, "p1")
    to(LedgerState.LOST)
    again = desk.act(released, "release").get_json()
    assert (again["freed"], again["kept"]) == (["b1"], [])
    assert list_events(context.store, "p1") == others
    require_problem(desk.act(again, "release"), 409, "state")


def test_two_side_by_side(desk: Desk) -> None:
    a = desk.save(LAB, OTHER)
    b = desk.save(LAB, OTHER, HALL, policy={"reserved": ["b1"]}, name="二稿")
    found = desk.send("GET", f"/compare?a={a['id']}&b={b['id']}").get_json()
    s.PlacementCompare.model_validate(found)
    assert (found["a"]["name"], found["b"]["name"]) == (NAME, "二稿")
    assert found["counts"] == {
        "moved": 0, "newly_placed": 0, "lost_place": 1, "gained": 0, "lost": 0, "only_a": 0,
        "only_b": 1, "same": 1, "unplaced": 0,
    }  # fmt: skip
    (lost,) = found["lost_place"]
    assert (lost["project_id"], lost["b"], lost["a"]["unit_ids"]) == ("p2", None, ["b1"])
    assert found["only_b"][0]["b"]["unit_ids"] == ["b2"]
    back = desk.send("GET", f"/compare?a={b['id']}&b={a['id']}").get_json()
    assert [one["project_id"] for one in back["newly_placed"]] == ["p2"]
    pinned = desk.save(LAB, policy={"pins": [{"project_id": "p1", "unit_ids": ["b1"]}]})
    moved = desk.send("GET", f"/compare?a={a['id']}&b={pinned['id']}").get_json()
    (one,) = moved["moved"]
    assert (one["a"]["unit_ids"], one["b"]["unit_ids"]) == (["a1"], ["b1"])
    assert one["gain"] == pytest.approx(one["b"]["score"] - one["a"]["score"], abs=1e-6)
    for query, field in (("", "a"), (f"?a={a['id']}", "b"), ("?a=x&b=y", "id")):
        answer = desk.send("GET", f"/compare{query}")
        require_problem(answer, 404 if field == "id" else 422, field)


def test_progress_is_told_in_lines(desk: Desk, client: FlaskClient, context: AppContext) -> None:
    body = {"name": "a", "request": {"projects": [LAB], "mode": "stable"}}
    headers = desk.key | {"Accept": "application/x-ndjson"}
    answer = client.post(PATH, json=body, headers=headers)
    lines = [orjson.loads(line) for line in answer.get_data().splitlines()]
    s.PlacementScenarioWhole.model_validate(lines[-1]["result"])
    assert count(context.store, "placement_scenarios") == 1


def test_a_body_that_is_too_large(desk: Desk, client: FlaskClient) -> None:
    large = b'{"name": "' + b"x" * 4_000_000 + b'"}'
    answer = client.post(PATH, data=large, content_type="application/json", headers=desk.key)
    assert answer.status_code == 413
    many = [LAB | {"id": f"#{i}"} for i in range(5_001)]
    body = {"name": "a", "request": {"projects": many}}
    require_problem(desk.send("POST", "", body), 422, "request.projects")


def test_a_very_large_answer_is_kept_without_the_least_needed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = desk.save(LAB, OTHER, alternatives=5)
    least = kept.size_of(whole["answer"]) - 100
    monkeypatch.setattr(kept, "MOST_RESULT_BYTES", least)
    smaller = desk.save(LAB, OTHER, alternatives=5)["answer"]["placements"][0]
    assert whole["answer"]["placements"][0]["alternatives"] and not smaller["alternatives"]
    assert smaller["criteria"] and smaller["tried"]


ROUTES = [
    ("GET", ""), ("POST", ""), ("GET", "/compare"), ("GET", "/{id}"), ("PATCH", "/{id}"),
    ("DELETE", "/{id}"), ("POST", "/{id}/adopt"), ("POST", "/{id}/release"),
]  # fmt: skip


def test_the_routes_are_all_there_are(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    told = {
        (method.upper(), path[len(PATH) :].replace("{placement_id}", "{id}"))
        for path, operations in paths.items()
        if path.startswith(PATH)
        for method in operations
    }
    assert told == set(ROUTES)


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_key_nothing_is_told_or_done(
    desk: Desk, client: FlaskClient, context: AppContext, method: str, path: str
) -> None:
    saved = desk.save(LAB)
    address = PATH + path.replace("{id}", saved["id"])
    for given in ("", "Bearer gms_x", "Bearer gmo_x", desk.key["Authorization"] + "x"):
        headers = {"Authorization": given} if given else {}
        body = {"version": 1, "name": "x", "request": {"projects": [LAB]}}
        answer = client.open(address, method=method, json=body, headers=headers)
        require_problem(answer, 401, "Authorization")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="staff"'
        assert not any(secret in answer.get_data(as_text=True) for secret in SECRETS)
    assert kept.get_placement(context.store, saved["id"]).version == 1
    assert statuses(context)["a1"] == ("vacant", 180.0)


def _public(client: FlaskClient) -> Iterator[str]:
    """Every address that answers without a key: all of the API's, layers, tiles, pages."""
    values = {"site_id": "beta", "unit_id": "b2~1", "collection_id": "units", "feature_id": "1"}
    values |= {"z": "12", "y": "1713", "x": "3421"}
    for path, operations in client.get("/api/v1/openapi.json").get_json()["paths"].items():
        if "get" in operations:
            yield path.format_map(_Any(values))
    yield from ("/", "/metrics", "/readyz", "/api/v1/plan/records?indicator=space")
    yield from (f"/api/v1/search?q={name}" for name in SECRETS)
    yield "/api/v1/units/a1"
    for layer in LAYERS:
        yield from (f"/ogc/collections/{layer}/items?limit=10000&f={f}" for f in ("json", "html"))
        yield f"/ogc/collections/{layer}/tiles/WebMercatorQuad/8/107/213"


class _Any(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "x"


def test_names_are_nowhere_else(
    desk: Desk, client: FlaskClient, context: AppContext, data_dir: Path, tmp_path: Path
) -> None:
    seq = latest_seq(context.store)
    desk.act(desk.save(LAB, OTHER, HALL), "adopt")
    desk.save(LAB, HALL)
    secrets = [text.encode() for text in SECRETS]
    escaped = [orjson.dumps(text).strip(b'"') for text in SECRETS]
    for path in _public(client):
        found = client.get(path).get_data()
        told = found.replace(path.encode(), b"")
        assert not any(text in told for text in (*secrets, *escaped)), path
    catalog = context.catalog
    for layer in LAYERS:
        target = tmp_path / f"{layer}.csv"
        export_layer(catalog, layer, target)
        assert not any(text in target.read_bytes() for text in secrets)
    for change in changes_since(context.store, seq):
        assert not any(text in str(change) for text in SECRETS)
    for file in (data_dir / "snapshot").rglob("*"):
        if file.is_file():
            assert not any(text in file.read_bytes() for text in secrets), file
