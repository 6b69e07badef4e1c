"""The match the other way over HTTP: who is suited, and what stays private."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geomap.domain.records import Project
from geomap.store import write
from geomap.store.engine import open_store
from geomap.web import create_app
from geomap.web.context import AppContext
from geomap.web.schemas_match import DemandsAnswer
from tests.web.conftest import settings_of
from tests.web.world import TODAY

SECRET = "温州绝密视光有限公司"
PROJECTS = [
    Project(
        id="demo-p1", name="演示项目", home_county="330303", demo=True,
        demand={"industry": "eye_health", "stage": "incubation", "unit_kinds": ["lab"],
                "rent_cny_m2_month_max": 30, "area_m2": {"min": 100, "max": 200}},
    ),
    Project(
        id="firm-secret", name=SECRET, home_county="330302", priority=1,
        demand={"industry": "robotics", "unit_kinds": ["lab"], "headcount": 37,
                "rent_cny_m2_month_max": 29.25, "name": SECRET,
                "area_m2": {"min": 150, "max": 400}},
    ),
    Project(
        id="walker", name="步行", home_county="",
        demand={"near": {"lon": 120.700, "lat": 28.0, "minutes": 5}, "unit_kinds": ["office"]},
    ),
    Project(id="far", name="找厂房", home_county="", demand={"unit_kinds": ["pilot_line"]}),
    Project(id="odd", name="读不懂", home_county="", demand={"industry": "alchemy"}),
]  # fmt: skip


@pytest.fixture
def client(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    store = open_store(f"sqlite:///{data_dir / 'geomap.gpkg'}")
    with store.writing("test") as tx:
        write.add_projects(tx, PROJECTS)
    store.close()
    monkeypatch.setattr(AppContext, "today", lambda self: TODAY)
    app: APIFlask = create_app(settings_of(data_dir))
    yield app.test_client()
    app.extensions["geomap.context"].close()


def get(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = answer.get_json()
    DemandsAnswer.model_validate(found)
    return found


def test_a_unit_suits_the_demands_whose_candidate_it_is(client: FlaskClient) -> None:
    found = get(client, "/api/v1/units/a1/demands")
    assert (found["total"], found["next"]) == (2, None)
    best, other = found["items"]
    assert (best["id"], best["name"], best["demo"]) == ("demo-p1", "演示项目", True)
    assert (best["industry_name"], best["home_county_name"]) == ("眼健康", "龙湾区")
    assert best["unit_id"] == "a1" and best["score"] > other["score"]
    asked = PROJECTS[0].demand
    candidates = client.post("/api/v1/match", json=asked).get_json()["candidates"]
    match = next(c for c in candidates if c["unit_id"] == "a1")
    assert best["score"] == match["score"]
    assert [c["points"] for c in best["criteria"]] == [c["points"] for c in match["criteria"]]


def test_what_a_firm_wants_stays_its_own_affair(client: FlaskClient) -> None:
    for path in ("/api/v1/units/a1/demands", "/api/v1/sites/beta/demands"):
        text = client.get(path).get_data(as_text=True)
        for secret in (SECRET, "firm-secret", "29.25", "人均"):
            assert secret not in text
    firm = next(i for i in get(client, "/api/v1/units/a1/demands")["items"] if not i["demo"])
    assert (firm["id"], firm["name"], firm["criteria"]) == (None, None, [])
    assert firm["industry"] == "robotics" and firm["area_m2"] == {"min": 150, "max": 400}
    assert firm["score"] == round(firm["score"], 2)
    assert firm["reasons"] and not any("元" in reason for reason in firm["reasons"])


def test_a_site_names_its_best_unit_for_each(client: FlaskClient) -> None:
    alpha = get(client, "/api/v1/sites/alpha/demands")
    assert [(i["id"], i["unit_id"]) for i in alpha["items"] if i["demo"]] == [("demo-p1", "a1")]
    walkers = [i for i in alpha["items"] if i["unit_kinds"] == ["office"]]
    assert [i["unit_ids"] for i in walkers] == [["a3"]]
    beta = get(client, "/api/v1/sites/beta/demands")
    assert [i["industry"] for i in beta["items"]] == ["robotics"]
    assert get(client, "/api/v1/sites/nowhere/demands")["total"] == 0


def test_pages_and_english(client: FlaskClient) -> None:
    first = get(client, "/api/v1/sites/alpha/demands?limit=1&lang=en")
    assert first["total"] == 3 and len(first["items"]) == 1
    assert first["items"][0]["industry_name"] == "Eye health"
    second = get(client, first["next"])
    assert len(second["items"]) == 1 and second["items"] != first["items"]


def test_a_new_project_is_seen(client: FlaskClient, data_dir: Path) -> None:
    assert get(client, "/api/v1/units/n1/demands")["total"] == 0
    desk = Project(id="d", name="工位", home_county="", demand={"unit_kinds": ["open_desk"]})
    store = open_store(f"sqlite:///{data_dir / 'geomap.gpkg'}")
    with store.writing("test") as tx:
        write.add_projects(tx, [desk])
    store.close()
    context = client.application.extensions["geomap.context"]
    context.follower._interval = 0
    assert get(client, "/api/v1/units/n1/demands")["total"] == 1


@pytest.mark.parametrize("path", ["units/none/demands", "sites/none/demands"])
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 404 and answer.mimetype == "application/problem+json"
    assert client.get("/api/v1/sites/alpha/demands?limit=0").status_code == 422
