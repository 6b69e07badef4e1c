"""Where the city is dense and how its streets lie: centres, villages, and a raster of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from geomap.demo.anchors import ANCHORS, HILLS, SEATS, Anchor
from geomap.demo.ground import Ground
from geomap.demo.streams import stream, wave_noise
from geomap.domain.records import Town
from geomap.geo.crs import to_metric

F8 = NDArray[np.float64]
CELL_M = 250.0
VILLAGES_PER_1000_KM2 = 40.0
APART_M = 1_900.0
"""Towns nearer than this to a centre are part of it; villages keep further off."""


@dataclass(frozen=True, slots=True)
class Centre:
    """A built-up centre in metres (EPSG:4549). `rank` 1 seat, 2 town, 3 village."""

    name: str
    adcode: str
    x: float
    y: float
    radius_m: float
    peak: float
    turn: float
    rank: int


@dataclass(frozen=True)
class Raster:
    """A field over the region on cells of `CELL_M`, row 0 in the south."""

    west: float
    south: float
    values: F8

    def at(self, x: F8, y: F8) -> F8:
        """Return the field at points by bilinear interpolation."""
        where = np.array([(y - self.south) / CELL_M, (x - self.west) / CELL_M])
        found = map_coordinates(self.values, where, order=1, mode="nearest")
        return np.asarray(found, dtype=np.float64)

    def near(self, x: float, y: float) -> float:
        """Return the field at the nearest cell; quick for one point."""
        rows, columns = self.values.shape
        row = min(max(int((y - self.south) / CELL_M + 0.5), 0), rows - 1)
        column = min(max(int((x - self.west) / CELL_M + 0.5), 0), columns - 1)
        return float(self.values[row, column])


def make_grid(ground: Ground) -> tuple[float, float, F8, F8]:
    """Return west, south and the cell centres (x, y), each of shape (rows, columns)."""
    west, south, east, north = ground.bounds
    xs = np.arange(west - CELL_M, east + 2 * CELL_M, CELL_M)
    ys = np.arange(south - CELL_M, north + 2 * CELL_M, CELL_M)
    x, y = np.meshgrid(xs, ys)
    return float(xs[0]), float(ys[0]), x, y


def hilliness(x: F8, y: F8) -> F8:
    """Return 0 in the plains to 1 deep in the hills that the frame names."""
    total = np.zeros(np.shape(x))
    for hill in HILLS:
        hx, hy = (float(v) for v in to_metric(hill.lon, hill.lat))
        a = np.radians(hill.turn)
        east, north = x - hx, y - hy
        along = (east * np.cos(a) + north * np.sin(a)) / (hill.along_km * 1000.0)
        across = (-east * np.sin(a) + north * np.cos(a)) / (hill.across_km * 1000.0)
        total = np.maximum(total, np.exp(-((along**2 + across**2) ** 2)))
    return total


def list_centres(ground: Ground, towns: Sequence[Town], seed: int) -> list[Centre]:
    """Return every centre on the dry land of a county: known ones, towns, made-up villages.

    Known centres come first, then towns that have a label point away from them, then
    villages. A county without any gets one in its middle.
    """
    centres = _known(ground, list(ANCHORS))
    placed = [t for t in towns if t.lon is not None and t.lat is not None]
    small = [Anchor(t.name, t.lon or 0.0, t.lat or 0.0, 0.6, 0.27) for t in placed]
    centres += [c for c in _known(ground, small, rank=2) if _is_free(centres, c, APART_M)]
    codes = list(ground.counties)
    for code in codes:
        if not any(c.adcode == code for c in centres):
            spot = ground.counties[code].representative_point()
            centres.append(Centre(f"{code}中心", code, spot.x, spot.y, 1800.0, 0.7, 10.0, 1))
    return centres + _villages(ground, centres, seed)


def _is_free(centres: Sequence[Centre], new: Centre, apart_m: float) -> bool:
    return all(np.hypot(c.x - new.x, c.y - new.y) > apart_m for c in centres)


def _known(ground: Ground, anchors: Sequence[Anchor], rank: int | None = None) -> list[Centre]:
    if not anchors:
        return []
    x, y = to_metric([a.lon for a in anchors], [a.lat for a in anchors])
    x, y, county = _ashore(ground, x, y)
    codes = list(ground.counties)
    return [
        Centre(
            a.name,
            codes[county[i]],
            float(x[i]),
            float(y[i]),
            a.radius_km * 1000.0,
            a.peak,
            a.turn,
            rank or (1 if a.name in SEATS else 2),
        )
        for i, a in enumerate(anchors)
        if county[i] >= 0
    ]


def _ashore(ground: Ground, x: F8, y: F8) -> tuple[F8, F8, NDArray[np.int64]]:
    """Move points that fall into water to dry land within a kilometre, and name the county."""
    x, y = x.copy(), y.copy()
    county = ground.county_at(x, y)
    for away in (250.0, 500.0, 750.0, 1000.0):
        for turn in np.linspace(0.0, 2 * np.pi, 12, endpoint=False):
            wet = np.flatnonzero(county < 0)
            try_x, try_y = x[wet] + away * np.cos(turn), y[wet] + away * np.sin(turn)
            found = ground.county_at(try_x, try_y)
            dry = found >= 0
            x[wet[dry]], y[wet[dry]], county[wet[dry]] = try_x[dry], try_y[dry], found[dry]
    return x, y, county


def _villages(ground: Ground, centres: Sequence[Centre], seed: int) -> list[Centre]:
    """Return villages on land, apart from each other and rarer in the named hills."""
    rng = stream(seed, "villages")
    west, south, east, north = ground.bounds
    tries = int((east - west) * (north - south) / 1e9 * VILLAGES_PER_1000_KM2 * 2.2) + 1
    x, y = rng.uniform(west, east, tries), rng.uniform(south, north, tries)
    keep = rng.random(tries) > 1.25 * hilliness(x, y)
    county = ground.county_at(x, y)
    size, turn = rng.uniform(0.75, 1.25, tries), rng.uniform(-35.0, 60.0, tries)
    taken = np.array([(c.x, c.y) for c in centres])
    codes = list(ground.counties)
    villages: list[Centre] = []
    for i in np.flatnonzero(keep & (county >= 0)):
        spot = np.array([x[i], y[i]])
        if np.min(np.hypot(*(taken - spot).T)) < APART_M:
            continue
        taken = np.vstack([taken, spot])
        name = f"演示村{len(villages) + 1}"
        radius, peak = 420.0 * size[i], 0.17 * size[i]
        villages.append(Centre(name, codes[county[i]], x[i], y[i], radius, peak, float(turn[i]), 3))
    return villages


def build_density(ground: Ground, centres: Sequence[Centre], seed: int) -> Raster:
    """Return how built-up each place is: 1 in the heart of the city, 0 in the wild."""
    west, south, x, y = make_grid(ground)
    empty = np.ones(x.shape)
    for c in centres:
        reach = int(2.6 * c.radius_m / CELL_M) + 1
        column, row = round((c.x - west) / CELL_M), round((c.y - south) / CELL_M)
        window = np.s_[
            max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1
        ]
        away = np.hypot(x[window] - c.x, y[window] - c.y) / c.radius_m
        empty[window] *= 1.0 - c.peak * np.exp(-(away**2))
    density = 1.0 - empty
    rough = wave_noise(stream(seed, "density"), x, y, wavelength_m=2600.0)
    density *= np.clip(1.0 + 0.22 * rough * (1.0 - density), 0.3, 1.6)
    return Raster(west, south, np.clip(density * (1.0 - 0.93 * hilliness(x, y)), 0.0, 1.0))
