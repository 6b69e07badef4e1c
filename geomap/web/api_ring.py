"""The walking ring of a point."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web import params
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import RING, limited
from geomap.web.respond import GEOJSON, json_answer
from geomap.web.state import context
from geomap.web.views import ring_feature

bp = APIBlueprint("ring", __name__, url_prefix="/api/v1")


@bp.get("/ring")
@describe(
    bp,
    "The area reached on foot from a point, with the amenities in it",
    query="RingQuery",
    answer="Ring",
    media=GEOJSON,
    errors=(404, 422, 429, 503),
    description="Walked over the street network, never a circle. Degrees are EPSG:4326.",
)
@limited(RING)
def get_ring() -> Response:
    """Return the ring."""
    lon = params.read_float(request.args, "lon", None, low=-180, high=180)
    lat = params.read_float(request.args, "lat", None, low=-90, high=90)
    minutes = params.read_minutes(request.args)
    profile = params.read_text(request.args, "profile", "wenzhou-6-6")
    feature = ring_feature(context(), lon, lat, minutes, profile, language_of(request))
    return json_answer(feature, mimetype=GEOJSON)
