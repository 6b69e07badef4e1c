"""Just enough of the Protocol Buffers wire format to write vector tiles, over arrays.

The varint writer handles a whole array at a time: that, and not Python loops over
features, is what makes the tile encoder fast.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

_POWERS = np.array([1 << (7 * k) for k in range(1, 10)], dtype=np.uint64)


def varint(value: int) -> bytes:
    """Encode one unsigned integer."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(values: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Map signed integers to unsigned ones, small magnitudes to small numbers."""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def varint_lengths(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return how many bytes each unsigned integer takes, shape (n,)."""
    lengths = np.ones(len(values), dtype=np.int64)
    for power in _POWERS:
        more = values >= power
        if not more.any():
            break
        lengths += more
    return lengths


def varints(values: NDArray[np.uint64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Encode many unsigned integers one after the other.

    Returns
    -------
    blob, lengths
        The bytes, and how many of them each value took, shape (n,).
    """
    lengths = varint_lengths(values)
    ends = np.cumsum(lengths)
    blob = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    starts = ends - lengths
    rest, active = values, np.arange(len(values))
    for k in range(int(lengths.max()) if len(lengths) else 0):
        last = lengths[active] == k + 1
        low = (rest & np.uint64(0x7F)).astype(np.uint8)
        blob[starts[active] + k] = np.where(last, low, low | 0x80)
        rest, active = (rest >> np.uint64(7))[~last], active[~last]
    return blob, lengths


def field(number: int, payload: bytes) -> bytes:
    """Encode a length-delimited field."""
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def double_value(value: float) -> bytes:
    """Encode a double field of number 3 (a tile's value message)."""
    return b"\x19" + struct.pack("<d", value)


def double_messages(values: NDArray[np.float64]) -> bytes:
    """Encode many doubles as value messages of field 4, all of eleven bytes."""
    messages = np.empty((len(values), 11), dtype=np.uint8)
    messages[:, :3] = (0x22, 9, 0x19)
    messages[:, 3:] = np.ascontiguousarray(values, "<f8").view(np.uint8).reshape(-1, 8)
    return messages.tobytes()
