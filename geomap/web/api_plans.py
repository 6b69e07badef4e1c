"""Kept placements, for staff: kept, compared, adopted and released."""

from __future__ import annotations

import orjson
from apiflask import APIBlueprint
from flask import Response, request

from geomap.domain.errors import GeomapError
from geomap.store.placement_scenarios import (
    StalePlacementError,
    delete_placement,
    list_placements,
)
from geomap.store.taken import PlacesTakenError
from geomap.web import params
from geomap.web.api_match import read_json
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import POST, limited
from geomap.web.problems import problem
from geomap.web.respond import json_answer
from geomap.web.staff import Staff, require_staff
from geomap.web.state import context
from geomap.web.stream import LONG, answer_or_stream
from geomap.web.view_adopt import adopt, detail_json, release, taken_json
from geomap.web.view_plan_compare import compare
from geomap.web.view_plans import change_work, placement_json, save_work

bp = APIBlueprint("plans", __name__, url_prefix="/api/v1")

KEEP = "120 per minute"
"""How often one client may change what is kept."""
MOST_BODY = 4_000_000
"""Bytes: a request of 2 MB, written with more blanks than it is kept with."""
_WAIT_S = 5.0
_KEY = "With Authorization: Bearer KEY, a key of staff."
_STREAM = (
    "With Accept: application/x-ndjson the answer is a stream of lines "
    '{"progress", "stage"}, the last one {"result"} or {"problem"}.'
)


def _staff() -> Staff:
    return require_staff(context(), request.headers.get("Authorization", ""))


@bp.errorhandler(StalePlacementError)
def stale(error: StalePlacementError) -> Response:
    """Answer with the newest version beside the problem."""
    newest = placement_json(context(), error.newest, language_of(request))
    return _problem_with(error, newest=newest)


@bp.errorhandler(PlacesTakenError)
def taken(error: PlacesTakenError) -> Response:
    """Answer with the places that were taken beside the problem."""
    language = language_of(request)
    return _problem_with(error, placements=[taken_json(place, language) for place in error.taken])


def _problem_with(error: GeomapError, **more: object) -> Response:
    answer = problem(error.status, error.slug, error.reason, field=error.field, fix=error.fix)
    answer.set_data(orjson.dumps(orjson.loads(answer.get_data()) | more))
    return answer


@bp.get("/placement-scenarios")
@describe(
    bp,
    "Kept placements with their figures, the one changed last first",
    query="PageQuery",
    answer="PlacementScenarios",
    errors=(401, 422, 429),
    description=_KEY,
)
@limited(POST)
def get_scenarios() -> Response:
    """Return a page of them."""
    _staff()
    limit, offset = params.read_page(request.args, default=200)
    shared, language = context(), language_of(request)
    page = params.page_of(list_placements(shared.store), limit, offset, request)
    page["items"] = [placement_json(shared, saved, language) for saved in page["items"]]
    return json_answer(page, cache="no-store")


@bp.post("/placement-scenarios")
@describe(
    bp,
    "Solve a placement and keep it",
    query="LanguageQuery",
    body="PlacementScenarioBody",
    answer="PlacementScenarioWhole",
    errors=(401, 404, 413, 415, 422, 429, 503),
    status=201,
    description=(
        f"{_KEY} `request` is the body of POST /api/v1/placements and is solved here, on the "
        "record as it is; the answer is kept in the language of the request. At most 200 are "
        f"kept. {_STREAM}"
    ),
)
@limited(LONG)
def post_scenario() -> Response:
    """Keep what comes of a request."""
    staff = _staff()
    work = save_work(context(), read_json(MOST_BODY), language_of(request), staff)
    answer = answer_or_stream(work, request, wait_s=_WAIT_S)
    if answer.mimetype == "application/json":
        answer.status_code = 201
    return answer


