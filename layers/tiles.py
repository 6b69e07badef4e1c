"""A layer as columns for the tile encoder."""

from __future__ import annotations

import numpy as np
import shapely

from geomap.catalog.catalog import Catalog
from geomap.geo.mvt import Layer, PointLayer, PolygonLayer
from layers.spec import LayerSpec


def tile_layer(spec: LayerSpec, catalog: Catalog) -> Layer:
    """Return what the tile encoder takes; feature ids are the row numbers from 1."""
    if spec.tiles is not None:
        return spec.tiles(catalog)
    frame = spec.build(catalog)
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    columns = {name: frame[name].to_numpy() for name in spec.names}
    ids = np.arange(1, len(frame) + 1, dtype=np.int64)
    if spec.geometry == "Point":
        return PointLayer(spec.id, shapely.get_x(shapes), shapely.get_y(shapes), ids, columns)
    return PolygonLayer(spec.id, shapes, ids, columns)
