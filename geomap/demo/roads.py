"""Roads between the towns, bridges, motorways: everything that leaves the lattice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from scipy.interpolate import make_interp_spline
from shapely.geometry.base import BaseGeometry

from geomap.demo.anchors import MOTORWAYS, SEA_LINKS
from geomap.demo.ground import Ground, tiled
from geomap.demo.near import Nearest
from geomap.demo.net import Net
from geomap.demo.places import Centre
from geomap.demo.routes import find_routes
from geomap.demo.street_names import RoadNames
from geomap.geo.crs import to_metric
from geomap.streets.chains import contract
from geomap.streets.ways import StreetClass

F8 = NDArray[np.float64]
LONGEST_BRIDGE_M = 2_800.0
JOIN_M = 1_600.0


class _Run(NamedTuple):
    """A part of a road from `low` to `high` along it, metres."""

    low: float
    high: float
    part: BaseGeometry
    bridge: bool


class RoadBuilder:
    """Adds roads to a network whose town part is there.

    Parameters
    ----------
    net
        With the streets of the towns.
    ground
        Where land and water lie.
    towns
        Union of the lattice cells, metres.
    names
        Gives names to roads by their ends.
    """

    def __init__(self, net: Net, ground: Ground, towns: BaseGeometry, names: RoadNames) -> None:
        self._net, self._ground, self._towns, self._names = net, ground, towns, names
        shapely.prepare(towns)
        self._street_nodes = np.array(
            sorted({n for line in net.lines if line.klass >= 0 for n in (line.a, line.b)})
        )
        at = np.column_stack(
            [np.array(net.x)[self._street_nodes], np.array(net.y)[self._street_nodes]]
        )
        self._near = Nearest(at)

    def _join(self, x: float, y: float, reach_m: float) -> int | None:
        """Return the nearest street node that a dry straight line reaches."""
        for k in self._near.around(x, y, 12, reach_m):
            node = int(self._street_nodes[k])
            line = shapely.LineString([(x, y), (self._net.x[node], self._net.y[node])])
            if self._ground.dry.contains(line):
                return node
        return None

    def add_roads(self, centres: Sequence[Centre], seed: int) -> None:
        """Add roads between the centres, outside the towns, joined to their streets."""
        x, y, pairs, klass = find_routes(self._ground, centres, seed)
        inside = shapely.contains_xy(self._towns, x, y)
        outer = ~(inside[pairs[:, 0]] & inside[pairs[:, 1]])
        pairs, klass = pairs[outer], klass[outer]
        chains = contract(np.sort(pairs, axis=1).astype(np.int32), len(x))
        rank = {(int(a), int(b)): int(k) for (a, b), k in zip(np.sort(pairs), klass, strict=True)}
        made: dict[int, int] = {}
        for k in range(len(chains.at) - 1):
            chain = chains.vertex[chains.at[k] : chains.at[k + 1]].tolist()
            classes = [rank[(min(a, b), max(a, b))] for a, b in pairwise(chain)]
            for piece in _outside(chain, inside):
                self._add_road(piece, x, y, inside, made, min(classes))

    def _add_road(
        self,
        chain: list[int],
        x: F8,
        y: F8,
        inside: NDArray[np.bool_],
        made: dict[int, int],
        klass: int,
    ) -> None:
        """Add one road; ends that lie in a town go to its nearest street instead."""
        first, last = bool(inside[chain[0]]), bool(inside[chain[-1]])
        body = chain[1 if first else 0 : len(chain) - 1 if last else len(chain)]
        if not body:
            return
        points = [(float(x[n]), float(y[n])) for n in body]
        nodes: list[int | None] = [None] * len(body)
        for end in (0, -1):
            nodes[end] = self._once(made, body[end], points[end])
        if first and (start := self._join(*points[0], JOIN_M)) is not None:
            points.insert(0, (self._net.x[start], self._net.y[start]))
            nodes.insert(0, start)
        if last and (stop := self._join(*points[-1], JOIN_M)) is not None:
            points.append((self._net.x[stop], self._net.y[stop]))
            nodes.append(stop)
        if len(points) > 1:
            self.lay(points, nodes, klass, self._names.between(points[0], points[-1]))

    def _once(self, made: dict[int, int], key: int, point: tuple[float, float]) -> int:
        if key not in made:
            made[key] = self._net.add_node(*point)
        return made[key]

    def lay(
        self,
        points: Sequence[tuple[float, float]],
        nodes: Sequence[int | None],
        klass: int,
        name: str = "",
        *,
        sea: bool = False,
    ) -> None:
        """Add a road along points, on bridges where it crosses water.

        `nodes` gives the node of a point where it has one. A road that would cross the sea
        (unless `sea`) or too wide a river is left out.
        """
        line = shapely.LineString(points)
        if self._ground.dry.contains(line):
            self._net.add_chain(self._nodes_of(points, nodes), klass, name)
            return
        runs = self._runs(line)
        if any(run.bridge and not sea and self._is_too_wide(run.part) for run in runs):
            return
        known = {0.0: nodes[0], line.length: nodes[-1]}
        for run in runs:
            inner = list(run.part.coords)[1:-1]
            ends = [self._end(known, run, k) for k in (0, -1)]
            chain = [ends[0], *(self._net.add_node(x, y) for x, y in inner), ends[1]]
            self._net.add_chain(chain, klass, name, bridge=run.bridge)

    def _runs(self, line: shapely.LineString) -> list[_Run]:
        """Return the parts of a line on dry land and on bridges, in order."""
        runs = []
        marks = _crossings(line, tiled(self._ground.dry, shapely.buffer(line, 50.0).bounds))
        for low, high in pairwise(marks):
            part = shapely.ops.substring(line, low, high)
            bridge = not self._ground.dry.contains(part.interpolate(0.5, normalized=True))
            bridge = bridge and bool(
                part.intersects(self._ground.water) or not self._ground.land.contains(part)
            )
            runs.append(_Run(low, high, part, bridge))
        return runs

    def _end(self, known: dict[float, int | None], run: _Run, k: int) -> int:
        at = run.low if k == 0 else run.high
        node = known.get(at)
        if node is None:
            node = known[at] = self._net.add_node(*run.part.coords[k])
        return node

    def _is_too_wide(self, part: BaseGeometry) -> bool:
        return part.length > LONGEST_BRIDGE_M or self._is_sea(part)

    def _is_sea(self, part: BaseGeometry) -> bool:
        bounds = shapely.buffer(part, 100.0).bounds
        beyond = part.difference(tiled(self._ground.land, bounds))
        return bool(beyond.difference(tiled(self._ground.water, bounds)).length > 60.0)

    def _nodes_of(
        self, points: Sequence[tuple[float, float]], nodes: Sequence[int | None]
    ) -> list[int]:
        return [
            self._net.add_node(*point[:2]) if node is None else node
            for point, node in zip(points, nodes, strict=True)
        ]

    def add_sea_links(self) -> None:
        """Add the bridges to the islands, from the nearest street to the nearest street."""
        for name, course in SEA_LINKS:
            x, y = to_metric(*np.array(course).T)
            away, found = self._near.find(np.column_stack([x, y])[[0, -1]])
            if away.max() > 2.0 * JOIN_M:
                continue
            start, stop = (int(self._street_nodes[k]) for k in found)
            points = [
                (self._net.x[start], self._net.y[start]),
                *zip(x[1:-1].tolist(), y[1:-1].tolist(), strict=True),
                (self._net.x[stop], self._net.y[stop]),
            ]
            nodes = [start, *[None] * (len(points) - 2), stop]
            self.lay(points, nodes, int(StreetClass.PRIMARY), name, sea=True)

    def add_motorways(self) -> None:
        """Add motorways: drawn over everything, joined to nothing."""
        for name, course in MOTORWAYS:
            x, y = to_metric(*np.array(course).T)
            line = shapely.LineString(_curve(np.column_stack([x, y])))
            counties = shapely.union_all(list(self._ground.counties.values())).buffer(1500.0)
            for part in shapely.get_parts(line.intersection(counties)):
                points = [(x, y) for x, y in part.coords]
                if points:
                    self.lay(points, [None] * len(points), int(StreetClass.MOTORWAY), name)


def _outside(chain: list[int], inside: NDArray[np.bool_]) -> list[list[int]]:
    """Return the runs of a chain outside the towns, each with its last node inside."""
    runs: list[list[int]] = []
    run: list[int] = []
    for k, node in enumerate(chain):
        if inside[node]:
            if run:
                runs.append([*run, node])
            run = [node] if k + 1 < len(chain) and not inside[chain[k + 1]] else []
        else:
            run.append(node)
    if run and not inside[run[-1]]:
        runs.append(run)
    return [r for r in runs if len(r) > 1]


def _crossings(line: shapely.LineString, dry: BaseGeometry) -> list[float]:
    """Return the distances along a line at which it enters or leaves the dry land."""
    marks = {0.0, line.length}
    for part in shapely.get_parts(line.intersection(dry)):
        if part.geom_type == "LineString" and not part.is_empty:
            for k in (0, -1):
                marks.add(float(shapely.line_locate_point(line, shapely.Point(part.coords[k]))))
    kept: list[float] = []
    for mark in sorted(marks):
        if not kept or mark - kept[-1] > 0.05:
            kept.append(mark)
    kept[-1] = line.length
    return kept


def _curve(points: F8, step_m: float = 250.0) -> F8:
    """Return a smooth curve through points."""
    knots = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    s = np.linspace(0.0, knots[-1], max(int(knots[-1] / step_m), 2))
    return np.asarray(make_interp_spline(knots, points, k=min(3, len(points) - 1))(s))
