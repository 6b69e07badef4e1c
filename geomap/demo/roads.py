"""Roads between the towns, bridges, motorways: everything that leaves the lattice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geomap.demo.anchors import MOTORWAYS, SEA_LINKS
from geomap.demo.ground import Ground, tiled
from geomap.demo.links import choose_links, find_links
from geomap.demo.net import Net
from geomap.demo.places import Centre, hilliness
from geomap.demo.streams import stream, wave_noise
from geomap.demo.street_names import RoadNames
from geomap.geo.crs import to_metric
from geomap.streets.chains import contract
from geomap.streets.ways import StreetClass

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
ROAD_CELL_M = 400.0
LONGEST_BRIDGE_M = 2_800.0
JOIN_M = 1_600.0


def _cells(ground: Ground, seed: int) -> tuple[F8, F8, F8, NDArray[np.bool_]]:
    """Return x, y, cost and openness of the cells over which roads are sought."""
    west, south, east, north = ground.bounds
    x, y = np.meshgrid(
        np.arange(west, east + ROAD_CELL_M, ROAD_CELL_M),
        np.arange(south, north + ROAD_CELL_M, ROAD_CELL_M),
    )
    flat_x, flat_y = x.ravel(), y.ravel()
    open_ = ground.county_at(flat_x, flat_y) >= 0
    banks = shapely.buffer(ground.water, 150.0)
    shapely.prepare(banks)
    wet = shapely.contains_xy(banks, flat_x, flat_y)
    valley = shapely.buffer(ground.water, 900.0)
    shapely.prepare(valley)
    beside = shapely.contains_xy(valley, flat_x, flat_y) & ~wet
    rough = np.abs(wave_noise(stream(seed, "ridges"), flat_x, flat_y, wavelength_m=5200.0))
    cost = 1.0 + 1.6 * rough + 4.0 * hilliness(flat_x, flat_y)
    cost = np.where(beside, 0.6 * cost, cost)
    cost = np.where(wet, cost + 7.0, cost)
    return flat_x, flat_y, cost.reshape(x.shape), (open_ | wet).reshape(x.shape)


def _grid_graph(cost: F8, open_: NDArray[np.bool_]) -> csr_array:
    """Return the graph of open cells and their eight neighbours."""
    rows, columns = cost.shape
    number = np.arange(rows * columns).reshape(rows, columns)
    pairs, weights = [], []
    for dr, dc in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = np.s_[: rows - dr, max(-dc, 0) : columns - max(dc, 0)]
        b = np.s_[dr:, max(dc, 0) : columns - max(-dc, 0)]
        both = open_[a] & open_[b]
        pairs.append(np.stack([number[a][both], number[b][both]]))
        weights.append((cost[a] + cost[b])[both] / 2.0 * np.hypot(dr, dc) * ROAD_CELL_M)
    (i, j), data = np.concatenate(pairs, axis=1), np.concatenate(weights)
    shape = (cost.size, cost.size)
    both_ways = (np.concatenate([i, j]), np.concatenate([j, i]))
    return csr_array((np.concatenate([data, data]), both_ways), shape=shape)


def _route(ground: Ground, centres: Sequence[Centre], seed: int) -> tuple[F8, F8, I8, I8]:
    """Return road nodes (x, y), node pairs (n, 2) and the class of each pair."""
    x, y, cost, open_ = _cells(ground, seed)
    usable = np.flatnonzero(open_.ravel())
    tree = cKDTree(np.column_stack([x[usable], y[usable]]))
    _, at = tree.query([(c.x, c.y) for c in centres])
    source, owner = np.unique(usable[at], return_index=True)
    ranks = np.array([centres[k].rank for k in owner])
    links = find_links(_grid_graph(cost, open_), source.tolist())
    classes: dict[tuple[int, int], int] = {}
    for link in choose_links(links, len(source)):
        worst = int(max(ranks[link.first], ranks[link.second]))
        klass = {1: StreetClass.PRIMARY, 2: StreetClass.SECONDARY}.get(worst, StreetClass.TERTIARY)
        for a, b in zip(link.path, link.path[1:], strict=False):
            key = (min(a, b), max(a, b))
            classes[key] = min(classes.get(key, 99), int(klass))
    pairs = np.array(sorted(classes), dtype=np.int64).reshape(-1, 2)
    used, local = np.unique(pairs, return_inverse=True)
    local = local.reshape(-1, 2)
    rng = stream(seed, "road jitter")
    px = x[used] + rng.uniform(-90.0, 90.0, len(used))
    py = y[used] + rng.uniform(-90.0, 90.0, len(used))
    px, py = _smooth(px, py, local)
    return px, py, local, np.array([classes[(a, b)] for a, b in pairs.tolist()], dtype=np.int64)


def _smooth(x: F8, y: F8, pairs: I8, rounds: int = 3) -> tuple[F8, F8]:
    """Draw each node towards its neighbours: takes the stairs out of cell paths."""
    both = np.concatenate([pairs, pairs[:, ::-1]])
    degree = np.maximum(np.bincount(both[:, 0], minlength=len(x)), 1)
    for _ in range(rounds):
        mean_x = np.bincount(both[:, 0], x[both[:, 1]], minlength=len(x)) / degree
        mean_y = np.bincount(both[:, 0], y[both[:, 1]], minlength=len(y)) / degree
        x, y = (x + mean_x) / 2.0, (y + mean_y) / 2.0
    return x, y


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
        self._tree = cKDTree(at)

    def _join(self, x: float, y: float, reach_m: float) -> int | None:
        """Return the nearest street node that a dry straight line reaches."""
        away, found = self._tree.query((x, y), k=12, distance_upper_bound=reach_m)
        for metres, k in zip(away, found, strict=True):
            if not np.isfinite(metres):
                return None
            node = int(self._street_nodes[k])
            line = shapely.LineString([(x, y), (self._net.x[node], self._net.y[node])])
            if self._ground.dry.contains(line):
                return node
        return None

    def add_roads(self, centres: Sequence[Centre], seed: int) -> None:
        """Add roads between the centres, outside the towns, joined to their streets."""
        x, y, pairs, klass = _route(self._ground, centres, seed)
        inside = shapely.contains_xy(self._towns, x, y)
        outer = ~(inside[pairs[:, 0]] & inside[pairs[:, 1]])
        pairs, klass = pairs[outer], klass[outer]
        chains = contract(np.sort(pairs, axis=1).astype(np.int32), len(x))
        rank = {(int(a), int(b)): int(k) for (a, b), k in zip(np.sort(pairs), klass, strict=True)}
        made: dict[int, int] = {}
        for k in range(len(chains.at) - 1):
            chain = chains.vertex[chains.at[k] : chains.at[k + 1]].tolist()
            classes = [rank[(min(a, b), max(a, b))] for a, b in zip(chain, chain[1:], strict=False)]
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
        for end in {0, len(body) - 1}:
            if not (first if end == 0 else last) or (first and last and len(body) == 1):
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
        marks = _crossings(line, tiled(self._ground.dry, shapely.buffer(line, 50.0).bounds))
        known = {0.0: nodes[0], line.length: nodes[-1]}
        runs = []
        for low, high in zip(marks, marks[1:], strict=False):
            part = shapely.ops.substring(line, low, high)
            middle = part.interpolate(0.5, normalized=True)
            wet = not self._ground.dry.contains(middle)
            over = wet and (
                part.intersects(self._ground.water) or not self._ground.land.contains(part)
            )
            if over and not sea and (high - low > LONGEST_BRIDGE_M or self._is_sea(part)):
                return
            runs.append((low, high, part, over))
        for low, high, part, over in runs:
            ends = [self._end(known, at, part, k) for k, at in ((0, low), (-1, high))]
            inner = list(part.coords)[1:-1]
            chain = self._nodes_of(
                [part.coords[0], *inner, part.coords[-1]], [ends[0], *[None] * len(inner), ends[1]]
            )
            self._net.add_chain(chain, klass, name, bridge=over)

    def _end(self, known: dict[float, int | None], at: float, part: BaseGeometry, k: int) -> int:
        node = known.get(at)
        if node is None:
            x, y = part.coords[k]
            node = known[at] = self._net.add_node(x, y)
        return node

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
            away, found = self._tree.query(np.column_stack([x, y])[[0, -1]])
            if max(away) > 2.0 * JOIN_M:
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
                points = list(part.coords)
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


def _crossings(line: BaseGeometry, dry: BaseGeometry) -> list[float]:
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
    from scipy.interpolate import make_interp_spline

    knots = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    s = np.linspace(0.0, knots[-1], max(int(knots[-1] / step_m), 2))
    return np.asarray(make_interp_spline(knots, points, k=min(3, len(points) - 1))(s))
