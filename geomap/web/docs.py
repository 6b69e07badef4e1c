"""The API's documentation as one plain page: no script, no third party."""

from __future__ import annotations

from typing import Any, cast

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, render_template

from geomap.web.respond import bytes_answer, json_answer
from geomap.web.state import context

bp = APIBlueprint("docs", __name__, enable_openapi=False)


def list_operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the operations of a document with what the page shows of each."""
    found = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            found.append(
                {
                    "path": path,
                    "method": method.upper(),
                    "anchor": operation.get("operationId", f"{method}{path}"),
                    "summary": operation.get("summary", ""),
                    "description": operation.get("description", ""),
                    "tag": (operation.get("tags") or [""])[0],
                    "parameters": operation.get("parameters", []),
                    "body": _schema_name(operation.get("requestBody", {})),
                    "answers": [
                        (status, answer.get("description", ""), _schema_name(answer))
                        for status, answer in operation["responses"].items()
                    ],
                }
            )
    return sorted(found, key=lambda o: (not o["path"].startswith("/api"), o["path"]))


def _schema_name(holder: dict[str, Any]) -> tuple[str, str]:
    """Return media type and schema name of a body or answer."""
    for media, content in holder.get("content", {}).items():
        return media, content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    return "", ""


def type_text(schema: dict[str, Any]) -> str:
    """Return a schema's type in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(type_text(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"{type_text(schema.get('items', {}))}[]"
    inner = schema.get("additionalProperties")
    if isinstance(inner, dict) and inner:
        return f"{{…: {type_text(inner)}}}"
    return str(schema.get("type", "any"))


def document_of_app() -> dict[str, Any]:
    """Return the OpenAPI document, made once."""
    app = cast(APIFlask, current_app)
    return context().kept.get("openapi", (app,), lambda: cast(dict[str, Any], app.spec))


@bp.get("/api/v1/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI document."""
    return json_answer(document_of_app())


@bp.get("/api/docs")
def docs() -> Response:
    """Return the page."""
    document = document_of_app()
    page = render_template(
        "docs.html",
        info=document["info"],
        operations=list_operations(document),
        schemas=document["components"]["schemas"],
        type_text=type_text,
    )
    return bytes_answer(page.encode(), "text/html")
