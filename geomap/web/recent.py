"""The few values used last, within a number and a size."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Keeps the values used last; what was not used for longest goes first.

    Parameters
    ----------
    most
        How many values are kept.
    most_bytes
        How large they may be together; one value is kept whatever its size.
    """

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._lock = threading.RLock()
        self._values: OrderedDict[Hashable, tuple[tuple[Any, ...], T, int]] = OrderedDict()

    def __len__(self) -> int:
        """Return how many values are kept."""
        return len(self._values)

    def get(
        self,
        key: Hashable,
        made_of: tuple[Any, ...],
        make: Callable[[], T],
        size_of: Callable[[T], int],
    ) -> T:
        """Return the value of a key, made by one thread while the others wait.

        Parameters
        ----------
        key
            Name of the value.
        made_of
            Objects it rests on, compared by identity: where one is another, it is made anew.
        make
            Makes it.
        size_of
            Its size, bytes.
        """
        with self._lock:
            found = self._values.get(key)
            if found is not None and _same(found[0], made_of):
                self._values.move_to_end(key)
                return found[1]
            value = make()
            self._values[key] = (made_of, value, size_of(value))
            self._values.move_to_end(key)
            while len(self._values) > 1 and self._too_many():
                self._values.popitem(last=False)
            return value

    def _too_many(self) -> bool:
        size = sum(size for _, _, size in self._values.values())
        return len(self._values) > self._most or size > self._most_bytes


def _same(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    return len(left) == len(right) and all(a is b for a, b in zip(left, right, strict=True))
