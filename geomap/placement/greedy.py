"""First come, first served: the baseline that an allocation has to beat."""

from __future__ import annotations

import numpy as np

from geomap.placement.kernels import give_in_order
from geomap.placement.pairs import I8, Allocation, Pairs


def solve_greedy(pairs: Pairs, order: I8) -> Allocation:
    """Return what projects get that choose one after the other.

    Parameters
    ----------
    pairs
        The pairs; each project takes its best one that is still free.
    order
        Rows of the projects, first come first, each at most once; the others get nothing.

    Returns
    -------
    Allocation
        Without a bound: nothing is proven of it.
    """
    rows = np.ascontiguousarray(order, dtype=np.int64)
    choice = give_in_order(
        rows, pairs.start, pairs.use_start, pairs.resource, pairs.use, pairs.capacity.copy()
    )
    return Allocation(choice, value_of(pairs, choice), None, False)


def value_of(pairs: Pairs, choice: I8) -> int:
    """Return the sum of the chosen pairs' values."""
    return int(pairs.value[choice[choice >= 0]].sum())
