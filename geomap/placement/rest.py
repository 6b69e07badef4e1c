"""What is left to solve once pins are taken out, and what of it was held before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geomap.placement.book import Book
from geomap.placement.held import left_of
from geomap.placement.pairs import I8, Allocation, Pairs


@dataclass(frozen=True, slots=True)
class Rest:
    """The pairs that are left, and which of the book each is, shape (k,); `pins` are pairs of
    the book, -1 for none, shape (n,), worth `value` together.
    """

    pairs: Pairs
    index: I8
    pins: I8
    value: int

    def whole(self, allocation: Allocation) -> Allocation:
        """Return an allocation of the rest as one of the book, with the pins."""
        choice = self.pins.copy()
        given = allocation.choice >= 0
        choice[given] = self.index[allocation.choice[given]]
        bound = None if allocation.bound is None else allocation.bound + self.value
        return replace(allocation, choice=choice, value=allocation.value + self.value, bound=bound)

    def narrowed(self, choice: I8) -> I8:
        """Return a choice of pairs of the book as one of the rest, without the pins."""
        place = np.full(int(self.index.max(initial=-1)) + 2, -1, dtype=np.int64)
        place[self.index] = np.arange(len(self.index))
        free = (choice >= 0) & (self.pins < 0)
        return np.where(free, place[np.where(free, choice, -1)], -1)


def rest_of(book: Book) -> Rest:
    """Return what is left: no pairs of pinned projects, nor any that ask more than is left."""
    pairs, pins = book.pairs, book.pinned
    capacity = left_of(pairs, pins)
    counts = np.diff(pairs.start)
    kept = np.repeat(pins < 0, counts)
    if len(kept):
        enough = pairs.use <= capacity[pairs.resource]
        kept &= np.logical_and.reduceat(enough, pairs.use_start[:-1])
    return Rest(
        pairs=_kept(pairs, kept, capacity, pins),
        index=np.flatnonzero(kept),
        pins=pins,
        value=int(pairs.value[pins[pins >= 0]].sum()),
    )


def _kept(pairs: Pairs, kept: np.ndarray, capacity: I8, pins: I8) -> Pairs:
    lengths = np.diff(pairs.use_start)
    used = np.repeat(kept, lengths)
    project = np.repeat(np.arange(len(pairs)), np.diff(pairs.start))
    counts = np.bincount(project[kept], minlength=len(pairs))
    return Pairs(
        start=_starts(counts),
        value=pairs.value[kept],
        use_start=_starts(lengths[kept]),
        resource=pairs.resource[used],
        use=pairs.use[used],
        capacity=capacity,
        rest=np.where(pins >= 0, 0, pairs.rest),
    )


def _starts(counts: np.ndarray) -> I8:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def find_keeps(book: Book, rest: Rest) -> I8:
    """Return the pair of the rest that each project held before, -1 for none, shape (n,).

    A place that is no longer there, or no longer fits, is not kept.
    """
    return rest.narrowed(kept_pairs(book))


def kept_pairs(book: Book) -> I8:
    """Return the pair of the book that each project held before, -1 for none, shape (n,)."""
    units = book.prepared.catalog.units.id
    found = np.full(len(book.projects), -1, dtype=np.int64)
    for row, project in enumerate(book.projects):
        wanted = sorted(units.find(unit) for unit in book.policy.keep.get(project.id, ()))
        if not wanted or wanted[0] < 0:
            continue
        span = book.span(row)
        near = span.start + np.flatnonzero(np.isin(book.row[span], wanted))
        same = (pair for pair in near.tolist() if sorted(book.members(pair)) == wanted)
        found[row] = next(same, -1)
    return found
