"""Footpaths and steps from the edges of towns up into the hills."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.demo.ground import Ground
from geomap.demo.net import Net
from geomap.streets.ways import StreetClass

STEP_M = 75.0
SHARE = 0.35
"""Part of the dead ends at the edge of towns from which a path leads on."""


def _dead_ends(net: Net) -> list[tuple[int, int]]:
    """Return nodes at which one street ends, each with the node before it."""
    before: dict[int, list[int]] = defaultdict(list)
    for line in net.lines:
        if line.klass >= 0:
            nodes = line.nodes()
            for a, b in pairwise(nodes):
                before[a].append(b)
                before[b].append(a)
    return [(node, others[0]) for node, others in sorted(before.items()) if len(others) == 1]


def add_hill_paths(net: Net, ground: Ground, towns: BaseGeometry, rng: np.random.Generator) -> int:
    """Add winding paths out of the towns, partly steps; return how many."""
    count = 0
    for node, other in _dead_ends(net):
        x, y = net.x[node], net.y[node]
        heading = float(np.arctan2(y - net.y[other], x - net.x[other]))
        length, first = int(rng.integers(4, 13)), rng.random()
        turns = rng.normal(0.0, 0.5, length)
        if first > SHARE:
            continue
        course = heading + 0.5 * turns + 0.25 * np.cumsum(turns)
        px = x + np.cumsum(STEP_M * np.cos(course))
        py = y + np.cumsum(STEP_M * np.sin(course))
        line = shapely.LineString([(x, y), *zip(px, py, strict=True)])
        free = not shapely.contains_xy(towns, px, py).any() and line.is_simple
        if not free or not ground.dry.contains(line):
            continue
        nodes = [node, *(net.add_node(a, b) for a, b in zip(px.tolist(), py.tolist(), strict=True))]
        cut = max(2, int(length * 0.45))
        net.add_chain(nodes[: cut + 1], int(StreetClass.PATH))
        net.add_chain(nodes[cut:], int(StreetClass.STEPS))
        count += 1
    return count
