"""Bridges of the towns: main streets that go on over the water, and not too many of them."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely

from geomap.demo.ground import Ground, tiled
from geomap.demo.mesh import Mesh
from geomap.demo.roads import RoadBuilder
from geomap.streets.ways import StreetClass

LONGEST_M = 2_600.0
NARROW_M = 90.0
NAMED_M = 150.0
"""A bridge over more water has a name of its own."""


class _Gap(NamedTuple):
    """A stretch of a lattice line without a street; `wet_m` of it lies over a river."""

    klass: int
    length: float
    a: int
    b: int
    wet_m: float
    river: str
    x: float
    y: float


class _Width(NamedTuple):
    """Up to `most_m` of water: which streets may cross, and how far bridges keep apart."""

    most_m: float
    lowest: int
    apart_m: float


_WIDTHS = (
    _Width(150.0, int(StreetClass.TERTIARY), 230.0),
    _Width(450.0, int(StreetClass.TERTIARY), 1_000.0),
    _Width(LONGEST_M, int(StreetClass.SECONDARY), 1_900.0),
)


def _gaps(mesh: Mesh, ground: Ground) -> list[_Gap]:
    """Return the stretches of lattice lines that cross a river between two streets."""
    net, gaps = mesh.net, []
    for numbers in mesh.streets.values():
        lines = sorted((net.lines[n] for n in numbers), key=lambda line: (line.order, line.a))
        lines = [line for line in lines if line.klass >= 0]
        for one, two in pairwise(lines):
            if one.b == two.a:
                continue
            ends = [(net.x[n], net.y[n]) for n in (one.b, two.a)]
            line = shapely.LineString(ends)
            if not 0.0 < line.length <= LONGEST_M:
                continue
            wet = line.intersection(tiled(ground.water, shapely.buffer(line, 10.0).bounds))
            if wet.length < 12.0 or line.length - wet.length > 80.0 + 0.7 * wet.length:
                continue
            river = max(ground.rivers, key=lambda r: r.geometry.intersection(line).length)
            if river.width_m < NARROW_M and wet.length > NARROW_M + 3.0 * river.width_m:
                continue  # along a canal or over a lake, not across
            spot = line.interpolate(0.5, normalized=True)
            klass = max(one.klass, two.klass)
            gaps.append(
                _Gap(klass, line.length, one.b, two.a, wet.length, river.name, spot.x, spot.y)
            )
    return gaps


def add_bridges(mesh: Mesh, ground: Ground, roads: RoadBuilder) -> int:
    """Add the town bridges to the network of a mesh; return how many.

    The widest water takes main streets only, far apart; a canal takes every lattice line.
    """
    net, built = mesh.net, list[_Gap]()
    for gap in sorted(_gaps(mesh, ground)):
        width = next(w for w in _WIDTHS if gap.wet_m <= w.most_m)
        if gap.klass > width.lowest:
            continue
        near = (
            np.hypot(gap.x - other.x, gap.y - other.y) < width.apart_m
            and other.wet_m > 0.5 * gap.wet_m
            for other in built
        )
        if any(near):
            continue
        built.append(gap)
        ends = [(net.x[n], net.y[n]) for n in (gap.a, gap.b)]
        large = sum(other.river == gap.river and other.wet_m > NAMED_M for other in built)
        name = f"{gap.river}{large}号桥" if gap.wet_m > NAMED_M else ""
        roads.lay(ends, [gap.a, gap.b], gap.klass, name)
    return len(built)
