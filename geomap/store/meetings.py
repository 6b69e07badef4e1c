"""Meetings of projects and places (对接会, 签约会), and what they do to the ledger.

A result and its event in the ledger are one transaction. They stand beside the record, and
nothing of them is in the change log.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.ledger import EventSource, MeetingKind, PairResult
from geomap.domain.meetings import Meeting, MeetingDraft, Pair, PairDraft, Results
from geomap.domain.words import Label
from geomap.store.engine import Store, Transaction
from geomap.store.ledger import find_line_in, find_project
from geomap.store.ledger_events import take_back
from geomap.store.ledger_write import Act
from geomap.store.meeting_results import settle
from geomap.store.models import TABLES

MOST_PAIRS = 2_000

_MEETINGS, _PAIRS = TABLES["meetings"], TABLES["meeting_pairs"]


def list_meetings(store: Store) -> list[tuple[Meeting, Results]]:
    """Return meetings without their pairs, the latest first, each with what came of them."""
    counts = [
        func.count().filter(_PAIRS.c.result == str(result)).label(f"n_{result}")
        for result in PairResult
    ]
    query = (
        select(_MEETINGS, *counts)
        .outerjoin(_PAIRS, _PAIRS.c.meeting_id == _MEETINGS.c.id)
        .group_by(_MEETINGS.c.fid)
        .order_by(_MEETINGS.c.at.desc(), _MEETINGS.c.fid.desc())
    )
    with store.reading() as session:
        rows = session.execute(query).mappings()
        return [
            (_meeting_of(row, ()), {one: int(row[f"n_{one}"]) for one in PairResult})
            for row in rows
        ]


def get_meeting(store: Store, meeting_id: str) -> Meeting:
    """Return a meeting; raises NotFoundError."""
    with store.reading() as session:
        return _require(session, meeting_id)


def add_meeting(tx: Transaction, draft: MeetingDraft, act: Act) -> Meeting:
    """Keep a new meeting without pairs."""
    row = _columns(draft) | {
        "id": secrets.token_urlsafe(9),
        "actor": act.by,
        "created_at": act.now,
        "updated_at": act.now,
        "version": 1,
    }
    tx.connection.execute(insert(_MEETINGS).values(row))
    return _require(tx.connection, str(row["id"]))


def change_meeting(
    tx: Transaction, meeting_id: str, draft: MeetingDraft, act: Act, *, version: int
) -> Meeting:
    """Change what is stated of a meeting; raises NotFoundError, ConflictError."""
    _require_version(tx, meeting_id, version)
    _touch(tx, meeting_id, version, act, _columns(draft))
    return _require(tx.connection, meeting_id)


def delete_meeting(tx: Transaction, meeting_id: str, *, version: int) -> None:
    """Delete a meeting with its list; what it did to the ledger stays there.

    Raises
    ------
    NotFoundError, ConflictError
        No such meeting; it was changed since.
    """
    _require_version(tx, meeting_id, version)
    tx.connection.execute(delete(_PAIRS).where(_PAIRS.c.meeting_id == meeting_id))
    tx.connection.execute(delete(_MEETINGS).where(_MEETINGS.c.id == meeting_id))


def set_pairs(
    tx: Transaction, meeting_id: str, pairs: Sequence[PairDraft], act: Act, *, version: int
) -> Meeting:
    """Replace a meeting's list; each result that is new or another goes into the ledger.

    A pair that is left out goes from the list; what its result made is taken back where
    nothing followed it.

    Raises
    ------
    NotFoundError, ConflictError, InputError
        No such meeting, changed since; a project or pair that is not known, or is twice.
    """
    known = {pair.draft.id: pair for pair in _require_version(tx, meeting_id, version).pairs}
    _require_pairs(pairs, known)
    result_act = Act(act.by, act.now, act.on, EventSource.MEETING, meeting_id)
    kept = {pair.id for pair in pairs}
    for pair_id, pair in known.items():
        if pair_id not in kept and pair.event_id:
            take_back(tx, pair.draft.project_id, pair.event_id, result_act)
    rows = []
    for position, draft in enumerate(pairs):
        old = known.get(draft.id)
        name = _require_project(tx, draft, position)
        event_id = settle(tx, draft, old, result_act)
        columns = {f.name: getattr(draft, f.name) for f in fields(PairDraft)}
        rows.append(
            columns
            | {
                "id": draft.id or secrets.token_urlsafe(9),
                "meeting_id": meeting_id,
                "position": position,
                "project_name": name,
                "result": str(draft.result),
                "event_id": event_id,
            }
        )
    tx.connection.execute(delete(_PAIRS).where(_PAIRS.c.meeting_id == meeting_id))
    if rows:
        tx.connection.execute(insert(_PAIRS), rows)
    _touch(tx, meeting_id, version, act, {})
    return _require(tx.connection, meeting_id)


def _require_project(tx: Transaction, draft: PairDraft, position: int) -> str:
    """Return the name of a pair's project; raises InputError where nobody knows it."""
    line = find_line_in(tx, draft.project_id)
    if line is not None:
        return line.fields.name
    row = find_project(tx.connection, draft.project_id)
    if row is None:
        raise InputError(
            Label(
                f"没有项目 {draft.project_id}",
                f"There is no project {draft.project_id}",
            ),
            fix=Label("先导入项目，或把它加进台账", "Import it, or add it to the ledger first"),
            field=f"pairs[{position}].project_id",
        )
    return str(row["name"])


