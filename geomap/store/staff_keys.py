"""Keys by which staff work with placements, until there are accounts to log in with.

A key is shown once and kept as a hash. Each member of staff has one, under a name of its
own, which stands beside what they did.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select

from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.words import Label
from geomap.store.engine import Store
from geomap.store.leads import hash_of_secret
from geomap.store.models import TABLES

PREFIX = "gms_"
"""By which a key is told from other secrets, also by tools that look for leaked ones."""
ROLE = "promotion"
NAME_MOST, MOST_KEYS = 40, 1_000
_KEYS = TABLES["staff_keys"]


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Someone with a key."""

    id: str
    name: str
    role: str
    created_at: datetime


def add_staff(store: Store, name: str, *, now: datetime) -> tuple[StaffMember, str]:
    """Make a key for a new member of staff.

    Returns
    -------
    member, key
        The key is not kept and cannot be shown again.

    Raises
    ------
    InputError, ConflictError
        The name cannot be used, or there are too many; someone of that name has a key.
    """
    wanted = _require_name(name)
    key = PREFIX + secrets.token_urlsafe(32)
    member = StaffMember(secrets.token_urlsafe(9), wanted, ROLE, now)
    with store.writing("staff-key") as tx:
        if tx.connection.execute(select(_KEYS.c.id).where(_KEYS.c.name == wanted)).scalar():
            raise ConflictError(
                Label(f"{wanted} 已经有密钥", f"{wanted} has a key already"),
                fix=Label(
                    "换个名字；要换密钥，先用 geomap staff revoke 作废",
                    "Take another name; for a new key end the old one by geomap staff revoke",
                ),
                field="name",
            )
        count = tx.connection.execute(select(func.count()).select_from(_KEYS)).scalar() or 0
        if count >= MOST_KEYS:
            raise InputError(
                Label(f"最多 {MOST_KEYS} 个密钥", f"There are at most {MOST_KEYS} keys"),
                fix=Label("作废不再用的密钥", "End keys that are no longer used"),
            )
        row = {"id": member.id, "name": wanted, "role": ROLE, "created_at": now}
        tx.connection.execute(insert(_KEYS).values(key_hash=hash_of_secret(key), **row))
    return member, key


def list_staff(store: Store) -> list[StaffMember]:
    """Return who has a key, oldest first."""
    query = select(_KEYS.c.id, _KEYS.c.name, _KEYS.c.role, _KEYS.c.created_at)
    with store.reading() as session:
        return [StaffMember(*row) for row in session.execute(query.order_by(_KEYS.c.fid))]


def revoke_staff(store: Store, name: str) -> None:
    """End the key of a member of staff; raises NotFoundError.

    What they did keeps their name.
    """
    with store.writing("staff-key") as tx:
        if not tx.connection.execute(delete(_KEYS).where(_KEYS.c.name == name.strip())).rowcount:
            raise NotFoundError(
                Label(f"{name} 没有密钥", f"{name} has no key"),
                fix=Label("geomap staff list 列出所有密钥", "geomap staff list names all"),
                field="name",
            )


def find_staff_of(store: Store, key: str) -> StaffMember | None:
    """Return whose key it is, None for any other text."""
    columns = (_KEYS.c.id, _KEYS.c.name, _KEYS.c.role, _KEYS.c.created_at)
    query = select(*columns).where(_KEYS.c.key_hash == hash_of_secret(key))
    with store.reading() as session:
        row = session.execute(query).first()
    return None if row is None else StaffMember(*row)


def _require_name(name: str) -> str:
    wanted = name.strip()
    if not wanted or len(wanted) > NAME_MOST or not wanted.isprintable():
        raise InputError(
            Label("名字不能用", "The name cannot be used"),
            fix=Label(f"写 1–{NAME_MOST} 字的名字", f"Give a name of 1 to {NAME_MOST} characters"),
            field="name",
        )
    return wanted
