"""Saved searches: a demand under a private link, with the units that fitted at the last check.

They stand beside the record as scenarios do: no change is logged, and no catalog notices.
Whoever knows the id may read, change and delete; there is no list of them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.words import Label
from geomap.store.engine import Store, Transaction
from geomap.store.erase import erasing
from geomap.store.leads import is_token
from geomap.store.models import TABLES
from geomap.store.scenarios import FullError

MOST_KEPT = 5_000
MOST_BYTES = 16_000
"""Of the texts and the demand of one search, as JSON in UTF-8."""
UNUSED = timedelta(days=365)
"""One that nobody opened for so long, and that sends no mail, makes room."""

SEARCHES, HITS = TABLES["searches"], TABLES["search_hits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDraft:
    """What a user gives: a plain name, the demand's JSON object, an address or ""."""

    name: str
    demand: dict[str, Any]
    email: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Which units fit at one change of the record: `ids` best first."""

    seq: int
    at: datetime
    ids: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search that was kept; `number` tells it apart where its id must not be told."""

    id: str
    number: int
    name: str
    demand: dict[str, Any]
    language: str
    version: int
    created_at: datetime
    updated_at: datetime
    used_at: datetime
    seen_at: datetime
    checked_at: datetime
    checked_seq: int
    known: tuple[str, ...]
    paused: bool
    email: str
    mail_state: str
    mail_token: str
    mailed_at: datetime | None


class StaleSearchError(ConflictError):
    """The search was changed meanwhile; `newest` is what it is now."""

    def __init__(self, newest: Search) -> None:
        super().__init__(
            Label(
                f"这个搜索已在别处改到第 {newest.version} 版",
                f"This search has meanwhile been changed to version {newest.version}",
            ),
            fix=Label("看看新的一版，再改", "Look at the newest version, then change it again"),
            field="version",
        )
        self.newest = newest


def add_search(store: Store, draft: SearchDraft, state: State) -> Search:
    """Keep a search under a new id that cannot be guessed (128 random bits).

    What fits in `state` is known, and no news.

    Raises
    ------
    InputError, FullError
        It is too large; all places are taken.
    """
    _require_small(draft)
    with store.writing("search") as tx:
        _make_room(tx, state.at)
        row = {
            "id": secrets.token_urlsafe(16),
            **_columns(draft),
            **_state_columns(state),
            **_mail_columns(draft.email),
            **dict.fromkeys(("created_at", "updated_at", "used_at", "seen_at"), state.at),
            "paused": False,
            "version": 1,
        }
        tx.connection.execute(insert(SEARCHES).values(row))
        return require_search(tx, row["id"])


def get_search(store: Store, search_id: str) -> Search:
    """Return a search; raises NotFoundError."""
    if not is_token(search_id):
        raise missing()
    with store.reading() as session:
        query = select(SEARCHES).where(SEARCHES.c.id == search_id)
        return search_of(session.execute(query).mappings().first())


def list_search_ids(store: Store) -> list[str]:
    """Return the ids of all searches, the one that was checked longest ago first."""
    with store.reading() as session:
        query = select(SEARCHES.c.id).order_by(SEARCHES.c.checked_at, SEARCHES.c.fid)
        return [str(value) for value in session.scalars(query)]


def update_search(
    store: Store, search_id: str, draft: SearchDraft, *, version: int, state: State | None
) -> Search:
    """Change a search that is still at `version`.

    Parameters
    ----------
    store, search_id
        Which one.
    draft
        What it is to be. Another address has to be confirmed anew.
    version
        The version that was read.
    state
        Where the demand changed: what fits it now. What was found before is forgotten.

    Raises
    ------
    NotFoundError, StaleSearchError, InputError
        No such search; it was changed meanwhile; the draft is too large.
    """
    _require_small(draft)
    with erasing(store, "search") as tx:
        found = require_search(tx, search_id)
        if found.version != version:
            raise StaleSearchError(found)
        values = _columns(draft) | {"version": version + 1, "updated_at": tx.now}
        if draft.email != found.email:
            values |= _mail_columns(draft.email)
        if state is not None:
            values |= _state_columns(state) | {"seen_at": state.at, "paused": False}
            tx.connection.execute(delete(HITS).where(HITS.c.search_id == search_id))
        tx.connection.execute(update(SEARCHES).where(SEARCHES.c.id == search_id).values(values))
        return require_search(tx, search_id)


