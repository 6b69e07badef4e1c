"""Crossings of centrelines that carry no shared vertex: joined only where asked for."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Lines = NDArray[np.object_]
Flags = NDArray[np.bool_]

TOUCH_DEG = 1e-7
"""An end this close to another line touches it: 1 cm, in degrees."""


def join_crossings(lines: Lines, apart: Flags) -> Lines:
    """Give lines that cross or touch a common vertex there.

    Parameters
    ----------
    lines
        LineStrings in EPSG:4326, shape (n,).
    apart
        Lines that pass over or under what they cross (bridges, tunnels), shape (n,): they
        keep their vertices, and join others at shared ones only.

    Returns
    -------
    ndarray
        The lines with the vertices that were missing, shape (n,).
    """
    rows = np.flatnonzero(~apart)
    level = lines[rows]
    one, other = shapely.STRtree(level).query(level, predicate="dwithin", distance=TOUCH_DEG)
    pairs = one < other
    one, other = one[pairs], other[pairs]
    meets = shapely.intersection(level[one], level[other])
    xy, pair = shapely.get_coordinates(meets, return_index=True)
    line = np.concatenate([one[pair], other[pair]])
    points = np.concatenate([xy, xy])
    for a, b in ((one, other), (other, one)):
        end_xy, end_of = _touching_ends(level, a, b)
        line, points = np.concatenate([line, end_of]), np.concatenate([points, end_xy])
    result = lines.copy()
    if not len(line):
        return result
    order = np.argsort(line, kind="stable")
    changed, first = np.unique(line[order], return_index=True)
    for row, part in zip(changed, np.split(points[order], first[1:]), strict=True):
        result[rows[row]] = _with_vertices(level[row], part)
    return result


def _touching_ends(
    lines: Lines, of: NDArray[np.int64], on: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the ends of lines `of` that lie on lines `on`, and the line that each lies on."""
    ends = np.concatenate([shapely.get_point(lines[of], 0), shapely.get_point(lines[of], -1)])
    target = np.concatenate([on, on])
    near = shapely.dwithin(ends, lines[target], TOUCH_DEG)
    return shapely.get_coordinates(ends[near]), target[near]


def _with_vertices(line: shapely.LineString, points: NDArray[np.float64]) -> shapely.LineString:
    """Return a line with more vertices on its way."""
    own = np.asarray(line.coords)
    steps = np.hypot(*np.diff(own, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = shapely.line_locate_point(line, shapely.points(points))
    order = np.argsort(np.concatenate([along, at]), kind="stable")
    return shapely.LineString(np.concatenate([own, points])[order])
