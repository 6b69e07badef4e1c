"""One sentence as a demand."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response, request

from geomap.web.api_match import read_json
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import limited
from geomap.web.respond import json_answer
from geomap.web.state import context
from geomap.web.view_parse import parse_answer

OFTEN = "240 per minute"
"""A person who types is asked about a few times a second at most."""

bp = APIBlueprint("parse", __name__, url_prefix="/api/v1")


@bp.post("/match/parse")
@describe(
    bp,
    "One sentence in Chinese or English as a demand, with what was understood and what was not",
    query="LanguageQuery",
    body="ParseBody",
    answer="ParseAnswer",
    errors=(413, 415, 422, 429, 503),
    description=(
        "Nothing is stored and nothing asked elsewhere: a fixed grammar and vocabulary. Every "
        "value of the demand has a span in `understood`; what carries meaning and did not enter "
        "it is in `ignored`, with the reason. Offsets count characters (Unicode code points) of "
        "the text as it was sent. `demand` is what POST /api/v1/match takes."
    ),
)
@limited(OFTEN)
def post_parse() -> Response:
    """Return demand, understood and ignored."""
    answer = parse_answer(context(), read_json(), language_of(request))
    return json_answer(answer, cache="no-store")
