"""Road centrelines from Shapefile, GeoPackage or GeoJSON as ways.

Such files carry no node identities: vertices are joined where they share a 1 cm cell.
Lines that merely cross are not joined, since one may be a bridge.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label
from geomap.geo.crs import DeclaredCrs, declared_to_wgs84, metric_crs_of, parse_crs, to_metric
from geomap.geo.geojson import parse_geometry
from geomap.streets.osm import classify_way
from geomap.streets.ways import StreetClass, Ways

GRID_M = 0.01
MAX_BYTES = 1 << 30

CLASS_COLUMNS = ("highway", "fclass", "klass", "class", "roadclass", "road_class", "type", "等级")
NAME_COLUMNS = ("name", "name_zh", "roadname", "road_name", "名称", "道路名称")
BRIDGE_COLUMNS = ("bridge", "桥梁")
CHINESE_CLASS: Mapping[str, StreetClass] = {
    "高速": StreetClass.MOTORWAY,
    "快速路": StreetClass.TRUNK,
    "国道": StreetClass.TRUNK,
    "省道": StreetClass.PRIMARY,
    "主干": StreetClass.PRIMARY,
    "次干": StreetClass.SECONDARY,
    "县道": StreetClass.SECONDARY,
    "乡道": StreetClass.TERTIARY,
    "支路": StreetClass.MINOR,
    "村道": StreetClass.MINOR,
    "人行": StreetClass.PATH,
    "步道": StreetClass.PATH,
    "绿道": StreetClass.PATH,
    "台阶": StreetClass.STEPS,
    "轮渡": StreetClass.FERRY,
    "航线": StreetClass.FERRY,
}
"""Part of a Chinese class name and what it stands for, first hit wins."""


class _Table(NamedTuple):
    """Lines with their attributes; columns have lower-case names."""

    geometry: NDArray[np.object_]
    columns: Mapping[str, Sequence[Any]]


def read_line_ways(
    path: Path, crs: DeclaredCrs | str, encoding: str | None = None
) -> tuple[Ways, dict[str, int]]:
    """Read road centrelines.

    Parameters
    ----------
    path
        ``.shp``, ``.zip`` with one Shapefile, ``.gpkg`` with one line layer, ``.geojson``.
    crs
        What the coordinates are in; nothing is guessed from the file.
    encoding
        Encoding of a Shapefile's attributes, by default what its .cpg says.

    Returns
    -------
    ways
        Centrelines in EPSG:4326; a line without a known class counts as minor.
    dropped
        Lines left out, by reason: ``not_a_line``, ``too_short``, and those of `read_osm_ways`
        where the file has OSM tags as columns.

    Raises
    ------
    InputError
        The file cannot be read, holds no line, or its coordinates do not fit `crs`.
    """
    path = Path(path)
    declared = parse_crs(crs) if isinstance(crs, str) else crs
    if path.suffix.lower() in (".geojson", ".json"):
        table = _read_geojson(path)
    else:
        table = _read_vector(path, encoding)
    dropped: Counter[str] = Counter()
    rows, klass = _classify(table, dropped)
    ways = _to_ways(table, rows, klass, declared, dropped)
    if not len(ways):
        raise _refuse(path, Label("没有可用的道路中心线", "it holds no usable centreline"))
    return ways, dict(dropped)


def _refuse(path: Path, why: Label) -> InputError:
    return InputError(
        Label(f"读不了路网文件 {path.name}：{why.zh}", f"Cannot read {path.name}: {why.en}"),
        fix=Label(
            "给出 .osm.pbf，或线图层的 .shp、.zip、.gpkg、.geojson，并写明 --crs",
            "Give an .osm.pbf, or lines as .shp, .zip, .gpkg or .geojson, and say --crs",
        ),
        field="file",
    )


def _read_geojson(path: Path) -> _Table:
    """Parse a FeatureCollection with json: GDAL would follow links inside it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _refuse(path, Label("文件超过 1 GB", "it is larger than 1 GB"))
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        features = document["features"]
        rows = [f.get("properties") or {} for f in features]
        shapes = [parse_geometry(f["geometry"]) if f.get("geometry") else None for f in features]
    except GeomapError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = Label(f"不是 GeoJSON 要素集（{error}）", f"no GeoJSON FeatureCollection ({error})")
        raise _refuse(path, why) from error
    names = dict.fromkeys(key for row in rows for key in row)
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return _Table(geometry, {n.lower(): [row.get(n) for row in rows] for n in names})


