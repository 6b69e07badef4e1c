"""How a unit is taken: whole, in part where it may be divided, by desks, or with neighbours.

Every unit gives a project one way at most:

- an open-desk unit whose desks are counted, desks for the headcount, with their share of the
  area; a project without headcount takes it whole;
- a divisible unit, the wanted area, cut to what both sides allow;
- one that is too small where neighbours may be combined, the shortest run from it on;
- any other, the whole unit.

A way is counted in whole numbers: 1 for a unit given whole or not at all, hundredths of m²
where it is divisible, desks where they are counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import F8, I1, I4, I8
from geomap.domain.demand import Demand
from geomap.domain.words import UnitKind
from geomap.matching.context import least_area
from geomap.matching.hard import PIPELINE, VACANT
from geomap.matching.offers import LONGEST_RUN
from geomap.matching.prepared import Prepared

WHOLE, DIVISIBLE, DESKS = range(3)
HUNDREDTHS = 100.0
_SLACK = 1e-6
_OPEN_DESK = list(UnitKind).index(UnitKind.OPEN_DESK)


class Ways(NamedTuple):
    """Columns of the units that may be had, shape (n_live,), as `Live` has them.

    `mode` is `WHOLE`, `DIVISIBLE` or `DESKS`; `capacity` is counted by it. `part_min` is the
    smallest part, m², `after` the place of the next unit on the floor, -1 where there is none
    that may be had. `before_m2` and `after_m2` are vacant next door, m². `verified` is a day,
    `usual` the usual rent of its kind. `coming_m2` is the area of one not finished, else 0.
    """

    mode: I1
    capacity: I8
    part_min: F8
    after: I4
    before_m2: F8
    after_m2: F8
    verified: I4
    usual: F8
    coming_m2: F8


class Way(NamedTuple):
    """What a project takes: units, m², desks (0 where they are not counted), use of each."""

    rows: tuple[int, ...]
    area_m2: float
    desks: int
    use: tuple[int, ...]


def modes_of(catalog: Catalog, rows: I8) -> tuple[I1, I8]:
    """Return how units are taken and what there is of each, shapes (len(rows),)."""
    units = catalog.units
    area, desks = units.area_m2[rows].astype(np.float64), units.desks[rows]
    least = units.divisible_min_m2[rows]
    with np.errstate(invalid="ignore"):
        parted = least < units.area_m2[rows]
    counted = (units.kind[rows] == _OPEN_DESK) & (desks > 0)
    mode = np.where(counted, DESKS, np.where(parted, DIVISIBLE, WHOLE)).astype(np.int8)
    hundredths = np.maximum(np.floor(area * HUNDREDTHS + _SLACK), 1.0).astype(np.int64)
    capacity = np.where(counted, desks.astype(np.int64), np.where(parted, hundredths, 1))
    return mode, capacity


def build_ways(prepared: Prepared) -> Ways:
    """Return how every unit that may be had is taken."""
    catalog, basis, live = prepared.catalog, prepared.basis, prepared.live
    units, rows = catalog.units, live.row.astype(np.int64)
    mode, capacity = modes_of(catalog, rows)
    place = np.full(len(units) + 1, -1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)

    def beside(of: I4) -> F8:
        vacant = (of >= 0) & (units.status[of] == VACANT)
        return np.where(vacant, units.area_m2[of].astype(np.float64), 0.0)

    before, after = basis.before[rows], basis.after[rows]
    area = units.area_m2[rows].astype(np.float64)
    return Ways(
        mode=mode,
        capacity=capacity,
        part_min=np.nan_to_num(units.divisible_min_m2[rows].astype(np.float64)),
        after=place[after],
        before_m2=beside(before),
        after_m2=beside(after),
        verified=units.verified_at[rows],
        usual=basis.usual_rent[live.kind],
        coming_m2=np.where(units.status[rows] == PIPELINE, area, 0.0),
    )


@dataclass(frozen=True, slots=True)
class Size:
    """What a demand asks of the size: least and most as they are compared, m², and the best.

    `best` is None where nothing tells; `combine` says whether neighbours may be joined.
    """

    least: float
    most: float
    best: float | None
    heads: int
    combine: bool

    @property
    def columns(self) -> tuple[float, float, float, int, bool]:
        """The same for the compiled pass; a best of 0 is none."""
        return self.least, self.most, self.best or 0.0, self.heads, self.combine

    @classmethod
    def of(cls, demand: Demand, best: float | None) -> Size:
        """Return the size of a demand whose best area is known (`scores.wanted_area`)."""
        least, most = least_area(demand), demand.area_max_m2
        return cls(
            least=float(np.float32(least or 0.0)),
            most=math.inf if most is None else float(np.float32(most)),
            best=best or None,
            heads=demand.headcount or 0,
            combine=demand.combine_adjacent and least is not None,
        )


def way_at(catalog: Catalog, size: Size, rows: Sequence[int]) -> Way | None:
    """Return how a project takes these units, None where their size does not do.

    Parameters
    ----------
    catalog, size
        The units, and what is asked of their size.
    rows
        Unit rows: one unit, or neighbours on a floor in their order, which are taken whole.
    """
    picked = np.asarray(rows, dtype=np.int64)
    mode, capacity = modes_of(catalog, picked)
    area = catalog.units.area_m2[picked].astype(np.float64)
    total, desks, use = float(area.sum()), 0, tuple(capacity.tolist())
    if len(rows) == 1 and mode[0] == DESKS:
        desks = size.heads or use[0]
        total, use = total * desks / use[0], (desks,)
    elif len(rows) == 1 and mode[0] == DIVISIBLE and size.best is not None:
        total = part_of(total, float(catalog.units.divisible_min_m2[picked[0]]), size)
        use = (min(math.ceil(total * HUNDREDTHS - _SLACK), use[0]),)
    enough = size.least <= float(np.float32(total)) <= size.most
    return Way(tuple(rows), total, desks, use) if enough and use[0] <= capacity[0] else None


def part_of(area_m2: float, part_min_m2: float, size: Size) -> float:
    """Return the part that is taken of a divisible unit, m²; -1 where none does for both."""
    low, high = max(size.least, part_min_m2), min(size.most, area_m2)
    return min(max(size.best or 0.0, low), high) if low <= high else -1.0


def list_run(after: I4, row: int, span: int) -> list[int]:
    """Return `span` neighbours from a row on; `after` gives the next of each."""
    rows = [row]
    for _ in range(min(span, LONGEST_RUN) - 1):
        rows.append(int(after[rows[-1]]))
    return rows
