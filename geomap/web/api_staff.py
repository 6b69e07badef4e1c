"""Staff: who a key belongs to."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web.describe import describe
from geomap.web.limits import POST, limited
from geomap.web.respond import json_answer
from geomap.web.staff import require_staff
from geomap.web.state import context

bp = APIBlueprint("staff", __name__, url_prefix="/api/v1")


@bp.get("/staff")
@describe(
    bp,
    "Whose key it is",
    query="LanguageQuery",
    answer="StaffAnswer",
    errors=(401, 429),
    description=(
        "With Authorization: Bearer KEY, a key that `geomap staff add` made. An unknown key is "
        "a problem (401) here and wherever a key opens more; one client may try 20 a minute."
    ),
)
@limited(POST)
def get_staff() -> Response:
    """Return id and name."""
    staff = require_staff(context(), request.headers.get("Authorization", ""))
    return json_answer({"id": staff.id, "name": staff.name}, cache="no-store")
