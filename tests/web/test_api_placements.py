"""Placing projects over HTTP, in a world whose answers are known by thought.

Vacant today: alpha (龙湾) has the lab a1 of 180 m² and the office a3 of 60 m², beta (鹿城) the
lab b1 of 320 m²; nowhere has six desks, and nobody knows in which county.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
import python_calamine
from flask.testing import FlaskClient

from geomap.domain import records as r
from geomap.domain.entries import EntryDraft, EntryKind, Visibility
from geomap.domain.errors import BusyError, Cancelled, InputError
from geomap.domain.placement import Outcome
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.store import write
from geomap.store.entries import add_entry
from geomap.web import stream, view_placements
from geomap.web.context import AppContext
from geomap.web.schemas_placed import PlacementAnswer
from geomap.web.schemas_placements import PlacementBody
from geomap.web.staff import Staff
from tests.web.world import SOUTH, STEP, TODAY, WEST

PATH = "/api/v1/placements"
LONGWAN, LUCHENG, DONGTOU = "330303", "330302", "330305"
FIRST = {"id": "p1", "name": "澜目光学", "home_county": LONGWAN, "unit_kinds": ["lab"]}
SECOND = {"id": "p2", "home_county": LONGWAN, "unit_kinds": ["lab"], "current_site": "alpha"}
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def ask(client: FlaskClient, *projects: dict[str, Any], query: str = "", **more: Any) -> Any:
    body = {"projects": list(projects), **more} if projects else more
    PlacementBody.model_validate(body)
    answer = client.post(PATH + query, json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    PlacementAnswer.model_validate(answer.get_json())
    return answer.get_json()


def places(answer: Any) -> dict[str, list[str]]:
    return {p["project_id"]: p["unit_ids"] for p in answer["placements"]}


@pytest.mark.parametrize("mode", ["optimal", "stable"])
def test_nothing_is_given_twice_and_the_log_says_why(client: FlaskClient, mode: str) -> None:
    answer = ask(client, FIRST, SECOND, mode=mode)
    found = places(answer)
    assert sorted(unit for units in found.values() for unit in units) == ["a1", "b1"]
    assert (answer["mode"], answer["date"], answer["demo"]) == (mode, TODAY.isoformat(), True)
    assert answer["unplaced"] == []
    figures = answer["objective"]
    assert (figures["placed"], figures["projects"], figures["local"]) == (2, 2, 1)
    assert figures["by_step"] == {
        "local": 1, "other_county": 1, "state_owned_park": 0, "custom_build": 0,
    }  # fmt: skip
    total = sum(p["value"] for p in answer["placements"])
    assert figures["total"] == pytest.approx(total)
    assert figures["total"] >= figures["baseline"]["total"]
    one = next(p for p in answer["placements"] if p["unit_ids"] == ["b1"])
    assert (one["step"], one["step_label"], one["adcode"]) == ("other_county", "跨县", LUCHENG)
    assert one["demo"] is True, "the place is made up"
    local, other, park, build = one["tried"]
    assert (local["outcome"], other["outcome"]) == (Outcome.TAKEN, Outcome.PLACED)
    assert local["taken_by"] == [p for p, units in found.items() if units == ["a1"]]
    assert [t["step"] for t in (park, build)] == ["state_owned_park", "custom_build"]
    if mode == "optimal":
        assert (figures["bound"], figures["gap"]) == (pytest.approx(total), 0.0)
    else:
        assert (figures["bound"], figures["blocking_pairs"]) == (None, 0)


def test_one_place_in_full(client: FlaskClient) -> None:
    project = FIRST | {"current_site": "beta", "headcount": 12, "area_m2": {"max": 200}}
    answer = ask(client, project | {"industry": "eye_health", "priority": 1})
    (one,) = answer["placements"]
    assert one["units"] == [
        {"id": "a1", "building": "A", "floor": 3, "room": "a1", "kind": "lab", "area_m2": 180.0,
         "desks": 0, "whole": True}
    ]  # fmt: skip
    assert (one["site_id"], one["site_name"], one["county_name"]) == (
        "alpha", "阿尔法孵化器", "龙湾区",
    )  # fmt: skip
    assert (one["name"], one["headcount"], one["area_m2"]) == ("澜目光学", 12, 180.0)
    assert (one["industry"], one["wanted_m2"]) == ("eye_health", {"min": None, "max": 200.0})
    assert one["from"]["site_id"] == "beta" and one["to"] == {"lon": 120.7, "lat": 28.0}
    assert one["distance_m"] == pytest.approx(2_964, abs=5), "20 × 98.4 east, 20 × 110.8 north"
    assert (one["stays"], one["rank"], one["pinned"], one["demo"]) == (False, 1, False, False)
    assert sum(part["points"] for part in one["criteria"]) == pytest.approx(one["score"])
    (county,) = answer["fairness"]["by_county"]
    assert (county["adcode"], county["placed"], county["local"]) == (LONGWAN, 1, 1)
    assert [size["size"] for size in answer["fairness"]["by_size"]] == ["small"]
    assert answer["fairness"]["worst"]["regret"] == 0.0


def test_who_stays_does_not_travel(client: FlaskClient) -> None:
    (one,) = ask(client, SECOND)["placements"]
    assert (one["stays"], one["distance_m"], one["unit_ids"]) == (True, 0.0, ["a1"])


def test_a_present_address_that_is_no_site(client: FlaskClient) -> None:
    (one,) = ask(client, FIRST | {"current_site": "永中街道老厂房"})["placements"]
    assert one["from"] == {
        "site_id": "", "name": "永中街道老厂房", "adcode": LONGWAN, "lon": None, "lat": None,
    }  # fmt: skip
    assert one["distance_m"] is None


def test_unplaced_with_what_would_be_needed(client: FlaskClient) -> None:
    big = {"id": "big", "home_county": DONGTOU, "unit_kinds": ["workshop"], "current_site": "far"}
    big |= {"area_m2": {"min": 5_000}, "requires": {"floor_load_kn_m2": 20}}
    answer = ask(client, big, FIRST)
    (left,) = answer["unplaced"]
    assert left["home_county_name"] == "洞头区" and left["from"]["name"] == "海岛基地"
    assert [t["step"] for t in left["tried"]] == [
        "local", "other_county", "state_owned_park", "custom_build",
    ]  # fmt: skip
    assert left["build"]["floor_area_m2"] >= 5_000 and left["build"]["listing"] is None
    assert "20 kN/㎡" in left["build"]["needs"]
    assert answer["objective"]["placed"] == 1


def test_alternatives_are_other_places(client: FlaskClient) -> None:
    answer = ask(client, FIRST, SECOND, alternatives=20)
    for one in answer["placements"]:
        (other,) = one["alternatives"]
        assert other["unit_ids"] != one["unit_ids"]
        assert other["taken_by"] == [p for p, u in places(answer).items() if u == other["unit_ids"]]
    assert all(not p["alternatives"] for p in ask(client, FIRST, alternatives=0)["placements"])


def test_a_pin_a_forbid_and_a_reserve(client: FlaskClient) -> None:
    pin = {"pins": [{"project_id": "p1", "unit_ids": ["b1"]}]}
    answer = ask(client, FIRST, SECOND, policy=pin)
    assert places(answer) == {"p1": ["b1"], "p2": ["a1"]}
    assert [p["pinned"] for p in answer["placements"]] == [True, False]
    forbid = {"forbids": [{"project_id": "p1", "site_id": "alpha"}]}
    assert places(ask(client, FIRST, policy=forbid)) == {"p1": ["b1"]}
    assert places(ask(client, FIRST, policy={"reserved": ["a1"]})) == {"p1": ["b1"]}
    assert answer["policy"]["pins"] == pin["pins"]
    assert answer["policy"]["margins"] == {"other_county": 0.1, "state_owned_park": 0.15}


def test_what_was_is_kept_where_it_is_as_good(client: FlaskClient) -> None:
    """Both ask for the same: the one that had alpha before has it again."""
    alike = SECOND | {"current_site": ""}
    for one, other in (("p1", "p2"), ("p2", "p1")):
        keep = {"keep": {one: ["a1"], other: ["b1"]}}
        answer = ask(client, FIRST | {"name": ""}, alike, policy=keep)
        assert places(answer) == {one: ["a1"], other: ["b1"]}
        assert (answer["objective"]["kept"], answer["objective"]["moved"]) == (2, 0)


def test_english(client: FlaskClient) -> None:
    (one,) = ask(client, FIRST, query="?lang=en")["placements"]
    assert (one["step_label"], one["county_name"]) == ("Local", "Longwan")
    assert one["tried"][0]["label"] == "Local" and one["reason"].isascii()


def test_a_walk_to_be_near(client: FlaskClient) -> None:
    """Ten minutes from beta's corner only beta is reached; off the streets nothing is."""
    near = {"lon": WEST + 19 * STEP, "lat": SOUTH + 20 * STEP, "minutes": 10}
    assert places(ask(client, FIRST | {"near": near})) == {"p1": ["b1"]}
    answer = ask(client, FIRST | {"near": {"lon": 119.0, "lat": 27.0, "minutes": 60}})
    assert answer["placements"] == []
    assert "near" in answer["unplaced"][0]["tried"][0]["rejected"]


