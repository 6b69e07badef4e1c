"""Polygons of the catalog as frames, shared by the area layers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.columns import AreaColumns
from geomap.domain.words import Label
from geomap.geo.mvt import PolygonLayer
from layers.spec import Column, Table

ID = Column("id", "string", Label("编号", "Id"))
NAME = Column("name", "string", Label("名称", "Name"))
DEMO = Column("demo", "boolean", Label("演示数据", "Demonstration data"))


def _drawn(areas: AreaColumns) -> NDArray[np.int64]:
    """Return the rows that have a geometry."""
    shapes = areas.geometry.shapes
    return np.array([i for i, shape in enumerate(shapes) if shape is not None], dtype=np.int64)


def tiles_of(name: str, areas: AreaColumns, columns: dict[str, list[object]]) -> PolygonLayer:
    """Return the areas for the tile encoder; ids are the rows of their frame, from 1."""
    rows = _drawn(areas)
    chosen = {column: [values[i] for i in rows] for column, values in columns.items()}
    return PolygonLayer(name, areas.geometry.shapes[rows], np.arange(1, len(rows) + 1), chosen)


def table_of(areas: AreaColumns, columns: dict[str, list[object]]) -> Table:
    """Return the areas that have a geometry, with columns of their own."""
    rows = _drawn(areas)
    chosen = {name: [values[i] for i in rows] for name, values in columns.items()}
    return Table(chosen, areas.geometry.shapes[rows])
