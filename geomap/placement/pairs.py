"""What projects may be given, as arrays, and an allocation of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

I8 = NDArray[np.int64]
I4 = NDArray[np.int32]
Progress = Callable[[int, int], None]
"""Called with (done, in all); raises `Cancelled` once the answer is not wanted."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of a project and a place, in whole numbers.

    Pair i of project p is ``start[p] <= i < start[p + 1]``, best first: by `value`
    descending, and of equals in the order in which they are to be preferred. It takes
    ``use[j]`` of resource ``resource[j]`` for ``use_start[i] <= j < use_start[i + 1]``; a
    resource is a unit, and has `capacity` (1 where it is given whole or not at all, hundredths
    of m² where it is divisible, desks where they are counted). No pair asks more than the
    capacity. ``rest[p]`` is what no pair that was left out of the list is worth more than, 0
    where none was. Shapes: `start` and `rest` (n + 1,) and (n,); `value` (m,); `use_start`
    (m + 1,); `resource`, `use` (k,); `capacity` (r,). All values are at least 1.
    """

    start: I8
    value: I8
    use_start: I8
    resource: I4
    use: I8
    capacity: I8
    rest: I8

    def __len__(self) -> int:
        """Return the number of projects."""
        return len(self.rest)


@dataclass(frozen=True, slots=True)
class Allocation:
    """Which pair each project is given, -1 for none, shape (n,), and what is proven of it.

    `value` is the sum; no allocation is worth more than `bound`. For a stable allocation
    `bound` is None. `proven` says that nothing better, or more stable, was left out.
    """

    choice: I8
    value: int
    bound: int | None
    proven: bool

    @property
    def gap(self) -> float | None:
        """How far it may be from the best, as a share of the bound."""
        if self.bound is None:
            return None
        return (self.bound - self.value) / self.bound if self.bound else 0.0
