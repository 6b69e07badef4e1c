"""Following the change log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from geomap.store.engine import Store
from geomap.store.models import ChangeLog

REASON = "reason"
"""Under which a patch may say why; it is no column."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the change log; `patch` holds the new values of an edit, and maybe `REASON`."""

    seq: int
    at: datetime
    actor: str
    action: str
    table: str
    row_id: str
    version: int
    patch: dict[str, Any] | None


def read_latest_seq(session: Any) -> int:
    """Return the newest number of the change log in a session's view, 0 when empty."""
    return int(session.scalar(select(func.max(ChangeLog.seq))) or 0)


def latest_seq(store: Store) -> int:
    """Return the newest number of the change log, 0 when it is empty."""
    with store.reading() as session:
        return read_latest_seq(session)


def changes_since(store: Store, seq: int, *, limit: int = 1_000) -> list[Change]:
    """Return the changes after number `seq`, oldest first."""
    query = select(ChangeLog).where(ChangeLog.seq > seq).order_by(ChangeLog.seq).limit(limit)
    with store.reading() as session:
        return [
            Change(c.seq, c.at, c.actor, c.action, c.table_name, c.row_id, c.version, c.patch)
            for c in session.scalars(query)
        ]
