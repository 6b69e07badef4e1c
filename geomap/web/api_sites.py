"""One site, one unit, and what is around a site."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web import params
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import RING, limited
from geomap.web.respond import json_answer
from geomap.web.state import context
from geomap.web.views import site_amenities, site_detail, unit_detail

bp = APIBlueprint("sites", __name__, url_prefix="/api/v1")


@bp.get("/sites/<site_id>")
@describe(
    bp,
    "A site with its buildings, floors and units, coverage and history",
    query="LanguageQuery",
    answer="SiteDetail",
    errors=(404, 503),
)
def get_site(site_id: str) -> Response:
    """Return a site."""
    return json_answer(site_detail(context(), site_id, language_of(request)))


@bp.get("/sites/<site_id>/amenities")
@describe(
    bp,
    "The amenities that can be reached on foot from a site, by category, nearest first",
    query="SiteAmenitiesQuery",
    answer="SiteAmenities",
    errors=(404, 422, 429, 503),
)
@limited(RING)
def get_site_amenities(site_id: str) -> Response:
    """Return the amenities around a site."""
    minutes = params.read_minutes(request.args)
    profile = params.read_text(request.args, "profile", "wenzhou-6-6")
    answer = site_amenities(context(), site_id, minutes, profile, language_of(request))
    limit, offset = params.read_page(request.args, default=params.MAX_LIMIT)
    return json_answer(answer | params.page_of(answer["items"], limit, offset, request))


@bp.get("/units/<unit_id>")
@describe(
    bp,
    "A unit with its technical fields and its site",
    query="LanguageQuery",
    answer="UnitDetail",
    errors=(404, 503),
)
def get_unit(unit_id: str) -> Response:
    """Return a unit."""
    return json_answer(unit_detail(context(), unit_id, language_of(request)))
