"""What of a layer lies in a vector tile, as command streams of the specification 2.1.

A layer holds whole columns in EPSG:4326. What touches the tile is clipped, rounded to
tile units and turned into commands, all rows at a time. Lines and polygons are
simplified to half a screen pixel of the tile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.geo import protobuf
from geomap.geo.tilegrid import lonlat_to_tile_px, tile_bounds_lonlat

Column = NDArray[np.generic] | Sequence[object]
Properties = Mapping[str, Column]
_MOVE_1, _CLOSE = np.uint64(1 | 1 << 3), np.uint64(7 | 1 << 3)
_UNITS_PER_PIXEL = 8
"""A tile of 4,096 units is drawn 512 pixels wide."""


@dataclass(frozen=True, slots=True)
class PointLayer:
    """Points: degrees of shape (n,), ids of shape (n,), properties of n values each."""

    name: str
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    ids: NDArray[np.int64]
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineLayer:
    """Lines: degrees of shape (N, 2); line i owns ``coords[offsets[i]:offsets[i + 1]]``."""

    name: str
    coords: NDArray[np.float64]
    offsets: NDArray[np.int64]
    ids: NDArray[np.int64]
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolygonLayer:
    """Polygons and multipolygons, an object array of valid shapely geometries (n,)."""

    name: str
    geometries: NDArray[np.object_]
    ids: NDArray[np.int64]
    properties: Properties = field(default_factory=dict)


Layer = PointLayer | LineLayer | PolygonLayer


@dataclass(frozen=True, slots=True)
class Features:
    """Chosen rows, the command stream of each, and where each stream ends in `commands`."""

    rows: NDArray[np.int64]
    commands: NDArray[np.uint64]
    sizes: NDArray[np.int64]


def _nothing() -> Features:
    none = np.empty(0, dtype=np.int64)
    return Features(none, none.astype(np.uint64), none)


def _point_features(
    layer: PointLayer, z: int, x: int, y: int, extent: int, buffer: int
) -> Features:
    px, py = lonlat_to_tile_px(layer.lon, layer.lat, z, x, y, extent)
    low, high = -buffer, extent + buffer
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero((px >= low) & (px < high) & (py >= low) & (py < high))
    commands = np.empty((len(rows), 3), dtype=np.uint64)
    commands[:, 0] = _MOVE_1
    commands[:, 1] = protobuf.zigzag(np.floor(px[rows]).astype(np.int64))
    commands[:, 2] = protobuf.zigzag(np.floor(py[rows]).astype(np.int64))
    return Features(rows, commands.ravel(), np.full(len(rows), 3, dtype=np.int64))


def _to_tile(
    geometries: NDArray[np.object_], z: int, x: int, y: int, extent: int
) -> NDArray[np.object_]:
    def move(coords: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(lonlat_to_tile_px(coords[:, 0], coords[:, 1], z, x, y, extent))

    moved: NDArray[np.object_] = shapely.transform(geometries, move)
    return moved


def _stream(
    coords: NDArray[np.int64], sizes: NDArray[np.int64], owner: NDArray[np.int64], *, closed: bool
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the commands of many paths, and how many of them each path has.

    `sizes` counts the vertices of each path (rings without their closing one); `owner`
    tells the feature of each path, whose cursor runs on from path to path.
    """
    ends = np.cumsum(sizes)
    starts = ends - sizes
    delta = np.diff(coords, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    first_of_feature = np.r_[True, owner[1:] != owner[:-1]]
    begin = starts[first_of_feature]
    delta[begin] = coords[begin]
    extra = 3 if closed else 2
    counts = 2 * sizes + extra
    at = np.cumsum(counts) - counts
    commands = np.empty(int(counts.sum()), dtype=np.uint64)
    commands[at] = _MOVE_1
    commands[at + 3] = np.uint64(2) | ((sizes - 1).astype(np.uint64) << np.uint64(3))
    if closed:
        commands[at + counts - 1] = _CLOSE
    within = np.arange(len(coords)) - np.repeat(starts, sizes)
    slot = np.repeat(at, sizes) + 1 + 2 * within + (within > 0)
    commands[slot] = protobuf.zigzag(delta[:, 0])
    commands[slot + 1] = protobuf.zigzag(delta[:, 1])
    return commands, counts


def _drop_repeats(
    coords: NDArray[np.int64], path: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if not len(path):
        return coords, path
    same = np.r_[False, (path[1:] == path[:-1]) & (coords[1:] == coords[:-1]).all(axis=1)]
    return coords[~same], path[~same]


def _paths(
    parts: NDArray[np.object_], minimum: int, *, closed: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return rounded vertices, path sizes, and which paths (of `parts`) are left."""
    raw, path = shapely.get_coordinates(parts, return_index=True)
    coords, path = _drop_repeats(np.round(raw).astype(np.int64), path)
    if closed and len(path):
        last = np.r_[path[1:] != path[:-1], True]
        coords, path = coords[~last], path[~last]
    sizes = np.bincount(path, minlength=len(parts))
    keep = sizes >= minimum
    chosen = keep[path]
    return coords[chosen], sizes[keep].astype(np.int64), np.flatnonzero(keep)


def _collect(
    owner: NDArray[np.int64], commands: NDArray[np.uint64], counts: NDArray[np.int64]
) -> Features:
    rows, first = np.unique(owner, return_index=True)
    return Features(rows, commands, np.add.reduceat(counts, first))


def _line_features(layer: LineLayer, z: int, x: int, y: int, extent: int, buffer: int) -> Features:
    raw = np.column_stack(
        lonlat_to_tile_px(layer.coords[:, 0], layer.coords[:, 1], z, x, y, extent)
    )
    if not len(layer.offsets) > 1:
        return _nothing()
    starts = layer.offsets[:-1]
    low, high = np.minimum.reduceat(raw, starts), np.maximum.reduceat(raw, starts)
    box = (-buffer, -buffer, extent + buffer, extent + buffer)
    near = np.flatnonzero(
        (high[:, 0] >= box[0])
        & (low[:, 0] <= box[2])
        & (high[:, 1] >= box[1])
        & (low[:, 1] <= box[3])
    )
    if not len(near):
        return _nothing()
    sizes = (layer.offsets[near + 1] - layer.offsets[near]).astype(np.int64)
    picked = np.repeat(layer.offsets[near], sizes) + ramp(sizes)
    lines = shapely.linestrings(raw[picked], indices=np.repeat(np.arange(len(near)), sizes))
    lines = shapely.simplify(lines, _UNITS_PER_PIXEL / 2, preserve_topology=False)
    clipped = shapely.clip_by_rect(lines, *box)
    parts, part_owner = shapely.get_parts(clipped, return_index=True)
    line_parts = shapely.get_type_id(parts) == 1
    parts, part_owner = parts[line_parts], part_owner[line_parts]
    coords, lengths, left = _paths(parts, 2, closed=False)
    if not len(left):
        return _nothing()
    owner = near[part_owner[left]]
    return _collect(owner, *_stream(coords, lengths, owner, closed=False))


def ramp(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 0…size-1 for each size, one after the other."""
    starts = np.cumsum(sizes) - sizes
    return np.arange(int(sizes.sum())) - np.repeat(starts, sizes)


def _polygon_features(
    layer: PolygonLayer, z: int, x: int, y: int, extent: int, buffer: int
) -> Features:
    west, south, east, north = tile_bounds_lonlat(z, x, y)
    pad_x, pad_y = ((east - west) * buffer / extent), ((north - south) * buffer / extent)
    box = (west - pad_x, south - pad_y, east + pad_x, north + pad_y)
    bounds = shapely.bounds(layer.geometries)
    with np.errstate(invalid="ignore"):
        near = np.flatnonzero(
            (bounds[:, 2] >= box[0])
            & (bounds[:, 0] <= box[2])
            & (bounds[:, 3] >= box[1])
            & (bounds[:, 1] <= box[3])
        )
    if not len(near):
        return _nothing()
    simple = shapely.simplify(layer.geometries[near], (east - west) / 1024, preserve_topology=False)
    clipped = shapely.clip_by_rect(simple, *box)
    tiled = shapely.orient_polygons(_to_tile(clipped, z, x, y, extent), exterior_cw=False)
    parts, part_owner = shapely.get_parts(tiled, return_index=True)
    areal = shapely.get_type_id(parts) == 3
    parts, part_owner = parts[areal], part_owner[areal]
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coords, lengths, left = _paths(rings, 3, closed=True)
    left, coords, lengths = _drop_flat(coords, lengths, left, ring_part)
    if not len(left):
        return _nothing()
    owner = near[part_owner[ring_part[left]]]
    return _collect(owner, *_stream(coords, lengths, owner, closed=True))


def _drop_flat(
    coords: NDArray[np.int64],
    lengths: NDArray[np.int64],
    left: NDArray[np.int64],
    ring_part: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Drop rings that rounding left without area, and holes whose shell is gone."""
    if not len(left):
        return left, coords, lengths
    starts = np.cumsum(lengths) - lengths
    following = np.arange(len(coords)) + 1
    following[starts + lengths - 1] = starts
    cross = coords[:, 0] * coords[following, 1] - coords[following, 0] * coords[:, 1]
    solid = np.add.reduceat(cross, starts) != 0
    shell = np.r_[True, ring_part[1:] != ring_part[:-1]]
    alive = np.zeros(int(ring_part.max()) + 1, dtype=bool)
    alive[ring_part[left[solid & shell[left]]]] = True
    keep = solid & alive[ring_part[left]]
    return left[keep], coords[np.repeat(keep, lengths)], lengths[keep]


def find_features(
    layer: Layer, z: int, x: int, y: int, extent: int, buffer: int
) -> tuple[int, Features]:
    """Return the specification's geometry type of a layer, and what of it lies in a tile."""
    if isinstance(layer, PointLayer):
        return 1, _point_features(layer, z, x, y, extent, buffer)
    if isinstance(layer, LineLayer):
        return 2, _line_features(layer, z, x, y, extent, buffer)
    return 3, _polygon_features(layer, z, x, y, extent, buffer)
