"""Parcels: pieces of city blocks on which a site may stand, and the buildings on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.demo.blocks import Block
from geomap.demo.ground import Ground
from geomap.demo.near import Nearest
from geomap.demo.net import Net
from geomap.demo.places import Centre
from geomap.demo.streets import StreetPlan

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
INSET_M = 11.0
STREET_REACH_M = 62.0
"""A building's middle lies no further than this from the street."""
POINT_INSET_M = 30.0


@dataclass(frozen=True)
class Blocks:
    """The city blocks as arrays of length n, metres (EPSG:4549).

    `owner` is the place of the reporting unit in the list asked for, -1 for none; `town`
    the place of the nearest centre that is no village.
    """

    shape: NDArray[np.object_]
    area_m2: F8
    density: F8
    owner: I8
    town: I8
    source: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A piece of a block: its outline, the block's direction and its street."""

    outline: shapely.Polygon
    block: Block
    street: str


def list_blocks(
    plan: StreetPlan,
    ground: Ground,
    homes: Mapping[str, str],
    zones: Mapping[str, BaseGeometry],
    centres: Sequence[Centre],
) -> Blocks:
    """Return the blocks that lie wholly in one reporting unit.

    Parameters
    ----------
    plan
        Streets and blocks.
    ground
        Land of the counties.
    homes
        County of each reporting unit; `zones` holds the outline of those inside one.
    centres
        Towns and villages.
    """
    net = plan.net
    sizes = [len(b.sides) for b in plan.blocks]
    nodes = np.array([s[0] for b in plan.blocks for s in b.sides], dtype=np.int64)
    xy = np.column_stack([np.array(net.x)[nodes], np.array(net.y)[nodes]])
    rings = shapely.linearrings(xy, indices=np.repeat(np.arange(len(sizes)), sizes))
    shape = np.asarray(shapely.polygons(rings))
    area_m2 = np.asarray(shapely.area(shape))
    fine = shapely.is_valid(shape) & (area_m2 > 2_000.0)
    owner = np.full(len(shape), -1, dtype=np.int64)
    core = np.asarray(shapely.buffer(shape, -2.0))
    inner = np.asarray(shapely.buffer(shape, 30.0))
    middle = shapely.point_on_surface(shape)
    x, y = np.asarray(shapely.get_x(middle)), np.asarray(shapely.get_y(middle))
    place = ground.county_at(x, y)
    codes = list(ground.counties)
    taken = np.zeros(len(shape), dtype=np.bool_)
    for k, unit in sorted(enumerate(homes), key=lambda item: item[1] not in zones):
        here = np.flatnonzero(fine & (place == codes.index(homes[unit])) & ~taken)
        here = here[shapely.contains(ground.counties[homes[unit]], core[here])]
        if unit in zones:
            held = shapely.contains(zones[unit], inner[here])
            taken[here[shapely.intersects(zones[unit], shape[here])]] = True
        else:
            held = _is_inside(ground, homes[unit], inner[here])
        owner[here[held]] = k
    density = np.array([b.density for b in plan.blocks])
    towns = Nearest([(c.x, c.y) for c in centres if c.rank < 3])
    _, town = towns.find(np.column_stack([x, y]))
    return Blocks(shape, area_m2, density, owner, town, plan.blocks)


