"""Speed of the tile encoder and of the county join, beside a peer in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.geo.join import join_points
from geomap.geo.mvt import PointLayer, PolygonLayer, encode_tile
from geomap.geo.tilegrid import tile_bounds_lonlat


def median_seconds(action: Callable[[], object], rounds: int) -> float:
    """Return the median wall time of `action` over some rounds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def _sample_layers(points: int, polygons: int, tile: tuple[int, int, int]) -> list[Any]:
    rng = np.random.default_rng(1)
    west, south, east, north = tile_bounds_lonlat(*tile)
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


def _peer_seconds(layers: list[Any], tile: tuple[int, int, int]) -> float | None:
    try:
        import mapbox_vector_tile  # type: ignore[import-untyped]
    except ImportError:
        return None
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
    options = {"quantize_bounds": tile_bounds_lonlat(*tile)}
    return median_seconds(
        lambda: mapbox_vector_tile.encode(both, default_options=options), rounds=3
    )


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def bench_tiles(*, points: int = 2000, polygons: int = 20, rounds: int = 60) -> dict[str, Any]:
    """Encode one tile many times on one core; compare with mapbox-vector-tile if installed."""
    tile = (12, 3421, 1711)
    layers = _sample_layers(points, polygons, tile)
    seconds = median_seconds(lambda: encode_tile(layers, *tile), rounds)
    peer = _peer_seconds(layers, tile)
    return {
        "points": points,
        "polygons": polygons,
        "bytes": len(encode_tile(layers, *tile)),
        "tiles_per_s": round(1 / seconds, 1),
        "mapbox_vector_tile_per_s": round(1 / peer, 1) if peer else None,
        "ratio": round(peer / seconds, 1) if peer else None,
    }


def bench_join(polygons: list[BaseGeometry], *, points: int = 1_000_000) -> dict[str, Any]:
    """Join random points to polygons; compare with an STRtree query in the same run."""
    rng = np.random.default_rng(2)
    west, south, east, north = shapely.total_bounds(np.array(polygons, dtype=object))
    x, y = rng.uniform(west, east, points), rng.uniform(south, north, points)
    seconds = median_seconds(lambda: join_points(polygons, x, y), rounds=3)
    sample = slice(0, points // 10)
    peer = median_seconds(lambda: _tree_join(polygons, x[sample], y[sample]), rounds=1) * 10
    return {
        "points": points,
        "polygons": len(polygons),
        "seconds": round(seconds, 3),
        "strtree_seconds_estimated": round(peer, 3),
        "ratio": round(peer / seconds, 1),
    }


def _tree_join(
    polygons: list[BaseGeometry], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.int64]:
    pairs: NDArray[np.int64] = shapely.STRtree(polygons).query(shapely.points(x, y), "intersects")
    return pairs
