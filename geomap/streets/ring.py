"""Rings: the area reached on foot in some minutes, as polygons. Never a circle.

Points along the reached streets are spread a little way off the street onto a 25 m grid;
the zero line of what is left of the time there is the ring (marching squares, contourpy),
its grid look taken off by Chaikin's corner cutting (1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
import shapely
from numba import njit
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.geo.crs import WGS84, project_geometry
from geomap.geo.validity import fix_geometry
from geomap.streets.graph import StreetNetwork
from geomap.streets.walk import Reach

CELL_M = 25.0
STEP_M = 20.0
"""Spacing of the points along a street."""
OFF_STREET_M = 50.0
"""How far a ring reaches off its streets. Measured on Porto with amenities within 25 m of
streets: at 75 m 92.5 % of those in a ring are also listed, at 50 m 94.9 %; of the listed
ones 99.9 % lie in it either way."""
HOLE_M2 = 20_000.0
"""Smaller holes are yards of a block and are filled; larger ones (hill, lake) stay."""
SIMPLIFY_M = 8.0
MAX_MINUTES = 60.0
SPEED_KMH = 4.8

F4 = NDArray[np.float32]
F8 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RingShape:
    """One ring.

    `geometry` is a Polygon or MultiPolygon in EPSG:4326, `area_m2` is measured in the
    network's metric CRS, `truncated` says that the walk came to the edge of the data.
    """

    minutes: float
    speed_kmh: float
    geometry: BaseGeometry
    area_m2: float
    truncated: bool


def walk_limit_m(minutes: float, speed_kmh: float) -> float:
    """Return the metres walked in some minutes.

    Raises
    ------
    InputError
        Minutes are not above 0 and at most 60, or the speed is not a walking speed.
    """
    if not 0.0 < minutes <= MAX_MINUTES:
        raise InputError(
            Label(f"步行 {minutes:g} 分钟不可用", f"A walk of {minutes:g} minutes cannot be used"),
            fix=Label("分钟数要大于 0，不超过 60", "Give more than 0 and at most 60 minutes"),
            field="minutes",
        )
    if not 0.5 <= speed_kmh <= 10.0:
        raise InputError(
            Label(f"步行速度 {speed_kmh:g} 不可用", f"A walk at {speed_kmh:g} km/h cannot be used"),
            fix=Label("给出 0.5 到 10 公里/小时", "Give 0.5 to 10 km/h"),
            field="speed_kmh",
        )
    return minutes / 60.0 * speed_kmh * 1000.0


@njit(cache=True, nogil=True)
def _sample(  # type: ignore[no-untyped-def]
    edge, u_walk, v_walk, geom, geom_at, geom_m, own, offset, access, limit, step
):
    """Return points along the reached streets with the walk to each, limit included."""
    room = 1024
    x, y, walk = np.empty(room), np.empty(room), np.empty(room)
    count = 0
    for i in range(len(edge)):
        first, last = geom_at[edge[i]], geom_at[edge[i] + 1] - 1
        length = geom_m[last]
        at = first
        pieces = int(length / step) + 1
        for k in range(pieces + 1):
            along = length * k / pieces
            value = min(u_walk[i] + along, v_walk[i] + length - along)
            if edge[i] == own:
                value = min(value, access + abs(along - offset))
            if value > limit:
                continue
            while at < last - 1 and geom_m[at + 1] < along:
                at += 1
            run = geom_m[at + 1] - geom_m[at]
            part = (along - geom_m[at]) / run if run > 0.0 else 0.0
            if count == room:
                room *= 2
                x = np.append(x, np.empty(count))
                y = np.append(y, np.empty(count))
                walk = np.append(walk, np.empty(count))
            x[count] = geom[at, 0] + part * (geom[at + 1, 0] - geom[at, 0])
            y[count] = geom[at, 1] + part * (geom[at + 1, 1] - geom[at, 1])
            walk[count] = value
            count += 1
    return x[:count], y[:count], walk[:count]


@njit(cache=True, nogil=True)
def _splat(x, y, walk, limits, left, bottom, cell, rows, columns, off):  # type: ignore[no-untyped-def]
    """Return one field for each limit (ascending): below 0 where the cell is reached.

    A point ``r`` off a street point reached after ``w`` gets ``max(w + r - limit, r - off)``;
    both terms grow by a metre a metre, so linear interpolation between cells is fair.
    More than `off` before the limit the second term is the larger: there only the nearest
    street point counts, without a root for every cell. That is nearly all of a ring.
    """
    near = np.full((len(limits), rows, columns), np.inf)
    field = np.full((len(limits), rows, columns), cell)
    for i in range(len(x)):
        for k in range(len(limits)):
            rest = limits[k] - walk[i]
            if rest <= -cell:
                continue
            inner = rest >= off
            layer = near[k] if inner else field[k]
            reach = off + cell if inner else rest + cell
            low_c = max(int((x[i] - reach - left) / cell), 0)
            high_c = min(int((x[i] + reach - left) / cell) + 2, columns)
            low_r = max(int((y[i] - reach - bottom) / cell), 0)
            high_r = min(int((y[i] + reach - bottom) / cell) + 2, rows)
            for row in range(low_r, high_r):
                dy2 = (bottom + row * cell - y[i]) ** 2
                line = layer[row, low_c:high_c]
                for c in range(len(line)):
                    dx = left + (low_c + c) * cell - x[i]
                    value = dx * dx + dy2
                    if not inner:
                        value = walk[i] + np.sqrt(value) - limits[k]
                    line[c] = value if value < line[c] else line[c]
            if inner:  # and so it is for every longer limit
                break
    for k in range(len(limits)):
        for row in range(rows):
            for c in range(columns):
                nearest = near[k, row, c]
                if k > 0 and near[k - 1, row, c] < nearest:
                    nearest = near[k, row, c] = near[k - 1, row, c]
                nearest = np.sqrt(nearest) - off
                if nearest < field[k, row, c]:
                    field[k, row, c] = nearest
    return field.astype(np.float32)


def _street_points(network: StreetNetwork, reach: Reach, limit: float) -> tuple[F8, F8, F8]:
    start = reach.start
    x, y, walk = _sample(
        reach.edge,
        reach.u_walk_m,
        reach.v_walk_m,
        network.geom,
        network.geom_at,
        network.geom_m,
        start.edge,
        start.offset_m,
        start.access_m,
        limit,
        STEP_M,
    )
    # The place itself and the way to its street belong to the ring, however short the walk.
    snap = shapely.line_interpolate_point(network.lines[start.edge], start.offset_m)
    from_x, from_y = (start.x, start.y) if np.isfinite(start.x) else (snap.x, snap.y)
    part = np.linspace(0.0, 1.0, int(start.access_m // STEP_M) + 2)
    x = np.append(x, from_x + part * (snap.x - from_x))
    y = np.append(y, from_y + part * (snap.y - from_y))
    return x, y, np.append(walk, part * start.access_m)


@njit(cache=True, nogil=True)
def _chaikin(ring):  # type: ignore[no-untyped-def]
    """Cut the corners of a closed ring once: points at 1/4 and 3/4 of each side."""
    cut = np.empty((2 * len(ring) - 1, 2))
    for i in range(len(ring) - 1):
        for axis in range(2):
            a, b = ring[i, axis], ring[i + 1, axis]
            cut[2 * i, axis] = 0.75 * a + 0.25 * b
            cut[2 * i + 1, axis] = 0.25 * a + 0.75 * b
    cut[-1] = cut[0]
    return cut


def _smooth(ring: F8) -> F8 | None:
    """Take the stairs of the grid out of a closed ring; None where nothing is left of it."""
    plain = shapely.simplify(shapely.linestrings(ring), SIMPLIFY_M, preserve_topology=False)
    points = shapely.get_coordinates(plain)
    if len(points) < 4:
        return None
    smooth: F8 = _chaikin(_chaikin(points))
    return smooth


@njit(cache=True, nogil=True)
def _areas(points, at):  # type: ignore[no-untyped-def]
    """Return the area within each closed ring ``points[at[i]:at[i + 1]]`` (shoelace formula)."""
    areas = np.zeros(len(at) - 1)
    for i in range(len(areas)):
        x, y = points[at[i]]
        for k in range(at[i], at[i + 1] - 1):
            (ax, ay), (bx, by) = points[k], points[k + 1]
            areas[i] += ((ax - x) * (by - y) - (bx - x) * (ay - y)) / 2.0
    return np.abs(areas)


def _contours(field: F8) -> tuple[list[F8], list[NDArray[np.uint32]]]:
    """Return the outlines of the area below zero, in cells, and the offsets of their rings.

    The class itself: what `contourpy.contour_generator` checks first takes as long again.
    """
    rows, columns = field.shape
    x, y = np.meshgrid(np.arange(columns, dtype=np.float64), np.arange(rows, dtype=np.float64))
    no_mask: Any = None
    generator: Any = contourpy.SerialContourGenerator(
        x,
        y,
        np.asarray(field, dtype=np.float64),
        no_mask,
        corner_mask=False,
        line_type=contourpy.LineType.Separate,
        fill_type=contourpy.FillType.OuterOffset,
        quad_as_tri=False,
        z_interp=contourpy.ZInterp.Linear,
    )
    points, offsets = generator.filled(-1e9, 0.0)
    return points, offsets


def _trace(field: F8, left: float, bottom: float) -> BaseGeometry:
    """Return the area below zero as smoothed polygons, metres."""
    corner, polygons = np.array([left, bottom]), []
    for cells, at in zip(*_contours(field), strict=True):
        points = cells * CELL_M + corner
        large = _areas(points, at) >= HOLE_M2
        large[0] = True
        rings = [
            points[a:b] for (a, b), ring in zip(pairwise(at.tolist()), large, strict=True) if ring
        ]
        outline, *holes = (_smooth(ring) for ring in rings)
        if outline is not None:
            polygons.append(shapely.Polygon(outline, [h for h in holes if h is not None]))
    if not polygons:
        return shapely.Polygon()
    whole: BaseGeometry = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    # Simplifying ring by ring is quick, but rings may come to cross: mended here.
    return fix_geometry(whole)[0]


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """Keep the faces of a geometry, without the crumbs that an intersection leaves."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    faces = [p for p in parts if p.geom_type == "Polygon" and p.area > 1.0]
    return faces[0] if len(faces) == 1 else shapely.MultiPolygon(faces)


