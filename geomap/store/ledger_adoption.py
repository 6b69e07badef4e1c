"""Adopting a placement, and releasing it, as the ledger sees it.

Called within the transaction that holds the units, or gives them back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from geomap.domain.ledger import (
    WAY,
    EventKind,
    EventSource,
    LedgerEvent,
    LedgerFields,
    LedgerState,
    undoable,
)
from geomap.store.engine import Transaction
from geomap.store.ledger import events_in, find_line_in
from geomap.store.ledger_events import (
    Act,
    Place,
    add_line,
    apply_event,
    columns_of_place,
    make_event,
    note_line,
    undo_event,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """One project of an adopted placement."""

    project_id: str
    name: str
    place: Place
    industry: str = ""
    home_county: str = ""
    current_site: str = ""
    demo: bool = False


def record_adoption(
    tx: Transaction, rows: Iterable[Adopted], staff: str, now: datetime, *, on: date, reference: str
) -> list[LedgerEvent]:
    """Bring the projects of an adopted placement to `recommended`, with their places.

    A project that is not in the ledger is added. One that is recommended or visited gets the
    new place; of one that signed, or went further, only a note says so.

    Parameters
    ----------
    tx
        The transaction that adopts.
    rows
        The placed projects.
    staff
        Name of who adopts.
    now, on
        The moment, and the day in the city.
    reference
        Id of the scenario.

    Returns
    -------
    list of LedgerEvent
        One a project, in their order.
    """
    act = Act(staff, now, on, EventSource.ADOPTION, reference)
    return [_adopt(tx, row, act) for row in rows]


def record_release(
    tx: Transaction, project_ids: Iterable[str], staff: str, now: datetime, *, on: date,
    reference: str,
) -> int:  # fmt: skip
    """Take back what adopting a scenario did to the ledger; returns for how many projects.

    A project that went on meanwhile keeps its state, and gets a note.
    """
    act, count = Act(staff, now, on, EventSource.ADOPTION, reference), 0
    for project_id in project_ids:
        line = find_line_in(tx, project_id)
        last = undoable(events_in(tx, project_id))
        if line is None:
            continue
        ours = last is not None and (last.source, last.reference) == (act.source, reference)
        if ours and last is not None:
            undo_event(tx, line, last, "", act)
            count += 1
        else:
            apply_event(tx, line, {}, make_event(project_id, EventKind.NOTE, act))
    return count


def _adopt(tx: Transaction, row: Adopted, act: Act) -> LedgerEvent:
    line = find_line_in(tx, row.project_id)
    if line is None:
        fields = LedgerFields(
            name=row.name,
            industry=row.industry,
            home_county=row.home_county,
            current_site=row.current_site,
            owner=act.by,
        )
        found = Act(act.by, act.now, act.on)
        line = add_line(tx, row.project_id, fields, found, demo=row.demo)
    reached = WAY.index(line.state) if line.state in WAY else -1
    if reached < WAY.index(LedgerState.RECOMMENDED):
        event = make_event(
            row.project_id,
            EventKind.STATE,
            act,
            from_state=line.state,
            to_state=LedgerState.RECOMMENDED,
        )
        changes = {"state": str(LedgerState.RECOMMENDED), "state_on": act.on, "lost_why": ""}
        return apply_event(tx, line, changes | columns_of_place(row.place), event)
    settled = reached >= WAY.index(LedgerState.SIGNED)
    return note_line(tx, line, "", act, place=None if settled else row.place)
