"""Mapbox vector tiles (specification 2.1), encoded with NumPy."""

from __future__ import annotations

from collections.abc import Sequence

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
)

__all__ = ["Layer", "LineLayer", "PointLayer", "PolygonLayer", "Properties", "encode_tile"]


def _value(value: object) -> bytes:
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
    values: list[bytes] = []
    matrix = np.full((len(rows), len(properties), 2), -1, dtype=np.int64)
    for column, raw in enumerate(properties.values()):
        whole = raw if isinstance(raw, np.ndarray) else np.array(raw, dtype=object)
        chosen = whole[rows]
        present = np.flatnonzero(~_is_missing(chosen))
        if chosen.dtype == object:
            codes: dict[object, int] = {}
            inverse = [codes.setdefault(v, len(codes)) for v in chosen[present].tolist()]
            distinct: list[object] = list(codes)
        else:
            found, inverse = np.unique(chosen[present], return_inverse=True)
            distinct = list(found)
        matrix[present, column, 0] = column
        matrix[present, column, 1] = np.asarray(inverse, dtype=np.int64) + len(values)
        values.extend(_value(value) for value in distinct)
    flat = matrix.reshape(len(rows), -1)
    kept = flat >= 0
    messages = [protobuf.field(3, key.encode()) for key in properties]
    messages += [protobuf.field(4, value) for value in values]
    return messages, flat[kept].astype(np.uint64), kept.sum(axis=1)


def _packed(values: NDArray[np.uint64], sizes: NDArray[np.int64]) -> list[bytes]:
    """Encode consecutive runs of values as packed fields' payloads."""
    blob, lengths = protobuf.varints(values)
    ends = np.r_[0, np.cumsum(lengths)]
    stops = np.cumsum(sizes)
    return protobuf.spans(blob, ends[stops] - ends[stops - sizes])


def _encode_layer(layer: Layer, kind: int, found: Features, extent: int) -> bytes:
    messages, tags, tag_sizes = _tags(layer.properties, found.rows)
    tag_blobs, geometry_blobs = _packed(tags, tag_sizes), _packed(found.commands, found.sizes)
    parts = [b"\x78\x02", protobuf.field(1, layer.name.encode())]
    type_field = b"\x18" + bytes([kind])
    varint, ids = protobuf.varint, layer.ids[found.rows].tolist()
    for fid, tag, geometry in zip(ids, tag_blobs, geometry_blobs, strict=True):
        tagged = b"".join((b"\x08", varint(fid), b"\x12", varint(len(tag)), tag))
        body = b"".join((tagged, type_field, b"\x22", varint(len(geometry)), geometry))
        parts.append(b"\x12" + varint(len(body)) + body)
    parts += messages
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
