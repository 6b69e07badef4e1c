"""Scenarios that someone kept: a name and edits under a private link.

They stand beside the record, in the same file, and leave it as it is: nothing is logged as
a change, so that no catalog is built anew. Whoever knows the id may read, change and
delete; there is no list of them.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from geomap.domain.errors import ConflictError, GeomapError, InputError, NotFoundError
from geomap.domain.words import Label
from geomap.store.engine import Store, Transaction
from geomap.store.leads import is_token
from geomap.store.models import TABLES

MOST_KEPT = 5_000
MOST_BYTES = 64_000
"""Of the texts and edits of one scenario, as JSON in UTF-8."""
UNUSED = timedelta(days=365)
"""One that nobody changed for so long makes room when all places are taken."""

_TABLE = TABLES["scenarios"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a user gives: plain texts, the profile's id, the edits' JSON object.

    `network` is the version of the streets that the edits were made on.
    """

    name: str
    note: str
    profile: str
    edits: dict[str, Any]
    network: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A draft that was kept; `version` grows with every change."""

    id: str
    draft: Draft
    created_at: datetime
    updated_at: datetime
    version: int


class FullError(GeomapError):
    """No more scenarios can be kept."""

    status = 503
    slug = "full"


class StaleError(ConflictError):
    """The scenario was changed meanwhile; `newest` is what it is now."""

    def __init__(self, newest: Scenario) -> None:
        super().__init__(
            Label(
                f"这个方案已在别处改到第 {newest.version} 版",
                f"This scenario has meanwhile been changed to version {newest.version}",
            ),
            fix=Label(
                "看看新的一版，再决定改哪些", "Look at the newest version, then change it again"
            ),
            field="version",
        )
        self.newest = newest


def add_scenario(store: Store, draft: Draft) -> Scenario:
    """Keep a scenario under a new id that cannot be guessed (128 random bits).

    Raises
    ------
    InputError, FullError
        It is too large; all places are taken.
    """
    _require_small(draft)
    with store.writing("scenario") as tx:
        _make_room(tx)
        row = {
            "id": secrets.token_urlsafe(16),
            **_columns(draft),
            "created_at": tx.now,
            "updated_at": tx.now,
            "version": 1,
        }
        tx.connection.execute(insert(_TABLE).values(row))
        return _require(tx, row["id"])


def get_scenario(store: Store, scenario_id: str) -> Scenario:
    """Return a scenario; raises NotFoundError."""
    if not is_token(scenario_id):
        return _scenario_of(None)
    with store.reading() as session:
        row = session.execute(select(_TABLE).where(_TABLE.c.id == scenario_id)).mappings().first()
    return _scenario_of(row)


def update_scenario(store: Store, scenario_id: str, draft: Draft, *, version: int) -> Scenario:
    """Change a scenario that is still at `version`.

    Raises
    ------
    NotFoundError, StaleError, InputError
        No such scenario; it was changed meanwhile; the draft is too large.
    """
    _require_small(draft)
    with store.writing("scenario") as tx:
        found = _require(tx, scenario_id)
        if found.version != version:
            raise StaleError(found)
        values = _columns(draft) | {"version": version + 1, "updated_at": tx.now}
        tx.connection.execute(update(_TABLE).where(_TABLE.c.id == scenario_id).values(values))
        return _require(tx, scenario_id)


def delete_scenario(store: Store, scenario_id: str) -> None:
    """Delete a scenario; raises NotFoundError."""
    with store.writing("scenario") as tx:
        _require(tx, scenario_id)
        tx.connection.execute(delete(_TABLE).where(_TABLE.c.id == scenario_id))


def _columns(draft: Draft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "note": draft.note,
        "profile": draft.profile,
        "edits": draft.edits,
        "network": draft.network,
    }


def _require(tx: Transaction, scenario_id: str) -> Scenario:
    if not is_token(scenario_id):
        return _scenario_of(None)
    query = select(_TABLE).where(_TABLE.c.id == scenario_id)
    return _scenario_of(tx.connection.execute(query).mappings().first())


def _scenario_of(row: RowMapping | None) -> Scenario:
    if row is None:
        raise NotFoundError(
            Label("没有这个方案", "There is no such scenario"),
            fix=Label(
                "检查链接是否完整；删掉的方案找不回来",
                "Check that the link is whole; a deleted scenario cannot be brought back",
            ),
            field="id",
        )
    draft = Draft(**{name: row[name] for name in ("name", "note", "profile", "edits", "network")})
    return Scenario(
        id=row["id"],
        draft=draft,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
    )


def _require_small(draft: Draft) -> None:
    size = len(json.dumps(_columns(draft), ensure_ascii=False).encode())
    if size > MOST_BYTES:
        raise InputError(
            Label(
                f"方案有 {size:,} 字节，最多 {MOST_BYTES:,}",
                f"The scenario has {size:,} bytes, at most {MOST_BYTES:,} are kept",
            ),
            fix=Label("减少改动，或把名称写短", "Edit less, or shorten the names"),
            field="edits",
        )


def _make_room(tx: Transaction) -> None:
    """Delete what nobody used for a year, but only where all places are taken."""
    count = select(func.count()).select_from(_TABLE)
    if int(tx.connection.execute(count).scalar() or 0) < MOST_KEPT:
        return
    old = _TABLE.c.updated_at < tx.now - UNUSED
    if not tx.connection.execute(delete(_TABLE).where(old)).rowcount:
        raise FullError(
            Label(f"已存满 {MOST_KEPT:,} 个方案", f"{MOST_KEPT:,} scenarios are kept already"),
            fix=Label("删掉不再用的方案", "Delete scenarios that are no longer used"),
        )
