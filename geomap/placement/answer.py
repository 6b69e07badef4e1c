"""What a project is told: its place with the reasons, or why there is none, and alternatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.domain.demand import Relaxation
from geomap.domain.placement import Part, Placed, Unplaced
from geomap.domain.words import PlacementStep
from geomap.matching.context import with_demand
from geomap.matching.hard import sieve
from geomap.matching.relax import list_relaxations
from geomap.placement.book import Book
from geomap.placement.custom import build_for, may_be_built
from geomap.placement.explain import candidate_at, offered_at
from geomap.placement.held import holders_of
from geomap.placement.reasons import say_build, say_placed, say_unplaced
from geomap.placement.steps import STEPS
from geomap.placement.tried import Log, list_tried

if TYPE_CHECKING:
    from geomap.placement.result import Placement

A_SITE = 2
"""So many alternatives of one site at most, so that a list shows real ones."""
MOST_RELAXED = 100
"""For so many projects without a place ways out are sought: a look at all units for each."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A place that a project could have had; `taken_by` are the projects that hold it.

    `pair` is that of the book, `chosen` says that it is what the project got.
    """

    pair: int
    parts: tuple[Part, ...]
    site_id: str
    step: PlacementStep
    score: float
    value: int
    taken_by: tuple[str, ...]
    chosen: bool


def parts_of(book: Book, pair: int) -> tuple[Part, ...]:
    """Return what a pair takes of each unit."""
    pairs, units = book.pairs, book.prepared.catalog.units
    rows = book.members(pair)
    if len(rows) > 1:
        return tuple(Part(units.id[row], float(units.area_m2[row])) for row in rows)
    use = int(pairs.use_start[pair])
    whole = bool(pairs.use[use] == pairs.capacity[pairs.resource[use]])
    return (Part(units.id[rows[0]], float(book.area_m2[pair]), int(book.desks[pair]), whole),)


def rank_of(book: Book, project: int, pair: int) -> int:
    """Return where a pair stands among a project's own, from 1."""
    return pair - int(book.pairs.start[project]) + 1


def list_placed(log: Log) -> tuple[Placed, ...]:
    """Return the projects with a place or a custom build, in their order."""
    return tuple(
        _placed(log, row)
        for row in range(len(log.book.projects))
        if log.choice[row] >= 0 or row in log.builds
    )


def _placed(log: Log, row: int) -> Placed:
    book, tried = log.book, list_tried(log, row)
    project, pair = book.projects[row], int(log.choice[row])
    if pair < 0:
        return Placed(
            project_id=project.id,
            step=PlacementStep.CUSTOM_BUILD,
            reason=say_build(project, log.builds[row], tried),
            tried=tried,
            build=log.builds[row],
        )
    walk = book.walks.get(project.id)
    area, rows = float(book.area_m2[pair]), book.members(pair)
    told = candidate_at(offered_at(book.prepared, project.demand, walk, rows, area))
    return Placed(
        project_id=project.id,
        step=STEPS[int(book.step[pair])],
        reason=say_placed(book, row, pair, tried),
        tried=tried,
        parts=parts_of(book, pair),
        site_id=told.site_id,
        score=float(book.score[pair]),
        value=int(book.pairs.value[pair]),
        rank=rank_of(book, row, pair),
        pinned=bool(book.pinned[row] == pair),
        criteria=told.criteria,
    )


def list_unplaced(log: Log) -> tuple[Unplaced, ...]:
    """Return the projects without a place, in their order, with what would be needed."""
    rows = [
        row
        for row in range(len(log.book.projects))
        if log.choice[row] < 0 and row not in log.builds
    ]
    return tuple(_unplaced(log, row, at < MOST_RELAXED) for at, row in enumerate(rows))


def _unplaced(log: Log, row: int, relaxed: bool) -> Unplaced:
    project, tried = log.book.projects[row], list_tried(log, row)
    return Unplaced(
        project_id=project.id,
        reason=say_unplaced(project, tried),
        tried=tried,
        build=build_for(log.book, row) if may_be_built(project) else None,
        relaxations=relaxations_of(log.book, row) if relaxed else (),
    )


def relaxations_of(book: Book, row: int) -> tuple[Relaxation, ...]:
    """Return the smallest changes to a project's demand that open more units anywhere."""
    project, prepared = book.projects[row], book.prepared
    walk = book.walks.get(project.id)
    context = prepared.narrowed(prepared.context(project.demand, walk))
    context = with_demand(context, project.demand)
    return list_relaxations(context, sieve(context))


def alternatives_of(placement: Placement, row: int, most: int) -> list[Alternative]:
    """Return a project's own places, best first, at most two of a site, with who holds each.

    Parameters
    ----------
    placement
        The allocation.
    row
        Row of the project.
    most
        How many are wanted.
    """
    book, span = placement.book, placement.book.span(row)
    chosen = int(placement.allocation.choice[row])
    of_site: dict[int, int] = {}
    found: list[Alternative] = []
    for pair in range(span.start, span.stop):
        if len(found) >= most:
            break
        site = int(book.site[pair])
        of_site[site] = of_site.get(site, 0) + 1
        if of_site[site] <= A_SITE:
            found.append(_alternative(placement, row, pair, pair == chosen))
    return found


def _alternative(placement: Placement, row: int, pair: int, chosen: bool) -> Alternative:
    book = placement.book
    free = bool(placement.held.free[pair])
    by = [] if free else holders_of(book, placement.held, pair, row)
    return Alternative(
        pair=pair,
        parts=parts_of(book, pair),
        site_id=book.prepared.catalog.sites.id[int(book.site[pair])],
        step=STEPS[int(book.step[pair])],
        score=float(book.score[pair]),
        value=int(book.pairs.value[pair]),
        taken_by=tuple(book.projects[other].id for other in by),
        chosen=chosen,
    )
