"""The document names every route, and real answers are as it says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from pydantic import BaseModel

from geomap.matching.demand_json import _FIELDS, _OF_PROJECTS
from geomap.placement.placement_json import FIELDS as PLACEMENT_FIELDS
from geomap.placement.policy_json import FIELDS as POLICY_FIELDS
from geomap.web import schemas as s
from geomap.web import schemas_coverage as c
from geomap.web import schemas_match as m
from geomap.web import schemas_ogc as o
from geomap.web import schemas_parse as p
from geomap.web import schemas_whatif as w

HIDDEN = {
    "/mail/confirm/{token}",
    "/mail/stop/{token}",
    "/qr.svg",
    "/",
    "/favicon.ico",
    "/api/docs",
    "/api/v1/openapi.json",
}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] and document["info"]["version"]
    assert document["servers"] == [{"url": "/"}]


def test_every_route_is_in_it(app: APIFlask, document: dict[str, Any]) -> None:
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        if path in HIDDEN or path.startswith("/static/"):
            continue
        methods = {method.lower() for method in (rule.methods or ())} & {"get", "post"}
        assert methods <= set(document["paths"].get(path, {})), path


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for part in value.values() for ref in _references(part)]
    return [ref for part in value for ref in _references(part)] if isinstance(value, list) else []


def test_every_operation_says_parameters_answers_and_errors(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["summary"] and operation["operationId"], path
            done = [code for code in operation["responses"] if code.startswith("2")]
            assert len(done) == 1 and operation["responses"][done[0]]["content"], path
            names = [p["name"] for p in operation["parameters"]]
            assert all(
                f"{{{p['name']}}}" in path for p in operation["parameters"] if p["in"] == "path"
            )
            assert len(names) == len(set(names)), path
            assert not any(key.startswith("x-") for key in operation)
    for reference in _references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas, reference


def test_parameters_of_the_ring(document: dict[str, Any]) -> None:
    parameters = {p["name"]: p for p in document["paths"]["/api/v1/ring"]["get"]["parameters"]}
    assert set(parameters) == {"lang", "lon", "lat", "minutes", "profile"}
    assert parameters["lon"]["required"] is True
    assert parameters["lon"]["schema"]["maximum"] == 180
    errors = document["paths"]["/api/v1/ring"]["get"]["responses"]
    assert set(errors) == {"200", "404", "422", "429", "503"}
    assert "application/problem+json" in errors["422"]["content"]


def test_a_demand_is_the_body_of_a_match(document: dict[str, Any]) -> None:
    body = document["paths"]["/api/v1/match"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Demand"}
    fields = set(document["components"]["schemas"]["Demand"]["properties"])
    assert fields == set(_FIELDS) - _OF_PROJECTS


def test_a_project_is_a_demand_with_where_it_comes_from(document: dict[str, Any]) -> None:
    body = document["paths"]["/api/v1/placements"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/PlacementBody"}
    schemas = document["components"]["schemas"]
    assert set(schemas["PlacedProject"]["properties"]) == set(_FIELDS)
    assert set(schemas["PlacementBody"]["properties"]) == set(PLACEMENT_FIELDS)
    assert set(schemas["PlacementPolicy"]["properties"]) == set(POLICY_FIELDS)


ANSWERS: list[tuple[str, type[BaseModel]]] = [
    ("/healthz", s.Health),
    ("/readyz", s.Readiness),
    ("/api/v1/ring?lon=120.7&lat=28", s.Ring),
    ("/api/v1/sites/alpha", s.SiteDetail),
    ("/api/v1/sites/nowhere", s.SiteDetail),
    ("/api/v1/sites/alpha/amenities", s.SiteAmenities),
    ("/api/v1/units/a1", s.UnitDetail),
    ("/api/v1/coverage", s.CoverageAnswer),
    ("/api/v1/coverage?by=county", s.CoverageAnswer),
    ("/api/v1/coverage/gaps", c.GapsAnswer),
    ("/api/v1/coverage/compare?site=alpha", c.CompareAnswer),
    ("/api/v1/coverage/lacking", c.LackingAnswer),
    ("/api/v1/streets/near?lon=120.7005&lat=28", w.StreetPiece),
    ("/api/v1/search?q=3303", m.SearchAnswer),
    ("/api/v1/search?q=阿尔法", m.SearchAnswer),
    ("/api/v1/plan/targets", m.Targets),
    ("/api/v1/plan/progress", m.Progress),
    ("/api/v1/plan/records?indicator=space", m.Records),
    ("/ogc", o.Landing),
    ("/ogc/conformance", o.Conformance),
    ("/ogc/collections", o.Collections),
    ("/ogc/collections/units", o.Collection),
    ("/ogc/collections/units/items", o.FeatureCollection),
    ("/ogc/collections/units/items/a1", o.Feature),
    ("/ogc/collections/sites/tiles", o.Tilesets),
    ("/ogc/collections/sites/tiles/WebMercatorQuad", o.Tileset),
    ("/ogc/tileMatrixSets", o.TileMatrixSets),
    ("/ogc/tileMatrixSets/WebMercatorQuad", o.TileMatrixSet),
    ("/api/v1/units/none", s.Problem),
]


@pytest.mark.parametrize(("path", "model"), ANSWERS)
def test_real_answers_are_as_the_document_says(
    client: FlaskClient, path: str, model: type[BaseModel]
) -> None:
    model.model_validate(client.get(path).get_json())


def test_the_answer_to_a_demand_is_too(client: FlaskClient) -> None:
    demand = {"headcount": 8, "rent_cny_m2_month_max": 25}
    answer = client.post("/api/v1/match?facets=1", json=demand).get_json()
    m.MatchAnswer.model_validate(answer)
    m.Demand.model_validate(demand)


def test_the_answer_to_a_sentence_is_too(client: FlaskClient) -> None:
    body = {"text": "龙湾200平实验室，不要厂房，要安静", "today": "2026-11-24"}
    answer = client.post("/api/v1/match/parse", json=body).get_json()
    assert p.ParseAnswer.model_validate(answer).ignored
    p.ParseBody.model_validate(body)


def test_the_page_of_the_document(client: FlaskClient, document: dict[str, Any]) -> None:
    for language in ("zh", "en"):
        text = client.get(f"/api/docs?lang={language}").get_data(as_text=True)
        for path in document["paths"]:
            assert path.replace("<", "&lt;") in text
        assert "<script" not in text and "http://" not in text and "https://" not in text
    assert "数据结构" in client.get("/api/docs").get_data(as_text=True)
