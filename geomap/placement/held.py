"""What an allocation takes: what is left of each unit, who holds it, which pairs are free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.placement.book import Book
from geomap.placement.pairs import I8, Pairs


@dataclass(frozen=True, slots=True)
class Held:
    """What is taken of the resources.

    `left` of each resource, shape (r,); `holders` are the project rows that hold each, in
    their order; `free` says of each pair whether its project could have it instead of what it
    holds, shape (m,).
    """

    left: I8
    holders: dict[int, list[int]]
    free: NDArray[np.bool_]


def uses_of(pairs: Pairs, pair: int) -> slice:
    """Return where the uses of a pair stand."""
    return slice(int(pairs.use_start[pair]), int(pairs.use_start[pair + 1]))


def left_of(pairs: Pairs, choice: I8) -> I8:
    """Return what a choice leaves of each resource, shape (r,)."""
    left = pairs.capacity.copy()
    for pair in choice[choice >= 0].tolist():
        at = uses_of(pairs, pair)
        left[pairs.resource[at]] -= pairs.use[at]
    return left


def hold(book: Book, choice: I8) -> Held:
    """Return what a choice of pairs takes, shape (n,), -1 for none."""
    pairs = book.pairs
    left = left_of(pairs, choice)
    holders: dict[int, list[int]] = {}
    for project, pair in enumerate(choice.tolist()):
        if pair >= 0:
            for resource in pairs.resource[uses_of(pairs, pair)].tolist():
                holders.setdefault(resource, []).append(project)
    enough = pairs.use <= left[pairs.resource]
    for project, pair in enumerate(choice.tolist()):
        if pair < 0:
            continue
        own, at = uses_of(pairs, pair), book.span(project)
        mine = zip(pairs.resource[own].tolist(), pairs.use[own].tolist(), strict=True)
        span = slice(int(pairs.use_start[at.start]), int(pairs.use_start[at.stop]))
        taken, asked = pairs.resource[span], pairs.use[span]
        for resource, use in mine:
            here = taken == resource
            enough[span][here] = asked[here] <= left[resource] + use
    free = np.ones(len(pairs.value), dtype=bool)
    if len(free):
        free = np.logical_and.reduceat(enough, pairs.use_start[:-1])
    return Held(left, holders, free)


def holders_of(book: Book, held: Held, pair: int, project: int) -> list[int]:
    """Return the other projects that hold what a pair would take, in their order."""
    pairs = book.pairs
    found: set[int] = set()
    for j in range(int(pairs.use_start[pair]), int(pairs.use_start[pair + 1])):
        found.update(held.holders.get(int(pairs.resource[j]), ()))
    return sorted(found - {project})
