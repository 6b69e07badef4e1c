"""The ledger as an operator takes part in it: what is handed to it, and what it recommends.

Each reading asks for one operator: what is addressed to it or to one of its sites, and
what it holds. Any other line is answered as one that is not there.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.ledger import (
    EventKind,
    EventSource,
    LedgerEvent,
    LedgerFields,
    LedgerLine,
    Party,
    PartyKind,
    open_handover,
)
from geomap.domain.words import Label
from geomap.store.counts import TooManyError, add_count, count_since, forget_old
from geomap.store.engine import Store, Transaction
from geomap.store.ledger import (
    EVENTS,
    LINES,
    event_of,
    events_in,
    find_line_in,
    get_line_in,
    line_of,
)
from geomap.store.ledger_events import add_line, answer_handover
from geomap.store.ledger_write import Act
from geomap.store.models import TABLES

DAY_MOST = 20
"""How many projects one operator recommends within a day; refused ones count."""
_DAY, _COUNTED = timedelta(days=1), "operator-project"
_SITES, _PROJECTS = TABLES["sites"], TABLES["projects"]
_ID_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A project that waits for an operator's answer, or that it holds.

    `giver` is who hands it over. In place of another operator stands who of the staff wrote
    it down; it is None for a project that the operator itself recommended. `taker` is the
    operator or one of its sites.
    """

    line: LedgerLine
    waiting: bool
    giver: Party | None
    taker: Party
    note: str
    since: datetime


@dataclass(frozen=True, slots=True)
class _Own:
    """An operator with its sites."""

    id: str
    sites: frozenset[str]

    def has(self, party: Party | None) -> bool:
        """Return whether a party is this operator, or one of its sites."""
        if party is None:
            return False
        if party.kind is PartyKind.SITE:
            return party.id in self.sites
        return party.kind is PartyKind.OPERATOR and party.id == self.id


def list_handovers(store: Store, operator_id: str) -> list[Handed]:
    """Return what waits for an operator, longest first, then what it holds, newest first."""
    offered = select(EVENTS.c.project_id).where(
        EVENTS.c.kind == str(EventKind.HANDOVER),
        _is_own(operator_id, EVENTS.c.taker_kind, EVENTS.c.taker_id),
    )
    held = _is_own(operator_id, LINES.c.holder_kind, LINES.c.holder_id)
    wanted = or_(LINES.c.project_id.in_(offered), held)
    ids = select(LINES.c.project_id).where(wanted)
    events: dict[str, list[LedgerEvent]] = defaultdict(list)
    with store.reading() as session:
        own = _own(session, operator_id)
        lines = [line_of(row) for row in session.execute(select(LINES).where(wanted)).mappings()]
        query = select(EVENTS).where(EVENTS.c.project_id.in_(ids)).order_by(EVENTS.c.fid)
        for row in session.execute(query).mappings():
            events[row["project_id"]].append(event_of(row))
    found = [h for line in lines if (h := _handed(line, events[line.project_id], own))]
    waiting = sorted((h for h in found if h.waiting), key=lambda h: (h.since, h.line.project_id))
    rest = sorted((h for h in found if not h.waiting), key=lambda h: h.line.project_id)
    return waiting + sorted(rest, key=lambda h: h.since, reverse=True)


