"""The WebMercatorQuad tile grid (OGC 17-083r4): tiles, bounds, and degrees to tile units."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

MAX_LATITUDE = 85.0511287798066


def tile_bounds_lonlat(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """Return a tile's west, south, east, north in degrees (EPSG:4326)."""
    n = 2**z

    def latitude(row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / n))))

    return x / n * 360 - 180, latitude(y + 1), (x + 1) / n * 360 - 180, latitude(y)


def lonlat_to_unit(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    """Return x and y in 0…1 over the whole square of Web Mercator, y downwards."""
    lon = np.asarray(lon, dtype=np.float64)
    sine = np.sin(
        np.radians(np.clip(np.asarray(lat, dtype=np.float64), -MAX_LATITUDE, MAX_LATITUDE))
    )
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return lon / 360 + 0.5, y


def lonlat_to_tile_px(
    lon: ArrayLike, lat: ArrayLike, z: int, x: int, y: int, extent: int = 4096
) -> tuple[NDArray[np.float64], ...]:
    """Return positions in units of one tile (0…extent inside it, y downwards)."""
    unit_x, unit_y = lonlat_to_unit(lon, lat)
    n = 2**z
    return (unit_x * n - x) * extent, (unit_y * n - y) * extent


def tile_range(bounds: tuple[float, float, float, float], z: int) -> tuple[int, int, int, int]:
    """Return first and last column and first and last row of the tiles that touch bounds."""
    west, south, east, north = bounds
    xs, ys = lonlat_to_unit(np.array([west, east]), np.array([north, south]))
    n = 2**z
    column = np.clip(np.floor(xs * n), 0, n - 1).astype(int)
    row = np.clip(np.floor(ys * n), 0, n - 1).astype(int)
    return int(column[0]), int(column[1]), int(row[0]), int(row[1])
