"""Copies of the record, taken while the service runs."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from sqlalchemy import make_url

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.store.engine import Store, open_store

_POSTGRES = InputError(
    Label("PostgreSQL 用它自己的工具备份", "PostgreSQL has its own tools for backup"),
    fix=Label("用 pg_dump 和 pg_restore", "Use pg_dump and pg_restore"),
    field="GEOMAP_DATABASE_URL",
)


def _copy(source: Path, target: Path) -> None:
    """Copy through SQLite's online backup to a temporary name, then move into place."""
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    source_db, target_db = sqlite3.connect(source), sqlite3.connect(partial)
    try:
        source_db.backup(target_db)
        target_db.execute("PRAGMA journal_mode = DELETE")
    finally:
        source_db.close()
        target_db.close()
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    partial.replace(target)


def backup(store: Store, path: Path) -> None:
    """Write a whole and consistent copy of the embedded record to a new file.

    Raises
    ------
    InputError
        The file exists already, its folder does not, or the record is PostgreSQL.
    """
    if not store.embedded:
        raise _POSTGRES
    if path.exists():
        raise InputError(
            Label(f"{path} 已经存在", f"{path} exists already"),
            fix=Label("换一个文件名", "Choose another name"),
            field="file",
        )
    if not path.parent.is_dir():
        raise InputError(Label(f"没有目录 {path.parent}", f"No folder {path.parent}"), field="file")
    _copy(Path(store.engine.url.database or ""), path)


def restore(path: Path, url: str) -> None:
    """Replace the embedded record by a copy; the old one is kept beside it as ``.before``.

    The copy is opened and checked first, so that a wrong file changes nothing.

    Raises
    ------
    InputError
        The file is not a record of this service.
    """
    target = Path(make_url(url).database or "")
    if not url.startswith("sqlite"):
        raise _POSTGRES
    target.parent.mkdir(parents=True, exist_ok=True)
    checked = target.with_name(f".{target.name}.restore")
    shutil.copyfile(path, checked)
    try:
        open_store(f"sqlite:///{checked}", create=False).close()
    except (InputError, sqlite3.DatabaseError) as error:
        checked.unlink()
        raise InputError(
            Label(f"{path} 不是本服务的备份", f"{path} is not a backup of this service"),
            fix=Label("用 geomap backup 写的文件", "Use a file that geomap backup wrote"),
            field="file",
        ) from error
    if target.exists():
        _copy(target, target.with_name(f"{target.name}.before"))
    _copy(checked, target)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{checked}{suffix}").unlink(missing_ok=True)