def demands_of(store: Store, project_ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Return the demands of those projects that the record holds, by id."""
    query = select(_PROJECTS.c.id, _PROJECTS.c.demand).where(_PROJECTS.c.id.in_([*project_ids]))
    with store.reading() as session:
        return {str(row[0]): row[1] for row in session.execute(query)}


def answer_as_operator(
    tx: Transaction,
    operator_id: str,
    project_id: str,
    version: int,
    *,
    accept: bool,
    note: str,
    act: Act,
) -> LedgerLine:
    """Accept or decline what waits for an operator's answer; return the line as it is then.

    Raises
    ------
    NotFoundError
        The ledger has no such project, or it is not for this operator: the same answer.
    ConflictError, InputError
        Changed meanwhile, or the operator holds it and nothing waits; declined without a
        reason.
    """
    usable = 0 < len(project_id) <= _ID_MOST and "\0" not in project_id
    line = find_line_in(tx, project_id) if usable else None
    handed = line and _handed(line, events_in(tx, project_id), _own(tx.connection, operator_id))
    if not handed:
        raise NotFoundError(
            Label("没有移交给你们的这个项目", "No such project is handed to you"),
            fix=Label("用移交列表里的编号", "Use an id of the list of handovers"),
            field="project_id",
        )
    line = get_line_in(tx, project_id, version)
    if not handed.waiting:  # another's may wait: it is not this operator's to answer
        raise ConflictError(
            Label("没有待你们答复的移交", "No handover waits for your answer"),
            fix=Label("再读一次移交列表", "Read the list of handovers again"),
            field="accept",
        )
    answer_handover(tx, line, accept=accept, note=note, act=_own_act(operator_id, act))
    return get_line_in(tx, project_id)


def recommend_project(
    store: Store, operator_id: str, fields: LedgerFields, note: str, act: Act
) -> str:
    """Take a project of an operator's own into the ledger, as found; return its id.

    Parameters
    ----------
    store
        The record.
    operator_id
        Who recommends it, and holds it until staff take it over.
    fields
        With name, home county, and one of the operator's sites as the present one.
    note
        What the operator says of it.
    act
        Who and when.

    Raises
    ------
    InputError, TooManyError, ConflictError
        The site is not the operator's; too many within a day; a line of that name and home
        county is there: whose it is, is not told.
    """
    with store.writing("ledger") as tx:
        demo = _require_site(tx, operator_id, fields.current_site)
        _count_one(tx, operator_id, act.now)
        known = _is_known(tx, fields.name, fields.home_county)
        project_id = f"op-{secrets.token_hex(6)}"
        if not known:
            add_line(tx, project_id, fields, _own_act(operator_id, act), note=note, demo=demo)
    if known:  # outside, so that it stays counted: nobody tries names without end
        raise ConflictError(
            Label("台账里已有这个县的同名项目", "The ledger has a project of that name there"),
            fix=Label("向招商部门核实", "Ask the promotion office"),
            field="name",
        )
    return project_id


def _own_act(operator_id: str, act: Act) -> Act:
    return Act(act.by, act.now, act.on, EventSource.OPERATOR, operator_id)


def _is_own(operator_id: str, kind: Any, party_id: Any) -> ColumnElement[bool]:
    sites = select(_SITES.c.id).where(_SITES.c.operator_id == operator_id)
    return or_(
        and_(kind == str(PartyKind.OPERATOR), party_id == operator_id),
        and_(kind == str(PartyKind.SITE), party_id.in_(sites)),
    )


def _own(session: Any, operator_id: str) -> _Own:
    query = select(_SITES.c.id).where(_SITES.c.operator_id == operator_id)
    return _Own(operator_id, frozenset(session.execute(query).scalars()))


def _handed(line: LedgerLine, events: Sequence[LedgerEvent], own: _Own) -> Handed | None:
    """Return what an operator is told of a line, None where the line is not for it."""
    offer, holder = open_handover(events), line.fields.holder
    if offer is not None and offer.taker is not None and own.has(offer.taker):
        return Handed(
            line=line,
            waiting=True,
            giver=_named(offer, own),
            taker=offer.taker,
            note=offer.note,
            since=offer.at,
        )
    if holder is None or not own.has(holder):
        return None
    taken, offer = _taken(events, holder)
    first = events[0]
    mine = (first.source, first.reference) == (EventSource.OPERATOR, own.id)
    return Handed(
        line=line,
        waiting=False,
        giver=_named(offer, own) if offer else None,
        taker=holder,
        note=offer.note if offer else first.note if mine else "",
        since=taken.at if taken else line.created_at,
    )


def _named(offer: LedgerEvent, own: _Own) -> Party:
    giver = offer.giver
    if giver is not None and (giver.kind is PartyKind.STAFF or own.has(giver)):
        return giver
    return Party(PartyKind.STAFF, offer.by)


def _taken(
    events: Sequence[LedgerEvent], holder: Party
) -> tuple[LedgerEvent | None, LedgerEvent | None]:
    """Return when a holder accepted a project, and what it accepted."""
    gone = {event.undoes for event in events if event.undoes}
    by_id = {event.id: event for event in events}
    for event in reversed(events):
        stands = event.kind is EventKind.ACCEPTED and event.id not in gone
        if stands and event.taker == holder:
            return event, by_id.get(event.answers)
    return None, None


def _require_site(tx: Transaction, operator_id: str, site_id: str) -> bool:
    """Return whether an operator's site is made up: what is at it goes with it."""
    query = select(_SITES.c.demo).where(_SITES.c.id == site_id, _SITES.c.operator_id == operator_id)
    demo = tx.connection.execute(query).scalar()
    if demo is None:
        raise InputError(
            Label("你们没有这个载体", "You have no such site"),
            fix=Label("用你们自己的载体编号", "Use the id of one of your sites"),
            field="site_id",
        )
    return bool(demo)


def _count_one(tx: Transaction, operator_id: str, now: datetime) -> None:
    forget_old(tx, _COUNTED, now, _DAY)
    if count_since(tx, _COUNTED, operator_id, now - _DAY) >= DAY_MOST:
        raise TooManyError(
            Label(f"一天内最多推荐 {DAY_MOST} 个", f"At most {DAY_MOST} within a day"),
            fix=Label(
                "明天再推荐，或直接联系招商部门", "Try tomorrow, or call the promotion office"
            ),
        )
    add_count(tx, _COUNTED, operator_id, now)


def _is_known(tx: Transaction, name: str, home_county: str) -> bool:
    """Return whether a county has a line of that name; width, case and blanks do not matter."""
    query = select(LINES.c.name).where(LINES.c.home_county == home_county)
    wanted = _folded(name)
    return any(_folded(other) == wanted for other in tx.connection.execute(query).scalars())


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
