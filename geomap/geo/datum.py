"""GCJ-02 and BD-09, the shifted datums of Chinese web maps, to and from WGS84.

The forward formulas are the ones that public converters share (a shift computed on the
Krasovsky 1940 ellipsoid). They have no closed inverse: it is found by fixed-point
iteration, of which three rounds reach 0.2 mm at Wenzhou. All functions take and return
arrays of longitude and latitude in degrees; a scalar is an array of no dimension.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Degrees = NDArray[np.float64]
Shift = Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]

_AXIS_M = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
_ROUNDS = 3


def _waves(x: Degrees, first: float, terms: tuple[tuple[float, float], ...]) -> Degrees:
    """Sum ``amplitude × sin(x·π/divisor)`` of the shift's three wave groups."""
    total = first * np.sin(6 * np.pi * x) + first * np.sin(2 * np.pi * x)
    for amplitude, divisor in terms:
        total = total + amplitude * np.sin(x * np.pi / divisor)
    return np.asarray(total * 2.0 / 3.0)


def _offset(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Return the GCJ-02 shift at a WGS84 point, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    root, common = np.sqrt(np.abs(x)), _waves(x, 20.0, ())
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east = east + _waves(x, 0.0, ((20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north = north + _waves(y, 0.0, ((20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))
    phi = np.radians(lat)
    squash = 1.0 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian = _AXIS_M * (1.0 - _ECCENTRICITY2) / squash**1.5
    parallel = _AXIS_M / np.sqrt(squash) * np.cos(phi)
    return np.degrees(east / parallel), np.degrees(north / meridian)


def _as_arrays(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _invert(forward: Shift, lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    guess_lon, guess_lat = lon, lat
    for _ in range(_ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - there_lon, guess_lat + lat - there_lat
    return guess_lon, guess_lat


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Shift WGS84 degrees to GCJ-02."""
    lon, lat = _as_arrays(lon, lat)
    east, north = _offset(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Undo the GCJ-02 shift (to 0.2 mm at Wenzhou)."""
    return _invert(wgs84_to_gcj02, *_as_arrays(lon, lat))


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Shift GCJ-02 degrees to BD-09."""
    lon, lat = _as_arrays(lon, lat)
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Undo the BD-09 shift down to GCJ-02."""
    return _invert(gcj02_to_bd09, *_as_arrays(lon, lat))


def wgs84_to_bd09(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Shift WGS84 degrees to BD-09."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Undo the BD-09 shift down to WGS84."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
