"""GeoJSON geometry (RFC 7946): untrusted in, exact out.

Parsed by hand, never by GDAL, which follows a ``crs`` link to the network.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import InputError
from geomap.domain.words import Label

_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


def _refuse(zh: str, en: str) -> InputError:
    fix = Label(
        "按 RFC 7946 写几何，经度在前", "Write the geometry after RFC 7946, longitude first"
    )
    return InputError(Label(zh, en), fix=fix, field="geometry")


def _position(value: Any) -> tuple[float, float]:
    numbers = isinstance(value, list | tuple) and 2 <= len(value) <= 4
    if not numbers or not all(type(n) in (int, float) for n in value):
        raise _refuse("坐标必须是数字对", "A position must be two numbers")
    if not all(math.isfinite(n) for n in value[:2]):
        raise _refuse("坐标不是有限的数", "A coordinate is not finite")
    return float(value[0]), float(value[1])


def _nested(value: Any, depth: int, budget: list[int]) -> Any:
    """Read nested positions; `budget[0]` counts down the vertices that are allowed."""
    if depth == 0:
        budget[0] -= 1
        if budget[0] < 0:
            raise _refuse("几何的顶点太多", "The geometry has too many vertices")
        return _position(value)
    if not isinstance(value, list | tuple):
        raise _refuse("坐标嵌套不对", "Coordinates are nested wrongly")
    return [_nested(item, depth - 1, budget) for item in value]


def _polygon(rings: Any) -> shapely.Polygon:
    if not rings or any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        raise _refuse("面的环要闭合且不少于四点", "Polygon rings must close and have four points")
    return shapely.Polygon(rings[0], rings[1:])


def _line(points: Any) -> shapely.LineString:
    if len(points) < 2:
        raise _refuse("线至少要两个点", "A line needs two points")
    return shapely.LineString(points)


_MAKE: dict[str, Callable[[Any], BaseGeometry]] = {
    "Point": shapely.Point,
    "MultiPoint": shapely.MultiPoint,
    "LineString": _line,
    "MultiLineString": lambda lines: shapely.MultiLineString([_line(line) for line in lines]),
    "Polygon": _polygon,
    "MultiPolygon": lambda parts: shapely.MultiPolygon([_polygon(part) for part in parts]),
}


def parse_geometry(obj: object, *, max_vertices: int = 100_000) -> BaseGeometry:
    """Parse one GeoJSON geometry object; heights are dropped.

    Raises
    ------
    InputError
        It is not a geometry of a known type with finite, rightly nested coordinates.
    """
    kind = obj.get("type") if isinstance(obj, dict) else None
    if not isinstance(obj, dict) or not isinstance(kind, str) or kind not in _MAKE:
        raise _refuse(f"几何类型 {kind!r} 不支持", f"Geometry type {kind!r} is not supported")
    coordinates = _nested(obj.get("coordinates"), _DEPTH[kind], [max_vertices])
    if not coordinates:
        raise _refuse("几何是空的", "The geometry is empty")
    return _MAKE[kind](coordinates)


def geometry_to_geojson(geometry: BaseGeometry | None, digits: int = 6) -> dict[str, Any] | None:
    """Return a geometry as a GeoJSON object, rounded (6 digits are 0.1 m), right-handed."""
    if geometry is None or shapely.is_empty(geometry):
        return None
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return _polygons_to_geojson(shapely.orient_polygons(geometry), digits)

    def rounded(coords: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
        return np.round(coords, digits)

    mapping = shapely.geometry.mapping(shapely.transform(geometry, rounded))
    return dict(mapping)


def _polygons_to_geojson(geometry: BaseGeometry, digits: int) -> dict[str, Any]:
    """Return polygons as a GeoJSON object, all coordinates at once: rings are long."""
    _, coords, (ring_at, face_at, *_) = shapely.to_ragged_array([geometry], include_z=False)
    points = np.round(coords, digits).tolist()
    rings = [points[a:b] for a, b in itertools.pairwise(ring_at.tolist())]
    faces = [rings[a:b] for a, b in itertools.pairwise(face_at.tolist())]
    several = geometry.geom_type == "MultiPolygon"
    return {"type": geometry.geom_type, "coordinates": faces if several else faces[0]}
