"""Polygons of the catalog as frames, shared by the area layers."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from geomap.catalog.columns import AreaColumns
from geomap.domain.words import Label
from layers.spec import Column, make_frame

ID = Column("id", "string", Label("编号", "Id"))
NAME = Column("name", "string", Label("名称", "Name"))
DEMO = Column("demo", "boolean", Label("演示数据", "Demonstration data"))


def frame_of(areas: AreaColumns, columns: dict[str, list[object]]) -> gpd.GeoDataFrame:
    """Return the areas that have a geometry, with columns of their own."""
    shapes = areas.geometry.shapes
    rows = np.array([i for i, shape in enumerate(shapes) if shape is not None], dtype=np.int64)
    chosen = {name: [values[i] for i in rows] for name, values in columns.items()}
    return make_frame(chosen, shapes[rows])
