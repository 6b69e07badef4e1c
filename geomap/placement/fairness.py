"""Who gains by an allocation: figures of the whole, by county, by size, and who is worst off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geomap.domain.placement import Build, PlacedDemand
from geomap.domain.regions import COUNTIES
from geomap.domain.words import PlacementStep
from geomap.placement.book import Book
from geomap.placement.pairs import I8, Allocation
from geomap.placement.steps import LOCAL, STEPS, margins_of

SMALL, MEDIUM = 20, 60
"""Headcounts below which a project is small, and medium: a choice of this service."""
SIZES = ("small", "medium", "large", "unknown")


@dataclass(frozen=True, slots=True)
class Figures:
    """An allocation in figures.

    `total` sums the values in `SCALE`ths; `total_score` and `mean_score` are of match scores.
    `placed` counts custom builds too; `local_share` is of the placed. `bound`, `gap` and
    `proven` are the solver's; `blocking_pairs` counts those that were left to it, all of them.
    `kept` and `moved` count the projects of an earlier allocation that stay with it or do not.
    `pairs` counts all candidates that a solver saw, `dropped` those left out of the list.
    """

    total: int
    total_score: float
    mean_score: float | None
    placed: int
    projects: int
    local: int
    local_share: float | None
    area_m2: float
    by_step: Mapping[PlacementStep, int]
    kept: int
    moved: int
    bound: int | None
    gap: float | None
    proven: bool
    blocking_pairs: int
    pairs: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Share:
    """How a group of projects fares; `key` is an adcode or a size."""

    key: str
    projects: int
    placed: int
    local: int
    mean_score: float | None


@dataclass(frozen=True, slots=True)
class Worst:
    """The project that is furthest from its own best place.

    `regret` is how much better its best pair fits than what it got, both less their margins,
    0 for nothing; `score` is None where it got no unit.
    """

    project_id: str
    score: float | None
    best_score: float
    regret: float


@dataclass(frozen=True, slots=True)
class Fairness:
    """By home county, by size, and the worst off; `spread` is between the counties' means."""

    by_county: tuple[Share, ...]
    by_size: tuple[Share, ...]
    worst: Worst | None
    spread: float


def measure(book: Book, allocation: Allocation, built: Mapping[int, Build]) -> Figures:
    """Return an allocation in figures; blocking pairs are counted elsewhere."""
    choice = allocation.choice
    given = choice[choice >= 0]
    steps = count_steps(book, choice, built)
    placed, local = len(given) + len(built), steps[PlacementStep.LOCAL]
    kept, moved = _count_kept(book, choice)
    area = float(book.area_m2[given].sum()) + sum(one.floor_area_m2 for one in built.values())
    return Figures(
        total=allocation.value,
        total_score=float(book.score[given].sum()),
        mean_score=float(book.score[given].mean()) if len(given) else None,
        placed=placed,
        projects=len(book.projects),
        local=local,
        local_share=local / placed if placed else None,
        area_m2=area,
        by_step=steps,
        kept=kept,
        moved=moved,
        bound=allocation.bound,
        gap=allocation.gap,
        proven=allocation.proven,
        blocking_pairs=0,
        pairs=len(book.pairs.value),
        dropped=int(book.dropped.sum()),
    )


def _count_kept(book: Book, choice: I8) -> tuple[int, int]:
    """Return how many projects of an earlier allocation stay with their units, or do not."""
    kept, known = 0, 0
    units = book.prepared.catalog.units.id
    for row, project in enumerate(book.projects):
        before = book.policy.keep.get(project.id)
        if before:
            known += 1
            pair = int(choice[row])
            now = {units[unit] for unit in book.members(pair)} if pair >= 0 else set()
            kept += now == set(before)
    return kept, known - kept


def size_of(project: PlacedDemand) -> str:
    """Return the size class of a project, by headcount."""
    heads = project.demand.headcount
    if not heads:
        return "unknown"
    return "small" if heads < SMALL else "medium" if heads < MEDIUM else "large"


def measure_fairness(book: Book, choice: I8, built: Mapping[int, Build]) -> Fairness:
    """Return how projects fare; `built` are rows with a custom build."""
    counties = [county.adcode for county in COUNTIES]
    by_county = _shares(book, choice, built, counties, lambda project: project.home_county)
    by_size = _shares(book, choice, built, SIZES, size_of)
    means = [share.mean_score for share in by_county if share.mean_score is not None]
    spread = max(means) - min(means) if means else 0.0
    return Fairness(by_county, by_size, find_worst(book, choice), spread)


def _shares(
    book: Book,
    choice: I8,
    built: Mapping[int, Build],
    keys: Sequence[str],
    key_of: Callable[[PlacedDemand], str],
) -> tuple[Share, ...]:
    rows: dict[str, list[int]] = {key: [] for key in keys}
    for row, project in enumerate(book.projects):
        rows.setdefault(key_of(project), []).append(row)
    return tuple(_share(book, choice, built, key, group) for key, group in rows.items() if group)


def _share(
    book: Book, choice: I8, built: Mapping[int, Build], key: str, rows: Sequence[int]
) -> Share:
    pairs = choice[list(rows)]
    pairs = pairs[pairs >= 0]
    return Share(
        key=key,
        projects=len(rows),
        placed=len(pairs) + sum(row in built for row in rows),
        local=int((book.step[pairs] == LOCAL).sum()),
        mean_score=float(book.score[pairs].mean()) if len(pairs) else None,
    )


def regrets_of(book: Book, choice: I8) -> np.ndarray:
    """Return how far each project is from its best pair, shape (n,), NaN without any pair.

    Fits are taken less the margin of their step, so that who has its own first choice has
    no regret wherever that is.
    """
    net = book.fit - margins_of(book.policy)[book.step]
    regrets = np.full(len(book.projects), np.nan)
    for row, pair in enumerate(choice.tolist()):
        span = book.span(row)
        if span.stop > span.start:
            got = float(net[pair]) if pair >= 0 else 0.0
            regrets[row] = max(0.0, float(net[span].max()) - got)
    return regrets


def find_worst(book: Book, choice: I8) -> Worst | None:
    """Return the project with the largest regret, the first of equals; None where none has any."""
    regrets = np.round(np.nan_to_num(regrets_of(book, choice), nan=-1.0), 9)
    if not len(regrets) or regrets.max() < 0:
        return None
    row = int(np.argmax(regrets))
    pair = int(choice[row])
    return Worst(
        project_id=book.projects[row].id,
        score=float(book.score[pair]) if pair >= 0 else None,
        best_score=float(book.score[book.span(row)].max()),
        regret=float(regrets[row]),
    )


def count_steps(book: Book, choice: I8, built: Mapping[int, Build]) -> dict[PlacementStep, int]:
    """Return how many projects each step places."""
    given = choice[choice >= 0]
    counts = {step: int((book.step[given] == at).sum()) for at, step in enumerate(STEPS)}
    return counts | {PlacementStep.CUSTOM_BUILD: len(built)}
