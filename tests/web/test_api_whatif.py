"""What if, the street to choose, and kept scenarios: contracts, hostile input, no trace."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from apiflask import APIFlask
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geomap.cli import main
from geomap.domain.words import AmenityCategory
from geomap.store import write
from geomap.store.changes import latest_seq
from geomap.store.read import count
from geomap.streets.edit import find_edge, without_streets
from geomap.streets.file import save_network
from geomap.web import schemas_whatif as w
from geomap.web.context import AppContext
from tests.web.world import AMENITIES, STEP, WEST, build_streets

WHATIF, KEPT, NEAR = "/api/v1/coverage/whatif", "/api/v1/coverage/scenarios", "/api/v1/streets/near"
CAFE_1 = {"drop_amenities": ["cafe-1"]}
SOUTH = {"lon": 120.7005, "lat": 28.0}
"""On the southern street by alpha: the corner piece, from 120.701 round to 28.001."""


def ask(client: FlaskClient, edits: Any, **more: Any) -> dict[str, Any]:
    answer = client.post(WHATIF, json={"edits": edits, **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    w.WhatIfAnswer.model_validate(found)
    return found


def keep(client: FlaskClient, **more: Any) -> dict[str, Any]:
    answer = client.post(KEPT, json={"name": "无咖啡", "edits": CAFE_1} | more)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    w.Scenario.model_validate(found)
    return found


def require_problem(answer: TestResponse, status: int, field: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.get_json()
    assert answer.status_code == status, body
    assert answer.mimetype == "application/problem+json"
    assert body.get("field", "") == field, body
    return body


def test_without_the_near_cafe_the_far_one_is_nearest(client: FlaskClient) -> None:
    found = ask(client, CAFE_1)
    (site,) = found["changed"]
    assert (site["id"], site["change"], site["adcode"]) == ("alpha", "changed", "330303")
    assert site["score"] == {"before": 1, "after": 1} and site["total"] == 12
    assert (site["gained"], site["lost"]) == ([], [])
    (cafe,) = site["categories"]
    assert (cafe["category"], cafe["count"]) == ("cafe", {"before": 2, "after": 1})
    before, after = cafe["nearest"]["before"], cafe["nearest"]["after"]
    assert (before["id"], after["id"], after["name"]) == ("cafe-1", "cafe-2", "远茶咖")
    assert (before["walk_m"], after["walk_m"]) == pytest.approx((492, 984), abs=2)
    assert found["unchanged"] == 1
    assert found["network"]["before"] == found["network"]["after"]
    (edit,) = found["edits"]
    assert (edit["ok"], edit["name"], edit["reason"]) == (True, "近茶咖", None)
    assert found["ring"] is None and found["demo"] is True


def test_what_is_lost_and_gained_is_summed_up(client: FlaskClient) -> None:
    lost = ask(client, {"drop_amenities": ["cafe-1", "cafe-2"]})
    assert lost["changed"][0]["lost"] == ["cafe"]
    assert lost["summary"]["mean"] == {"before": 0.5, "after": 0.0}
    assert (lost["summary"]["worse"], lost["summary"]["better"]) == (1, 0)
    counties = {c["adcode"]: c for c in lost["summary"]["counties"]}
    assert counties["330303"]["mean"] == {"before": 1.0, "after": 0.0}
    assert counties["330302"]["mean"] == {"before": 0.0, "after": 0.0}
    bar = {"category": "bar", "lon": 120.701, "lat": 28.0, "name": "<b>吧</b>"}
    gained = ask(client, {"add_amenities": [bar]})
    alpha = gained["changed"][0]
    assert (alpha["gained"], alpha["score"]["after"]) == (["bar"], 2)
    nearest = alpha["categories"][0]["nearest"]
    assert nearest["before"] is None
    assert (nearest["after"]["id"], nearest["after"]["name"]) == ("added:amenity-1", "<b>吧</b>")


def test_all_twelve_pass_the_profile(client: FlaskClient) -> None:
    new = [{"category": str(c), "lon": 120.701, "lat": 28.0} for c in AmenityCategory]
    found = ask(client, {"add_amenities": new})
    alpha = found["changed"][0] if found["changed"][0]["id"] == "alpha" else found["changed"][1]
    assert alpha["passed"] == {"before": False, "after": True}
    assert found["summary"]["passed"] == {"before": 0, "after": 1}


def test_sites_that_go_and_come(client: FlaskClient) -> None:
    new = {"id": "gamma", "name": "新址", "lon": 120.701, "lat": 28.0}
    found = ask(client, {"drop_sites": ["beta"], "add_sites": [new]}, site="gamma")
    sites = {site["id"]: site for site in found["changed"]}
    assert sites["beta"]["change"] == "dropped" and sites["beta"]["score"]["after"] is None
    assert sites["gamma"]["change"] == "added" and sites["gamma"]["score"]["before"] is None
    assert (sites["gamma"]["adcode"], sites["gamma"]["name"]) == ("330303", "新址")
    assert found["summary"]["sites"] == {"before": 2, "after": 2}
    assert found["summary"]["mean"] == {"before": 0.5, "after": 1.0}
    assert found["ring"]["after"]["properties"]["amenities"]["cafe"]["count"] == 2


def test_a_street_less_makes_the_walk_longer(client: FlaskClient) -> None:
    street = {"lon": WEST + 3.5 * STEP, "lat": 28.0}
    found = ask(client, {"drop_streets": [street]}, site="alpha")
    (alpha,) = found["changed"]
    (cafe,) = [c for c in alpha["categories"] if c["category"] == "cafe"]
    # Round the block: 110.8 m north and back again.
    longer = cafe["nearest"]["after"]["walk_m"] - cafe["nearest"]["before"]["walk_m"]
    assert longer == pytest.approx(221.7, abs=1.0)
    assert found["network"]["before"] != found["network"]["after"]
    assert found["edits"][0]["geometry"]["type"] == "LineString"
    assert found["edits"][0]["length_m"] == pytest.approx(98.4, abs=0.5)
    before, after = found["ring"]["before"], found["ring"]["after"]
    today = client.get("/api/v1/ring?lon=120.7&lat=28").get_json()
    assert before == today
    assert after["properties"]["area_m2"] < before["properties"]["area_m2"]
    assert after["properties"]["network"] == found["network"]["after"]
    old, new = (shapely.geometry.shape(r["geometry"]) for r in (before, after))
    assert new.difference(old.buffer(1e-4)).area < 1e-9


def test_a_site_at_a_street_that_goes_walks_from_the_next(client: FlaskClient) -> None:
    """The next one is the first side street, 98.4 m off, from where it goes round the block."""
    found = ask(client, {"drop_streets": [SOUTH, {"lon": 120.7015, "lat": 28.0}]}, site="alpha")
    (alpha,) = found["changed"]
    assert (alpha["change"], alpha["street_gone"]) == ("changed", True)
    (cafe,) = [c for c in alpha["categories"] if c["category"] == "cafe"]
    assert cafe["nearest"]["after"]["walk_m"] == pytest.approx(492 + 221.7, abs=2.0)
    assert found["ring"]["after"]["properties"]["snapped_m"] == pytest.approx(98.4, abs=0.3)


def test_no_ring_where_no_street_is_left(client: FlaskClient) -> None:
    streets = [{"lon": 120.7005, "lat": 28.0}, {"lon": 120.7, "lat": 28.0015}]
    streets += [{"lon": 120.7015, "lat": 28.0}]
    streets += [{"lon": 120.7005, "lat": 28.001}, {"lon": 120.701, "lat": 28.0005}]
    found = ask(client, {"drop_streets": streets}, site="alpha")
    assert found["ring"]["after"] is None and found["ring"]["reason"]
    alpha = next(site for site in found["changed"] if site["id"] == "alpha")
    assert (alpha["change"], alpha["score"]["after"]) == ("cut_off", None)
    assert found["summary"]["cut_off"] == 1
    assert found["summary"]["sites"] == {"before": 2, "after": 1}


def test_the_ring_of_a_point(client: FlaskClient) -> None:
    found = ask(client, CAFE_1, point={"lon": 120.7, "lat": 28.0})
    before, after = found["ring"]["before"], found["ring"]["after"]
    assert before == client.get("/api/v1/ring?lon=120.7&lat=28").get_json()
    counts = [r["properties"]["amenities"]["cafe"]["count"] for r in (before, after)]
    assert counts == [2, 1]
    assert before["geometry"] == after["geometry"]


@pytest.mark.parametrize("profile", ["wenzhou-6-6", "gb50180"])
def test_before_is_what_the_map_shows(client: FlaskClient, profile: str) -> None:
    found = ask(client, {"drop_sites": ["alpha", "beta"]}, profile=profile)
    shown = client.get(f"/api/v1/coverage?profile={profile}").get_json()
    scores = {site["id"]: site["score"]["before"] for site in found["changed"]}
    assert scores == {site["id"]: site["score"] for site in shown["items"]}
    assert found["summary"]["sites"] == {"before": shown["sites"], "after": 0}
    assert found["summary"]["mean"]["after"] is None


def test_after_is_what_the_map_would_show(client: FlaskClient, context: AppContext) -> None:
    """The record is then really changed: the ring of the site is the one foretold."""
    stop = AMENITIES[2]
    new = {"category": "transit", "lon": 120.702, "lat": 28.0, "name": stop.name}
    edits = {"drop_amenities": ["cafe-1"], "add_amenities": [new]}
    foretold = ask(client, edits, site="alpha")["ring"]["after"]
    built = dataclasses.replace(stop, id="added:amenity-1", lon=120.702, demo=False)
    with context.store.writing("import") as tx:
        write.clear(tx, "amenities")
        write.add_amenities(tx, [*AMENITIES[1:], built])
    context.follower._checked = 0.0
    assert client.get("/api/v1/ring?lon=120.7&lat=28").get_json() == foretold


def test_each_edit_says_whether_it_could_be_done(client: FlaskClient) -> None:
    edits = {
        "drop_amenities": ["cafe-1", "gone"],
        "drop_sites": ["nowhere"],
        "drop_streets": [{"lon": 120.7005, "lat": 28.0005}],
    }
    for language, words in (("zh", "没有配套 gone"), ("en", "There is no amenity gone")):
        answer = client.post(f"{WHATIF}?lang={language}", json={"edits": edits}).get_json()
        assert [edit["ok"] for edit in answer["edits"]] == [True, False, False, False]
        assert answer["edits"][1]["reason"] == words


def test_progress_then_the_result(client: FlaskClient) -> None:
    answer = client.post(WHATIF, json={"edits": CAFE_1}, headers={"Accept": "application/x-ndjson"})
    lines = [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]
    w.WhatIfAnswer.model_validate(lines[-1]["result"])
    assert all(set(line) == {"progress", "stage"} for line in lines[:-1])


def test_edited_streets_are_kept_for_the_next_question(
    client: FlaskClient, context: AppContext
) -> None:
    for lon in range(12):
        ask(client, {"drop_streets": [{"lon": WEST + (lon + 0.5) * STEP, "lat": 28.005}]})
    assert len(context.edited) == 8
    ask(client, CAFE_1)
    assert len(context.edited) == 8


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ([], 422, "body"),
        ({}, 422, "edits"),
        ({"edits": {}}, 422, "edits"),
        ({"edits": {"drop_amenities": ["a"] * 201}}, 422, "edits"),
        ({"edits": CAFE_1, "more": 1}, 422, "more"),
        ({"edits": {"drop": ["a"]}}, 422, "edits.drop"),
        ({"edits": {"drop_amenities": ["gone"]}}, 422, "edits.drop_amenities.0"),
        ({"edits": {"drop_sites": ["gone"]}}, 422, "edits.drop_sites.0"),
        ({"edits": {"drop_streets": [{"lon": 28.0, "lat": 80.0}]}}, 422, "edits.drop_streets.0"),
        (
            {"edits": {"drop_streets": [{"lon": 120.7005, "lat": 28.0005}]}},
            422,
            "edits.drop_streets.0",
        ),
        (
            {"edits": {"add_amenities": [{"category": "cafe", "lon": 0, "lat": 0}]}},
            422,
            "edits.add_amenities.0",
        ),
        ({"edits": {"add_sites": [{"id": "alpha", **SOUTH}]}}, 422, "edits.add_sites.0"),
        ({"edits": CAFE_1, "profile": "none"}, 404, "profile"),
        ({"edits": CAFE_1, "profile": 7}, 404, "profile"),
        ({"edits": CAFE_1, "site": "gone"}, 404, "site"),
        ({"edits": CAFE_1, "site": "far"}, 404, "site"),
        ({"edits": CAFE_1, "site": ["alpha"]}, 422, "site"),
        ({"edits": CAFE_1, "site": "alpha", "point": SOUTH}, 422, "point"),
        ({"edits": CAFE_1, "point": {"lon": 120.7}}, 422, "point.lat"),
        ({"edits": CAFE_1, "point": {"lon": 121.1, "lat": 27.9}}, 404, "lon"),
    ],
)
def test_what_cannot_be_used_is_refused(
    client: FlaskClient, body: Any, status: int, field: str
) -> None:
    chinese = require_problem(client.post(WHATIF, json=body), status, field)
    english = require_problem(client.post(f"{WHATIF}?lang=en", json=body), status, field)
    assert chinese["fix"] and english["fix"] and chinese["detail"] != english["detail"]


def test_nan_and_other_types_are_refused(client: FlaskClient) -> None:
    text = '{"edits": {"drop_streets": [{"lon": NaN, "lat": 28}]}}'
    answer = client.post(WHATIF, data=text, content_type="application/json")
    require_problem(answer, 422, "body")
    for address in (WHATIF, KEPT):
        require_problem(client.post(address, data="{}", content_type="text/plain"), 415, "")
        require_problem(client.post(address, data={"edits": "x"}), 415, "")


def test_without_a_network_nothing_can_be_asked(client: FlaskClient, data_dir: Path) -> None:
    (data_dir / "network").unlink()
    require_problem(client.post(WHATIF, json={"edits": CAFE_1}), 503, "network")
    require_problem(client.post(KEPT, json={"name": "a", "edits": CAFE_1}), 503, "network")
    require_problem(client.get(f"{NEAR}?lon=120.7&lat=28"), 503, "network")


def test_the_street_at_a_point(client: FlaskClient) -> None:
    answer = client.get(f"{NEAR}?lon={WEST + 3.4 * STEP}&lat=28.0001")
    assert answer.mimetype == "application/geo+json"
    piece = answer.get_json()
    w.StreetPiece.model_validate(piece)
    properties = piece["properties"]
    assert properties["length_m"] == pytest.approx(98.4, abs=0.5)
    assert properties["away_m"] == pytest.approx(11.1, abs=0.2)
    assert (properties["lon"], properties["lat"]) == pytest.approx(
        (WEST + 3.5 * STEP, 28.0), abs=1e-6
    )
    assert (properties["splits"], properties["detour_m"]) == (False, pytest.approx(221.7, abs=1))
    for query, status in (
        ("lon=120.7005&lat=28.0005", 404),
        ("lon=x&lat=28", 422),
        ("lat=28", 422),
    ):
        require_problem(client.get(f"{NEAR}?{query}"), status, "lon")


def test_a_scenario_there_and_back(client: FlaskClient) -> None:
    name, note = "  <script>alert(1)</script> 方案  ", "一\r\n二 & <b>"
    kept = keep(client, name=name, note=note, profile="gb50180")
    assert (kept["name"], kept["note"]) == (name.strip(), "一\n二 & <b>")
    assert kept["version"] == 1 and kept["created_at"].endswith("+00:00")
    assert kept["edits"] == CAFE_1 and len(kept["network"]) == 12
    answer = client.get(f"{KEPT}/{kept['id']}")
    assert answer.get_json() == kept
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(KEPT).status_code == 405
    gone = client.delete(f"{KEPT}/{kept['id']}")
    assert gone.get_json() == {"id": kept["id"], "deleted": True}
    for method in (client.get, client.delete):
        require_problem(method(f"{KEPT}/{kept['id']}"), 404, "id")
    require_problem(client.get(f"{KEPT}/{kept['id']}/result"), 404, "id")


def test_of_two_tabs_the_later_one_is_told(client: FlaskClient) -> None:
    kept = keep(client)
    change = {"name": "新名", "edits": {"drop_amenities": ["cafe-2"]}, "version": 1}
    changed = client.put(f"{KEPT}/{kept['id']}", json=change).get_json()
    assert (changed["version"], changed["name"], changed["note"]) == (2, "新名", "")
    late = client.put(f"{KEPT}/{kept['id']}", json=change | {"name": "迟"})
    body = require_problem(late, 409, "version")
    assert body["newest"] == changed
    w.ScenarioConflict.model_validate(body)
    assert client.get(f"{KEPT}/{kept['id']}").get_json() == changed
    gone = client.put(f"{KEPT}/{'x' * 22}", json=change)
    require_problem(gone, 404, "id")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u3000 "}, "name"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"name": "字" * 81}, "name"),
        ({"name": "a\u0007b"}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"note": "字" * 501}, "note"),
        ({"note": "a\u0000b"}, "note"),
        ({"edits": {}}, "edits"),
        ({"edits": {"drop_amenities": ["gone"]}}, "edits.drop_amenities.0"),
        ({"edits": {"drop_amenities": ["cafe-1"], "drop_sites": ["gone"]}}, "edits.drop_sites.0"),
        ({"edits": {"drop_streets": [{"lon": 0, "lat": 0}]}}, "edits.drop_streets.0"),
        ({"profile": "none"}, "profile"),
        ({"id": "mine"}, "id"),
    ],
)
def test_nothing_is_kept_of_what_cannot_be_used(
    client: FlaskClient, context: AppContext, change: dict[str, Any], field: str
) -> None:
    body = {"name": "甲", "edits": CAFE_1} | change
    status = 404 if field == "profile" else 422
    problem = require_problem(client.post(KEPT, json=body), status, field)
    assert problem["fix"]
    assert count(context.store, "scenarios") == 0
    kept = keep(client)
    answer = client.put(f"{KEPT}/{kept['id']}", json=body | {"version": 1})
    require_problem(answer, status, field)
    assert client.get(f"{KEPT}/{kept['id']}").get_json() == kept


@pytest.mark.parametrize("version", [None, 0, -1, "1", 1.0, True, 2**31])
def test_a_change_names_a_version(client: FlaskClient, version: Any) -> None:
    kept = keep(client)
    body = {"name": "乙", "edits": CAFE_1, "version": version}
    require_problem(client.put(f"{KEPT}/{kept['id']}", json=body), 422, "version")


def test_the_record_does_not_notice(client: FlaskClient, context: AppContext) -> None:
    seq, before = latest_seq(context.store), client.get("/readyz").get_json()
    kept = keep(client)
    client.put(f"{KEPT}/{kept['id']}", json={"name": "乙", "edits": CAFE_1, "version": 1})
    ask(client, {"drop_amenities": ["cafe-1"], "drop_streets": [SOUTH], "drop_sites": ["beta"]})
    client.get(f"{KEPT}/{kept['id']}/result")
    client.delete(f"{KEPT}/{kept['id']}")
    assert latest_seq(context.store) == seq
    assert client.get("/readyz").get_json() == before
    catalog = context.catalog
    assert (len(catalog.amenities), len(catalog.sites)) == (len(AMENITIES), 5)


def test_the_result_says_what_is_stale(
    client: FlaskClient, context: AppContext, data_dir: Path
) -> None:
    edits = {"drop_amenities": ["cafe-1", "stop"], "drop_streets": [SOUTH]}
    kept = keep(client, edits=edits)
    address = f"{KEPT}/{kept['id']}/result"
    fresh = client.get(f"{address}?site=beta").get_json()
    w.ScenarioResult.model_validate(fresh)
    assert fresh["scenario"] == kept and fresh["stale"] == {"network": False, "edits": []}
    assert fresh["ring"]["before"]["properties"]["lon"] == 120.72
    with context.store.writing("import") as tx:
        write.clear(tx, "amenities")
        write.add_amenities(tx, [a for a in AMENITIES if a.id != "cafe-1"])
    network = build_streets()
    edge, _ = find_edge(network, SOUTH["lon"], SOUTH["lat"])
    save_network(without_streets(network, [edge]).network, data_dir / "network")
    context.follower._checked = 0.0
    stale = client.get(f"{address}?lon=120.71&lat=28.01").get_json()
    assert stale["stale"]["network"] is True
    assert [(e["edit"], e["index"]) for e in stale["stale"]["edits"]] == [
        ("drop_amenities", 0),
        ("drop_streets", 0),
    ]
    assert stale["ring"]["after"] is not None
    # Its name may be changed all the same; edits that are new are looked at.
    renamed = {"name": "旧案", "edits": kept["edits"], "version": 1}
    assert client.put(f"{KEPT}/{kept['id']}", json=renamed).status_code == 200
    other = renamed | {"edits": {"drop_amenities": ["cafe-1"]}, "version": 2}
    answer = client.put(f"{KEPT}/{kept['id']}", json=other)
    require_problem(answer, 422, "edits.drop_amenities.0")
    require_problem(client.get(f"{address}?lon=120.71"), 422, "lat")


def test_keeping_is_limited_for_others(app: APIFlask) -> None:
    client = app.test_client()
    far = {"X-Forwarded-For": "203.0.113.9"}
    answers = [client.delete(f"{KEPT}/none", headers=far).status_code for _ in range(61)]
    assert answers == [404] * 60 + [429]


def test_the_command_prints_the_same(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "edits.json"
    file.write_text(json.dumps({"drop_amenities": ["cafe-1", "cafe-2", "gone"]}))

    def run(*args: str, language: str = "zh") -> Any:
        environ = {"GEOMAP_DATA_DIR": str(data_dir), "GEOMAP_LANG": language}
        return CliRunner(env=environ).invoke(main, ["whatif", *args])

    result = run(str(file), "--json", "--site", "alpha")
    w.WhatIfAnswer.model_validate_json(result.stdout)
    for language, words in (("zh", "达标 0 → 0 处"), ("en", "Mean 0.500 → 0.000 of 12")):
        text = run(str(file), "--site", "alpha", language=language).stdout
        assert words in text and "阿尔法孵化器" in text and "✗" in text
    file.write_text('{"drop_amenities": ["gone"]}')
    refused = run(str(file), language="en")
    assert refused.exit_code == 1 and "There is no amenity gone" in refused.output
    file.write_text("{")
    assert run(str(file)).exit_code == 1
