"""What the record counts towards each indicator: one contribution a site and year.

Pure functions over the catalog's columns. A contribution names the site whose record it
comes from, so that every figure opens to its records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import MISSING_DAY, Flags
from geomap.domain.words import Indicator, Label, SiteLevel
from geomap.plan.annex import YEARS

M2_PER_10K = 10_000.0
_PROVINCIAL = list(SiteLevel).index(SiteLevel.PROVINCIAL)
_DAYS = 1_000_000
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Contributions:
    """Rows of the record that count towards one indicator, and how far the record can tell.

    `site` (row of the catalog), `year`, `value` (in the indicator's unit) and `day` (since
    1970) run in parallel. `known` flags the sites that carry the facts which the indicator
    needs, `unsure` those that may count but lack them; both are shape (n_sites,).
    """

    site: Ints
    year: Ints
    value: Floats
    day: Ints
    known: Flags
    unsure: Flags


def day_of(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def _years(days: NDArray[np.int32]) -> Ints:
    """Return the calendar year of days since 1970; that of a missing day is far off."""
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    return np.asarray(years + 1970, dtype=np.int64)


def _in_plan(days: NDArray[np.int32], today: int) -> Flags:
    there = (days != MISSING_DAY) & (days <= today)
    return np.asarray(there & np.isin(_years(days), YEARS))


def _dated(
    days: NDArray[np.int32], rows: NDArray[np.int64], value: Floats, known: Flags, unsure: Flags
) -> Contributions:
    day = days[rows].astype(np.int64)
    return Contributions(rows, _years(days)[rows], value, day, known, unsure)


def count_space(catalog: Catalog, today: int) -> Contributions:
    """Count new space: areas (10,000 m²) of sites by the year they opened."""
    sites = catalog.sites
    opened, sized = sites.opened_on, np.isfinite(sites.area_m2)
    new = _in_plan(opened, today)
    rows = np.flatnonzero(new & sized)
    unsure = (opened == MISSING_DAY) | (new & ~sized)
    value = sites.area_m2[rows] / M2_PER_10K
    return _dated(opened, rows, value, (opened != MISSING_DAY) & sized, unsure)


def count_provincial(catalog: Catalog, today: int) -> Contributions:
    """Count new incubators of provincial or national level by the year they opened."""
    sites = catalog.sites
    high = (sites.level >= 0) & (sites.level <= _PROVINCIAL)
    rows = np.flatnonzero(_in_plan(sites.opened_on, today) & high)
    dated = sites.opened_on != MISSING_DAY
    return _dated(sites.opened_on, rows, np.ones(len(rows)), dated, high & ~dated)


def _first_sites(catalog: Catalog) -> NDArray[np.int64]:
    """Return one site an operator: the one opened first, then the one listed first."""
    sites = catalog.sites
    opened = np.where(sites.opened_on == MISSING_DAY, 2**31 - 1, sites.opened_on.astype(np.int64))
    first: dict[str, int] = {}
    names = list(sites.operator)
    for row in np.argsort(opened, kind="stable").tolist():
        if names[row]:
            first.setdefault(names[row], row)
    return np.array(sorted(first.values()), dtype=np.int64)


def count_operators(catalog: Catalog, today: int) -> Contributions:
    """Count new professional operators by the year they began, each once, at its first site."""
    sites = catalog.sites
    chosen = np.zeros(len(sites), dtype=bool)
    chosen[_first_sites(catalog)] = True
    new = chosen & sites.professional & _in_plan(sites.operator_since, today)
    rows = np.flatnonzero(new)
    undated = chosen & sites.professional & (sites.operator_since == MISSING_DAY)
    return _dated(
        sites.operator_since, rows, np.ones(len(rows)), ~sites.reference & ~undated, undated
    )


def _last_rows(catalog: Catalog, before: int) -> Ints:
    """Return, by site, the history row of the last month that began before a day; -1 none."""
    history = catalog.history
    key = history.site.astype(np.int64) * _DAYS + history.month
    site = np.arange(len(catalog.sites), dtype=np.int64)
    row = np.searchsorted(key, site * _DAYS + before) - 1
    return np.where(row >= history.start[:-1], row, -1)


def _count_growth(catalog: Catalog, today: int, column: NDArray[np.int32]) -> Contributions:
    """Count the net growth of a monthly figure, by site and year.

    From the last month before the year to the last one in it that has begun. A site that
    opened in the year started from nothing; another one without an earlier month starts
    from its first month of that year and is `unsure`.
    """
    history, count = catalog.history, len(catalog.sites)
    unsure = np.zeros(count, dtype=bool)
    parts = []
    opened = _years(catalog.sites.opened_on)
    for year in YEARS:
        start, end = day_of(date(year, 1, 1)), day_of(date(year + 1, 1, 1))
        last, base = _last_rows(catalog, min(end, today + 1)), _last_rows(catalog, start)
        rows = np.flatnonzero((last > base) & (last >= 0))
        begun, new = base[rows] >= 0, opened[rows] == year
        first = history.start[rows]
        before = np.where(begun, column[base[rows]], np.where(new, 0, column[first]))
        unsure[rows[~begun & ~new]] = True
        value = (column[last[rows]] - before).astype(np.float64)
        day = history.month[last[rows]].astype(np.int64)
        parts.append((rows, np.full(len(rows), year), value, day))
    site, years, value, day = (np.concatenate(part) for part in zip(*parts, strict=True))
    known = np.diff(history.start) > 0
    return Contributions(site, years, value, day, known, unsure | ~known)


def count_tenants(catalog: Catalog, today: int) -> Contributions:
    """Count the net growth of tenant firms."""
    return _count_growth(catalog, today, catalog.history.tenants)


def count_jobs(catalog: Catalog, today: int) -> Contributions:
    """Count the net growth of jobs."""
    return _count_growth(catalog, today, catalog.history.jobs)


COUNTERS: Mapping[Indicator, Callable[[Catalog, int], Contributions]] = {
    Indicator.SPACE: count_space,
    Indicator.OPERATORS: count_operators,
    Indicator.PROVINCIAL_INCUBATORS: count_provincial,
    Indicator.TENANTS: count_tenants,
    Indicator.JOBS: count_jobs,
}
"""The indicators that the record can tell. It holds neither the yearly choice of the
“20孵化器” nor the recognition of technology firms."""

METHODS = {
    Indicator.SPACE: Label("按开园年份和面积计", "Counted by opening year and area"),
    Indicator.OPERATORS: Label(
        "每家计一次，归到最早开园的载体", "Each counted once, at the site it opened first"
    ),
    Indicator.PROVINCIAL_INCUBATORS: Label(
        "按开园年份计，没有认定日期", "Counted by opening year; recognition dates are not recorded"
    ),
    Indicator.TENANTS: Label("按月度在孵数净增计", "Net growth of monthly tenants"),
    Indicator.JOBS: Label("按月度就业数净增计", "Net growth of monthly jobs"),
    Indicator.DEMO_INCUBATORS: Label(
        "台账里没有“20孵化器”入选记录", "The record does not hold the choice of the 20 incubators"
    ),
    Indicator.TECH_FIRMS: Label(
        "台账里没有科技企业认定记录", "The record does not hold recognitions of technology firms"
    ),
}
"""How each figure comes about, or why there is none."""
