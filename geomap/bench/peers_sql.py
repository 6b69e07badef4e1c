"""DuckDB and PostGIS as peers of the fast pass: the same tables, rules, score and order."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from geomap.bench.match_sql import Columns, is_missing

Ask = Callable[[str], list[tuple[int, float]]]
"""Runs a query; returns unit rows and keys."""
_TYPES = {"i2": "SMALLINT", "i4": "INTEGER", "i8": "BIGINT", "f4": "REAL", "f8": "DOUBLE PRECISION"}
_FOLDERS = "/usr/lib/postgresql"
_CHUNK = 50_000


def _create(name: str, columns: Columns) -> str:
    fields = [f"{n} {_TYPES[v.dtype.str[1:]]}" for n, v in columns.items()]
    return f"CREATE TABLE {name} ({', '.join(fields)})"


@contextmanager
def open_duckdb(sites: Columns, units: Columns) -> Iterator[Ask]:
    """Give DuckDB in memory with both tables, on one thread."""
    import duckdb

    with duckdb.connect() as db:
        db.execute("SET threads = 1")
        for name, columns in (("sites", sites), ("units", units)):
            given = {
                n: np.ma.masked_array(v, is_missing(n, v)) if is_missing(n, v).any() else v
                for n, v in columns.items()
            }
            db.execute(_create(name, columns))
            db.register("given", given)
            db.execute(f"INSERT INTO {name} SELECT {', '.join(columns)} FROM given")  # noqa: S608
            db.unregister("given")
        yield lambda query: db.execute(query).fetchall()


def find_postgres() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs, None where there is none."""
    folders = sorted(Path(_FOLDERS).glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    return folders[-1].parent if folders else None


def _command(*parts: str | Path) -> list[str]:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return [*prefix, *map(str, parts)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*parts: str | Path, check: bool = True) -> None:
    subprocess.run(_command(*parts), check=check, capture_output=True, cwd="/")  # noqa: S603


@contextmanager
def running_postgres(binaries: Path) -> Iterator[str]:
    """Give the URL of an empty cluster of its own on loopback, stopped and removed afterwards."""
    folder, port = Path(tempfile.mkdtemp(prefix="geomap-bench-pg-")), _free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    control = (binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -F"
    options += " -c shared_buffers=512MB -c jit=off -c max_parallel_workers_per_gather=0"
    options += " -c work_mem=256MB"
    try:
        init = ("-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")
        _run(binaries / "initdb", "-D", data, *init)
        _run(*control, "-o", options, "start")
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        _run(*control, "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


_INDEXES = (
    "ALTER TABLE sites ADD COLUMN geom geometry(Point, 4326)",
    "UPDATE sites SET geom = ST_SetSRID(ST_MakePoint(lon, lat), 4326)",
    "CREATE INDEX ON sites USING gist (geom)",
    "CREATE UNIQUE INDEX ON sites (site)",
    "CREATE INDEX ON sites (county)",
    "CREATE INDEX ON units (site) WHERE status IN (0, 3)",
    "CREATE INDEX ON units (kind, area) WHERE status IN (0, 3)",
    "CREATE INDEX ON units (status, kind, site)",
)


@contextmanager
def open_postgis(binaries: Path, sites: Columns, units: Columns) -> Iterator[Ask]:
    """Give a PostgreSQL with PostGIS and both tables, indexed, one process a query."""
    import psycopg

    with running_postgres(binaries) as url, psycopg.connect(url, autocommit=True) as db:
        db.execute("CREATE EXTENSION postgis")
        for name, columns in (("sites", sites), ("units", units)):
            db.execute(_create(name, columns))
            with db.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for text in _lines(columns):
                    copy.write(text)
        for statement in _INDEXES:
            db.execute(statement)
        db.execute("VACUUM ANALYZE")
        yield lambda query: db.execute(query).fetchall()


def _lines(columns: Columns) -> Iterator[str]:
    """Yield a table in the text format of COPY."""
    count = len(next(iter(columns.values())))
    for start in range(0, count, _CHUNK):
        texts: list[list[Any]] = []
        for name, values in columns.items():
            part = values[start : start + _CHUNK]
            missing = is_missing(name, part)
            shown = [repr(v) for v in part.tolist()]
            texts.append(["\\N" if m else t for m, t in zip(missing.tolist(), shown, strict=True)])
        out = io.StringIO()
        for row in zip(*texts, strict=True):
            out.write("\t".join(row) + "\n")
        yield out.getvalue()
