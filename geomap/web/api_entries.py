"""Entries over HTTP: published ones for everybody, all of them for staff.

What is restricted leaves no trace without a key: who asks is a part of the query in the
store, and a restricted id is answered as one that nobody has.
"""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from geomap.domain.entries import EntryKind
from geomap.domain.industries import BY_ID
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import Stage
from geomap.store.entries import delete_entry, get_entry
from geomap.web import params
from geomap.web.api_ledger import KEY, private, staff
from geomap.web.api_match import read_json
from geomap.web.bodies import take_version
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import FILE, POST, limited
from geomap.web.respond import json_answer
from geomap.web.state import context
from geomap.web.table_files import FORMATS, table_answer
from geomap.web.view_entries import (
    ACTOR,
    Asker,
    Filters,
    add_entry,
    change_entry,
    entries_sheet,
    entry_json,
    find_asker,
    find_entries,
)
from geomap.web.view_entry_matches import matches_answer, offered

bp = APIBlueprint("entries", __name__, url_prefix="/api/v1/entries")
_WRITE = (401, 404, 409, 413, 415, 422, 429)
_OPEN = (
    "Without a key: what is published, dated today or earlier, and has not expired. With a key "
    "of staff: everything; an unknown key is refused (401). "
)


def _asker() -> Asker:
    return find_asker(context(), request.headers.get("Authorization", ""))


def _answer(asker: Asker, value: Any) -> Response:
    """Return an answer that depends on who asks."""
    if asker.staff is not None:
        return private(value)
    response = json_answer(value)
    response.headers["Vary"] += ", Authorization"
    return response


def _filters() -> Filters:
    args = request.args
    return Filters(
        kind=params.read_choice(args, "kind", ("", *EntryKind), ""),
        county=params.read_choice(args, "county", ("", *BY_ADCODE), ""),
        site_id=params.read_text(args, "site_id", ""),
        industry=params.read_choice(args, "industry", ("", *BY_ID), ""),
        stage=params.read_choice(args, "stage", ("", *Stage), ""),
        current=params.read_flag(args, "current"),
    )


@bp.get("")
@describe(
    bp,
    "Entries of the three lists, of firms and incubators, land; newest first",
    query="EntriesQuery",
    answer="Entries",
    errors=(401, 404, 422, 429),
    description=_OPEN + "`for_site` leaves those that suit the firms of a site, `for_project` "
    "(staff) those that suit a project: best first, each with its score and reasons.",
)
@limited(POST)
def get_entries() -> Response:
    """Return a page of entries."""
    asker, filters, language = _asker(), _filters(), language_of(request)
    limit, offset = params.read_page(request.args, default=100)
    site = params.read_text(request.args, "for_site", "")
    project = params.read_text(request.args, "for_project", "")
    if project:
        staff()
    if site or project:
        items = offered(
            context(), asker, filters, site_id=site, project_id=project, language=language
        )
        return _answer(asker, params.page_of(items, limit, offset, request))
    page = params.page_of(find_entries(context(), asker.reader, filters), limit, offset, request)
    page["items"] = [entry_json(context(), e, language, asker.staff) for e in page["items"]]
    return _answer(asker, page)


@bp.post("")
@describe(
    bp,
    "Keep an entry",
    query="LanguageQuery",
    body="EntryBody",
    answer="Entry",
    errors=(401, 413, 415, 422, 429),
    status=201,
    description=KEY + "Talent, projects, funds and intended investments are always restricted.",
)
@limited(POST)
def post_entry() -> Response:
    """Add an entry."""
    member = staff()
    entry = add_entry(context(), read_json(), member.name)
    return private(entry_json(context(), entry, language_of(request), member), 201)


@bp.get("/file")
@describe(
    bp,
    "Entries as a file",
    query="EntryFileQuery",
    media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    errors=(401, 422, 429),
    description=_OPEN + "An Excel file, or CSV in UTF-8.",
)
@limited(FILE)
def get_file() -> Response:
    """Return the entries that the filters leave."""
    asker = _asker()
    kind = params.read_choice(request.args, "f", FORMATS, "xlsx")
    found = find_entries(context(), asker.reader, _filters())
    return table_answer([entries_sheet(context(), found, language_of(request))], kind, "entries")


@bp.get("/<entry_id>")
@describe(
    bp,
    "One entry",
    query="LanguageQuery",
    answer="Entry",
    errors=(401, 404, 429),
    description=_OPEN,
)
@limited(POST)
def get_one(entry_id: str) -> Response:
    """Return an entry."""
    asker = _asker()
    entry = get_entry(context().store, asker.reader, entry_id)
    return _answer(asker, entry_json(context(), entry, language_of(request), asker.staff))


@bp.patch("/<entry_id>")
@describe(
    bp,
    "Change an entry",
    query="LanguageQuery",
    body="EntryChange",
    answer="Entry",
    errors=_WRITE,
    description=KEY,
)
@limited(POST)
def patch_entry(entry_id: str) -> Response:
    """Change the fields that are sent."""
    member = staff()
    entry = change_entry(context(), entry_id, read_json(), member.name)
    return private(entry_json(context(), entry, language_of(request), member))


@bp.delete("/<entry_id>")
@describe(
    bp,
    "Delete an entry",
    query="LanguageQuery",
    body="EntryDelete",
    answer="Deleted",
    errors=_WRITE,
    description=KEY + "`version` confirms which.",
)
@limited(POST)
def remove_entry(entry_id: str) -> Response:
    """Delete it."""
    staff()
    _, version = take_version(read_json(), ())
    with context().store.writing(ACTOR) as tx:
        delete_entry(tx, entry_id, version=version)
    return private({"deleted": True})


@bp.get("/<entry_id>/matches")
@describe(
    bp,
    "Whom an entry suits, by trade, stage and chain, best first",
    query="EntryMatchesQuery",
    answer="EntryMatches",
    errors=(401, 404, 422, 429),
    description=_OPEN + "Sites stand for their tenants. Projects are told to staff alone.",
)
@limited(POST)
def get_matches(entry_id: str) -> Response:
    """Return sites, and projects for staff."""
    asker = _asker()
    limit = params.read_int(request.args, "limit", 20, low=1, high=1_000, clamp=True)
    answer = matches_answer(context(), entry_id, asker, limit, language_of(request))
    return _answer(asker, answer)
