"""Meetings of projects and places over HTTP, for staff alone."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.store.meetings import delete_meeting, get_meeting, list_meetings
from geomap.web import params
from geomap.web.api_ledger import KEY, private, staff
from geomap.web.api_match import read_json
from geomap.web.bodies import take_version
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import FILE, POST, limited
from geomap.web.meetings_shown import agenda_sheet, head_json, meeting_json
from geomap.web.state import context
from geomap.web.table_files import FORMATS, table_answer
from geomap.web.view_ledger import ACTOR
from geomap.web.view_meetings import add_meeting, change_meeting, put_pairs

bp = APIBlueprint("meetings", __name__, url_prefix="/api/v1/meetings")
_WRITE = (401, 404, 409, 413, 415, 422, 429)


@bp.get("")
@describe(
    bp,
    "Meetings, the latest first, without their lists",
    query="MeetingsQuery",
    answer="Meetings",
    errors=(401, 422, 429),
    description=KEY,
)
@limited(POST)
def get_meetings() -> Response:
    """Return a page of meetings."""
    staff()
    limit, offset = params.read_page(request.args, default=100)
    page = params.page_of(list_meetings(context().store), limit, offset, request)
    language = language_of(request)
    page["items"] = [head_json(meeting, results, language) for meeting, results in page["items"]]
    return private(page)


@bp.post("")
@describe(
    bp,
    "Keep a meeting",
    query="LanguageQuery",
    body="MeetingBody",
    answer="Meeting",
    errors=_WRITE,
    status=201,
    description=KEY + "With `scenario_id` its list is filled with the places of that saved "
    "placement, one slot after the other.",
)
@limited(POST)
def post_meeting() -> Response:
    """Add a meeting."""
    by = staff().name
    meeting = add_meeting(context(), read_json(), by)
    return private(meeting_json(context(), meeting, language_of(request)), 201)


@bp.get("/<meeting_id>")
@describe(
    bp,
    "One meeting with its list",
    query="LanguageQuery",
    answer="Meeting",
    errors=(401, 404, 429),
    description=KEY,
)
@limited(POST)
def get_one(meeting_id: str) -> Response:
    """Return a meeting."""
    staff()
    meeting = get_meeting(context().store, meeting_id)
    return private(meeting_json(context(), meeting, language_of(request)))


@bp.patch("/<meeting_id>")
@describe(
    bp,
    "Change what is stated of a meeting",
    query="LanguageQuery",
    body="MeetingChange",
    answer="Meeting",
    errors=_WRITE,
    description=KEY,
)
@limited(POST)
def patch_meeting(meeting_id: str) -> Response:
    """Change a meeting."""
    by = staff().name
    meeting = change_meeting(context(), meeting_id, read_json(), by)
    return private(meeting_json(context(), meeting, language_of(request)))


@bp.delete("/<meeting_id>")
@describe(
    bp,
    "Delete a meeting",
    query="LanguageQuery",
    body="MeetingDelete",
    answer="Deleted",
    errors=_WRITE,
    description=KEY + "`version` confirms which; what its results did to the ledger stays.",
)
@limited(POST)
def remove_meeting(meeting_id: str) -> Response:
    """Delete a meeting with its list."""
    staff()
    _, version = take_version(read_json(), ())
    with context().store.writing(ACTOR) as tx:
        delete_meeting(tx, meeting_id, version=version)
    return private({"deleted": True})


@bp.put("/<meeting_id>/pairs")
@describe(
    bp,
    "Set a meeting's list and what came of each pair",
    query="LanguageQuery",
    body="PairsBody",
    answer="Meeting",
    errors=_WRITE,
    description=KEY + "The whole list, in order. A result goes into the project's ledger in the "
    "same transaction: interested and agreed make it visited, signed makes it signed, declined "
    "is a note (with `lost` it is lost). Another result takes the first back where nothing "
    "followed it. With `scenario_id` the places of that saved placement follow, for projects "
    "that are not in the list: one slot after the other, from where the last slot ends.",
)
@limited(POST)
def set_pairs(meeting_id: str) -> Response:
    """Replace the list."""
    by = staff().name
    meeting = put_pairs(context(), meeting_id, read_json(), by)
    return private(meeting_json(context(), meeting, language_of(request)))


@bp.get("/<meeting_id>/file")
@describe(
    bp,
    "A meeting's agenda as a file",
    query="TableFileQuery",
    media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    errors=(401, 404, 422, 429),
    description=KEY + "An Excel file, or CSV in UTF-8.",
)
@limited(FILE)
def get_file(meeting_id: str) -> Response:
    """Return the agenda."""
    staff()
    kind = params.read_choice(request.args, "f", FORMATS, "xlsx")
    meeting = get_meeting(context().store, meeting_id)
    sheet = agenda_sheet(context(), meeting, language_of(request))
    return table_answer([sheet], kind, f"agenda-{meeting.draft.at:%Y%m%d}")
