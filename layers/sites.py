"""Incubators: sites with what they have to let."""

from __future__ import annotations

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.catalog.convert import words_of
from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import COUNTIES, REPORTING_UNITS
from geomap.domain.words import Label, LocationPrecision, SiteLevel, Stage
from geomap.geo.mvt import PointLayer, Properties
from layers.areas import DEMO, ID, NAME
from layers.spec import Column, LayerSpec, LegendItem, Table, floats_or_none, words_or_none

_REPORTING = [unit.id for unit in REPORTING_UNITS]
_INDUSTRY_IDS = [industry.id for industry in INDUSTRIES]


def table(catalog: Catalog) -> Table:
    """Return one feature a located site: its footprint, or its point."""
    sites, rows = catalog.sites, catalog.located
    columns = {
        "id": sites.id.take(rows),
        "name": sites.name.take(rows),
        "adcode": words_or_none(sites.county[rows], [c.adcode for c in COUNTIES]),
        "reporting_unit": words_or_none(
            sites.reporting_unit[rows], [u.id for u in REPORTING_UNITS]
        ),
        "stages": [",".join(words_of(m, Stage)) for m in sites.stages[rows]],
        "industries": [",".join(words_of(m, _INDUSTRY_IDS)) for m in sites.industries[rows]],
        "level": words_or_none(sites.level[rows], SiteLevel),
        "operator": sites.operator.take(rows),
        "area_m2": floats_or_none(sites.area_m2[rows]),
        "vacant_m2": floats_or_none(sites.vacant_m2[rows]),
        "precision": words_or_none(sites.precision[rows], LocationPrecision),
        "source": sites.source.take(rows),
        "demo": sites.demo[rows],
    }
    return Table(columns, sites.geometry.shapes[rows])


def tiles(catalog: Catalog) -> PointLayer:
    """Return the sites as points, with what the map draws and labels.

    A site that is only known to its town or county is not drawn: its point is none.
    """
    sites, rows = catalog.sites, np.flatnonzero(catalog.has_door)
    columns: Properties = {
        "id": sites.id.take(rows),
        "name": sites.name.take(rows),
        "vacant_m2": np.round(sites.vacant_m2[rows]).astype(np.int64),
        "vacant_count": sites.vacant_count[rows].astype(np.int64),
        "level": words_or_none(sites.level[rows], SiteLevel),
        "demo": sites.demo[rows],
    }
    return PointLayer("sites", sites.lon[rows], sites.lat[rows], rows + 1, columns)


LAYER = LayerSpec(
    id="sites",
    title=Label("孵化载体", "Incubators"),
    description=Label("孵化器、加速器和园区", "Incubators, accelerators and parks"),
    geometry="Mixed",
    columns=(
        ID,
        NAME,
        Column("adcode", "string", Label("行政区代码", "Adcode")),
        Column("reporting_unit", "string", Label("任务单位", "Reporting unit")),
        Column("stages", "string", Label("阶段", "Stages")),
        Column("industries", "string", Label("产业", "Industries")),
        Column("level", "string", Label("级别", "Level")),
        Column("operator", "string", Label("运营机构", "Operator")),
        Column("area_m2", "number", Label("面积", "Area"), "㎡"),
        Column("vacant_m2", "number", Label("空置面积", "Vacant area"), "㎡"),
        Column("precision", "string", Label("定位精度", "Precision")),
        Column("source", "string", Label("来源", "Source")),
        DEMO,
    ),
    table=table,
    tiles=tiles,
    style={"circle": "accent"},
    legend=(
        LegendItem(Label("有空置，圆越大空置越多", "Vacant: larger is more"), "accent", "circle"),
        LegendItem(Label("不合条件", "Does not match"), "muted-line", "circle"),
    ),
    popup=("name", "operator", "level", "area_m2", "vacant_m2"),
)
