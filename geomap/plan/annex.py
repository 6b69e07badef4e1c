"""The two annexes of 温政办〔2025〕30号: what each reporting unit is asked to add, by year.

Annex 1 gives the city's figures, annex 2 those of the 13 reporting units and the city
(全市) again. "-" is no task and stays apart from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geomap.domain.errors import InputError
from geomap.domain.records import Target
from geomap.domain.regions import REPORTING_UNITS
from geomap.domain.words import Indicator, Label
from geomap.plan.facts import read_table

YEARS = (2025, 2026, 2027)
CITY_ROW = "全市"
UNITS = {i: "10k_m2" if i is Indicator.SPACE else "count" for i in Indicator}
"""Unit that the annexes print each indicator in: 10,000 m², or a count."""
_BY_NAME = {unit.name: unit.id for unit in REPORTING_UNITS}
_NO_TASK = "-"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures of the plan that should agree and do not.

    `where` says which two; `year` is None for the three years together.
    """

    where: str
    indicator: Indicator
    year: int | None
    stated: float | None
    found: float


@dataclass(frozen=True, slots=True)
class CityTarget:
    """One figure for the whole city; `year` is None for annex 1's total."""

    year: int | None
    indicator: Indicator
    value: float | None


def parse_cell(text: str, *, field: str = "") -> float | None:
    """Parse a printed figure: "-" is None, no task.

    Raises
    ------
    InputError
        It is blank, negative or no number.
    """
    text = text.strip()
    if text == _NO_TASK:
        return None
    if not text.isdecimal():
        raise InputError(
            Label(f"任务数 {text!r} 不是数也不是“-”", f"{text!r} is neither a figure nor “-”"),
            fix=Label("照附件填数；没有任务填“-”", "Copy the annex; “-” where it asks for nothing"),
            field=field,
        )
    return float(text)


def parse_targets(rows: Sequence[dict[str, str]]) -> tuple[list[Target], list[CityTarget]]:
    """Turn rows of annex 2 into the targets of the reporting units and those of the city.

    Raises
    ------
    InputError
        A reporting unit is missing, unknown or doubled, or a cell is no figure.
    """
    names = [row["地区"] for row in rows]
    if sorted(names) != sorted([*_BY_NAME, CITY_ROW]):
        raise InputError(
            Label("附件 2 的地区不是 13 个任务单位和全市", "Annex 2 is not 13 units and the city"),
            fix=Label("照附件补齐各行", "Complete its rows from the annex"),
            field="地区",
        )
    targets, city = [], []
    for row in rows:
        for year in YEARS:
            for indicator in Indicator:
                column = f"{year}_{indicator.value}"
                value = parse_cell(row[column], field=f"{row['地区']}.{column}")
                if row["地区"] == CITY_ROW:
                    city.append(CityTarget(year, indicator, value))
                    continue
                unit = _BY_NAME[row["地区"]]
                targets.append(
                    Target(reporting_unit=unit, year=year, indicator=indicator, value=value)
                )
    return targets, city


def read_targets() -> list[Target]:
    """Return the 273 cells of annex 2: reporting units in its order, then year, indicator."""
    return parse_targets(read_table("annex2.csv"))[0]


def read_city_targets() -> list[CityTarget]:
    """Return annex 1: the city's figure of each indicator and year, and its total."""
    targets = []
    for row in read_table("annex1.csv"):
        indicator = Indicator(row["indicator"])
        for year in YEARS:
            targets.append(CityTarget(year, indicator, parse_cell(row[str(year)])))
        targets.append(CityTarget(None, indicator, parse_cell(row["总计"])))
    return targets


def reconcile(
    targets: Sequence[Target], city_row: Sequence[CityTarget], annex1: Sequence[CityTarget]
) -> list[Difference]:
    """Compare every column of annex 2 with its 全市 row, and both with annex 1.

    Returns
    -------
    list of Difference
        Empty where all agree. Nothing is corrected: a difference is a finding about the
        source.
    """
    sums: dict[tuple[int | None, Indicator], float] = {}
    for target in targets:
        for year in (target.year, None):
            key = year, target.indicator
            sums[key] = sums.get(key, 0.0) + (target.value or 0.0)
    found = []
    for where, stated in (("annex 2, 全市", city_row), ("annex 1", annex1)):
        given = {(c.year, c.indicator): c.value for c in stated}
        for (year, indicator), total in sums.items():
            if year is None and where != "annex 1":
                continue
            value = given.get((year, indicator))
            if value != total:
                found.append(Difference(where, indicator, year, value, total))
    return found


def reconcile_annexes() -> list[Difference]:
    """Return how the annexes that ship with the service disagree (they do not)."""
    targets, city_row = parse_targets(read_table("annex2.csv"))
    return reconcile(targets, city_row, read_city_targets())
