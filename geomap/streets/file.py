"""The saved network: one file of all arrays, mapped into memory.

Workers share one copy through the page cache, and a city opens in milliseconds. The file
is replaced whole, so that a reader sees the old network or the new one, never a mixture.

Layout: 8 bytes of magic, the length of the header (uint64, little endian), the header
(JSON, padded with blanks), then the arrays, each on a 64-byte boundary.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from geomap.domain.errors import NotReadyError
from geomap.domain.words import Label
from geomap.streets.graph import ARRAY_FIELDS, StreetNetwork

FORMAT = 2
MAGIC = b"GEOMAPNW"
ALIGN = 64
LARGE_BYTES = 1 << 22
"""From here on NumPy asks the system for large pages."""
_KINDS = frozenset({"<f8", "<f4", "<i4", "<i8", "|b1"})


def save_network(network: StreetNetwork, path: Path) -> Path:
    """Write a network to a file, which is either wholly the new one or wholly the old.

    Parameters
    ----------
    network
        What `build_network` made.
    path
        File to hold it; what stands there is replaced.

    Returns
    -------
    Path
        The file.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, network)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o644)
        if path.is_dir():  # a folder of .npy files, as format 1 was
            remove_network(path)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    _sync(path.parent)
    return path


def remove_network(path: Path) -> None:
    """Remove a saved network, if there is one; readers keep what they have mapped."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write(file: BinaryIO, network: StreetNetwork) -> None:
    arrays = {name: np.asarray(getattr(network, name)) for name in ARRAY_FIELDS}
    # Offsets are at most 20 digits: the header is laid out once with room for them.
    room = len(json.dumps(_header(network, arrays, 0))) + 20 * len(arrays)
    start = 16 + room + (-(16 + room)) % ALIGN
    header = _header(network, arrays, start)
    file.write(MAGIC + (start - 16).to_bytes(8, "little"))
    file.write(json.dumps(header).encode().ljust(start - 16))
    for name, array in arrays.items():
        file.write(b"\0" * (header["arrays"][name]["at"] - file.tell()))
        file.write(array.data if array.size else b"")


def _header(network: StreetNetwork, arrays: dict[str, NDArray[Any]], start: int) -> dict[str, Any]:
    placed: dict[str, Any] = {}
    for name, array in arrays.items():
        placed[name] = {"dtype": array.dtype.str, "shape": list(array.shape), "at": start}
        start += array.nbytes + (-array.nbytes) % ALIGN
    return {
        "format": FORMAT,
        "crs": network.crs,
        "version": network.version,
        "arrays": placed,
    }


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


def open_network(path: Path) -> StreetNetwork:
    """Open a saved network, its arrays mapped read-only.

    Raises
    ------
    NotReadyError
        There is no network, an incomplete or damaged one, or one of another format.
    """
    path = Path(path)
    try:
        network = _read(path)
    except FileNotFoundError:
        raise _not_ready(
            "步行路网还没有建立", "The walking network has not been built yet"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _not_ready(
            f"步行路网读不出来：{error}", f"The walking network cannot be read: {error}"
        ) from error
    return network


def _read(path: Path) -> StreetNetwork:
    with path.open("rb") as file:
        head = file.read(16)
        if not head.startswith(MAGIC) or len(head) < 16:
            raise ValueError("no network file")
        size = int.from_bytes(head[8:], "little")
        if not 0 < size < os.fstat(file.fileno()).st_size:
            raise ValueError("the header is cut short")
        header = json.loads(file.read(size))
        if header["format"] != FORMAT:
            raise _not_ready(
                "步行路网由另一版本写成", "The walking network was written by another version"
            )
        whole = np.memmap(file, dtype=np.uint8, mode="r")
    arrays: dict[str, Any] = {name: _view(whole, header["arrays"][name]) for name in ARRAY_FIELDS}
    _require_sound(arrays)
    # Walks read these all over the place. A mapped file has small pages only, whose look-up
    # makes a walk on millions of junctions a third slower than copies in large pages.
    for name in ("arc_at", "arc_node", "arc_m"):
        if arrays[name].nbytes >= LARGE_BYTES:
            arrays[name] = np.array(arrays[name])
    return StreetNetwork(crs=str(header["crs"]), version=str(header["version"]), **arrays)


def _view(whole: NDArray[np.uint8], placed: dict[str, Any]) -> NDArray[Any]:
    if placed["dtype"] not in _KINDS:
        raise ValueError(f"unknown type {placed['dtype']}")
    kind, shape, at = np.dtype(placed["dtype"]), tuple(placed["shape"]), int(placed["at"])
    length = int(np.prod(shape, dtype=np.int64)) * kind.itemsize
    if min((*shape, at)) < 0 or at + length > len(whole):
        raise ValueError("the file is cut short")
    values: NDArray[Any] = whole[at : at + length].view(kind).reshape(shape)
    return values


def _require_sound(arrays: dict[str, Any]) -> None:
    """Refuse arrays that do not fit each other: a kernel would read foreign memory."""
    nodes, edges = len(arrays["node_x"]), len(arrays["edge_u"])
    arcs, points = len(arrays["arc_node"]), len(arrays["geom"])
    lengths = {
        "node_y": nodes, "component": nodes, "at_border": nodes, "arc_at": nodes + 1,
        "edge_v": edges, "edge_m": edges, "geom_at": edges + 1, "geom_m": points,
        "arc_edge": arcs, "arc_m": arcs,
    }  # fmt: skip
    fits = all(len(arrays[name]) == length for name, length in lengths.items())
    fits = fits and nodes > 0 and edges > 0 and arrays["geom"].shape == (points, 2)
    if not fits:
        raise ValueError("arrays differ in length")
    component = len(arrays["component_size"])
    for name, low, high in (
        ("edge_u", 0, nodes), ("edge_v", 0, nodes), ("arc_node", 0, nodes),
        ("arc_edge", -edges, edges), ("component", 0, component),
    ):  # fmt: skip
        values = arrays[name]
        if values.min() < low or values.max() >= high:
            raise ValueError(f"{name} points outside")
    for name, end, step in (("arc_at", arcs, 0), ("geom_at", points, 2)):
        at = arrays[name]
        if at[0] != 0 or at[-1] != end or (np.diff(at) < step).any():
            raise ValueError(f"{name} points outside")