def test_a_walk_without_streets(client: FlaskClient, context: AppContext) -> None:
    (context.settings.data_dir / "network").unlink()
    near = {"lon": WEST, "lat": SOUTH, "minutes": 10}
    answer = client.post(PATH, json={"projects": [FIRST | {"near": near}]})
    assert (answer.status_code, answer.get_json()["field"]) == (503, "network")
    assert places(ask(client, FIRST)) == {"p1": ["a1"]}, "who asks for no walk needs no streets"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"projects": []}, "projects"),
        ({"projects": [FIRST, FIRST]}, "projects.1.id"),
        ({"projects": [{"id": "a", "home_county": "1"}]}, "projects.0.home_county"),
        ({"projects": [FIRST | {"area_m2": {"min": 9, "max": 1}}]}, "projects.0.area_m2"),
        ({"projects": [FIRST], "policy": {"steps": []}}, "policy.steps"),
    ],
)
@pytest.mark.parametrize("path", [PATH, f"{PATH}/file"])
def test_refused_with_its_field(client: FlaskClient, path: str, body: object, field: str) -> None:
    answer = client.post(path, json=body)
    problem = answer.get_json()
    assert (answer.status_code, problem["field"]) == (422, field)
    assert problem["detail"] and problem["fix"]
    english = client.post(f"{path}?lang=en", json=body).get_json()
    assert english["detail"].isascii() and english["detail"] != problem["detail"]


