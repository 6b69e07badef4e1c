"""Towns and streets (乡镇、街道) with a label point."""

from __future__ import annotations

import numpy as np
import shapely

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from layers.areas import ID, NAME
from layers.spec import Column, LayerSpec, Table


def table(catalog: Catalog) -> Table:
    """Return one feature a town whose place is known."""
    towns = catalog.towns
    rows = np.flatnonzero(np.isfinite(towns.lon))
    columns = {
        "id": towns.id.take(rows),
        "name": towns.name.take(rows),
        "adcode": towns.adcode.take(rows),
    }
    points = np.asarray(shapely.points(towns.lon[rows], towns.lat[rows]), dtype=object)
    return Table(columns, points)


LAYER = LayerSpec(
    id="places",
    title=Label("乡镇街道", "Towns"),
    geometry="Point",
    columns=(ID, NAME, Column("adcode", "string", Label("行政区代码", "Adcode"))),
    table=table,
    popup=("name",),
    attribution=Label("地点：GeoNames（CC BY 4.0）", "Places: GeoNames (CC BY 4.0)"),
    min_zoom=9,
)
