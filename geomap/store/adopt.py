"""Adopting a placement: its units are held in the record, all of them or none.

The record has no parts of units: a part is split off as a unit of its own, ``<unit>~<n>``,
and the unit keeps what is left. Which project a unit is held for is not in the record, nor
in its change log, but in `placement_holds`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from geomap.domain.errors import ConflictError
from geomap.domain.words import Label, UnitStatus
from geomap.store.changes import REASON
from geomap.store.engine import Store, Transaction
from geomap.store.models import TABLES
from geomap.store.pieces import Cut, cut_unit
from geomap.store.placement_scenarios import (
    ADOPTED,
    DRAFT,
    PlacePart,
    SavedPlacement,
    read_parts,
    require_placement,
    write_placement,
)
from geomap.store.rows import column_names
from geomap.store.taken import (
    UNITS,
    PlacesTakenError,
    changed_place,
    in_chunks,
    list_taken,
    rows_since,
)

HOLDS = TABLES["placement_holds"]
HELD = str(UnitStatus.HELD)
ID_MOST = 64
"""Characters of an id."""
_TRIED = 100
"""Ids of parts that are looked for at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A unit that is held for a project; see `geomap.store.models.PlacementHold`."""

    unit_id: str
    origin_id: str
    scenario_id: str
    project_id: str
    area_m2: float
    desks: int | None
    before: dict[str, Any]
    rest_m2: float
    rest_desks: int | None
    held_at: datetime


Also = Callable[[Transaction, tuple[Hold, ...]], None]


def adopt_placement(
    store: Store, scenario_id: str, *, version: int, by: str, also: Also | None = None
) -> tuple[SavedPlacement, tuple[Hold, ...]]:
    """Hold every unit of a placement in one transaction.

    Parameters
    ----------
    store
        The record.
    scenario_id, version
        The placement, and the version that was looked at.
    by
        Name of who adopts; it stands in the change log.
    also
        Called within the transaction with what is held; an error of it undoes all.

    Raises
    ------
    NotFoundError, StalePlacementError
        No such placement; it was changed meanwhile.
    PlacesTakenError
        A unit is not as it was when the placement was solved: nothing is written.
    ConflictError
        It is adopted already, or released and not solved anew, or nobody has a place in it.
    """
    with store.writing(by) as tx:
        found = require_placement(tx, scenario_id, version=version)
        _require_draft(found)
        parts, states = read_parts(tx.session, scenario_id)
        rows = rows_since(tx.session, states, found.solved_seq)
        taken = list_taken(parts, states, rows)
        if taken:
            raise PlacesTakenError(taken)
        holds = _hold_all(tx, scenario_id, parts, rows)
        values = {"state": ADOPTED, "adopted_at": tx.now, "adopted_by": by}
        write_placement(tx, found, by=by, values=values)
        if also is not None:
            also(tx, holds)
        return require_placement(tx, scenario_id), holds


def list_holds(store: Store, scenario_id: str) -> list[Hold]:
    """Return what a placement holds, by unit."""
    with store.reading() as session:
        return read_holds(session, HOLDS.c.scenario_id == scenario_id)


def read_holds(session: Any, where: Any) -> list[Hold]:
    """Return the holds of a condition, by unit."""
    names = [name for name in HOLDS.c.keys() if name != "fid"]  # noqa: SIM118 - no mapping
    query = select(*(HOLDS.c[name] for name in names)).where(where).order_by(HOLDS.c.fid)
    return [Hold(**row) for row in session.execute(query).mappings()]


def edit_unit(tx: Transaction, row: RowMapping, patch: Mapping[str, Any], reason: str) -> None:
    """Change a unit and say in the change log why."""
    version = int(row["version"]) + 1
    values = {**patch, "version": version, "updated_at": tx.now}
    tx.connection.execute(update(UNITS).where(UNITS.c.fid == row["fid"]).values(values))
    tx.log("update", "units", row["id"], version, {**patch, REASON: reason})


def set_rest(tx: Transaction, origin_id: str, area_m2: float, desks: int | None) -> None:
    """Tell all who hold a part of a unit how large the unit's own row is now."""
    values = {"rest_m2": area_m2, "rest_desks": desks}
    tx.connection.execute(update(HOLDS).where(HOLDS.c.origin_id == origin_id).values(values))


def _require_draft(found: SavedPlacement) -> None:
    if found.state == ADOPTED:
        raise ConflictError(
            Label(
                f"这个方案已由 {found.adopted_by} 采纳",
                f"This scenario has been adopted by {found.adopted_by}",
            ),
            fix=Label("不用再采纳；要撤销用 release", "Nothing is to be done; release undoes it"),
            field="state",
        )
    if found.state != DRAFT:
        raise ConflictError(
            Label("撤销过的方案要先重算", "A released scenario is solved anew first"),
            fix=Label("重算这个方案，再采纳", "Solve the scenario again, then adopt it"),
            field="state",
        )


