"""The plan's lists over HTTP: filters, pages and the city's sum."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


def test_targets_as_the_annex_prints_them(client: FlaskClient) -> None:
    answer = client.get("/api/v1/plan/targets").get_json()
    assert (answer["total"], answer["next"]) == (4, None)
    cells = {(i["reporting_unit"], i["year"], i["indicator"]): i for i in answer["items"]}
    space = cells["330303", 2026, "space"]
    assert space == {
        "reporting_unit": "330303",
        "reporting_unit_name": "龙湾区",
        "year": 2026,
        "indicator": "space",
        "target": 40.0,
        "unit": "10k_m2",
    }
    none = cells["haijing", 2026, "tenants"]
    assert (none["target"], none["unit"]) == (None, "count")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("reporting_unit=330303", 2),
        ("year=2026", 3),
        ("indicator=space", 2),
        ("indicator=space&reporting_unit=330302&year=2026", 1),
        ("reporting_unit=330300", 4),
        ("year=2027", 0),
    ],
)
def test_filters(client: FlaskClient, query: str, count: int) -> None:
    assert client.get(f"/api/v1/plan/targets?{query}").get_json()["total"] == count


def test_progress_stands_beside_targets_and_sums_to_the_city(client: FlaskClient) -> None:
    answer = client.get("/api/v1/plan/progress?indicator=space&year=2026").get_json()
    assert answer["as_of"] == "2026-11-24"
    assert {i["reporting_unit"] for i in answer["items"]} == {"330302", "330303"}
    for item in answer["items"]:
        assert {"actual", "share", "demo", "note", "target", "unit"} <= set(item)
    assert [(c["reporting_unit"], c["target"]) for c in answer["city"]] == [("330300", 70.0)]
    whole = client.get("/api/v1/plan/progress?reporting_unit=330300&lang=en").get_json()
    assert {i["reporting_unit_name"] for i in whole["items"]} == {"Whole city"}


def test_records_behind_a_figure(client: FlaskClient) -> None:
    answer = client.get("/api/v1/plan/records?indicator=space").get_json()
    assert answer["total"] == len(answer["items"])
    for record in answer["items"]:
        assert set(record) == {"id", "name", "value", "date", "demo"}


def test_pages(client: FlaskClient) -> None:
    first = client.get("/api/v1/plan/targets?limit=3").get_json()
    assert (len(first["items"]), first["total"]) == (3, 4)
    second = client.get(first["next"]).get_json()
    assert (len(second["items"]), second["next"]) == (1, None)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("targets?year=1999", "year"),
        ("targets?indicator=happiness", "indicator"),
        ("progress?reporting_unit=330301", "reporting_unit"),
        ("records", "indicator"),
    ],
)
def test_refusals(client: FlaskClient, path: str, field: str) -> None:
    answer = client.get(f"/api/v1/plan/{path}")
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)
