"""Handovers and recommendations: what an operator sends, and what it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from geomap.coverage.edits import plain_text, require_object
from geomap.domain.industries import BY_ID
from geomap.domain.ledger import LedgerFields, Party, PartyKind
from geomap.domain.words import Label
from geomap.store.ledger_operators import (
    Handed,
    answer_as_operator,
    demands_of,
    list_handovers,
    recommend_project,
)
from geomap.store.operator_keys import require_operator
from geomap.web import fields as take
from geomap.web.bodies import take_version
from geomap.web.context import AppContext
from geomap.web.language import text_of
from geomap.web.ledger_shown import county_text, moment, party_json
from geomap.web.view_leads import require_key_owner
from geomap.web.view_ledger import ACTOR, NAME_MOST, NOTE_MOST, STEP_MOST, act_of

_NEW = ("name", "industry", "home_county", "site_id", "note", "next_step")
_STATES = {True: Label("待答复", "Waiting"), False: Label("在手", "Held")}


class Operator(NamedTuple):
    """Whose key was sent; the name stands beside what is done with it."""

    id: str
    name: str


def require_key_holder(context: AppContext, authorization: str) -> Operator:
    """Return the operator of an Authorization header.

    Raises
    ------
    KeyNeededError, NotFoundError
        It holds no operator's key; the operator is not on record any more.
    """
    owner = require_key_owner(context, authorization)
    return Operator(owner, require_operator(context.store, owner))


def answer(
    context: AppContext, operator: Operator, project_id: str, body: object
) -> dict[str, Any]:
    """Accept or decline what waits for an operator.

    Raises
    ------
    InputError, NotFoundError, ConflictError
        A value cannot be used, or it is declined without a reason; not for this operator;
        changed meanwhile, or nothing waits.
    """
    given, version = take_version(body, ("accept", "note"))
    accept = given.get("accept")
    if not isinstance(accept, bool):  # nothing is declined because a word was left out
        raise take.refuse(
            "accept",
            Label("要 true 或 false", "true or false is needed"),
            Label("接收写 true，退回写 false，不加引号", "true to accept, false to decline"),
        )
    note = plain_text(given.get("note"), "note", NOTE_MOST, lines=True)
    act = act_of(context, operator.name)
    with context.store.writing(ACTOR) as tx:
        line = answer_as_operator(
            tx, operator.id, project_id, version, accept=accept, note=note, act=act
        )
    return {"project_id": line.project_id, "accepted": accept, "version": line.version}


def recommend(
    context: AppContext, operator: Operator, body: object, language: str
) -> dict[str, Any]:
    """Take a project of an operator's own into the ledger; return it as the operator sees it.

    Raises
    ------
    InputError, TooManyError, ConflictError
        A value is missing or cannot be used; too many within a day; the ledger has it.
    """
    given = require_object(body, "body", _NEW)
    take.require_fields(given, ("name", "industry", "home_county", "site_id", "note"))
    fields = LedgerFields(
        name=take.take_name(given["name"], "name", NAME_MOST),
        industry=_stated(take.take_industry(given["industry"], "industry"), "industry"),
        home_county=_stated(take.take_county(given["home_county"], "home_county"), "home_county"),
        current_site=take.take_id(given["site_id"], "site_id"),
        holder=Party(PartyKind.OPERATOR, operator.id),
        next_step=plain_text(given.get("next_step"), "next_step", STEP_MOST),
    )
    note = _stated(plain_text(given["note"], "note", NOTE_MOST, lines=True), "note")
    added = recommend_project(
        context.store, operator.id, fields, note, act_of(context, operator.name)
    )
    mine = [h for h in find_handovers(context, operator) if h.line.project_id == added]
    return handovers_json(context, operator, mine, language)[0]


def _stated(text: str, field: str) -> str:
    if not text:
        raise take.refuse(
            field, Label("不能空着", "This cannot be empty"), Label("写上它", "State it")
        )
    return text


def find_handovers(context: AppContext, operator: Operator) -> list[Handed]:
    """Return what waits for an operator, then what it holds."""
    return list_handovers(context.store, operator.id)


def handovers_json(
    context: AppContext, operator: Operator, found: Sequence[Handed], language: str
) -> list[dict[str, Any]]:
    """Return projects as their operator sees them: nothing else of the ledger."""
    demands = demands_of(context.store, [handed.line.project_id for handed in found])
    names = {operator.id: operator.name}
    return [
        _handover_json(context, handed, demands.get(handed.line.project_id, {}), names, language)
        for handed in found
    ]


def _handover_json(
    context: AppContext,
    handed: Handed,
    demand: Mapping[str, Any],
    names: Mapping[str, str],
    language: str,
) -> dict[str, Any]:
    line, fields = handed.line, handed.line.fields
    industry, area = BY_ID.get(fields.industry), demand.get("area_m2")
    return {
        "project_id": line.project_id,
        "name": fields.name,
        "industry": fields.industry,
        "industry_name": text_of(industry.label, language) if industry else "",
        "home_county": fields.home_county,
        "home_county_name": county_text(fields.home_county, language),
        "headcount": demand.get("headcount"),
        "area_m2": {"min": area.get("min"), "max": area.get("max")} if area else None,
        "state": "waiting" if handed.waiting else "held",
        "state_label": text_of(_STATES[handed.waiting], language),
        "from": party_json(context, handed.giver, language, names),
        "to": party_json(context, handed.taker, language, names),
        "note": handed.note,
        "since": moment(handed.since),
        "demo": line.demo,
        "version": line.version,
    }
