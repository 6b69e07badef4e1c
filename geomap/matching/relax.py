"""The nearest relaxations: the smallest single changes to a demand that open more units,
and the smallest pair of changes.

A single change eases one rule just far enough for the nearest of the units that only this
rule refuses, and again far enough for a handful of them. A pair does so for the nearest unit
that exactly two rules refuse. What a change opens is counted by asking again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from geomap.catalog.columns import MISSING_DAY
from geomap.domain.demand import Demand, Relaxation
from geomap.domain.words import Label
from geomap.matching.context import Context, Flags, Rows, least_area, with_demand
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.hard import PIPELINE, Sieve, sieve
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
Found = tuple[float, tuple[str, ...], Change]


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
        may = np.asarray((units.status == 0) | late)
        failed["status"] = ~context.offers.all_of(may)
    return failed


def _count(failed: Mapping[str, Flags]) -> Rows:
    """Return how many rules refuse each offer."""
    return np.asarray(np.sum([*failed.values()], axis=0), dtype=np.int64)


def _singles(context: Context, failed: Mapping[str, Flags], counts: Rows) -> Iterable[Found]:
    """Yield the least change of every ladder, and the one for a handful of units."""
    for rule, refused in failed.items():
        if rule not in LADDERS:
            continue
        rows = np.flatnonzero(refused & (counts == 1))
        ladders = list(LADDERS[rule](context, rows)) if len(rows) else []
        if rule == "area" and context.demand.combine_adjacent:
            ladders = [*ladders, *_shorter_runs(context, failed)]
        for ladder in ladders:
            for step in steps_within(ladder.steps, HANDFUL):
                yield step * ladder.size_a_step, (rule,), ladder.change(step)


def _shorter_runs(context: Context, failed: Mapping[str, Flags]) -> Iterable[Ladder]:
    """Yield the ladder of a smaller least area over all runs that it would make long enough."""
    demand, units, after = context.demand, context.catalog.units, context.basis.after
    least = least_area(demand)
    if least is None:
        return
    alone = with_demand(context, replace(demand, combine_adjacent=False))
    single = _failed(alone, sieve(alone))
    free = np.ones(len(units), dtype=bool)
    for rule, refused in single.items():
        if rule not in ("area", "budget"):
            free &= ~refused
    rows = np.flatnonzero(free)
    here, area = rows.astype(np.int32), units.area_m2[rows].astype(np.float64)
    cost = alone.offers.cost_cny_month[rows].copy()
    best = np.full(len(rows), np.nan)
    most = np.inf if demand.area_max_m2 is None else demand.area_max_m2
    budget = np.inf if demand.budget_max_cny_month is None else demand.budget_max_cny_month
    place = np.arange(len(rows))
    for _ in range(LONGEST_RUN):
        fits = (area < least) & (area <= most) & ~(cost > budget)
        best[place[fits]] = np.fmax(best[place[fits]], area[fits])
        following = after[here]
        more = (area < least) & (following >= 0)
        more[more] = free[following[more]]
        place, here = place[more], following[more]
        area = area[more] + units.area_m2[here]
        cost = cost[more] + alone.offers.cost_cny_month[here]
    yield area_ladder(least, best)


def _pairs(context: Context, failed: Mapping[str, Flags], counts: Rows) -> list[Found]:
    """Return the least pair of changes of every two rules, smallest first."""
    eased = [rule for rule in failed if rule in LADDERS]
    two, found = counts == 2, []
    for first, second in itertools.combinations(eased, 2):
        rows = np.flatnonzero(two & failed[first] & failed[second])
        if not len(rows):
            continue
        ways = itertools.product(LADDERS[first](context, rows), LADDERS[second](context, rows))
        for one, other in ways:
            size = one.steps * one.size_a_step + other.steps * other.size_a_step
            at = int(np.argmin(size))
            if np.isfinite(size[at]):
                change = _both(one.change(one.steps[at]), other.change(other.steps[at]))
                found.append((float(size[at]), (first, second), change))
    return sorted(found, key=lambda item: item[0])


def _both(one: Change, other: Change) -> Change:
    (text, patch), (more, also) = one, other
    merged = {**patch, **also}
    for name in _NESTED:
        if name in patch and name in also:
            merged[name] = {**patch[name], **also[name]}
    return Label(f"{text.zh}，{more.zh}", f"{text.en}, {more.en}"), merged


class _Asker:
    """Counts what changes of one demand open, by asking again."""

    def __init__(self, context: Context, before: int) -> None:
        self.context, self.before = context, before
        self.json = demand_to_json(context.demand)

    def demand(self, patch: dict[str, Any]) -> Demand:
        return parse_demand(merge_patch(self.json, patch))

    def ask(self, found: Found) -> Relaxation | None:
        """Return the relaxation with its count, None where it opens nothing."""
        size, rules, (text, patch) = found
        changed = with_demand(self.context, self.demand(patch))
        opens = int(sieve(changed).allowed().sum()) - self.before
        if opens <= 0:
            return None
        return Relaxation(rules, text, opens, round(size, 6), _completed(self.json, patch))


def list_relaxations(context: Context, sieved: Sieve, *, most: int = 8) -> tuple[Relaxation, ...]:
    """Return the nearest single changes, smallest first, and after them the nearest pair.

    Of the changes of one rule that are equally small the one that opens most is kept.
    Merging a `patch` into the demand yields as many more units as `opens` says.
    """
    asker = _Asker(context, int(sieved.allowed().sum()))
    failed = _failed(context, sieved)
    counts = _count(failed)
    singles = [*_singles(context, failed, counts)]
    pairs = _pairs(context, failed, counts)
    combine = _combined(context)
    if combine is not None:
        singles.append(combine)
    kept: dict[tuple[Any, ...], Relaxation] = {}
    for one in filter(None, map(asker.ask, singles)):
        known = kept.get((one.rules, one.size))
        if known is None or one.opens > known.opens:
            kept[one.rules, one.size] = one
    if combine is not None and (("area",), SIZE_COMBINED) not in kept:
        pairs = sorted([*pairs, *_with_combining(context, combine)], key=lambda item: item[0])
    ranked = sorted(kept.values(), key=lambda r: (r.size, -r.opens, r.rules))[:most]
    pair = next(filter(None, map(asker.ask, pairs)), None)
    return tuple(ranked) if pair is None else (*ranked, pair)


def _combined(context: Context) -> Found | None:
    """Return the change that lets adjacent units be combined, where that could help."""
    if context.demand.combine_adjacent or least_area(context.demand) is None:
        return None
    return SIZE_COMBINED, ("area",), (_COMBINE, {"combine_adjacent": True})


def _with_combining(context: Context, combine: Found) -> Iterable[Found]:
    """Yield every single change of the demand that may combine units, as a pair with that."""
    size, rules, change = combine
    joined = with_demand(context, replace(context.demand, combine_adjacent=True))
    failed = _failed(joined, sieve(joined))
    counts = _count(failed)
    for more, others, other in _singles(joined, failed, counts):
        yield size + more, (*rules, *others), _both(change, other)
