"""The nearest relaxations: the smallest single changes to a demand that open more units,
and the smallest pair of changes.

A single change eases one rule just far enough for the nearest of the units that only this
rule refuses, and again far enough for a handful of them. A pair does so for the nearest unit
that exactly two rules refuse. What a change opens follows from how far each unit is from
passing; where a change makes other runs of units, it is counted by asking again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from geomap.catalog.columns import MISSING_DAY
from geomap.domain.demand import Relaxation
from geomap.domain.words import Label
from geomap.matching.context import Context, Fit, Flags, Rows, alone_of, least_area, with_demand
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.hard import COST_TOLERANCE, PIPELINE, VACANT, Sieve, sieve
from geomap.matching.ladders import (
    LADDERS,
    SIZE_COMBINED,
    Change,
    Ladder,
    area_ladder,
    steps_within,
)
from geomap.matching.offers import LONGEST_RUN

HANDFUL = 5
_NESTED = ("area_m2", "requires")
_COMBINE = Label("相邻单元可以合用", "Adjacent units may be combined")


class Found(NamedTuple):
    """A change with its size; `opens` is None where only asking again can tell."""

    size: float
    rules: tuple[str, ...]
    change: Change
    opens: int | None


@dataclass(frozen=True, slots=True)
class Eased:
    """The ladders of one rule over the offers that it refuses, alone or with one other.

    `alone` says which of the `rows` it refuses alone.
    """

    rule: str
    rows: Rows
    alone: Flags
    ladders: Sequence[Ladder]


def merge_patch(demand: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return a demand's JSON with a patch merged in (RFC 7396): null takes away."""
    merged = dict(demand)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(merged.get(name), Mapping):
            merged[name] = merge_patch(merged[name], value)
        else:
            merged[name] = value
    return merged


