"""Walking isochrones (15分钟圈) of the sites."""

from __future__ import annotations

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from layers.spec import Column, LayerSpec, LegendItem, Table, floats_or_none


def table(catalog: Catalog) -> Table:
    """Return one feature a ring of 5, 10 and 15 minutes."""
    rings = catalog.rings
    rows = np.flatnonzero(rings.site >= 0)
    columns = {
        "site_id": catalog.sites.id.take(rings.site[rows]),
        "minutes": floats_or_none(rings.minutes[rows]),
        "profile": rings.profile.take(rows),
        "area_m2": floats_or_none(rings.area_m2[rows], 0),
        "truncated": rings.truncated[rows],
        "snapped_m": floats_or_none(rings.snapped_m[rows], 1),
        "network": rings.network.take(rows),
    }
    return Table(columns, rings.geometry.shapes[rows])


LAYER = LayerSpec(
    id="rings",
    title=Label("15分钟圈", "15-minute rings"),
    description=Label("沿街道步行到达的范围", "What is reached on foot along the streets"),
    geometry="Polygon",
    columns=(
        Column("site_id", "string", Label("载体编号", "Site id")),
        Column("minutes", "number", Label("分钟", "Minutes"), "min"),
        Column("profile", "string", Label("标准", "Profile")),
        Column("area_m2", "number", Label("面积", "Area"), "㎡"),
        Column("truncated", "boolean", Label("路网边缘截断", "Cut by the edge of the data")),
        Column("snapped_m", "number", Label("到道路的距离", "To the street"), "m"),
        Column("network", "string", Label("路网版本", "Street version")),
    ),
    table=table,
    legend=(LegendItem(Label("步行 15 分钟", "15 minutes on foot"), "accent", "line"),),
    popup=("site_id", "minutes", "area_m2"),
    visible=False,
    min_zoom=12,
)
