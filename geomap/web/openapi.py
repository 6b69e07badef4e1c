"""Completing the OpenAPI document: parameters, bodies and schemas by their names."""

from __future__ import annotations

from typing import Any

from geomap.web.describe import reference

_PATHS: dict[str, tuple[str, str]] = {
    "site_id": ("string", "Id of a site"),
    "unit_id": ("string", "Id of a unit"),
    "scenario_id": ("string", "Id of a scenario: whoever knows it may read and change it"),
    "placement_id": ("string", "Id of a kept placement"),
    "search_id": ("string", "Id of a saved search: whoever knows it may read and change it"),
    "token": ("string", "A secret that its owner was given"),
    "lead_id": ("string", "Id of a lead"),
    "project_id": ("string", "Id of a project"),
    "meeting_id": ("string", "Id of a meeting"),
    "entry_id": ("string", "Id of an entry"),
    "collection_id": ("string", "Id of a layer"),
    "feature_id": ("string", "Id of a feature: its row number, from 1"),
    "z": ("integer", "Zoom"),
    "y": ("integer", "Row, from the north"),
    "x": ("integer", "Column, from the west"),
}
_INFO = (
    "Errors are application/problem+json (RFC 9457) with a reason, the field and a fix, in the "
    "language of the request (?lang=zh|en, else Accept-Language). Coordinates are WGS84 "
    "(EPSG:4326), longitude first. Lists have items, total and next. Made-up data says "
    '"demo": true.'
)


def complete_document(document: Any) -> Any:
    """Turn the names that views were described with into what OpenAPI wants."""
    schemas = _schemas()
    for operations in document["paths"].values():
        for operation in operations.values():
            query, body = operation.pop("x-query", ""), operation.pop("x-body", "")
            upload = operation.pop("x-upload", "").split()
            operation["parameters"] = [
                *(_path_parameter(p) for p in operation.get("parameters", [])),
                *_query_parameters(schemas, query),
            ]
            if body:
                content = {"application/json": {"schema": reference(body)}}
                operation["requestBody"] = {"required": True, "content": content}
            if upload:
                operation["requestBody"] = {"required": True, "content": _upload(upload)}
    used = {name: schema for name, schema in schemas.items() if not name.endswith("Query")}
    document.setdefault("components", {}).setdefault("schemas", {}).update(used)
    document["info"]["description"] = _INFO
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    document["servers"] = [{"url": "/"}]
    return document


def _upload(media: list[str]) -> dict[str, Any]:
    """Return the ways to send a file: as the field of a form, or as the body itself."""
    file = {"type": "string", "format": "binary"}
    form = {"type": "object", "required": ["file"], "properties": {"file": file}}
    return {kind: {"schema": form if kind.startswith("multipart") else file} for kind in media}


def _schemas() -> dict[str, Any]:
    """Return every schema by name; models are imported only when the document is wanted."""
    from pydantic import BaseModel
    from pydantic.json_schema import models_json_schema

    from geomap.web import (
        schemas,
        schemas_contact,
        schemas_coverage,
        schemas_entries,
        schemas_ledger,
        schemas_match,
        schemas_meetings,
        schemas_ogc,
        schemas_operator,
        schemas_parse,
        schemas_placed,
        schemas_placements,
        schemas_plans,
        schemas_project_files,
        schemas_query,
        schemas_repair,
        schemas_whatif,
    )

    models = [
        value
        for module in (
            schemas,
            schemas_contact,
            schemas_coverage,
            schemas_entries,
            schemas_ledger,
            schemas_match,
            schemas_meetings,
            schemas_ogc,
            schemas_operator,
            schemas_parse,
            schemas_placed,
            schemas_placements,
            schemas_plans,
            schemas_project_files,
            schemas_query,
            schemas_repair,
            schemas_whatif,
        )
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, BaseModel)
        and value.__module__ == module.__name__
        and value is not schemas.Shape
    ]
    _, found = models_json_schema(
        [(model, "serialization") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    named: dict[str, Any] = found["$defs"]
    return named


def _path_parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    kind, text = _PATHS.get(parameter["name"], ("string", ""))
    return {**parameter, "schema": {"type": kind}, "description": text}


def _query_parameters(schemas: dict[str, Any], name: str) -> list[dict[str, Any]]:
    if not name:
        return []
    schema = schemas[name]
    required = schema.get("required", [])
    return [
        {
            "name": field,
            "in": "query",
            "required": field in required,
            "description": part.get("description", ""),
            "schema": {k: v for k, v in part.items() if k not in ("description", "title")},
        }
        for field, part in schema["properties"].items()
    ]
