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
    LedgerLine,
    LedgerState,
    undoable,
)
from geomap.store.engine import Transaction
from geomap.store.ledger import events_of, lines_in
from geomap.store.ledger_write import (
    Act,
    Place,
    Step,
    add_lines,
    apply_events,
    columns_of_place,
    make_event,
    undone,
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
    act, placed = Act(staff, now, on, EventSource.ADOPTION, reference), list(rows)
    known = lines_in(tx, [row.project_id for row in placed])
    new = [_new_line(row, act) for row in placed if row.project_id not in known]
    add_lines(tx, new, Act(staff, now, on))
    known |= {line.project_id: line for line in new}
    steps = [_adopt(row, known[row.project_id], act) for row in placed]
    apply_events(tx, steps)
    return [step.event for step in steps]


def record_release(
    tx: Transaction, project_ids: Iterable[str], staff: str, now: datetime, *, on: date,
    reference: str,
) -> int:  # fmt: skip
    """Take back what adopting a scenario did to the ledger; returns for how many projects.

    A project that went on meanwhile keeps its state, and gets a note.
    """
    act = Act(staff, now, on, EventSource.ADOPTION, reference)
    ids = list(dict.fromkeys(project_ids))
    events, undoes, notes = events_of(tx, ids), [], []
    for project_id, line in lines_in(tx, ids).items():
        last = undoable(events[project_id])
        if last is not None and (last.source, last.reference) == (act.source, reference):
            undoes.append(undone(line, last, "", act))
        else:
            notes.append(Step(line, {}, make_event(project_id, EventKind.NOTE, act)))
    apply_events(tx, [*undoes, *notes])
    return len(undoes)


def _new_line(row: Adopted, act: Act) -> LedgerLine:
    return LedgerLine(
        project_id=row.project_id,
        fields=LedgerFields(
            name=row.name,
            industry=row.industry,
            home_county=row.home_county,
            current_site=row.current_site,
            owner=act.by,
        ),
        state=LedgerState.FOUND,
        state_on=act.on,
        lost_why="",
        demo=row.demo,
        created_at=act.now,
        updated_at=act.now,
        version=1,
    )


def _adopt(row: Adopted, line: LedgerLine, act: Act) -> Step:
    """Return what an adoption does to a project's line."""
    reached = WAY.index(line.state) if line.state in WAY else -1
    place = columns_of_place(row.place)
    if reached >= WAY.index(LedgerState.RECOMMENDED):
        settled = reached >= WAY.index(LedgerState.SIGNED)
        note = make_event(row.project_id, EventKind.NOTE, act)
        return Step(line, {} if settled else place, note)
    state = LedgerState.RECOMMENDED
    event = make_event(row.project_id, EventKind.STATE, act, from_state=line.state, to_state=state)
    changes = {"state": str(state), "state_on": act.on, "lost_why": ""}
    return Step(line, changes | place, event)
