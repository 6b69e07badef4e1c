"""Mapbox vector tiles (specification 2.1), encoded with NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.geo import protobuf
from geomap.geo.tile_features import (
    Features,
    Layer,
    LineLayer,
    PointLayer,
    PolygonLayer,
    Properties,
    find_features,
    ramp,
)

__all__ = ["Layer", "LineLayer", "PointLayer", "PolygonLayer", "Properties", "encode_tile"]


def _value(value: object) -> bytes:
    if isinstance(value, str):
        return protobuf.field(1, value.encode())
    if isinstance(value, bool | np.bool_):
        return b"\x38" + (b"\x01" if value else b"\x00")
    if isinstance(value, int | np.integer):
        number = int(value)
        if number >= 0:
            return b"\x28" + protobuf.varint(number)
        return b"\x30" + protobuf.varint((-number << 1) - 1)
    if isinstance(value, float | np.floating):
        return protobuf.double_value(float(value))
    return protobuf.field(1, str(value).encode())


def _value_messages(distinct: NDArray[np.generic] | list[object]) -> bytes:
    """Return one value message after the other; a column of floats is written at once."""
    if isinstance(distinct, np.ndarray) and distinct.dtype.kind == "f":
        return protobuf.double_messages(distinct.astype("<f8"))
    return b"".join(protobuf.field(4, _value(value)) for value in distinct)


def _is_missing(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    if values.dtype.kind == "f":
        return np.asarray(values != values, dtype=bool)
    if values.dtype == object:
        return np.array([v is None or v == "" for v in values], dtype=bool)
    return np.zeros(len(values), dtype=bool)


def _tags(
    properties: Properties, rows: NDArray[np.int64]
) -> tuple[list[bytes], NDArray[np.uint64], NDArray[np.int64]]:
    """Return the layer's key and value messages, and the tag stream with its sizes.

    A missing value (None, NaN, empty text) has no tag.
    """
    messages = [protobuf.field(3, key.encode()) for key in properties]
    total = 0
    matrix = np.full((len(rows), len(properties), 2), -1, dtype=np.int64)
    for column, raw in enumerate(properties.values()):
        whole = raw if isinstance(raw, np.ndarray) else np.array(raw, dtype=object)
        chosen = whole[rows]
        present = np.flatnonzero(~_is_missing(chosen))
        distinct: NDArray[np.generic] | list[object]
        if chosen.dtype == object:
            codes: dict[object, int] = {}
            inverse = [codes.setdefault(v, len(codes)) for v in chosen[present].tolist()]
            distinct = list(codes)
        else:
            distinct, inverse = np.unique(chosen[present], return_inverse=True)
        matrix[present, column, 0] = column
        matrix[present, column, 1] = np.asarray(inverse, dtype=np.int64) + total
        messages.append(_value_messages(distinct))
        total += len(distinct)
    flat = matrix.reshape(len(rows), -1)
    kept = flat >= 0
    return messages, flat[kept].astype(np.uint64), kept.sum(axis=1)


def _run_bytes(values: NDArray[np.uint64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many bytes each consecutive run of values takes as varints."""
    ends = np.r_[0, np.cumsum(protobuf.varint_lengths(values))]
    stops = np.cumsum(sizes)
    return np.asarray(ends[stops] - ends[stops - sizes], dtype=np.int64)


def _feature_stream(
    ids: NDArray[np.int64],
    kind: int,
    tags: NDArray[np.uint64],
    tag_sizes: NDArray[np.int64],
    found: Features,
) -> NDArray[np.uint8]:
    """Return all features of a layer as bytes.

    Everything in a feature is a varint, field numbers and lengths included, so that the
    features are one stream of numbers, written at once.
    """
    numbers = ids.astype(np.uint64)
    tag_bytes = _run_bytes(tags, tag_sizes)
    geometry_bytes = _run_bytes(found.commands, found.sizes)
    lengths = protobuf.varint_lengths
    body = 1 + lengths(numbers) + 1 + lengths(tag_bytes.astype(np.uint64)) + tag_bytes
    body += 2 + 1 + lengths(geometry_bytes.astype(np.uint64)) + geometry_bytes
    counts = 10 + tag_sizes + found.sizes
    at = np.cumsum(counts) - counts
    stream = np.empty(int(counts.sum()), dtype=np.uint64)
    head: tuple[Any, ...] = (0x12, body, 0x08, numbers, 0x12, tag_bytes)
    tail: tuple[Any, ...] = (0x18, kind, 0x22, geometry_bytes)
    for place, value in enumerate(head):
        stream[at + place] = value
    after = at + len(head) + tag_sizes
    for place, value in enumerate(tail):
        stream[after + place] = value
    stream[np.repeat(at + len(head), tag_sizes) + ramp(tag_sizes)] = tags
    stream[np.repeat(after + len(tail), found.sizes) + ramp(found.sizes)] = found.commands
    return protobuf.varints(stream)[0]


def _encode_layer(layer: Layer, kind: int, found: Features, extent: int) -> bytes:
    messages, tags, tag_sizes = _tags(layer.properties, found.rows)
    features = _feature_stream(layer.ids[found.rows], kind, tags, tag_sizes, found)
    parts = [b"\x78\x02", protobuf.field(1, layer.name.encode()), features.tobytes(), *messages]
    parts.append(b"\x28" + protobuf.varint(extent))
    return protobuf.field(3, b"".join(parts))


def encode_tile(
    layers: Sequence[Layer], z: int, x: int, y: int, *, extent: int = 4096, buffer: int = 64
) -> bytes:
    """Return a vector tile of the layers; a layer without features in it is left out.

    Parameters
    ----------
    layers
        Columns in EPSG:4326.
    z, x, y
        Tile of WebMercatorQuad.
    extent, buffer
        Tile units across, and how far geometry reaches over the edge.
    """
    parts = []
    for layer in layers:
        kind, found = find_features(layer, z, x, y, extent, buffer)
        if len(found.rows):
            parts.append(_encode_layer(layer, kind, found, extent))
    return b"".join(parts)
