"""One site, one unit, what is around: their contracts field by field."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.world import MARKUP


@pytest.fixture
def alpha(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/sites/alpha")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_site_says_where_it_belongs(alpha: dict[str, Any]) -> None:
    wanted = {
        "id": "alpha",
        "name": "阿尔法孵化器",
        "lon": 120.7,
        "lat": 28.0,
        "adcode": "330303",
        "county": "龙湾区",
        "reporting_unit": "330303",
        "reporting_unit_name": "龙湾区",
        "county_mismatch": False,
        "precision": "exact",
    }
    assert {name: alpha[name] for name in wanted} == wanted


def test_site_says_what_it_offers(alpha: dict[str, Any]) -> None:
    wanted = {
        "level": "national",
        "stages": ["incubation"],
        "industries": [{"id": "eye_health", "name": "眼健康"}],
        "operator": "阿尔法运营",
        "services": ["patent", "legal"],
        "platforms": ["testing"],
        "area_m2": 12_000.0,
        "opened_on": "2024-03-01",
        "tenants": 40,
        "jobs": 300,
        "professional": True,
        "state_owned": False,
        "address": "温州大道 1 号",
        "source": "测试",
        "source_date": "2026-01-01",
        "reference": False,
        "demo": False,
        "note": "",
    }
    assert {name: alpha[name] for name in wanted} == wanted


def test_site_counts_its_vacancies(alpha: dict[str, Any]) -> None:
    assert alpha["vacant_count"] == 2
    assert alpha["vacant_m2"] == 240.0
    assert alpha["rent"] == {"min": 28.0, "max": 28.0}
    assert alpha["verified_at"] == "2026-11-20"


def test_buildings_have_floors_from_the_top_with_units(alpha: dict[str, Any]) -> None:
    shown = [
        (b["name"], b["vacant"], [(f["floor"], [u["id"] for u in f["units"]]) for f in b["floors"]])
        for b in alpha["buildings"]
    ]
    assert shown == [("A", 1, [(3, ["a1"]), (1, ["a2"])]), ("B", 1, [(1, ["a3"])])]
    unit = alpha["buildings"][0]["floors"][0]["units"][0]
    assert (unit["water"], unit["gas"], unit["exhaust"]) == (True, False, None)
    assert (unit["power_kw"], unit["clear_height_m"]) == (63.0, None)
    assert unit["permitted_use"] == "research"


def test_coverage_and_history_of_a_site(alpha: dict[str, Any]) -> None:
    coverage = alpha["coverage"]
    assert (coverage["profile"], coverage["score"], coverage["total"]) == ("wenzhou-6-6", 1, 12)
    assert coverage["categories"]["cafe"]["count"] == 2
    assert coverage["categories"]["transit"]["nearest_m"] == pytest.approx(1476, abs=4)
    assert "transit" in coverage["missing"] and "cafe" not in coverage["missing"]
    assert alpha["history"] == [
        {"month": "2026-01", "vacant_m2": 50.0, "leased_m2": 100.0, "tenants": 1},
        {"month": "2026-02", "vacant_m2": 50.0, "leased_m2": 200.0, "tenants": 2},
    ]


def test_what_is_not_known_is_null(client: FlaskClient) -> None:
    site = client.get("/api/v1/sites/nowhere").get_json()
    names = ("lon", "lat", "level", "area_m2", "opened_on", "state_owned", "tenants", "coverage")
    assert [site[name] for name in names] == [None] * len(names)
    assert (site["adcode"], site["county"], site["reporting_unit_name"]) == ("", "", "")
    assert site["precision"] == "unknown" and site["reference"] is True
    assert client.get("/api/v1/sites/far").get_json()["rent"] is None


def test_english_names(client: FlaskClient) -> None:
    site = client.get("/api/v1/sites/alpha?lang=en").get_json()
    assert (site["county"], site["industries"][0]["name"]) == ("Longwan", "Eye health")


def test_markup_in_a_name_stays_text(client: FlaskClient) -> None:
    site = client.get("/api/v1/sites/beta").get_json()
    assert site["name"] == MARKUP
    assert site["demo"] is True and site["county_mismatch"] is True


def test_unit_with_its_site(client: FlaskClient) -> None:
    unit = client.get("/api/v1/units/a1").get_json()
    wanted = {
        "id": "a1",
        "site_id": "alpha",
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
        "version": 1,
        "demo": False,
    }
    assert {name: unit[name] for name in wanted} == wanted
    assert unit["site"]["name"] == "阿尔法孵化器"
    assert unit["divisible_min_m2"] is None
    assert client.get("/api/v1/units/n1").get_json()["desks"] == 6
    assert client.get("/api/v1/units/b2").get_json()["divisible_min_m2"] == 300.0


@pytest.mark.parametrize("path", ["sites/none", "units/none", "sites/none/amenities"])
def test_unknown_ids_are_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/api/v1/{path}?lang=en")
    assert answer.status_code == 404
    assert "none" in answer.get_json()["detail"]


def test_amenities_of_a_site_are_a_list(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sites/alpha/amenities?limit=1").get_json()
    assert answer["total"] == 2
    assert [item["id"] for item in answer["items"]] == ["cafe-1"]
    assert answer["items"][0]["category"] == "cafe"
    following = client.get(answer["next"]).get_json()
    assert [item["id"] for item in following["items"]] == ["cafe-2"]
    assert following["next"] is None
    assert answer["nearest"]["transit"]["id"] == "stop"


@pytest.mark.parametrize("site", ["nowhere", "town"])
def test_no_walk_starts_where_the_door_is_not_known(client: FlaskClient, site: str) -> None:
    answer = client.get(f"/api/v1/sites/{site}/amenities")
    assert answer.status_code == 404
    assert answer.get_json()["field"] == "site_id"
