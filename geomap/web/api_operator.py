"""An operator's part in the ledger: handovers that it answers, projects that it recommends."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web import params
from geomap.web.api_leads import OFTEN
from geomap.web.api_ledger import private
from geomap.web.api_match import read_json
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import limited
from geomap.web.state import context
from geomap.web.view_operator import (
    Operator,
    answer,
    find_handovers,
    handovers_json,
    recommend,
    require_key_holder,
)

bp = APIBlueprint("operator", __name__, url_prefix="/api/v1/operator")
_KEY = "With Authorization: Bearer KEY, the operator's key; one of staff is none. "


def _operator() -> Operator:
    """Return whose key was sent; raises KeyNeededError."""
    return require_key_holder(context(), request.headers.get("Authorization", ""))


@bp.get("/handovers")
@describe(
    bp,
    "Projects handed to an operator: what waits for its answer, then what it holds",
    query="HandoversQuery",
    answer="Handovers",
    errors=(401, 404, 422, 429),
    description=_KEY + "Those addressed to it or to one of its sites. What waits longest comes "
    "first; of what it holds, what came last. `headcount` and `area_m2` are what the record's "
    "project asks for, null where it states none.",
)
@limited(OFTEN)
def get_handovers() -> Response:
    """Return a page of them."""
    operator, shared = _operator(), context()
    limit, offset = params.read_page(request.args, default=100)
    page = params.page_of(find_handovers(shared, operator), limit, offset, request)
    page["items"] = handovers_json(shared, operator, page["items"], language_of(request))
    return private({"operator_id": operator.id, **page})


@bp.post("/handovers/<path:project_id>")
@describe(
    bp,
    "Accept or decline a project",
    query="LanguageQuery",
    body="HandoverAnswer",
    answer="HandoverAnswered",
    errors=(401, 404, 409, 413, 415, 422, 429),
    description=_KEY + "To decline needs a `note`. `version` is the one that was read; a project "
    "changed meanwhile, or answered already, is a conflict (409). One that is not addressed to "
    "the operator is not found (404), as one that nobody has.",
)
@limited(OFTEN)
def post_answer(project_id: str) -> Response:
    """Answer a handover."""
    operator = _operator()
    return private(answer(context(), operator, project_id, read_json()))


@bp.post("/projects")
@describe(
    bp,
    "Recommend a project of one's own to the promotion office",
    query="LanguageQuery",
    body="RecommendBody",
    answer="Handover",
    errors=(401, 404, 409, 413, 415, 422, 429),
    status=201,
    description=_KEY + "It enters the ledger as found, held by the operator until staff take it "
    "over. `site_id` is the operator's site that it is at. A project of that name and home "
    "county that is in the ledger already is a conflict (409). At most 20 within a day, "
    "conflicts included.",
)
@limited(OFTEN)
def post_project() -> Response:
    """Recommend a project."""
    operator = _operator()
    return private(recommend(context(), operator, read_json(), language_of(request)), 201)
