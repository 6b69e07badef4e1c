"""Entries over HTTP: bodies, matches, and that nothing restricted shows without a key."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook

from geomap.store.changes import latest_seq
from geomap.store.entries import Audience, Reader, list_listings
from geomap.store.read import count
from geomap.web import schemas_entries as s
from geomap.web.context import AppContext
from layers.export import export_layer
from layers.registry import LAYERS
from tests.web.desk import NAME, NOW, add_projects, make_key, require_problem

ENTRIES = "/api/v1/entries"
SECRET = "绝密标记甲乙丙"
_CLOCK = re.compile(rb'"timeStamp":"[^"]*"')
"""When an OGC answer was made: the one thing in it that differs from time to time."""
SCENE = {
    "kind": "scene", "title": "智慧门诊 <b>试点</b>", "owner": "市卫健委", "adcode": "330303",
    "text": "第一行\n第二行", "industries": ["eye_health"], "stages": ["incubation"],
    "expires_on": "2026-12-31", "dated_on": "2026-11-01",
}  # fmt: skip
LAND = {
    "kind": "land", "title": "闲置厂房", "owner": "龙湾区", "adcode": "330303",
    "floor_area_m2": 12_000, "idle_plant": True, "lon": 120.8, "lat": 27.9,
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppContext, "now", lambda self: NOW)


@pytest.fixture
def key(context: AppContext) -> dict[str, str]:
    return make_key(context)


def keep(client: FlaskClient, key: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(ENTRIES, json=body, headers=key)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    s.Entry.model_validate(found)
    return found


def test_an_entry(client: FlaskClient, key: dict[str, str]) -> None:
    entry = keep(client, key, SCENE)
    assert (entry["visibility"], entry["by"], entry["county_name"]) == (
        "published", NAME, "龙湾区",
    )  # fmt: skip
    assert entry["industries"] == [{"id": "eye_health", "name": "眼健康"}]
    seen = client.get(f"{ENTRIES}/{entry['id']}?lang=en")
    shown = seen.get_json()
    s.Entry.model_validate(shown)
    assert (shown["by"], shown["title"], shown["kind_label"]) == (None, SCENE["title"], "Scenes")
    assert "Authorization" in seen.headers["Vary"]
    page = client.get(ENTRIES).get_json()
    s.Entries.model_validate(page)
    assert page["total"] == 1
    path = f"{ENTRIES}/{entry['id']}"
    changed = client.patch(path, json={"version": 1, "title": "新", "stages": []}, headers=key)
    assert (changed.get_json()["title"], changed.get_json()["stages"]) == ("新", [])
    stale = client.patch(path, json={"version": 1, "title": "x"}, headers=key)
    require_problem(stale, 409, "version")
    require_problem(client.delete(path, json={"version": 1}, headers=key), 409, "version")
    assert client.delete(path, json={"version": 2}, headers=key).get_json() == {"deleted": True}
    require_problem(client.get(path, headers=key), 404, "id")


def test_a_site_brings_its_county(client: FlaskClient, key: dict[str, str]) -> None:
    body = {"kind": "firm_link", "title": "x", "owner": "某企业", "site_id": "alpha"}
    entry = keep(client, key, body)
    assert (entry["adcode"], entry["site_name"], entry["dated_on"]) == (
        "330303", "阿尔法孵化器", "2026-11-24",
    )  # fmt: skip


def test_bounds_are_written_as_people_write_them(client: FlaskClient, key: dict[str, str]) -> None:
    land = {"kind": "land", "floor_area_m2": 1e300}
    found = require_problem(
        client.post(ENTRIES, json=SCENE | land, headers=key), 422, "floor_area_m2"
    )
    assert found["detail"] == "要 1 到 10,000,000 的数"


def test_site_and_county_stay_together_when_either_changes(
    client: FlaskClient, key: dict[str, str]
) -> None:
    entry = keep(client, key, SCENE | {"site_id": "alpha"})
    path = f"{ENTRIES}/{entry['id']}"
    away = {"version": 1, "adcode": "330302"}
    require_problem(client.patch(path, json=away, headers=key), 422, "site_id")
    moved = client.patch(path, json=away | {"site_id": ""}, headers=key).get_json()
    assert (moved["adcode"], moved["site_id"]) == ("330302", "")


def test_another_kind_is_as_visible_as_its_kind(client: FlaskClient, key: dict[str, str]) -> None:
    entry = keep(client, key, SCENE)
    path = f"{ENTRIES}/{entry['id']}"
    body = {"version": 1, "kind": "talent"}
    assert client.patch(path, json=body, headers=key).get_json()["visibility"] == "restricted"
    require_problem(client.get(path), 404, "id")
    shown = {"version": 2, "visibility": "published"}
    require_problem(client.patch(path, json=shown, headers=key), 422, "visibility")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"kind": "secret"}, "kind"),
    ({"kind": None}, "kind"),
    ({"title": ""}, "title"),
    ({"title": "长" * 121}, "title"),
    ({"title": "a\nb"}, "title"),
    ({"text": "长" * 4001}, "text"),
    ({"text": "a\x07"}, "text"),
    ({"owner": " "}, "owner"),
    ({"dated_on": "yesterday"}, "dated_on"),
    ({"expires_on": "2026-10-01"}, "expires_on"),
    ({"visibility": "secret"}, "visibility"),
    ({"kind": "fund", "visibility": "published"}, "visibility"),
    ({"kind": "fund_intent", "visibility": "published"}, "visibility"),
    ({"adcode": "310000"}, "adcode"),
    ({"adcode": ""}, "adcode"),
    ({"site_id": "none"}, "site_id"),
    ({"site_id": "alpha", "adcode": "330302"}, "site_id"),
    ({"lon": 120.8}, "lon"),
    ({"lon": 181, "lat": 0}, "lon"),
    ({"lon": "120", "lat": 28}, "lon"),
    ({"industries": ["none"]}, "industries[0]"),
    ({"industries": "eye_health"}, "industries"),
    ({"stages": ["adult"]}, "stages[0]"),
    ({"chain_positions": ["top"]}, "chain_positions[0]"),
    ({"floor_area_m2": 100}, "floor_area_m2"),
    ({"idle_plant": True}, "floor_area_m2"),
    ({"kind": "land"}, "floor_area_m2"),
    ({"kind": "land", "floor_area_m2": -1}, "floor_area_m2"),
    ({"idle_plant": "no"}, "idle_plant"),
    ({"demo": True}, "demo"),
    ({"id": "x"}, "id"),
]


@pytest.mark.parametrize(("more", "field"), BAD)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_input_stores_nothing(
    client: FlaskClient, context: AppContext, more: dict[str, Any], field: str, language: str
) -> None:
    sent = client.post(f"{ENTRIES}?lang={language}", json=SCENE | more, headers=make_key(context))
    found = require_problem(sent, 422, field)
    assert any("\u4e00" <= char <= "\u9fff" for char in found["detail"]) == (language == "zh")
    assert count(context.store, "entries") == 0


def test_filters(client: FlaskClient, key: dict[str, str]) -> None:
    keep(client, key, SCENE)
    keep(client, key, LAND)
    keep(client, key, SCENE | {"kind": "demand", "adcode": "330302", "industries": ["ai"]})
    for query, total in (
        ("kind=scene", 1), ("county=330303", 2), ("industry=ai", 2), ("stage=incubation", 3),
        ("stage=nursery", 1), ("kind=fund", 0),
    ):  # fmt: skip
        assert client.get(f"{ENTRIES}?{query}").get_json()["total"] == total, query
    first = client.get(f"{ENTRIES}?limit=1").get_json()
    assert first["next"] and client.get(first["next"]).get_json()["items"] != first["items"]
    for query, field in (("kind=x", "kind"), ("industry=x", "industry")):
        require_problem(client.get(f"{ENTRIES}?{query}"), 422, field)


def test_matches(client: FlaskClient, context: AppContext, key: dict[str, str]) -> None:
    add_projects(context, "p-1", "p-2")
    body = {"project_id": "p-2", "state": "lost", "note": "x"}
    assert client.post("/api/v1/ledger", json=body, headers=key).status_code == 201
    hand = {"name": "手工", "industry": "medical_devices"}
    assert client.post("/api/v1/ledger", json=hand, headers=key).status_code == 201
    path = f"{ENTRIES}/{keep(client, key, SCENE)['id']}/matches"
    found = client.get(path).get_json()
    s.EntryMatches.model_validate(found)
    (site,) = found["sites"]
    assert (site["site_id"], found["sites_total"], found["projects"]) == ("alpha", 1, None)
    assert [(c["name"], c["fit"]) for c in site["criteria"]] == [("industry", 1.0), ("stage", 0.8)]
    assert site["score"] == pytest.approx((20 + 12 * 0.8) / 32)
    told = client.get(f"{path}?lang=en", headers=key).get_json()
    s.EntryMatches.model_validate(told)
    assert [p["name"] for p in told["projects"]] == ["项目p-1", "手工"]
    assert told["projects"][0]["criteria"][1]["fit"] == 0.3, "a neighbouring stage"
    assert told["projects"][1]["state_label"] == "Found"
    assert client.get(f"{path}?limit=0").get_json()["field"] == "limit"


def test_what_is_offered(client: FlaskClient, context: AppContext, key: dict[str, str]) -> None:
    add_projects(context, "p-1")
    scene = keep(client, key, SCENE)
    keep(client, key, SCENE | {"industries": ["footwear"]})
    fund = keep(client, key, SCENE | {"kind": "fund"})
    for_site = client.get(f"{ENTRIES}?for_site=alpha").get_json()
    s.Entries.model_validate(for_site)
    assert [e["id"] for e in for_site["items"]] == [scene["id"]]
    assert for_site["items"][0]["criteria"][0]["label"] == "产业"
    told = client.get(f"{ENTRIES}?for_site=alpha", headers=key).get_json()
    assert {e["id"] for e in told["items"]} == {scene["id"], fund["id"]}
    for_project = client.get(f"{ENTRIES}?for_project=p-1", headers=key).get_json()
    assert {e["id"] for e in for_project["items"]} == {scene["id"], fund["id"]}
    require_problem(client.get(f"{ENTRIES}?for_project=none", headers=key), 404, "for_project")
    for project in ("p-1", "none"):
        refused = client.get(f"{ENTRIES}?for_project={project}")
        require_problem(refused, 401, "Authorization")
    assert client.get(f"{ENTRIES}?for_site=none").status_code == 404


def hide(client: FlaskClient, key: dict[str, str]) -> list[str]:
    """Keep entries that are not for the public; return their ids."""
    hidden = [SCENE | {"kind": k} for k in ("talent", "project", "fund", "fund_intent")]
    hidden += [SCENE | {"visibility": "restricted"}, LAND | {"visibility": "restricted"}]
    hidden += [SCENE | {"expires_on": "2026-11-23"}, SCENE | {"dated_on": "2026-12-24"}]
    return [keep(client, key, body | {"title": SECRET, "text": SECRET})["id"] for body in hidden]


def _public() -> list[str]:
    paths = [ENTRIES, f"{ENTRIES}/file", f"{ENTRIES}/file?f=csv", f"{ENTRIES}?for_site=alpha"]
    paths += [f"{ENTRIES}?kind={k}" for k in ("talent", "project", "fund", "fund_intent", "land")]
    paths += [f"{ENTRIES}?limit=1&offset={n}" for n in range(3)]
    paths += ["/", "/metrics", "/readyz", "/ogc", "/ogc/collections", "/api/v1/openapi.json"]
    paths += ["/api/docs", "/api/v1/sites/alpha", "/api/v1/sites/alpha/demands"]
    paths += ["/api/v1/plan/progress", "/api/v1/search?q=绝密", "/api/v1/placements/demo-projects"]
    for layer in LAYERS:
        paths += [f"/ogc/collections/{layer}/items?limit=10000&f={f}" for f in ("json", "html")]
        paths.append(f"/ogc/collections/{layer}/tiles/WebMercatorQuad/8/107/213")
    return paths


def _answers(client: FlaskClient, paths: list[str]) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    found = {}
    for path in paths:
        answer = client.get(path)
        content = _CLOCK.sub(b"", answer.get_data())
        told = ("Vary", "Link") if content != answer.get_data() else ("ETag", "Vary", "Link")
        headers = {k: v for k, v in answer.headers.items() if k in told}
        found[path] = (answer.status_code, content, headers)
    return found


def test_nothing_restricted_changes_any_public_answer(
    client: FlaskClient,
    context: AppContext,
    key: dict[str, str],
    tmp_path: Path,
    data_dir: Path,
) -> None:
    context.follower._interval = 0.0
    keep(client, key, SCENE)
    seq = latest_seq(context.store)
    paths = [path for path in _public() if "/file" not in path and path != "/metrics"]
    before = _answers(client, paths)
    ids = hide(client, key)
    after = _answers(client, paths)
    for path in paths:
        assert after[path] == before[path], path
    marks = [SECRET.encode(), *(name.encode() for name in ids)]
    for path in _public():
        content = client.get(path).get_data()
        assert not any(mark in content for mark in marks), path
    text = client.get(f"{ENTRIES}/file?f=csv").data.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 2, (
        "the file has the one row that is published"
    )
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{ENTRIES}/file").data))
    assert len(sheet.get_sheet_by_index(0).to_python()) == 2
    assert latest_seq(context.store) == seq, "no line of the change log"
    assert list_listings(context.store, Reader(Audience.PUBLIC, context.today())) == []
    for layer in LAYERS:
        target = tmp_path / f"{layer}.csv"
        export_layer(context.catalog, layer, target)
        assert not any(mark in target.read_bytes() for mark in marks), layer
    for file in data_dir.rglob("*"):
        if file.is_file() and "geomap.gpkg" not in file.name:
            assert not any(mark in file.read_bytes() for mark in marks), file


def test_a_restricted_id_is_answered_as_one_that_nobody_has(
    client: FlaskClient, key: dict[str, str]
) -> None:
    ids, unknown = hide(client, key), "x" * 16
    for part in ("", "/matches"):
        nobody = client.get(f"{ENTRIES}/{unknown}{part}")
        for name in ids:
            assert client.get(f"{ENTRIES}/{name}{part}", headers=key).status_code == 200
            answer = client.get(f"{ENTRIES}/{name}{part}")
            assert answer.status_code == nobody.status_code == 404
            told = answer.get_data(as_text=True).replace(name, unknown)
            assert told == nobody.get_data(as_text=True)
            assert answer.headers.get("ETag") == nobody.headers.get("ETag")
    for name in (*ids, unknown):
        for answer in (
            client.patch(f"{ENTRIES}/{name}", json={"version": 1, "title": "x"}),
            client.delete(f"{ENTRIES}/{name}", json={"version": 1}),
        ):
            require_problem(answer, 401, "Authorization")


def test_with_a_key_all_is_there_and_no_cache_keeps_it(
    client: FlaskClient, key: dict[str, str]
) -> None:
    ids = hide(client, key)
    answer = client.get(ENTRIES, headers=key)
    assert {e["id"] for e in answer.get_json()["items"]} == set(ids)
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"{ENTRIES}?current=1", headers=key).get_json()["total"] == len(ids) - 1
    for headers in ({"Authorization": "Bearer gms_unknown"}, {"Authorization": "Bearer gms_"}):
        require_problem(client.get(ENTRIES, headers=headers), 401, "Authorization")
    stranger = client.get(ENTRIES, headers={"Authorization": "Basic x"}).get_json()
    assert stranger["total"] == 0


def test_text_is_text(client: FlaskClient, key: dict[str, str]) -> None:
    keep(client, key, SCENE | {"title": "=HYPERLINK(1)", "text": "<script>alert(1)</script>"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{ENTRIES}/file").data))
    row = sheet.get_sheet_by_index(0).to_python()[1]
    assert row[2] == "=HYPERLINK(1)" and row[3] == "<script>alert(1)</script>"
    assert "'=HYPERLINK(1)" in client.get(f"{ENTRIES}/file?f=csv").data.decode("utf-8-sig")
