"""Writing the ledger: lines and events of an act, each line changed by one event at a time.

All work inside a :class:`~geomap.store.engine.Transaction`.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, update

from geomap.domain.ledger import EventKind, EventSource, LedgerEvent, LedgerLine
from geomap.store.engine import Transaction
from geomap.store.ledger import EVENTS, LINES, columns_of, row_of_event

_DAYS = ("state_on", "due_on")
_PLACE = ("site_id", "unit_ids", "place_adcode")


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when, and from where; `on` is the day on which it was so.

    `result` is how a pair of a meeting parted, where that is what happens.
    """

    by: str
    now: datetime
    on: date
    source: EventSource = EventSource.HAND
    reference: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a project lands: units of a site, or a county where something is built."""

    site_id: str = ""
    unit_ids: tuple[str, ...] = ()
    place_adcode: str = ""


class Step(NamedTuple):
    """An event, the line as it is before, and the columns that it changes."""

    line: LedgerLine
    changes: Mapping[str, Any]
    event: LedgerEvent


def add_lines(tx: Transaction, lines: Sequence[LedgerLine], act: Act, *, note: str = "") -> None:
    """Take projects into the ledger that are not in it yet."""
    same = ("project_id", "state_on", "lost_why", "demo", "created_at", "updated_at", "version")
    rows, events = [], []
    for line in lines:
        rows.append(
            columns_of(line.fields)
            | {name: getattr(line, name) for name in same}
            | {"state": str(line.state)}
        )
        event = make_event(line.project_id, EventKind.ADDED, act, note=note, to_state=line.state)
        events.append(row_of_event(event))
    if rows:
        tx.connection.execute(insert(LINES), rows)
        tx.connection.execute(insert(EVENTS), events)


def undone(line: LedgerLine, last: LedgerEvent, note: str, act: Act) -> Step:
    """Return what takes back an event that is the last of its line that stands."""
    restored = {name: _revived(name, value) for name, value in last.before.items()}
    event = make_event(
        line.project_id,
        EventKind.UNDO,
        act,
        note=note,
        undoes=last.id,
        from_state=last.to_state,
        to_state=last.from_state,
    )
    return Step(line, restored, event)


def columns_of_place(place: Place | None) -> dict[str, Any]:
    """Return a place as columns of a line, none for None."""
    return {} if place is None else {name: getattr(place, name) for name in _PLACE}


def make_event(project_id: str, kind: EventKind, act: Act, **more: Any) -> LedgerEvent:
    """Return an event of someone's act; `more` are its other fields."""
    said = {"result": act.result} if act.result else {}
    return LedgerEvent(
        id=secrets.token_urlsafe(9),
        project_id=project_id,
        kind=kind,
        at=act.now,
        by=act.by,
        on=act.on,
        source=act.source,
        reference=act.reference,
        after=said,
        **more,
    )


def apply_event(
    tx: Transaction, line: LedgerLine, changes: Mapping[str, Any], event: LedgerEvent
) -> LedgerEvent:
    """Write an event and the columns of the line that it changes."""
    apply_events(tx, [Step(line, changes, event)])
    return event


def apply_events(tx: Transaction, steps: Sequence[Step]) -> None:
    """Write events of different lines, and the columns that each changes."""
    events: list[dict[str, Any]] = []
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for line, changes, event in steps:
        now = {
            **columns_of(line.fields),
            "state": str(line.state),
            "state_on": line.state_on,
            "lost_why": line.lost_why,
        }
        changed = {name: value for name, value in changes.items() if value != now[name]}
        before = {name: _kept(now[name]) for name in changed}
        after = dict(event.after) | {name: _kept(value) for name, value in changed.items()}
        events.append(row_of_event(event) | {"before": before, "after": after})
        values = changed | {"version": line.version + 1, "updated_at": event.at}
        bound = {f"to_{name}": value for name, value in values.items()}
        updates[tuple(sorted(values))].append(bound | {"of_project": line.project_id})
    if events:
        tx.connection.execute(insert(EVENTS), events)
    for names, rows in updates.items():
        statement = update(LINES).where(LINES.c.project_id == bindparam("of_project"))
        tx.connection.execute(statement.values({n: bindparam(f"to_{n}") for n in names}), rows)


def _kept(value: Any) -> Any:
    """Return a column's value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _revived(name: str, value: Any) -> Any:
    """Return what JSON kept as the column takes it."""
    if name in _DAYS and value is not None:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value
