"""What is offered from each unit on: the unit alone, or the run of neighbours that starts there.

Every unit starts exactly one offer, so that units, offers and their counts stay the same
rows. The run is the shortest that is large enough; whether its units may be had is for the
rules to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.columns import F4, F8, I4, Flags, UnitColumns

LONGEST_RUN = 8
"""More units than this are no longer one place."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Columns of the offers, shape (n_units,); row i is the offer that starts at unit i.

    `span` counts its units. `area_m2` and `cost_cny_month` are sums, `rent_cny_m2_month`
    their quotient, NaN where the rent of one is not stated. `free_from` is the latest,
    `verified_at` the oldest day, with `MISSING_DAY` for none. `last` is the row of its last
    unit, `after` the row after each unit on its floor. `combined` says
    whether any offer has more than one unit.
    """

    span: NDArray[np.int8]
    last: I4
    after: I4
    area_m2: F4
    rent_cny_m2_month: F4
    cost_cny_month: F8
    free_from: I4
    verified_at: I4
    combined: bool = False

    def members(self, row: int) -> list[int]:
        """Return the unit rows of an offer."""
        rows = [row]
        for _ in range(int(self.span[row]) - 1):
            rows.append(int(self.after[rows[-1]]))
        return rows

    def cover(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of all units of some offers, each once, in order."""
        parts, here = [rows], rows
        for steps in range(1, LONGEST_RUN):
            here = self.after[here[self.span[rows] > steps]].astype(np.int64)
            rows = rows[self.span[rows] > steps]
            parts.append(here)
        return np.unique(np.concatenate(parts))

    def all_of(self, met: Flags) -> Flags:
        """Return the offers all of whose units meet what the units in `met` do."""
        if not self.combined:
            return met
        whole = met.copy()
        rows = np.flatnonzero(self.span > 1)
        here = rows.astype(np.int32)
        for steps in range(1, LONGEST_RUN):
            longer = self.span[rows] > steps
            rows, here = rows[longer], self.after[here[longer]]
            if not len(rows):
                break
            whole[rows] &= met[here]
        return whole


def single_offers(units: UnitColumns, after: I4) -> Offers:
    """Return every unit by itself."""
    rent = units.rent_cny_m2_month
    return Offers(
        span=np.ones(len(units), dtype=np.int8),
        last=np.arange(len(units), dtype=np.int32),
        after=after,
        area_m2=units.area_m2,
        rent_cny_m2_month=rent,
        cost_cny_month=rent.astype(np.float64) * units.area_m2,
        free_from=units.free_from,
        verified_at=units.verified_at,
    )


def build_offers(units: UnitColumns, after: I4, least: float | None) -> Offers:
    """Return the offers of a demand.

    Parameters
    ----------
    units
        The units.
    after
        The row after each unit on its floor, -1 where there is none.
    least
        The area that a run must reach, m²; None where units are not combined.
    """
    alone = single_offers(units, after)
    if least is None:
        return alone
    span, last, area = alone.span.copy(), alone.last.copy(), alone.area_m2.astype(np.float64)
    cost, free, seen = alone.cost_cny_month.copy(), alone.free_from.copy(), alone.verified_at.copy()
    wanted = np.float32(least)
    rows = np.flatnonzero(alone.area_m2 < wanted)
    for length in range(2, LONGEST_RUN + 1):
        rows = rows[after[last[rows]] >= 0]
        new = after[last[rows]]
        last[rows], span[rows] = new, length
        area[rows] += units.area_m2[new]
        cost[rows] += alone.cost_cny_month[new]
        free[rows] = np.maximum(free[rows], units.free_from[new])
        seen[rows] = np.minimum(seen[rows], units.verified_at[new])
        rows = rows[area[rows].astype(np.float32) < wanted]
    short = (span > 1) & (area.astype(np.float32) < wanted)
    runs = np.where(short, np.int8(1), span).astype(np.int8)
    joined = runs > 1
    rent = np.where(joined, cost / np.maximum(area, 1e-9), alone.rent_cny_m2_month)
    return Offers(
        span=runs,
        last=np.where(joined, last, alone.last).astype(np.int32),
        after=after,
        area_m2=np.where(joined, area.astype(np.float32), alone.area_m2),
        rent_cny_m2_month=rent.astype(np.float32),
        cost_cny_month=np.where(joined, cost, alone.cost_cny_month),
        free_from=np.where(joined, free, alone.free_from),
        verified_at=np.where(joined, seen, alone.verified_at),
        combined=bool(joined.any()),
    )


def widened(whole: Offers, part: Offers, rows: NDArray[np.int32]) -> Offers:
    """Return the offers of all units, where those at some rows are the ones of a part.

    Rows in `part` count places in `rows`; its runs have no unit outside of them.
    """
    columns = {}
    for name in ("span", "area_m2", "rent_cny_m2_month", "cost_cny_month", "free_from",
                 "verified_at", "last"):  # fmt: skip
        columns[name] = getattr(whole, name).copy()
        given = getattr(part, name)
        columns[name][rows] = rows[given] if name == "last" else given
    return Offers(after=whole.after, combined=part.combined, **columns)
