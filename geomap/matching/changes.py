"""Changes of a demand: the smallest of each rule, and the smallest of every two.

What a change opens follows from how far each offer is from passing: no rule is asked again.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from geomap.domain.words import Label
from geomap.matching.context import Context, Fit, Flags, Rows
from geomap.matching.ladders import LADDERS, Change, Ladder, steps_within

HANDFUL = 5
NESTED = ("area_m2", "requires")
"""Fields of a demand that are objects of their own."""


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


def ease(context: Context, failed: Mapping[str, Flags]) -> list[Eased]:
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


def list_singles(eased: Iterable[Eased]) -> Iterator[Found]:
    """Yield the least change of every ladder, and the one for a handful of units."""
    for one in eased:
        for ladder in one.ladders:
            yield from changes_on(ladder, ladder.steps[one.alone], counted=True)


def changes_on(ladder: Ladder, steps: Fit, *, counted: bool) -> Iterator[Found]:
    """Yield the fewest steps on a ladder, and those for a handful; `counted` where the steps tell
    what they open.
    """
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


def list_pairs(eased: Sequence[Eased], failed: Mapping[str, Flags]) -> Iterator[Found]:
    """Yield the least pair of changes of every two ladders, smallest first, as far as asked."""
    waiting: list[tuple[float, int, int, Found]] = []
    for number, couple in enumerate(_couples(eased, failed)):
        while waiting and waiting[0][0] < couple.bound:
            yield heapq.heappop(waiting)[-1]
        pair = _least_pair(couple)
        if pair is not None:
            heapq.heappush(waiting, (pair.size, -(pair.opens or 0), number, pair))
    while waiting:
        yield heapq.heappop(waiting)[-1]


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
    for name in NESTED:
        if name in patch and name in also:
            merged[name] = {**patch[name], **also[name]}
    return Label(f"{text.zh}，{more.zh}", f"{text.en}, {more.en}"), merged
