"""From lattice cells to blocks: main streets on the lattice, paths along the water."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from math import hypot

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.demo.blocks import Block, Side
from geomap.demo.ground import Ground, tiled
from geomap.demo.lattice import PIECES, Cells
from geomap.demo.net import NO_STREET, Line, Net
from geomap.streets.ways import StreetClass

F8 = NDArray[np.float64]
LEAST_M2 = 2_500.0
SHORE_DENSITY = 0.13
"""Where the city is denser, a path runs along the water."""
_NEAR = [(dx, dy) for dx in (0, -1, 1) for dy in (0, -1, 1)]


@dataclass
class Mesh:
    """The town part of a network: its uncut blocks, and the streets of its lattice lines."""

    net: Net
    blocks: list[Block] = field(default_factory=list)
    streets: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Lines of each lattice line, keyed by its street number, in no order."""


class _Builder:
    def __init__(self, net: Net, cells: Cells, ground: Ground, rng: np.random.Generator) -> None:
        self.mesh = Mesh(net)
        self._net, self._cells, self._ground = net, cells, ground
        self._rng = rng
        self._nodes: dict[tuple[int, int], int] = {}
        self._lines: dict[tuple[int, int], int] = {}
        self._uses: dict[int, int] = defaultdict(int)
        self._streets: dict[tuple[int, int], int] = {}

    def build(self) -> Mesh:
        cells = self._cells
        outlines = np.asarray(shapely.polygons(cells.ring))
        whole = np.asarray(shapely.contains_properly(self._ground.dry, outlines))
        for k in range(len(cells)):
            axis = _axis(cells.ring[k])
            if whole[k]:
                self._add_block(k, cells.ring[k], axis)
                continue
            dry = tiled(self._ground.dry, outlines[k].bounds)
            for part in _parts(shapely.intersection(dry, outlines[k], grid_size=0.05)):
                if part.area > LEAST_M2:
                    ring = shapely.orient_polygons(part).exterior.coords
                    self._add_block(k, np.array(ring)[:-1], axis)
        self._open_edges()
        return self.mesh

    def _add_block(self, k: int, ring: F8, axis: tuple[float, float]) -> None:
        nodes = [self._node(x, y) for x, y in ring.tolist()]
        nodes = [n for i, n in enumerate(nodes) if n != nodes[i - 1]]
        if len(nodes) < 3:
            return
        places = self._locate(k, nodes)
        shore = self._net.new_street()
        sides: list[Side] = []
        for i, node in enumerate(nodes):
            after = (i + 1) % len(nodes)
            place = _shared(places[i], places[after])
            if place is None:
                line = self._shore(node, nodes[after], shore, i, float(self._cells.density[k]))
            else:
                line = self._main(k, node, nodes[after], *place)
            forward = self._net.lines[line].a == node
            sides.append((node, line, 0.0, 1.0) if forward else (node, line, 1.0, 0.0))
        self.mesh.blocks.append(Block(sides, axis, float(self._cells.density[k])))

    def _node(self, x: float, y: float) -> int:
        """Return the node at a place, one for all that lie within a quarter metre."""
        column, row = int(x * 4.0), int(y * 4.0)
        for dx, dy in _NEAR:
            found = self._nodes.get((column + dx, row + dy))
            if found is not None:
                return found
        node = self._net.add_node(x, y)
        self._nodes[(column, row)] = node
        return node

    def _locate(self, k: int, nodes: list[int]) -> list[dict[int, float]]:
        """Return for each node the pieces of the cell's outline it lies on, and where."""
        ring = self._cells.ring[k]
        after = np.roll(ring, -1, axis=0)
        points = np.array([(self._net.x[n], self._net.y[n]) for n in nodes])
        span = after - ring
        length2 = (span**2).sum(axis=1)
        offset = points[:, None] - ring
        t = np.clip((offset * span).sum(axis=-1) / length2, 0.0, 1.0)
        away = np.linalg.norm(offset - t[..., None] * span, axis=-1)
        return [
            {int(p): float(t[i, p]) for p in np.flatnonzero(away[i] < 0.2)}
            for i in range(len(nodes))
        ]

    def _main(self, k: int, a: int, b: int, piece: int, ta: float, tb: float) -> int:
        """Return the line of a main street between two nodes of a cell's outline."""
        line = self._lines.get((min(a, b), max(a, b)))
        if line is None:
            street, index, order = self._street(k, piece)
            backwards = piece >= 2 * PIECES
            if backwards:
                a, b, ta, tb = b, a, 1.0 - tb, 1.0 - ta
            if ta > tb:
                a, b, ta, tb = b, a, tb, ta
            klass = _rank(index, float(self._cells.density[k]))
            line = self._net.add_line(Line(a, b, klass, street, order + ta / PIECES))
            self._lines[(min(a, b), max(a, b))] = line
            self.mesh.streets[street].append(line)
        self._uses[line] += 1
        return line

    def _street(self, k: int, piece: int) -> tuple[int, int, float]:
        """Return street number, lattice index and order of a piece of a cell's outline."""
        column, row = int(self._cells.column[k]), int(self._cells.row[k])
        side, part = divmod(piece, PIECES)
        if side >= 2:
            part = PIECES - 1 - part
        axis = side % 2
        index = (row + (side == 2)) if axis == 0 else (column + (side == 1))
        along = column if axis == 0 else row
        if (axis, index) not in self._streets:
            self._streets[(axis, index)] = self._net.new_street()
        return self._streets[(axis, index)], 2 * index + axis, along + part / PIECES

    def _shore(self, a: int, b: int, street: int, order: int, density: float) -> int:
        klass = int(StreetClass.PATH) if density > SHORE_DENSITY else NO_STREET
        return self._net.add_line(Line(a, b, klass, street, order))

    def _open_edges(self) -> None:
        """Take most of a town's outermost streets away: streets run out into the fields."""
        luck = self._rng.random(len(self._net.lines))
        for block in self.mesh.blocks:
            outer = [s[1] for s in block.sides if self._uses.get(s[1]) == 1]
            if len(outer) * 2 > len(block.sides):
                continue
            for line in outer:
                piece = self._net.lines[line]
                if piece.klass >= StreetClass.TERTIARY and luck[line] < 0.75:
                    piece.klass = NO_STREET


def _shared(a: dict[int, float], b: dict[int, float]) -> tuple[int, float, float] | None:
    """Return the piece on which two nodes both lie, and where on it."""
    for piece, t in a.items():
        if piece in b and abs(b[piece] - t) > 1e-9:
            return piece, t, b[piece]
    return None


def _parts(geometry: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]


def _axis(ring: F8) -> tuple[float, float]:
    """Return the unit vector of a cell's u direction."""
    east = ring[PIECES] - ring[0] + ring[2 * PIECES] - ring[3 * PIECES]
    length = hypot(*east)
    return float(east[0] / length), float(east[1] / length)


def _rank(index: int, density: float) -> int:
    """Return the class of a lattice line: some lines are main ones all along, less so outside."""
    place = (index * 7 + index // 12) % 6
    klass = StreetClass.PRIMARY if place == 0 else StreetClass.TERTIARY
    if place in (2, 5):
        klass = StreetClass.SECONDARY
    lower = 0 if density > 0.22 else 1 if density > 0.14 else 2
    return min(int(klass) + lower, int(StreetClass.MINOR))


def build_mesh(net: Net, cells: Cells, ground: Ground, rng: np.random.Generator) -> Mesh:
    """Cut lattice cells at the water and add their main streets and shores to a network."""
    return _Builder(net, cells, ground, rng).build()
