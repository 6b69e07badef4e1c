"""Amenities (配套): six facilities and six kinds of small venues."""

from __future__ import annotations

import numpy as np
import shapely

from geomap.catalog.catalog import Catalog
from geomap.domain.words import AmenityCategory, Label
from geomap.geo.mvt import PointLayer, Properties
from layers.areas import DEMO, ID, NAME
from layers.spec import Column, LayerSpec, LegendItem, Table, words_or_none


def table(catalog: Catalog) -> Table:
    """Return one feature an amenity."""
    amenities = catalog.amenities
    columns = {
        "id": list(amenities.id),
        "name": list(amenities.name),
        "category": words_or_none(amenities.category, AmenityCategory),
        "source": list(amenities.source),
        "source_date": list(amenities.source_date),
        "demo": amenities.demo,
    }
    points = np.asarray(shapely.points(amenities.lon, amenities.lat), dtype=object)
    return Table(columns, points)


def tiles(catalog: Catalog) -> PointLayer:
    """Return the amenities as points."""
    amenities = catalog.amenities
    columns: Properties = {
        "id": list(amenities.id),
        "name": list(amenities.name),
        "category": words_or_none(amenities.category, AmenityCategory),
    }
    ids = np.arange(1, len(amenities) + 1)
    return PointLayer("amenities", amenities.lon, amenities.lat, ids, columns)


LAYER = LayerSpec(
    id="amenities",
    title=Label("配套", "Amenities"),
    geometry="Point",
    columns=(
        ID,
        NAME,
        Column("category", "string", Label("类别", "Category")),
        Column("source", "string", Label("来源", "Source")),
        Column("source_date", "string", Label("数据日期", "Date of the data")),
        DEMO,
    ),
    table=table,
    tiles=tiles,
    legend=(
        LegendItem(Label("六大配套", "Facilities"), "facility", "square"),
        LegendItem(Label("六小业态", "Small venues"), "venue", "circle"),
    ),
    popup=("name", "category"),
    min_zoom=13,
)