def _is_inside(ground: Ground, code: str, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which blocks, with a margin, touch no other county."""
    held = np.ones(len(shapes), dtype=np.bool_)
    for other, land in ground.counties.items():
        if other != code:
            held &= ~shapely.intersects(land, shapes)
    return held


def divide(shape: BaseGeometry, block: Block, pieces: int, street: str) -> list[Parcel]:
    """Return parcels of a block: strips across its longer direction, inset from streets."""
    inset = shapely.buffer(shape, -INSET_M, join_style="mitre")
    if not isinstance(inset, shapely.Polygon) or inset.area < 700.0:
        inset = shapely.buffer(shape, -4.0, join_style="mitre")
    if not isinstance(inset, shapely.Polygon) or inset.is_empty:
        return []
    if pieces == 1:
        return [Parcel(inset, block, street)]
    (ux, uy), corners = block.axis, np.array(inset.exterior.coords)
    along, across = corners @ [ux, uy], corners @ [-uy, ux]
    if np.ptp(across) > np.ptp(along):
        ux, uy, along, across = -uy, ux, across, -along
    cuts = np.linspace(along.min(), along.max(), pieces + 1)
    low, high = across.min() - 1.0, across.max() + 1.0
    parcels = []
    for a, b in zip(cuts[:-1] + 3.0, cuts[1:] - 3.0, strict=True):
        frame = np.array([(a, low), (b, low), (b, high), (a, high)])
        strip = shapely.Polygon(frame @ np.array([[ux, uy], [-uy, ux]])).intersection(inset)
        if isinstance(strip, shapely.Polygon) and strip.area > 250.0:
            parcels.append(Parcel(strip, block, street))
    return parcels


def street_of(net: Net, block: Block) -> str:
    """Return the name of the best-known street at a block."""
    named = [net.lines[s[1]] for s in block.sides if net.lines[s[1]].name]
    named = [line for line in named if line.klass >= 0 and not line.bridge]
    return min(named, key=lambda line: (line.klass, line.name)).name if named else ""


def place_point(parcel: Parcel, net: Net, luck: F8) -> shapely.Point:
    """Return a point in a parcel a short way from a street of its block."""
    sides = [s for s in parcel.block.sides if net.lines[s[1]].klass >= 0]
    for k in range(4):
        a, b = _ends(net, sides[int(luck[k] * len(sides))])
        f = 0.2 + 0.6 * float(luck[k + 4])
        x, y = a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1])
        length = max(hypot(b[0] - a[0], b[1] - a[1]), 1e-6)
        nx, ny = -(b[1] - a[1]) / length, (b[0] - a[0]) / length
        spot = shapely.Point(x + POINT_INSET_M * nx, y + POINT_INSET_M * ny)
        if parcel.outline.contains(spot):
            return spot
    streets = shapely.MultiLineString([_ends(net, side) for side in sides])
    middle = parcel.outline.representative_point()
    if streets.distance(middle) <= STREET_REACH_M:
        return middle
    near, _ = shapely.ops.nearest_points(parcel.outline, streets)
    return shapely.Point(near.x, near.y)


def _ends(net: Net, side: tuple[int, int, float, float]) -> tuple[tuple[float, float], ...]:
    """Return both ends of a side of a block, metres, in the block's direction."""
    line = net.lines[side[1]]
    ax, ay, bx, by = net.x[line.a], net.y[line.a], net.x[line.b], net.y[line.b]
    return tuple((ax + t * (bx - ax), ay + t * (by - ay)) for t in side[2:])


def place_buildings(
    parcel: Parcel, net: Net, rng: np.random.Generator, most: int
) -> list[shapely.Polygon]:
    """Return up to `most` buildings in a row or a yard, along the block's direction.

    None where no building fits near a street.
    """
    (ux, uy), outline = parcel.block.axis, parcel.outline
    turn = np.array([[ux, uy], [-uy, ux]])
    if rng.random() < 0.5:
        turn = np.array([[-uy, ux], [-ux, -uy]])
    corners = np.array(outline.exterior.coords) @ turn.T
    low, high = corners.min(axis=0), corners.max(axis=0)
    length, depth = rng.uniform(36.0, 68.0), rng.uniform(16.0, 25.0)
    gap = rng.uniform(13.0, 20.0)
    spots = [
        (a, b)
        for a in np.arange(low[0] + 1.0, high[0] - length, length + gap)
        for b in np.arange(low[1] + 1.0, high[1] - depth, depth + gap)
    ]
    if not spots:
        return []
    at = np.array(spots)
    box = np.array([(0.0, 0.0), (length, 0.0), (length, depth), (0.0, depth)])
    local = at[:, None] + box
    houses = shapely.polygons(local @ turn)
    houses = houses[shapely.contains(outline, houses)]
    streets = shapely.MultiLineString(
        [_ends(net, s) for s in parcel.block.sides if net.lines[s[1]].klass >= 0]
    )
    away = shapely.distance(shapely.centroid(houses), streets)
    houses, away = houses[away < STREET_REACH_M], away[away < STREET_REACH_M]
    if not len(houses):
        return []
    first = houses[int(np.argmin(away))]
    near = np.argsort(shapely.distance(houses, first), kind="stable")[:most]
    chosen = list(houses[near])
    # The middle of a yard is where walks begin: keep that near the street, too.
    while streets.distance(shapely.MultiPolygon(chosen).centroid) > STREET_REACH_M:
        chosen.pop()
    return _with_wing(chosen, outline, rng)


def _with_wing(
    houses: list[shapely.Polygon], outline: BaseGeometry, rng: np.random.Generator
) -> list[shapely.Polygon]:
    """Give the first building a wing now and then, so that not all are plain boxes."""
    if rng.random() > 0.4:
        return houses
    a, _, c, d = np.array(houses[0].exterior.coords)[:4]
    inward = (d - a) * 0.6
    wing = shapely.Polygon([d, d + (c - d) * 0.32, d + (c - d) * 0.32 + inward, d + inward])
    joined = houses[0].union(wing)
    free = all(not h.intersects(wing.buffer(5.0)) for h in houses[1:])
    if isinstance(joined, shapely.Polygon) and outline.contains(joined) and free:
        houses[0] = joined
    return houses
