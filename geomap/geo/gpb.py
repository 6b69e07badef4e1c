"""GeoPackageBinary: WKB behind the header of the GeoPackage standard (OGC 12-128r18, 2.1.3)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_POINT_FLAGS, _BOX_FLAGS, _EMPTY_FLAGS = 0x01, 0x03, 0x11


def encode_gpb(geometry: BaseGeometry, srid: int = 4326) -> bytes:
    """Return a geometry as GeoPackageBinary, with an XY envelope unless it is a point."""
    wkb: bytes = shapely.to_wkb(geometry, byte_order=1)
    if shapely.is_empty(geometry):
        return struct.pack("<2sBBi", b"GP", 0, _EMPTY_FLAGS, srid) + wkb
    if geometry.geom_type == "Point":
        return struct.pack("<2sBBi", b"GP", 0, _POINT_FLAGS, srid) + wkb
    west, south, east, north = geometry.bounds
    head = struct.pack("<2sBBi4d", b"GP", 0, _BOX_FLAGS, srid, west, east, south, north)
    return head + wkb


def _wkb_of(blob: bytes) -> bytes:
    if blob[:2] != b"GP":
        raise ValueError("not a GeoPackageBinary value")
    return blob[8 + _ENVELOPE_BYTES[(blob[3] >> 1) & 7] :]


def decode_gpb(blob: bytes) -> BaseGeometry:
    """Return the geometry of a GeoPackageBinary value.

    Raises
    ------
    ValueError
        The value does not start with the header's magic.
    """
    return shapely.from_wkb(_wkb_of(blob))


def decode_gpb_many(blobs: Sequence[bytes | None]) -> NDArray[np.object_]:
    """Decode values in one pass; None stays None."""
    wkb = np.empty(len(blobs), dtype=object)
    wkb[:] = [None if blob is None else _wkb_of(blob) for blob in blobs]
    decoded: NDArray[np.object_] = shapely.from_wkb(wkb)
    return decoded