@pytest.mark.parametrize("units", [["none"], ["a2"], ["a3"], ["a1", "b1"]])
def test_pins_that_cannot_be(client: FlaskClient, units: list[str]) -> None:
    """No such unit; one that is let; of another kind; not on one floor."""
    policy = {"pins": [{"project_id": "p1", "unit_ids": units}]}
    answer = client.post(PATH, json={"projects": [FIRST], "policy": policy})
    assert answer.status_code in (404, 422)
    assert answer.get_json()["field"].startswith("policy.pins.0")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"projects": [{"home_county": "330303", "headcount": NaN}]}', "application/json", 422),
        (b'{"projects": [{"home_county": "330303", "headcount": 1e999}]}', "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"[" * 100_000, "application/json", 422),
    ],
)
def test_bodies_that_are_none(client: FlaskClient, content: bytes, kind: str, status: int) -> None:
    assert client.post(PATH, data=content, content_type=kind).status_code == status


def test_how_large_a_body_may_be(client: FlaskClient) -> None:
    """More than a demand may have, and what is too much is said as it is."""
    wordy = [FIRST | {"id": f"p{i}", "name": "长" * 150} for i in range(3_000)]
    reserved = {"reserved": ["x"]}
    answer = client.post(PATH, json={"projects": wordy, "policy": reserved, "mode": "best"})
    assert (answer.status_code, answer.get_json()["field"]) == (422, "mode"), "it was read"
    huge = client.post(PATH, data=b" " * 10_000_001, content_type="application/json")
    assert huge.status_code == 413
    assert "10 MB" in huge.get_json()["detail"]


