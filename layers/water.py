"""Rivers and lakes."""

import geopandas as gpd

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from layers.areas import DEMO, ID, NAME, frame_of
from layers.spec import LayerSpec, LegendItem


def build(catalog: Catalog) -> gpd.GeoDataFrame:
    """Return one feature a water body."""
    areas = catalog.water
    columns = {"id": list(areas.id), "name": list(areas.name), "demo": areas.demo.tolist()}
    return frame_of(areas, columns)


LAYER = LayerSpec(
    id="water",
    title=Label("水系", "Water"),
    geometry="Polygon",
    columns=(ID, NAME, DEMO),
    build=build,
    style={"fill": "sea"},
    legend=(LegendItem(Label("水系", "Water"), "sea", "fill"),),
)
