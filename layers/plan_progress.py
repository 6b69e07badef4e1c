"""The annex's targets by reporting unit, next to what the record shows.

The figures of the record are worked out by `geomap.plan.progress`; this layer publishes
the targets of one year's new space, the annex's first indicator, with the unit's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.domain.regions import REPORTING_UNITS
from geomap.domain.words import Indicator, Label
from layers.areas import ID, NAME
from layers.reporting_units import build as build_units
from layers.spec import Column, LayerSpec, LegendItem

if TYPE_CHECKING:
    import geopandas as gpd

YEARS = (2025, 2026, 2027)
_SPACE = list(Indicator).index(Indicator.SPACE)


def build(catalog: Catalog) -> gpd.GeoDataFrame:
    """Return one feature a reporting unit, with its space targets in 10,000 m²."""
    frame, targets = build_units(catalog), catalog.targets
    place = {unit.id: i for i, unit in enumerate(REPORTING_UNITS)}
    for year in YEARS:
        chosen = (targets.year == year) & (targets.indicator == _SPACE)
        values = np.full(len(REPORTING_UNITS), np.nan)
        values[targets.reporting_unit[chosen]] = targets.value[chosen]
        frame[f"space_{year}"] = [values[place[unit]] for unit in frame["id"]]
    return frame[["id", "name", *(f"space_{year}" for year in YEARS), "geometry"]]


LAYER = LayerSpec(
    id="plan_progress",
    title=Label("任务指标", "Plan targets"),
    description=Label("三年新增孵化空间任务", "New incubation space asked of each unit"),
    geometry="Polygon",
    columns=(
        ID,
        NAME,
        *(
            Column(
                f"space_{year}",
                "number",
                Label(f"{year} 年新增孵化空间", f"New incubation space {year}"),
                "万㎡",
            )
            for year in YEARS
        ),
    ),
    build=build,
    legend=(LegendItem(Label("新增孵化空间任务", "New space asked"), "scale-3", "fill"),),
    popup=("name", *(f"space_{year}" for year in YEARS)),
    attribution=Label("任务：温州市人民政府办公室", "Targets: Wenzhou municipal government"),
    visible=False,
)
