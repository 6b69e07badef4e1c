"""Is an allocation possible, and would a project and a place both rather have each other?

Checks that share no code with the solvers.
"""

from __future__ import annotations

import numpy as np

from geomap.placement.pairs import I8, Pairs


def spread_ranges(starts: I8, ends: I8) -> I8:
    """Return all numbers of the ranges ``starts[k]…ends[k] − 1``, one range after the other."""
    counts = ends - starts
    firsts = np.repeat(starts - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return np.asarray(firsts + np.arange(counts.sum()), dtype=np.int64)


def require_feasible(pairs: Pairs, choice: I8) -> None:
    """Refuse an allocation that gives a project another's pair, or more than there is.

    Raises
    ------
    ValueError
        It says which project or resource.
    """
    if choice.shape != (len(pairs),):
        raise ValueError(f"{len(pairs)} projects, {choice.shape} choices")
    rows = np.flatnonzero(choice != -1)
    given = choice[rows]
    foreign = (given < pairs.start[rows]) | (given >= pairs.start[rows + 1])
    if foreign.any():
        raise ValueError(f"project {rows[foreign][0]} is given a pair of another")
    held = np.zeros(len(pairs.capacity), dtype=np.int64)
    uses = spread_ranges(pairs.use_start[given], pairs.use_start[given + 1])
    np.add.at(held, pairs.resource[uses], pairs.use[uses])
    over = np.flatnonzero(held > pairs.capacity)
    if len(over):
        r = over[0]
        raise ValueError(f"resource {r} gives {held[r]} of {pairs.capacity[r]}")


class _Held:
    """How much of each resource is held by pairs that are worth a value or more."""

    def __init__(self, pairs: Pairs, choice: I8) -> None:
        given = choice[choice >= 0]
        lengths = pairs.use_start[given + 1] - pairs.use_start[given]
        uses = spread_ranges(pairs.use_start[given], pairs.use_start[given + 1])
        value, resource = np.repeat(pairs.value[given], lengths), pairs.resource[uses]
        order = np.lexsort((value, resource))
        self._span = int(pairs.value.max(initial=0)) + 2
        self._key = (resource.astype(np.int64) * self._span + value)[order]
        self._sum = np.concatenate([[0], np.cumsum(pairs.use[uses][order])])

    def at_least(self, resource: I8, value: I8) -> I8:
        first = np.searchsorted(self._key, resource * self._span + value)
        end = np.searchsorted(self._key, (resource + 1) * self._span)
        return np.asarray(self._sum[end] - self._sum[first], dtype=np.int64)


def list_blocking(pairs: Pairs, choice: I8, *, most: int = 1000) -> list[tuple[int, int]]:
    """Return pairs that both sides would rather have than what they got.

    A project would rather have a pair of more value than its own. Its units would as well if
    enough of each is free, or held by pairs of less value; the project's own is one of
    those.

    Parameters
    ----------
    pairs, choice
        The pairs, and a possible allocation, shape (n,).
    most
        How many are listed at most.

    Returns
    -------
    list of (project, pair)
        By project, then by pair.
    """
    project, found = _blocking(pairs, choice)
    return [(int(project[i]), int(i)) for i in found[:most]]


def count_blocking(pairs: Pairs, choice: I8) -> int:
    """Return how many pairs :func:`list_blocking` would list without a limit."""
    return len(_blocking(pairs, choice)[1])


def _blocking(pairs: Pairs, choice: I8) -> tuple[I8, I8]:
    """Return the project of each pair, shape (n_pairs,), and the pairs that block."""
    n = len(pairs)
    own = np.zeros(n, dtype=np.int64)
    placed = choice >= 0
    own[placed] = pairs.value[choice[placed]]
    project = np.repeat(np.arange(n), np.diff(pairs.start))
    rather = np.flatnonzero(pairs.value > own[project])
    uses = spread_ranges(pairs.use_start[rather], pairs.use_start[rather + 1])
    of = np.repeat(np.arange(len(rather)), pairs.use_start[rather + 1] - pairs.use_start[rather])
    resource = pairs.resource[uses].astype(np.int64)
    held = _Held(pairs, choice).at_least(resource, pairs.value[rather][of])
    refused = pairs.use[uses] > pairs.capacity[resource] - held
    blocks = np.bincount(of[refused], minlength=len(rather)) == 0
    return project, rather[blocks]
