"""Releasing an adopted placement: what it still holds is given back.

A unit that is no longer held, as one that was leased meanwhile, stays as it is, and so does
one whose project has signed or went further: its hold is kept, and a later release gives it
back once the project is lost. A part is joined to its unit again where nothing but
placements changed that; else it becomes vacant as a unit of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import RowMapping, delete

from geomap.domain.errors import ConflictError
from geomap.domain.ledger import WAY, LedgerState
from geomap.domain.words import Label
from geomap.store.adopt import (
    HELD,
    HOLDS,
    Hold,
    edit_unit,
    read_holds,
    set_rest,
)
from geomap.store.changes import REASON
from geomap.store.engine import Store, Transaction
from geomap.store.ledger import lines_in
from geomap.store.placement_scenarios import (
    ADOPTED,
    RELEASED,
    SavedPlacement,
    read_parts,
    require_placement,
    write_placement,
)
from geomap.store.taken import UNITS, in_chunks, rows_by_id

_DIGITS = 6
_SETTLED = frozenset(WAY[WAY.index(LedgerState.SIGNED) :])
"""States of a project whose unit is let, whatever becomes of the scenario."""


@dataclass(frozen=True, slots=True)
class KeptUnit:
    """A unit that is not given back; `status` is what it is now, "" where it is gone."""

    project_id: str
    unit_id: str
    why: Literal["changed", "gone", "held_anew", "signed"]
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What came of a release.

    `freed` are units that are as they were; `joined` parts that are parts of their unit
    again; `apart` parts that are vacant as units of their own; `kept` what stays as it is.
    """

    saved: SavedPlacement
    freed: tuple[str, ...]
    joined: tuple[str, ...]
    apart: tuple[str, ...]
    kept: tuple[KeptUnit, ...]


@dataclass(slots=True)
class _Outcome:
    """What a release has done so far."""

    freed: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    kept: list[KeptUnit] = field(default_factory=list)


def release_placement(
    store: Store,
    scenario_id: str,
    *,
    version: int,
    by: str,
    also: Callable[[Transaction], None] | None = None,
) -> Release:
    """Give back what an adopted placement still holds, in one transaction.

    Parameters
    ----------
    store
        The record.
    scenario_id, version
        The placement, and the version that was looked at.
    by
        Name of who releases.
    also
        Called within the transaction; an error of it undoes all.

    Raises
    ------
    NotFoundError, StalePlacementError, ConflictError
        No such placement; it was changed meanwhile; it is not adopted, and holds nothing.
    """
    with store.writing(by) as tx:
        found = require_placement(tx, scenario_id, version=version)
        holds = read_holds(tx.session, HOLDS.c.scenario_id == scenario_id)
        if found.state != ADOPTED and not (found.state == RELEASED and holds):
            raise ConflictError(
                Label("这个方案没有采纳", "This scenario is not adopted"),
                fix=Label("没有可撤销的", "There is nothing to release"),
                field="state",
            )
        settled = _settled(tx, holds)
        outcome = _give_back(tx, holds, settled)
        if found.state == ADOPTED:
            outcome.kept[:0] = _held_anew(tx, scenario_id, holds)
        _forget_holds(tx, holds, outcome.kept)
        values = {"state": RELEASED, "released_at": tx.now, "released_by": by}
        write_placement(tx, found, by=by, values=values)
        if also is not None:
            also(tx)
        return Release(
            saved=require_placement(tx, scenario_id),
            freed=tuple(outcome.freed),
            joined=tuple(outcome.joined),
            apart=tuple(outcome.apart),
            kept=tuple(outcome.kept),
        )


def _settled(tx: Transaction, holds: Sequence[Hold]) -> frozenset[str]:
    """Return the projects that have signed, or went further."""
    lines = lines_in(tx, list(dict.fromkeys(hold.project_id for hold in holds)))
    return frozenset(i for i, line in lines.items() if line.state in _SETTLED)


def _forget_holds(tx: Transaction, holds: Sequence[Hold], kept: Sequence[KeptUnit]) -> None:
    """Delete the holds but those of projects that have signed."""
    signed = {unit.unit_id for unit in kept if unit.why == "signed"}
    for some in in_chunks(hold.unit_id for hold in holds if hold.unit_id not in signed):
        tx.connection.execute(delete(HOLDS).where(HOLDS.c.unit_id.in_(some)))


