"""What saved searches found: units that did not fit at the last check and do now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from geomap.store.engine import Store, Transaction
from geomap.store.models import TABLES
from geomap.store.searches import SEARCHES, Search, State, get_search, require_search

MOST_HITS = 500
"""Of one search: the newest stay."""

_TABLE = TABLES["search_hits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A unit that fits, as a check finds it: score in 0…1, reasons as a JSON object."""

    unit_id: str
    site_id: str
    score: float
    reasons: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a check found, and since when it fits no longer."""

    found: Found
    found_at: datetime
    gone_at: datetime | None
    mailed: bool


def list_hits(store: Store, search_id: str) -> list[Hit]:
    """Return what a search found, newest first, then by score."""
    query = (
        select(_TABLE)
        .where(_TABLE.c.search_id == search_id)
        .order_by(_TABLE.c.found_at.desc(), _TABLE.c.score.desc(), _TABLE.c.fid)
    )
    with store.reading() as session:
        return [_hit_of(row) for row in session.execute(query).mappings()]


def record_check(store: Store, before: Search, state: State, new: Sequence[Found]) -> Search:
    """Write down what a check found.

    Parameters
    ----------
    store
        The record.
    before
        The search as the check read it. Where another check or a change came first, that
        one stands and nothing is written.
    state
        All units that fit now.
    new
        Those of them that `before` did not know.
    """
    with store.writing("search") as tx:
        now = require_search(tx, before.id)
        same = (now.version, now.checked_seq, now.checked_at) == (
            before.version, before.checked_seq, before.checked_at,
        )  # fmt: skip
        if not same:
            return now
        values = {
            "known": tuple(state.ids),
            "checked_at": state.at,
            "checked_seq": state.seq,
            "paused": False,
        }
        mine = SEARCHES.c.id == before.id
        tx.connection.execute(update(SEARCHES).where(mine).values(values))
        _put_hits(tx, before.id, state, new)
        return require_search(tx, before.id)


def record_pause(store: Store, before: Search, seq: int, at: datetime) -> Search:
    """Write down that too much fits to tell what is new; what was known stays known."""
    with store.writing("search") as tx:
        mine = (SEARCHES.c.id == before.id) & (SEARCHES.c.version == before.version)
        values = {"paused": True, "checked_at": at, "checked_seq": seq}
        tx.connection.execute(update(SEARCHES).where(mine).values(values))
    return get_search(store, before.id)


def _put_hits(tx: Transaction, search_id: str, state: State, new: Sequence[Found]) -> None:
    mine, fitting, again = _TABLE.c.search_id == search_id, set(state.ids), {f.unit_id for f in new}
    query = select(_TABLE.c.fid, _TABLE.c.unit_id, _TABLE.c.gone_at).where(mine)
    old = tx.connection.execute(query.order_by(_TABLE.c.found_at.desc(), _TABLE.c.fid)).all()
    gone = [fid for fid, unit, at in old if unit not in fitting and at is None]
    kept = [fid for fid, unit, _ in old if unit not in again]
    drop = [fid for fid, unit, _ in old if unit in again]
    drop += kept[max(0, MOST_HITS - len(new)) :]
    for fid in gone:
        one = update(_TABLE).where(_TABLE.c.fid == fid)
        tx.connection.execute(one.values(gone_at=state.at))
    for fid in drop:
        tx.connection.execute(delete(_TABLE).where(_TABLE.c.fid == fid))
    rows = [
        {
            "search_id": search_id,
            "unit_id": found.unit_id,
            "site_id": found.site_id,
            "found_at": state.at,
            "score": found.score,
            "reasons": found.reasons,
            "gone_at": None,
            "mailed": False,
        }
        for found in new
    ]
    if rows:
        tx.connection.execute(insert(_TABLE), rows)


def _hit_of(row: RowMapping) -> Hit:
    names = ("unit_id", "site_id", "score", "reasons")
    found = Found(**{name: row[name] for name in names})
    return Hit(
        found=found, found_at=row["found_at"], gone_at=row["gone_at"], mailed=bool(row["mailed"])
    )
