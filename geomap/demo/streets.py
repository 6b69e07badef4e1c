"""The streets of the demonstration city: from density to `Ways` with shared nodes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geomap.demo.blocks import Block, Cutter
from geomap.demo.bridges import add_bridges
from geomap.demo.ground import Ground
from geomap.demo.lattice import build_cells, build_warp
from geomap.demo.links import choose_links, find_links
from geomap.demo.mesh import build_mesh
from geomap.demo.near import Nearest
from geomap.demo.net import NO_STREET, Line, Net
from geomap.demo.paths import add_hill_paths
from geomap.demo.places import Centre, Raster
from geomap.demo.roads import RoadBuilder
from geomap.demo.streams import stream
from geomap.demo.street_names import RoadNames, name_streets
from geomap.geo.crs import from_metric
from geomap.streets.ways import WALKABLE, StreetClass, Ways

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
LEAST_NODES = 60
"""Streets of a component with fewer nodes lead nowhere and are left out."""
_SLOWNESS = {0: 9.0, 1: 1.0, 2: 1.0, 3: 1.15, 4: 1.5, 5: 2.6, 6: 8.0, 7: 9.0, 8: 9.0}


@dataclass(frozen=True)
class StreetPlan:
    """Streets and the blocks between them.

    `lonlat` are the nodes of `net` in EPSG:4326; `blocks` are as small as they get, and
    bounded by streets of a large component.
    """

    net: Net
    lonlat: F8
    blocks: Sequence[Block]
    ways: Ways


def build_streets(
    ground: Ground, centres: Sequence[Centre], density: Raster, seed: int
) -> StreetPlan:
    """Draw the street network of the region."""
    net = Net()
    cells = build_cells(build_warp(ground, centres, seed), density, ground)
    mesh = build_mesh(net, cells, ground, stream(seed, "mesh"))
    towns = shapely.buffer(shapely.union_all(shapely.polygons(cells.ring)), 20.0)
    cutter = Cutter(net, density, stream(seed, "cuts"))
    blocks = [leaf for block in mesh.blocks for leaf in cutter.cut(block)]
    roads = RoadBuilder(net, ground, towns, RoadNames(centres))
    add_bridges(mesh, ground, roads)
    roads.add_roads(centres, seed)
    roads.add_sea_links()
    add_hill_paths(net, ground, towns, stream(seed, "paths"))
    _require_dry(net, ground)
    _drop_strays(net)
    _raise_trunks(net, centres)
    roads.add_motorways()
    name_streets(net, list(mesh.streets), centres, stream(seed, "street names"))
    lonlat = np.asarray(np.round(np.column_stack(from_metric(net.x, net.y)), 7), np.float64)
    kept = [b for b in blocks if _is_served(net, b)]
    return StreetPlan(net, lonlat, kept, _assemble(net, lonlat))


def _segments(net: Net, wanted: Callable[[Line], bool]) -> tuple[I8, I8, I8]:
    """Return both nodes and the line of every piece between two neighbouring nodes."""
    first, second, owner = [], [], []
    for k, line in enumerate(net.lines):
        if wanted(line):
            nodes = line.nodes()
            first += nodes[:-1]
            second += nodes[1:]
            owner += [k] * (len(nodes) - 1)
    return np.array(first, np.int64), np.array(second, np.int64), np.array(owner, np.int64)


def _is_walkable(line: Line) -> bool:
    return line.klass in WALKABLE


def _require_dry(net: Net, ground: Ground) -> None:
    """Take away what crosses water without being a bridge: cuts of very uneven blocks."""
    lines = [line for line in net.lines if line.klass >= 0 and not line.bridge]
    ends = np.array([[(net.x[n], net.y[n]) for n in (line.a, line.b)] for line in lines])
    whole = shapely.linestrings(ends)
    wet = shapely.intersects(_wide(ground), whole) | ~shapely.covers(ground.land, whole)
    for k in np.flatnonzero(wet):
        lines[k].klass = NO_STREET


def _wide(ground: Ground) -> shapely.Geometry:
    """Return the water with a metre of bank, prepared."""
    wide = shapely.buffer(ground.water, 1.0)
    shapely.prepare(wide)
    shapely.prepare(ground.land)
    return wide


def _drop_strays(net: Net) -> None:
    """Leave out streets of small components."""
    first, second, _ = _segments(net, _is_walkable)
    count = len(net.x)
    links = csr_array((np.ones(len(first)), (first, second)), shape=(count, count))
    _, label = connected_components(links, directed=False)
    used = np.zeros(count, dtype=bool)
    used[first] = used[second] = True
    sizes = np.bincount(label[used], minlength=int(label.max()) + 1)
    for line in net.lines:
        if line.klass >= 0 and sizes[label[line.a]] < LEAST_NODES:
            line.klass = NO_STREET


def _raise_trunks(net: Net, centres: Sequence[Centre]) -> None:
    """Make the ways between the seats trunk roads."""
    first, second, owner = _segments(net, _is_walkable)
    seats = [(c.x, c.y) for c in centres if c.rank == 1]
    if len(seats) < 2 or not len(first):
        return
    x, y = np.array(net.x), np.array(net.y)
    slow = np.array([_SLOWNESS[net.lines[k].klass] for k in owner.tolist()])
    cost = np.hypot(x[first] - x[second], y[first] - y[second]) * slow + 0.01
    graph = csr_array((cost, (first, second)), shape=(len(x), len(x)))
    graph = graph.maximum(graph.T)
    used = np.unique(np.concatenate([first, second]))
    _, at = Nearest(np.column_stack([x[used], y[used]])).find(seats)
    sources = np.unique(used[at]).tolist()
    pair_line = dict(
        zip(zip(first.tolist(), second.tolist(), strict=True), owner.tolist(), strict=True)
    )
    for link in choose_links(find_links(graph, sources), len(sources)):
        for a, b in pairwise(link.path):
            k = pair_line.get((a, b), pair_line.get((b, a)))
            if k is not None and net.lines[k].klass <= StreetClass.TERTIARY:
                net.lines[k].klass = int(StreetClass.TRUNK)


def _is_served(net: Net, block: Block) -> bool:
    """Whether most of a block's outline is street."""
    streets = sum(net.lines[side[1]].klass >= 0 for side in block.sides)
    return streets * 5 >= len(block.sides) * 3


