"""The ledger: what staff send, parsed at the edge, and what they are shown."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from geomap.catalog.catalog import Catalog
from geomap.coverage.edits import plain_text, require_object
from geomap.domain.ledger import (
    EventKind,
    LedgerFields,
    LedgerLine,
    LedgerState,
    Party,
    PartyKind,
    require_ledger_id,
)
from geomap.domain.words import Label
from geomap.store import ledger_events as happen
from geomap.store.engine import Transaction
from geomap.store.ledger import fields_of_project, find_project, get_line_in, list_lines
from geomap.store.ledger_write import Act, Place
from geomap.store.models import TABLES
from geomap.web import fields as take
from geomap.web.bodies import take_version
from geomap.web.context import AppContext

ACTOR = "ledger"
NAME_MOST, OWNER_MOST, STEP_MOST, NOTE_MOST = 200, 40, 200, 1_000
STATED = (
    "name", "industry", "home_county", "current_site", "owner", "next_step", "due_on", "site_id",
    "unit_ids", "place_adcode", "published",
)  # fmt: skip
_NEW = (*STATED, "project_id", "state", "note", "on")
_EVENT = ("kind", "state", "note", "on", "to", "site_id", "unit_ids", "place_adcode")
_BY_HAND = {
    "state": EventKind.STATE, "note": EventKind.NOTE, "handover": EventKind.HANDOVER,
    "accept": EventKind.ACCEPTED, "decline": EventKind.DECLINED, "undo": EventKind.UNDO,
}  # fmt: skip


class Filters(NamedTuple):
    """Which lines are wanted; "" asks for all."""

    state: str = ""
    county: str = ""
    owner: str = ""
    overdue: bool = False


def act_of(context: AppContext, by: str, on: date | None = None) -> Act:
    """Return who acts now; `on` is the day on which it was so, else today in the city."""
    return Act(by, context.now(), on or context.today())


def find_lines(context: AppContext, filters: Filters) -> list[LedgerLine]:
    """Return the lines that a filter leaves."""
    return list_lines(
        context.store,
        state=filters.state,
        county=filters.county,
        owner=filters.owner,
        overdue_on=context.today() if filters.overdue else None,
    )


def add_project(context: AppContext, body: object, by: str) -> str:
    """Take a project into the ledger and return its id.

    One of the record brings its name, trade and county; of another they are stated.

    Raises
    ------
    InputError, ConflictError
        A value cannot be used; it is there already.
    """
    given = require_object(body, "body", _NEW)
    project_id = given.get("project_id")
    on = take.take_day(given.get("on"), "on", last=context.today())
    state = given.get("state")
    note = plain_text(given.get("note"), "note", NOTE_MOST, lines=True)
    with context.store.writing(ACTOR) as tx:
        base, demo = LedgerFields(name="", owner=by), False
        if project_id is not None:
            require_ledger_id(take.take_id(project_id, "project_id"), "project_id")
            row = find_project(tx.connection, project_id)
            if row is not None:
                base, demo = fields_of_project(row, owner=by), bool(row["demo"])
        line = happen.add_line(
            tx,
            project_id or f"hand-{secrets.token_hex(6)}",
            parse_fields(context, given, base),
            act_of(context, by, on),
            state=take.take_word(state, "state", LedgerState) if state else LedgerState.FOUND,
            note=note,
            demo=demo,
        )
    return line.project_id


def change_project(context: AppContext, project_id: str, body: object, by: str) -> None:
    """Change what is stated of a project; the body names the version that it changes.

    Raises
    ------
    InputError, NotFoundError, ConflictError
        A value cannot be used; no such line; changed meanwhile.
    """
    given, version = take_version(body, STATED)
    with context.store.writing(ACTOR) as tx:
        line = get_line_in(tx, project_id, version)
        fields = parse_fields(context, given, line.fields)
        happen.change_line(tx, line, fields, act_of(context, by))


def parse_fields(context: AppContext, given: Mapping[str, Any], base: LedgerFields) -> LedgerFields:
    """Return the fields of a line with those that are given; see :func:`change_project`.

    Another site without units names none, and a county to build in takes the site's place.
    """
    catalog, values = context.catalog, _texts_of(given)
    if "current_site" in given:
        values["current_site"] = take.take_site(catalog, given["current_site"], "current_site")
    if "industry" in given:
        values["industry"] = take.take_industry(given["industry"], "industry")
    if "home_county" in given:
        values["home_county"] = take.take_county(given["home_county"], "home_county")
    if "due_on" in given:
        values["due_on"] = take.take_day(given["due_on"], "due_on")
    if "published" in given:
        values["published"] = take.take_flag(given["published"], "published")
    place = parse_place(catalog, given, base.site_id)
    values |= {} if place is None else dataclasses.asdict(place)
    fields = dataclasses.replace(base, **values)
    take.take_name(fields.name, "name", NAME_MOST)
    return fields


def _texts_of(given: Mapping[str, Any]) -> dict[str, Any]:
    most = {"name": NAME_MOST, "owner": OWNER_MOST, "next_step": STEP_MOST}
    return {name: plain_text(given[name], name, most[name]) for name in most if name in given}


def parse_place(catalog: Catalog, given: Mapping[str, Any], site_id: str = "") -> Place | None:
    """Return the place that a body states, None where it states none.

    Raises
    ------
    InputError
        No such site, unit or county; a site and a county to build in.
    """
    if not {"site_id", "unit_ids", "place_adcode"} & set(given):
        return None
    adcode = take.take_county(given.get("place_adcode"), "place_adcode")
    site = site_id
    if "site_id" in given or adcode:
        site = take.take_site(catalog, given.get("site_id"), "site_id")
    if adcode and site:
        raise take.refuse(
            "place_adcode",
            Label("载体和定制建设的县只能写一个", "A site or a county to build in, not both"),
            Label("去掉其中一个", "Leave one out"),
        )
    units = take.take_units(catalog, given.get("unit_ids"), "unit_ids", site)
    return Place(site_id=site, unit_ids=units, place_adcode=adcode)


def add_event(context: AppContext, project_id: str, body: object, by: str) -> None:
    """Let something happen to a project: see `_BY_HAND`; the body names the version.

    Raises
    ------
    InputError, NotFoundError, ConflictError
        A value cannot be used, or the state needs a reason; no such line; changed meanwhile,
        or nothing to answer or undo.
    """
    given, version = take_version(body, _EVENT)
    kind = _BY_HAND.get(str(given.get("kind")))
    if kind is None:
        listed = ", ".join(_BY_HAND)
        raise take.refuse(
            "kind",
            Label("要从列出的里面选一个", "One of those listed is needed"),
            Label(f"用其中之一：{listed}", f"Use one of: {listed}"),
        )
    on = take.take_day(given.get("on"), "on", last=context.today())
    note = plain_text(given.get("note"), "note", NOTE_MOST, lines=True)
    with context.store.writing(ACTOR) as tx:
        line = get_line_in(tx, project_id, version)
        _happen(context, tx, line, kind, given, note, act_of(context, by, on))


def _happen(
    context: AppContext,
    tx: Transaction,
    line: LedgerLine,
    kind: EventKind,
    given: Mapping[str, Any],
    note: str,
    act: Act,
) -> None:
    place = parse_place(context.catalog, given, line.fields.site_id)
    if kind is EventKind.STATE:
        state = take.take_word(given.get("state"), "state", LedgerState)
        happen.move_line(tx, line, state, act, note=note, place=place)
    elif kind is EventKind.HANDOVER:
        happen.hand_over(tx, line, _taker(context, tx, given.get("to")), note, act)
    elif kind is EventKind.UNDO:
        happen.undo_last(tx, line, note, act)
    elif kind is EventKind.NOTE:
        if not note:
            raise take.refuse(
                "note",
                Label("记录是空的", "The note is empty"),
                Label("写下发生了什么", "Write what happened"),
            )
        happen.note_line(tx, line, note, act, place=place)
    else:
        accept = kind is EventKind.ACCEPTED
        happen.answer_handover(tx, line, accept=accept, note=note, act=act)


def _taker(context: AppContext, tx: Transaction, value: object) -> Party:
    """Return to whom a project is offered; raises InputError where nobody is that."""
    given = require_object(value, "to", ("kind", "id"))
    kind = take.take_word(given.get("kind"), "to.kind", PartyKind)
    if kind is PartyKind.STAFF:
        return Party(kind, take.take_name(given.get("id"), "to.id", OWNER_MOST))
    if kind is PartyKind.SITE:
        found = take.take_site(context.catalog, given.get("id"), "to.id")
    else:
        operators, wanted = TABLES["operators"], given.get("id")
        query = select(operators.c.id).where(operators.c.id == str(wanted)[:200])
        found = tx.connection.execute(query).scalar() or ""
    if not found:
        raise take.refuse(
            "to.id",
            Label("没有这个运营机构或孵化器", "There is no such operator or incubator"),
            Label("用列表里的编号", "Use an id of the list"),
        )
    return Party(kind, str(found))
