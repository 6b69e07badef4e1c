"""The annex's targets by reporting unit: every indicator of every year.

The figures of the record beside them are worked out by `geomap.plan.progress`, which needs
to know the day; this layer publishes what the annex prints, and nothing where it prints "-".
"""

from __future__ import annotations

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.domain.regions import REPORTING_UNITS
from geomap.domain.words import Indicator, Label, label
from layers.areas import ID, NAME
from layers.reporting_units import table as list_units
from layers.spec import Column, LayerSpec, LegendItem, Table

YEARS = (2025, 2026, 2027)
NAMES = tuple(f"{indicator.value}_{year}" for indicator in Indicator for year in YEARS)
_SPACE = tuple(f"{Indicator.SPACE.value}_{year}" for year in YEARS)


def table(catalog: Catalog) -> Table:
    """Return one feature a reporting unit that has a territory, with its 21 targets.

    Space in 10,000 m², all others as counts; NaN is no task.
    """
    units, targets = list_units(catalog), catalog.targets
    cells = zip(
        targets.reporting_unit.tolist(),
        targets.indicator.tolist(),
        targets.year.tolist(),
        targets.value.tolist(),
        strict=True,
    )
    words = list(Indicator)
    values = {
        (REPORTING_UNITS[unit].id, f"{words[code].value}_{year}"): value
        for unit, code, year, value in cells
        if unit >= 0 and code >= 0
    }
    columns = {
        name: np.array([values.get((unit, name), np.nan) for unit in units.values["id"]])
        for name in NAMES
    }
    return Table({**units.values, **columns}, units.geometry)


def _column(indicator: Indicator, year: int) -> Column:
    text = label(indicator)
    unit = "万㎡" if indicator is Indicator.SPACE else ""
    title = Label(f"{year} 年{text.zh}", f"{text.en} {year}")
    return Column(f"{indicator.value}_{year}", "number", title, unit)


LAYER = LayerSpec(
    id="plan_progress",
    title=Label("任务指标", "Plan targets"),
    description=Label(
        "附件 2 的 7 项任务指标，分年度；没有任务的为空",
        "The 7 targets of annex 2 by year; empty where there is no task",
    ),
    geometry="Polygon",
    columns=(ID, NAME, *(_column(indicator, year) for indicator in Indicator for year in YEARS)),
    table=table,
    legend=(LegendItem(Label("新增孵化空间任务", "New space asked"), "scale-3", "fill"),),
    popup=("name", *_SPACE),
    attribution=Label(
        "任务：温政办〔2025〕30号，温州市人民政府办公室",
        "Targets: Wenzhou municipal government, 温政办〔2025〕30号",
    ),
    visible=False,
)
