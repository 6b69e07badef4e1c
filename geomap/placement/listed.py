"""The pairs of one project: which are kept, and in which order they are preferred."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.columns import F8, I1, I4, I8
from geomap.placement.pins import Pinned


class Listed(NamedTuple):
    """Pairs of a project, columns of shape (k,).

    `place` counts in `Live`: that of the first unit, of `span`. `use` is what is taken of it,
    as its capacity is counted.
    """

    value: I8
    place: I4
    score: F8
    fit: F8
    area_m2: F8
    use: I8
    span: I1

    def at(self, rows: NDArray[np.int64] | slice) -> Listed:
        """Return some of the pairs."""
        return Listed(
            self.value[rows],
            self.place[rows],
            self.score[rows],
            self.fit[rows],
            self.area_m2[rows],
            self.use[rows],
            self.span[rows],
        )

    def find(self, place: int, span: int) -> int:
        """Return which pair starts at a place and has so many units, -1 for none."""
        same = np.flatnonzero((self.place == place) & (self.span == span))
        return int(same[0]) if len(same) else -1

    def with_pin(self, place: int, pin: Pinned) -> Listed:
        """Return the pairs and the pinned one, unless it is among them."""
        if self.find(place, pin.span) >= 0:
            return self
        return Listed(
            np.append(self.value, pin.value),
            np.append(self.place, np.int32(place)),
            np.append(self.score, pin.score),
            np.append(self.fit, pin.fit),
            np.append(self.area_m2, pin.way.area_m2),
            np.append(self.use, pin.way.use[0]),
            np.append(self.span, np.int8(pin.span)),
        )


class Order(NamedTuple):
    """What tells equals apart: the step of each site, whether a project is there already,
    shapes (n_sites,), and the site and unit row of each place, shapes (n_live,).
    """

    step: I1
    home: int
    site: I4
    row: I4

    def of(self, listed: Listed) -> NDArray[np.int64]:
        """Return the order of preference: value, earlier step, score, staying, unit row.

        A margin that is only just reached is not exceeded, so that the earlier step goes
        before the score.
        """
        site = self.site[listed.place]
        keys = (self.row[listed.place], site != self.home, -listed.score, self.step[site])
        return np.lexsort((*keys, -listed.value))


def empty(count: int) -> Listed:
    """Return room for so many pairs."""
    return Listed(
        np.empty(count, dtype=np.int64),
        np.empty(count, dtype=np.int32),
        np.empty(count),
        np.empty(count),
        np.empty(count),
        np.empty(count, dtype=np.int64),
        np.empty(count, dtype=np.int8),
    )


def keep_best(listed: Listed, most: int, order: Order) -> tuple[Listed, int]:
    """Return the best pairs in their order, and what none that is left out is worth more than."""
    count = len(listed.value)
    if count <= most:
        return listed.at(order.of(listed)), 0
    least = np.partition(listed.value, count - most)[count - most]
    near = listed.at(np.flatnonzero(listed.value >= least))
    rest = least if len(near.value) > most else listed.value[listed.value < least].max()
    return near.at(order.of(near)[:most]), int(rest)