def delete_search(store: Store, search_id: str) -> None:
    """Delete a search and what it found; raises NotFoundError."""
    with erasing(store, "search") as tx:
        require_search(tx, search_id)
        _delete(tx, [search_id])


def mark_seen(store: Store, search_id: str, moment: datetime) -> Search:
    """Say that everything found up to a moment was seen; raises NotFoundError."""
    with store.writing("search") as tx:
        found = require_search(tx, search_id)
        later = max(found.seen_at, moment)
        values = {"seen_at": later, "used_at": max(found.used_at, moment)}
        tx.connection.execute(update(SEARCHES).where(SEARCHES.c.id == search_id).values(values))
        return require_search(tx, search_id)


def mark_used(store: Store, search: Search, now: datetime) -> None:
    """Say that a search is in use, at most once a day."""
    if now - search.used_at < timedelta(days=1):
        return
    with store.writing("search") as tx:
        mine = SEARCHES.c.id == search.id
        tx.connection.execute(update(SEARCHES).where(mine).values(used_at=now))


def require_search(tx: Transaction, search_id: str) -> Search:
    """Return a search inside a transaction; raises NotFoundError."""
    if not is_token(search_id):
        raise missing()
    query = select(SEARCHES).where(SEARCHES.c.id == search_id)
    return search_of(tx.connection.execute(query).mappings().first())


def search_of(row: RowMapping | None) -> Search:
    """Return a row as a search; raises NotFoundError where there is none."""
    if row is None:
        raise missing()
    names = [name for name in Search.__slots__ if name != "number"]
    return Search(number=row["fid"], **{name: row[name] for name in names})


def missing() -> NotFoundError:
    """Return the error that says that there is no such search."""
    return NotFoundError(
        Label("没有这个搜索", "There is no such search"),
        fix=Label(
            "检查链接是否完整；删掉的搜索找不回来",
            "Check that the link is whole; a deleted search cannot be brought back",
        ),
        field="id",
    )


def _columns(draft: SearchDraft) -> dict[str, Any]:
    return {"name": draft.name, "demand": draft.demand, "language": draft.language}


def _state_columns(state: State) -> dict[str, Any]:
    return {"known": tuple(state.ids), "checked_at": state.at, "checked_seq": state.seq}


def _mail_columns(email: str) -> dict[str, Any]:
    """Return the columns of an address that was just given, or of none."""
    return {
        "email": email,
        "mail_state": "pending" if email else "none",
        "mail_token": secrets.token_urlsafe(16),
        "asked_at": None,
        "mailed_at": None,
        "tried_at": None,
        "failures": 0,
    }


def _require_small(draft: SearchDraft) -> None:
    size = len(json.dumps(_columns(draft), ensure_ascii=False).encode())
    if size > MOST_BYTES:
        raise InputError(
            Label(
                f"搜索有 {size:,} 字节，最多 {MOST_BYTES:,}",
                f"The search has {size:,} bytes, at most {MOST_BYTES:,} are kept",
            ),
            fix=Label("减少条件，或把名称写短", "Ask for less, or shorten the names"),
            field="demand",
        )


def _make_room(tx: Transaction, now: datetime) -> None:
    """Delete what nobody used for a year, but only where all places are taken."""
    count = select(func.count()).select_from(SEARCHES)
    if int(tx.connection.execute(count).scalar() or 0) < MOST_KEPT:
        return
    old = (SEARCHES.c.used_at < now - UNUSED) & (SEARCHES.c.mail_state != "confirmed")
    ids = [
        str(value) for value in tx.connection.execute(select(SEARCHES.c.id).where(old)).scalars()
    ]
    if not ids:
        raise FullError(
            Label(f"已存满 {MOST_KEPT:,} 个搜索", f"{MOST_KEPT:,} searches are kept already"),
            fix=Label("删掉不再用的搜索", "Delete searches that are no longer used"),
        )
    _delete(tx, ids)


def _delete(tx: Transaction, ids: Sequence[str]) -> None:
    for search_id in ids:
        tx.connection.execute(delete(HITS).where(HITS.c.search_id == search_id))
        tx.connection.execute(delete(SEARCHES).where(SEARCHES.c.id == search_id))