def _require_pairs(pairs: Sequence[PairDraft], known: dict[str, Pair]) -> None:
    seen: set[str] = set()
    for position, pair in enumerate(pairs):
        if not pair.id:
            continue
        before = known.get(pair.id)
        if before is None or before.draft.project_id != pair.project_id or pair.id in seen:
            raise InputError(
                Label(
                    "这一对不在这场会里，或出现了两次，或换了项目",
                    "This pair is not of this meeting, stands twice, or has another project",
                ),
                fix=Label("新的一对不写 id", "Leave id out of a new pair"),
                field=f"pairs[{position}].id",
            )
        seen.add(pair.id)


def _require_version(tx: Transaction, meeting_id: str, version: int) -> Meeting:
    found = _require(tx.connection, meeting_id)
    if found.version != version:
        raise ConflictError(
            Label(
                f"这场会已在别处改到第 {found.version} 版",
                f"This meeting has meanwhile been changed to version {found.version}",
            ),
            fix=Label("看看新的一版，再决定改哪些", "Look at the newest version, then try again"),
            field="version",
        )
    return found


def _touch(
    tx: Transaction, meeting_id: str, version: int, act: Act, columns: dict[str, Any]
) -> None:
    values = columns | {"version": version + 1, "updated_at": act.now}
    tx.connection.execute(update(_MEETINGS).where(_MEETINGS.c.id == meeting_id).values(values))


def _columns(draft: MeetingDraft) -> dict[str, Any]:
    return {f.name: getattr(draft, f.name) for f in fields(MeetingDraft)} | {
        "kind": str(draft.kind)
    }


def _require(session: Any, meeting_id: str) -> Meeting:
    query = select(_MEETINGS).where(_MEETINGS.c.id == meeting_id)
    row = session.execute(query).mappings().first()
    if row is None:
        raise NotFoundError(
            Label("没有这场会", "There is no such meeting"),
            fix=Label("用列表里的编号", "Use an id of the list"),
            field="id",
        )
    pairs = select(_PAIRS).where(_PAIRS.c.meeting_id == meeting_id).order_by(_PAIRS.c.position)
    return _meeting_of(row, tuple(map(_pair_of, session.execute(pairs).mappings())))


def _meeting_of(row: RowMapping, pairs: tuple[Pair, ...]) -> Meeting:
    stated = {f.name: row[f.name] for f in fields(MeetingDraft)}
    return Meeting(
        id=row["id"],
        draft=MeetingDraft(**(stated | {"kind": MeetingKind(row["kind"])})),
        pairs=pairs,
        by=row["actor"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


def _pair_of(row: RowMapping) -> Pair:
    stated = {f.name: row[f.name] for f in fields(PairDraft)}
    draft = PairDraft(**(stated | {"result": PairResult(row["result"])}))
    return Pair(draft=draft, project_name=row["project_name"], event_id=row["event_id"])
