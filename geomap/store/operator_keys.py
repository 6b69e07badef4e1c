"""Keys by which operators read their leads, until there are accounts to log in with.

A key is shown once and kept as a hash; making a new one ends the old.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, insert, select

from geomap.domain.errors import NotFoundError
from geomap.domain.words import Label
from geomap.store.engine import Store
from geomap.store.leads import hash_of_secret
from geomap.store.models import TABLES

PREFIX = "gmo_"
"""By which a key is told from other secrets, also by tools that look for leaked ones."""
_KEYS, _OPERATORS = TABLES["operator_keys"], TABLES["operators"]


def require_operator(store: Store, operator_id: str) -> str:
    """Return an operator's name; raises NotFoundError."""
    with store.reading() as session:
        query = select(_OPERATORS.c.name).where(_OPERATORS.c.id == operator_id)
        name = session.execute(query).scalar()
    if name is None:
        raise NotFoundError(
            Label(f"没有运营机构 {operator_id}", f"There is no operator {operator_id}"),
            fix=Label("运营机构随载体一起导入", "Operators are imported with their sites"),
            field="operator",
        )
    return str(name)


def make_operator_key(store: Store, operator_id: str, *, now: datetime) -> str:
    """Return a new key of an operator, which ends the one before; raises NotFoundError."""
    require_operator(store, operator_id)
    key = PREFIX + secrets.token_urlsafe(32)
    with store.writing("operator-key") as tx:
        tx.connection.execute(delete(_KEYS).where(_KEYS.c.operator_id == operator_id))
        row = {"operator_id": operator_id, "key_hash": hash_of_secret(key), "created_at": now}
        tx.connection.execute(insert(_KEYS).values(row))
    return key


def revoke_operator_key(store: Store, operator_id: str) -> bool:
    """End an operator's key; returns whether it had one."""
    with store.writing("operator-key") as tx:
        mine = delete(_KEYS).where(_KEYS.c.operator_id == operator_id)
        return bool(tx.connection.execute(mine).rowcount)


def find_key_owner(store: Store, key: str) -> str | None:
    """Return the operator whose key it is, None for any other text."""
    query = select(_KEYS.c.operator_id).where(_KEYS.c.key_hash == hash_of_secret(key))
    with store.reading() as session:
        found = session.execute(query).scalar()
    return None if found is None else str(found)
