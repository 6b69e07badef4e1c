"""Streets drawn by hand: corners have letters and metres, ways are spelled with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from geomap.geo.crs import METRIC_EPSG, from_metric, to_metric
from geomap.streets.graph import StreetNetwork, build_network
from geomap.streets.snap import EdgePosition, Snapped, snap_points
from geomap.streets.walk import Reach
from geomap.streets.ways import StreetClass, Ways

ORIGIN = tuple(float(v) for v in to_metric(120.7, 28.0))
Corners = Mapping[str, tuple[float, float]]


def lonlat(x, y) -> tuple[np.ndarray, np.ndarray]:
    """Return degrees of metres east and north of the origin."""
    return from_metric(np.asarray(x) + ORIGIN[0], np.asarray(y) + ORIGIN[1])


def ways_of(
    corners: Corners,
    paths: Sequence[str],
    *,
    klass: Sequence[StreetClass] | StreetClass = StreetClass.MINOR,
    extent: tuple[float, float, float, float] | None = None,
) -> Ways:
    """Spell ways: "abc" runs from corner a over b to c."""
    letters = "".join(paths)
    points = np.array([corners[c] for c in letters], dtype=float).reshape(-1, 2)
    classes = [klass] * len(paths) if isinstance(klass, StreetClass) else list(klass)
    if extent is not None:
        (west, east), (south, north) = lonlat(extent[::2], extent[1::2])
        extent = (float(west), float(south), float(east), float(north))
    return Ways(
        np.column_stack(lonlat(points[:, 0], points[:, 1])),
        np.concatenate([[0], np.cumsum([len(p) for p in paths])]),
        np.array([ord(c) for c in letters]),
        np.array(classes, dtype=np.int8),
        ["" for _ in paths],
        np.zeros(len(paths), dtype=bool),
        extent,
    )


def network_of(corners: Corners, paths: Sequence[str], **options) -> StreetNetwork:
    """Build the network of spelled ways, in EPSG:4549."""
    return build_network(ways_of(corners, paths, **options), crs=METRIC_EPSG)


def snapped(network: StreetNetwork, x, y, **options) -> Snapped:
    """Snap places in metres from the origin; small networks are neighbourhoods here."""
    return snap_points(network, *lonlat(x, y), **{"component_min": 1} | options)


def start_at(network: StreetNetwork, x: float, y: float) -> EdgePosition:
    """Return the start of a walk at a place."""
    return snapped(network, x, y).position(0)


def junction(network: StreetNetwork, corners: Corners, letter: str) -> int:
    """Return the junction that stands on a corner."""
    x, y = corners[letter]
    gap = np.hypot(network.node_x - ORIGIN[0] - x, network.node_y - ORIGIN[1] - y)
    found = int(gap.argmin())
    assert gap[found] < 0.001, f"no junction at {letter}"
    return found


def walk_of(network: StreetNetwork, corners: Corners, reach: Reach, letter: str) -> float:
    """Return the walk to the junction on a corner, infinite where it is not reached."""
    hit = np.flatnonzero(reach.node == junction(network, corners, letter))
    return float(reach.walk_m[hit[0]]) if len(hit) else float("inf")


def block(side: int = 9, gap: float = 100.0) -> tuple[Corners, list[str]]:
    """Return a grid of `side` by `side` streets, `gap` metres apart, corner (0, 0) south west."""
    letter = {(i, j): chr(0x4E00 + i * side + j) for i in range(side) for j in range(side)}
    corners = {c: (i * gap, j * gap) for (i, j), c in letter.items()}
    rows = ["".join(letter[i, j] for i in range(side)) for j in range(side)]
    columns = ["".join(letter[i, j] for j in range(side)) for i in range(side)]
    return corners, rows + columns
