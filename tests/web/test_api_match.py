"""The answer to a demand: its contract field by field, and what it refuses."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from geomap.store.changes import latest_seq
from geomap.web.context import AppContext
from geomap.web.schemas_match import ExplainAnswer

MATCH = "/api/v1/match"


def ask(client: FlaskClient, demand: object, query: str = "") -> dict[str, Any]:
    answer = client.post(f"{MATCH}{query}", json=demand)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def test_every_vacant_unit_fits_who_asks_for_nothing(client: FlaskClient) -> None:
    answer = ask(client, {})
    assert {c["unit_id"] for c in answer["candidates"]} == {"a1", "a3", "b1", "n1"}
    assert (answer["total"], answer["sites_total"], answer["next"]) == (4, 3, None)
    assert answer["rejected"] == {"status": 2}
    assert answer["rejected_labels"] == {"status": "现在没有空置"}
    assert "facets" not in answer


def test_points_sum_to_the_score(client: FlaskClient) -> None:
    demand = {"headcount": 8, "industry": "eye_health", "stage": "incubation"}
    for candidate in ask(client, demand)["candidates"]:
        parts = candidate["criteria"]
        weights = sum(part["weight"] for part in parts)
        for part in parts:
            assert set(part) == {"name", "label", "weight", "fit", "points", "reason"}
            assert 0 <= part["fit"] <= 1
            assert part["points"] == pytest.approx(part["weight"] * part["fit"] / weights)
            assert part["reason"] and part["label"]
        assert candidate["score"] == pytest.approx(sum(part["points"] for part in parts))
        assert 0 <= candidate["score"] <= 1


def test_candidate_carries_its_cards(client: FlaskClient) -> None:
    best = ask(client, {"unit_kinds": ["lab"], "counties": ["330303"]})["candidates"]
    assert len(best) == 1
    assert best[0]["unit"] == {
        "id": "a1",
        "building": "A",
        "floor": 3,
        "room": "a1",
        "kind": "lab",
        "area_m2": 180.0,
        "rent_cny_m2_month": 28.0,
        "month_cny": 5040,
        "status": "vacant",
        "free_from": "2026-11-24",
        "verified_at": "2026-11-20",
        "desks": None,
        "demo": False,
    }
    assert best[0]["site"] == {
        "id": "alpha",
        "name": "阿尔法孵化器",
        "lon": 120.7,
        "lat": 28.0,
        "adcode": "330303",
        "county": "龙湾区",
        "level": "national",
        "operator": "阿尔法运营",
        "demo": False,
    }


def test_pages_follow_each_other(client: FlaskClient) -> None:
    first = ask(client, {}, "?limit=3")
    assert (len(first["candidates"]), first["next"], first["total"]) == (3, 3, 4)
    second = ask(client, {}, f"?limit=3&offset={first['next']}")
    assert (len(second["candidates"]), second["next"]) == (1, None)
    ids = [c["unit_id"] for c in first["candidates"] + second["candidates"]]
    assert len(set(ids)) == 4
    assert ask(client, {}, "?limit=3&offset=99")["candidates"] == []


def test_sites_are_ranked_for_the_map(client: FlaskClient) -> None:
    sites = ask(client, {})["sites"]
    assert [site["rank"] for site in sites] == [1, 2, 3]
    alpha = next(site for site in sites if site["id"] == "alpha")
    assert (alpha["units"], alpha["vacant_m2"], alpha["adcode"]) == (2, 240.0, "330303")
    nowhere = next(site for site in sites if site["id"] == "nowhere")
    assert (nowhere["lon"], nowhere["lat"], nowhere["adcode"]) == (None, None, "")
    assert [s["score"] for s in sites] == sorted((s["score"] for s in sites), reverse=True)


def test_facets_tell_what_a_filter_would_leave(client: FlaskClient) -> None:
    facets = ask(client, {"unit_kinds": ["lab"]}, "?facets=1")["facets"]
    assert facets["unit_kinds"] == {
        "open_desk": 1,
        "office": 1,
        "lab": 2,
        "pilot_line": 0,
        "workshop": 0,
    }
    assert (facets["counties"]["330303"], facets["counties"]["330302"]) == (1, 1)
    for name in ("rent", "area"):
        histogram = facets[name]
        assert len(histogram["edges"]) == len(histogram["counts"]) + 1
        assert sum(histogram["counts"]) == 2


def test_nothing_fits_and_what_would(client: FlaskClient) -> None:
    answer = ask(client, {"unit_kinds": ["lab"], "rent_cny_m2_month_max": 10})
    assert (answer["total"], answer["candidates"], answer["sites"]) == (0, [], [])
    assert answer["rejected"] == {"status": 2, "unit_kind": 2, "rent": 2}
    rents = [r for r in answer["relaxations"] if r["rule"] == "rent"]
    assert [(r["label"], r["opens"]) for r in rents] == [
        ("租金上限 +10 元", 1),
        ("租金上限 +18 元", 2),
    ]
    for way in answer["relaxations"]:
        changed = {"unit_kinds": ["lab"], "rent_cny_m2_month_max": 10} | way["patch"]
        assert ask(client, changed)["total"] == way["opens"]


def test_near_walks_from_the_point(client: FlaskClient) -> None:
    near = {"lon": 120.703, "lat": 28.0, "minutes": 10}
    answer = ask(client, {"near": near})
    assert {c["site_id"] for c in answer["candidates"]} == {"alpha"}
    part = next(p for p in answer["candidates"][0]["criteria"] if p["name"] == "near")
    assert "295 m" in part["reason"]
    assert answer["rejected"]["near"] == 2


def test_a_pipeline_unit_comes_in_time(client: FlaskClient) -> None:
    demand = {"unit_kinds": ["workshop"], "move_in": "2027-04-01"}
    assert ask(client, demand)["total"] == 1
    assert ask(client, demand | {"move_in": "2027-02-01"})["total"] == 0


def test_english(client: FlaskClient) -> None:
    answer = ask(client, {"headcount": 8}, "?lang=en")
    assert answer["rejected_labels"]["status"] == "Not vacant now"
    assert answer["candidates"][0]["criteria"][0]["label"] == "Area"
    assert answer["candidates"][0]["site"]["county"] in ("Longwan", "Lucheng", "")


HOSTILE = [
    (b"[]", 422, "demand"),
    (b"null", 422, "demand"),
    (b"", 422, "body"),
    (b"{", 422, "body"),
    (b'{"headcount": NaN}', 422, "body"),
    (b'{"headcount": Infinity}', 422, "body"),
    (b'{"headcount": 1e999}', 422, ""),
    (b'{"headcount": 99999999999999999999999999}', 422, "headcount"),
    (b'{"headcount": -1}', 422, "headcount"),
    (b'{"headcount": true}', 422, "headcount"),
    (b'{"headcount": "8"}', 422, "headcount"),
    (b'{"area_m2": {"min": 9, "max": 3}}', 422, "area_m2"),
    (b'{"counties": [330303]}', 422, "counties.0"),
    (b'{"counties": ["999999"]}', 422, "counties.0"),
    (b'{"unit_kinds": ["castle"]}', 422, "unit_kinds.0"),
    (b'{"stage": 3}', 422, "stage"),
    (b'{"move_in": "tomorrow"}', 422, "move_in"),
    (b'{"requires": {"moat": true}}', 422, "requires.moat"),
    (b'{"weights": {"area": -1}}', 422, "weights.area"),
    (b'{"near": {"lon": 200, "lat": 0}}', 422, "near.lon"),
    (b'{"\\u0000": 1}', 422, "\x00"),
    (b'{"unknown": 1}', 422, "unknown"),
    (b'{"amenities": [' + b'"cafe",' * 200 + b'"cafe"]}', 422, "amenities"),
    (b"[" * 100_000 + b"]" * 100_000, 422, "body"),
    (b'{"name": "\xff\xfe"}', 422, "body"),
    (b'{"name": "' + b"x" * 300 + b'"}', 422, "name"),
]


@pytest.mark.parametrize(("body", "status", "field"), HOSTILE)
def test_what_cannot_be_used_is_refused(
    client: FlaskClient, body: bytes, status: int, field: str
) -> None:
    answer = client.post(MATCH, data=body, content_type="application/json")
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == status and problem["detail"]
    if field:
        assert problem["field"] == field


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    body = b'{"name": "' + b"x" * 10_000_000 + b'"}'
    answer = client.post(MATCH, data=body, content_type="application/json")
    assert answer.status_code == 413
    assert answer.get_json()["title"] == "内容太大"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_other_media_types_are_refused(client: FlaskClient, kind: str) -> None:
    answer = client.post(MATCH, data=b"{}", content_type=kind)
    assert answer.status_code == 415


@pytest.mark.parametrize("query", ["?limit=0", "?limit=x", "?offset=-1", "?facets=2"])
def test_pages_that_are_none_are_refused(client: FlaskClient, query: str) -> None:
    answer = client.post(f"{MATCH}{query}", json={})
    assert answer.status_code == 422
    assert answer.get_json()["field"] == query[1:].split("=")[0]


def test_get_is_not_allowed_and_says_what_is(client: FlaskClient) -> None:
    answer = client.get(MATCH)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


EXPLAIN = "/api/v1/match/explain"
CORNER = [[120.69, 27.99], [120.71, 27.99], [120.71, 28.01], [120.69, 28.01], [120.69, 27.99]]


def explain(client: FlaskClient, demand: object, query: str) -> dict[str, Any]:
    answer = client.post(f"{EXPLAIN}{query}", json=demand)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    ExplainAnswer.model_validate(found)
    return found


def test_a_refused_unit_says_every_rule(client: FlaskClient) -> None:
    demand = {"unit_kinds": ["lab"], "rent_cny_m2_month_max": 25, "counties": ["330302"]}
    found = explain(client, demand, "?unit=a1")
    assert (found["fits"], found["refused_by"]) == (False, "county")
    rules = {rule["name"]: rule for rule in found["rules"]}
    assert (rules["county"]["met"], rules["county"]["reason"]) == (False, "在龙湾区，要鹿城")
    assert (rules["rent"]["met"], rules["rent"]["reason"]) == (
        False,
        "租金 28 元/㎡·月，高于上限 12%",
    )
    assert (rules["unit_kind"]["met"], rules["budget"]["met"]) == (True, None)
    assert (rules["rent"]["level"], rules["county"]["level"]) == ("unit", "site")
    assert found["score"] == pytest.approx(sum(c["points"] for c in found["criteria"]))


def test_a_candidate_is_explained_as_it_was_ranked(client: FlaskClient) -> None:
    demand = {"unit_kinds": ["lab"], "near": {"lon": 120.703, "lat": 28.0, "minutes": 10}}
    best = ask(client, demand)["candidates"][0]
    found = explain(client, demand, "?unit=a1&lang=en")
    assert found["fits"] and found["refused_by"] is None
    assert found["score"] == best["score"]
    reason = next(r["reason"] for r in found["rules"] if r["name"] == "near")
    assert reason == "3.7 min on foot, wanted 10 at most"


@pytest.mark.parametrize(
    ("query", "body", "status", "field"),
    [
        ("", {}, 422, "unit"),
        ("?unit=", {}, 422, "unit"),
        (f"?unit={'x' * 201}", {}, 422, "unit"),
        ("?unit=none", {}, 404, "unit_id"),
        ("?unit=a1", {"stage": "old"}, 422, "stage"),
        ("?unit=a1", [], 422, "demand"),
    ],
)
def test_explanations_that_cannot_be_given(
    client: FlaskClient, query: str, body: object, status: int, field: str
) -> None:
    answer = client.post(f"{EXPLAIN}{query}", json=body)
    assert (answer.status_code, answer.get_json()["field"]) == (status, field)


def test_a_drawn_area(client: FlaskClient) -> None:
    within = {"type": "Polygon", "coordinates": [CORNER]}
    answer = ask(client, {"within": within})
    assert {c["site_id"] for c in answer["candidates"]} == {"alpha"}
    assert answer["rejected"] == {"status": 2, "within": 2}
    way = next(r for r in answer["relaxations"] if r["rule"] == "within")
    assert (way["label"], way["opens"], way["patch"]) == ("不限画的范围", 2, {"within": None})
    assert ask(client, {"within": within} | way["patch"])["total"] == answer["total"] + 2


def test_platforms_are_a_must(client: FlaskClient) -> None:
    answer = ask(client, {"platforms": ["testing"]})
    assert {c["site_id"] for c in answer["candidates"]} == {"alpha"}
    assert answer["rejected_labels"]["platforms"] == "缺要的平台"


def test_freshness_is_said_of_every_candidate(client: FlaskClient) -> None:
    said = {c["unit_id"]: c["freshness"] for c in ask(client, {})["candidates"]}
    assert said["a1"] == {
        "state": "fresh",
        "label": "新近核实",
        "verified_at": "2026-11-20",
        "due": "2026-12-20",
    }
    assert said["b1"] == {
        "state": "never", "label": "没有核实过", "verified_at": None, "due": None,
    }  # fmt: skip
    assert client.get("/api/v1/units/a1").get_json()["freshness"] == said["a1"]


def test_stale_listings_are_hidden_from_the_public(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppContext, "today", lambda self: date(2027, 3, 20))
    said = {c["unit_id"]: c["freshness"]["state"] for c in ask(client, {})["candidates"]}
    assert said == {"a1": "stale", "a3": "stale", "n1": "stale", "b1": "never"}
    monkeypatch.setattr(AppContext, "today", lambda self: date(2027, 3, 21))
    answer = ask(client, {})
    assert {c["unit_id"] for c in answer["candidates"]} == {"b1"}
    assert answer["rejected"] == {"status": 2, "freshness": 3}
    assert client.get("/api/v1/units/a1").get_json()["freshness"]["state"] == "hidden"


BAD = [
    ({"industry": "alchemy"}, "industry"),
    ({"counties": ["330399"]}, "counties.0"),
    ({"area_m2": {"min": 300, "max": 200}}, "area_m2"),
    ({"area_m2": {"min": -1}}, "area_m2.min"),
    ({"rent_cny_m2_month_max": 1e12}, "rent_cny_m2_month_max"),
    ({"within": {"type": "Polygon", "coordinates": [[CORNER[0], CORNER[2], CORNER[1], CORNER[3],
                                                     CORNER[0]]]}}, "within"),
    ({"within": {"type": "Polygon", "coordinates": [CORNER[:3]]}}, "within.coordinates.0"),
    ({"within": {"type": "Polygon", "coordinates": [CORNER[:1] * 501]}}, "within"),
    ({"name": "<script>alert(1)</script>"}, "name"),
    ({"platforms": ["<b>"]}, "platforms.0"),
]  # fmt: skip


@pytest.mark.parametrize(("demand", "field"), BAD)
@pytest.mark.parametrize("path", [MATCH, f"{EXPLAIN}?unit=a1"])
def test_bad_input_names_field_and_fix_and_stores_nothing(
    client: FlaskClient, context: AppContext, path: str, demand: dict[str, Any], field: str
) -> None:
    before = latest_seq(context.store)
    for language in ("zh", "en"):
        sign = "&" if "?" in path else "?"
        answer = client.post(f"{path}{sign}lang={language}", json=demand)
        assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
        problem = answer.get_json()
        assert problem["field"] == field and problem["detail"] and problem["fix"]
    assert latest_seq(context.store) == before


def test_the_sites_for_a_map_can_be_left_out(client: FlaskClient) -> None:
    whole = client.post("/api/v1/match", json={}).get_json()
    plain = client.post("/api/v1/match?sites=0", json={}).get_json()
    assert whole["sites"] and plain["sites"] == []
    assert plain | {"sites": whole["sites"]} == whole
    assert client.post("/api/v1/match?sites=2", json={}).get_json()["field"] == "sites"
