"""Operators: most run one site, some run several, and some are professional since a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from geomap.demo.firms import Namer
from geomap.demo.sites import SitePlan
from geomap.demo.streams import stream
from geomap.domain.records import Operator, Target
from geomap.domain.words import Indicator

SITES_EACH = 2.3
"""Sites that an operator runs, on average."""


def assign_operators(
    plan: SitePlan,
    opened: Sequence[date],
    units: Sequence[str],
    targets: Sequence[Target],
    *,
    seed: int,
    today: date,
) -> tuple[list[Operator], list[str]]:
    """Return operators, and the operator's id of every site.

    New professional operators of a plan year are those whose first site opened in it, up
    to about the task of their reporting unit.
    """
    rng = stream(seed, "operators")
    namer = Namer(rng)
    owner = [""] * len(plan.sites)
    operators: list[Operator] = []
    for k, unit in enumerate(units):
        rows = np.flatnonzero(plan.unit == k)
        if not len(rows):
            continue
        count = max(1, round(len(rows) / SITES_EACH))
        # A few large operators take many sites of their unit, most take one or two.
        weight = 1.0 / (1.0 + np.arange(count)) ** 0.7
        chosen = rng.choice(count, size=len(rows), p=weight / weight.sum())
        chosen[rng.permutation(len(rows))[:count]] = np.arange(count)
        room = _tasks(targets, unit)
        for number in range(count):
            mine = rows[chosen == number]
            first = min(opened[row] for row in mine)
            operator = _make(len(operators), first, today, room, namer, rng)
            operators.append(operator)
            for row in mine.tolist():
                owner[row] = operator.id
    return operators, owner


def _tasks(targets: Sequence[Target], unit: str) -> dict[int, float]:
    return {
        t.year: t.value or 0.0
        for t in targets
        if t.indicator is Indicator.OPERATORS and t.reporting_unit == unit
    }


def _make(
    index: int,
    first: date,
    today: date,
    room: dict[int, float],
    namer: Namer,
    rng: np.random.Generator,
) -> Operator:
    professional = bool(rng.random() < 0.55)
    since = first - timedelta(days=int(rng.integers(20, 900)))
    luck = rng.random()
    if first.year in room:
        # In plan years only the task's number begins, and now and then one fewer or more.
        professional = room[first.year] > 0.0 and luck < 0.8
        since = max(date(first.year, 1, 2), first - timedelta(days=int(rng.integers(0, 60))))
        room[first.year] -= float(professional)
    else:
        since = min(since, date(min(room, default=first.year + 1) - 1, 12, 20), first)
    return Operator(
        id=f"demo-o{index + 1:04d}",
        name=namer.operator(index),
        professional=professional,
        since=min(since, today),
        demo=True,
    )
