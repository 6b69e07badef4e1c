"""Tighter rules for what is given in parts: desks, and square metres of divisible units.

Two thirds of a workshop and two thirds cannot both be given, though a relaxation would give
half of each. A function φ of the part with φ(a) + φ(b) ≤ φ(a + b) makes another rule that all
allocations keep: Σ φ(part) ≤ φ(whole). Those of Carlier, Clautiaux and Moukrim (2007) round
to multiples of λ, those of Martello and Toth (1990) leave out what is smaller than ε and
count what leaves less than ε as the whole (both in Alves, Clautiaux, Valério de Carvalho and
Rietz, 2016, "Dual-Feasible Functions"). A rule is added as one more resource, so that prices,
slacks and proofs treat it like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geomap.placement.blocking import spread_ranges
from geomap.placement.pairs import I8, Pairs

F8 = NDArray[np.float64]
_PARTS = 5
"""Parts of a unit are looked at down to this share of what is left of it."""
_LEAST = 1e-3
"""A rule is worth having that is broken by this share of its capacity."""
_A_ROUND = 2
"""Rules added to one resource at a time."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A rule on one resource: rounded to multiples of `size`, or without what is smaller."""

    resource: int
    size: int
    rounded: bool

    def values(self, use: I8, capacity: int) -> I8:
        """Return φ of parts of a resource, shape as `use`; φ of the whole is its capacity."""
        if self.rounded:
            less = 2 * (use // self.size)
            more = 2 * (capacity // self.size - (capacity - use) // self.size)
            half = np.where(2 * use > capacity, more, capacity // self.size)
            return np.where(2 * use < capacity, less, half)
        kept = np.where(use > capacity - self.size, capacity, use)
        return np.where(use < self.size, 0, kept)


def _sizes(parts: I8, capacity: int) -> Iterator[tuple[int, bool]]:
    """Give the sizes at which a rule can change for these parts."""
    lengths = np.unique(np.concatenate([parts, capacity - parts]))
    shares = np.arange(1, _PARTS + 1)
    rounded = np.concatenate([(lengths[:, None] // shares).ravel(), capacity // (shares + 1) + 1])
    for size in np.unique(rounded[(rounded > 1) & (2 * rounded <= 2 * capacity)]):
        yield int(size), True
    for size in np.unique(parts[2 * parts <= capacity]):
        yield int(size), False


def find_cuts(pairs: Pairs, taken: I8, share: F8, known: frozenset[Cut]) -> list[Cut]:
    """Return rules that a relaxation breaks most, those of each resource together.

    Parameters
    ----------
    pairs
        The pairs as they are given, without rules.
    taken, share
        Pairs that the relaxation takes, and how much of each, in 0…1.
    known
        Rules that are there already.
    """
    first, end = pairs.use_start[taken], pairs.use_start[taken + 1]
    uses = spread_ranges(first, end)
    much = np.repeat(share, end - first)
    resource, use = pairs.resource[uses], pairs.use[uses]
    broken = np.unique(resource[(pairs.capacity[resource] > 1) & (much < 1.0)])
    cuts: list[Cut] = []
    for r in broken.tolist():
        mine = resource == r
        parts, shares, capacity = use[mine], much[mine], int(pairs.capacity[r])
        found = []
        for size, rounded in _sizes(parts, capacity):
            cut = Cut(r, size, rounded)
            whole = int(cut.values(np.array([capacity]), capacity)[0])
            over = float(cut.values(parts, capacity) @ shares) / whole - 1.0
            if over > _LEAST and cut not in known:
                found.append((-over, size, rounded, cut))
        cuts += [cut for *_, cut in sorted(found, key=lambda one: one[:3])[:_A_ROUND]]
    return cuts


class Parts:
    """The uses of resources that are given in parts, by resource."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs
        self._pair = np.repeat(np.arange(len(pairs.value)), np.diff(pairs.use_start))
        rows = np.flatnonzero(pairs.capacity[pairs.resource] > 1)
        self._rows = rows[np.argsort(pairs.resource[rows], kind="stable")]
        self._of = pairs.resource[self._rows]

    def with_cuts(self, cuts: list[Cut]) -> Pairs:
        """Return the pairs with one more resource for each rule, in their order."""
        pairs, count = self._pairs, len(self._pairs.capacity)
        rows, use, resource, capacity = [], [], [], []
        for k, cut in enumerate(cuts):
            whole = int(pairs.capacity[cut.resource])
            first, end = np.searchsorted(self._of, [cut.resource, cut.resource + 1])
            mine = self._rows[first:end]
            value = cut.values(pairs.use[mine], whole)
            rows.append(self._pair[mine[value > 0]])
            use.append(value[value > 0])
            resource.append(np.full(int((value > 0).sum()), count + k, dtype=np.int32))
            capacity.append(int(cut.values(np.array([whole]), whole)[0]))
        if not cuts:
            return pairs
        return _append(
            replace(pairs, capacity=np.concatenate([pairs.capacity, np.array(capacity)])),
            np.concatenate(rows), np.concatenate(resource), np.concatenate(use),
        )  # fmt: skip


def _append(pairs: Pairs, rows: I8, resource: NDArray[np.int32], use: I8) -> Pairs:
    """Return pairs that use more resources, given as pair, resource and use."""
    order = np.argsort(rows, kind="stable")
    more = np.bincount(rows, minlength=len(pairs.value))
    start = pairs.use_start + np.concatenate([[0], np.cumsum(more)])
    lengths = np.diff(pairs.use_start)
    old, new = (
        spread_ranges(start[:-1], start[:-1] + lengths),
        spread_ranges(start[:-1] + lengths, start[1:]),
    )
    resources = np.empty(start[-1], dtype=np.int32)
    uses = np.empty(start[-1], dtype=np.int64)
    resources[old], uses[old] = pairs.resource, pairs.use
    resources[new], uses[new] = resource[order], use[order]
    return replace(pairs, use_start=start, resource=resources, use=uses)
