"""The best k columns of a cover, proven: relaxation first, then the solver on what is left.

Swaps and a Lagrangean relaxation give a good choice and a tight bound within a second; the
solver looks at the likely columns only, which mostly finds the best choice; then at every
column that could still be part of a better one, which proves it. Each step can be stopped,
and whatever is known by then is the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geomap.coverage.apart import solve_apart
from geomap.coverage.cover import Cover
from geomap.coverage.greedy import Choice, improve_by_swaps, in_greedy_order
from geomap.coverage.lagrange import relax
from geomap.coverage.program import Program, Share, Solved
from geomap.coverage.reduce import rows_of

Progress = Callable[[int, int], None]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]


class Solve(Protocol):
    """A solver of programs, such as `solve_apart`."""

    def __call__(
        self, model: Program, start: tuple[int, ...], /, *, time_limit_s: float, tell: Share
    ) -> Solved:
        """Return the best columns."""


MOST_ENTRIES = 1_000_000
"""Pairs of candidate and site that the solver is given: more would take gigabytes."""
_CORE = 300
_STEPS = 1000
_PARTS = ((250, 600), (600, _STEPS))
"""Steps of the progress that the two looks of the solver take."""


def choose_exactly(
    cover: Cover,
    worth: I8,
    k: int,
    start: Choice,
    *,
    time_limit_s: float = 30.0,
    progress: Progress | None = None,
    solve: Solve = solve_apart,
) -> Choice:
    """Return the best k columns, or the best found in the time, with the bound.

    Parameters
    ----------
    cover, worth
        As `Standing` takes them.
    k
        How many, at least 1.
    start
        A choice to begin with, the greedy one.
    time_limit_s
        Seconds for the solver.
    progress
        Called with (steps done, steps in all); may raise `Cancelled`, which ends the
        solver at once.
    solve
        Solver of programs.

    Returns
    -------
    Choice
        Proven where its value is the bound.
    """
    tell = progress or _ignore
    best = improve_by_swaps(cover, worth, start, lambda done, total: tell(0, _STEPS))
    relaxed = relax(
        cover, worth, k, best,
        progress=lambda done, total: tell(done * _PARTS[0][0] // total, _STEPS),
    )  # fmt: skip
    best, bound, left_s = relaxed.choice, relaxed.bound, time_limit_s
    for proof, (first, last) in zip((False, True), _PARTS, strict=True):
        columns = relaxed.useful(best) if proof else relaxed.core(best, _CORE)
        part = cover.pick(columns)
        if best.value == bound or left_s <= 0.0 or len(part.site) > MOST_ENTRIES:
            continue
        found = solve(
            build_program(part, worth, k),
            tuple(np.searchsorted(columns, best.columns).tolist()),
            time_limit_s=left_s if proof else left_s / 2.0,
            tell=_share_of(tell, first, last),
        )
        left_s -= found.spent_s
        ordered, gains = in_greedy_order(cover, worth, columns[list(found.columns)].tolist())
        if sum(gains) > best.value:
            best = Choice(tuple(ordered), tuple(gains), bound)
        if proof and found.bound < bound:  # what was left out closes no more than the best
            bound = max(int(found.bound), best.value)
    return Choice(best.columns, best.gains, bound)


def _share_of(tell: Progress, first: int, last: int) -> Share:
    return lambda share: tell(int(first + (last - first) * share), _STEPS)


def build_program(cover: Cover, worth: I8, k: int) -> Program:
    """Return the program that chooses at most k columns of a cover."""
    row_at, row_column = rows_of(cover)
    number: dict[bytes, int] = {}
    near: list[I4] = []
    sums: list[I8] = []
    for i in range(cover.sites):
        columns = row_column[row_at[i] : row_at[i + 1]]
        if not len(columns) or not worth[i].any():
            continue
        group = number.setdefault(columns.tobytes(), len(near))
        if group == len(near):
            near.append(columns)
            sums.append(np.zeros(worth.shape[1], dtype=np.int64))
        sums[group] = sums[group] + worth[i]
    paid = [row[row > 0] for row in sums]
    return Program(
        len(cover),
        k,
        np.cumsum([0, *map(len, near)], dtype=np.int64),
        np.concatenate([np.empty(0, np.int32), *near]),
        np.cumsum([0, *map(len, paid)], dtype=np.int64),
        np.concatenate([np.empty(0, np.int64), *paid]),
    )


def _ignore(done: int, total: int) -> None:
    """Nobody watches."""
