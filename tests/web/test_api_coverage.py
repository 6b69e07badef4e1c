"""Coverage under profiles, by site, county and reporting unit."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from geomap.web.context import AppContext


def ask(client: FlaskClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v1/coverage{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def test_by_site_lists_those_of_which_something_is_known(client: FlaskClient) -> None:
    answer = ask(client)
    assert (answer["profile"], answer["by"], answer["demo"]) == ("wenzhou-6-6", "site", True)
    assert {item["id"] for item in answer["items"]} == {"alpha", "beta"}
    assert (answer["sites"], answer["passed"], answer["total"], answer["next"]) == (2, 0, 2, None)
    scores = [item["score"] for item in answer["items"]]
    assert scores == sorted(scores)
    alpha = next(item for item in answer["items"] if item["id"] == "alpha")
    assert (alpha["score"], alpha["total"], alpha["passed"]) == (1, 12, False)
    assert (alpha["adcode"], alpha["reporting_unit"]) == ("330303", "330303")
    assert alpha["categories"]["cafe"]["count"] == 2
    transit = alpha["categories"]["transit"]
    assert transit["missing"] is True
    assert transit["short_m"] == pytest.approx(276, abs=4)


def test_missing_and_histogram_are_over_all_sites(client: FlaskClient) -> None:
    answer = ask(client, "?limit=1")
    assert len(answer["items"]) == 1 and answer["total"] == 2
    assert sum(answer["histogram"]) == 2 and len(answer["histogram"]) == 13
    assert answer["histogram"][1] == 1
    missing = {row["category"]: row["sites"] for row in answer["missing"]}
    assert missing["bar"] == 2 and missing["cafe"] == 1
    counts = [row["sites"] for row in answer["missing"]]
    assert counts == sorted(counts, reverse=True)
    assert ask(client, answer["next"].removeprefix("/api/v1/coverage"))["items"]


def test_by_county_has_every_county(client: FlaskClient) -> None:
    items = {item["id"]: item for item in ask(client, "?by=county")["items"]}
    assert len(items) == 12
    longwan = items["330303"]
    assert (longwan["name"], longwan["adcode"], longwan["score"]) == ("龙湾区", "330303", 1.0)
    assert (longwan["sites"], longwan["passed"]) == (1, 0)
    assert longwan["categories"]["transit"]["missing"] == 1
    assert items["330329"]["score"] is None and items["330329"]["sites"] == 0


def test_by_reporting_unit_has_the_13(client: FlaskClient) -> None:
    items = ask(client, "?by=reporting_unit&lang=en")["items"]
    assert len(items) == 13
    assert (items[-1]["id"], items[-1]["adcode"]) == ("haijing", "")
    assert items[-1]["name"] == "Wenzhou Marine Economic Zone"


def test_a_profile_with_another_walk_counts_anew(client: FlaskClient) -> None:
    alpha = next(i for i in ask(client, "?profile=gb50180")["items"] if i["id"] == "alpha")
    assert alpha["total"] == 5
    assert alpha["categories"]["cafe"]["count"] == 2
    assert alpha["categories"]["cafe"]["missing"] is False
    short = alpha["categories"]["transit"]["short_m"]
    assert short == pytest.approx(476, abs=4)


def test_without_a_network_the_nearest_ones_tell(context: AppContext, client: FlaskClient) -> None:
    (context.settings.data_dir / "network").unlink()
    alpha = next(i for i in ask(client, "?profile=tdt1062")["items"] if i["id"] == "alpha")
    assert alpha["categories"]["cafe"]["count"] == 1
    assert client.get("/api/v1/ring?lon=120.7&lat=28").status_code == 503
    near = {"near": {"lon": 120.7, "lat": 28.0, "minutes": 10}}
    assert client.post("/api/v1/match", json=near).status_code == 503


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("?by=town", 422, "by"),
        ("?profile=none", 404, "profile"),
        ("?limit=-3", 422, "limit"),
        ("?offset=99999999999", 422, "offset"),
    ],
)
def test_refusals(client: FlaskClient, query: str, status: int, field: str) -> None:
    answer = client.get(f"/api/v1/coverage{query}")
    assert (answer.status_code, answer.get_json()["field"]) == (status, field)
