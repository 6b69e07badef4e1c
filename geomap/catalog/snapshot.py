"""Catalog snapshots: one file of arrays, mapped into memory and shared by all workers."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import Tables
from geomap.domain.errors import NotReadyError
from geomap.domain.words import Label

_FORMAT = 3
"""Grows with every change of the columns, so that an older snapshot is built anew."""
_ALIGN = 64
_KEEP = 2


def _arrays(value: Any, path: str) -> Iterator[tuple[str, NDArray[Any]]]:
    """Walk through nested dataclasses of arrays."""
    for field in dataclasses.fields(value):
        child, name = getattr(value, field.name), f"{path}{field.name}"
        if isinstance(child, np.ndarray):
            yield name, child
        elif dataclasses.is_dataclass(child):
            yield from _arrays(child, f"{name}.")


def save_snapshot(catalog: Catalog, folder: Path) -> Path:
    """Write a snapshot and make it the current one; older ones but one are removed.

    The snapshot is complete before the pointer moves, so a reader sees the old or the
    new one. Files that another process has mapped stay readable after their removal.
    """
    target = folder / catalog.stamp
    partial = folder / f".{catalog.stamp}.{os.getpid()}"
    partial.mkdir(parents=True)
    entries: dict[str, Any] = {}
    with (partial / "columns.bin").open("wb") as file:
        for name, array in _arrays(catalog.tables, ""):
            file.write(b"\0" * (-file.tell() % _ALIGN))
            entries[name] = [array.dtype.str, list(array.shape), file.tell()]
            file.write(np.ascontiguousarray(array).tobytes())
    head = {"format": _FORMAT, "version": catalog.version, "stamp": catalog.stamp}
    head |= {"built_at": catalog.built_at, "info": catalog.tables.info, "arrays": entries}
    (partial / "index.json").write_text(json.dumps(head))
    if _is_whole(target):
        shutil.rmtree(partial)
    else:
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
    pointer = folder / f".current.{os.getpid()}"
    pointer.write_text(catalog.stamp)
    pointer.replace(folder / "current")
    _remove_old(folder, catalog.stamp)
    return target


def _is_whole(directory: Path) -> bool:
    """Whether a snapshot is there that this version of the service can read."""
    try:
        return bool(json.loads((directory / "index.json").read_text())["format"] == _FORMAT)
    except (OSError, ValueError, KeyError):
        return False


def _remove_old(folder: Path, keep: str) -> None:
    old = [d for d in folder.iterdir() if d.is_dir() and d.name != keep and d.name[0] != "."]
    old.sort(key=lambda d: d.stat().st_mtime)
    for directory in old[: -(_KEEP - 1)]:
        shutil.rmtree(directory, ignore_errors=True)


def current_stamp(folder: Path) -> str:
    """Return the name of the current snapshot, "" where there is none."""
    pointer = folder / "current"
    return pointer.read_text() if pointer.exists() else ""


def _restore(kind: Any, path: str, arrays: dict[str, NDArray[Any]]) -> Any:
    values = {}
    for name, hint in get_type_hints(kind).items():
        key = f"{path}{name}"
        if dataclasses.is_dataclass(hint):
            values[name] = _restore(hint, f"{key}.", arrays)
        elif key in arrays:
            values[name] = arrays[key]
    return kind(**values)


def open_snapshot(folder: Path) -> Catalog:
    """Map the current snapshot into memory.

    Raises
    ------
    NotReadyError
        There is none, or it was written by another version of this service.
    """
    directory = folder / current_stamp(folder)
    try:
        head = json.loads((directory / "index.json").read_text())
        if head["format"] != _FORMAT:
            raise ValueError("another format")
        blob = np.memmap(directory / "columns.bin", dtype=np.uint8, mode="r")
        arrays = {name: _view(blob, *entry) for name, entry in head["arrays"].items()}
        tables: Tables = _restore(Tables, "", arrays)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotReadyError(
            Label("目录快照还没有建", "The catalog snapshot has not been built"),
            fix=Label("运行 geomap build", "Run geomap build"),
        ) from error
    return Catalog(head["version"], head["stamp"], head["built_at"], tables)


def _view(blob: NDArray[np.uint8], dtype: str, shape: list[int], offset: int) -> NDArray[Any]:
    kind = np.dtype(dtype)
    size = int(np.prod(shape)) * kind.itemsize
    return np.asarray(blob)[offset : offset + size].view(kind).reshape(shape)
