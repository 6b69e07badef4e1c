"""Placements that staff kept: what was asked, what came of it, and how far it has got.

They stand beside the record as leads do, for the eyes of staff alone: they name firms.
Nothing of them is in the change log, so that no catalog, layer or export ever holds one.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update

from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.words import Label
from geomap.store.engine import Store, Transaction
from geomap.store.erase import erasing
from geomap.store.leads import is_token
from geomap.store.models import TABLES
from geomap.store.scenarios import FullError

DRAFT, ADOPTED, RELEASED = STATES = ("draft", "adopted", "released")
MOST_KEPT = 200
MOST_REQUEST_BYTES, MOST_RESULT_BYTES = 2_000_000, 32_000_000
"""As JSON in UTF-8."""
ACTOR = "placement"

_TABLE, _HOLDS = TABLES["placement_scenarios"], TABLES["placement_holds"]
_NOT_SOLVED = Label("留着单元的方案不能重算", "A scenario that holds units is not solved anew")
_NOT_DELETED = Label("留着单元的方案不能删", "A scenario that holds units is not deleted")
_HEAD = (
    "id", "name", "note", "mode", "state", "summary", "solved_seq", "solved_stamp", "solved_at",
    "created_at", "created_by", "updated_at", "updated_by", "adopted_at", "adopted_by",
    "released_at", "released_by", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit as it was when a placement was solved; `version` is that of its row."""

    version: int
    status: str


@dataclass(frozen=True, slots=True)
class PlacePart:
    """What a project was given of one unit: all of it, some m², or desks (else 0)."""

    project_id: str
    project_name: str
    unit_id: str
    area_m2: float
    desks: int
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A placement that was solved here: `request` and `result` are JSON objects.

    `seq` and `stamp` name the record that it was solved on; `units` has every unit of `parts`.
    """

    mode: str
    request: dict[str, Any]
    summary: dict[str, Any]
    result: dict[str, Any]
    parts: tuple[PlacePart, ...]
    units: Mapping[str, UnitState]
    seq: int
    stamp: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlacement:
    """A kept placement without its long texts; `version` grows with every change."""

    id: str
    name: str
    note: str
    mode: str
    state: str
    summary: dict[str, Any]
    solved_seq: int
    solved_stamp: str
    solved_at: datetime
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    adopted_at: datetime | None
    adopted_by: str
    released_at: datetime | None
    released_by: str
    version: int


class StalePlacementError(ConflictError):
    """The placement was changed meanwhile; `newest` is what it is now."""

    def __init__(self, newest: SavedPlacement) -> None:
        super().__init__(
            Label(
                f"这个方案已在别处改到第 {newest.version} 版",
                f"This scenario has meanwhile been changed to version {newest.version}",
            ),
            fix=Label("看看新的一版，再决定改哪些", "Look at the newest version, then try again"),
            field="version",
        )
        self.newest = newest


def add_placement(store: Store, name: str, note: str, solved: Solved, *, by: str) -> SavedPlacement:
    """Keep a placement.

    Parameters
    ----------
    store
        The record.
    name, note
        Plain texts.
    solved
        What was solved.
    by
        Name of who keeps it.

    Raises
    ------
    InputError, FullError
        It is too large; `MOST_KEPT` are kept already.
    """
    row = _columns(solved) | {
        "id": secrets.token_urlsafe(16),
        "name": name,
        "note": note,
        "state": DRAFT,
        "created_by": by,
        "updated_by": by,
        "adopted_by": "",
        "released_by": "",
        "version": 1,
    }
    with store.writing(ACTOR) as tx:
        count = tx.connection.execute(select(func.count()).select_from(_TABLE)).scalar() or 0
        if count >= MOST_KEPT:
            raise FullError(
                Label(f"已存满 {MOST_KEPT} 个方案", f"{MOST_KEPT} scenarios are kept already"),
                fix=Label("删掉不再用的方案", "Delete scenarios that are no longer used"),
            )
        tx.connection.execute(insert(_TABLE).values(created_at=tx.now, updated_at=tx.now, **row))
        return require_placement(tx, str(row["id"]))


def list_placements(store: Store) -> list[SavedPlacement]:
    """Return all that are kept, the one changed last first."""
    query = select(*(_TABLE.c[name] for name in _HEAD))
    order = (_TABLE.c.updated_at.desc(), _TABLE.c.fid.desc())
    with store.reading() as session:
        rows = session.execute(query.order_by(*order)).mappings()
        return [_saved_of(row) for row in rows]


def get_placement(store: Store, scenario_id: str) -> SavedPlacement:
    """Return one; raises NotFoundError."""
    with store.reading() as session:
        return _saved_of(_find(session, scenario_id, _HEAD))


def read_texts(store: Store, scenario_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return request and result of one, as they were kept; raises NotFoundError."""
    with store.reading() as session:
        row = _require_row(_find(session, scenario_id, ("request", "result")))
    return row["request"], row["result"]


