"""Land against the sea."""

import geopandas as gpd

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from layers.areas import frame_of
from layers.spec import Column, LayerSpec


def build(catalog: Catalog) -> gpd.GeoDataFrame:
    """Return one feature a county's land, and the land around them without an adcode."""
    return frame_of(catalog.land, {"adcode": list(catalog.land.id)})


LAYER = LayerSpec(
    id="land",
    title=Label("陆地", "Land"),
    geometry="Polygon",
    columns=(Column("adcode", "string", Label("行政区代码", "Adcode")),),
    build=build,
    style={"fill": "land"},
    attribution=Label(
        "海岸线 © OpenStreetMap 贡献者（ODbL，2017）", "Coast © OpenStreetMap contributors"
    ),
    tile_max_zoom=13,
)
