"""Writing to the record: many rows at once, or one row against a known version.

Each function works inside a :class:`~geomap.store.engine.Transaction` and leaves its
trace in the change log: one "bulk" row a call, or one row with the patch of an edit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from geomap.domain import records
from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.words import Label
from geomap.store.engine import Transaction
from geomap.store.models import TABLES, Meta
from geomap.store.rows import KEYS, column_names, rows_of

_CHUNK = 5_000


def _upsert(tx: Transaction, table: Table) -> Any:
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = KEYS[table.name]
    changed: dict[str, Any] = {
        name: statement.excluded[name] for name in column_names(table.name) if name not in keys
    }
    if "version" in table.c:
        changed |= {"version": table.c.version + 1, "updated_at": tx.now}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=changed)


def write_rows(tx: Transaction, name: str, items: Iterable[Mapping[str, Any]]) -> int:
    """Insert or replace rows by the table's key; return how many."""
    table, count = TABLES[name], 0
    statement = _upsert(tx, table) if name in KEYS else insert(table)
    stamp = {"version": 1, "updated_at": tx.now} if "version" in table.c else {}
    for chunk in _chunks(items):
        tx.connection.execute(statement, [{**row, **stamp} for row in chunk])
        count += len(chunk)
    tx.log("bulk", name, patch={"rows": count})
    return count


def _chunks(items: Iterable[Any]) -> Iterable[Sequence[Any]]:
    chunk: list[Any] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _write_records(tx: Transaction, name: str, items: Iterable[Any]) -> int:
    joined = {"adcode": None, "joined_reporting_unit": None, "county_mismatch": None}
    extra = joined if name == "sites" else {}
    return write_rows(
        tx, name, ({**row, **extra} for chunk in _chunks(items) for row in rows_of(name, chunk))
    )


def add_counties(tx: Transaction, items: Iterable[records.CountyShape]) -> int:
    """Insert or replace counties by adcode."""
    return _write_records(tx, "counties", items)


def add_zones(tx: Transaction, items: Iterable[records.Zone]) -> int:
    """Insert or replace zones by id."""
    return _write_records(tx, "zones", items)


def add_towns(tx: Transaction, items: Iterable[records.Town]) -> int:
    """Insert or replace towns by code."""
    return _write_records(tx, "towns", items)


def add_operators(tx: Transaction, items: Iterable[records.Operator]) -> int:
    """Insert or replace operators by id."""
    return _write_records(tx, "operators", items)


def add_sites(tx: Transaction, items: Iterable[records.Site]) -> int:
    """Insert or replace sites by id; their joins are open until the next build."""
    return _write_records(tx, "sites", items)


def add_units(tx: Transaction, items: Iterable[records.Unit]) -> int:
    """Insert or replace units by id."""
    return _write_records(tx, "units", items)


def add_history(tx: Transaction, items: Iterable[records.UnitHistory]) -> int:
    """Insert or replace months of occupancy by site and month."""
    return _write_records(tx, "unit_history", items)


def add_amenities(tx: Transaction, items: Iterable[records.Amenity]) -> int:
    """Insert or replace amenities by id."""
    return _write_records(tx, "amenities", items)


def add_projects(tx: Transaction, items: Iterable[records.Project]) -> int:
    """Insert or replace projects by id."""
    return _write_records(tx, "projects", items)


def add_targets(tx: Transaction, items: Iterable[records.Target]) -> int:
    """Insert or replace cells of the annex."""
    return _write_records(tx, "targets", items)


def add_rings(tx: Transaction, items: Iterable[records.Ring]) -> int:
    """Insert or replace rings by site, profile and minutes."""
    return _write_records(tx, "rings", items)


def add_access(tx: Transaction, items: Iterable[records.Access]) -> int:
    """Insert or replace access figures by site, profile and category."""
    return _write_records(tx, "access", items)


def clear(tx: Transaction, name: str, *, demo_only: bool = False) -> int:
    """Delete a table's rows, or only its demonstration rows; return how many."""
    table = TABLES[name]
    statement = delete(table)
    if demo_only:
        statement = statement.where(table.c.demo)
    count = int(tx.connection.execute(statement).rowcount)
    tx.log("clear", name, patch={"rows": count, "demo_only": demo_only})
    return count


def set_joined(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the joined columns of sites.

    Each row has ``id, adcode, joined_reporting_unit, county_mismatch``.
    """
    sites = TABLES["sites"]
    statement = (
        update(sites)
        .where(sites.c.id == bindparam("row_id"))
        .values(
            adcode=bindparam("adcode"),
            joined_reporting_unit=bindparam("joined_reporting_unit"),
            county_mismatch=bindparam("county_mismatch"),
        )
    )
    if rows:
        bound = [{"row_id": row["id"], **{k: row[k] for k in row if k != "id"}} for row in rows]
        tx.connection.execute(statement, bound)
    tx.log("join", "sites", patch={"rows": len(rows)})


def _edit(tx: Transaction, name: str, row_id: str, patch: Mapping[str, Any], version: int) -> int:
    table = TABLES[name]
    unknown = set(patch) - set(column_names(name)) | (set(patch) & {"id"})
    if unknown:
        field = sorted(unknown)[0]
        raise InputError(Label(f"没有字段 {field}", f"There is no field {field}"), field=field)
    found = tx.connection.execute(select(table.c.version).where(table.c.id == row_id)).scalar()
    if found is None:
        raise NotFoundError(Label(f"没有 {row_id}", f"There is no {row_id}"), field="id")
    if found != version:
        raise ConflictError(
            Label(
                f"{row_id} 已被别人改到第 {found} 版",
                f"{row_id} has meanwhile been changed to version {found}",
            ),
            fix=Label("重新载入，再改一次", "Load it again and repeat the change"),
            field="version",
        )
    values = dict(patch) | {"version": version + 1, "updated_at": tx.now}
    tx.connection.execute(update(table).where(table.c.id == row_id).values(values))
    tx.log("update", name, row_id, version + 1, dict(patch))
    return version + 1


def update_unit(tx: Transaction, unit_id: str, patch: Mapping[str, Any], *, version: int) -> int:
    """Change fields of a unit that is still at `version`; return the new version.

    Raises
    ------
    NotFoundError, ConflictError, InputError
        No such unit, changed by someone else since, or no such field.
    """
    return _edit(tx, "units", unit_id, patch, version)


def update_site(tx: Transaction, site_id: str, patch: Mapping[str, Any], *, version: int) -> int:
    """Change fields of a site that is still at `version`; see :func:`update_unit`."""
    return _edit(tx, "sites", site_id, patch, version)


def set_meta(tx: Transaction, key: str, value: str) -> None:
    """Set a named fact about the data."""
    tx.session.merge(Meta(key=key, value=value))
