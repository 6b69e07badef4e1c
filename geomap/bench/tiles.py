"""Vector tiles encoded a second, beside mapbox-vector-tile where it is installed."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import shapely

from geomap.bench.measure import Result, installed, median_of, ratio
from geomap.geo.mvt import PointLayer, PolygonLayer, encode_tile
from geomap.geo.tilegrid import tile_bounds_lonlat

TILE = (12, 3421, 1711)


def sample_layers(points: int, polygons: int) -> list[Any]:
    """Return units as points and zones as round polygons of 64 sides."""
    rng = np.random.default_rng(1)
    west, south, east, north = tile_bounds_lonlat(*TILE)
    lon, lat = rng.uniform(west, east, points), rng.uniform(south, north, points)
    x, y = rng.uniform(west, east, polygons), rng.uniform(south, north, polygons)
    dots = np.asarray(shapely.points(x, y))
    shapes = np.asarray(shapely.buffer(dots, (east - west) / 12, quad_segs=16))
    ids = np.arange(max(points, polygons), dtype=np.int64)
    properties: dict[str, Any] = {
        "name": [f"演示单元 {i}" for i in range(points)],
        "area_m2": rng.uniform(20, 2000, points).round(1),
        "status": [("vacant", "leased", "held")[i % 3] for i in range(points)],
    }
    return [
        PointLayer("units", lon, lat, ids[:points], properties),
        PolygonLayer("zones", shapes, ids[:polygons], {"name": ["区"] * polygons}),
    ]


def _peer_seconds(layers: list[Any], repeats: int) -> float | None:
    if not installed("mapbox_vector_tile"):
        return None
    import mapbox_vector_tile  # type: ignore[import-untyped]

    points, areas = layers
    features = [
        {
            "geometry": shapely.Point(points.lon[i], points.lat[i]),
            "properties": {key: _plain(values[i]) for key, values in points.properties.items()},
        }
        for i in range(len(points.lon))
    ]
    shapes = [{"geometry": shape, "properties": {"name": "区"}} for shape in areas.geometries]
    both = [{"name": "units", "features": features}, {"name": "zones", "features": shapes}]
    options = {"quantize_bounds": tile_bounds_lonlat(*TILE)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its use of shapely
        return median_of(lambda: mapbox_vector_tile.encode(both, default_options=options), repeats)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def bench_encoder(*, points: int = 2000, polygons: int = 20, repeats: int = 60) -> Result:
    """Encode one tile many times on one core."""
    layers = sample_layers(points, polygons)
    seconds = median_of(lambda: encode_tile(layers, *TILE), repeats)
    peer = _peer_seconds(layers, min(repeats, 5))
    return {
        "points": points,
        "polygons": polygons,
        "bytes": len(encode_tile(layers, *TILE)),
        "tiles_per_s": round(1 / seconds, 1),
        "mapbox_vector_tile_per_s": round(1 / peer, 1) if peer else "not installed",
        "times_faster": ratio(peer, seconds, 1),
    }
