"""Units as records, made from their columns one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from geomap.demo.firms import Namer
from geomap.demo.sites import SitePlan
from geomap.demo.streams import stream
from geomap.demo.technical import KIND_FIELDS
from geomap.demo.units import EPOCH, KINDS, STATUSES, UNKNOWN_DAY, UnitColumns
from geomap.domain.records import Unit

I8 = NDArray[np.int64]
CHUNK = 20_000


class UnitRecords:
    """All units as records, made anew each time they are iterated over."""

    def __init__(self, columns: UnitColumns, plan: SitePlan, seed: int) -> None:
        self._columns, self._plan, self._seed = columns, plan, seed

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self._columns)

    def __iter__(self) -> Iterator[Unit]:
        """Yield the units in site order."""
        namer = Namer(stream(self._seed, "tenant names"))
        offset = stream(self._seed, "tenant offsets").integers(0, 10**6, len(self._plan.sites))
        for low in range(0, len(self), CHUNK):
            yield from self._chunk(slice(low, min(low + CHUNK, len(self))), namer, offset)

    def _chunk(self, part: slice, namer: Namer, offset: I8) -> Iterator[Unit]:
        c = self._columns
        sites = [(s.id, s.industries) for s in self._plan.sites]
        rows = zip(
            range(part.start, part.stop),
            c.site[part].tolist(),
            c.building[part].tolist(),
            c.floor[part].tolist(),
            c.room[part].tolist(),
            c.kind[part].tolist(),
            c.area_m2[part].tolist(),
            c.status[part].tolist(),
            _or_none(c.rent[part]),
            _days(c.free_from[part]),
            _times(c.verified[part]),
            c.tenant[part].tolist(),
            _or_none(c.divisible[part]),
            c.technical.rows(part),
            strict=True,
        )
        for k, s, house, floor, room, kind, area, status, rent, day, seen, firm, cut, facts in rows:
            site, trades = sites[s]
            trade = trades[firm % len(trades)]
            yield Unit(
                id=f"demo-u{k + 1:07d}",
                site_id=site,
                building=f"{house}号楼",
                floor=floor,
                room=str(room),
                kind=KINDS[kind],
                area_m2=area,
                status=STATUSES[status],
                rent_cny_m2_month=rent,
                free_from=day,
                verified_at=seen,
                tenant=namer.firm(int(offset[s]) + firm, trade) if firm >= 0 else "",
                divisible_min_m2=cut,
                demo=True,
                **dict(zip(KIND_FIELDS, facts, strict=True)),
            )


def _or_none(values: NDArray[np.float32]) -> list[float | None]:
    return [None if v != v else v for v in values.tolist()]


def _days(days: NDArray[np.int32]) -> list[date | None]:
    return [None if d == UNKNOWN_DAY else EPOCH + timedelta(days=d) for d in days.tolist()]


def _times(minutes: NDArray[np.int32]) -> list[datetime | None]:
    first = datetime.combine(EPOCH, time(), UTC)
    return [None if m == UNKNOWN_DAY else first + timedelta(minutes=m) for m in minutes.tolist()]
