"""Targets of the annex beside what the record counts, by reporting unit, year and indicator.

Pure functions over the catalog's columns; the answers are ready for JSON in the contract's
names. A figure that the record cannot tell is None and its note says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import Flags
from geomap.domain.errors import InputError
from geomap.domain.regions import REPORTING_UNITS, ROOT_ADCODE
from geomap.domain.words import Indicator, Label
from geomap.plan.annex import CITY_ROW, UNITS, YEARS
from geomap.plan.counting import COUNTERS, METHODS, Contributions, Ints, day_of

CITY_NAME = Label(CITY_ROW, "Whole city")
_PLACE = {unit.id: i for i, unit in enumerate(REPORTING_UNITS)}
_INDICATORS = list(Indicator)
_NOT_BEGUN = Label("年度未开始", "The year has not begun")
_NO_FACTS = Label("没有可计的载体记录", "No site record that could be counted")


def require_reporting_unit(reporting_unit: str, *, city: bool = False) -> str:
    """Return the id of a reporting unit, or refuse it.

    Raises
    ------
    InputError
        It is none of the 13 (nor, where `city` allows it, the city's adcode).
    """
    if reporting_unit in _PLACE or (city and reporting_unit == ROOT_ADCODE):
        return reporting_unit
    raise InputError(
        Label(f"没有任务单位 {reporting_unit!r}", f"No reporting unit {reporting_unit!r}"),
        fix=Label(f"可用：{'、'.join(_PLACE)}", f"Use one of {', '.join(_PLACE)}"),
        field="reporting_unit",
    )


def _named(unit: int, language: str) -> str:
    return REPORTING_UNITS[unit].name_en if language == "en" else REPORTING_UNITS[unit].name


def list_targets(
    catalog: Catalog,
    *,
    reporting_unit: str | None = None,
    year: int | None = None,
    indicator: Indicator | None = None,
    language: str = "zh",
) -> list[dict[str, Any]]:
    """Return the annex's cells: by reporting unit in its order, then year, then indicator.

    Returns
    -------
    list of dict
        ``reporting_unit, reporting_unit_name, year, indicator, target, unit``: the figure
        as the annex prints it, in `unit` (``10k_m2`` or ``count``); None for "-", no task.

    Raises
    ------
    InputError
        There is no such reporting unit.
    """
    if reporting_unit is not None:
        require_reporting_unit(reporting_unit)
    targets = catalog.targets
    items = []
    for row in np.lexsort((targets.indicator, targets.year, targets.reporting_unit)).tolist():
        unit, code = int(targets.reporting_unit[row]), int(targets.indicator[row])
        if unit < 0 or code < 0:
            continue
        item = {
            "reporting_unit": REPORTING_UNITS[unit].id,
            "reporting_unit_name": _named(unit, language),
            "year": int(targets.year[row]),
            "indicator": _INDICATORS[code].value,
            "target": None if np.isnan(targets.value[row]) else float(targets.value[row]),
            "unit": UNITS[_INDICATORS[code]],
        }
        asked = (reporting_unit, year, indicator)
        given = (item["reporting_unit"], item["year"], _INDICATORS[code])
        if all(a is None or a == g for a, g in zip(asked, given, strict=True)):
            items.append(item)
    return items


def _chosen(counted: Contributions, inside: Flags, year: int) -> Ints:
    """Return which contributions of a year come from the sites flagged `inside`."""
    return np.flatnonzero((counted.year == year) & inside[counted.site])


def _doubt(count: int) -> Label:
    return Label(
        f"另有 {count} 处载体缺日期、面积或月度数据，未计全",
        f"{count} more sites lack a date, area or months and are not fully counted",
    )


def _join(notes: Iterable[Label], language: str) -> str:
    texts = [note.en if language == "en" else note.zh for note in notes]
    return ("; " if language == "en" else "；").join(texts)


def _measure(
    catalog: Catalog, counted: Contributions | None, target: Mapping[str, Any], today: date
) -> tuple[float | None, bool, list[Label]]:
    """Return the actual figure of one target, whether it is made up, and its notes."""
    notes = [METHODS[Indicator(target["indicator"])]]
    if counted is None:
        return None, False, notes
    if target["year"] > today.year:
        return None, False, [_NOT_BEGUN]
    sites = catalog.sites
    inside = sites.reporting_unit == _PLACE[target["reporting_unit"]]
    doubts = int((inside & counted.unsure).sum())
    if doubts:
        notes.append(_doubt(doubts))
    if not (inside & counted.known).any():
        return None, False, [_NO_FACTS, *notes[1:]]
    rows = _chosen(counted, inside, target["year"])
    behind = counted.site[rows] if len(rows) else np.flatnonzero(inside & counted.known)
    actual = round(float(counted.value[rows].sum()), 2)
    return actual, bool(sites.demo[behind].any()), notes


def list_progress(
    catalog: Catalog,
    *,
    today: date,
    reporting_unit: str | None = None,
    year: int | None = None,
    indicator: Indicator | None = None,
    language: str = "zh",
) -> list[dict[str, Any]]:
    """Return every target with what the record counts up to `today`.

    Returns
    -------
    list of dict
        The fields of a target, and ``actual`` (in its unit; None where the record cannot
        tell), ``share`` (actual ÷ target; None without a task), ``demo`` (a record behind
        the figure is made up) and ``note``.

    Raises
    ------
    InputError
        There is no such reporting unit.
    """
    targets = list_targets(
        catalog, reporting_unit=reporting_unit, year=year, indicator=indicator, language=language
    )
    wanted = {Indicator(target["indicator"]) for target in targets}
    counted = {i: count(catalog, day_of(today)) for i, count in COUNTERS.items() if i in wanted}
    items = []
    for target in targets:
        found = counted.get(Indicator(target["indicator"]))
        actual, demo, notes = _measure(catalog, found, target, today)
        share = _share(actual, target["target"])
        note = _join(notes, language)
        items.append({**target, "actual": actual, "share": share, "demo": demo, "note": note})
    return items


def _share(actual: float | None, target: float | None) -> float | None:
    return round(actual / target, 4) if actual is not None and target else None


def sum_city(items: Sequence[Mapping[str, Any]], language: str = "zh") -> list[dict[str, Any]]:
    """Add progress items up to one of the city for each year and indicator.

    Units without a task or without a figure add nothing; the note says how many of them
    have no figure.
    """
    name = CITY_NAME.en if language == "en" else CITY_NAME.zh
    cells: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for item in items:
        cells.setdefault((item["year"], item["indicator"]), []).append(item)
    city = []
    for (year, indicator), group in cells.items():
        targets = [item["target"] for item in group if item["target"] is not None]
        actuals = [item["actual"] for item in group if item["actual"] is not None]
        target = sum(targets) if targets else None
        actual = round(sum(actuals), 2) if actuals else None
        city.append(
            {
                "reporting_unit": ROOT_ADCODE,
                "reporting_unit_name": name,
                "year": year,
                "indicator": indicator,
                "target": target,
                "unit": group[0]["unit"],
                "actual": actual,
                "share": _share(actual, target),
                "demo": any(item["demo"] for item in group),
                "note": _join(_gaps(len(group) - len(actuals)), language),
            }
        )
    return city


def _gaps(count: int) -> Iterator[Label]:
    if count:
        yield Label(f"{count} 个单位没有数", f"{count} units have no figure")


def list_records(
    catalog: Catalog,
    *,
    today: date,
    reporting_unit: str,
    year: int | None = None,
    indicator: Indicator,
) -> list[dict[str, Any]]:
    """Return the records behind a figure, largest first.

    Parameters
    ----------
    reporting_unit
        Id of a reporting unit, or ``330300`` for the whole city.
    year
        One year, or all three when None.

    Returns
    -------
    list of dict
        ``id`` and ``name`` of the site (for an operator its own name, at its first site),
        ``value`` in the indicator's unit, ``date`` that places it in the year, ``demo``.

    Raises
    ------
    InputError
        There is no such reporting unit.
    """
    require_reporting_unit(reporting_unit, city=True)
    if indicator not in COUNTERS:
        return []
    sites, counted = catalog.sites, COUNTERS[indicator](catalog, day_of(today))
    inside = sites.reporting_unit >= 0
    if reporting_unit != ROOT_ADCODE:
        inside = sites.reporting_unit == _PLACE[reporting_unit]
    years = YEARS if year is None else (year,)
    rows = np.concatenate([_chosen(counted, inside, each) for each in years])
    names = sites.operator if indicator is Indicator.OPERATORS else sites.name
    items = [
        {
            "id": sites.id[site],
            "name": names[site],
            "value": round(float(counted.value[row]), 4),
            "date": (date(1970, 1, 1) + timedelta(days=int(counted.day[row]))).isoformat(),
            "demo": bool(sites.demo[site]),
        }
        for row in rows.tolist()
        for site in (int(counted.site[row]),)
    ]
    return sorted(items, key=lambda item: (-float(str(item["value"])), str(item["id"])))
