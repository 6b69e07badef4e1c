"""A drawn polygon as GeoJSON, parsed once into a valid shape, and written back."""

from __future__ import annotations

import math
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.validation import explain_validity

from geomap.domain.errors import InputError
from geomap.domain.words import Label

MOST_VERTICES = 500
_DRAW = Label("在地图上重新画", "Draw it anew on the map")


def _refuse(field: str, zh: str, en: str, fix: Label | None = None) -> InputError:
    return InputError(Label(zh, en), fix=fix or _DRAW, field=field)


def _is_position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) in (2, 3)
        and all(
            isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n)
            for n in value
        )
        and abs(value[0]) <= 180
        and abs(value[1]) <= 90
    )


def _ring(value: Any, field: str) -> list[tuple[float, float]]:
    if not isinstance(value, list) or not all(_is_position(p) for p in value):
        raise _refuse(
            field,
            "每个点要写作 [经度, 纬度]",
            "Every point is written as [longitude, latitude]",
            Label("例如 [120.70, 27.99]，经度在前", "As in [120.70, 27.99], longitude first"),
        )
    points = [(float(p[0]), float(p[1])) for p in value]
    if len(points) < 4 or points[0] != points[-1]:
        raise _refuse(
            field,
            "一圈至少三个不同的点，最后一点和第一点相同",
            "A ring needs three different points or more, and ends where it starts",
            Label("把第一点再写在最后", "Repeat the first point at the end"),
        )
    return points


def _polygon(value: Any, field: str) -> list[list[tuple[float, float]]]:
    if not isinstance(value, list) or not value or len(value) > MOST_VERTICES:
        raise _refuse(field, "要一个由圈组成的列表", "A list of rings is needed")
    return [_ring(ring, f"{field}.{i}") for i, ring in enumerate(value)]


def parse_polygon(value: object, field: str) -> Polygon | MultiPolygon:
    """Parse a GeoJSON Polygon or MultiPolygon in EPSG:4326, of at most 500 vertices.

    Raises
    ------
    InputError
        It is none, has too many vertices, crosses itself or encloses nothing.
    """
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise _refuse(
            field,
            "要一个 GeoJSON 的 Polygon 或 MultiPolygon",
            "A GeoJSON Polygon or MultiPolygon is needed",
        )
    where, given = f"{field}.coordinates", value.get("coordinates")
    if kind == "Polygon":
        parts = [_polygon(given, where)]
    elif isinstance(given, list) and 0 < len(given) <= MOST_VERTICES:
        parts = [_polygon(part, f"{where}.{i}") for i, part in enumerate(given)]
    else:
        raise _refuse(where, "要一个多边形的列表", "A list of polygons is needed")
    vertices = sum(len(ring) for part in parts for ring in part)
    if vertices > MOST_VERTICES:
        raise _refuse(
            field,
            f"有 {vertices} 个点，最多 {MOST_VERTICES} 个",
            f"Has {vertices} vertices, at most {MOST_VERTICES}",
            Label("画得简单些", "Draw it with fewer points"),
        )
    return _valid([Polygon(part[0], part[1:]) for part in parts], kind, field)


def _valid(parts: list[Polygon], kind: str, field: str) -> Polygon | MultiPolygon:
    shape = parts[0] if kind == "Polygon" else MultiPolygon(parts)
    if not shape.is_valid:
        why = explain_validity(shape)
        crossing = "Self-intersection" in why or "Ring Self" in why
        reason = Label("多边形自己相交或重叠", "The polygon crosses or overlaps itself")
        if not crossing:
            reason = Label("多边形不成立", f"The polygon is not valid: {why[:80]}")
        fix = Label(
            "沿边界依次点各个角，线不要交叉",
            "Click the corners in order along the edge, no crossing",
        )
        raise InputError(reason, fix=fix, field=field)
    if not shape.area > 0:
        raise _refuse(field, "多边形没有面积", "The polygon encloses nothing")
    return shape


def polygon_to_json(shape: Polygon | MultiPolygon) -> dict[str, Any]:
    """Write a polygon as GeoJSON, with every digit that it was given."""
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    written = [
        [shapely.get_coordinates(ring).tolist() for ring in (part.exterior, *part.interiors)]
        for part in parts
    ]
    if isinstance(shape, MultiPolygon):
        return {"type": "MultiPolygon", "coordinates": written}
    return {"type": "Polygon", "coordinates": written[0]}
