"""County join of many points, beside a plain STRtree query in the same run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.bench.measure import Result, median_of, once, ratio
from geomap.geo.join import join_points

F8 = NDArray[np.float64]


def round_counties(count: int = 12, sides: int = 1024) -> list[BaseGeometry]:
    """Return made-up counties of many vertices, side by side in a box of degrees."""
    rng = np.random.default_rng(6)
    seeds = shapely.MultiPoint(rng.uniform((120.0, 27.2), (121.2, 28.5), (count, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds))
    box = shapely.box(120.0, 27.2, 121.2, 28.5)
    step = box.length / sides
    return [shapely.segmentize(shapely.intersection(cell, box), step) for cell in cells]


def bench_join(
    polygons: Sequence[BaseGeometry], *, points: int = 1_000_000, repeats: int = 3
) -> Result:
    """Join random points to polygons."""
    rng = np.random.default_rng(2)
    west, south, east, north = shapely.total_bounds(np.array(polygons, dtype=object))
    x, y = rng.uniform(west, east, points), rng.uniform(south, north, points)
    seconds = median_of(lambda: join_points(polygons, x, y), repeats)
    found = join_points(polygons, x, y)
    part = slice(0, max(points // 10, 1))
    tree, pairs = once(lambda: _tree_join(polygons, x[part], y[part]))
    scale = points / (part.stop - part.start)
    firsts = np.full(part.stop, len(polygons), dtype=np.int64)
    np.minimum.at(firsts, pairs[0], pairs[1])
    firsts[firsts == len(polygons)] = -1
    return {
        "points": points,
        "polygons": len(polygons),
        "vertices": int(shapely.get_num_coordinates(np.array(polygons, dtype=object)).sum()),
        "seconds": round(seconds, 3),
        "strtree_s": round(tree * scale, 3),
        "strtree_measured_on": part.stop,
        "times_faster": ratio(tree * scale, seconds, 1),
        "points_that_differ": int(np.count_nonzero(firsts != found[part])),
    }


def _tree_join(polygons: Sequence[BaseGeometry], x: F8, y: F8) -> NDArray[np.int64]:
    pairs: NDArray[np.int64] = shapely.STRtree(list(polygons)).query(
        shapely.points(x, y), "intersects"
    )
    return pairs
