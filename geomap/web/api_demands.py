"""The match the other way: the open demands that a unit or a site would suit."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web import params
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import POST, limited
from geomap.web.respond import json_answer
from geomap.web.state import context
from geomap.web.view_demands import site_demands, unit_demands

bp = APIBlueprint("demands", __name__, url_prefix="/api/v1")
_PRIVATE = (
    "Ranked by the same rules and scores as a match. Of a demand that is not made up there is "
    "no id, name or budget, its score has two digits, and `criteria` is empty."
)


@bp.get("/units/<unit_id>/demands")
@describe(
    bp,
    "The open demands that a unit would suit, best first",
    query="PageQuery",
    answer="DemandsAnswer",
    errors=(404, 422, 429, 503),
    description=_PRIVATE,
)
@limited(POST)
def get_unit_demands(unit_id: str) -> Response:
    """Return the demands for a unit, or for a run of neighbours that it is part of."""
    limit, offset = params.read_page(request.args, default=20)
    items = unit_demands(context(), unit_id, language_of(request))
    return json_answer(params.page_of(items, limit, offset, request), cache="no-store")


@bp.get("/sites/<site_id>/demands")
@describe(
    bp,
    "The open demands that a site would suit, best first, each with its best unit",
    query="PageQuery",
    answer="DemandsAnswer",
    errors=(404, 422, 429, 503),
    description=_PRIVATE,
)
@limited(POST)
def get_site_demands(site_id: str) -> Response:
    """Return the demands for a site."""
    limit, offset = params.read_page(request.args, default=20)
    items = site_demands(context(), site_id, language_of(request))
    return json_answer(params.page_of(items, limit, offset, request), cache="no-store")
