"""How well sites and their groups are covered, what they lack, and what has no incubator."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web import params
from geomap.web.describe import describe
from geomap.web.files import MIMETYPES, file_answer
from geomap.web.language import language_of
from geomap.web.limits import FILE, RING, limited
from geomap.web.respond import json_answer
from geomap.web.state import context
from geomap.web.view_compare import compare_answer, lacking_answer
from geomap.web.view_gaps import GapFilter, gaps_answer, gaps_layer
from geomap.web.views import GROUPINGS, coverage_answer

bp = APIBlueprint("coverage", __name__, url_prefix="/api/v1")


@bp.get("/coverage")
@describe(
    bp,
    "Amenities within the walk of a profile, by site, county, reporting unit, town or industry",
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


def _read_filter() -> GapFilter:
    """Parse which gaps are wanted."""
    text = params.read_text

    def listed(name: str) -> tuple[str, ...]:
        return tuple(part for part in text(request.args, name, "", most=400).split(",") if part)

    return GapFilter(
        profile=text(request.args, "profile", "wenzhou-6-6"),
        categories=listed("category"),
        adcodes=listed("adcode"),
        reporting_unit=text(request.args, "reporting_unit", ""),
        site=text(request.args, "site", "", most=200),
        q=text(request.args, "q", "", most=100),
        sort=text(request.args, "sort", ""),
    )


@bp.get("/coverage/gaps")
@describe(
    bp,
    "What each site lacks under a profile, and the nearest one all the same",
    query="GapsQuery",
    answer="GapsAnswer",
    errors=(404, 422, 503),
)
def get_gaps() -> Response:
    """Return gaps, the worst first unless sorted."""
    limit, offset = params.read_page(request.args, default=params.MAX_LIMIT)
    answer = gaps_answer(context(), _read_filter(), language_of(request))
    return json_answer(answer | params.page_of(answer["items"], limit, offset, request))


@bp.get("/coverage/gaps/file")
@describe(
    bp,
    "The same gaps as a file: Excel, CSV, GeoPackage or GeoJSON",
    query="GapFileQuery",
    media="application/octet-stream",
    errors=(404, 422, 429, 503),
)
@limited(FILE)
def get_gaps_file() -> Response:
    """Return gaps as a file."""
    kind = params.read_choice(request.args, "format", tuple(MIMETYPES), "xlsx")
    spec, frame = gaps_layer(context(), _read_filter())
    return file_answer(spec, frame, kind, f"gaps-{context().today().isoformat()}")


@bp.get("/coverage/compare")
@describe(
    bp,
    "All profiles on one site or point, each beside the circle of the same radius",
    query="CompareQuery",
    answer="CompareAnswer",
    errors=(404, 422, 429, 503),
)
@limited(RING)
def get_compare() -> Response:
    """Return each profile's verdict."""
    site = params.read_text(request.args, "site", "", most=200)
    lon = params.read_float(request.args, "lon", 0.0 if site else None, low=-180, high=180)
    lat = params.read_float(request.args, "lat", 0.0 if site else None, low=-90, high=90)
    return json_answer(compare_answer(context(), site, lon, lat, language_of(request)))


@bp.get("/coverage/lacking")
@describe(
    bp,
    "Towns and industries, and how many incubators each has",
    query="LanguageQuery",
    answer="LackingAnswer",
    errors=(503,),
)
def get_lacking() -> Response:
    """Return what has no incubator first."""
    return json_answer(lacking_answer(context(), language_of(request)))