def test_five_thousand_and_one(client: FlaskClient) -> None:
    many = [{"id": str(i), "home_county": LONGWAN} for i in range(5_001)]
    problem = client.post(PATH, json={"projects": many}).get_json()
    assert (problem["status"], problem["field"]) == (422, "projects")
    assert "5,000" in problem["detail"]


def add_projects(context: AppContext) -> None:
    demand = demand_to_json(parse_demand({"unit_kinds": ["lab"]}))
    made = [
        r.Project(id="made-up", name="演示项目", home_county=LONGWAN, demand=demand, demo=True),
        r.Project(id="real", name="真项目", home_county=LONGWAN, demand=demand, priority=1),
        r.Project(id="homeless", name="无属地", home_county="", demand=demand, demo=True),
    ]
    with context.store.writing("test") as tx:
        write.add_projects(tx, made)


def test_projects_of_the_record(client: FlaskClient, context: AppContext) -> None:
    add_projects(context)
    answer = ask(client, SECOND, project_ids=["made-up"])
    assert set(places(answer)) == {"p2", "made-up"}
    for hidden in ("real", "none"):
        problem = client.post(PATH, json={"project_ids": ["made-up", hidden]}).get_json()
        assert (problem["status"], problem["field"]) == (404, "project_ids.1")
        assert problem["detail"] == f"没有项目 {hidden}"
        assert "真项目" not in orjson.dumps(problem).decode()
    problem = client.post(PATH, json={"project_ids": ["homeless"]}).get_json()
    assert (problem["status"], problem["field"]) == (422, "project_ids.0.home_county")