@bp.get("/placement-scenarios/compare")
@describe(
    bp,
    "Two kept placements side by side",
    query="PlacementCompareQuery",
    answer="PlacementCompare",
    errors=(401, 404, 422, 429),
    description=f"{_KEY} What changes from `a` to `b`: who moves, gains, loses.",
)
@limited(POST)
def get_compare() -> Response:
    """Return what differs."""
    _staff()
    a, b = (params.read_text(request.args, name, "") for name in ("a", "b"))
    return json_answer(compare(context(), a, b, language_of(request)), cache="no-store")


@bp.get("/placement-scenarios/<placement_id>")
@describe(
    bp,
    "A kept placement with its request, its answer, what it holds or what was taken of it",
    query="LanguageQuery",
    answer="PlacementScenarioDetail",
    errors=(401, 404, 429),
    description=(
        f"{_KEY} `taken` are places of a draft that adopting it would fail by now; `holds` are "
        "units that an adopted one holds."
    ),
)
@limited(POST)
def get_scenario(placement_id: str) -> Response:
    """Return it."""
    _staff()
    return json_answer(detail_json(context(), placement_id, language_of(request)), cache="no-store")


@bp.patch("/placement-scenarios/<placement_id>")
@describe(
    bp,
    "Rename a kept placement, or solve it anew",
    query="LanguageQuery",
    body="PlacementScenarioChange",
    answer="PlacementScenarioPatched",
    errors=(401, 404, 409, 413, 415, 422, 429, 503),
    description=(
        f"{_KEY} `request` puts another one in its place, `solve` solves the one that is kept on "
        "the record as it is now; one that was released is a draft again. `version` is the one "
        "that was read: where it was changed meanwhile the problem (409) holds the newest one "
        f"as `newest`. {_STREAM}"
    ),
)
@limited(LONG)
def patch_scenario(placement_id: str) -> Response:
    """Change it."""
    staff = _staff()
    work = change_work(context(), placement_id, read_json(MOST_BODY), language_of(request), staff)
    return answer_or_stream(work, request, wait_s=_WAIT_S)


@bp.delete("/placement-scenarios/<placement_id>")
@describe(
    bp,
    "Delete a kept placement for good",
    query="LanguageQuery",
    answer="PlacementScenarioDeleted",
    errors=(401, 404, 409, 429),
    description=f"{_KEY} An adopted one is released first.",
)
@limited(KEEP)
def delete_scenario(placement_id: str) -> Response:
    """Delete it."""
    _staff()
    delete_placement(context().store, placement_id)
    return json_answer({"id": placement_id, "deleted": True}, cache="no-store")


@bp.post("/placement-scenarios/<placement_id>/adopt")
@describe(
    bp,
    "Adopt a kept placement: its units are held, all of them or none",
    query="LanguageQuery",
    body="PlacementVersion",
    answer="PlacementScenarioAdopted",
    errors=(401, 404, 409, 413, 415, 422, 429),
    description=(
        f"{_KEY} Every unit must be as it was when the placement was solved; else nothing is "
        "written, and the problem (409) lists the projects and units as `placements`. A part of "
        "a unit becomes a unit of its own, <unit>~<n>. The projects enter the ledger."
    ),
)
@limited(KEEP)
def post_adopt(placement_id: str) -> Response:
    """Adopt it."""
    staff = _staff()
    answer = adopt(context(), placement_id, read_json(), language_of(request), staff)
    return json_answer(answer, cache="no-store")


@bp.post("/placement-scenarios/<placement_id>/release")
@describe(
    bp,
    "Give back what an adopted placement still holds",
    query="LanguageQuery",
    body="PlacementVersion",
    answer="PlacementScenarioReleased",
    errors=(401, 404, 409, 413, 415, 422, 429),
    description=(
        f"{_KEY} Units become what they were, parts are joined again. `kept` are units that are "
        "no longer held, as those leased meanwhile; `apart` are parts that stay units of their "
        "own, because the rest of the unit was changed."
    ),
)
@limited(KEEP)
def post_release(placement_id: str) -> Response:
    """Release it."""
    staff = _staff()
    answer = release(context(), placement_id, read_json(), language_of(request), staff)
    return json_answer(answer, cache="no-store")
