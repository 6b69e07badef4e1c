"""What happens to a line of the ledger: each function adds one event and changes the line.

All work inside a :class:`~geomap.store.engine.Transaction`, so that a meeting's result or
an adopted placement and what it does to the ledger are one write.
"""

from __future__ import annotations

from typing import Any

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
from geomap.store.ledger import columns_of, events_in, find_line_in, get_line_in
from geomap.store.ledger_write import (
    Act,
    Place,
    add_lines,
    apply_event,
    apply_events,
    columns_of_place,
    make_event,
    undone,
)

_UNDONE_THERE = (EventSource.MEETING, EventSource.ADOPTION)


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
    # what came of a meeting is itself why a project is open again
    require_change(line.state, state, note if state is LedgerState.LOST else note or act.result)
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
    if last.source in _UNDONE_THERE and last.source is not act.source:
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
