"""OGC API – Features: choosing, paging, ids, formats, and what it refuses."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient

from layers.registry import LAYERS

UNITS = "/ogc/collections/units/items"


def ask(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


def ids(client: FlaskClient, query: str, layer: str = "units") -> list[str]:
    answer = ask(client, f"/ogc/collections/{layer}/items?{query}")
    assert answer["numberReturned"] == len(answer["features"])
    return [feature["id"] for feature in answer["features"]]


def rels(value: dict[str, Any]) -> dict[str, str]:
    return {link["rel"]: link["href"] for link in value["links"]}


def test_landing_links_to_everything(client: FlaskClient) -> None:
    links = rels(ask(client, "/ogc"))
    for rel in ("self", "alternate", "service-desc", "service-doc", "conformance", "data"):
        assert client.get(links[rel]).status_code == 200, rel
    assert links["data"] == "http://localhost/ogc/collections"
    assert ask(client, "/ogc/")["title"]


def test_every_public_layer_is_a_collection(client: FlaskClient) -> None:
    found = {c["id"]: c for c in ask(client, "/ogc/collections")["collections"]}
    assert set(found) == {spec.id for spec in LAYERS.values() if spec.role == "public"}
    for collection in found.values():
        for link in collection["links"]:
            assert client.get(link["href"]).status_code == 200, link
    sites = ask(client, "/ogc/collections/sites")
    assert sites["itemType"] == "feature"
    box = sites["extent"]["spatial"]["bbox"][0]
    assert box == [120.69, 27.89, 121.11, 28.03]
    assert {"name": "vacant_m2", "type": "number", "unit": "㎡", "title": "空置面积"} in sites[
        "columns"
    ]


def test_features_have_the_published_columns(client: FlaskClient) -> None:
    for spec in LAYERS.values():
        for feature in ask(client, f"/ogc/collections/{spec.id}/items")["features"]:
            assert set(feature["properties"]) == set(spec.names), spec.id
            assert shapely.geometry.shape(feature["geometry"]).is_valid


def test_units_only_of_sites_with_a_place(client: FlaskClient) -> None:
    assert ids(client, "") == ["a1", "a2", "a3", "b1", "b2"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("status=vacant", ["a1", "a3", "b1"]),
        ("status=vacant&kind=lab", ["a1", "b1"]),
        ("area_m2=180", ["a1"]),
        ("floor=3", ["a1"]),
        ("water=true", ["a1"]),
        ("gas=false", ["a1"]),
        ("demo=1", ["b1", "b2"]),
        ("free_from=2027-03-01", ["b2"]),
        ("building=nothing", []),
        ("site_id=beta", ["b1", "b2"]),
        ("bbox=120.69,27.99,120.71,28.01", ["a1", "a2", "a3"]),
        ("bbox=120.69,27.99,0,120.71,28.01,50", ["a1", "a2", "a3"]),
        ("bbox=170,-10,-170,10", []),
        ("bbox=120.7,28,120.7,28", ["a1", "a2", "a3"]),
        ("datetime=2027-03-01", ["b2"]),
        ("datetime=2027-03-01T00:00:00Z", ["b2"]),
        ("datetime=2026-11-01/2026-12-01", ["a1", "a3", "b1"]),
        ("datetime=../2026-12-01", ["a1", "a3", "b1"]),
        ("datetime=2027-01-01/..", ["b2"]),
        ("datetime=2027-01-01/", ["b2"]),
        ("limit=2", ["a1", "a2"]),
        ("limit=2&offset=4", ["b2"]),
        ("offset=99", []),
        ("lang=en&f=json", ["a1", "a2", "a3", "b1", "b2"]),
    ],
)
def test_choosing(client: FlaskClient, query: str, wanted: list[str]) -> None:
    assert ids(client, query) == wanted


def test_datetime_is_no_filter_where_there_is_no_day(client: FlaskClient) -> None:
    assert ids(client, "datetime=1999-01-01", "counties") == ["330302", "330303"]


def test_a_limit_beyond_the_most_is_taken_as_the_most(client: FlaskClient) -> None:
    assert len(ids(client, "limit=1000000")) == 5


def test_pages_follow_and_keep_the_filters(client: FlaskClient) -> None:
    seen: list[str] = []
    path = f"{UNITS}?limit=2&status=vacant"
    for _ in range(5):
        page = ask(client, path)
        assert page["numberMatched"] == 3
        seen += [feature["id"] for feature in page["features"]]
        if "next" not in rels(page):
            break
        path = rels(page)["next"]
    assert seen == ["a1", "a3", "b1"]
    back = ask(client, rels(page)["prev"])
    assert [feature["id"] for feature in back["features"]] == ["a1", "a3"]
    assert "prev" not in rels(back)


def test_values_and_geometry_of_a_feature(client: FlaskClient) -> None:
    feature = ask(client, f"{UNITS}/a1")
    assert feature["geometry"] == {"type": "Point", "coordinates": [120.7, 28.0]}
    properties = feature["properties"]
    assert (properties["kind"], properties["area_m2"], properties["water"]) == ("lab", 180.0, True)
    assert (properties["exhaust"], properties["clear_height_m"]) == (None, None)
    assert ask(client, f"{UNITS}/a3")["properties"]["rent_cny_m2_month"] is None


def test_ids_name_what_they_can(client: FlaskClient) -> None:
    assert ids(client, "", "counties") == ["330302", "330303"]
    assert ids(client, "", "rings")[0] == "1"
    assert ids(client, "", "sites") == ["alpha", "beta", "far", "town"]
    assert ask(client, "/ogc/collections/counties/items/330303")["properties"]["name"] == "龙湾区"


def test_polygons_are_right_handed(client: FlaskClient) -> None:
    feature = ask(client, "/ogc/collections/counties/items/330303")
    ring = shapely.geometry.shape(feature["geometry"]).exterior
    assert ring.is_ccw


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        (f"{UNITS}?color=red", 400, "color"),
        (f"{UNITS}?bbox=1,2,3", 400, "bbox"),
        (f"{UNITS}?bbox=1,2,3,nan", 400, "bbox"),
        (f"{UNITS}?bbox=0,10,1,5", 400, "bbox"),
        (f"{UNITS}?bbox=" + "1," * 5000, 400, "bbox"),
        (f"{UNITS}?bbox-crs=EPSG:3857", 400, "bbox-crs"),
        (f"{UNITS}?crs=http://www.opengis.net/def/crs/EPSG/0/3857", 400, "crs"),
        (f"{UNITS}?datetime=yesterday", 400, "datetime"),
        (f"{UNITS}?datetime=2026-12-01/2026-01-01", 400, "datetime"),
        (f"{UNITS}?datetime=a/b/c", 400, "datetime"),
        (f"{UNITS}?datetime=..", 400, "datetime"),
        (f"{UNITS}?limit=0", 400, "limit"),
        (f"{UNITS}?limit=ten", 400, "limit"),
        (f"{UNITS}?offset=-1", 400, "offset"),
        (f"{UNITS}?area_m2=large", 400, "area_m2"),
        (f"{UNITS}?water=perhaps", 400, "water"),
        (f"{UNITS}?free_from=soon", 400, "free_from"),
        (f"{UNITS}?f=xml", 400, "f"),
        ("/ogc?color=red", 400, "color"),
        (f"{UNITS}/none", 404, "feature_id"),
        ("/ogc/collections/none", 404, "collection"),
        ("/ogc/collections/none/items", 404, "collection"),
    ],
)
def test_refusals(client: FlaskClient, path: str, status: int, field: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert (answer.mimetype, answer.get_json()["field"]) == ("application/problem+json", field)


def test_a_layer_for_others_is_not_there(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LAYERS, "units", dataclasses.replace(LAYERS["units"], role="manager"))
    assert client.get(UNITS).status_code == 404
    assert client.get("/ogc/collections/units").status_code == 404
    assert client.get("/ogc/collections/units/tiles/WebMercatorQuad/14/0/0").status_code == 404
    assert "units" not in {c["id"] for c in ask(client, "/ogc/collections")["collections"]}
    assert "manager" not in client.get(UNITS).get_data(as_text=True)


def test_pages_for_people(client: FlaskClient) -> None:
    paths = ["/ogc", "/ogc/conformance", "/ogc/collections", "/ogc/collections/sites"]
    paths += ["/ogc/collections/sites/items", "/ogc/collections/sites/items/beta"]
    for path in paths:
        for query in ("?f=html", "?f=html&lang=en"):
            answer = client.get(path + query)
            assert (answer.status_code, answer.mimetype) == (200, "text/html"), path
            text = answer.get_data(as_text=True)
            assert "<script" not in text.replace("&lt;script", ""), path
            assert f'href="http://localhost{path}?f=json' in text
    asked = client.get("/ogc/collections", headers={"Accept": "text/html"})
    assert asked.mimetype == "text/html" and "Accept" in asked.headers["Vary"]
    table = client.get("/ogc/collections/sites/items?f=html").get_data(as_text=True)
    assert "demo-mark" in table and "演示数据" in table
    assert "阿尔法孵化器" in table and "&lt;script&gt;" in table
    assert "没有符合的要素" in client.get(f"{UNITS}?f=html&building=x").get_data(as_text=True)


def test_media_types(client: FlaskClient) -> None:
    assert client.get(UNITS).mimetype == "application/geo+json"
    assert client.get("/ogc/collections").mimetype == "application/json"
    links = ask(client, "/ogc/collections/units")["links"]
    assert {link["type"] for link in links if link["rel"] == "items"} == {
        "application/geo+json",
        "text/html",
    }


@pytest.mark.parametrize(
    ("headers", "remote", "root"),
    [
        ({}, "127.0.0.1", "http://localhost"),
        (
            {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "maps.example.cn"},
            "127.0.0.1",
            "https://maps.example.cn",
        ),
        ({"X-Forwarded-Proto": "https"}, "127.0.0.1", "https://localhost"),
        ({"X-Forwarded-Proto": "https"}, "203.0.113.9", "http://localhost"),
        ({"X-Forwarded-Proto": "javascript"}, "127.0.0.1", "http://localhost"),
        (
            {"X-Forwarded-Proto": "https", "X-Forwarded-Host": 'a"><script>'},
            "127.0.0.1",
            "http://localhost",
        ),
    ],
)
def test_links_lead_where_the_client_came_from(
    client: FlaskClient, headers: dict[str, str], remote: str, root: str
) -> None:
    answer = client.get("/ogc", headers=headers, environ_overrides={"REMOTE_ADDR": remote})
    assert rels(answer.get_json())["data"] == f"{root}/ogc/collections"
