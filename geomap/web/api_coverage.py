"""How well sites, counties and reporting units are covered."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web import params
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.respond import json_answer
from geomap.web.state import context
from geomap.web.views import GROUPINGS, coverage_answer

bp = APIBlueprint("coverage", __name__, url_prefix="/api/v1")


@bp.get("/coverage")
@describe(
    bp,
    "Amenities within the walk of a profile, by site, county or reporting unit",
    query="CoverageQuery",
    answer="CoverageAnswer",
    errors=(404, 422, 503),
)
def get_coverage() -> Response:
    """Return scores, gaps and their spread."""
    profile = params.read_text(request.args, "profile", "wenzhou-6-6")
    by = params.read_choice(request.args, "by", GROUPINGS, "site")
    limit, offset = params.read_page(request.args, default=params.MAX_LIMIT)
    answer = coverage_answer(context(), profile, by, language_of(request))
    return json_answer(answer | params.page_of(answer["items"], limit, offset, request))
