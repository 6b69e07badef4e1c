"""Kept placements for tests, over a few units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from geomap.domain.words import UnitKind, UnitStatus
from geomap.store import write
from geomap.store.changes import latest_seq
from geomap.store.engine import Store
from geomap.store.models import TABLES
from geomap.store.placement_scenarios import PlacePart, SavedPlacement, Solved, UnitState
from geomap.store.placement_scenarios import add_placement as keep
from tests.store.samples import SITE, UNIT

UNITS = TABLES["units"]
MOMENT = datetime(2026, 11, 28, 3, tzinfo=UTC)
FREE = replace(UNIT, status=UnitStatus.VACANT, site_id=SITE.id)
UNIT_RECORDS = (
    replace(FREE, id="lab", area_m2=186.523),
    replace(FREE, id="office", kind=UnitKind.OFFICE, area_m2=90.0),
    replace(FREE, id="hall", kind=UnitKind.WORKSHOP, area_m2=1000.0, divisible_min_m2=200.0),
    replace(FREE, id="desks", kind=UnitKind.OPEN_DESK, area_m2=100.0, desks=20),
    replace(FREE, id="coming", area_m2=300.0, status=UnitStatus.PIPELINE),
    replace(FREE, id="let", area_m2=300.0, status=UnitStatus.LEASED),
)


def fill(store: Store) -> None:
    """Write a site with its units."""
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE])
        write.add_units(tx, UNIT_RECORDS)


def whole(project: str, unit_id: str) -> PlacePart:
    """A whole unit for a project."""
    return PlacePart(project, f"{project} 公司", unit_id, 1.0, 0, whole=True)


def some(project: str, unit_id: str, area: float, desks: int = 0) -> PlacePart:
    """A part of a unit for a project."""
    return PlacePart(project, f"{project} 公司", unit_id, area, desks, whole=False)


def solved(store: Store, parts: Iterable[PlacePart], **more: Any) -> Solved:
    """A solution on the record as it is."""
    given = tuple(parts)
    query = select(UNITS.c.id, UNITS.c.version, UNITS.c.status)
    with store.reading() as session:
        now = {row[0]: UnitState(int(row[1]), row[2]) for row in session.execute(query)}
    values: dict[str, Any] = {
        "mode": "optimal",
        "request": {"projects": [{"id": part.project_id} for part in given]},
        "summary": {"placed": len(given)},
        "result": {"placements": [{"project_id": part.project_id} for part in given]},
        "parts": given,
        "units": {part.unit_id: now[part.unit_id] for part in given},
        "seq": latest_seq(store),
        "stamp": "stamp",
        "at": MOMENT,
    }
    return Solved(**(values | more))


def kept(store: Store, *parts: PlacePart, name: str = "方案") -> SavedPlacement:
    """Keep a placement of these parts."""
    return keep(store, name, "", solved(store, parts), by="林")


def unit_rows(store: Store) -> dict[str, dict[str, Any]]:
    """Every unit as it is, without what counts changes."""
    with store.reading() as session:
        rows = session.execute(select(UNITS).order_by(UNITS.c.fid)).mappings()
        return {
            row["id"]: {k: v for k, v in row.items() if k not in ("version", "updated_at")}
            for row in rows
        }


def whole_record(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that an adoption may write, with its version."""
    names = ("units", "placement_scenarios", "placement_holds", "change_log")
    with store.reading() as session:
        return {
            name: [tuple(map(repr, row)) for row in session.execute(select(TABLES[name]))]
            for name in names
        }
