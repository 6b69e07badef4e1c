"""Land against the sea."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from geomap.geo.mvt import PolygonLayer
from layers.areas import frame_of, tiles_of
from layers.spec import Column, LayerSpec

if TYPE_CHECKING:
    import geopandas as gpd


def _columns(catalog: Catalog) -> dict[str, list[object]]:
    return {"adcode": list(catalog.land.id)}


def build(catalog: Catalog) -> gpd.GeoDataFrame:
    """Return one feature a county's land, and the land around them without an adcode."""
    return frame_of(catalog.land, _columns(catalog))


def tiles(catalog: Catalog) -> PolygonLayer:
    """Return the same for the tile encoder."""
    return tiles_of("land", catalog.land, _columns(catalog))


LAYER = LayerSpec(
    id="land",
    title=Label("陆地", "Land"),
    geometry="Polygon",
    columns=(Column("adcode", "string", Label("行政区代码", "Adcode")),),
    build=build,
    tiles=tiles,
    style={"fill": "land"},
    attribution=Label(
        "海岸线 © OpenStreetMap 贡献者（ODbL，2017）", "Coast © OpenStreetMap contributors"
    ),
    tile_max_zoom=13,
)
