"""Many projects, one allocation; and the same as a file."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web import params
from geomap.web.api_match import read_json
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import limited
from geomap.web.staff import Staff, find_staff
from geomap.web.state import context
from geomap.web.stream import LONG, answer_or_stream, in_place
from geomap.web.view_placement_files import KINDS, MIMETYPES, placement_file
from geomap.web.view_placements import placement_work

bp = APIBlueprint("placements", __name__, url_prefix="/api/v1")
MOST_BODY = 10_000_000
"""Bytes: 5,000 projects have a few."""
_WAIT_S = 5.0
"""A page asks for two modes one after the other, and for files beside them."""


def _staff() -> Staff | None:
    return find_staff(context(), request.headers.get("Authorization", ""))


@bp.post("/placements")
@describe(
    bp,
    "Places for many projects at once, none given twice, each with its reasons",
    query="PlacementQuery",
    body="PlacementBody",
    answer="PlacementAnswer",
    errors=(401, 404, 413, 415, 422, 429, 503),
    description=(
        "Local first, then other counties, state-owned parks and what can be built to order; "
        "`tried` says of every step how it ended. A pair is worth (1 + w.priority / priority) × "
        "(w.placed + fit − margin of the step), fit = (score + w.growth × room to grow + w.chain "
        "× platforms of its chain position) over the weights that a project states. Mode optimal: "
        "no allocation is worth more than `bound`; stable: no project and place would both "
        "rather have each other. The record's real projects need a key of staff. With Accept: "
        'application/x-ndjson the answer is a stream of lines {"progress", "stage"}, the last '
        'one {"result"} or {"problem"}; a client that closes it ends the work.'
    ),
)
@limited(LONG)
def post_placements() -> Response:
    """Return placements, the unplaced, figures and fairness."""
    work = placement_work(context(), read_json(MOST_BODY), language_of(request), _staff())
    return answer_or_stream(work, request, wait_s=_WAIT_S)


@bp.post("/placements/file")
@describe(
    bp,
    "The same as a file: a workbook for the meeting, a CSV, or a map that opens offline",
    query="PlacementFileQuery",
    body="PlacementBody",
    media="application/octet-stream",
    errors=(401, 404, 413, 415, 422, 429, 503),
    description="The request is solved anew: the same request gives the same allocation.",
)
@limited(LONG)
def post_placements_file() -> Response:
    """Return the allocation as a file to keep."""
    kind = params.read_choice(request.args, "f", KINDS, "xlsx")
    language, body, staff = language_of(request), read_json(MOST_BODY), _staff()
    with in_place(_WAIT_S) as steps:
        content, day = placement_file(context(), body, kind, language, steps, staff)
    response = Response(content, content_type=MIMETYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="placement-{day}.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response
