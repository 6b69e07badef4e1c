"""Entries: dated lines of the three lists, of firms and incubators, of whom the city courts.

Who asks decides what there is: every reading goes through :func:`_open_to`, the one place
where restricted and expired entries are left out, so that a list, a total, a file or a
single entry cannot differ in it. To the public a restricted entry is one that is not there.
Nothing of entries is in the change log.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, delete, insert, or_, select, true, update

from geomap.domain.entries import (
    NEVER_PUBLIC,
    Audience,
    Entry,
    EntryDraft,
    EntryKind,
    Visibility,
    require_publishable,
)
from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.placement import ChainPosition, Listing
from geomap.domain.words import Label, Stage
from geomap.store.engine import Store, Transaction
from geomap.store.models import TABLES

_TABLE = TABLES["entries"]
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and on which day in the city."""

    audience: Audience
    today: date


def _open_to(reader: Reader) -> ColumnElement[bool]:
    """Return which entries there are for a reader."""
    if reader.audience is Audience.STAFF:
        return true()
    return and_(
        _TABLE.c.visibility == str(Visibility.PUBLISHED),
        _TABLE.c.kind.not_in([str(kind) for kind in NEVER_PUBLIC]),
        _TABLE.c.dated_on <= reader.today,
        or_(_TABLE.c.expires_on.is_(None), _TABLE.c.expires_on >= reader.today),
    )


def list_entries(
    store: Store,
    reader: Reader,
    *,
    kinds: Sequence[EntryKind] = (),
    adcode: str = "",
    site_id: str = "",
    current: bool = False,
) -> list[Entry]:
    """Return the entries that there are for a reader, newest first.

    Parameters
    ----------
    kinds, adcode, site_id
        Only these; none asks for all.
    current
        Leave out what has expired also for staff.
    """
    query = select(_TABLE).where(_open_to(reader))
    if kinds:
        query = query.where(_TABLE.c.kind.in_([str(kind) for kind in kinds]))
    for column, wanted in ((_TABLE.c.adcode, adcode), (_TABLE.c.site_id, site_id)):
        if wanted:
            query = query.where(column == wanted)
    if current:
        end = _TABLE.c.expires_on
        query = query.where(or_(end.is_(None), end >= reader.today))
    query = query.order_by(_TABLE.c.dated_on.desc(), _TABLE.c.id)
    with store.reading() as session:
        return [_entry_of(row) for row in session.execute(query).mappings()]


def get_entry(store: Store, reader: Reader, entry_id: str) -> Entry:
    """Return an entry; raises NotFoundError also where it is not for this reader."""
    if not _ID.fullmatch(entry_id):
        raise _missing()
    query = select(_TABLE).where(_open_to(reader), _TABLE.c.id == entry_id)
    with store.reading() as session:
        row = session.execute(query).mappings().first()
    if row is None:
        raise _missing()
    return _entry_of(row)


def list_listings(store: Store, reader: Reader) -> list[Listing]:
    """Return land and idle plants that still stand, for building to order.

    One without a stated area or county is left out: nothing could be planned there.
    """
    entries = list_entries(store, reader, kinds=(EntryKind.LAND,), current=True)
    return [
        Listing(
            id=entry.id,
            name=entry.draft.title,
            adcode=entry.draft.adcode,
            floor_area_m2=entry.draft.floor_area_m2,
            industries=entry.draft.industries,
            lon=entry.draft.lon,
            lat=entry.draft.lat,
            idle_plant=entry.draft.idle_plant,
            demo=entry.draft.demo,
        )
        for entry in sorted(entries, key=lambda entry: entry.id)
        if entry.draft.floor_area_m2 and entry.draft.adcode
    ]


def add_entry(
    tx: Transaction, draft: EntryDraft, *, by: str, now: datetime, entry_id: str = ""
) -> Entry:
    """Keep a new entry under an id that cannot be guessed, or under one that is given.

    Raises
    ------
    InputError, ConflictError
        The id cannot be used, or the kind not be published; the id is there already.
    """
    (entry,) = add_entries(tx, [(entry_id, draft)], by=by, now=now)
    return entry


