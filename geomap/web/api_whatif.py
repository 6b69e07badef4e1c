"""What if: edits compared with today, the street to choose for them, and kept scenarios."""

from __future__ import annotations

import orjson
from apiflask import APIBlueprint
from flask import Response, request

from geomap.coverage.edits import Spot
from geomap.store import scenarios
from geomap.store.scenarios import StaleError
from geomap.web import params
from geomap.web.api_match import read_json
from geomap.web.describe import describe
from geomap.web.language import language_of
from geomap.web.limits import POST, RING, limited
from geomap.web.problems import problem
from geomap.web.respond import GEOJSON, json_answer
from geomap.web.state import context
from geomap.web.stream import answer_or_stream
from geomap.web.view_scenarios import change_scenario, parse_draft, result_work, scenario_json
from geomap.web.view_whatif import parse_question, street_feature, whatif_work

bp = APIBlueprint("whatif", __name__, url_prefix="/api/v1")

KEEP = "60 per minute"
"""How often one client may keep, change or delete a scenario."""
WAIT_S = 5.0
"""What-ifs are short: they wait for each other rather than being refused."""
_STREAM = (
    "With Accept: application/x-ndjson the answer is a stream of lines "
    '{"progress", "stage"}, the last one {"result"} or {"problem"}.'
)


@bp.get("/streets/near")
@describe(
    bp,
    "The street piece within 30 m of a point, and what hangs on it",
    query="StreetQuery",
    answer="StreetPiece",
    media=GEOJSON,
    errors=(404, 422, 429, 503),
    description=(
        "From junction to junction, as a what-if drops it. `splits`: without it its ends are "
        "no longer connected; else `detour_m` is how much longer the way between them becomes "
        "(null beyond 10 km)."
    ),
)
@limited(RING)
def get_street() -> Response:
    """Return the piece."""
    lon = params.read_float(request.args, "lon", None, low=-180, high=180)
    lat = params.read_float(request.args, "lat", None, low=-90, high=90)
    return json_answer(street_feature(context(), lon, lat), mimetype=GEOJSON)


@bp.post("/coverage/whatif")
@describe(
    bp,
    "What would change without some amenities, sites or streets, or with new ones",
    query="WhatIfQuery",
    body="WhatIfBody",
    answer="WhatIfAnswer",
    errors=(404, 413, 415, 422, 429, 503),
    description=(
        "Nothing is stored. Sites that differ from today, the worst change first; sites that "
        "are dropped or cut off are left out of the means after. `edits` says of each edit "
        "whether it could be done; it is an error where none can. With `site` or `point` both "
        f"rings are given too. {_STREAM}"
    ),
)
@limited(POST)
def post_whatif() -> Response:
    """Return what changes."""
    work = whatif_work(context(), parse_question(read_json()), language_of(request))
    return answer_or_stream(work, request, wait_s=WAIT_S)


@bp.post("/coverage/scenarios")
@describe(
    bp,
    "Keep a scenario under a private link",
    query="WhatIfQuery",
    body="ScenarioBody",
    answer="Scenario",
    errors=(404, 413, 415, 422, 429, 503),
    status=201,
    description=(
        "The record is left as it is. Whoever knows the id may read, change and delete the "
        "scenario; there is no list. Texts are plain texts."
    ),
)
@limited(KEEP)
def post_scenario() -> Response:
    """Keep what is sent."""
    kept = scenarios.add_scenario(context().store, parse_draft(context(), read_json()))
    answer = json_answer(scenario_json(kept), cache="no-store")
    answer.status_code = 201
    answer.headers["Location"] = f"{request.path}/{kept.id}"
    return answer


@bp.get("/coverage/scenarios/<scenario_id>")
@describe(bp, "A scenario that was kept", query="WhatIfQuery", answer="Scenario", errors=(404,))
def get_scenario(scenario_id: str) -> Response:
    """Return it."""
    kept = scenarios.get_scenario(context().store, scenario_id)
    return json_answer(scenario_json(kept), cache="no-store")


@bp.put("/coverage/scenarios/<scenario_id>")
@describe(
    bp,
    "Change a scenario",
    query="WhatIfQuery",
    body="ScenarioChange",
    answer="Scenario",
    errors=(404, 409, 413, 415, 422, 429, 503),
    description=(
        "`version` is the one that was read. Where it was changed meanwhile the problem (409) "
        "holds the newest one as `newest`."
    ),
)
@limited(KEEP)
def put_scenario(scenario_id: str) -> Response:
    """Change it whole."""
    try:
        kept = change_scenario(context(), scenario_id, read_json())
    except StaleError as error:
        answer = problem(error.status, error.slug, error.reason, field=error.field, fix=error.fix)
        body = orjson.loads(answer.get_data()) | {"newest": scenario_json(error.newest)}
        answer.set_data(orjson.dumps(body))
        return answer
    return json_answer(scenario_json(kept), cache="no-store")


@bp.delete("/coverage/scenarios/<scenario_id>")
@describe(bp, "Delete a scenario", query="WhatIfQuery", answer="ScenarioDeleted", errors=(404, 429))
@limited(KEEP)
def delete_scenario(scenario_id: str) -> Response:
    """Delete it for good."""
    scenarios.delete_scenario(context().store, scenario_id)
    return json_answer({"id": scenario_id, "deleted": True}, cache="no-store")


@bp.get("/coverage/scenarios/<scenario_id>/result")
@describe(
    bp,
    "A scenario on today's data, and what of it has become stale",
    query="ScenarioResultQuery",
    answer="ScenarioResult",
    errors=(404, 422, 429, 503),
    description=_STREAM,
)
@limited(POST)
def get_result(scenario_id: str) -> Response:
    """Return what it changes now."""
    kept = scenarios.get_scenario(context().store, scenario_id)
    site = params.read_text(request.args, "site", "", most=200)
    point = None
    if not site and (request.args.get("lon") or request.args.get("lat")):
        lon = params.read_float(request.args, "lon", None, low=-180, high=180)
        point = Spot(lon, params.read_float(request.args, "lat", None, low=-90, high=90))
    work = result_work(context(), kept, site, point, language_of(request))
    return answer_or_stream(work, request, wait_s=WAIT_S)