def change_placement(
    store: Store,
    scenario_id: str,
    *,
    version: int,
    by: str,
    name: str | None = None,
    note: str | None = None,
    solved: Solved | None = None,
) -> SavedPlacement:
    """Rename one that is still at `version`, or put another solution in its place.

    One that was released and is solved anew is a draft again.

    Raises
    ------
    NotFoundError, StalePlacementError, ConflictError, InputError
        No such placement; it was changed meanwhile; an adopted one is not solved anew; it is
        too large.
    """
    given = {"name": name, "note": note}
    values: dict[str, Any] = {key: text for key, text in given.items() if text is not None}
    if solved is not None:
        values |= _columns(solved) | {"state": DRAFT}
    with erasing(store, ACTOR) as tx:
        found = require_placement(tx, scenario_id, version=version)
        if solved is not None:
            _require_open(tx.session, found, _NOT_SOLVED)
        write_placement(tx, found, by=by, values=values)
        return require_placement(tx, scenario_id)


def require_solvable(store: Store, scenario_id: str, version: int) -> None:
    """Refuse early what :func:`change_placement` would refuse after solving."""
    found = get_placement(store, scenario_id)
    if found.version != version:
        raise StalePlacementError(found)
    with store.reading() as session:
        _require_open(session, found, _NOT_SOLVED)


def delete_placement(store: Store, scenario_id: str) -> None:
    """Delete one for good, with the bytes of its texts.

    Raises
    ------
    NotFoundError, ConflictError
        No such placement; it is adopted, or still holds units of those who signed.
    """
    with erasing(store, ACTOR) as tx:
        _require_open(tx.session, require_placement(tx, scenario_id), _NOT_DELETED)
        tx.connection.execute(delete(_TABLE).where(_TABLE.c.id == scenario_id))


def require_placement(
    tx: Transaction, scenario_id: str, *, version: int | None = None
) -> SavedPlacement:
    """Return one inside a transaction; raises NotFoundError, StalePlacementError."""
    found = _saved_of(_find(tx.session, scenario_id, _HEAD))
    if version is not None and found.version != version:
        raise StalePlacementError(found)
    return found


def read_parts(
    session: Any, scenario_id: str
) -> tuple[tuple[PlacePart, ...], dict[str, UnitState]]:
    """Return what projects were given and how those units were; raises NotFoundError."""
    units = _require_row(_find(session, scenario_id, ("units",)))["units"]
    parts = tuple(PlacePart(**part) for part in units["parts"])
    return parts, {unit_id: UnitState(**state) for unit_id, state in units["states"].items()}


def write_placement(
    tx: Transaction, found: SavedPlacement, *, by: str, values: Mapping[str, Any]
) -> None:
    """Write columns of one, which makes it a version newer."""
    stamped = {"version": found.version + 1, "updated_at": tx.now, "updated_by": by}
    where = _TABLE.c.id == found.id
    tx.connection.execute(update(_TABLE).where(where).values({**values, **stamped}))


def _find(session: Any, scenario_id: str, names: tuple[str, ...]) -> RowMapping | None:
    if not is_token(scenario_id):
        return None
    query = select(*(_TABLE.c[name] for name in names)).where(_TABLE.c.id == scenario_id)
    row: RowMapping | None = session.execute(query).mappings().first()
    return row


def _require_row(row: RowMapping | None) -> RowMapping:
    if row is None:
        raise NotFoundError(
            Label("没有这个方案", "There is no such scenario"),
            fix=Label("用列表里的编号；删掉的找不回来", "Use an id of the list; deleted is gone"),
            field="id",
        )
    return row


def _saved_of(row: RowMapping | None) -> SavedPlacement:
    found = _require_row(row)
    return SavedPlacement(**{name: found[name] for name in _HEAD})


def _columns(solved: Solved) -> dict[str, Any]:
    _require_size(solved.request, MOST_REQUEST_BYTES)
    _require_size(solved.result, MOST_RESULT_BYTES)
    return {
        "mode": solved.mode,
        "request": solved.request,
        "summary": solved.summary,
        "result": solved.result,
        "units": {
            "parts": [asdict(part) for part in solved.parts],
            "states": {unit_id: asdict(state) for unit_id, state in solved.units.items()},
        },
        "solved_seq": solved.seq,
        "solved_stamp": solved.stamp,
        "solved_at": solved.at,
    }


def size_of(value: dict[str, Any]) -> int:
    """Return how many bytes a JSON object is kept with."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def _require_size(value: dict[str, Any], most: int) -> None:
    size = size_of(value)
    if size > most:
        raise InputError(
            Label(
                f"方案有 {size / 1e6:.1f} MB，最多 {most / 1e6:.0f} MB",
                f"The scenario has {size / 1e6:.1f} MB, at most {most / 1e6:.0f} MB are kept",
            ),
            fix=Label("分成几批项目，各存一个方案", "Keep the projects as several scenarios"),
            field="request",
        )


def _require_open(session: Any, found: SavedPlacement, refusal: Label) -> None:
    """Refuse what would forget who holds units; raises ConflictError."""
    if found.state == ADOPTED:
        fix = Label(
            "先撤销采纳，留着的单元会放回去", "Release it first: what it holds is given back"
        )
        raise ConflictError(refusal, fix=fix, field="state")
    held = select(func.count()).select_from(_HOLDS).where(_HOLDS.c.scenario_id == found.id)
    if session.execute(held).scalar():
        fix = Label(
            "它还为签约的项目留着单元；项目流失后再撤销一次",
            "It still holds units of projects that signed; release it again once they are lost",
        )
        raise ConflictError(refusal, fix=fix, field="state")