def _assemble(net: Net, lonlat: F8) -> Ways:
    """Put the lines of each street together into ways."""
    lines = [line for line in net.lines if line.klass >= 0]
    lines.sort(key=lambda line: (line.street, line.order, line.a))
    chains: list[list[int]] = []
    heads: list[Line] = []
    for line in lines:
        nodes = line.nodes()
        last = heads[-1] if heads else None
        same = last is not None and (
            (last.street, last.klass, last.name, last.bridge)
            == (line.street, line.klass, line.name, line.bridge)
        )
        if same and chains[-1][-1] == nodes[0]:
            chains[-1] += nodes[1:]
        else:
            chains.append(nodes)
            heads.append(line)
    sizes = np.array([len(chain) for chain in chains], dtype=np.int64)
    nodes_flat = np.array([n for chain in chains for n in chain], dtype=np.int64)
    return Ways(
        lonlat[nodes_flat].reshape(-1, 2),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        nodes_flat,
        np.array([line.klass for line in heads], dtype=np.int8),
        [line.name for line in heads],
        np.array([line.bridge for line in heads], dtype=np.bool_),
    )


def list_street_rows(ways: Ways) -> list[dict[str, Any]]:
    """Return the rows of the table `streets`: the ways as lines for drawing."""
    owner = ways.way_of_vertex
    shapes = np.asarray(shapely.linestrings(ways.coords, indices=owner))
    words = [klass.name.lower() for klass in StreetClass]
    return [
        {
            "name": name,
            "klass": words[klass],
            "bridge": bridge,
            "demo": True,
            "geometry": shape,
        }
        for name, klass, bridge, shape in zip(
            ways.name, ways.klass.tolist(), ways.bridge.tolist(), shapes, strict=True
        )
    ]
