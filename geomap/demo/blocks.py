"""City blocks: every block is cut across again until it is as small as the place is dense.

A cut runs along the local lattice direction from side to side and becomes a street. It
takes a crossing that the neighbour has already made nearby, so that streets run on, and
otherwise ends in a T. All in metres (EPSG:4549).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from geomap.demo.net import Line, Net
from geomap.demo.places import Raster
from geomap.streets.ways import StreetClass

CORNER_M = 16.0
"""A cut that reaches a side this close to its end takes the corner."""
LEAST_M2 = 3_500.0
_DENSITY = (0.0, 0.08, 0.15, 0.3, 0.5, 0.8, 1.0)
_AREA_M2 = (320_000.0, 190_000.0, 110_000.0, 56_000.0, 29_000.0, 14_500.0, 11_500.0)

Side = tuple[int, int, float, float]
"""A side of a block: first node, line it lies on, from t, to t."""


@dataclass(frozen=True, slots=True)
class Block:
    """An uncut block: its sides counterclockwise, its lattice directions, its density."""

    sides: Sequence[Side]
    axis: tuple[float, float]
    density: float


class _Dice:
    """Uniform numbers drawn in advance: one at a time would dominate the work."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._left: Iterator[float] = iter(())

    def __call__(self) -> float:
        for value in self._left:
            return value
        self._left = iter(self._rng.random(65_536).tolist())
        return self()


def wanted_area_m2(density: float) -> float:
    """Return how large a block is where the city is as dense as that."""
    return float(np.interp(density, _DENSITY, _AREA_M2))


