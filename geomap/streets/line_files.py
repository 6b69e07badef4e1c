"""Line layers of Shapefile, GeoPackage and GeoJSON, read without trusting them."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label
from geomap.geo.crs import DeclaredCrs
from geomap.geo.geojson import parse_geometry

MAX_BYTES = 1 << 30
_EPSG = re.compile(r"EPSG:(?:[\d.]*:)?(\d{4,6})$")


class LineTable(NamedTuple):
    """Lines with their attributes; columns have lower-case names.

    `crs` is what the file says of itself, as ``EPSG:n``, "" where nothing that is known.
    """

    geometry: NDArray[np.object_]
    columns: Mapping[str, Sequence[Any]]
    crs: str = ""


def refuse_lines(path: Path, why: Label) -> InputError:
    """Return the error that says why a file of centrelines cannot be used."""
    return InputError(
        Label(f"读不了 {path.name}：{why.zh}", f"Cannot read {path.name}: {why.en}"),
        fix=Label(
            "给出 .osm.pbf，或线图层的 .shp、.zip、.gpkg、.geojson，并写明 --crs",
            "Give an .osm.pbf, or lines as .shp, .zip, .gpkg or .geojson, and say --crs",
        ),
        field="file",
    )


def read_line_table(path: Path, encoding: str | None) -> LineTable:
    """Read a file by its suffix.

    Raises
    ------
    InputError
        The file is missing, damaged, too large or of another format than its name says.
    """
    if path.suffix.lower() in (".geojson", ".json"):
        return _read_geojson(path)
    return _read_vector(path, encoding)


def _read_geojson(path: Path) -> LineTable:
    """Parse a FeatureCollection with json: GDAL would follow links inside it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise refuse_lines(path, Label("文件超过 1 GB", "it is larger than 1 GB"))
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = document["features"]
        rows = [f.get("properties") or {} for f in features]
        shapes = [_parse_shape(path, number, f) for number, f in enumerate(features, start=1)]
    except GeomapError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = Label(f"不是 GeoJSON 要素集（{error}）", f"no GeoJSON FeatureCollection ({error})")
        raise refuse_lines(path, why) from error
    names = dict.fromkeys(key for row in rows for key in row)
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    columns = {n.lower(): [row.get(n) for row in rows] for n in names}
    return LineTable(geometry, columns, _geojson_crs(document.get("crs")))


def _geojson_crs(member: Any) -> str:
    """Return the CRS that an old GeoJSON names; a link is not followed."""
    properties = member.get("properties") if isinstance(member, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    found = _EPSG.search(name)
    return f"EPSG:{int(found.group(1))}" if found else ""


def _parse_shape(path: Path, number: int, feature: dict[str, Any]) -> BaseGeometry | None:
    """Return the geometry of a feature, None where it has none or an empty one."""
    geometry = feature.get("geometry")
    if not geometry or geometry.get("coordinates") == []:
        return None
    try:
        return parse_geometry(geometry)
    except InputError as error:
        zh, en = error.reason
        raise refuse_lines(
            path, Label(f"第 {number} 个要素：{zh}", f"feature {number}: {en}")
        ) from error


def _source(path: Path) -> tuple[str, str]:
    """Return GDAL's path and the driver to name, so that nothing is guessed from content."""
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        return str(path), "GPKG"
    if suffix == ".shp":
        return str(path), "ESRI Shapefile"
    if suffix != ".zip":
        raise refuse_lines(path, Label(f"不认识 {suffix} 格式", f"{suffix} is not a known format"))
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [n for n in archive.namelist() if n.lower().endswith(".shp")]
            size = sum(item.file_size for item in archive.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        raise refuse_lines(
            path, Label(f"压缩包损坏（{error}）", f"broken archive ({error})")
        ) from error
    if len(inside) != 1 or size > MAX_BYTES:
        why = Label("压缩包里要有且只有一个 .shp，不超过 1 GB", "the archive must hold one .shp")
        raise refuse_lines(path, why)
    return f"/vsizip/{path.resolve()}/{inside[0]}", "ESRI Shapefile"


def _read_vector(path: Path, encoding: str | None) -> LineTable:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    source, driver = _source(path)
    if not path.exists():
        raise refuse_lines(path, Label("文件不存在", "no such file"))
    try:
        _require_driver(path, source, driver)
        meta, _, wkb, columns = pyogrio.raw.read(source, encoding=encoding, force_2d=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, LookupError, ValueError) as error:
        raise refuse_lines(path, Label(str(error), str(error))) from error
    names = [str(name).lower() for name in meta["fields"]]
    geometry = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"))
    return LineTable(geometry, dict(zip(names, columns, strict=True)), _epsg_of(meta["crs"]))


def _epsg_of(crs: str | None) -> str:
    """Return the EPSG code of what a layer says of itself, "" where there is none."""
    try:
        code = CRS.from_user_input(crs).to_epsg() if crs else None
    except CRSError:
        return ""
    return f"EPSG:{code}" if code else ""


def require_declared(path: Path, table: LineTable, declared: DeclaredCrs) -> None:
    """Refuse a file that says another CRS than is declared.

    A file of GCJ-02 or BD-09 says EPSG:4326, for want of a code.
    """
    degrees = ("EPSG:4326", "EPSG:4490")
    frames = not declared.name.startswith("EPSG") or declared.name in degrees
    if not table.crs or table.crs == declared.name or (table.crs in degrees and frames):
        return
    raise InputError(
        Label(
            f"声明的是 {declared.name}，{path.name} 自己写的是 {table.crs}",
            f"{declared.name} is declared, {path.name} says {table.crs}",
        ),
        fix=Label(f"用 --crs {table.crs}，或改正文件", f"Use --crs {table.crs}, or mend the file"),
        field="crs",
    )


def _require_driver(path: Path, source: str, driver: str) -> None:
    """Refuse a file whose content is of another format than its name says.

    GDAL opens by content: a VRT under another name would read any file of the machine.
    """
    import pyogrio

    heads = {"GPKG": b"SQLite format 3\x00", "ESRI Shapefile": b"\x00\x00\x27\x0a"}
    if source.startswith("/vsizip/"):
        with zipfile.ZipFile(path) as archive, archive.open(source.partition(".zip/")[2]) as file:
            head = file.read(16)
    else:
        with path.open("rb") as file:
            head = file.read(16)
    if not head.startswith(heads[driver]):
        raise refuse_lines(path, Label(f"内容不是 {driver}", f"its content is no {driver}"))
    found = pyogrio.read_info(source, layer=0)["driver"]
    if found != driver:
        raise refuse_lines(path, Label(f"内容是 {found}", f"its content is {found}"))