def _completed(demand: Mapping[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Return a patch whose nested objects are whole, so that plain replacement does as well."""
    whole = {name: {**demand.get(name, {}), **patch[name]} for name in _NESTED if patch.get(name)}
    return {**patch, **whole}


def _failed(context: Context, sieved: Sieve) -> dict[str, Flags]:
    """Return which offers each rule refuses; what a later move-in mends is its alone."""
    failed = {name: ~met for name, met in sieved.met.items()}
    if context.demand.move_in is not None:
        units = context.catalog.units
        late = (units.status == PIPELINE) & (units.free_from != MISSING_DAY)
        may = np.asarray((units.status == VACANT) | late)
        failed["status"] = ~context.offers.all_of(may)
    return failed


def _eased(context: Context, failed: Mapping[str, Flags]) -> list[Eased]:
    """Return the ladders of every rule that can be eased and refuses something."""
    counts = np.zeros(len(context.catalog.units), dtype=np.int8)
    for rule, refused in failed.items():
        counts += refused.astype(np.int8) * (1 if rule in LADDERS else 3)
    near = (counts == 1) | (counts == 2)
    found = []
    for rule, refused in failed.items():
        if rule not in LADDERS:
            continue
        rows = np.flatnonzero(refused & near)
        if len(rows):
            alone = np.asarray(counts[rows] == 1)
            found.append(Eased(rule, rows, alone, LADDERS[rule](context, rows)))
    return found


def _singles(eased: Iterable[Eased]) -> Iterator[Found]:
    """Yield the least change of every ladder, and the one for a handful of units."""
    for one in eased:
        for ladder in one.ladders:
            yield from _steps(ladder, ladder.steps[one.alone], counted=True)


def _steps(ladder: Ladder, steps: Fit, *, counted: bool) -> Iterator[Found]:
    for step in steps_within(steps, HANDFUL):
        opens = int((steps <= step).sum()) if counted else None
        yield Found(step * ladder.size_a_step, (ladder.rule,), ladder.change(step), opens)


class Couple(NamedTuple):
    """Ladders of two rules, and the places of the offers that just these two refuse.

    `bound` is a size that no pair of their changes falls below.
    """

    bound: float
    first: Eased
    second: Eased
    left: Ladder
    right: Ladder
    one: Rows
    two: Rows


def _couples(eased: Sequence[Eased], failed: Mapping[str, Flags]) -> list[Couple]:
    """Return the ladders of every two rules that together refuse something, nearest first."""
    least = {
        id(ladder): float(np.min(ladder.steps, where=~one.alone, initial=np.inf))
        * ladder.size_a_step
        for one in eased
        for ladder in one.ladders
    }
    found = []
    for first, second in itertools.combinations(eased, 2):
        one = np.flatnonzero(failed[second.rule][first.rows] & ~first.alone)
        two = np.flatnonzero(failed[first.rule][second.rows] & ~second.alone)
        if not len(one):
            continue
        for left, right in itertools.product(first.ladders, second.ladders):
            bound = least[id(left)] + least[id(right)]
            if np.isfinite(bound):
                found.append(Couple(bound, first, second, left, right, one, two))
    return sorted(found, key=lambda couple: couple.bound)


def _pairs(
    eased: Sequence[Eased], failed: Mapping[str, Flags], *, every: bool = False
) -> list[Found]:
    """Return least pairs of changes, smallest first: the smallest for certain, or all of them."""
    found: list[Found] = []
    smallest = np.inf
    for couple in _couples(eased, failed):
        if couple.bound > smallest and not every:
            break
        pair = _least_pair(couple)
        if pair is not None:
            found.append(pair)
            smallest = min(smallest, pair.size)
    return sorted(found, key=lambda pair: (pair.size, -(pair.opens or 0)))


def _least_pair(couple: Couple) -> Found | None:
    """Return the smallest pair of changes on two ladders, with what it opens."""
    _, first, second, left, right, one, two = couple
    up, on = left.steps[one], right.steps[two]
    size = up * left.size_a_step + on * right.size_a_step
    at = int(np.argmin(size))
    if not np.isfinite(size[at]):
        return None
    step, other = float(up[at]), float(on[at])
    opens = (
        np.count_nonzero((left.steps <= step) & first.alone)
        + np.count_nonzero((right.steps <= other) & second.alone)
        + np.count_nonzero((up <= step) & (on <= other))
    )
    change = _both(left.change(step), right.change(other))
    return Found(float(size[at]), (first.rule, second.rule), change, int(opens))


def _both(one: Change, other: Change) -> Change:
    (text, patch), (more, also) = one, other
    merged = {**patch, **also}
    for name in _NESTED:
        if name in patch and name in also:
            merged[name] = {**patch[name], **also[name]}
    return Label(f"{text.zh}，{more.zh}", f"{text.en}, {more.en}"), merged


@dataclass(frozen=True, slots=True)
class Free:
    """Units by themselves that no rule but those of area and budget refuses, and the limits."""

    units: Flags
    least: float
    most: float
    budget: float

    def fits(self, area: Fit, cost: Fit) -> Flags:
        """Return which runs are not too large and not too dear."""
        small = area.astype(np.float32) <= np.float32(self.most)
        return np.asarray(small & ~(cost > self.budget * (1.0 + COST_TOLERANCE)))


def _free(context: Context, alone: Mapping[str, Flags]) -> Free:
    demand, free = context.demand, np.ones(len(context.catalog.units), dtype=bool)
    for rule, met in alone.items():
        if rule not in ("area", "budget"):
            free &= met
    most, budget = demand.area_max_m2, demand.budget_max_cny_month
    return Free(
        free,
        least_area(demand) or 0.0,
        np.inf if most is None else most,
        np.inf if budget is None else budget,
    )


def _runs(context: Context, free: Free, rows: Rows) -> Iterator[tuple[Rows, Fit, Fit, Flags]]:
    """Yield places in `rows`, area and cost of ever longer runs of free units, and which reach
    the least area; those that do grow no longer.
    """
    units, after = context.catalog.units, context.basis.after
    rent = units.rent_cny_m2_month
    place, here = np.arange(len(rows)), rows.astype(np.int32)
    area = units.area_m2[here].astype(np.float64)
    cost = rent[here].astype(np.float64) * units.area_m2[here]
    for _ in range(LONGEST_RUN):
        enough = np.asarray(area.astype(np.float32) >= np.float32(free.least))
        yield place, area, cost, enough
        following = after[here]
        more = ~enough & (following >= 0)
        more[more] = free.units[following[more]]
        place, here = place[more], following[more]
        area = area[more] + units.area_m2[here]
        cost = cost[more] + rent[here].astype(np.float64) * units.area_m2[here]


def _shorter_runs(context: Context, sieved: Sieve) -> Iterator[Found]:
    """Yield the changes of the least area over all runs that they would make long enough."""
    free = _free(context, sieved.alone)
    rows = np.flatnonzero(free.units & ~sieved.allowed())
    best = np.full(len(rows), np.nan)
    for place, area, cost, enough in _runs(context, free, rows):
        fits = ~enough & free.fits(area, cost)
        best[place[fits]] = np.fmax(best[place[fits]], area[fits])
    ladder = area_ladder(free.least, best.astype(np.float32))
    yield from _steps(ladder, ladder.steps, counted=False)


def _pairs_of_runs(context: Context, sieved: Sieve, pairs: Sequence[Found]) -> list[Found]:
    """Return pairs of changes of runs, and of units alone with a smaller least area.

    Such a change may make other runs, so that only asking again tells what it opens.
    """
    alone = alone_of(context)
    single = replace(sieved, met=sieved.alone)
    failed = _failed(alone, single)
    more = _pairs(_eased(alone, failed), failed, every=True)
    lower = [pair for pair in more if "min" in pair.change[1].get("area_m2", {})]
    found = [pair._replace(opens=None) for pair in (*pairs, *lower)]
    return sorted(found, key=lambda pair: pair.size)


def _combined(context: Context, sieved: Sieve) -> Iterator[Found]:
    """Yield the change that lets adjacent units be combined, where that opens something."""
    if context.demand.combine_adjacent or least_area(context.demand) is None:
        return
    free = _free(context, sieved.alone)
    small = context.catalog.units.area_m2 < np.float32(free.least)
    opens = 0
    for _, area, cost, enough in _runs(context, free, np.flatnonzero(free.units & small)):
        opens += int((enough & free.fits(area, cost)).sum())
    if opens:
        change = _COMBINE, {"combine_adjacent": True}
        yield Found(SIZE_COMBINED, ("area",), change, opens)


def _asked(context: Context, before: int, json: dict[str, Any], found: Found) -> Relaxation | None:
    """Return a change with what it opens, None where that is nothing."""
    text, patch = found.change
    opens = found.opens
    if opens is None:
        changed = with_demand(context, parse_demand(merge_patch(json, patch)))
        opens = int(sieve(changed).allowed().sum()) - before
    if opens <= 0:
        return None
    return Relaxation(found.rules, text, opens, round(found.size, 6), _completed(json, patch))


def list_relaxations(context: Context, sieved: Sieve, *, most: int = 8) -> tuple[Relaxation, ...]:
    """Return the nearest single changes, smallest first, and after them the nearest pair.

    Of the changes of one rule that are equally small the one that opens most is kept.
    Merging a `patch` into the demand yields as many more units as `opens` says.
    """
    json, before = demand_to_json(context.demand), int(sieved.allowed().sum())
    failed = _failed(context, sieved)
    eased = _eased(context, failed)
    singles = [*_singles(eased), *_combined(context, sieved)]
    runs = context.demand.combine_adjacent and least_area(context.demand) is not None
    pairs = _pairs(eased, failed, every=runs)
    if runs:
        singles = [one for one in singles if "min" not in one.change[1].get("area_m2", {})]
        singles += _shorter_runs(context, sieved)
        pairs = _pairs_of_runs(context, sieved, pairs)
    kept: dict[tuple[Any, ...], Relaxation] = {}
    for found in singles:
        one = _asked(context, before, json, found)
        known = one and kept.get((one.rules, one.size))
        if one is not None and (known is None or one.opens > known.opens):
            kept[one.rules, one.size] = one
    ranked = sorted(kept.values(), key=lambda r: (r.size, -r.opens, r.rules))[:most]
    asked = (_asked(context, before, json, pair) for pair in pairs)
    pair = next((one for one in asked if one is not None), None)
    return tuple(ranked) if pair is None else (*ranked, pair)
