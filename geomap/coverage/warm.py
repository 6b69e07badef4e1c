"""Compile every kernel of streets and coverage once, into numba's cache."""

from __future__ import annotations

import numpy as np

from geomap.coverage.build import build_coverage
from geomap.coverage.point import build_amenity_index, ring_at
from geomap.coverage.profiles import DEFAULT_PROFILE, get_profile
from geomap.streets.graph import build_network
from geomap.streets.ways import StreetClass, Ways


def warm() -> None:
    """Ask for a ring and a site on a street of two pieces (10 s, then 0.3 s from the cache)."""
    line = np.array([[120.70, 28.0], [120.701, 28.0], [120.702, 28.0]])
    minor = np.array([StreetClass.MINOR], dtype=np.int8)
    ways = Ways(line, np.array([0, 3]), np.arange(3), minor, [""], np.zeros(1, dtype=np.bool_))
    network = build_network(ways)
    amenity = np.zeros(1, dtype=np.int8), np.array([120.7005]), np.array([28.0])
    ring_at(network, build_amenity_index(network, *amenity), 120.7, 28.0)
    build_coverage(network, ["s"], [120.7], [28.0], [], get_profile(DEFAULT_PROFILE))
