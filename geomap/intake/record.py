"""What the record holds before an import, and what an import changes in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
import shapely
from sqlalchemy import func, select

from geomap.domain import records
from geomap.domain.errors import ConflictError
from geomap.domain.words import AmenityCategory, Label, LocationPrecision
from geomap.intake.clean_units import SiteName
from geomap.intake.known_sites import KnownSites
from geomap.intake.values import fold
from geomap.intake.witnesses import Ground, nothing_known
from geomap.store.changes import latest_seq
from geomap.store.engine import Store, Transaction
from geomap.store.models import TABLES, ChangeLog
from geomap.store.read import read_table
from geomap.store.rows import project_of, site_of, unit_of

T = TypeVar("T")
_NEVER_WALKED = ("motorway", "ferry")
_DOORS = (LocationPrecision.EXACT, LocationPrecision.STREET)


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """What of some records is new, replaces another, or is in the record already."""

    new: list[T]
    updated: list[T]
    unchanged: int

    @property
    def writes(self) -> list[T]:
        """The records to write."""
        return [*self.new, *self.updated]


def compare(
    items: Sequence[T], find: Callable[[T], Any], ids: set[str], get_id: Callable[[T], str]
) -> Change[T]:
    """Part records into new, updated and unchanged.

    Parameters
    ----------
    find
        Gives the stored record of the same id, None where there is none that counts.
    ids
        Every id of the table.
    """
    new, updated, unchanged = [], [], 0
    for item in items:
        if get_id(item) not in ids:
            new.append(item)
        elif find(item) == item:
            unchanged += 1
        else:
            updated.append(item)
    return Change(new, updated, unchanged)


class Record:
    """A read-only view of the store; an absent store is an empty one."""

    def __init__(self, store: Store | None) -> None:
        self.store = store
        self.seq = latest_seq(store) if store else 0

    def ids(self, table: str) -> set[str]:
        """Return every id of a table."""
        if self.store is None:
            return set()
        return {str(v) for v in read_table(self.store, table, ["id"])["id"]}

    def demo_rows(self, table: str) -> int:
        """Return how many rows of a table are made up."""
        if self.store is None:
            return 0
        rows = TABLES[table]
        with self.store.reading() as session:
            query = select(func.count()).select_from(rows).where(rows.c.demo)
            return int(session.scalar(query) or 0)

    def counties(self) -> list[records.CountyShape]:
        """Return the county boundaries."""
        if self.store is None:
            return []
        columns = read_table(self.store, "counties", ["adcode", "name", "source", "geometry"])
        rows = zip(*(columns[n] for n in ("adcode", "name", "source", "geometry")), strict=True)
        return [
            records.CountyShape(adcode=a, name=n, source=s, geometry=g)
            for a, n, s, g in rows
            if g is not None
        ]

    @cached_property
    def ground(self) -> Ground:
        """What the record knows of the ground, for files whose datum is in doubt."""
        if self.store is None:
            return nothing_known()
        streets = read_table(self.store, "streets", ["klass", "demo", "geometry"])
        walked = [str(k) not in _NEVER_WALKED for k in streets["klass"]]
        real = np.array(walked, dtype=np.bool_) & ~np.array(streets["demo"], dtype=np.bool_)
        known = [a for a in self.amenities.values() if not a.demo]
        lon, lat = [a.lon for a in known], [a.lat for a in known]
        for site in self.known_sites.by_id.values():
            if not site.demo and site.precision in _DOORS and site.geometry is not None:
                inside = shapely.point_on_surface(site.geometry)
                lon.append(float(inside.x))
                lat.append(float(inside.y))
        land = read_table(self.store, "land", ["geometry"])["geometry"]
        points = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
        return Ground(streets["geometry"][real], points, [g for g in land if g is not None])

    def _rows(self, table: str, *, demo: bool | None = None) -> list[Mapping[str, Any]]:
        """Return the rows of a table, or those that are made up, or those that are not."""
        if self.store is None:
            return []
        rows = TABLES[table]
        query = select(rows) if demo is None else select(rows).where(rows.c.demo == demo)
        with self.store.reading() as session:
            return [dict(row) for row in session.execute(query).mappings()]

    @cached_property
    def known_sites(self) -> KnownSites:
        """Sites by id, and the operators that are no demonstration by name."""
        rows = self._rows("sites")
        sites = [site_of(row) for row in rows]
        joined = {str(r["id"]): (r["adcode"] or "", r["joined_reporting_unit"] or "") for r in rows}
        operators: tuple[dict[str, str], dict[str, str]] = ({}, {})
        for row in self._rows("operators"):
            operators[bool(row["demo"])][fold(row["name"])] = str(row["id"])
        return KnownSites({site.id: site for site in sites}, *operators, joined)

    def site_names(self) -> list[SiteName]:
        """Return the sites as units may name them."""
        if self.store is None:
            return []
        columns = read_table(self.store, "sites", ["id", "name", "demo"])
        rows = zip(columns["id"], columns["name"], columns["demo"], strict=True)
        return [SiteName(str(i), str(name), bool(demo)) for i, name, demo in rows]

    @cached_property
    def units(self) -> dict[str, Mapping[str, Any]]:
        """The rows of real units by id."""
        return {str(row["id"]): row for row in self._rows("units", demo=False)}

    @cached_property
    def demo_units(self) -> dict[str, Mapping[str, Any]]:
        """The rows of made-up units by id: up to a million, read only when one is asked for."""
        return {str(row["id"]): row for row in self._rows("units", demo=True)}

    @cached_property
    def unit_ids(self) -> set[str]:
        """The id of every unit."""
        return self.ids("units")

    def find_unit(self, unit_id: str) -> records.Unit | None:
        """Return a unit of the record."""
        row = self.units.get(unit_id)
        if row is None and unit_id in self.unit_ids:
            row = self.demo_units.get(unit_id)
        return unit_of(row) if row is not None else None

    @cached_property
    def amenities(self) -> dict[str, records.Amenity]:
        """The amenities by id."""
        return {str(r["id"]): _amenity(r) for r in self._rows("amenities")}

    @cached_property
    def projects(self) -> dict[str, records.Project]:
        """The projects by id."""
        return {str(r["id"]): project_of(r) for r in self._rows("projects")}

    @cached_property
    def zones(self) -> dict[str, records.Zone]:
        """The zones by id."""
        names = ("id", "name", "geometry", "reporting_unit", "source", "demo")
        rows = self._rows("zones")
        return {str(r["id"]): records.Zone(**{n: r[n] for n in names}) for r in rows}


def _amenity(row: Mapping[str, Any]) -> records.Amenity:
    point = row["geometry"]
    texts = {name: row[name] for name in ("id", "name", "address", "source", "source_date")}
    return records.Amenity(
        category=AmenityCategory(row["category"]),
        lon=float(shapely.get_x(point)) if point is not None else float("nan"),
        lat=float(shapely.get_y(point)) if point is not None else float("nan"),
        demo=bool(row["demo"]),
        **texts,
    )


def require_unchanged(tx: Transaction, seq: int, tables: Sequence[str]) -> None:
    """Refuse to write what was compared with an older state of the record.

    Raises
    ------
    ConflictError
        Someone has changed one of the tables since number `seq` of the change log.
    """
    query = select(func.count()).where(ChangeLog.seq > seq, ChangeLog.table_name.in_(tables))
    if tx.session.scalar(query):
        raise ConflictError(
            Label("导入期间库里的数据被改动了", "The record was changed during the import"),
            fix=Label("再导入一次", "Import again"),
        )
