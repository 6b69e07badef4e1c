"""Road centrelines from Shapefile, GeoPackage or GeoJSON as ways.

Such files carry no node identities: vertices are joined where they lie within 1 cm.
Lines that merely cross are not joined, since one may be a bridge, unless it is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.geo.crs import DeclaredCrs, declared_to_wgs84, metric_crs_of, parse_crs, to_metric
from geomap.streets.crossings import join_crossings
from geomap.streets.line_files import LineTable, read_line_table, refuse_lines, require_declared
from geomap.streets.osm import HIGHWAY_CLASS, TAG_KEYS, classify_way
from geomap.streets.ways import StreetClass, Ways, empty_ways

GRID_M = 0.01

CLASS_COLUMNS = ("highway", "fclass", "klass", "class", "roadclass", "road_class", "type", "等级")
NAME_COLUMNS = ("name", "name_zh", "roadname", "road_name", "名称", "道路名称")
BRIDGE_COLUMNS = ("bridge", "桥梁")
TUNNEL_COLUMNS = ("tunnel", "隧道")
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
CHINESE_DROPPED: Mapping[str, str] = {
    "铁路": "not_a_street",
    "地铁": "not_a_street",
    "轨道": "not_a_street",
    "河": "not_a_street",
    "水系": "not_a_street",
    "在建": "unfinished",
    "拟建": "unfinished",
    "规划": "unfinished",
    "废弃": "unfinished",
    "禁行": "no_foot",
}
"""Part of a Chinese class name that is no street to walk, and the reason; asked first."""


def read_line_ways(
    path: Path,
    crs: DeclaredCrs | str,
    encoding: str | None = None,
    *,
    node_crossings: bool = False,
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
    node_crossings
        Join lines where they cross or touch, bridges and tunnels excepted, also where
        they share no vertex.

    Returns
    -------
    ways
        Centrelines in EPSG:4326; a line without a known class counts as minor.
    dropped
        Lines left out, by reason: ``not_a_line``, ``too_short``, and those of `read_osm_ways`
        where the file has OSM tags as columns or says so in Chinese (`CHINESE_DROPPED`).

    Raises
    ------
    InputError
        The file cannot be read, holds no line, says another CRS, or its coordinates do not
        fit `crs`.
    """
    path = Path(path)
    declared = parse_crs(crs) if isinstance(crs, str) else crs
    table = read_line_table(path, encoding)
    require_declared(path, table, declared)
    dropped: Counter[str] = Counter()
    rows, klass = _classify(table, dropped)
    lines = _to_lines(table, rows, declared, dropped)
    if node_crossings:
        lines = lines._replace(shapes=join_crossings(lines.shapes, _apart(table, lines.row)))
    ways = _to_ways(table, lines, dict(zip(rows, klass, strict=True)), dropped)
    if not len(ways):
        raise refuse_lines(path, Label("没有可用的道路中心线", "it holds no usable centreline"))
    return ways, dict(dropped)


def _column(table: LineTable, names: Sequence[str]) -> Sequence[Any] | None:
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
    if value.upper() in StreetClass.__members__ and value.lower() not in HIGHWAY_CLASS:
        return StreetClass[value.upper()], ""
    for part, reason in CHINESE_DROPPED.items():
        if part in value:
            return None, reason
    for part, klass in CHINESE_CLASS.items():
        if part in value:
            return klass, ""
    klass_or_none, reason = classify_way({**tags, "highway": value.lower()})
    unknown = reason == "not_a_street" and "highway" not in tags
    return (StreetClass.MINOR, "") if unknown else (klass_or_none, reason)


def _classify(table: LineTable, dropped: Counter[str]) -> tuple[list[int], list[int]]:
    """Return the rows to keep and the class of each."""
    column = _column(table, CLASS_COLUMNS)
    tag_names = [n for n in TAG_KEYS if n in table.columns]
    tunnels = _column(table, TUNNEL_COLUMNS)
    rows: list[int] = []
    classes: list[int] = []
    for row in range(len(table.geometry)):
        tags = {n: _text(table.columns[n][row]) for n in tag_names}
        if tunnels is not None and _is_set(tunnels[row]):
            # "T" and 1 stand for OSM's "yes"; its own words (building_passage) stay.
            flag = _text(tunnels[row]).lower()
            tags["tunnel"] = "yes" if len(flag) == 1 or flag in ("true", "1.0", "是") else flag
        klass, reason = _class_of(
            "" if column is None else _text(column[row]).removesuffix(".0"), tags
        )
        if klass is None:
            dropped[reason] += 1
            continue
        rows.append(row)
        classes.append(int(klass))
    return rows, classes


class _Lines(NamedTuple):
    """Single lines in EPSG:4326, and the row of the table that each comes from."""

    shapes: NDArray[np.object_]
    row: NDArray[np.int64]


def _to_lines(
    table: LineTable, rows: list[int], declared: DeclaredCrs, dropped: Counter[str]
) -> _Lines:
    """Split multi-lines and shift them to WGS84."""
    kept = np.array(rows, dtype=np.int64)
    picked = table.geometry[kept]
    usable = np.isin(shapely.get_type_id(picked), (1, 5)) & ~shapely.is_empty(picked)
    dropped["not_a_line"] += int(np.count_nonzero(~usable))
    parts, owner = shapely.get_parts(picked[usable], return_index=True)
    coords, index = shapely.get_coordinates(parts, return_index=True)
    lon, lat = declared_to_wgs84(coords[:, 0], coords[:, 1], declared)
    if not (np.abs(lon) <= 180.0).all() or not (np.abs(lat) <= 90.0).all():
        raise InputError(
            Label("坐标不在声明的坐标系里", "Coordinates do not fit the declared CRS"),
            fix=Label("检查 --crs", "Check --crs"),
            field="crs",
        )
    shapes = np.asarray(shapely.linestrings(lon, lat, indices=index), dtype=object)
    return _Lines(shapes, kept[usable][owner])


def _apart(table: LineTable, row: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which lines pass over or under what they cross."""
    both = (_column(table, BRIDGE_COLUMNS), _column(table, TUNNEL_COLUMNS))
    columns = [column for column in both if column is not None]
    flags = [any(_is_set(column[r]) for column in columns) for r in row]
    return np.array(flags, dtype=np.bool_)


def _to_ways(
    table: LineTable, lines: _Lines, klass: Mapping[int, int], dropped: Counter[str]
) -> Ways:
    """Give vertices their identity and leave out what has no length."""
    if not len(lines.shapes):
        return empty_ways()
    coords, index = shapely.get_coordinates(lines.shapes, return_index=True)
    node_id = cell_ids(coords[:, 0], coords[:, 1])
    moved = np.ones(len(index), dtype=np.bool_)
    moved[1:] = (index[1:] != index[:-1]) | (node_id[1:] != node_id[:-1])
    sizes = np.bincount(index[moved], minlength=len(lines.shapes))
    whole = sizes >= 2
    dropped["too_short"] += int(np.count_nonzero(~whole))
    keep = moved & whole[index]
    names, bridges = _column(table, NAME_COLUMNS), _column(table, BRIDGE_COLUMNS)
    source = lines.row[whole].tolist()
    return Ways(
        coords[keep],
        np.concatenate([[0], np.cumsum(sizes[whole])]),
        node_id[keep],
        np.array([klass[row] for row in source], dtype=np.int8),
        ["" if names is None else _text(names[row]) for row in source],
        np.array([bridges is not None and _is_set(bridges[row]) for row in source], dtype=np.bool_),
    )


def _is_set(value: Any) -> bool:
    """Return whether a flag column says yes, in whatever words."""
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
