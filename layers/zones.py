"""Functional zones, which may cross counties."""

from __future__ import annotations

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from geomap.geo.mvt import PolygonLayer
from layers.areas import DEMO, ID, NAME, table_of, tiles_of
from layers.spec import Column, LayerSpec, LegendItem, Table


def _columns(catalog: Catalog) -> dict[str, list[object]]:
    areas = catalog.zones
    return {
        "id": list(areas.id),
        "name": list(areas.name),
        "reporting_unit": list(areas.detail),
        "demo": areas.demo.tolist(),
    }


def table(catalog: Catalog) -> Table:
    """Return one feature a zone."""
    return table_of(catalog.zones, _columns(catalog))


def tiles(catalog: Catalog) -> PolygonLayer:
    """Return the same for the tile encoder."""
    return tiles_of("zones", catalog.zones, _columns(catalog))


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
    table=table,
    tiles=tiles,
    style={"line": "pipeline", "width": 1.2, "dash": [2, 2]},
    legend=(LegendItem(Label("功能区", "Functional zone"), "pipeline", "dashed"),),
    popup=("name", "reporting_unit"),
    visible=False,
    min_zoom=8,
)
