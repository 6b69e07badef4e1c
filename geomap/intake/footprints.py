"""The geometry of a row in EPSG:4326: a point, or a polygon made valid."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import GeomapError
from geomap.domain.words import Label
from geomap.geo.crs import geometry_to_wgs84
from geomap.geo.validity import fix_geometry
from geomap.intake.places import Places, read_shape
from geomap.intake.rows import Row
from geomap.intake.tables import Table

MOST_DEG2 = 0.005
"""Some 54 km²: no site is larger."""


def read_footprint(
    row: Row,
    table: Table,
    places: Places,
    index: int,
    *,
    points: bool = True,
    most_deg2: float = MOST_DEG2,
) -> BaseGeometry | None:
    """Return the geometry of a row whose place was judged, None where it cannot be used.

    Parameters
    ----------
    points
        Whether a point will do; otherwise a polygon is needed.
    most_deg2
        A larger polygon is doubtful.
    """
    try:
        shape = read_shape(table, row.raw)
    except GeomapError:  # judge_place has said so
        return None
    if shape is not None and shape.geom_type == "MultiPoint":
        parts = shapely.get_parts(shape)
        shape = parts[0] if len(parts) == 1 else shape
    if points and (shape is None or shape.geom_type == "Point"):
        return shapely.Point(float(places.lon[index]), float(places.lat[index]))
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon"):
        found = shape.geom_type if shape is not None else "Point"
        wanted = Label("点或面", "a point or a polygon") if points else Label("面", "a polygon")
        row.reject(
            "geometry_type",
            Label(f"几何类型 {found} 不合适", f"a {found} does not fit"),
            fix=Label(f"用{wanted.zh}", f"use {wanted.en}"),
        )
        return None
    return _polygon(row, geometry_to_wgs84(shape, places.declared), most_deg2)


def _polygon(row: Row, shape: BaseGeometry, most_deg2: float) -> BaseGeometry | None:
    mended, wrong = fix_geometry(shape)
    if shapely.is_empty(mended) or mended.geom_type not in ("Polygon", "MultiPolygon"):
        row.reject("bad_polygon", Label(f"面无效：{wrong}", f"invalid polygon: {wrong}"))
        return None
    if wrong:
        reason = Label(f"面已修复：{wrong}", f"the polygon was mended: {wrong}")
        row.fixed("mended", reason, to=mended.geom_type)
    if mended.area > most_deg2:
        row.doubt(
            "huge_polygon",
            Label("面大得不合常理", "the polygon is unlikely large"),
            fix=Label("核对几何", "check the geometry"),
        )
    return mended