def test_staff_name_real_projects(
    client: FlaskClient, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geomap.web import api_placements

    add_projects(context)

    def find(_context: AppContext, authorization: str) -> Staff | None:
        return Staff("1", "王") if authorization == "Bearer gms_key" else None

    monkeypatch.setattr(api_placements, "find_staff", find)
    asked = {"json": {"project_ids": ["real"]}}
    assert client.post(PATH, **asked).status_code == 404
    answer = client.post(PATH, headers={"Authorization": "Bearer gms_key"}, **asked)
    (one,) = answer.get_json()["placements"]
    assert (one["project_id"], one["name"], one["priority"]) == ("real", "真项目", 1)
    assert client.post(f"{PATH}/file", **asked).status_code == 404


def test_a_wrong_key_is_not_taken_for_none(client: FlaskClient) -> None:
    wrong = {"Authorization": "Bearer gms_" + "x" * 40}
    answer = client.post(PATH, json={"projects": [FIRST]}, headers=wrong)
    assert (answer.status_code, answer.get_json()["field"]) == (401, "Authorization")


def add_land(context: AppContext, name: str, visibility: Visibility) -> None:
    draft = EntryDraft(
        kind=EntryKind.LAND, title=name, owner="局", adcode=DONGTOU, floor_area_m2=9_000.0,
        lon=121.1, lat=27.85, dated_on=TODAY, visibility=visibility,
    )  # fmt: skip
    with context.store.writing("test") as tx:
        add_entry(tx, draft, by="test", now=NOW, entry_id=name)


def test_land_that_is_listed_is_built_on(client: FlaskClient, context: AppContext) -> None:
    """Restricted land is there for staff alone."""
    big = {"id": "big", "home_county": DONGTOU, "unit_kinds": ["workshop"], "current_site": "far"}
    big |= {"area_m2": {"min": 5_000}}
    add_land(context, "secret", Visibility.RESTRICTED)
    assert ask(client, big)["placements"] == []
    assert [one.id for one in view_placements.listings_of(context, Staff("1", "王"))] == ["secret"]
    add_land(context, "open", Visibility.PUBLISHED)
    (one,) = ask(client, big)["placements"]
    assert (one["step"], one["unit_ids"], one["score"]) == ("custom_build", [], None)
    assert one["build"]["listing"]["id"] == "open"
    assert (one["adcode"], one["to"]) == (DONGTOU, {"lon": 121.1, "lat": 27.85})
    assert one["distance_m"] == pytest.approx(5_540, abs=10), "0.05° north to south"


def test_the_stream_names_its_stages(client: FlaskClient) -> None:
    answer = client.post(PATH, json={"projects": [FIRST]}, headers={"Accept": stream.NDJSON})
    assert answer.mimetype == stream.NDJSON
    lines = [orjson.loads(line) for line in answer.get_data().splitlines()]
    PlacementAnswer.model_validate(lines[-1]["result"])


def test_the_stages_in_order(context: AppContext) -> None:
    near = {"lon": WEST, "lat": SOUTH, "minutes": 10}
    body = {"projects": [FIRST | {"near": near}]}
    told: list[tuple[float, str]] = []
    work = view_placements.placement_work(context, body, "zh")
    work(stream.Steps(lambda share, stage: told.append((share, stage.zh))))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert list(dict.fromkeys(stage for _, stage in told)) == [
        view_placements.WALKING.zh, view_placements.PLACING.zh, view_placements.TELLING.zh,
    ]  # fmt: skip


def test_who_leaves_ends_the_work(context: AppContext) -> None:
    def leave(share: float, stage: object) -> None:
        raise Cancelled

    work = view_placements.placement_work(context, {"projects": [FIRST]}, "zh")
    with pytest.raises(Cancelled):
        work(stream.Steps(leave))


def test_the_same_request_gives_the_same(client: FlaskClient) -> None:
    first, second = (ask(client, FIRST, SECOND) for _ in range(2))
    for one in (first, second):
        one["objective"].pop("seconds")
    assert first == second


def download(client: FlaskClient, kind: str, query: str = "") -> Any:
    answer = client.post(
        f"{PATH}/file?f={kind}{query}", json={"projects": [FIRST | {"name": "=1+1"}, SECOND]}
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    name = f"placement-{TODAY.isoformat()}.{kind}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def test_the_workbook(client: FlaskClient) -> None:
    content = io.BytesIO(download(client, "xlsx").get_data())
    book = python_calamine.CalamineWorkbook.from_filelike(content)
    assert book.sheet_names == ["对接会", "鹿城区", "龙湾区", "未落地", "数据"]
    rows = book.get_sheet_by_name("对接会").to_python()
    assert [row[0] for row in rows[1:]] == ["=1+1", "p2"]
    english = io.BytesIO(download(client, "xlsx", "&lang=en").get_data())
    book = python_calamine.CalamineWorkbook.from_filelike(english)
    assert book.sheet_names[0] == "Meeting"


def test_the_csv(client: FlaskClient) -> None:
    text = download(client, "csv").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows] == ["项目", "'=1+1", "p2"]


def test_the_map(client: FlaskClient) -> None:
    answer = download(client, "html")
    assert answer.mimetype == "text/html"
    page = answer.get_data(as_text=True)
    assert page.startswith("<!doctype html>") and "已落地 2/2" in page
    assert "<script>alert" not in page, "beta's name is markup in this world"


def test_another_kind_of_file(client: FlaskClient) -> None:
    answer = client.post(f"{PATH}/file?f=exe", json={"projects": [FIRST]})
    assert (answer.status_code, answer.get_json()["field"]) == (422, "f")


def test_a_file_waits_for_its_place(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from geomap.web import api_placements

    monkeypatch.setattr(api_placements, "_WAIT_S", 0.0)
    with stream.in_place(), stream.in_place():
        with pytest.raises(BusyError), stream.in_place():
            pass
        answer = client.post(f"{PATH}/file", json={"projects": [FIRST]})
        assert answer.status_code == 503
    assert client.post(f"{PATH}/file", json={"projects": [FIRST]}).status_code == 200


def test_a_place_is_given_back_when_the_work_fails() -> None:
    for _ in range(stream.AT_ONCE + 1):
        with pytest.raises(InputError), stream.in_place():
            raise InputError(view_placements.PLACING)
