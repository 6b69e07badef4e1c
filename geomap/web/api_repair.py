"""Where the next facilities close most gaps."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web.api_match import read_json
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import limited
from geomap.web.state import context
from geomap.web.stream import LONG, answer_or_stream
from geomap.web.view_repair import repair_work

bp = APIBlueprint("repair", __name__, url_prefix="/api/v1")


@bp.post("/coverage/repair")
@describe(
    bp,
    "The places where the next k facilities of a category close most gaps",
    query="RepairQuery",
    body="RepairBody",
    answer="RepairAnswer",
    errors=(404, 413, 415, 422, 429, 503),
    description=(
        "A gap is a requirement of the profile that a site does not meet and that the facility "
        "would help to meet; a place closes it where the walk to the site lies within the "
        "profile's limit. A site that is short of n needs n places; each closes its share. No k "
        "places close more weight than `bound`. With Accept: application/x-ndjson the answer is "
        'a stream of lines {"progress", "stage"}, the last one {"result"} or {"problem"}; a '
        "client that closes it ends the work."
    ),
)
@limited(LONG)
def post_repair() -> Response:
    """Return places, what they close, and the bound."""
    work = repair_work(context(), read_json(), language_of(request))
    return answer_or_stream(work, request)
