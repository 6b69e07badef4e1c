"""The columns of the catalog: NumPy arrays, one row a site, unit, amenity and so on.

Texts and geometries are one blob with offsets, so that every column is a plain array
that can be mapped into memory. Codes are indexes into the enums of `domain.words` in
their order; sets are bit masks of the same order; -1 and NaN mean not stated; days count
from 1970-01-01, with `MISSING_DAY` for none.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

MISSING_DAY = np.int32(-(2**31))
F8: TypeAlias = NDArray[np.float64]
F4: TypeAlias = NDArray[np.float32]
I8: TypeAlias = NDArray[np.int64]
I4: TypeAlias = NDArray[np.int32]
I2: TypeAlias = NDArray[np.int16]
I1: TypeAlias = NDArray[np.int8]
Mask: TypeAlias = NDArray[np.uint32]
Flags: TypeAlias = NDArray[np.bool_]


_PRIME = np.uint64(0x100000001B3)
_BASIS = np.uint64(0xCBF29CE484222325)


def _hashes(blob: NDArray[np.uint8], offsets: I8) -> NDArray[np.uint64]:
    """Return the 64-bit FNV-1a hash of every text: a byte of all texts of a length at a time."""
    lengths = np.diff(offsets)
    hashes = np.full(len(lengths), _BASIS, dtype=np.uint64)
    for length in np.unique(lengths).tolist():
        rows = np.flatnonzero(lengths == length)
        start, value = offsets[rows], hashes[rows]
        for place in range(length):
            value = (value ^ blob[start + place]) * _PRIME
        hashes[rows] = value
    return hashes


@dataclass(frozen=True)
class TextColumn:
    """Texts in UTF-8: row i is ``blob[offsets[i]:offsets[i + 1]]``."""

    blob: NDArray[np.uint8]
    offsets: I8

    @classmethod
    def of(cls, texts: Iterable[str | None]) -> TextColumn:
        """Build a column; None becomes the empty text."""
        encoded = [(text or "").encode() for text in texts]
        offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(part) for part in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> str:
        row = range(len(self))[row]
        return self.blob[self.offsets[row] : self.offsets[row + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        data, ends = self.blob.tobytes(), self.offsets.tolist()
        return (data[a:b].decode() for a, b in itertools.pairwise(ends))

    def take(self, rows: Iterable[int]) -> list[str]:
        """Return the texts of some rows."""
        return [self[int(row)] for row in rows]

    @cached_property
    def _index(self) -> tuple[NDArray[np.uint64], I4]:
        """Hashes of all texts in order, and their rows: 12 bytes a text, where a dict takes 150."""
        hashes = _hashes(self.blob, self.offsets)
        order = np.argsort(hashes, kind="stable")
        return hashes[order], order.astype(np.int32)

    def find(self, text: str) -> int:
        """Return the first row that holds the text, -1 where none does."""
        hashes, rows = self._index
        one = np.frombuffer(text.encode(), dtype=np.uint8)
        wanted = _hashes(one, np.array([0, len(one)], dtype=np.int64))[0]
        at = int(np.searchsorted(hashes, wanted))
        while at < len(hashes) and hashes[at] == wanted:
            if self[int(rows[at])] == text:
                return int(rows[at])
            at += 1
        return -1


@dataclass(frozen=True)
class GeometryColumn:
    """Geometries (EPSG:4326) as WKB in one blob; an empty value is no geometry."""

    blob: NDArray[np.uint8]
    offsets: I8

    @classmethod
    def of(cls, shapes: Sequence[BaseGeometry | None] | NDArray[np.object_]) -> GeometryColumn:
        """Build a column."""
        given = np.empty(len(shapes), dtype=object)
        given[:] = shapes
        encoded: list[bytes] = [wkb or b"" for wkb in shapely.to_wkb(given)]
        offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum([len(part) for part in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """The decoded geometries, None where there is none."""
        data, ends = self.blob.tobytes(), self.offsets.tolist()
        wkb = np.empty(len(self), dtype=object)
        wkb[:] = [data[a:b] or None for a, b in itertools.pairwise(ends)]
        decoded: NDArray[np.object_] = shapely.from_wkb(wkb)
        return decoded


class _Table:
    """Anything with an `id`-like first text column; its length is the number of rows."""

    def __len__(self) -> int:
        first: Any = next(iter(vars(self).values()))
        return len(first)


@dataclass(frozen=True)
class SiteColumns(_Table):
    """Sites; site i owns the units ``unit_start[i]:unit_start[i + 1]``.

    `x`, `y` are metres of the catalog's metric CRS; NaN with `lon`, `lat` where the site
    is not located. `county` indexes `regions.COUNTIES`, `reporting_unit` REPORTING_UNITS.
    """

    id: TextColumn
    name: TextColumn
    address: TextColumn
    operator: TextColumn
    note: TextColumn
    source: TextColumn
    source_date: TextColumn
    town: TextColumn
    lon: F8
    lat: F8
    x: F8
    y: F8
    county: I1
    reporting_unit: I1
    county_mismatch: Flags
    state_owned: Flags
    professional: Flags
    reference: Flags
    demo: Flags
    stages: Mask
    services: Mask
    platforms: Mask
    industries: Mask
    level: I1
    precision: I1
    area_m2: F8
    vacant_m2: F8
    vacant_count: I4
    tenants: I4
    jobs: I4
    opened_on: I4
    operator_since: I4
    version: I4
    unit_start: I8
    geometry: GeometryColumn


@dataclass(frozen=True)
class UnitColumns(_Table):
    """Units, in site order; `tri` columns are 1 yes, 0 no, -1 not stated.

    `divisible_min_m2` is NaN where a unit is given whole only.
    """

    id: TextColumn
    building: TextColumn
    room: TextColumn
    tenant: TextColumn
    site: I4
    floor: I2
    kind: I1
    status: I1
    area_m2: F4
    rent_cny_m2_month: F4
    free_from: I4
    verified_at: I4
    desks: I4
    divisible_min_m2: F4
    floor_load_kn_m2: F4
    clear_height_m: F4
    column_spacing_m: F4
    freight_lift_t: F4
    power_kw: F4
    water: I1
    drainage: I1
    exhaust: I1
    gas: I1
    clean_room: I1
    hazardous_storage: I1
    open_24h: I1
    permitted_use: I1
    demo: Flags
    version: I4


@dataclass(frozen=True)
class AmenityColumns(_Table):
    """Amenities; `category` indexes AmenityCategory, `source_date` is an ISO date or ""."""

    id: TextColumn
    name: TextColumn
    address: TextColumn
    source: TextColumn
    source_date: TextColumn
    category: I1
    lon: F8
    lat: F8
    demo: Flags


@dataclass(frozen=True)
class AreaColumns(_Table):
    """Counties, zones, land and water: polygons with a code and a name."""

    id: TextColumn
    name: TextColumn
    detail: TextColumn
    demo: Flags
    geometry: GeometryColumn


@dataclass(frozen=True)
class TownColumns(_Table):
    """Towns and streets with a label point, NaN where none is known."""

    id: TextColumn
    name: TextColumn
    adcode: TextColumn
    lon: F8
    lat: F8


@dataclass(frozen=True)
class TargetColumns:
    """Cells of the annex; NaN is "-", no task."""

    reporting_unit: I1
    year: I2
    indicator: I1
    value: F8

    def __len__(self) -> int:
        return len(self.year)


@dataclass(frozen=True)
class HistoryColumns:
    """Occupancy by site and month, in that order; site i owns ``start[i]:start[i + 1]``."""

    site: I4
    month: I4
    leased_m2: F4
    vacant_m2: F4
    tenants: I4
    jobs: I4
    rent_cny_m2_month: F4
    start: I8

    def __len__(self) -> int:
        return len(self.site)


@dataclass(frozen=True)
class RingColumns:
    """Rings of sites, 5, 10 and 15 minutes."""

    profile: TextColumn
    network: TextColumn
    site: I4
    minutes: F4
    speed_kmh: F4
    area_m2: F8
    snapped_m: F4
    truncated: Flags
    geometry: GeometryColumn

    def __len__(self) -> int:
        return len(self.site)


@dataclass(frozen=True)
class AccessColumns:
    """Walk to the nearest amenity and count within the profile's minutes, (n_sites, 12)."""

    walk_m: F4
    count: I4
    nearest: I4

    def __len__(self) -> int:
        return len(self.walk_m)


@dataclass(frozen=True)
class LineColumns:
    """Street lines: line i is ``coords[offsets[i]:offsets[i + 1]]`` in EPSG:4326."""

    name: TextColumn
    klass: TextColumn
    bridge: Flags
    demo: Flags
    coords: F8
    offsets: I8

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass(frozen=True)
class Tables:
    """All columns of one version of the data."""

    sites: SiteColumns
    units: UnitColumns
    amenities: AmenityColumns
    counties: AreaColumns
    zones: AreaColumns
    towns: TownColumns
    targets: TargetColumns
    history: HistoryColumns
    rings: RingColumns
    access: AccessColumns
    streets: LineColumns
    water: AreaColumns
    land: AreaColumns
    info: dict[str, str] = field(default_factory=dict)
