"""The log of a project: every step in its order, what was there, and why it did or did not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geomap.catalog.columns import I8
from geomap.domain.placement import Build, Outcome, PlacementMode, Tried
from geomap.domain.words import Label, PlacementStep
from geomap.matching.openings import count_refused
from geomap.placement.book import OUTCOMES, Book
from geomap.placement.custom import build_for
from geomap.placement.held import Held, holders_of
from geomap.placement.say import (
    say_better,
    say_built,
    say_here,
    say_none,
    say_not_built,
    say_place,
    say_taken,
    say_worse,
)
from geomap.placement.steps import STEPS, allowed_steps, known_steps, margins_of

_NAMED = 3
_SEARCHED = 200
"""So many pairs of a step are looked through for who holds them."""
NO_REFUSALS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Log:
    """What the lines of all projects rest on; `listings` counts land and idle plants."""

    book: Book
    choice: I8
    held: Held
    mode: PlacementMode
    builds: Mapping[int, Build]
    listings: int


def list_tried(log: Log, project: int) -> tuple[Tried, ...]:
    """Return a project's lines, one a step, in the order of the routing."""
    lines = [_line(log, project, step) for step in range(len(STEPS))]
    return (*lines, _build_line(log, project))


def _line(log: Log, project: int, step: int) -> Tried:
    book = log.book
    pair, count = int(log.choice[project]), int(book.candidates[project, step])
    best = float(book.best[project, step]) if count else None
    chosen = int(book.step[pair]) if pair >= 0 else None
    if pair >= 0 and step == chosen:
        return Tried(
            STEPS[step],
            Outcome.PLACED,
            count,
            best,
            NO_REFUSALS,
            say_here(book, pair, log.held.free),
        )
    if not allowed_steps(book.policy)[step]:
        text = Label("方案不走这一步", "The policy leaves this step out")
        return Tried(STEPS[step], Outcome.NOT_ALLOWED, count, best, NO_REFUSALS, text)
    if book.pinned[project] >= 0:
        text = Label("已锁定，未试", "Pinned, not tried")
        return Tried(STEPS[step], Outcome.NOT_TRIED, count, best, NO_REFUSALS, text)
    if not count:
        if chosen is not None and step > chosen:
            text = Label("前一步已落，未试", "Placed before, not tried")
            return Tried(STEPS[step], Outcome.NOT_TRIED, 0, None, NO_REFUSALS, text)
        refused, total = refusals(log, project, step)
        text = say_none(say_place(book.projects[project], step), refused, total)
        return Tried(STEPS[step], Outcome.NONE, 0, None, refused, text)
    return _line_with_places(log, project, step, chosen)


def _line_with_places(log: Log, project: int, step: int, chosen: int | None) -> Tried:
    """Return the line of a step that has places, and is not the one that was chosen."""
    book, span = log.book, log.book.span(project)
    count, best = int(book.candidates[project, step]), float(book.best[project, step])
    pairs = span.start + np.flatnonzero(book.step[span] == step)
    free = pairs[log.held.free[pairs]]
    margins = margins_of(book.policy)
    if chosen is not None and step > chosen:
        text = say_worse(count, best, float(margins[step] - margins[chosen]), chosen)
        return Tried(STEPS[step], Outcome.WORSE, count, best, NO_REFUSALS, text)
    if chosen is not None and len(free):
        pair = int(log.choice[project])
        gain = float(book.fit[pair] - book.fit[free].max())
        text = say_better(len(free), gain, float(margins[chosen] - margins[step]), chosen)
        return Tried(STEPS[step], Outcome.BETTER, count, best, NO_REFUSALS, text)
    by, fitter = _takers(log, project, pairs)
    text = say_taken(count, [book.projects[row] for row in by], fitter)
    ids = tuple(book.projects[row].id for row in by[:_NAMED])
    return Tried(STEPS[step], Outcome.TAKEN, count, best, NO_REFUSALS, text, ids)


def _takers(log: Log, project: int, pairs: I8) -> tuple[list[int], bool]:
    """Return who holds the best of some pairs, at most three, and whether all of them fit better.

    One fits better at a place whose own pair there has at least the value of this project's.
    """
    book, found, fitter = log.book, [], True
    for pair in pairs[:_SEARCHED].tolist():
        for row in holders_of(book, log.held, pair, project):
            if row not in found:
                found.append(row)
                theirs = book.pairs.value[log.choice[row]]
                fitter &= bool(theirs >= book.pairs.value[pair])
        if len(found) >= _NAMED:
            break
    return found[:_NAMED], fitter


def refusals(log: Log, project: int, step: int) -> tuple[dict[str, int], int]:
    """Return what refuses the units of a step, by the first rule, and how many there are.

    Counted are units that may be had: let ones and stale listings are not there at all.
    """
    book = log.book
    prepared, asked = book.prepared, book.projects[project]
    context = prepared.context(asked.demand, book.walks.get(asked.id))
    among = known_steps(prepared, asked.home_county) == step
    _, refused, total = count_refused(prepared, context, among)
    tally = book.tally[project, step]
    names = ("", "area", "budget", "reserved", "forbidden")
    for at in range(1, OUTCOMES):
        if tally[at]:
            refused[names[at]] = int(tally[at])
    return refused, total


def _build_line(log: Log, project: int) -> Tried:
    step = PlacementStep.CUSTOM_BUILD
    build = log.builds.get(project)
    if step not in log.book.policy.steps:
        text = Label("方案不走这一步", "The policy leaves this step out")
        return Tried(step, Outcome.NOT_ALLOWED, 0, None, NO_REFUSALS, text)
    if log.choice[project] >= 0:
        text = Label("前一步已落，未试", "Placed before, not tried")
        return Tried(step, Outcome.NOT_TRIED, 0, None, NO_REFUSALS, text)
    if build is None or build.listing is None:
        area = build_for(log.book, project).floor_area_m2
        text = say_not_built(log.book.projects[project], area, log.listings)
        return Tried(step, Outcome.NONE, 0, None, NO_REFUSALS, text)
    text = say_built(build.listing.name, build.listing.idle_plant, build.floor_area_m2)
    return Tried(step, Outcome.PLACED, 1, None, NO_REFUSALS, text)
