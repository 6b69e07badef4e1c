"""The ledger of projects over HTTP, for staff alone."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.domain.ledger import LedgerState
from geomap.domain.regions import BY_ADCODE
from geomap.web import params
from geomap.web.api_match import read_json
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.ledger_shown import (
    ledger_sheet,
    line_json,
    operator_names,
    project_detail,
    summary_answer,
)
from geomap.web.limits import FILE, POST, limited
from geomap.web.respond import json_answer
from geomap.web.staff import Staff, require_staff
from geomap.web.state import context
from geomap.web.table_files import FORMATS, table_answer
from geomap.web.view_ledger import Filters, add_event, add_project, change_project, find_lines

bp = APIBlueprint("ledger", __name__, url_prefix="/api/v1/ledger")
KEY = "With Authorization: Bearer KEY, a key of staff. "
_READ, _WRITE = (401, 422, 429), (401, 404, 409, 413, 415, 422, 429)


def staff() -> Staff:
    """Return who asks; raises StaffNeededError."""
    return require_staff(context(), request.headers.get("Authorization", ""))


def private(answer: object, status: int = 200) -> Response:
    """Return an answer that no cache keeps."""
    response = json_answer(answer, cache="no-store")
    response.status_code = status
    return response


def _filters() -> Filters:
    args = request.args
    return Filters(
        state=params.read_choice(args, "state", ("", *LedgerState), ""),
        county=params.read_choice(args, "county", ("", *BY_ADCODE), ""),
        owner=params.read_text(args, "owner", ""),
        overdue=params.read_flag(args, "overdue"),
    )


@bp.get("")
@describe(
    bp,
    "The ledger's projects, those that were touched last first",
    query="LedgerQuery",
    answer="Ledger",
    errors=_READ,
    description=KEY
    + "`county` is the home county; `overdue=1` leaves those whose next step is late.",
)
@limited(POST)
def get_ledger() -> Response:
    """Return a page of lines."""
    staff()
    shared, language = context(), language_of(request)
    limit, offset = params.read_page(request.args, default=100)
    page = params.page_of(find_lines(shared, _filters()), limit, offset, request)
    names = operator_names(shared)
    page["items"] = [line_json(shared, line, language, names) for line in page["items"]]
    return private(page)


@bp.post("")
@describe(
    bp,
    "Take a project into the ledger",
    query="LanguageQuery",
    body="LedgerBody",
    answer="LedgerProject",
    errors=_WRITE,
    status=201,
    description=KEY + "A project of the record brings its name, trade and home county.",
)
@limited(POST)
def post_ledger() -> Response:
    """Add a line."""
    by = staff().name
    added = add_project(context(), read_json(), by)
    return private(project_detail(context(), added, language_of(request)), 201)


@bp.get("/summary")
@describe(
    bp,
    "The ledger counted, and the plan's figure of graduates; every number with its ids",
    query="LanguageQuery",
    answer="LedgerSummary",
    errors=(401, 429),
    description=KEY,
)
@limited(POST)
def get_summary() -> Response:
    """Return counts by state, county and owner."""
    staff()
    return private(summary_answer(context(), language_of(request)))


@bp.get("/file")
@describe(
    bp,
    "The ledger as a file",
    query="LedgerFileQuery",
    media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    errors=_READ,
    description=KEY + "An Excel file, or CSV in UTF-8.",
)
@limited(FILE)
def get_file() -> Response:
    """Return the lines that the filters leave."""
    staff()
    kind = params.read_choice(request.args, "f", FORMATS, "xlsx")
    lines = find_lines(context(), _filters())
    return table_answer([ledger_sheet(context(), lines, language_of(request))], kind, "ledger")


@bp.get("/<path:project_id>")
@describe(
    bp,
    "One project with all that happened, oldest first",
    query="LanguageQuery",
    answer="LedgerProject",
    errors=(401, 404, 429),
    description=KEY,
)
@limited(POST)
def get_project(project_id: str) -> Response:
    """Return a line and its events."""
    staff()
    return private(project_detail(context(), project_id, language_of(request)))


@bp.patch("/<path:project_id>")
@describe(
    bp,
    "Change what is stated of a project",
    query="LanguageQuery",
    body="LedgerChange",
    answer="LedgerProject",
    errors=_WRITE,
    description=KEY + "`version` is the one that was read; a project changed meanwhile is a "
    "conflict (409). The change is an event, with what it changed.",
)
@limited(POST)
def patch_project(project_id: str) -> Response:
    """Change fields of a line."""
    by = staff().name
    change_project(context(), project_id, read_json(), by)
    return private(project_detail(context(), project_id, language_of(request)))


@bp.post("/<path:project_id>/events")
@describe(
    bp,
    "Say what happened to a project",
    query="LanguageQuery",
    body="LedgerEventBody",
    answer="LedgerProject",
    errors=_WRITE,
    status=201,
    description=KEY + "`state` goes forward over any step; going back, being lost and being "
    "opened again need a `note` that says why. `handover` offers the project `to` staff, an "
    "operator or a site, which `accept`s or `decline`s (with a note). `undo` takes the last "
    "event back by another; what a meeting or an adopted placement did is undone there.",
)
@limited(POST)
def post_event(project_id: str) -> Response:
    """Add an event."""
    by = staff().name
    add_event(context(), project_id, read_json(), by)
    return private(project_detail(context(), project_id, language_of(request)), 201)
