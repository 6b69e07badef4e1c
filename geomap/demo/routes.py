"""Where roads between the towns run: cheapest ways over a grid, along valleys, round hills."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geomap.demo.ground import Ground
from geomap.demo.links import choose_links, find_links
from geomap.demo.near import Nearest
from geomap.demo.places import Centre, hilliness
from geomap.demo.streams import stream, wave_noise
from geomap.streets.ways import StreetClass

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
ROAD_CELL_M = 400.0


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


def find_routes(ground: Ground, centres: Sequence[Centre], seed: int) -> tuple[F8, F8, I8, I8]:
    """Return road nodes (x, y), node pairs (n, 2) and the class of each pair."""
    x, y, cost, open_ = _cells(ground, seed)
    usable = np.flatnonzero(open_.ravel())
    _, at = Nearest(np.column_stack([x[usable], y[usable]])).find([(c.x, c.y) for c in centres])
    source, owner = np.unique(usable[at], return_index=True)
    ranks = np.array([centres[k].rank for k in owner])
    links = find_links(_grid_graph(cost, open_), source.tolist())
    classes: dict[tuple[int, int], int] = {}
    for link in choose_links(links, len(source)):
        worst = int(max(ranks[link.first], ranks[link.second]))
        klass = {1: StreetClass.PRIMARY, 2: StreetClass.SECONDARY}.get(worst, StreetClass.TERTIARY)
        for a, b in pairwise(link.path):
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
