"""Rings and lists of all sites: what ``geomap build`` computes."""

from __future__ import annotations

from typing import Any

import numpy as np

from geomap.bench.grid import grid_ways
from geomap.bench.measure import Result, once
from geomap.bench.streets import places_on_streets
from geomap.config import Settings
from geomap.coverage.access import CATEGORIES, AmenityPoints
from geomap.coverage.build import build_coverage
from geomap.coverage.profiles import DEFAULT_PROFILE, get_profile
from geomap.coverage.warm import warm
from geomap.domain.errors import NotReadyError
from geomap.streets.graph import StreetNetwork, build_network


def bench_all_rings(settings: Settings) -> Result:
    """Measure on the record of the settings, or on a generated town where there is none."""
    try:
        return _of_record(settings)
    except NotReadyError:
        return _of_grid()


def _of_record(settings: Settings) -> Result:
    from geomap.build import locate_network, open_catalog
    from geomap.streets.file import open_network

    network, catalog = open_network(locate_network(settings)), open_catalog(settings)
    rows = catalog.located
    ids = [catalog.sites.id[int(row)] for row in rows]
    lon, lat = catalog.sites.lon[rows], catalog.sites.lat[rows]
    return measure_rings(network, ids, lon, lat, catalog.amenities) | {"source": "record"}


def _of_grid(side: int = 150, sites: int = 245, pois: int = 3000) -> Result:
    network = build_network(grid_ways(side))
    kind = np.random.default_rng(9).integers(0, len(CATEGORIES), pois).astype(np.int8)
    amenities = AmenityPoints(
        [f"a{i}" for i in range(pois)], kind, *places_on_streets(network, pois, 7)
    )
    places = places_on_streets(network, sites, 8)
    ids = [f"s{i}" for i in range(sites)]
    return measure_rings(network, ids, *places, amenities) | {"source": "generated grid"}


def measure_rings(
    network: StreetNetwork, ids: list[str], lon: Any, lat: Any, amenities: Any
) -> Result:
    """Build every ring and list once, compiled code warm."""
    warm()
    profile = get_profile(DEFAULT_PROFILE)
    seconds, (rings, access) = once(
        lambda: build_coverage(network, ids, lon, lat, amenities, profile)
    )
    return {
        "sites": len(ids),
        "amenities": len(amenities.category),
        "junctions": network.node_count,
        "rings": len(rings),
        "accesses": len(access),
        "seconds": round(seconds, 3),
        "ms_a_site": round(seconds / max(len(ids), 1) * 1e3, 3),
    }
