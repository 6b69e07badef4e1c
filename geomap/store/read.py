"""Reading the record: whole columns for the catalog, single records for edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func, select

from geomap.domain import records
from geomap.domain.errors import NotFoundError
from geomap.domain.words import Label
from geomap.geo.gpb import decode_gpb_many
from geomap.store.engine import Store
from geomap.store.models import TABLES, Meta
from geomap.store.rows import site_of, unit_of


def count(store: Store, table: str) -> int:
    """Return the number of rows of a table."""
    with store.reading() as session:
        return int(session.scalar(select(func.count()).select_from(TABLES[table])) or 0)


def read_columns(session: Any, table: str, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """Return columns of a table in `fid` order, as the driver gives them.

    Dates are text or `date`, moments text or `datetime` (both in UTC), word lists JSON
    text; geometry is decoded to shapely in one pass. This is ten times faster than
    building objects, which matters at a million units.
    """
    names = list(columns) if columns else [c.name for c in TABLES[table].columns]
    postgres = session.get_bind().dialect.name == "postgresql"
    rows = session.connection().exec_driver_sql(_query(table, names, postgres)).fetchall()
    columns_of = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    out: dict[str, Any] = dict(zip(names, columns_of, strict=True))
    if "geometry" in out:
        out["geometry"] = _decode(out["geometry"], postgres)
    return out


def _query(table: str, names: Sequence[str], postgres: bool) -> str:
    quoted = [
        "ST_AsBinary(geometry)" if postgres and name == "geometry" else f'"{name}"'
        for name in names
    ]
    return f"SELECT {', '.join(quoted)} FROM {TABLES[table].name} ORDER BY fid"  # noqa: S608 - our names


def iterate_columns(
    session: Any, table: str, columns: Sequence[str], *, rows: int = 256
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield columns without geometry, some rows at a time in `fid` order; see :func:`read_columns`.

    A million rows of thirty columns are never objects all at once: few enough at a time to
    stay in the processor's cache, which halves the time. Rows come as the driver gives them.
    """
    cursor = session.connection().connection.cursor()
    try:
        cursor.execute(_query(table, columns, postgres=False))
        while chunk := cursor.fetchmany(rows):
            yield list(zip(*chunk, strict=True))
    finally:
        cursor.close()


def _decode(blobs: list[bytes | None], postgres: bool) -> NDArray[np.object_]:
    if not postgres:
        return decode_gpb_many(blobs)
    values = np.empty(len(blobs), dtype=object)
    values[:] = [None if blob is None else bytes(blob) for blob in blobs]
    decoded: NDArray[np.object_] = shapely.from_wkb(values)
    return decoded


def read_table(store: Store, table: str, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """Return columns of a table, see :func:`read_columns`."""
    with store.reading() as session:
        return read_columns(session, table, columns)


def _row(store: Store, table: str, row_id: str) -> Any:
    with store.reading() as session:
        found = session.execute(select(TABLES[table]).where(TABLES[table].c.id == row_id))
        row = found.mappings().first()
    if row is None:
        raise NotFoundError(Label(f"没有 {row_id}", f"There is no {row_id}"), field="id")
    return row


def get_site(store: Store, site_id: str) -> tuple[records.Site, int]:
    """Return a site and its version; raises NotFoundError."""
    row = _row(store, "sites", site_id)
    return site_of(row), int(row["version"])


def get_unit(store: Store, unit_id: str) -> tuple[records.Unit, int]:
    """Return a unit and its version; raises NotFoundError."""
    row = _row(store, "units", unit_id)
    return unit_of(row), int(row["version"])


def get_meta(store: Store, key: str, default: str = "") -> str:
    """Return a named fact about the data."""
    with store.reading() as session:
        found = session.get(Meta, key)
        return found.value if found else default