def _nest(shapes: list[BaseGeometry]) -> list[BaseGeometry]:
    """Cut each ring to the next larger one: smoothing can push a corner across."""
    nested = shapes[-1:]
    for shape in reversed(shapes[:-1]):
        inside = nested[0].covers(shape)
        nested.insert(0, shape if inside else _polygonal(shape.intersection(nested[0])))
    return nested


def ring_fields(
    network: StreetNetwork, reach: Reach, limits: Sequence[float]
) -> tuple[F8, float, float]:
    """Return the fields of some limits, shape (K, rows, columns), and their lower left corner.

    A cell is reached where its value is below zero. Cells are `CELL_M` apart.
    """
    x, y, walk = _street_points(network, reach, max(limits))
    margin = OFF_STREET_M + 2.0 * CELL_M
    left, bottom = (np.floor((v.min() - margin) / CELL_M) * CELL_M for v in (x, y))
    columns = int((x.max() + margin - left) / CELL_M) + 2
    rows = int((y.max() + margin - bottom) / CELL_M) + 2
    wanted = np.asarray(limits, dtype=np.float64)
    field = _splat(x, y, walk, wanted, left, bottom, CELL_M, rows, columns, OFF_STREET_M)
    return field, float(left), float(bottom)


def build_rings(
    network: StreetNetwork,
    reach: Reach,
    minutes: Sequence[float] = (5.0, 10.0, 15.0),
    speed_kmh: float = SPEED_KMH,
) -> list[RingShape]:
    """Build the rings of a walk, each inside the next.

    Parameters
    ----------
    network
        The network of the walk.
    reach
        A walk at least as far as the longest ring.
    minutes
        Minutes of each ring, ascending.
    speed_kmh
        Walking speed.

    Returns
    -------
    list of RingShape
        In the order of `minutes`. Empty where nothing was reached: `Reach.reason` says
        why. A ring whose street lies farther than its minutes is left out.

    Raises
    ------
    InputError
        Minutes or speed cannot be used, or the walk is shorter than the longest ring.
    """
    limits = [walk_limit_m(m, speed_kmh) for m in minutes]
    if sorted(limits) != limits or not limits or limits[-1] > reach.limit_m * 1.000001:
        raise InputError(
            Label("分钟数要从小到大，且不超过步行范围", "Minutes must ascend within the walk"),
            field="minutes",
        )
    asked = [(m, far) for m, far in zip(minutes, limits, strict=True) if far > reach.start.access_m]
    if reach.empty or not asked:
        return []
    field, left, bottom = ring_fields(network, reach, [far for _, far in asked])
    shapes = _nest([_trace(layer, left, bottom) for layer in field])
    return [
        RingShape(
            m,
            speed_kmh,
            project_geometry(shape, network.crs, WGS84),
            float(shape.area),
            is_truncated(network, reach, far),
        )
        for (m, far), shape in zip(asked, shapes, strict=True)
        if not shape.is_empty
    ]


def is_truncated(network: StreetNetwork, reach: Reach, limit_m: float) -> bool:
    """Return whether a walk of `limit_m` comes to a junction at the edge of the data."""
    return bool(network.at_border[reach.node[reach.walk_m <= limit_m]].any())
