"""Deleting what is personal so that its bytes are gone from the file, too.

SQLite otherwise leaves a deleted row's bytes in the file until something else needs the
space. PostgreSQL frees them when it vacuums.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from geomap.store.engine import Store, Transaction

_WAIT_MS = 2_000
"""How long emptying the journal may wait for readers."""


@contextmanager
def erasing(store: Store, actor: str) -> Iterator[Transaction]:
    """Give a transaction whose deletions and changes overwrite the old bytes."""
    with store.writing(actor) as tx:
        if not store.embedded:
            yield tx
            return
        before = tx.connection.exec_driver_sql("PRAGMA secure_delete").scalar()
        tx.connection.exec_driver_sql("PRAGMA secure_delete = ON").close()
        try:
            yield tx
            tx.session.flush()
        finally:
            tx.connection.exec_driver_sql(f"PRAGMA secure_delete = {int(before or 0)}").close()


def empty_journal(store: Store) -> bool:
    """Move what the write-ahead journal holds into the file and cut the journal off.

    Returns
    -------
    bool
        Whether it was emptied; a long reader can prevent that, the next run tries again.
    """
    if not store.embedded:
        return True
    raw = store.engine.raw_connection()
    cursor = raw.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone() or (1, 0, 0)
        cursor.execute("PRAGMA busy_timeout = 30000")
    finally:
        cursor.close()
        raw.close()
    return not busy
