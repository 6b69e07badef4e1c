"""Coverage under profiles, by site, county and reporting unit."""

from __future__ import annotations

from pathlib import Path
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
        ("?by=street", 422, "by"),
        ("/gaps?profile=none", 404, "profile"),
        ("/gaps?category=cafe,pub", 422, "category"),
        ("/gaps?sort=-adcode", 422, "sort"),
        ("/gaps?adcode=330302,999999", 422, "adcode"),
        ("/gaps?reporting_unit=none", 422, "reporting_unit"),
        ("/gaps?limit=0", 422, "limit"),
        ("/gaps/file?format=shp", 422, "format"),
        ("/compare", 422, "lon"),
        ("/compare?lon=120.7&lat=nan", 422, "lat"),
        ("/compare?lon=122.5&lat=28", 404, "lon"),
        ("/compare?site=none", 404, "site_id"),
        ("/compare?site=town", 404, "site"),
        ("?profile=none", 404, "profile"),
        ("?limit=-3", 422, "limit"),
        ("?offset=99999999999", 422, "offset"),
    ],
)
def test_refusals(client: FlaskClient, query: str, status: int, field: str) -> None:
    answer = client.get(f"/api/v1/coverage{query}")
    assert (answer.status_code, answer.get_json()["field"]) == (status, field)


def test_figures_say_what_they_rest_on(client: FlaskClient) -> None:
    answer = ask(client)
    assert len(answer["network"]) == 12
    amenities = answer["amenities"]
    assert (amenities["count"], len(amenities["version"])) == (3, 12)
    assert [source["count"] for source in amenities["sources"]] == [3]
    for path in ("/gaps", "/compare?site=alpha"):
        found = ask(client, path)
        assert found["network"] == answer["network"]
        assert found["amenities"] == amenities


def test_by_industry_and_by_town(client: FlaskClient) -> None:
    items = {item["id"]: item for item in ask(client, "?by=industry&lang=en")["items"]}
    assert len(items) == 10
    assert (items["life_health"]["sites"], items["life_health"]["score"]) == (1, 1.0)
    assert items["footwear"]["sites"] == 0 and items["footwear"]["score"] is None
    assert items["life_health"]["name"] == "Life & health"
    towns = {item["name"]: item for item in ask(client, "?by=town")["items"]}
    assert (towns["永中街道"]["sites"], towns["永中街道"]["score"]) == (1, 1.0)
    assert towns["无处街道"]["sites"] == 0


def gaps(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(client, f"/gaps{query}")["items"]
    return found


def test_gaps_name_the_nearest_and_the_metres(client: FlaskClient) -> None:
    answer = ask(client, "/gaps")
    assert (answer["limit_m"], answer["demo"], answer["sites"]) == (1200, True, 2)
    # Alpha reaches a café, beta nothing: 11 + 12 gaps.
    assert answer["total"] == 23
    (transit,) = [g for g in answer["items"] if g["over_m"] is not None and g["site_id"] == "alpha"]
    assert (transit["category"], transit["requirement"]) == ("transit", "交通出行")
    assert (transit["nearest_id"], transit["nearest"]) == ("stop", "站")
    assert transit["walk_m"] == pytest.approx(1476, abs=4)
    assert transit["over_m"] == pytest.approx(276, abs=4)
    assert (transit["have"], transit["need"], transit["limit_m"]) == (0, 1, 1200)
    assert (transit["county"], transit["score"], transit["total"]) == ("龙湾区", 1, 12)


def test_gaps_are_filtered_sorted_and_paged(client: FlaskClient) -> None:
    assert {g["site_id"] for g in gaps(client, "?adcode=330303")} == {"alpha"}
    assert {g["category"] for g in gaps(client, "?category=bar,transit")} == {"bar", "transit"}
    assert len(gaps(client, "?site=beta")) == 12
    assert {g["site_id"] for g in gaps(client, "?q=阿尔")} == {"alpha"}
    assert gaps(client, "?reporting_unit=haijing") == []
    up = [g["walk_m"] for g in gaps(client, "?sort=walk_m")]
    known = [w for w in up if w is not None]
    assert known == sorted(known) and up[: len(known)] == known and len(known) < len(up)
    down = [g["walk_m"] for g in gaps(client, "?sort=-walk_m")]
    assert down[: len(known)] == known[::-1]
    page = ask(client, "/gaps?limit=20&q=a")
    assert page["total"] == 12 and page["next"] is None  # MARKUP holds an a
    page = ask(client, "/gaps?limit=20")
    assert len(page["items"]) == 20
    rest = ask(client, page["next"].removeprefix("/api/v1/coverage"))
    assert len(rest["items"]) == 3


def test_gaps_speak_english(client: FlaskClient) -> None:
    assert "Transit" in {g["requirement"] for g in gaps(client, "?lang=en")}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "gpkg", "geojson"])
