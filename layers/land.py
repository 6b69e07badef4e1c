"""Land against the sea."""

import geopandas as gpd

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from layers.areas import ID, frame_of
from layers.spec import LayerSpec


def build(catalog: Catalog) -> gpd.GeoDataFrame:
    """Return the land polygons."""
    return frame_of(catalog.land, {"id": list(catalog.land.id)})


LAYER = LayerSpec(
    id="land",
    title=Label("陆地", "Land"),
    geometry="Polygon",
    columns=(ID,),
    build=build,
    style={"fill": "land"},
    attribution=Label(
        "海岸线 © OpenStreetMap 贡献者（ODbL，2017）", "Coast © OpenStreetMap contributors"
    ),
    tile_max_zoom=13,
)