def add_entries(
    tx: Transaction, drafts: Iterable[tuple[str, EntryDraft]], *, by: str, now: datetime
) -> list[Entry]:
    """Keep entries, all or none; see :func:`add_entry`."""
    rows = []
    for entry_id, draft in drafts:
        require_publishable(draft)
        if entry_id and not _ID.fullmatch(entry_id):
            raise InputError(
                Label("编号不能用", "This id cannot be used"),
                fix=Label("1–64 个字母、数字或 . _ : -", "1 to 64 letters, digits or . _ : -"),
                field="id",
            )
        stamp = {"created_at": now, "updated_at": now, "actor": by, "version": 1}
        rows.append(_columns(draft) | stamp | {"id": entry_id or secrets.token_urlsafe(12)})
    _require_new(tx, [row["id"] for row in rows])
    if rows:
        tx.connection.execute(insert(_TABLE), rows)
    return [_require(tx, row["id"], None) for row in rows]


def change_entry(
    tx: Transaction, entry_id: str, draft: EntryDraft, *, by: str, now: datetime, version: int
) -> Entry:
    """Change an entry that is still at `version`.

    Raises
    ------
    NotFoundError, ConflictError, InputError
        No such entry; changed meanwhile; a kind that cannot be published.
    """
    require_publishable(draft)
    _require(tx, entry_id, version)
    values = _columns(draft) | {"actor": by, "updated_at": now, "version": version + 1}
    tx.connection.execute(update(_TABLE).where(_TABLE.c.id == entry_id).values(values))
    return _require(tx, entry_id, None)


def delete_entry(tx: Transaction, entry_id: str, *, version: int) -> None:
    """Delete an entry that is still at `version`; raises NotFoundError, ConflictError."""
    _require(tx, entry_id, version)
    tx.connection.execute(delete(_TABLE).where(_TABLE.c.id == entry_id))


def clear_demo_entries(tx: Transaction) -> int:
    """Delete demonstration entries; return how many."""
    return int(tx.connection.execute(delete(_TABLE).where(_TABLE.c.demo)).rowcount)


def _require_new(tx: Transaction, ids: Sequence[str]) -> None:
    counted = Counter(ids)
    twice = next((i for i in ids if counted[i] > 1), None)
    found = tx.connection.execute(select(_TABLE.c.id).where(_TABLE.c.id.in_(ids))).scalar()
    taken = twice or found
    if taken is not None:
        raise ConflictError(
            Label(f"编号 {taken} 已经有了", f"The id {taken} is there already"),
            fix=Label("换一个编号，或改原来的一条", "Choose another, or change the one there"),
            field="id",
        )


def _require(tx: Transaction, entry_id: str, version: int | None) -> Entry:
    query = select(_TABLE).where(_TABLE.c.id == entry_id)
    row = tx.connection.execute(query).mappings().first() if _ID.fullmatch(entry_id) else None
    if row is None:
        raise _missing()
    entry = _entry_of(row)
    if version is not None and entry.version != version:
        raise ConflictError(
            Label(
                f"这一条已在别处改到第 {entry.version} 版",
                f"This entry has meanwhile been changed to version {entry.version}",
            ),
            fix=Label("看看新的一版，再决定改哪些", "Look at the newest version, then try again"),
            field="version",
        )
    return entry


def _columns(draft: EntryDraft) -> dict[str, Any]:
    return {f.name: getattr(draft, f.name) for f in fields(EntryDraft)} | {
        "kind": str(draft.kind),
        "visibility": str(draft.visibility),
    }


def _entry_of(row: RowMapping) -> Entry:
    values = {f.name: row[f.name] for f in fields(EntryDraft)} | {
        "kind": EntryKind(row["kind"]),
        "visibility": Visibility(row["visibility"]),
        "stages": tuple(Stage(stage) for stage in row["stages"]),
        "chain_positions": tuple(ChainPosition(at) for at in row["chain_positions"]),
    }
    return Entry(
        id=row["id"],
        draft=EntryDraft(**values),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        by=row["actor"],
        version=row["version"],
    )


def _missing() -> NotFoundError:
    return NotFoundError(
        Label("没有这一条", "There is no such entry"),
        fix=Label("用列表里的编号", "Use an id of the list"),
        field="id",
    )
