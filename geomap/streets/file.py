"""The saved network: one folder of .npy files and a meta.json, mapped into memory.

Workers share one copy through the page cache, and a city opens in milliseconds.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from geomap.domain.errors import NotReadyError
from geomap.domain.words import Label
from geomap.streets.graph import ARRAY_FIELDS, StreetNetwork

FORMAT = 1
_META = "meta.json"


def save_network(network: StreetNetwork, folder: Path) -> Path:
    """Write a network to a folder, which is either wholly the new one or wholly the old.

    Parameters
    ----------
    network
        What `build_network` made.
    folder
        Folder to hold it; what stands there is replaced.

    Returns
    -------
    Path
        The folder.
    """
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name in ARRAY_FIELDS:
            np.save(fresh / f"{name}.npy", getattr(network, name))
        meta = {"format": FORMAT, "crs": network.crs, "version": network.version}
        (fresh / _META).write_text(json.dumps(meta), encoding="utf-8")
        fresh.chmod(0o755)
        _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _swap(fresh: Path, folder: Path) -> None:
    """Put `fresh` in the place of `folder`; readers keep the files they have mapped."""
    old = fresh.with_name(fresh.name + "-old")
    with suppress(FileNotFoundError):
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Make the rename survive a power cut, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _not_ready(zh: str, en: str) -> NotReadyError:
    fix = Label(
        "运行 geomap import streets FILE，再运行 geomap build",
        "Run geomap import streets FILE, then geomap build",
    )
    return NotReadyError(Label(zh, en), fix=fix, field="network")


def open_network(folder: Path) -> StreetNetwork:
    """Open a saved network, its arrays mapped read-only.

    Raises
    ------
    NotReadyError
        The folder holds no network, an incomplete one, or one of another format.
    """
    folder = Path(folder)
    try:
        meta: dict[str, Any] = json.loads((folder / _META).read_text(encoding="utf-8"))
        if meta.get("format") != FORMAT:
            raise _not_ready(
                "步行路网由另一版本写成", "The walking network was written by another version"
            )
        arrays: dict[str, Any] = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ARRAY_FIELDS
        }
        return StreetNetwork(crs=str(meta["crs"]), version=str(meta["version"]), **arrays)
    except FileNotFoundError:
        raise _not_ready(
            "步行路网还没有建立", "The walking network has not been built yet"
        ) from None
    except (OSError, ValueError, KeyError) as error:
        raise _not_ready(
            f"步行路网读不出来：{error}", f"The walking network cannot be read: {error}"
        ) from error
