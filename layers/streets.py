"""Street centrelines, for drawing."""

from __future__ import annotations

import numpy as np
import shapely

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from geomap.geo.mvt import LineLayer, Properties
from layers.areas import DEMO, ID, NAME
from layers.spec import Column, LayerSpec, Table


def table(catalog: Catalog) -> Table:
    """Return one feature a street line."""
    streets = catalog.streets
    owner = np.repeat(np.arange(len(streets)), np.diff(streets.offsets))
    columns = {
        "id": [str(i + 1) for i in range(len(streets))],
        "name": list(streets.name),
        "class": list(streets.klass),
        "bridge": streets.bridge,
        "demo": streets.demo,
    }
    lines = np.empty(len(streets), dtype=object)
    if len(streets):
        lines[:] = shapely.linestrings(streets.coords, indices=owner)
    return Table(columns, lines)


def tiles(catalog: Catalog) -> LineLayer:
    """Return the lines with class, name and bridge."""
    streets = catalog.streets
    columns: Properties = {
        "class": list(streets.klass),
        "name": list(streets.name),
        "bridge": streets.bridge,
    }
    ids = np.arange(1, len(streets) + 1)
    return LineLayer("streets", streets.coords, streets.offsets, ids, columns)


LAYER = LayerSpec(
    id="streets",
    title=Label("街道", "Streets"),
    geometry="LineString",
    columns=(
        ID,
        NAME,
        Column("class", "string", Label("等级", "Class")),
        Column("bridge", "boolean", Label("桥", "Bridge")),
        DEMO,
    ),
    table=table,
    tiles=tiles,
    style={"line": "street"},
    min_zoom=8,
    thin_by="class",
    thin_zoom={
        "motorway": 8,
        "trunk": 8,
        "primary": 9,
        "secondary": 10,
        "tertiary": 11,
        "minor": 12,
        "path": 13,
        "steps": 13,
        "ferry": 13,
    },
)
