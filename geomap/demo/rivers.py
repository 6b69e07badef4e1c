"""The waters of the demonstration: rivers from the hills to the sea, canals in the plains.

Their courses come from `geomap.demo.courses`; the banks are made up: smooth meanders,
width growing to the estuary.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator, make_interp_spline
from shapely.geometry.base import BaseGeometry

from geomap.demo.courses import COURSES, ISLETS, WETLAND, Course
from geomap.demo.streams import line_noise, stream
from geomap.geo.crs import to_metric

F8 = NDArray[np.float64]
STEP_M = 70.0
"""Distance between two points of a centreline."""


class River(NamedTuple):
    """A named water with its polygon in metres (EPSG:4549)."""

    name: str
    geometry: BaseGeometry
    width_m: float


def _centreline(course: Course, rng: np.random.Generator) -> tuple[F8, F8, F8]:
    """Return x, y and width along a smooth, wandering course, every `STEP_M`."""
    lon, lat, width = np.array(course.points, dtype=np.float64).T
    x, y = to_metric(lon, lat)
    knot = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    s = np.linspace(0.0, knot[-1], max(int(knot[-1] / STEP_M), 8))
    spline = make_interp_spline(knot, np.column_stack([x, y]), k=min(3, len(x) - 1))
    middle, along = spline(s), spline(s, 1)
    side = np.column_stack([-along[:, 1], along[:, 0]])
    side /= np.linalg.norm(side, axis=1)[:, None]
    wide = PchipInterpolator(knot, width)(s)
    # Small rivers wander by their own measure; a wide one only breathes.
    reach = np.clip(30.0 + 0.5 * wide, 30.0, 90.0) * np.clip(900.0 / (wide + 300.0), 0.35, 1.0)
    ends = np.clip(np.minimum(s, s[-1] - s) / 1500.0, 0.0, 1.0)
    long_m = 1300.0 + 3.0 * float(np.median(width))
    sway = reach * ends * line_noise(rng, s, wavelength_m=long_m)
    breath = 1.0 + 0.07 * line_noise(rng, s, wavelength_m=long_m)
    at = middle + side * sway[:, None]
    return at[:, 0], at[:, 1], np.asarray(wide * breath)


def _ribbon(x: F8, y: F8, width: F8) -> BaseGeometry:
    """Return the area swept by a disk of changing size: never crosses itself at bends."""
    disks = shapely.buffer(shapely.points(x, y), width / 2.0, quad_segs=6)
    both = np.column_stack([disks[:-1], disks[1:]]).ravel()
    owner = np.repeat(np.arange(len(x) - 1), 2)
    pairs = shapely.convex_hull(shapely.multipolygons(both, indices=owner))
    whole: BaseGeometry = shapely.union_all(pairs)
    return shapely.simplify(whole, 2.5)


def blob(
    rng: np.random.Generator, x: float, y: float, along_m: float, across_m: float, turn: float
) -> BaseGeometry:
    """Return a rounded, uneven patch around a point; half axes in metres."""
    angle = np.linspace(0.0, 2.0 * np.pi, 72, endpoint=False)
    radius = np.ones(72)
    for wave in (2, 3, 5):
        radius += 0.16 / wave * np.sin(wave * angle + rng.uniform(0.0, 6.28))
    east, north = along_m * radius * np.cos(angle), across_m * radius * np.sin(angle)
    a = np.radians(turn)
    points = np.column_stack(
        [x + east * np.cos(a) - north * np.sin(a), y + east * np.sin(a) + north * np.cos(a)]
    )
    return shapely.Polygon(points)


def _wetland(rng: np.random.Generator) -> River:
    """Return a lake full of islets."""
    name, lon, lat, along, across = WETLAND
    x, y = (float(v) for v in to_metric(lon, lat))
    lake = blob(rng, x, y, along, across, 10.0)
    spots = rng.uniform(-0.8, 0.8, (26, 2)) * (along, across)
    sizes = rng.uniform(70.0, 190.0, (26, 2))
    islets = [
        blob(rng, x + dx, y + dy, a, b, rng.uniform(0, 180))
        for (dx, dy), (a, b) in zip(spots, sizes, strict=True)
    ]
    return River(name, shapely.difference(lake, shapely.union_all(islets)), 0.0)


def build_rivers(seed: int, frame: BaseGeometry) -> list[River]:
    """Build the waters that touch a frame, each as one polygon without overlaps.

    Parameters
    ----------
    seed
        Of the city.
    frame
        Where the city lies, metres (EPSG:4549); waters beyond it are left out.

    Returns
    -------
    list of River
        Polygons in metres, the most important name first.
    """
    rivers: list[River] = []
    taken: BaseGeometry = shapely.Polygon()
    for course in COURSES:
        rng = stream(seed, f"river {course.name}")
        x, y, width = _centreline(course, rng)
        shape = _ribbon(x, y, width)
        if not shape.intersects(frame):
            continue
        if course.name == "瓯江":
            for lon, lat, along, across, turn in ISLETS:
                ex, ey = (float(v) for v in to_metric(lon, lat))
                shape = shape.difference(blob(rng, ex, ey, along / 2, across / 2, turn))
        shape = shape.difference(taken)
        taken = taken.union(shape)
        rivers.append(River(course.name, shape, float(np.median(width))))
    lake = _wetland(stream(seed, "wetland"))
    if lake.geometry.intersects(frame):
        rivers.append(lake._replace(geometry=lake.geometry.difference(taken)))
    return rivers
