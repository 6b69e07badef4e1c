"""Land against the sea."""

from __future__ import annotations

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from geomap.geo.mvt import PolygonLayer
from layers.areas import table_of, tiles_of
from layers.spec import Column, LayerSpec, Table


def _columns(catalog: Catalog) -> dict[str, list[object]]:
    return {"adcode": list(catalog.land.id)}


def table(catalog: Catalog) -> Table:
    """Return one feature a county's land, and the land around them without an adcode."""
    return table_of(catalog.land, _columns(catalog))


def tiles(catalog: Catalog) -> PolygonLayer:
    """Return the same for the tile encoder."""
    return tiles_of("land", catalog.land, _columns(catalog))


LAYER = LayerSpec(
    id="land",
    title=Label("陆地", "Land"),
    geometry="Polygon",
    columns=(Column("adcode", "string", Label("行政区代码", "Adcode")),),
    table=table,
    tiles=tiles,
    style={"fill": "land"},
    attribution=Label(
        "海岸线 © OpenStreetMap 贡献者（ODbL，2017）", "Coast © OpenStreetMap contributors"
    ),
    tile_max_zoom=13,
)
