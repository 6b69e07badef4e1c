"""How fresh the ground of a figure is: a version of the amenities, their sources and dates."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from geomap.catalog.columns import AmenityColumns


@dataclass(frozen=True, slots=True)
class AmenitySource:
    """Amenities of one source; dates are ISO texts, empty where none is stated."""

    name: str
    count: int
    first: str
    last: str
    demo: bool


@dataclass(frozen=True, slots=True)
class AmenityState:
    """The amenities that a figure rests on.

    `version` is a hash of ids, categories and places, 12 hexadecimal digits: equal
    amenities have equal versions.
    """

    version: str
    count: int
    sources: tuple[AmenitySource, ...]


def amenity_state(amenities: AmenityColumns) -> AmenityState:
    """Return the version, sources and dates of amenities, the largest source first.

    Places are hashed to 1e-7 degrees (a centimetre), in the order of ids.
    """
    ids = [amenities.id[i] for i in range(len(amenities))]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    digest = hashlib.sha256("\n".join(ids[i] for i in order).encode())
    digest.update(np.ascontiguousarray(amenities.category[order]).tobytes())
    for degrees in (amenities.lon, amenities.lat):
        digest.update(np.round(degrees[order] * 1e7).astype(np.int64).tobytes())
    return AmenityState(digest.hexdigest()[:12], len(ids), _sources(amenities))


def _sources(amenities: AmenityColumns) -> tuple[AmenitySource, ...]:
    rows: dict[str, list[int]] = defaultdict(list)
    for i in range(len(amenities)):
        rows[amenities.source[i]].append(i)
    found = []
    for name, mine in rows.items():
        dates = sorted({amenities.source_date[i] for i in mine} - {""})
        first, last = (dates[0], dates[-1]) if dates else ("", "")
        found.append(AmenitySource(name, len(mine), first, last, bool(amenities.demo[mine].any())))
    return tuple(sorted(found, key=lambda source: (-source.count, source.name)))
