"""Scenarios: what a client sends, parsed at the edge, and what it is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geomap.coverage.edits import NAME_MOST, edits_to_json, parse_edits, plain_text, require_object
from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.store.scenarios import Draft, Scenario, get_scenario, update_scenario
from geomap.web.bodies import take_version
from geomap.web.context import AppContext
from geomap.web.view_whatif import Question, parse_profile, prepare, whatif_work

if TYPE_CHECKING:
    from geomap.coverage.edits import Spot
    from geomap.web.stream import Steps

NOTE_MOST = 500
FIELDS = ("name", "note", "profile", "edits")


def parse_draft(context: AppContext, body: object, *, known: Draft | None = None) -> Draft:
    """Return the draft of a JSON object, its edits found in today's data.

    Parameters
    ----------
    context
        Where catalog and network come from.
    body
        The object.
    known
        What is kept already: edits that stand as they were may have become stale.

    Raises
    ------
    InputError, NotFoundError, NotReadyError
        A value cannot be used, or an edit cannot be done; no such profile; no network yet.
    """
    from geomap.coverage.resolve import require_found, require_region

    given = require_object(body, "body", FIELDS)
    name = plain_text(given.get("name"), "name", NAME_MOST)
    if not name:
        raise InputError(
            Label("方案要有名称", "A scenario needs a name"),
            fix=Label(f"写 1–{NAME_MOST} 字的名称", f"Give a name of 1 to {NAME_MOST} characters"),
            field="name",
        )
    note = plain_text(given.get("note"), "note", NOTE_MOST, lines=True)
    profile = parse_profile(given.get("profile"))
    edits = parse_edits(given.get("edits"))
    written = edits_to_json(edits)
    if known is not None and written == known.edits:
        return Draft(name=name, note=note, profile=profile.id, edits=written, network=known.network)
    ground = prepare(context, edits)
    require_region(edits, ground.network)
    require_found(ground.edits.findings)
    version = ground.network.version
    return Draft(name=name, note=note, profile=profile.id, edits=written, network=version)


def change_scenario(context: AppContext, scenario_id: str, body: object) -> Scenario:
    """Change a scenario by a JSON object that names the version it changes.

    Raises
    ------
    InputError, NotFoundError, StaleError, NotReadyError
        A value cannot be used; no such scenario; changed meanwhile; no network yet.
    """
    given, version = take_version(body, FIELDS)
    kept = get_scenario(context.store, scenario_id)
    draft = parse_draft(context, given, known=kept.draft)
    return update_scenario(context.store, scenario_id, draft, version=version)


def scenario_json(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as JSON takes it."""
    draft = scenario.draft
    return {
        "id": scenario.id,
        "name": draft.name,
        "note": draft.note,
        "profile": draft.profile,
        "edits": draft.edits,
        "network": draft.network,
        "created_at": _moment(scenario.created_at),
        "updated_at": _moment(scenario.updated_at),
        "version": scenario.version,
    }


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


def result_work(
    context: AppContext, scenario: Scenario, site: str, point: Spot | None, language: str
) -> Callable[[Steps], dict[str, Any]]:
    """Return the work that evaluates a scenario on today's data.

    Its answer is that of a what-if with `scenario` and `stale`: the edits that can no
    longer be done, and whether the streets are others than when it was kept.

    Raises
    ------
    NotFoundError, NotReadyError
        Its profile is gone, or no such site; there is no network yet.
    """
    draft = scenario.draft
    question = Question(parse_profile(draft.profile), parse_edits(draft.edits), site, point)
    work = whatif_work(context, question, language, strict=False)

    def evaluated(steps: Steps) -> dict[str, Any]:
        answer = work(steps)
        stale = {
            "network": answer["network"]["before"] != draft.network,
            "edits": [told for told in answer["edits"] if not told["ok"]],
        }
        return {"scenario": scenario_json(scenario), "stale": stale, **answer}

    return evaluated
