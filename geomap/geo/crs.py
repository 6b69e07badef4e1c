"""Coordinate reference systems: the metric one of a place, and the declared one of a file.

Everything is stored in EPSG:4326 with longitude first. CGCS2000 (EPSG:4490) agrees with
it to centimetres here and is taken as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.geo import datum

WGS84 = "EPSG:4326"
METRIC_EPSG = "EPSG:4549"
"""CGCS2000 / 3-degree Gauss-Krüger, central meridian 120°E: metres at Wenzhou."""

_METRIC_BOX = (119.5, 26.9, 121.6, 28.7)
_NAMED = ("wgs84", "cgcs2000", "gcj02", "bd09")
Metres = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DeclaredCrs:
    """What an import says its coordinates are in: one of four names, or an EPSG code."""

    name: str

    @property
    def geographic(self) -> bool:
        """Whether coordinates are longitude and latitude in degrees."""
        return self.name in _NAMED or bool(CRS.from_user_input(self.name).is_geographic)


def metric_crs_of(lon: float, lat: float) -> str:
    """Return the CRS to measure metres in around a point: 4549 at Wenzhou, else its UTM zone."""
    west, south, east, north = _METRIC_BOX
    if west <= lon <= east and south <= lat <= north:
        return METRIC_EPSG
    zone = int((lon + 180.0) // 6.0) % 60 + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> Transformer:
    """Return what PROJ does between two CRS.

    pyproj opens a transformer anew in every thread, which takes 40–55 ms of looking in
    PROJ's database; the steps that were found there once open in 0.2 ms. Where PROJ
    chooses by place among several operations it tells no steps, and the pair stays.
    """
    found = Transformer.from_crs(source, target, always_xy=True)
    steps = found.definition
    return Transformer.from_pipeline(steps) if steps.startswith("proj=pipeline") else found


def _transform(x: ArrayLike, y: ArrayLike, source: str, target: str) -> tuple[Metres, Metres]:
    arrays = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    out_x, out_y = _transformer(source, target).transform(*arrays)
    return np.asarray(out_x), np.asarray(out_y)


def to_metric(lon: ArrayLike, lat: ArrayLike, crs: str = METRIC_EPSG) -> tuple[Metres, Metres]:
    """Project degrees (EPSG:4326) to metres of `crs`, as float64 arrays (x east, y north)."""
    return _transform(lon, lat, WGS84, crs)


def from_metric(x: ArrayLike, y: ArrayLike, crs: str = METRIC_EPSG) -> tuple[Metres, Metres]:
    """Turn metres of `crs` back into degrees (EPSG:4326)."""
    return _transform(x, y, crs, WGS84)


def project_geometry(geometry: BaseGeometry, source: str, target: str) -> BaseGeometry:
    """Return a geometry (or an array of them) moved from one CRS to another."""

    def move(coords: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(_transform(coords[:, 0], coords[:, 1], source, target))

    return shapely.transform(geometry, move)


def parse_crs(text: str) -> DeclaredCrs:
    """Parse ``wgs84 | cgcs2000 | gcj02 | bd09 | EPSG:n``.

    Raises
    ------
    InputError
        The text names no CRS that is known.
    """
    name = text.strip().lower()
    if name in _NAMED:
        return DeclaredCrs(name)
    code = name.removeprefix("epsg:")
    if name.startswith("epsg:") and code.isdigit() and len(code) <= 6:
        try:
            CRS.from_epsg(int(code))
        except CRSError:
            pass
        else:
            return DeclaredCrs(f"EPSG:{code}")
    raise InputError(
        Label(f"坐标系 {text!r} 不认识", f"Unknown coordinate reference system {text!r}"),
        fix=Label(
            "写明 --crs wgs84、cgcs2000、gcj02（高德、腾讯）、bd09（百度）或 EPSG:n",
            "Say --crs wgs84, cgcs2000, gcj02 (Amap, Tencent), bd09 (Baidu) or EPSG:n",
        ),
        field="crs",
    )


def declared_to_wgs84(
    x: ArrayLike, y: ArrayLike, declared: DeclaredCrs
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn declared coordinates (x east or longitude first) into WGS84 degrees."""
    if declared.name in ("wgs84", "cgcs2000"):
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if declared.name == "gcj02":
        return datum.gcj02_to_wgs84(x, y)
    if declared.name == "bd09":
        return datum.bd09_to_wgs84(x, y)
    return _transform(x, y, declared.name, WGS84)


def geometry_to_wgs84(geometry: BaseGeometry, declared: DeclaredCrs) -> BaseGeometry:
    """Turn a declared geometry into WGS84 degrees, vertex by vertex; drops heights."""

    def move(coords: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(declared_to_wgs84(coords[:, 0], coords[:, 1], declared))

    return shapely.transform(shapely.force_2d(geometry), move)
