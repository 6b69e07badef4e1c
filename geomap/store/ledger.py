"""The ledger of projects: lines that are true now, and events that are only ever added.

It stands beside the record as leads do: nothing of it is in the change log, so that no
catalog, layer or export holds a line. What changes a line is in `ledger_events`, what
writes it in `ledger_write`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import RowMapping, delete, select

from geomap.domain.errors import ConflictError, NotFoundError
from geomap.domain.ledger import (
    EventKind,
    EventSource,
    LedgerEvent,
    LedgerFields,
    LedgerLine,
    LedgerState,
    Party,
    PartyKind,
    is_overdue,
)
from geomap.domain.words import Label
from geomap.store.engine import Store, Transaction
from geomap.store.models import TABLES

LINES, EVENTS = TABLES["ledger_lines"], TABLES["ledger_events"]
_CHUNK = 400
"""Ids in one query: SQLite takes 32,766 values, and queries are compiled once a length."""
_FIELDS = (
    "name", "industry", "home_county", "current_site", "owner", "next_step", "due_on", "site_id",
    "unit_ids", "place_adcode", "published",
)  # fmt: skip


def list_lines(
    store: Store,
    *,
    state: str = "",
    county: str = "",
    owner: str = "",
    published: bool | None = None,
    overdue_on: date | None = None,
) -> list[LedgerLine]:
    """Return lines, those that were touched last first.

    Parameters
    ----------
    state, county, owner
        Only these; "" asks for all. `county` is the home county.
    published
        Only those that may be named in public, or only the others.
    overdue_on
        Only those whose next step should have been done before this day.
    """
    query = select(LINES).order_by(LINES.c.updated_at.desc(), LINES.c.fid.desc())
    for column, wanted in (("state", state), ("home_county", county), ("owner", owner)):
        if wanted:
            query = query.where(LINES.c[column] == wanted)
    if published is not None:
        query = query.where(LINES.c.published == published)
    with store.reading() as session:
        lines = [line_of(row) for row in session.execute(query).mappings()]
    return [line for line in lines if overdue_on is None or is_overdue(line, overdue_on)]


def get_line(store: Store, project_id: str) -> LedgerLine:
    """Return the line of a project; raises NotFoundError."""
    with store.reading() as session:
        found = session.execute(select(LINES).where(LINES.c.project_id == project_id))
        return _required(found.mappings().first())


def list_events(store: Store, project_id: str) -> list[LedgerEvent]:
    """Return the events of a project, oldest first."""
    with store.reading() as session:
        return _events_in(session, project_id)


def find_line_in(tx: Transaction, project_id: str) -> LedgerLine | None:
    """Return the line of a project inside a transaction, None where there is none."""
    found = tx.connection.execute(select(LINES).where(LINES.c.project_id == project_id))
    row = found.mappings().first()
    return None if row is None else line_of(row)


def get_line_in(tx: Transaction, project_id: str, version: int | None = None) -> LedgerLine:
    """Return the line of a project that is still at `version`.

    Raises
    ------
    NotFoundError, ConflictError
        There is no such line; it was changed meanwhile.
    """
    line = find_line_in(tx, project_id)
    if line is None:
        raise _missing()
    if version is not None and line.version != version:
        raise ConflictError(
            Label(
                f"这个项目已在别处改到第 {line.version} 版",
                f"This project has meanwhile been changed to version {line.version}",
            ),
            fix=Label("看看新的一版，再决定改哪些", "Look at the newest version, then try again"),
            field="version",
        )
    return line


def lines_in(tx: Transaction, project_ids: Iterable[str]) -> dict[str, LedgerLine]:
    """Return the lines of many projects inside a transaction, by id; those that are there."""
    found: dict[str, LedgerLine] = {}
    for ids in _chunks(project_ids):
        rows = tx.connection.execute(select(LINES).where(LINES.c.project_id.in_(ids)))
        found |= {row["project_id"]: line_of(row) for row in rows.mappings()}
    return found


def events_of(tx: Transaction, project_ids: Iterable[str]) -> dict[str, list[LedgerEvent]]:
    """Return the events of many projects inside a transaction, by id, oldest first."""
    found: dict[str, list[LedgerEvent]] = defaultdict(list)
    for ids in _chunks(project_ids):
        query = select(EVENTS).where(EVENTS.c.project_id.in_(ids)).order_by(EVENTS.c.fid)
        for row in tx.connection.execute(query).mappings():
            found[row["project_id"]].append(event_of(row))
    return found


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def events_in(tx: Transaction, project_id: str) -> list[LedgerEvent]:
    """Return the events of a project inside a transaction, oldest first."""
    return _events_in(tx.connection, project_id)


def _events_in(session: Any, project_id: str) -> list[LedgerEvent]:
    query = select(EVENTS).where(EVENTS.c.project_id == project_id).order_by(EVENTS.c.fid)
    return [event_of(row) for row in session.execute(query).mappings()]


def find_project(session: Any, project_id: str) -> RowMapping | None:
    """Return a project of the record as a row, None where it has none of that id."""
    projects = TABLES["projects"]
    row: RowMapping | None = (
        session.execute(select(projects).where(projects.c.id == project_id)).mappings().first()
    )
    return row


def fields_of_project(row: RowMapping, *, owner: str) -> LedgerFields:
    """Return what the record states of a project, as the ledger takes it."""
    industry = row["demand"].get("industry", "")
    return LedgerFields(
        name=row["name"],
        industry=industry if isinstance(industry, str) else "",
        home_county=row["home_county"],
        current_site=row["current_site"],
        owner=owner,
    )


def clear_demo_ledger(tx: Transaction) -> int:
    """Take demonstration lines and their events away; return how many lines.

    A meeting keeps its list: what was agreed there on a made-up project says so by its id.
    """
    query = select(LINES.c.project_id).where(LINES.c.demo)
    gone: Sequence[str] = tx.connection.execute(query).scalars().all()
    tx.connection.execute(delete(LINES).where(LINES.c.demo))
    if gone:
        left = select(LINES.c.project_id)
        tx.connection.execute(delete(EVENTS).where(EVENTS.c.project_id.not_in(left)))
    return len(gone)


def columns_of(fields: LedgerFields) -> dict[str, Any]:
    """Return what people state of a project as columns of its line."""
    holder = fields.holder
    return {name: getattr(fields, name) for name in _FIELDS} | {
        "holder_kind": str(holder.kind) if holder else "",
        "holder_id": holder.id if holder else "",
    }


def line_of(row: RowMapping) -> LedgerLine:
    """Turn a row into a line."""
    values = {name: row[name] for name in _FIELDS}
    holder = _party(row["holder_kind"], row["holder_id"])
    rest = ("project_id", "state_on", "lost_why", "demo", "created_at", "updated_at", "version")
    return LedgerLine(
        fields=LedgerFields(**values, holder=holder),
        state=LedgerState(row["state"]),
        **{name: row[name] for name in rest},
    )


def event_of(row: RowMapping) -> LedgerEvent:
    """Turn a row into an event."""
    rest = ("id", "project_id", "at", "note", "reference", "undoes", "answers", "before", "after")
    return LedgerEvent(
        kind=EventKind(row["kind"]),
        by=row["actor"],
        on=row["on_day"],
        from_state=LedgerState(row["from_state"]) if row["from_state"] else None,
        to_state=LedgerState(row["to_state"]) if row["to_state"] else None,
        giver=_party(row["giver_kind"], row["giver_id"]),
        taker=_party(row["taker_kind"], row["taker_id"]),
        source=EventSource(row["source"]),
        **{name: row[name] for name in rest},
    )


def row_of_event(event: LedgerEvent) -> dict[str, Any]:
    """Turn an event into a row."""
    giver, taker = event.giver, event.taker
    same = ("id", "project_id", "at", "note", "reference", "undoes", "answers")
    return {name: getattr(event, name) for name in same} | {
        "kind": str(event.kind),
        "actor": event.by,
        "on_day": event.on,
        "from_state": str(event.from_state) if event.from_state else "",
        "to_state": str(event.to_state) if event.to_state else "",
        "giver_kind": str(giver.kind) if giver else "",
        "giver_id": giver.id if giver else "",
        "taker_kind": str(taker.kind) if taker else "",
        "taker_id": taker.id if taker else "",
        "source": str(event.source),
        "before": dict(event.before),
        "after": dict(event.after),
    }


def _party(kind: str, party_id: str) -> Party | None:
    return Party(PartyKind(kind), party_id) if kind else None


def _required(row: RowMapping | None) -> LedgerLine:
    if row is None:
        raise _missing()
    return line_of(row)


def _missing() -> NotFoundError:
    return NotFoundError(
        Label("台账里没有这个项目", "The ledger has no such project"),
        fix=Label("用台账列表里的编号，或先把它加进来", "Use an id of the list, or add it first"),
        field="project_id",
    )