def test_files_hold_the_same_rows(client: FlaskClient, tmp_path: Path, kind: str) -> None:
    import pandas as pd
    import pyogrio

    answer = client.get(f"/api/v1/coverage/gaps/file?format={kind}&site=alpha&sort=requirement")
    assert answer.status_code == 200
    assert f".{kind}" in answer.headers["Content-Disposition"]
    file = tmp_path / f"gaps.{kind}"
    file.write_bytes(answer.data)
    if kind == "csv":
        table = pd.read_csv(file)
    elif kind == "xlsx":
        table = pd.read_excel(file, engine="calamine")
    else:
        table = pyogrio.read_dataframe(file)
    same = gaps(client, "?site=alpha&sort=requirement")
    assert len(table) == len(same) == 11
    column = "缺什么" if kind in ("csv", "xlsx") else "requirement"
    assert table[column].tolist() == [g["requirement"] for g in same]
    nearest = table["最近一处" if kind in ("csv", "xlsx") else "nearest"]
    assert "站" in nearest.tolist()


def test_markup_in_a_name_stays_text_in_the_files(client: FlaskClient) -> None:
    csv = client.get("/api/v1/coverage/gaps/file?format=csv&site=beta").data.decode("utf-8-sig")
    assert "<script>alert(1)</script>" in csv


def test_profiles_side_by_side(client: FlaskClient) -> None:
    answer = ask(client, "/compare?site=alpha")
    assert answer["total"] == 4 and answer["site_id"] == "alpha"
    found = {item["profile"]: item for item in answer["items"]}
    six, gb = found["wenzhou-6-6"], found["gb50180"]
    assert (six["score"], six["total"], six["limit_m"]) == (1, 12, 1200)
    assert (gb["score"], gb["total"], gb["limit_m"]) == (0, 5, 1000)
    assert six["categories"]["cafe"] == 2
    # The stop is 1,476 m off either way; a circle of 1,200 m does not hold it.
    assert six["circle"]["categories"]["transit"] == 0
    assert six["circle"]["radius_m"] == 1200
    assert six["circle"]["overstates_area"] > 0.5
    assert six["circle"]["overstates_amenities"] == 0
    (venue, spaces) = found["plan-culture"]["requirements"]
    assert (venue["need"], venue["have"], venue["met"]) == (1, 0, False)
    assert spaces["need"] == 3
    point = ask(client, "/compare?lon=120.7&lat=28.0&lang=en")
    assert point["site_id"] is None
    assert [i["score"] for i in point["items"]] == [i["score"] for i in answer["items"]]


def test_what_has_no_incubator(client: FlaskClient) -> None:
    answer = ask(client, "/lacking?lang=en")
    assert (answer["towns_without"], answer["sites_without_town"], answer["sites"]) == (1, 4, 5)
    assert [(t["name"], t["sites"]) for t in answer["towns"]] == [("无处街道", 0), ("永中街道", 1)]
    assert answer["towns"][0]["lon"] is None and answer["towns"][1]["county"] == "Longwan"
    assert answer["industries_without"] == 8
    assert answer["industries"][0]["sites"] == 0
    last = answer["industries"][-1]
    assert last["sites"] == 1 and len(last["without"]) == 11
    assert answer["sites_without_industry"] == 3


def test_gaps_without_a_network_come_from_the_record(
    context: AppContext, client: FlaskClient
) -> None:
    (context.settings.data_dir / "network").unlink()
    assert len(gaps(client)) == 23
    culture = gaps(client, "?profile=plan-culture")
    assert all(g["walk_m"] is None for g in culture) and culture
    assert client.get("/api/v1/coverage/compare?site=alpha").status_code == 503
