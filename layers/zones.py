"""Functional zones, which may cross counties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from geomap.geo.mvt import PolygonLayer
from layers.areas import DEMO, ID, NAME, frame_of, tiles_of
from layers.spec import Column, LayerSpec, LegendItem

if TYPE_CHECKING:
    import geopandas as gpd


def _columns(catalog: Catalog) -> dict[str, list[object]]:
    areas = catalog.zones
    return {
        "id": list(areas.id),
        "name": list(areas.name),
        "reporting_unit": list(areas.detail),
        "demo": areas.demo.tolist(),
    }


def build(catalog: Catalog) -> gpd.GeoDataFrame:
    """Return one feature a zone."""
    return frame_of(catalog.zones, _columns(catalog))


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
    build=build,
    tiles=tiles,
    style={"line": "pipeline", "width": 1.2, "dash": [2, 2]},
    legend=(LegendItem(Label("功能区", "Functional zone"), "pipeline", "dashed"),),
    popup=("name", "reporting_unit"),
    visible=False,
    min_zoom=8,
)