def _hold_all(
    tx: Transaction, scenario_id: str, parts: Sequence[PlacePart], rows: Mapping[str, RowMapping]
) -> tuple[Hold, ...]:
    """Write units and holds; returns the holds in the order of the parts."""
    of_unit: dict[str, list[PlacePart]] = {}
    for part in parts:
        of_unit.setdefault(part.unit_id, []).append(part)
    holds: list[Hold] = []
    for unit_id, given in of_unit.items():
        row = rows[unit_id]
        try:
            cut = cut_unit(float(row["area_m2"]), row["desks"], row["divisible_min_m2"], given)
        except ValueError as error:
            raise PlacesTakenError([changed_place(part, row) for part in given]) from error
        holds += _hold_unit(tx, scenario_id, row, cut)
        set_rest(tx, unit_id, cut.area_m2, cut.desks)
    if not holds:
        raise ConflictError(
            Label("这个方案里没有可以预留的单元", "No unit is placed in this scenario"),
            fix=Label("放宽规则或换一批项目，重算", "Change policy or projects, and solve again"),
            field="placements",
        )
    for some in in_chunks(hold.unit_id for hold in holds):
        # whoever held such a unit before has lost it, as when an operator set it vacant
        tx.connection.execute(delete(HOLDS).where(HOLDS.c.unit_id.in_(some)))
    tx.connection.execute(insert(HOLDS), [_row_of(hold) for hold in holds])
    order = {(part.project_id, part.unit_id): i for i, part in enumerate(parts)}
    return tuple(sorted(holds, key=lambda hold: order[hold.project_id, hold.origin_id]))


def _hold_unit(tx: Transaction, scenario_id: str, row: RowMapping, cut: Cut) -> list[Hold]:
    """Write one unit and the parts that are split off it."""
    reason = f"placement {scenario_id}"
    before = {name: row[name] for name in ("status", "area_m2", "desks")}
    patch: dict[str, Any] = {"area_m2": cut.area_m2, "desks": cut.desks}
    changed = {name: value for name, value in patch.items() if value != row[name]}
    if not cut.free:
        changed["status"] = HELD
    edit_unit(tx, row, changed, reason)
    names = iter(_free_ids(tx, row["id"], sum(piece.own for piece in cut.pieces)))
    holds = []
    for piece in cut.pieces:
        unit_id = next(names) if piece.own else row["id"]
        if piece.own:
            _split_off(tx, row, unit_id, piece.area_m2, piece.desks, reason)
        holds.append(
            Hold(
                unit_id=unit_id,
                origin_id=row["id"],
                scenario_id=scenario_id,
                project_id=piece.part.project_id,
                area_m2=piece.area_m2,
                desks=piece.desks,
                before=before,
                rest_m2=cut.area_m2,
                rest_desks=cut.desks,
                held_at=tx.now,
            )
        )
    return holds


def _split_off(
    tx: Transaction, row: RowMapping, unit_id: str, area_m2: float, desks: int | None, reason: str
) -> None:
    """Add a held unit that is a part of another; what is stated of it is that of the other."""
    own: dict[str, Any] = {"id": unit_id, "area_m2": area_m2, "desks": desks, "status": HELD}
    own["divisible_min_m2"] = None  # it is let as it is
    values = {name: row[name] for name in column_names("units")} | own
    tx.connection.execute(insert(UNITS).values(**values, version=1, updated_at=tx.now))
    tx.log("insert", "units", unit_id, 1, {**own, "part_of": row["id"], REASON: reason})


def _free_ids(tx: Transaction, unit_id: str, count: int) -> list[str]:
    """Return the first ids ``<unit>~<n>`` that no unit has, of 64 characters at most."""
    free: list[str] = []
    start = 1
    while len(free) < count:
        names = [_name_part(unit_id, n) for n in range(start, start + _TRIED)]
        query = select(UNITS.c.id).where(UNITS.c.id.in_(names))
        used = set(tx.connection.execute(query).scalars())
        free += [name for name in names if name not in used]
        start += _TRIED
    return free[:count]


def _name_part(unit_id: str, number: int) -> str:
    ending = f"~{number}"
    return unit_id[: ID_MOST - len(ending)] + ending


def _row_of(hold: Hold) -> dict[str, Any]:
    return {name: getattr(hold, name) for name in Hold.__slots__}
