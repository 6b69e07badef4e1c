"""An allocation in which no project and place would both rather have each other.

Project and place weigh a pair by the same value, so that all pairs stand in one order. Then
giving the best pair that is free, again and again, is stable, and but for ties the only
stable allocation (Abraham, Levavi, Manlove and O'Malley, 2008, "The stable roommates problem
with globally ranked pairs"; Ackermann and others, 2011, for markets that agree). It holds
with capacities and with pairs that need several units: what refuses a pair is held by pairs
that came before it, none of which is worth less.
"""

from __future__ import annotations

import numpy as np

from geomap.placement.greedy import value_of
from geomap.placement.kernels import give_best_first
from geomap.placement.pairs import I8, Allocation, Pairs


def no_keeps(pairs: Pairs) -> I8:
    """Return that nothing is to be kept, shape (n,)."""
    return np.full(len(pairs), -1, dtype=np.int64)


def solve_stable(pairs: Pairs, *, keep: I8 | None = None) -> Allocation:
    """Return the stable allocation.

    Parameters
    ----------
    pairs
        The pairs.
    keep
        Pair of an earlier allocation that goes before others of the same value, -1 for
        none, shape (n,). Remaining ties go to the project that comes first, then to its
        pair that comes first.

    Returns
    -------
    Allocation
        Without a bound. `proven` says that it is stable also among the pairs that were left
        out of the list: everybody has something at least as good as those.
    """
    kept = no_keeps(pairs) if keep is None else np.ascontiguousarray(keep, dtype=np.int64)
    choice = give_best_first(
        kept, pairs.start, pairs.value, pairs.use_start, pairs.resource, pairs.use,
        pairs.capacity.copy(),
    )  # fmt: skip
    own = (
        np.where(choice >= 0, pairs.value[choice], 0) if len(pairs.value) else np.zeros_like(choice)
    )
    proven = bool(np.all(own >= pairs.rest))
    return Allocation(choice, value_of(pairs, choice), None, proven)
