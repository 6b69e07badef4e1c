"""Search by name."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web import params
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.respond import json_answer
from geomap.web.search import search
from geomap.web.state import context

bp = APIBlueprint("search", __name__, url_prefix="/api/v1")


@bp.get("/search")
@describe(
    bp,
    "Counties, towns and sites by a piece of their name",
    query="SearchQuery",
    answer="SearchAnswer",
    errors=(422, 503),
)
def get_search() -> Response:
    """Return what is called so."""
    text = params.read_text(request.args, "q", "", most=100)
    limit = params.read_int(request.args, "limit", 8, low=1, high=100, clamp=True)
    return json_answer(search(context(), text, language_of(request), limit))
