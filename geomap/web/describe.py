"""Saying of a view what the OpenAPI document says of it, by names of `schemas`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from apiflask import APIBlueprint

View = TypeVar("View", bound=Callable[..., Any])
PROBLEM = "application/problem+json"
_REASONS = {
    400: "A parameter that cannot be used",
    401: "The key is missing or not known",
    403: "Not allowed from here",
    404: "Not found",
    409: "Changed by someone else meanwhile",
    413: "The body is too large",
    415: "The body must be JSON",
    422: "A value that cannot be used",
    429: "Too many requests",
    503: "Data that this needs has not been built yet",
}


def reference(name: str) -> dict[str, str]:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def describe(
    bp: APIBlueprint,
    summary: str,
    *,
    query: str = "",
    body: str = "",
    upload: Sequence[str] = (),
    answer: str = "",
    media: str = "application/json",
    errors: Sequence[int] = (),
    description: str = "",
    status: int = 200,
    refusal: str = "",
) -> Callable[[View], View]:
    """Document a view.

    Parameters
    ----------
    bp
        Its blueprint.
    summary, description
        What it does.
    query, body, answer
        Names of models in `geomap.web.schemas`; they are looked up only when the document
        is asked for.
    upload
        Media types by which a file may be sent.
    media
        Media type of the answer.
    errors
        Status codes of its problems.
    status
        Status code where it does what is asked.
    refusal
        Name of the model of its 422, where that says more than a problem.
    """
    schema = reference(answer) if answer else {"type": "string"}
    responses: dict[int, Any] = {
        status: {"description": summary, "content": {media: {"schema": schema}}}
    }
    for error in errors:
        content = {PROBLEM: {"schema": reference("Problem")}}
        responses[error] = {"description": _REASONS[error], "content": content}
    if refusal:
        content = {PROBLEM: {"schema": reference(refusal)}}
        responses[422] = {"description": _REASONS[422], "content": content}
    extensions = {"x-query": query, "x-body": body, "x-upload": " ".join(upload)}
    decorate: Callable[[View], View] = bp.doc(
        summary=summary,
        description=description or None,
        responses=responses,
        extensions={k: name for k, name in extensions.items() if name},
    )
    return decorate
