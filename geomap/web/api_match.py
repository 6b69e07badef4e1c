"""One demand, ranked units."""

from __future__ import annotations

from typing import Any

import orjson
from apiflask import APIBlueprint
from flask import Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.web import params
from geomap.web.bodies import TooLargeError
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import POST, limited
from geomap.web.respond import json_answer
from geomap.web.state import context
from geomap.web.views import explain_answer, match_answer

bp = APIBlueprint("match", __name__, url_prefix="/api/v1")


def read_json(most: int = 0) -> Any:
    """Return the JSON body of the request.

    Parameters
    ----------
    most
        Bytes that it may have, 0 for what all bodies may.

    Raises
    ------
    UnsupportedMediaType, RequestEntityTooLarge, TooLargeError, InputError
        It does not call itself JSON; it is too large; it is not JSON.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    limit = most or current_app.config["MAX_CONTENT_LENGTH"]
    request.max_content_length = limit
    try:
        body = request.get_data(cache=False)
        if len(body) >= limit:
            raise RequestEntityTooLarge  # sent in chunks, and cut off there
    except RequestEntityTooLarge:
        if most:
            raise TooLargeError(most) from None
        raise
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InputError(
            Label(f"不是有效的 JSON：{error}", f"Not valid JSON: {error}"),
            fix=Label("检查引号、逗号和括号", "Check quotes, commas and brackets"),
            field="body",
        ) from None


@bp.post("/match")
@describe(
    bp,
    "The units that fit a demand, ranked, each with its reasons",
    query="MatchQuery",
    body="Demand",
    answer="MatchAnswer",
    errors=(413, 415, 422, 429, 503),
    description=(
        "A unit that breaks a hard rule is never a candidate; `rejected` counts the others by "
        "the rule that refused them. points = weight × fit / Σ weights, and sum to the score."
    ),
)
@limited(POST)
def post_match() -> Response:
    """Return candidates, sites, rejections and relaxations."""
    limit, offset = params.read_page(request.args, default=20)
    facets = params.read_flag(request.args, "facets")
    sites = params.read_choice(request.args, "sites", ("0", "1"), "1") == "1"
    answer = match_answer(
        context(),
        read_json(),
        limit=limit,
        offset=offset,
        language=language_of(request),
        with_facets=facets,
        with_sites=sites,
    )
    return json_answer(answer, cache="no-store")


@bp.post("/match/explain")
@describe(
    bp,
    "Why one unit fits a demand or does not: every rule and every score, in words",
    query="ExplainQuery",
    body="Demand",
    answer="ExplainAnswer",
    errors=(404, 413, 415, 422, 429, 503),
    description="`met` is null where the demand does not ask; `refused_by` is the first unmet.",
)
@limited(POST)
def post_match_explain() -> Response:
    """Return what a demand finds in the unit of the query."""
    unit = params.read_text(request.args, "unit", "", most=200)
    answer = explain_answer(context(), read_json(), unit, language_of(request))
    return json_answer(answer, cache="no-store")
