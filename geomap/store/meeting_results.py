"""What the result of a pair does to its project in the ledger.

All work inside a :class:`~geomap.store.engine.Transaction`.
"""

from __future__ import annotations

import dataclasses

from geomap.domain.ledger import (
    RESULT_STATES,
    WAY,
    LedgerLine,
    LedgerState,
    PairResult,
    is_forward,
)
from geomap.domain.meetings import Pair, PairDraft
from geomap.store.engine import Transaction
from geomap.store.ledger import fields_of_project, find_line_in, find_project
from geomap.store.ledger_events import add_line, move_line, note_line, take_back
from geomap.store.ledger_write import Act, Place


def settle(tx: Transaction, draft: PairDraft, old: Pair | None, act: Act) -> str:
    """Bring a pair's result into the ledger; return the event that stands for it, "" for none."""
    if old is not None and _outcome(old.draft) == _outcome(draft):
        return old.event_id
    if old is not None and old.event_id:
        take_back(tx, draft.project_id, old.event_id, act)
    if draft.result is PairResult.PENDING:
        return ""
    line = find_line_in(tx, draft.project_id) or _add(tx, draft.project_id, act)
    act = dataclasses.replace(act, result=str(draft.result))
    if draft.lost and line.state is not LedgerState.LOST:
        return move_line(tx, line, LedgerState.LOST, act, note=draft.note).id
    target = RESULT_STATES.get(draft.result)
    if target and (is_forward(line.state, target) or line.state is LedgerState.LOST):
        return move_line(tx, line, target, act, note=draft.note, place=_landed(draft)).id
    settled = line.state in WAY[WAY.index(LedgerState.SIGNED) :]
    return note_line(tx, line, draft.note, act, place=None if settled else _landed(draft)).id


def _landed(draft: PairDraft) -> Place | None:
    """Return the place that a result settles; one that only interests settles none."""
    if not draft.site_id or draft.result not in (PairResult.AGREED, PairResult.SIGNED):
        return None
    return Place(site_id=draft.site_id, unit_ids=draft.unit_ids)


def _outcome(draft: PairDraft) -> tuple[object, ...]:
    """Return what of a pair its event in the ledger rests on."""
    return draft.project_id, draft.site_id, draft.unit_ids, draft.result, draft.lost, draft.note


def _add(tx: Transaction, project_id: str, act: Act) -> LedgerLine:
    row = find_project(tx.connection, project_id)
    if row is None:  # `_require_project` has looked
        raise LookupError(project_id)
    fields_of = fields_of_project(row, owner=act.by)
    found = Act(act.by, act.now, act.on)
    return add_line(tx, project_id, fields_of, found, demo=bool(row["demo"]))
