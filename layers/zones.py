"""Functional zones, which may cross counties."""

import geopandas as gpd

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from layers.areas import DEMO, ID, NAME, frame_of
from layers.spec import Column, LayerSpec, LegendItem


def build(catalog: Catalog) -> gpd.GeoDataFrame:
    """Return one feature a zone."""
    areas = catalog.zones
    columns = {"id": list(areas.id), "name": list(areas.name)}
    return frame_of(
        areas, columns | {"reporting_unit": list(areas.detail), "demo": areas.demo.tolist()}
    )


LAYER = LayerSpec(
    id="zones",
    title=Label("功能区", "Functional zones"),
    geometry="Polygon",
    columns=(
        ID,
        NAME,
        Column("reporting_unit", "string", Label("任务单位", "Reporting unit")),
        DEMO,
    ),
    build=build,
    style={"line": "pipeline", "width": 1.2, "dash": [2, 2]},
    legend=(LegendItem(Label("功能区", "Functional zone"), "pipeline", "dashed"),),
    popup=("name", "reporting_unit"),
    visible=False,
    min_zoom=8,
)
