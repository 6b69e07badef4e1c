"""An allocation with all that is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geomap.domain.placement import Build, Placed, PlacementMode, Unplaced
from geomap.placement.book import Book
from geomap.placement.fairness import Fairness, Figures
from geomap.placement.held import Held
from geomap.placement.pairs import Allocation


@dataclass(frozen=True, slots=True)
class Placement:
    """An allocation of all projects.

    `allocation` and `greedy`, the baseline, choose pairs of `book`; pins are in both. Every
    project is in `placed` or in `unplaced`, in input order. `objective` and `baseline` are the
    figures of the two, `fairness` and `baseline_fairness` who gains.
    """

    book: Book
    mode: PlacementMode
    allocation: Allocation
    greedy: Allocation
    held: Held
    builds: Mapping[int, Build]
    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    blocking: int
    objective: Figures
    baseline: Figures
    fairness: Fairness
    baseline_fairness: Fairness
