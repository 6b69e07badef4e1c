"""Rivers and lakes."""

from __future__ import annotations

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from geomap.geo.mvt import PolygonLayer
from layers.areas import DEMO, ID, NAME, table_of, tiles_of
from layers.spec import LayerSpec, LegendItem, Table


def _columns(catalog: Catalog) -> dict[str, list[object]]:
    areas = catalog.water
    return {"id": list(areas.id), "name": list(areas.name), "demo": areas.demo.tolist()}


def table(catalog: Catalog) -> Table:
    """Return one feature a water body."""
    return table_of(catalog.water, _columns(catalog))


def tiles(catalog: Catalog) -> PolygonLayer:
    """Return the same for the tile encoder."""
    return tiles_of("water", catalog.water, _columns(catalog))


LAYER = LayerSpec(
    id="water",
    title=Label("水系", "Water"),
    geometry="Polygon",
    columns=(ID, NAME, DEMO),
    table=table,
    tiles=tiles,
    style={"fill": "sea"},
    legend=(LegendItem(Label("水系", "Water"), "sea", "fill"),),
)