def _give_back(tx: Transaction, holds: Sequence[Hold], settled: Collection[str]) -> _Outcome:
    rows = rows_by_id(tx.session, [i for hold in holds for i in (hold.unit_id, hold.origin_id)])
    of_unit: dict[str, list[Hold]] = {}
    for hold in holds:
        of_unit.setdefault(hold.origin_id, []).append(hold)
    outcome = _Outcome()
    for origin_id, some in of_unit.items():
        _give_back_unit(tx, origin_id, some, rows, settled, outcome)
    return outcome


def _held_anew(tx: Transaction, scenario_id: str, holds: Sequence[Hold]) -> list[KeptUnit]:
    """Return units of the placement that another one has taken over since."""
    ours = {(hold.project_id, hold.origin_id) for hold in holds}
    parts, _ = read_parts(tx.session, scenario_id)
    lost = [part for part in parts if (part.project_id, part.unit_id) not in ours]
    rows = rows_by_id(tx.session, [part.unit_id for part in lost])
    return [
        KeptUnit(p.project_id, p.unit_id, "held_anew", str(rows[p.unit_id]["status"]))
        for p in lost
        if p.unit_id in rows
    ]


def _give_back_unit(
    tx: Transaction,
    origin_id: str,
    holds: Sequence[Hold],
    rows: Mapping[str, RowMapping],
    settled: Collection[str],
    outcome: _Outcome,
) -> None:
    """Give back what is held of one unit, its own row last."""
    reason = f"release {holds[0].scenario_id}"
    origin = rows.get(origin_id)
    patch: dict[str, Any] = {}
    still = []
    for hold in holds:
        row = rows.get(hold.unit_id)
        if row is None or row["status"] != HELD:
            outcome.kept.append(_kept(hold, row))
        elif hold.project_id in settled:
            outcome.kept.append(KeptUnit(hold.project_id, hold.unit_id, "signed", HELD))
        elif hold.unit_id == origin_id:
            patch["status"] = hold.before["status"]
            outcome.freed.append(origin_id)
        else:
            still.append(hold)
    joined = [hold for hold in still if _is_joinable(hold, rows, origin, patch)]
    for hold in still:
        if hold in joined:
            _delete_part(tx, hold, reason)
            outcome.joined.append(hold.unit_id)
        else:
            edit_unit(tx, rows[hold.unit_id], {"status": hold.before["status"]}, reason)
            outcome.apart.append(hold.unit_id)
    if origin is not None and joined:
        patch |= _with_parts(origin, joined)
    if origin is not None and patch:
        edit_unit(tx, origin, patch, reason)
        area, desks = (patch.get(name, origin[name]) for name in ("area_m2", "desks"))
        set_rest(tx, origin_id, area, desks)


def _is_joinable(
    hold: Hold, rows: Mapping[str, RowMapping], origin: RowMapping | None, patch: Mapping[str, Any]
) -> bool:
    """Whether a part and the unit that it came from are as placements left them."""
    if origin is None:
        return False
    part = rows[hold.unit_id]
    status = patch.get("status", origin["status"])
    as_left = (origin["area_m2"], origin["desks"]) == (hold.rest_m2, hold.rest_desks)
    as_held = (part["area_m2"], part["desks"]) == (hold.area_m2, hold.desks)
    together = (origin["site_id"], origin["kind"]) == (part["site_id"], part["kind"])
    return as_left and as_held and together and status == hold.before["status"]


def _with_parts(origin: RowMapping, joined: Sequence[Hold]) -> dict[str, Any]:
    """Return area and desks of a unit with parts joined to it."""
    area = round(origin["area_m2"] + sum(hold.area_m2 for hold in joined), _DIGITS)
    before = joined[0].before
    if area == round(before["area_m2"], _DIGITS):
        area = before["area_m2"]  # to the last digit
    patch: dict[str, Any] = {"area_m2": area}
    if origin["desks"] is not None:
        patch["desks"] = origin["desks"] + sum(hold.desks or 0 for hold in joined)
    return patch


def _delete_part(tx: Transaction, hold: Hold, reason: str) -> None:
    tx.connection.execute(delete(UNITS).where(UNITS.c.id == hold.unit_id))
    tx.log("delete", "units", hold.unit_id, 0, {"part_of": hold.origin_id, REASON: reason})


def _kept(hold: Hold, row: RowMapping | None) -> KeptUnit:
    if row is None:
        return KeptUnit(hold.project_id, hold.unit_id, "gone", "")
    return KeptUnit(hold.project_id, hold.unit_id, "changed", str(row["status"]))
