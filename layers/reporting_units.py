"""The 13 reporting units of the annex: 12 counties, and 海经区 where a zone draws it."""

from __future__ import annotations

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.domain.regions import REPORTING_UNITS
from geomap.domain.words import Label
from layers.areas import ID, NAME
from layers.spec import LayerSpec, LegendItem, Table


def table(catalog: Catalog) -> Table:
    """Return one feature a reporting unit that has a territory."""
    shapes = dict(zip(catalog.counties.id, catalog.counties.geometry.shapes, strict=True))
    for unit, shape in zip(catalog.zones.detail, catalog.zones.geometry.shapes, strict=True):
        if unit and unit not in shapes:
            shapes[unit] = shape
    known = [unit for unit in REPORTING_UNITS if shapes.get(unit.id) is not None]
    geometry = np.empty(len(known), dtype=object)
    geometry[:] = [shapes[unit.id] for unit in known]
    return Table({"id": [u.id for u in known], "name": [u.name for u in known]}, geometry)


LAYER = LayerSpec(
    id="reporting_units",
    title=Label("任务单位", "Reporting units"),
    description=Label("附件的 13 个任务单位", "The 13 reporting units of the annex"),
    geometry="Polygon",
    columns=(ID, NAME),
    table=table,
    style={"line": "county-line", "width": 1},
    legend=(LegendItem(Label("任务单位", "Reporting unit"), "county-line", "line"),),
    popup=("name",),
    visible=False,
)