class Cutter:
    """Cuts blocks of one network."""

    def __init__(self, net: Net, density: Raster, rng: np.random.Generator) -> None:
        self._net, self._density, self._dice = net, density, _Dice(rng)

    def cut(self, block: Block) -> Iterator[Block]:
        """Yield the smallest blocks of a block, adding the streets between them."""
        stack = [block]
        while stack:
            current = stack.pop()
            halves = self._halve(current)
            if halves is None:
                yield current
            else:
                stack.extend(halves)

    def _halve(self, block: Block) -> tuple[Block, Block] | None:
        net, dice = self._net, self._dice
        points = [(net.x[side[0]], net.y[side[0]]) for side in block.sides]
        area, cx, cy = _measure(points)
        wanted = wanted_area_m2(block.density) * (0.75 + 0.6 * dice())
        if area < max(wanted * 1.45, LEAST_M2):
            return None
        ux, uy = block.axis
        along = [px * ux + py * uy for px, py in points]
        across = [py * ux - px * uy for px, py in points]
        if max(along) - min(along) < (max(across) - min(across)) * (0.9 + 0.2 * dice()):
            ux, uy = -uy, ux
            along, across = across, [-value for value in along]
        lean = (dice() - 0.5) * 0.10
        along = [a + lean * b for a, b in zip(along, across, strict=True)]
        low, high = min(along), max(along)
        for _ in range(3):
            at = (low + high) / 2 + (dice() - 0.5) * 0.2 * (high - low)
            ends = self._cross(block.sides, points, along, across, at)
            if ends is not None:
                return self._divide(block, ends, area, cx, cy)
        return None

    def _cross(
        self,
        sides: Sequence[Side],
        points: Sequence[tuple[float, float]],
        along: Sequence[float],
        across: Sequence[float],
        at: float,
    ) -> tuple[tuple[int, float], tuple[int, float]] | None:
        """Return where the longest cut at `at` enters and leaves: (side, fraction) twice."""
        found = []
        count = len(sides)
        for k in range(count):
            here, there = along[k] - at, along[(k + 1) % count] - at
            if (here < 0.0) != (there < 0.0):
                f = here / (here - there)
                found.append((across[k] + f * (across[(k + 1) % count] - across[k]), k, f))
        found.sort()
        if len(found) < 2:
            return None
        pairs = [(found[i + 1][0] - found[i][0], i) for i in range(0, len(found) - 1, 2)]
        length, i = max(pairs)
        if length < 35.0:
            return None
        ends = (self._snap(points, *found[i][1:]), self._snap(points, *found[i + 1][1:]))
        gap = abs(ends[0][0] - ends[1][0])
        corners = ends[0][1] == 0.0 and ends[1][1] == 0.0 and gap in (1, count - 1)
        return None if corners or ends[0] == ends[1] or ends[0][0] == ends[1][0] else ends

    @staticmethod
    def _snap(
        points: Sequence[tuple[float, float]], side: int, fraction: float
    ) -> tuple[int, float]:
        """Move an end of a cut that lies close to a corner to it: (side, 0)."""
        ax, ay = points[side]
        after = (side + 1) % len(points)
        bx, by = points[after]
        length = hypot(bx - ax, by - ay)
        if fraction * length < CORNER_M:
            return side, 0.0
        if (1.0 - fraction) * length < CORNER_M:
            return after, 0.0
        return side, fraction

    def _divide(
        self,
        block: Block,
        ends: tuple[tuple[int, float], tuple[int, float]],
        area: float,
        cx: float,
        cy: float,
    ) -> tuple[Block, Block] | None:
        """Cut from one end to the other; return both parts."""
        first, second = sorted(ends)
        sides = list(block.sides)
        snap = 0.24 * (area / 2.0) ** 0.5
        j = self._open(sides, second, snap)
        i = self._open(sides, first, snap)
        if first[1] != 0.0:
            j += 1
        if i == j or sides[i][0] == sides[j][0]:
            return None
        chord = self._draw(sides[i][0], sides[j][0], area, block.density)
        there = [*chord]
        back = [
            (end, line, t1, t0)
            for (_, line, t0, t1), end in zip(
                reversed(chord), [sides[j][0], *(s[0] for s in reversed(chord[1:]))], strict=True
            )
        ]
        one, two = [*sides[i:j], *back], [*sides[j:], *sides[:i], *there]
        return self._block(block, one), self._block(block, two)

    def _block(self, parent: Block, sides: Sequence[Side]) -> Block:
        net = self._net
        x = sum(net.x[s[0]] for s in sides) / len(sides)
        y = sum(net.y[s[0]] for s in sides) / len(sides)
        return Block(sides, parent.axis, self._density.near(x, y))

    def _open(self, sides: list[Side], end: tuple[int, float], snap: float) -> int:
        """Make an end of a cut a corner of the ring; return its place there."""
        k, fraction = end
        if fraction == 0.0:
            return k
        node, line, t0, t1 = sides[k]
        t, met = self._net.meet(line, t0 + fraction * (t1 - t0), t0, t1, snap)
        sides[k : k + 1] = [(node, line, t0, t), (met, line, t, t1)]
        return k + 1

    def _draw(self, a: int, b: int, area: float, density: float) -> list[Side]:
        """Add the street of a cut from a to b, often a little bent; return its sides."""
        net, dice = self._net, self._dice
        klass = self._rank(area, density)
        street = net.new_street()
        ax, ay, bx, by = net.x[a], net.y[a], net.x[b], net.y[b]
        length = hypot(bx - ax, by - ay)
        bend = (dice() - 0.5) * 0.11 * length
        if length < 120.0 or abs(bend) < 3.0:
            return [(a, net.add_line(Line(a, b, klass, street)), 0.0, 1.0)]
        f = 0.35 + 0.3 * dice()
        px = ax + f * (bx - ax) - bend * (by - ay) / length
        py = ay + f * (by - ay) + bend * (bx - ax) / length
        middle = net.add_node(px, py)
        return [
            (a, net.add_line(Line(a, middle, klass, street)), 0.0, 1.0),
            (middle, net.add_line(Line(middle, b, klass, street, 1.0)), 0.0, 1.0),
        ]

    def _rank(self, area: float, density: float) -> int:
        """Return the class of a street that cuts a block of that area."""
        luck = self._dice()
        if area > 200_000.0 and density > 0.25 and luck < 0.5:
            return int(StreetClass.TERTIARY)
        if area < 22_000.0 and luck < 0.22:
            return int(StreetClass.PATH)
        return int(StreetClass.MINOR)


def _measure(points: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Return area and centroid of a ring."""
    x0, y0 = points[0]
    total = mx = my = 0.0
    for k in range(1, len(points) - 1):
        ax, ay = points[k][0] - x0, points[k][1] - y0
        bx, by = points[k + 1][0] - x0, points[k + 1][1] - y0
        cross = ax * by - bx * ay
        total += cross
        mx += cross * (ax + bx)
        my += cross * (ay + by)
    if abs(total) < 1e-6:
        return 0.0, x0, y0
    return total / 2.0, x0 + mx / (3.0 * total), y0 + my / (3.0 * total)
