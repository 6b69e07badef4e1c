"""The waters of the demonstration: rivers from the hills to the sea, canals in the plains.

Courses are put in by hand where the real rivers roughly run, because no packaged data
set has them: the coast file closes the Ou estuary at 120.82°E. Banks are made up: smooth
meanders, width growing to the estuary.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator, make_interp_spline
from shapely.geometry.base import BaseGeometry

from geomap.demo.streams import line_noise, stream
from geomap.geo.crs import to_metric

F8 = NDArray[np.float64]
STEP_M = 70.0
"""Distance between two points of a centreline."""


class Course(NamedTuple):
    """A river: (longitude, latitude, width in m) from its upper to its lower end."""

    name: str
    points: tuple[tuple[float, float, float], ...]


class River(NamedTuple):
    """A named water with its polygon in metres (EPSG:4549)."""

    name: str
    geometry: BaseGeometry
    width_m: float


COURSES = (
    Course(
        "瓯江",
        (
            (119.930, 28.450, 150),
            (119.985, 28.385, 170),
            (120.055, 28.330, 190),
            (120.130, 28.262, 210),
            (120.205, 28.192, 230),
            (120.290, 28.142, 260),
            (120.340, 28.150, 280),
            (120.385, 28.158, 300),
            (120.415, 28.159, 320),
            (120.438, 28.155, 340),
            (120.461, 28.140, 360),
            (120.480, 28.144, 380),
            (120.505, 28.137, 420),
            (120.540, 28.138, 450),
            (120.557, 28.124, 480),
            (120.575, 28.110, 520),
            (120.591, 28.098, 560),
            (120.596, 28.072, 600),
            (120.597, 28.052, 650),
            (120.610, 28.035, 760),
            (120.640, 28.032, 960),
            (120.668, 28.033, 960),
            (120.700, 28.029, 840),
            (120.730, 28.026, 800),
            (120.752, 28.023, 800),
            (120.775, 28.014, 900),
            (120.795, 27.998, 1250),
            (120.808, 27.985, 1650),
            (120.822, 27.976, 2000),
            (120.830, 27.973, 2150),
        ),
    ),
    Course(
        "瓯江南支",
        (
            (120.689, 28.0285, 300),
            (120.707, 28.009, 320),
            (120.724, 27.9985, 350),
            (120.746, 27.991, 380),
            (120.769, 27.981, 420),
            (120.789, 27.979, 520),
            (120.806, 27.983, 800),
        ),
    ),
    Course(
        "飞云江",
        (
            (119.830, 27.735, 50),
            (119.900, 27.705, 90),
            (119.945, 27.684, 330),
            (119.985, 27.672, 480),
            (120.018, 27.684, 300),
            (120.040, 27.699, 110),
            (120.063, 27.712, 110),
            (120.092, 27.730, 120),
            (120.130, 27.738, 140),
            (120.170, 27.753, 150),
            (120.212, 27.765, 160),
            (120.262, 27.775, 180),
            (120.300, 27.771, 200),
            (120.342, 27.767, 220),
            (120.382, 27.777, 240),
            (120.420, 27.771, 260),
            (120.455, 27.766, 280),
            (120.490, 27.781, 320),
            (120.525, 27.788, 360),
            (120.555, 27.785, 400),
            (120.585, 27.770, 450),
            (120.615, 27.760, 520),
            (120.645, 27.758, 620),
            (120.674, 27.744, 800),
            (120.702, 27.730, 1150),
            (120.735, 27.715, 1650),
            (120.765, 27.703, 2100),
        ),
    ),
    Course(
        "鳌江",
        (
            (120.150, 27.580, 30),
            (120.220, 27.599, 55),
            (120.270, 27.604, 80),
            (120.322, 27.602, 100),
            (120.362, 27.606, 120),
            (120.402, 27.601, 140),
            (120.440, 27.594, 160),
            (120.470, 27.587, 180),
            (120.490, 27.583, 200),
            (120.507, 27.575, 220),
            (120.522, 27.587, 240),
            (120.541, 27.595, 280),
            (120.561, 27.586, 330),
            (120.585, 27.591, 420),
            (120.606, 27.590, 600),
            (120.635, 27.583, 1000),
            (120.665, 27.574, 1500),
        ),
    ),
    Course(
        "楠溪江",
        (
            (120.720, 28.520, 30),
            (120.725, 28.450, 60),
            (120.732, 28.400, 80),
            (120.740, 28.350, 110),
            (120.750, 28.310, 130),
            (120.737, 28.260, 140),
            (120.764, 28.212, 150),
            (120.746, 28.176, 160),
            (120.728, 28.140, 180),
            (120.715, 28.100, 200),
            (120.714, 28.066, 240),
            (120.717, 28.030, 320),
        ),
    ),
    Course(
        "横阳支江",
        (
            (120.255, 27.440, 25),
            (120.318, 27.476, 45),
            (120.366, 27.500, 55),
            (120.420, 27.526, 65),
            (120.464, 27.546, 75),
            (120.498, 27.562, 90),
            (120.510, 27.575, 100),
        ),
    ),
    Course(
        "清江",
        (
            (121.015, 28.345, 30),
            (121.050, 28.300, 70),
            (121.078, 28.286, 120),
            (121.102, 28.268, 220),
            (121.130, 28.255, 420),
        ),
    ),
    Course(
        "戍浦江",
        (
            (120.435, 28.025, 25),
            (120.500, 28.057, 45),
            (120.550, 28.066, 70),
            (120.596, 28.071, 100),
        ),
    ),
    Course("菇溪", ((120.445, 28.240, 20), (120.466, 28.190, 36), (120.482, 28.143, 60))),
    Course(
        "泗溪",
        (
            (120.020, 27.865, 20),
            (120.070, 27.806, 36),
            (120.104, 27.768, 46),
            (120.130, 27.738, 60),
        ),
    ),
    Course(
        "罗阳溪",
        (
            (119.655, 27.585, 20),
            (119.708, 27.548, 36),
            (119.775, 27.548, 50),
            (119.830, 27.585, 60),
            (119.875, 27.650, 90),
            (119.945, 27.684, 240),
        ),
    ),
    Course(
        "温瑞塘河",
        (
            (120.664, 28.003, 44),
            (120.661, 27.986, 50),
            (120.672, 27.966, 56),
            (120.684, 27.944, 56),
            (120.687, 27.920, 56),
            (120.681, 27.890, 56),
            (120.692, 27.862, 56),
            (120.696, 27.836, 56),
            (120.680, 27.813, 52),
            (120.656, 27.797, 50),
            (120.643, 27.776, 50),
            (120.642, 27.765, 50),
        ),
    ),
    Course(
        "瞿溪河",
        (
            (120.562, 27.980, 36),
            (120.604, 27.966, 42),
            (120.634, 27.980, 44),
            (120.661, 27.983, 44),
        ),
    ),
    Course(
        "城南内河",
        (
            (120.600, 28.004, 30),
            (120.640, 28.003, 36),
            (120.664, 28.003, 40),
            (120.692, 27.992, 40),
            (120.724, 27.9985, 40),
        ),
    ),
    Course(
        "永强塘河",
        (
            (120.792, 27.968, 40),
            (120.806, 27.936, 42),
            (120.817, 27.900, 42),
            (120.803, 27.866, 42),
            (120.788, 27.832, 38),
            (120.772, 27.800, 38),
        ),
    ),
    Course(
        "乐琯运河",
        (
            (120.972, 28.105, 40),
            (120.940, 28.076, 44),
            (120.905, 28.058, 46),
            (120.876, 28.040, 46),
            (120.848, 28.020, 46),
            (120.832, 27.992, 46),
        ),
    ),
    Course(
        "瑞平塘河",
        (
            (120.636, 27.757, 40),
            (120.626, 27.738, 40),
            (120.600, 27.712, 40),
            (120.578, 27.684, 38),
            (120.566, 27.650, 36),
            (120.556, 27.618, 36),
            (120.552, 27.594, 36),
        ),
    ),
    Course(
        "龙港内河",
        (
            (120.512, 27.572, 30),
            (120.530, 27.556, 34),
            (120.560, 27.560, 36),
            (120.592, 27.553, 38),
            (120.618, 27.530, 38),
        ),
    ),
)

ISLETS = ((120.645, 28.0315, 1150.0, 210.0, 3.0),)
"""Islands in a river: longitude, latitude, length and width in m, turn in degrees."""
WETLAND = ("三垟湿地", 120.706, 27.962, 1150.0, 720.0)


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
    return River(name, shapely.difference(lake, shapely.union_all(islets)), 300.0)


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
