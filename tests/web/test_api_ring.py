"""The ring of a point: what its contract says, field by field."""

from __future__ import annotations

import pytest
import shapely
from flask.testing import FlaskClient

from geomap.domain.words import AmenityCategory

ALPHA = "/api/v1/ring?lon=120.7&lat=28.0"


def test_ring_is_a_feature_around_its_point(client: FlaskClient) -> None:
    answer = client.get(ALPHA)
    assert answer.status_code == 200
    assert answer.mimetype == "application/geo+json"
    ring = answer.get_json()
    assert ring["type"] == "Feature"
    shape = shapely.geometry.shape(ring["geometry"])
    assert shape.is_valid
    assert shape.buffer(1e-6).contains(shapely.Point(120.7, 28.0))
    # 1,200 m of walking east along the southern street is 0.0122 degrees.
    assert shape.bounds[2] == pytest.approx(120.7122, abs=0.001)


def test_properties_are_those_of_the_contract(client: FlaskClient) -> None:
    properties = client.get(ALPHA).get_json()["properties"]
    assert properties["minutes"] == 15
    assert properties["speed_kmh"] == pytest.approx(4.8)
    assert properties["snapped_m"] == pytest.approx(0, abs=0.2)
    assert properties["truncated"] is True
    assert len(properties["network"]) == 12
    assert properties["demo"] is True
    # A triangle of 1,200 m by 1,200 m, and the band of streets around its three sides.
    assert 720_000 < properties["area_m2"] < 1_000_000
    assert set(properties["amenities"]) == {str(c) for c in AmenityCategory}


def test_amenities_are_counted_listed_and_timed(client: FlaskClient) -> None:
    amenities = client.get(ALPHA).get_json()["properties"]["amenities"]
    cafe, transit = amenities["cafe"], amenities["transit"]
    assert (cafe["count"], transit["count"]) == (2, 0)
    assert [item["id"] for item in cafe["items"]] == ["cafe-1", "cafe-2"]
    first = cafe["items"][0]
    assert set(first) == {"id", "name", "walk_m", "walk_min", "lon", "lat", "demo"}
    assert (first["name"], first["lon"], first["lat"]) == ("近茶咖", 120.705, 28.0)
    assert first["walk_m"] == pytest.approx(492, abs=2)
    assert first["walk_min"] == pytest.approx(492 / 80, abs=0.05)
    assert cafe["nearest"] == first
    assert transit["nearest"]["walk_m"] == pytest.approx(1476, abs=4)
    assert amenities["bar"] == {"count": 0, "nearest": None, "items": []}


def test_minutes_and_profile_change_the_walk(client: FlaskClient) -> None:
    short = client.get(f"{ALPHA}&minutes=5").get_json()["properties"]
    assert short["amenities"]["cafe"]["count"] == 0
    other = client.get(f"{ALPHA}&profile=gb50180").get_json()["properties"]
    assert (other["profile"], other["speed_kmh"]) == ("gb50180", 4.0)
    assert other["amenities"]["cafe"]["count"] == 2


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("lat=28", 422, "lon"),
        ("lon=nan&lat=28", 422, "lon"),
        ("lon=1e400&lat=28", 422, "lon"),
        ("lon=abc&lat=28", 422, "lon"),
        ("lon=28&lat=120.7", 422, "lat"),
        ("lon=120.7&lat=28&minutes=0", 422, "minutes"),
        ("lon=120.7&lat=28&minutes=-5", 422, "minutes"),
        ("lon=120.7&lat=28&minutes=many", 422, "minutes"),
        ("lon=120.7&lat=28&minutes=inf", 422, "minutes"),
        ("lon=120.7&lat=28&minutes=61", 422, "minutes"),
        ("lon=120.7&lat=28&profile=none", 404, "profile"),
        ("lon=120.7&lat=28&profile=" + "x" * 65, 422, "profile"),
        ("lon=121.1&lat=27.9", 404, "lon"),
        ("lon=120.6999&lat=28&minutes=0.5", 200, ""),
    ],
)
def test_what_cannot_be_used_is_refused(
    client: FlaskClient, query: str, status: int, field: str
) -> None:
    answer = client.get(f"/api/v1/ring?{query}")
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.get_json().get("field", "") == field
    if status == 200:
        return
    english = client.get(f"/api/v1/ring?{query}&lang=en").get_json()
    for text in (answer.get_json(), english):
        assert text["detail"]
        assert text.get("fix") or "characters" in english["detail"]
    assert answer.get_json()["detail"] != english["detail"]
    assert english["detail"].isascii()


def test_refusals_speak_the_language_of_the_request(client: FlaskClient) -> None:
    chinese = client.get("/api/v1/ring?lon=121.1&lat=27.9").get_json()
    english = client.get("/api/v1/ring?lon=121.1&lat=27.9&lang=en").get_json()
    assert "路网" in chinese["detail"] and "导入" in chinese["fix"]
    assert "street network" in english["detail"]
    asked = client.get("/api/v1/ring", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert asked.get_json()["detail"] == "lon: missing"
