"""Counting what someone did lately, by a hash of who it was, over all workers.

The counters of the web's limits live in each worker's memory; these must hold whoever
answers, and after a restart. What is older than its window is deleted at the next count.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from geomap.domain.errors import GeomapError
from geomap.store.engine import Transaction
from geomap.store.models import TABLES

_TABLE = TABLES["contact_counts"]


class TooManyError(GeomapError):
    """Someone, or everyone together, asked for too much within a time."""

    status = 429
    slug = "too-many"


def count_since(tx: Transaction, kind: str, who: str, since: datetime) -> int:
    """Return how often someone did a thing since a moment."""
    query = select(func.count()).where(
        _TABLE.c.kind == kind, _TABLE.c.who == who, _TABLE.c.at > since
    )
    return int(tx.connection.execute(query).scalar() or 0)


def add_count(tx: Transaction, kind: str, who: str, now: datetime) -> None:
    """Count a thing once."""
    tx.connection.execute(insert(_TABLE).values(kind=kind, who=who, at=now))


def forget(tx: Transaction, kind: str, who: str) -> None:
    """Delete what was counted of someone."""
    tx.connection.execute(delete(_TABLE).where(_TABLE.c.kind == kind, _TABLE.c.who == who))


def forget_old(tx: Transaction, kind: str, now: datetime, window: timedelta) -> None:
    """Delete what is older than its window."""
    old = (_TABLE.c.kind == kind) & (_TABLE.c.at <= now - window)
    tx.connection.execute(delete(_TABLE).where(old))
