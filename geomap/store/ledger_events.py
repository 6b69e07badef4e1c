"""What happens to a line of the ledger: each function adds one event and changes the line.

All work inside a :class:`~geomap.store.engine.Transaction`, so that a meeting's result or
an adopted placement and what it does to the ledger are one write.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, update

from geomap.domain.errors import ConflictError, InputError
from geomap.domain.ledger import (
    WAY,
    EventKind,
    EventSource,
    LedgerEvent,
    LedgerFields,
    LedgerLine,
    LedgerState,
    Party,
    PartyKind,
    open_handover,
    require_change,
    undoable,
)
from geomap.domain.words import Label
from geomap.store.engine import Transaction
from geomap.store.ledger import (
    EVENTS,
    LINES,
    columns_of,
    events_in,
    find_line_in,
    get_line_in,
    row_of_event,
)

_DAYS = ("state_on", "due_on")
_PLACE = ("site_id", "unit_ids", "place_adcode")


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when, and from where; `on` is the day on which it was so."""

    by: str
    now: datetime
    on: date
    source: EventSource = EventSource.HAND
    reference: str = ""


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


def add_line(
    tx: Transaction,
    project_id: str,
    fields: LedgerFields,
    act: Act,
    *,
    state: LedgerState = LedgerState.FOUND,
    note: str = "",
    demo: bool = False,
) -> LedgerLine:
    """Take a project into the ledger.

    Raises
    ------
    ConflictError, InputError
        It is there already; it begins as lost.
    """
    if find_line_in(tx, project_id) is not None:
        raise ConflictError(
            Label("这个项目已经在台账里", "This project is in the ledger already"),
            fix=Label("在原来的一行上改", "Change the line that is there"),
            field="project_id",
        )
    if state not in WAY:
        require_change(LedgerState.FOUND, state, note)
    line = LedgerLine(
        project_id=project_id,
        fields=fields,
        state=state,
        state_on=act.on,
        lost_why=note if state is LedgerState.LOST else "",
        demo=demo,
        created_at=act.now,
        updated_at=act.now,
        version=1,
    )
    add_lines(tx, [line], act, note=note)
    return get_line_in(tx, project_id)


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


def move_line(
    tx: Transaction,
    line: LedgerLine,
    state: LedgerState,
    act: Act,
    *,
    note: str = "",
    place: Place | None = None,
) -> LedgerEvent:
    """Change the state of a project, and its place where one is given.

    Raises
    ------
    InputError
        It is in that state, or the change needs a reason.
    """
    require_change(line.state, state, note)
    changes: dict[str, Any] = {
        "state": str(state),
        "state_on": act.on,
        "lost_why": note if state is LedgerState.LOST else "",
    }
    event = make_event(
        line.project_id,
        EventKind.STATE,
        act,
        note=note,
        from_state=line.state,
        to_state=state,
    )
    return apply_event(tx, line, changes | columns_of_place(place), event)


def change_line(tx: Transaction, line: LedgerLine, fields: LedgerFields, act: Act) -> LedgerEvent:
    """Change what is stated of a project; raises InputError where nothing is."""
    old, new = columns_of(line.fields), columns_of(fields)
    changes = {name: new[name] for name in new if new[name] != old[name]}
    if not changes:
        raise InputError(
            Label("没有改动", "Nothing is changed"),
            fix=Label("给出要改的字段", "Give the fields to change"),
            field="body",
        )
    return apply_event(tx, line, changes, make_event(line.project_id, EventKind.CHANGE, act))


def note_line(
    tx: Transaction, line: LedgerLine, note: str, act: Act, *, place: Place | None = None
) -> LedgerEvent:
    """Write a note, and the place where one is given."""
    event = make_event(line.project_id, EventKind.NOTE, act, note=note)
    return apply_event(tx, line, columns_of_place(place), event)


