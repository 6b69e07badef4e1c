"""Driver values of the store as typed arrays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.catalog.columns import F8, I1, I4, MISSING_DAY, Flags, Mask

_CITY_HOURS = np.timedelta64(8, "h")
"""China's time is eight hours ahead of UTC, the year round since 1991."""


def to_days(values: Sequence[Any]) -> I4:
    """Turn dates or moments (text, `date`, `datetime`; None) into days since 1970.

    A moment counts for the day that it is in Wenzhou: what is verified there at seven in the
    morning is not of the day before.
    """
    days = np.full(len(values), MISSING_DAY, dtype=np.int32)
    present = [i for i, value in enumerate(values) if value is not None]
    texts = [_stamp(values[i]) for i in present]
    if texts:
        stamps = np.array(texts, dtype="datetime64[s]")
        moments = np.array([len(text) > _DAY for text in texts])
        stamps[moments] += _CITY_HOURS
        days[present] = stamps.astype("datetime64[D]").astype(np.int32)
    return days


_DAY, _SECOND = len("2026-03-01"), len("2026-03-01 09:30:00")


def _stamp(value: Any) -> str:
    """Return a day as it is, a moment in UTC to the second, as the store keeps it."""
    text = str(value)
    zoned = len(text) > _SECOND and (text[-6] in "+-" or text[-1] == "Z")
    if isinstance(value, datetime) or zoned:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(text)
        text = moment.astimezone(UTC).replace(tzinfo=None).isoformat()
    return text[:_SECOND]


def to_floats(values: Sequence[Any], dtype: type[np.floating[Any]] = np.float64) -> NDArray[Any]:
    """Turn numbers into floats; None becomes NaN."""
    return np.array([np.nan if v is None else v for v in values], dtype=dtype)


def to_ints(values: Sequence[Any], missing: int = -1) -> I4:
    """Turn numbers into int32; None becomes `missing`."""
    return np.array([missing if v is None else v for v in values], dtype=np.int32)


def to_tri(values: Sequence[Any]) -> I1:
    """Turn yes, no or None into 1, 0 or -1."""
    return np.array([-1 if v is None else int(v) for v in values], dtype=np.int8)


def to_flags(values: Sequence[Any]) -> Flags:
    """Turn truth values into bool; None is False."""
    return np.array([bool(v) for v in values], dtype=bool)


def to_codes(values: Sequence[Any], words: Sequence[str]) -> I1:
    """Turn words into their place in `words`; others and None into -1."""
    place = {str(word): i for i, word in enumerate(words)}
    return np.array([place.get(v, -1) for v in values], dtype=np.int8)


def to_masks(values: Sequence[Any], words: Sequence[str]) -> Mask:
    """Turn JSON lists of words into bit masks in the order of `words`."""
    bit = {str(word): 1 << i for i, word in enumerate(words)}
    known: dict[Any, int] = {}
    for value in set(values):
        known[value] = sum(bit.get(word, 0) for word in set(json.loads(value or "[]")))
    return np.array([known[value] for value in values], dtype=np.uint32)


def words_of(mask: int, words: type[StrEnum] | Sequence[str]) -> list[str]:
    """Return the words of a bit mask."""
    return [str(word) for i, word in enumerate(words) if int(mask) >> i & 1]


def to_points(shapes: NDArray[np.object_]) -> tuple[F8, F8]:
    """Return longitude and latitude of a point in each geometry, NaN where there is none.

    For a polygon it is its centroid where that lies inside, else a point on its surface.
    """
    lon, lat = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    rows = np.flatnonzero(~shapely.is_missing(shapes))
    if len(rows):
        centre = shapely.centroid(shapes[rows])
        outside = ~shapely.intersects(centre, shapes[rows])
        centre[outside] = shapely.point_on_surface(shapes[rows][outside])
        lon[rows], lat[rows] = shapely.get_x(centre), shapely.get_y(centre)
    return lon, lat
