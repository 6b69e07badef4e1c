"""Compile every kernel of streets and coverage once, into numba's cache."""

from __future__ import annotations

import numpy as np

from geomap.coverage.build import build_coverage
from geomap.coverage.cover import build_cover, junctions_of
from geomap.coverage.greedy import choose_greedily
from geomap.coverage.lagrange import relax
from geomap.coverage.point import build_amenity_index, ring_at
from geomap.coverage.profiles import DEFAULT_PROFILE, Profile, get_profile
from geomap.coverage.repair import RepairRequest, Sites, plan_repair
from geomap.streets.graph import StreetNetwork, build_network
from geomap.streets.snap import snap_points
from geomap.streets.ways import StreetClass, Ways


def warm() -> None:
    """Ask for a ring and a site on a street of two pieces (10 s, then 0.3 s from the cache)."""
    line = np.array([[120.70, 28.0], [120.701, 28.0], [120.702, 28.0]])
    minor = np.array([StreetClass.MINOR], dtype=np.int8)
    ways = Ways(line, np.array([0, 3]), np.arange(3), minor, [""], np.zeros(1, dtype=np.bool_))
    network = build_network(ways)
    amenity = np.zeros(1, dtype=np.int8), np.array([120.7005]), np.array([28.0])
    ring_at(network, build_amenity_index(network, *amenity), 120.7, 28.0)
    profile = get_profile(DEFAULT_PROFILE)
    build_coverage(network, ["s"], [120.7], [28.0], [], profile)
    _warm_repair(network, profile)


def _warm_repair(network: StreetNetwork, profile: Profile) -> None:
    """Ask for the best junction near one site, and bound it."""
    places, count = snap_points(network, [120.7], [28.0]), np.zeros((1, 12), dtype=np.int32)
    sites, worth = Sites(places, count, np.ones(1, dtype=np.int64)), np.ones((1, 1), dtype=np.int64)
    request = RepairRequest(profile=profile, category=profile.categories[0])
    candidates = junctions_of(network)
    plan_repair(network, candidates, sites, request)
    cover = build_cover(network, candidates, places, profile.limit_m)
    relax(cover, worth, 1, choose_greedily(cover, worth, 1), rounds=1)