def _source(path: Path) -> tuple[str, str]:
    """Return GDAL's path and the driver to name, so that nothing is guessed from content."""
    suffix = path.suffix.lower()
    if suffix == ".gpkg":
        return str(path), "GPKG"
    if suffix == ".shp":
        return str(path), "ESRI Shapefile"
    if suffix != ".zip":
        raise _refuse(path, Label(f"不认识 {suffix} 格式", f"{suffix} is not a known format"))
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [n for n in archive.namelist() if n.lower().endswith(".shp")]
            size = sum(item.file_size for item in archive.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        raise _refuse(path, Label(f"压缩包损坏（{error}）", f"broken archive ({error})")) from error
    if len(inside) != 1 or size > MAX_BYTES:
        why = Label("压缩包里要有且只有一个 .shp，不超过 1 GB", "the archive must hold one .shp")
        raise _refuse(path, why)
    return f"/vsizip/{path.resolve()}/{inside[0]}", "ESRI Shapefile"


def _read_vector(path: Path, encoding: str | None) -> _Table:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    source, driver = _source(path)
    if not path.exists():
        raise _refuse(path, Label("文件不存在", "no such file"))
    try:
        _require_driver(path, source, driver)
        meta, _, wkb, columns = pyogrio.raw.read(source, encoding=encoding, force_2d=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, LookupError, ValueError) as error:
        raise _refuse(path, Label(str(error), str(error))) from error
    names = [str(name).lower() for name in meta["fields"]]
    geometry = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"))
    return _Table(geometry, dict(zip(names, columns, strict=True)))


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
        raise _refuse(path, Label(f"内容不是 {driver}", f"its content is no {driver}"))
    found = pyogrio.read_info(source, layer=0)["driver"]
    if found != driver:
        raise _refuse(path, Label(f"内容是 {found}", f"its content is {found}"))


def _column(table: _Table, names: Sequence[str]) -> Sequence[Any] | None:
    return next((table.columns[n] for n in names if n in table.columns), None)


def _text(value: Any) -> str:
    """Return an attribute as text, "" where it is missing."""
    return "" if value is None or value != value else str(value).strip()


def _class_of(value: str, tags: Mapping[str, str]) -> tuple[StreetClass | None, str]:
    """Return the class of a line from its class column: OSM value, number or Chinese."""
    if not value:
        return StreetClass.MINOR, ""
    if value.isdigit() and int(value) < len(StreetClass):
        return StreetClass(int(value)), ""
    if value.upper() in StreetClass.__members__:
        return StreetClass[value.upper()], ""
    for part, klass in CHINESE_CLASS.items():
        if part in value:
            return klass, ""
    klass_or_none, reason = classify_way({**tags, "highway": value.lower()})
    unknown = reason == "not_a_street" and "highway" not in tags
    return (StreetClass.MINOR, "") if unknown else (klass_or_none, reason)


def _classify(table: _Table, dropped: Counter[str]) -> tuple[list[int], list[int]]:
    """Return the rows to keep and the class of each."""
    column = _column(table, CLASS_COLUMNS)
    tag_names = [n for n in ("highway", "access", "foot", "tunnel") if n in table.columns]
    rows: list[int] = []
    classes: list[int] = []
    for row in range(len(table.geometry)):
        tags = {n: _text(table.columns[n][row]) for n in tag_names}
        klass, reason = _class_of("" if column is None else _text(column[row]), tags)
        if klass is None:
            dropped[reason] += 1
            continue
        rows.append(row)
        classes.append(int(klass))
    return rows, classes


def _to_ways(
    table: _Table, rows: list[int], klass: list[int], declared: DeclaredCrs, dropped: Counter[str]
) -> Ways:
    """Split multi-lines into ways, shift to WGS84, and give vertices their identity."""
    picked = table.geometry[rows]
    lines = np.isin(shapely.get_type_id(picked), (1, 5)) & ~shapely.is_empty(picked)
    dropped["not_a_line"] += int(np.count_nonzero(~lines))
    parts, owner = shapely.get_parts(picked[lines], return_index=True)
    owner = np.flatnonzero(lines)[owner]
    coords, index = shapely.get_coordinates(parts, return_index=True)
    lon, lat = declared_to_wgs84(coords[:, 0], coords[:, 1], declared)
    if not len(lon) or not (np.abs(lon) <= 180.0).all() or not (np.abs(lat) <= 90.0).all():
        raise InputError(
            Label("坐标不在声明的坐标系里", "Coordinates do not fit the declared CRS"),
            fix=Label("检查 --crs", "Check --crs"),
            field="crs",
        )
    node_id = cell_ids(lon, lat)
    moved = np.ones(len(index), dtype=np.bool_)
    moved[1:] = (index[1:] != index[:-1]) | (node_id[1:] != node_id[:-1])
    sizes = np.bincount(index[moved], minlength=len(parts))
    whole = sizes >= 2
    dropped["too_short"] += int(np.count_nonzero(~whole))
    keep = moved & whole[index]
    names, bridges = _column(table, NAME_COLUMNS), _column(table, BRIDGE_COLUMNS)
    source = [rows[i] for i in owner[whole]]
    return Ways(
        np.column_stack([lon[keep], lat[keep]]),
        np.concatenate([[0], np.cumsum(sizes[whole])]),
        node_id[keep],
        np.array([klass[i] for i in owner[whole]], dtype=np.int8),
        ["" if names is None else _text(names[row]) for row in source],
        np.array(
            [bridges is not None and _is_bridge(bridges[row]) for row in source], dtype=np.bool_
        ),
    )


def _is_bridge(value: Any) -> bool:
    return _text(value).lower() not in ("", "0", "0.0", "f", "no", "n", "false", "否")


def cell_ids(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the identity of each vertex: equal where they lie within 1 cm.

    A plain grid would part two vertices that straddle the border of its cells, so the
    cells of a 1 mm grid are joined by distance.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    crs = metric_crs_of(float(np.median(lon)), float(np.median(lat)))
    cells = np.round(np.column_stack(to_metric(lon, lat, crs)) * 1000.0).astype(np.int64)
    unique, cell = np.unique(cells, axis=0, return_inverse=True)
    # Relative to the first cell, so that the distances are exact.
    tree = cKDTree((unique - unique[0]) / 1000.0)
    one, other = tree.query_pairs(GRID_M, output_type="ndarray").T
    size = (len(unique), len(unique))
    links = coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=size)
    labels = connected_components(links, directed=False)[1]
    return np.asarray(labels[cell.reshape(-1)], dtype=np.int64)
