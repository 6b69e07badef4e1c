"""A layer as columns for the tile encoder, and cutting it into tiles.

A layer is built once; a tile then takes only the rows whose bounds touch it, so that the
encoder never sees the rest. Polygons are simplified once a zoom.
"""

from __future__ import annotations

import dataclasses
import threading
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.geo.mvt import Layer, LineLayer, PointLayer, PolygonLayer, encode_tile
from geomap.geo.tilegrid import tile_bounds_lonlat
from layers.spec import LayerSpec

Rows = NDArray[np.int64]
_BUFFER_SHARE = 64 / 4096
_SIMPLIFY_BELOW = 13
"""From this zoom on polygons are cut from their full geometry: little would be saved."""


def tile_layer(spec: LayerSpec, catalog: Catalog) -> Layer:
    """Return what the tile encoder takes; feature ids are the row numbers from 1."""
    if spec.tiles is not None:
        return spec.tiles(catalog)
    table = spec.table(catalog)
    shapes, columns = table.geometry, dict(table.values)
    ids = np.arange(1, len(table) + 1, dtype=np.int64)
    if spec.geometry == "Point":
        return PointLayer(spec.id, shapely.get_x(shapes), shapely.get_y(shapes), ids, columns)
    return PolygonLayer(spec.id, shapes, ids, columns)


class TileSource:
    """A layer with the bounds of its rows (degrees), from which tiles are cut."""

    def __init__(self, spec: LayerSpec, layer: Layer) -> None:
        self.layer = dataclasses.replace(layer, properties=_as_arrays(layer))
        self.bounds = _bounds_of(layer)
        self.from_zoom = _zooms_of(spec, self.layer)
        self._lock = threading.Lock()
        self._simple: dict[int, NDArray[np.object_]] = {}

    def __len__(self) -> int:
        return len(self.layer.ids)

    @property
    def extent(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all rows; None where there are none."""
        if not len(self):
            return None
        low, high = np.nanmin(self.bounds, axis=0), np.nanmax(self.bounds, axis=0)
        return float(low[0]), float(low[1]), float(high[2]), float(high[3])

    def rows_in(self, z: int, x: int, y: int) -> Rows:
        """Return the rows that touch a tile with its buffer and are drawn at its zoom."""
        west, south, east, north = tile_bounds_lonlat(z, x, y)
        pad_x, pad_y = (east - west) * _BUFFER_SHARE, (north - south) * _BUFFER_SHARE * 1.1
        box = self.bounds
        near = (box[:, 0] <= east + pad_x) & (box[:, 2] >= west - pad_x)
        near &= (box[:, 1] <= north + pad_y) & (box[:, 3] >= south - pad_y)
        if self.from_zoom is not None:
            near &= self.from_zoom <= z
        return np.flatnonzero(near)

    def encode(self, z: int, x: int, y: int) -> bytes:
        """Return a vector tile, empty where nothing lies in it."""
        rows = self.rows_in(z, x, y)
        return encode_tile([self._take(rows, z)], z, x, y) if len(rows) else b""

    def _take(self, rows: Rows, z: int) -> Layer:
        layer = self.layer
        common: dict[str, Any] = {
            "ids": layer.ids[rows],
            "properties": {k: np.asarray(v)[rows] for k, v in layer.properties.items()},
        }
        if isinstance(layer, PointLayer):
            return dataclasses.replace(layer, lon=layer.lon[rows], lat=layer.lat[rows], **common)
        if isinstance(layer, PolygonLayer):
            return dataclasses.replace(layer, geometries=self._shapes(z)[rows], **common)
        sizes = np.diff(layer.offsets)[rows]
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
        coords = layer.coords[np.repeat(layer.offsets[:-1][rows], sizes) + within]
        return dataclasses.replace(layer, coords=coords, offsets=offsets, **common)

    def _shapes(self, z: int) -> NDArray[np.object_]:
        """Return the polygons as fine as a zoom shows them: half a pixel, once a zoom."""
        assert isinstance(self.layer, PolygonLayer)  # noqa: S101 - asked by _take alone
        if z >= _SIMPLIFY_BELOW:
            return self.layer.geometries
        with self._lock:
            if z not in self._simple:
                tolerance = 360.0 / 2**z / 1024
                self._simple[z] = shapely.simplify(
                    self.layer.geometries, tolerance, preserve_topology=False
                )
            return self._simple[z]


def build_source(spec: LayerSpec, catalog: Catalog) -> TileSource:
    """Build a layer for cutting."""
    return TileSource(spec, tile_layer(spec, catalog))


def _as_arrays(layer: Layer) -> dict[str, NDArray[Any]]:
    return {
        name: values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
        for name, values in layer.properties.items()
    }


def _bounds_of(layer: Layer) -> NDArray[np.float64]:
    """Return west, south, east, north of every row, shape (n, 4); NaN touches no tile."""
    if isinstance(layer, PointLayer):
        return np.column_stack([layer.lon, layer.lat, layer.lon, layer.lat])
    if isinstance(layer, PolygonLayer):
        return np.asarray(shapely.bounds(layer.geometries), dtype=np.float64).reshape(-1, 4)
    if len(layer.offsets) < 2:
        return np.empty((0, 4))
    starts = layer.offsets[:-1]
    low = np.minimum.reduceat(layer.coords, starts)
    return np.column_stack([low, np.maximum.reduceat(layer.coords, starts)])


def _zooms_of(spec: LayerSpec, layer: Layer) -> NDArray[np.int8] | None:
    """Return from which zoom each row is drawn, None where all are at once."""
    if not spec.thin_by:
        return None
    values = layer.properties[spec.thin_by]
    return np.array([spec.thin_zoom.get(str(v), spec.min_zoom) for v in values], dtype=np.int8)


__all__ = ["LineLayer", "TileSource", "build_source", "tile_layer"]
