"""The best k columns of a cover, proven: relaxation first, then the solver on what is left.

Swaps and a Lagrangean relaxation give a good choice and a tight bound within a second; the
solver looks at the likely columns only, which mostly finds the best choice; then at every
column that could still be part of a better one, which proves it. Each step can be stopped,
and whatever is known by then is the answer.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geomap.coverage.cover import Cover
from geomap.coverage.greedy import Choice, improve_by_swaps, in_greedy_order
from geomap.coverage.lagrange import relax
from geomap.coverage.program import solve_program

Progress = Callable[[int, int], None]
I8 = NDArray[np.int64]

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
        Called with (steps done, steps in all); may raise `Cancelled`, which stops the
        solver.

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
        found = solve_program(
            part,
            worth,
            k,
            tuple(np.searchsorted(columns, best.columns).tolist()),
            time_limit_s=left_s if proof else left_s / 2.0,
            tell=lambda share, a=first, b=last: tell(int(a + (b - a) * share), _STEPS),  # type: ignore[misc]
        )
        left_s -= found.spent_s
        ordered, gains = in_greedy_order(cover, worth, columns[list(found.columns)].tolist())
        if sum(gains) > best.value:
            best = Choice(tuple(ordered), tuple(gains), bound)
        if proof and found.bound < bound:  # what was left out closes no more than the best
            bound = max(int(found.bound), best.value)
    return Choice(best.columns, best.gains, bound)


def _ignore(done: int, total: int) -> None:
    """Nobody watches."""
