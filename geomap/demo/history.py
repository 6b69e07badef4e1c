"""36 months of occupancy for every site, ending with what its units say today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geomap.demo.streams import stream
from geomap.demo.units import LEASED, VACANT, UnitColumns, count_jobs, count_tenants
from geomap.domain.records import Site, UnitHistory

F8 = NDArray[np.float64]
MONTHS = 36
CHUNK = 500


def list_months(today: date) -> list[date]:
    """Return the first days of the last `MONTHS` months, that of `today` last."""
    last = today.year * 12 + today.month - 1
    return [date(m // 12, m % 12 + 1, 1) for m in range(last - MONTHS + 1, last + 1)]


class HistoryRecords:
    """Occupancy month by month from a site's opening on, made anew each time.

    The last month holds the present sums: `leased_m2` and `vacant_m2` of the units of
    those statuses, the different tenants and their jobs.
    """

    def __init__(
        self, columns: UnitColumns, sites: Sequence[Site], *, seed: int, today: date
    ) -> None:
        self._sites, self._seed = sites, seed
        self._months = list_months(today)
        self.leased_m2 = columns.sum_by_site(columns.area_m2, columns.status == LEASED)
        self.vacant_m2 = columns.sum_by_site(columns.area_m2, columns.status == VACANT)
        self.tenants, self.jobs = count_tenants(columns), count_jobs(columns)
        priced = ~np.isnan(columns.rent)
        worth = columns.sum_by_site(columns.rent * columns.area_m2, priced)
        size = columns.sum_by_site(columns.area_m2, priced)
        self.rent = np.round(
            np.divide(worth, size, out=np.full(len(size), np.nan), where=size > 0), 1
        )

    def __iter__(self) -> Iterator[UnitHistory]:
        """Yield the months of each site, oldest first."""
        rng = stream(self._seed, "history")
        for low in range(0, len(self._sites), CHUNK):
            rows = np.arange(low, min(low + CHUNK, len(self._sites)))
            yield from self._chunk(rows, rng)

    def _chunk(self, rows: NDArray[np.int64], rng: np.random.Generator) -> Iterator[UnitHistory]:
        opened = np.array(
            [self._months_since_opening(self._sites[row].opened_on) for row in rows.tolist()]
        )
        share = _share_of_today(opened, rng)
        total = self.leased_m2[rows] + self.vacant_m2[rows]
        leased = np.minimum(np.round(self.leased_m2[rows, None] * share, 1), total[:, None])
        leased[:, -1] = self.leased_m2[rows]
        vacant = np.round(total[:, None] - leased, 1)
        vacant[:, -1] = self.vacant_m2[rows]
        tenants = np.round(self.tenants[rows, None] * np.clip(share, 0.0, 1.2)).astype(int)
        tenants[:, -1] = self.tenants[rows]
        jobs = np.round(self.jobs[rows, None] * share * (0.9 + 0.1 * share)).astype(int)
        jobs[:, -1] = self.jobs[rows]
        rise = 1.0 + 0.0016 * np.arange(-MONTHS + 1, 1) + rng.normal(0, 0.006, share.shape)
        rent = np.round(self.rent[rows, None] * rise, 1)
        rent[:, -1] = self.rent[rows]
        for i, row in enumerate(rows.tolist()):
            first = max(0, MONTHS - 1 - int(opened[i]))
            for m in range(first, MONTHS):
                yield UnitHistory(
                    site_id=self._sites[row].id,
                    month=self._months[m],
                    leased_m2=float(leased[i, m]),
                    vacant_m2=float(vacant[i, m]),
                    tenants=int(tenants[i, m]),
                    jobs=int(jobs[i, m]),
                    rent_cny_m2_month=None if np.isnan(rent[i, m]) else float(rent[i, m]),
                    demo=True,
                )

    def _months_since_opening(self, opened: date | None) -> int:
        last = self._months[-1]
        if opened is None:
            return MONTHS
        return (last.year - opened.year) * 12 + last.month - opened.month


def _share_of_today(opened: NDArray[np.int64], rng: np.random.Generator) -> F8:
    """Return occupancy of each month against today's: filling up after the opening.

    A site that has stood for long rises slowly from about half of today, with ups and downs.
    """
    age = opened[:, None] - np.arange(MONTHS - 1, -1, -1)
    pace = rng.uniform(2.0, 7.0, (len(opened), 1))
    filling = 1.0 - 0.75 * np.exp(-np.maximum(age + 1, 0) / pace)
    slow = rng.uniform(0.012, 0.028, (len(opened), 1))
    slope = 1.0 - slow * np.arange(MONTHS - 1, -1, -1)
    wobble = np.cumsum(rng.normal(0.0, 0.012, filling.shape), axis=1)
    wobble -= wobble[:, -1:]
    share = filling / filling[:, -1:] * slope + wobble
    return np.asarray(np.clip(share, 0.0, 1.15))
