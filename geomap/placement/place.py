"""Many projects, one allocation, with a reason at every step.

Pins are taken out first; the rest is solved; who is left may be offered land to build on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from geomap.catalog.columns import F4
from geomap.domain.placement import (
    Listing,
    PlacedDemand,
    PlacementMode,
    Policy,
)
from geomap.matching.prepared import Prepared
from geomap.placement.answer import list_placed, list_unplaced
from geomap.placement.blocking import count_blocking
from geomap.placement.book import MOST, Book, build_book
from geomap.placement.checks import require_policy, require_possible, require_projects
from geomap.placement.custom import assign_builds
from geomap.placement.fairness import (
    measure,
    measure_fairness,
)
from geomap.placement.greedy import solve_greedy
from geomap.placement.held import hold
from geomap.placement.pairs import Allocation, Progress
from geomap.placement.pins import check_pins
from geomap.placement.rest import Rest, find_keeps, rest_of
from geomap.placement.result import Placement
from geomap.placement.stable import solve_stable
from geomap.placement.tried import Log

_OF_BOOK = 0.3
"""The share of the whole that listing the pairs is, as progress is told."""


def place(
    prepared: Prepared,
    projects: Sequence[PlacedDemand],
    policy: Policy,
    *,
    mode: PlacementMode = PlacementMode.OPTIMAL,
    walks: Mapping[str, F4] | None = None,
    listings: Sequence[Listing] = (),
    most: int = MOST,
    progress: Progress | None = None,
) -> Placement:
    """Place projects; see `docs/placement.md`.

    Parameters
    ----------
    prepared
        The catalog on a day.
    projects
        Who is to be placed, in the order in which they came: that of the baseline.
    policy
        Weights, margins, steps, pins, forbids, reserved units, and what is to be kept.
    mode
        The largest total value, or an allocation that no project and unit would leave.
    walks
        By the id of each project with `near`: walk to every site in m, shape (n_sites,), NaN
        out of reach.
    listings
        Land and idle plants where workshops can be built to order.
    most
        How many pairs of a project are looked at, by value.
    progress
        Called with (done, in all); raises `Cancelled` once the answer is not wanted.

    Raises
    ------
    InputError
        Projects or policy cannot be used, or the policy leaves nobody a place.
    """
    require_projects(projects)
    require_policy(policy)
    pinned = check_pins(prepared, projects, policy, walks)
    first, second = _shares_of(progress)
    book = build_book(
        prepared, projects, policy, walks=walks, pinned=pinned, most=most, progress=first
    )
    require_possible(book, listings)
    rest = rest_of(book)
    greedy = solve_greedy(rest.pairs, np.arange(len(book.projects)))
    solved = _solve(rest, find_keeps(book, rest), mode, policy.time_limit_s, second)
    blocking = tuple(count_blocking(rest.pairs, found.choice) for found in (solved, greedy))
    return _told(book, mode, rest.whole(solved), rest.whole(greedy), blocking, listings)


def _shares_of(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Return progress of the pairs and of the solver as parts of one whole, in thousandths."""
    if progress is None:
        return None, None
    before = round(1000 * _OF_BOOK)

    def of_book(done: int, in_all: int) -> None:
        progress(before * done // max(in_all, 1), 1000)

    def of_solver(done: int, in_all: int) -> None:
        progress(before + (1000 - before) * done // max(in_all, 1), 1000)

    return of_book, of_solver


def _solve(
    rest: Rest, keep: np.ndarray, mode: PlacementMode, limit: float, progress: Progress | None
) -> Allocation:
    if mode is PlacementMode.STABLE:
        return solve_stable(rest.pairs, keep=keep)
    from geomap.placement.optimal import solve_optimal  # the solver loads in a third of a second

    return solve_optimal(rest.pairs, keep=keep, time_limit_s=limit, progress=progress)


def _told(
    book: Book,
    mode: PlacementMode,
    allocation: Allocation,
    greedy: Allocation,
    blocking: tuple[int, ...],
    listings: Sequence[Listing],
) -> Placement:
    builds = assign_builds(book, allocation.choice, listings)
    held = hold(book, allocation.choice)
    log = Log(book, allocation.choice, held, mode, builds, len(listings))
    by_greedy = assign_builds(book, greedy.choice, listings)
    objective, baseline = measure(book, allocation, builds), measure(book, greedy, by_greedy)
    return Placement(
        book=book,
        mode=mode,
        allocation=allocation,
        greedy=greedy,
        held=held,
        builds=builds,
        placed=list_placed(log),
        unplaced=list_unplaced(log),
        blocking=blocking[0],
        objective=replace(objective, blocking_pairs=blocking[0]),
        baseline=replace(baseline, blocking_pairs=blocking[1]),
        fairness=measure_fairness(book, allocation.choice, builds),
        baseline_fairness=measure_fairness(book, greedy.choice, by_greedy),
    )
