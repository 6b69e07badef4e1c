"""Whether the places of a kept placement can still be given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import RowMapping, select

from geomap.domain.errors import ConflictError
from geomap.domain.words import Label, UnitStatus
from geomap.store.engine import Store
from geomap.store.models import TABLES, ChangeLog
from geomap.store.placement_scenarios import PlacePart, UnitState, get_placement, read_parts

UNITS = TABLES["units"]
_FREE = (str(UnitStatus.VACANT), str(UnitStatus.PIPELINE))
_CHUNK = 400
"""Ids in one query: SQLite takes 32,766 values, and queries are compiled once a length."""


@dataclass(frozen=True, slots=True)
class TakenPlace:
    """A place that can no longer be given; `status` is the unit's now, "" where it is gone."""

    project_id: str
    project_name: str
    unit_id: str
    why: Literal["taken", "changed", "gone"]
    status: str


class PlacesTakenError(ConflictError):
    """Units of a placement were taken, changed or deleted since it was solved."""

    def __init__(self, taken: Sequence[TakenPlace]) -> None:
        projects = list(dict.fromkeys(place.project_name or place.project_id for place in taken))
        shown, more = "、".join(projects[:3]), len(projects) > 3
        shown_en = ", ".join(projects[:3]) + (" …" if more else "")
        super().__init__(
            Label(
                f"{len(projects)} 个项目的单元已被占用或改动：{shown}{' 等' if more else ''}",
                f"Units of {len(projects)} projects were taken or changed: {shown_en}",
            ),
            fix=Label(
                "什么都没有写入；重算这个方案，再采纳",
                "Nothing was written; solve the scenario again, then adopt it",
            ),
            field="placements",
        )
        self.taken = tuple(taken)


def find_taken(store: Store, scenario_id: str) -> list[TakenPlace]:
    """Return what adopting a placement now would fail by; raises NotFoundError."""
    seq = get_placement(store, scenario_id).solved_seq
    with store.reading() as session:
        parts, states = read_parts(session, scenario_id)
        return list_taken(parts, states, rows_since(session, states, seq))


def rows_since(session: Any, unit_ids: Iterable[str], seq: int) -> dict[str, RowMapping]:
    """Return the rows of units, without those that were deleted all at once since change `seq`.

    Versions count anew then: a unit of the same id and version is another.
    """
    since = (ChangeLog.seq > seq) & (ChangeLog.table_name == "units")
    query = select(ChangeLog.patch).where(since & (ChangeLog.action == "clear"))
    clears = [patch or {} for patch in session.execute(query).scalars()]
    if not clears:
        return rows_by_id(session, unit_ids)
    if not all(patch.get("demo_only") for patch in clears):
        return {}
    rows = rows_by_id(session, unit_ids)
    return {unit_id: row for unit_id, row in rows.items() if not row["demo"]}


def list_taken(
    parts: Iterable[PlacePart],
    states: Mapping[str, UnitState],
    rows: Mapping[str, RowMapping],
) -> list[TakenPlace]:
    """Return the parts that cannot be given any more."""
    return [place for part in parts if (place := _find_taken(part, states, rows))]


def _find_taken(
    part: PlacePart, states: Mapping[str, UnitState], rows: Mapping[str, RowMapping]
) -> TakenPlace | None:
    """Return why a part cannot be given any more, None where it can."""
    known, row = states[part.unit_id], rows.get(part.unit_id)
    if row is None:
        return TakenPlace(part.project_id, part.project_name, part.unit_id, "gone", "")
    status = str(row["status"])
    if status in _FREE and UnitState(int(row["version"]), status) == known:
        return None
    why: Literal["taken", "changed"] = "changed" if status in _FREE else "taken"
    return TakenPlace(part.project_id, part.project_name, part.unit_id, why, status)


def changed_place(part: PlacePart, row: RowMapping) -> TakenPlace:
    """Return a part of a unit that is there and no longer as it was."""
    named = (part.project_id, part.project_name, part.unit_id)
    return TakenPlace(*named, "changed", str(row["status"]))


def rows_by_id(session: Any, unit_ids: Iterable[str]) -> dict[str, RowMapping]:
    """Return the rows of units that are there."""
    return {
        row["id"]: row
        for some in in_chunks(unit_ids)
        for row in session.execute(select(UNITS).where(UNITS.c.id.in_(some))).mappings()
    }


def in_chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    """Yield ids as many at a time as one query takes."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), _CHUNK):
        yield wanted[start : start + _CHUNK]
