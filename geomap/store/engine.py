"""Opening the record: one SQLite file that is a GeoPackage, or PostgreSQL with PostGIS."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session

from geomap.domain.errors import InputError, NotReadyError
from geomap.domain.words import Label
from geomap.store.gpkg import APPLICATION_ID, update_extent
from geomap.store.migrations import NEWEST
from geomap.store.models import ChangeLog

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).with_name("migrations")
_UPGRADE = threading.Lock()


@dataclass(slots=True)
class Transaction:
    """One write that is whole or not at all; `actor` and `now` go into the change log."""

    session: Session
    actor: str
    now: datetime
    touched: set[str] = field(default_factory=set)

    @property
    def connection(self) -> Connection:
        """The connection of the transaction."""
        return self.session.connection()

    def log(
        self,
        action: str,
        table: str,
        row_id: str = "",
        version: int = 0,
        patch: dict[str, object] | None = None,
    ) -> None:
        """Append to the change log."""
        self.touched.add(table)
        self.session.add(
            ChangeLog(
                at=self.now,
                actor=self.actor,
                action=action,
                table_name=table,
                row_id=row_id,
                version=version,
                patch=patch,
            )
        )


class Store:
    """The system of record. Use :func:`open_store`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def embedded(self) -> bool:
        """Whether the record is the SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the record and writes nothing."""
        with (
            self.engine.connect() as connection,
            connection.begin(),
            Session(connection) as session,
        ):
            yield session

    @contextmanager
    def writing(self, actor: str) -> Iterator[Transaction]:
        """Give a transaction: committed whole at the end, rolled back on any error.

        Writers come one after the other, so that the change log's numbers grow in the
        order of commit and a follower misses none.
        """
        connection = self.engine.connect().execution_options(geomap_write=True)
        with connection, connection.begin(), Session(connection) as session:
            if not self.embedded:
                connection.exec_driver_sql("LOCK TABLE change_log IN SHARE ROW EXCLUSIVE MODE")
            transaction = Transaction(session, actor, datetime.now(UTC))
            yield transaction
            session.flush()
            for table in sorted(transaction.touched):
                update_extent(connection, table)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("geomap_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _make_engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise _unusable(url, "not a database URL") from error
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        return engine
    if parsed.get_backend_name() != "postgresql":
        raise _unusable(url, "not SQLite or PostgreSQL")
    options = {"options": "-c jit=off -c timezone=UTC"}
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args=options,
        pool_pre_ping=True,
        hide_parameters=True,  # names and phone numbers do not belong in a log
    )


def _unusable(url: str, why: str) -> InputError:
    shown = url.split("@")[-1]
    return InputError(
        Label(f"打不开库 {shown}：{why}", f"Cannot open the store {shown}: {why}"),
        fix=Label(
            "用 postgresql://用户:密码@主机/库，或不设，用数据目录里的文件",
            "Use postgresql://user:password@host/db, or unset it to use the data folder",
        ),
        field="GEOMAP_DATABASE_URL",
    )


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _migrate(engine: Engine) -> None:
    """Bring the schema to the newest version, one process at a time.

    Alembic is imported here: a worker that only opens the record needs none of it.
    """
    from alembic import command

    connection = engine.connect().execution_options(geomap_write=True)
    with _UPGRADE, connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1196444487)")
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
        command.upgrade(_config(connection), "head")


def _is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        at = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return bool(at == NEWEST)


def _require_ours(engine: Engine, path: Path) -> None:
    """Refuse an SQLite file that holds something else."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA application_id").scalar()
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    if tables and found != APPLICATION_ID:
        raise _unusable(str(path), "it is another kind of SQLite file")


def open_store(url: str, *, create: bool = True) -> Store:
    """Open the record at a database URL, bringing its schema up to date.

    Parameters
    ----------
    url
        ``sqlite:///path`` or ``postgresql://user:password@host/name``.
    create
        Whether to create the embedded file when it is missing.

    Raises
    ------
    NotReadyError
        The file is not there and `create` is off.
    InputError
        The URL cannot be used, or the file is something else.
    """
    engine = _make_engine(url)
    path = Path(engine.url.database or "")
    if engine.dialect.name == "sqlite" and not path.exists():
        if not create:
            raise NotReadyError(
                Label(f"还没有数据：{path}", f"There is no data yet: {path}"),
                fix=Label("先运行 geomap demo 或 geomap import", "Run geomap demo or import first"),
            )
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        if engine.dialect.name == "sqlite":
            _require_ours(engine, path)
        if not _is_current(engine):
            _migrate(engine)
    except OperationalError as error:
        raise _unusable(str(engine.url), str(error.orig)) from error
    except DBAPIError as error:
        raise _unusable(str(engine.url), str(error.orig)) from error
    return Store(engine)
