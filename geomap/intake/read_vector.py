"""Shapefile and GeoPackage by GDAL, read in the confined process.

GDAL guesses formats from content: a text that describes a virtual dataset, under any
name, would make it open other files or addresses. So the content must begin as its name
says, other drivers are left out, and the driver that answered is checked.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.intake.headers import count_known
from geomap.intake.read_text import find_encoding
from geomap.intake.reading import check_archive, refuse, unpack, write_table

_HEADS = {
    ".shp": (b"\x00\x00\x27\x0a", "ESRI Shapefile"),
    ".gpkg": (b"SQLite format 3\x00", "GPKG"),
}
_CHUNK = 20_000


def _unpack_shapefile(file: Path, folder: Path, limits: Mapping[str, int]) -> Path:
    """Unpack the one Shapefile of an archive under names of ours."""
    with check_archive(file, limits) as archive:
        names = [n for n in archive.namelist() if not n.endswith("/") and "__MACOSX" not in n]
        found = [name for name in names if name.lower().endswith(".shp")]
        if len(found) != 1:
            raise refuse(
                f"压缩包里有 {len(found)} 个 .shp，要正好一个",
                f"the archive holds {len(found)} .shp files, exactly one is needed",
                "每个图层打一个包",
                "Pack each layer on its own",
            )
        stem = found[0][:-4].lower()
        for name in names:
            ending = Path(name).suffix.lower()
            if name[: -len(ending) or None].lower() == stem and ending in (
                ".shp",
                ".shx",
                ".dbf",
                ".prj",
                ".cpg",
            ):
                unpack(archive, name, folder / f"layer{ending}", limits)
    if not (folder / "layer.dbf").exists():
        raise refuse(
            "压缩包里没有 .dbf",
            "the archive lacks the .dbf",
            "连同 .dbf、.shx 一起打包",
            "Pack the .dbf and .shx with it",
        )
    return folder / "layer.shp"


def _dbf_encoding(shape: Path, declared: str) -> tuple[str, bool]:
    """Return the encoding of a Shapefile's attributes: declared, its .cpg, or detected."""
    named = shape.with_suffix(".cpg")
    written = named.read_text("ascii", "replace").strip() if named.exists() else ""
    known = declared or {"936": "gb18030", "65001": "utf-8"}.get(written, written)
    table = shape.with_suffix(".dbf")
    body = table.with_suffix(".text")
    with table.open("rb") as stream:
        head = stream.read(32)
        size = struct.unpack("<H", head[8:10])[0] if len(head) == 32 else 0
        names = [stream.read(32)[:11].split(b"\x00")[0] for _ in range(max(0, (size - 33) // 32))]
        stream.seek(size)
        body.write_bytes(b"\n".join(names) + b"\n" + stream.read())
    encoding, detected = find_encoding(body, known if known.lower() != "system" else "")
    body.unlink()
    return encoding, detected


def _require(file: Path, suffix: str) -> None:
    head, driver = _HEADS[suffix]
    with file.open("rb") as stream:
        if not stream.read(16).startswith(head):
            raise refuse(f"内容不是 {driver}", f"its content is no {driver}")


def _layer(file: Path, kind: str) -> tuple[str, list[str]]:
    """Return the layer of a GeoPackage that fits the kind best, and the others."""
    layers = [str(name) for name, _ in pyogrio.list_layers(file)]
    if not layers:
        raise refuse("没有图层", "it holds no layer")

    def known(name: str) -> tuple[bool, int]:
        fields = pyogrio.read_info(file, layer=name)["fields"]
        return name.lower() == kind, count_known(kind, [str(f) for f in fields])

    best = max(layers[:50], key=known)
    return best, [name for name in layers if name != best]


def read_vector(
    file: Path, folder: Path, options: Mapping[str, Any], limits: Mapping[str, int]
) -> dict[str, Any]:
    """Read a Shapefile (.shp, .zip) or a layer of a GeoPackage."""
    suffix = file.suffix
    if suffix == ".zip":
        file, suffix = _unpack_shapefile(file, folder, limits), ".shp"
    _require(file, suffix)
    layer: str | int = 0
    others: list[str] = []
    encoding, detected = "utf-8", False
    if suffix == ".gpkg":
        layer, others = _layer(file, options["kind"])
    else:
        encoding, detected = _dbf_encoding(file, options.get("encoding") or "")
    info = pyogrio.read_info(file, layer=layer, encoding=encoding)
    if info["driver"] != _HEADS[suffix][1]:
        raise refuse(f"内容是 {info['driver']}", f"its content is {info['driver']}")
    if int(info["features"]) > limits["rows"]:
        raise refuse(f"超过 {limits['rows']:,} 行", f"it has more than {limits['rows']:,} rows")
    headers = [str(name) for name in info["fields"]]
    rows = _rows(file, layer, encoding, int(info["features"]))
    answer = write_table(folder, headers, rows, limits, geometry=bool(info["geometry_type"]))
    shown = encoding if suffix == ".shp" else ""
    return answer | {
        "encoding": shown,
        "detected": detected,
        "file_crs": _code(info["crs"]),
        "layer": str(layer) if others else "",
        "other_sheets": others,
    }


def _code(crs: Any) -> str:
    """Return a file's own CRS as EPSG:n where it is one, else "" (unknown)."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if not crs:
        return ""
    try:
        code = CRS.from_user_input(crs).to_epsg(min_confidence=60)
    except CRSError:
        return ""
    return f"EPSG:{code}" if code else ""


def _rows(
    file: Path, layer: str | int, encoding: str, total: int
) -> Iterator[tuple[int, list[Any], str | None]]:
    for start in range(0, max(total, 1), _CHUNK):
        _, _, wkb, columns = pyogrio.raw.read(
            file,
            layer=layer,
            encoding=encoding,
            force_2d=True,
            skip_features=start,
            max_features=_CHUNK,
        )
        texts = [_texts(column) for column in columns]
        count = len(texts[0]) if texts else (0 if wkb is None else len(wkb))
        for i in range(count):
            shape = None if wkb is None or wkb[i] is None else _hex(bytes(wkb[i]))
            yield start + i + 1, [column[i] for column in texts], shape


def _hex(wkb: bytes) -> str:
    """Return WKB as hexadecimal, after it was read once; "" where it cannot be."""
    shape: BaseGeometry | None = shapely.from_wkb(wkb, on_invalid="ignore")
    if shape is None or shapely.is_empty(shape):
        return ""
    return str(shapely.to_wkb(shape, hex=True))


def _texts(column: Any) -> list[Any]:
    if column.dtype.kind == "M":
        return [None if np.isnat(v) else str(v).replace("T", " ") for v in column]
    values: list[Any] = column.tolist()
    return values
