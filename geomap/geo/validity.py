"""Validity of geometry from outside: mended with a note, or refused."""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import InputError
from geomap.domain.words import Label


def _keep_dimension(mended: BaseGeometry, dimension: int) -> BaseGeometry:
    """Drop the lower-dimensional crumbs that mending a polygon can leave behind."""
    if mended.geom_type != "GeometryCollection":
        return mended
    parts = shapely.get_parts(mended)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])


def fix_geometry(geometry: BaseGeometry) -> tuple[BaseGeometry, str]:
    """Return a valid geometry of the same dimension, and what was wrong ("" = nothing).

    ``method="structure"`` is bounded: GEOS's default method took over a minute on a
    zigzag of 401 vertices.
    """
    if shapely.is_valid(geometry):
        return geometry, ""
    reason = str(shapely.is_valid_reason(geometry))
    mended = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    return _keep_dimension(mended, int(shapely.get_dimensions(geometry))), reason


def require_valid(geometry: BaseGeometry, *, field: str = "geometry") -> BaseGeometry:
    """Return the geometry, or refuse it with the place of its fault.

    Raises
    ------
    InputError
        The geometry is empty or invalid.
    """
    if shapely.is_empty(geometry) or not shapely.is_valid(geometry):
        why = "empty" if shapely.is_empty(geometry) else shapely.is_valid_reason(geometry)
        raise InputError(
            Label(f"几何无效：{why}", f"Invalid geometry: {why}"),
            fix=Label("在 GIS 里修复几何后再导入", "Repair the geometry in a GIS first"),
            field=field,
        )
    return geometry
