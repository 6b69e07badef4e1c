"""Leads: who wants to visit a place or asks something, for its operator's eyes alone.

They stand beside the record as scenarios do: nothing of them is in the change log, so that
no catalog, layer or export ever holds one. Whoever left a lead gets a token to take it
back; of the token only a hash is kept.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, or_, select, update

from geomap.domain.errors import ConflictError, NotFoundError
from geomap.domain.words import Label
from geomap.store.counts import TooManyError, add_count, count_since, forget_old
from geomap.store.engine import Store, Transaction
from geomap.store.erase import empty_journal, erasing
from geomap.store.models import TABLES

STATES = ("new", "called", "visited", "closed")
CLIENT_MOST, CLIENT_WINDOW = 5, timedelta(hours=1)
SITE_MOST, DAY = 200, timedelta(days=1)

_TABLE = TABLES["leads"]
_CLIENT = "lead"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDraft:
    """What someone leaves, parsed; `phone` is normalised, `unit_id` may be empty."""

    site_id: str
    unit_id: str
    operator_id: str
    name: str
    phone: str
    wish: str
    message: str
    visit_at: datetime | None
    consent_version: str
    consent_language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A lead that was kept; `version` grows when its state changes."""

    id: str
    draft: LeadDraft
    state: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    version: int


def hash_of_secret(secret: str) -> str:
    """Return what is kept of a token or key; 128 random bits and more need no salt."""
    return sha256(secret.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Return whether a text can be a token or id of ours; the others need no query."""
    return bool(_TOKEN.fullmatch(text))


def add_lead(
    store: Store, draft: LeadDraft, *, now: datetime, keep_days: int, client: str = ""
) -> tuple[Lead, str]:
    """Keep a lead.

    Parameters
    ----------
    store
        The record.
    draft
        What was left.
    now
        The moment.
    keep_days
        After how many days it is deleted.
    client
        A hash of who asks; "" is not counted.

    Returns
    -------
    lead, token
        The token takes it back.

    Raises
    ------
    ConflictError
        The same phone number asked for the same unit within a day.
    TooManyError
        This client left enough within an hour, or the site got enough within a day.
    """
    token = secrets.token_urlsafe(16)
    with erasing(store, "lead") as tx:
        _delete_expired(tx, now, keep_days)
        _require_room(tx, draft, now, client)
        if client:
            add_count(tx, _CLIENT, client, now)
        row = _new_row(draft, token, now, keep_days)
        tx.connection.execute(insert(_TABLE).values(row))
        found = tx.connection.execute(select(_TABLE).where(_TABLE.c.id == row["id"]))
        return _lead_of(found.mappings().one()), token


def _new_row(draft: LeadDraft, token: str, now: datetime, keep_days: int) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in _DRAFT} | {
        "id": secrets.token_urlsafe(12),
        "token_hash": hash_of_secret(token),
        "state": STATES[0],
        "created_at": now,
        "updated_at": now,
        "expires_at": now + timedelta(days=keep_days),
        "version": 1,
    }


def list_leads(store: Store, operator_id: str, *, now: datetime, state: str = "") -> list[Lead]:
    """Return an operator's leads that have not expired, newest first."""
    query = select(_TABLE).where(_TABLE.c.operator_id == operator_id, _TABLE.c.expires_at > now)
    if state:
        query = query.where(_TABLE.c.state == state)
    with store.reading() as session:
        rows = session.execute(query.order_by(_TABLE.c.created_at.desc(), _TABLE.c.fid.desc()))
        return [_lead_of(row) for row in rows.mappings()]


def set_lead_state(
    store: Store, operator_id: str, lead_id: str, state: str, *, now: datetime
) -> Lead:
    """Change the state of one of an operator's leads; raises NotFoundError for any other."""
    mine = (
        (_TABLE.c.id == lead_id)
        & (_TABLE.c.operator_id == operator_id)
        & (_TABLE.c.expires_at > now)
    )
    if not is_token(lead_id):
        raise _missing()
    with store.writing("lead") as tx:
        values = {"state": state, "updated_at": now, "version": _TABLE.c.version + 1}
        tx.connection.execute(update(_TABLE).where(mine).values(values))
        row = tx.connection.execute(select(_TABLE).where(mine)).mappings().first()
    if row is None:
        raise _missing()
    return _lead_of(row)


def withdraw_lead(store: Store, token: str) -> None:
    """Delete the lead that a token belongs to; raises NotFoundError."""
    with erasing(store, "lead") as tx:
        mine = _TABLE.c.token_hash == hash_of_secret(token)
        if not tx.connection.execute(delete(_TABLE).where(mine)).rowcount:
            raise _missing()


def purge_leads(store: Store, *, now: datetime, keep_days: int) -> int:
    """Delete leads that have expired, or are older than `keep_days`; returns how many.

    In the embedded file their bytes are overwritten, and the journal is emptied of these and
    of what was deleted before.
    """
    with erasing(store, "lead") as tx:
        deleted = _delete_expired(tx, now, keep_days)
        forget_old(tx, _CLIENT, now, CLIENT_WINDOW)
    empty_journal(store)
    return deleted


def _delete_expired(tx: Transaction, now: datetime, keep_days: int) -> int:
    old = or_(_TABLE.c.expires_at <= now, _TABLE.c.created_at <= now - timedelta(days=keep_days))
    return int(tx.connection.execute(delete(_TABLE).where(old)).rowcount)


def _require_room(tx: Transaction, draft: LeadDraft, now: datetime, client: str) -> None:
    at_site = (_TABLE.c.site_id == draft.site_id) & (_TABLE.c.created_at > now - DAY)
    same = at_site & (_TABLE.c.phone == draft.phone) & (_TABLE.c.unit_id == draft.unit_id)
    if _count(tx, same):
        raise ConflictError(
            Label(
                "这个电话一天内已经为这里留过言",
                "This number has asked for this place within a day",
            ),
            fix=Label(
                "运营机构会打来；要改内容，先用撤回链接撤回",
                "The operator will call; to change it, take it back by its link first",
            ),
            field="phone",
        )
    forget_old(tx, _CLIENT, now, CLIENT_WINDOW)
    if client and count_since(tx, _CLIENT, client, now - CLIENT_WINDOW) >= CLIENT_MOST:
        raise TooManyError(
            Label(f"一小时内最多留 {CLIENT_MOST} 次", f"At most {CLIENT_MOST} within an hour"),
            fix=Label("过一小时再来", "Try again in an hour"),
        )
    if _count(tx, at_site) >= SITE_MOST:
        raise TooManyError(
            Label(
                f"这里一天内已收到 {SITE_MOST} 次预约和留言",
                f"This site has been asked {SITE_MOST} times within a day",
            ),
            fix=Label("明天再试，或直接联系运营机构", "Try tomorrow, or call the operator"),
            field="site_id",
        )


def _count(tx: Transaction, where: Any) -> int:
    query = select(func.count()).select_from(_TABLE).where(where)
    return int(tx.connection.execute(query).scalar() or 0)


def _lead_of(row: RowMapping) -> Lead:
    draft = LeadDraft(**{name: row[name] for name in _DRAFT})
    rest = ("id", "state", "created_at", "updated_at", "expires_at", "version")
    return Lead(draft=draft, **{name: row[name] for name in rest})


def _missing() -> NotFoundError:
    return NotFoundError(
        Label("没有这条预约或留言", "There is no such lead"),
        fix=Label(
            "检查链接是否完整；撤回的和过期的已经删掉",
            "Check that the link is whole; those taken back or expired are deleted",
        ),
        field="id",
    )


_DRAFT = tuple(f.name for f in fields(LeadDraft))