def hand_over(tx: Transaction, line: LedgerLine, taker: Party, note: str, act: Act) -> LedgerEvent:
    """Offer a project to another party.

    Raises
    ------
    ConflictError, InputError
        A handover waits for its answer; the party has the project already.
    """
    if open_handover(events_in(tx, line.project_id)) is not None:
        raise ConflictError(
            Label("上一次移交还没有答复", "The last handover has not been answered"),
            fix=Label("先接收或退回，或撤销它", "Accept or decline it first, or undo it"),
            field="kind",
        )
    giver = line.fields.holder
    if giver is None and line.fields.owner:
        giver = Party(PartyKind.STAFF, line.fields.owner)
    if giver == taker:
        raise InputError(
            Label("项目已经在这一方手里", "That party has the project already"),
            fix=Label("选另一方", "Choose another"),
            field="to",
        )
    event = make_event(
        line.project_id, EventKind.HANDOVER, act, note=note, giver=giver, taker=taker
    )
    return apply_event(tx, line, {}, event)


def answer_handover(
    tx: Transaction, line: LedgerLine, *, accept: bool, note: str, act: Act
) -> LedgerEvent:
    """Accept or decline the handover that waits; to accept moves the project.

    Raises
    ------
    ConflictError, InputError
        None waits; declined without a reason.
    """
    offered = open_handover(events_in(tx, line.project_id))
    if offered is None or offered.taker is None:
        raise ConflictError(
            Label("没有待答复的移交", "No handover waits for an answer"),
            fix=Label("先移交", "Hand it over first"),
            field="kind",
        )
    if not accept and not note:
        raise InputError(
            Label("退回要写原因", "Say why it is declined"),
            fix=Label("在 note 里写一句原因", "Give the reason in note"),
            field="note",
        )
    taker, changes = offered.taker, {}
    if accept:
        changes = {"holder_kind": str(taker.kind), "holder_id": taker.id}
        changes |= {"owner": taker.id} if taker.kind is PartyKind.STAFF else {}
    event = make_event(
        line.project_id,
        EventKind.ACCEPTED if accept else EventKind.DECLINED,
        act,
        note=note,
        giver=offered.giver,
        taker=taker,
        answers=offered.id,
    )
    return apply_event(tx, line, changes, event)


def undo_last(tx: Transaction, line: LedgerLine, note: str, act: Act) -> LedgerEvent:
    """Take back the last event that still stands, by an event that says so.

    Raises
    ------
    ConflictError
        Only the first is left, or it comes from a meeting or an adopted placement, where it
        is to be taken back.
    """
    last = undoable(events_in(tx, line.project_id))
    if last is None:
        raise ConflictError(
            Label("没有可撤销的", "There is nothing to undo"),
            fix=Label("入账本身不能撤销；可记为流失", "The first stays; it can be called lost"),
            field="kind",
        )
    if last.source is not act.source:
        meeting = last.source is EventSource.MEETING
        raise ConflictError(
            Label(
                f"这一条来自{'会议结果' if meeting else '采用的方案'}",
                f"This comes from {'a meeting' if meeting else 'an adopted placement'}",
            ),
            fix=Label(
                "到会议里改结果" if meeting else "到方案里撤销采用",
                "Change the result there" if meeting else "Release the adopted scenario",
            ),
            field="kind",
        )
    return undo_event(tx, line, last, note, act)


def take_back(tx: Transaction, project_id: str, event_id: str, act: Act) -> bool:
    """Undo an event where it is the last of its line that stands; returns whether it was."""
    line = find_line_in(tx, project_id)
    last = undoable(events_in(tx, project_id)) if line else None
    if line is None or last is None or last.id != event_id:
        return False
    undo_event(tx, line, last, "", act)
    return True


def undo_event(
    tx: Transaction, line: LedgerLine, last: LedgerEvent, note: str, act: Act
) -> LedgerEvent:
    """Take back an event that is the last that stands, whatever made it."""
    step = undone(line, last, note, act)
    apply_events(tx, [step])
    return step.event


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
    return LedgerEvent(
        id=secrets.token_urlsafe(9),
        project_id=project_id,
        kind=kind,
        at=act.now,
        by=act.by,
        on=act.on,
        source=act.source,
        reference=act.reference,
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
        after = {name: _kept(value) for name, value in changed.items()}
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
