"""The nearest relaxations: the smallest single changes to a demand that open more units,
and the smallest pair of changes.

A single change eases one rule just far enough for the nearest of the units that only this
rule refuses, and again far enough for a handful of them. A pair does so for the nearest unit
that exactly two rules refuse. What a change opens follows from how far each unit is from
passing; where a change makes other runs of units, it is counted by asking again.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geomap.catalog.columns import MISSING_DAY
from geomap.domain.demand import Relaxation
from geomap.domain.words import Label
from geomap.matching.changes import NESTED, Found, changes_on, ease, list_pairs, list_singles
from geomap.matching.context import Context, Fit, Flags, Rows, alone_of, least_area, with_demand
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.hard import COST_TOLERANCE, PIPELINE, VACANT, Sieve, sieve
from geomap.matching.ladders import (
    SIZE_COMBINED,
    area_ladder,
)
from geomap.matching.offers import LONGEST_RUN

_COMBINE = Label("相邻单元可以合用", "Adjacent units may be combined")


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
    whole = {name: {**demand.get(name, {}), **patch[name]} for name in NESTED if patch.get(name)}
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
    yield from changes_on(ladder, ladder.steps, counted=False)


def _lowers_area(found: Found) -> bool:
    """Return whether a change makes other runs, so that only asking again tells its effect."""
    return "min" in found.change[1].get("area_m2", {})


def _pairs_of_runs(context: Context, sieved: Sieve, pairs: Iterator[Found]) -> Iterator[Found]:
    """Yield pairs of changes of runs, and of units alone with a smaller least area."""
    alone = alone_of(context)
    failed = _failed(alone, replace(sieved, met=sieved.alone))
    lower = filter(_lowers_area, list_pairs(ease(alone, failed), failed))
    for pair in heapq.merge(pairs, lower, key=lambda pair: pair.size):
        yield pair._replace(opens=None) if _lowers_area(pair) else pair


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
    eased = ease(context, failed)
    singles = [*list_singles(eased), *_combined(context, sieved)]
    pairs = list_pairs(eased, failed)
    if context.demand.combine_adjacent and least_area(context.demand) is not None:
        singles = [one for one in singles if not _lowers_area(one)]
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
