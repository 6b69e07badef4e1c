"""Columns gathered from the record some rows at a time, for tables of a million rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.catalog import convert as v
from geomap.catalog.columns import I8, TextColumn

Take = Callable[[Sequence[Any]], Any]


class Codes(dict[Any, int]):
    """From values to numbers, each value worked out once, by `find`."""

    def __init__(self, find: Callable[[Any], int]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, value: Any) -> int:
        code = self[value] = self._find(value)
        return code


def rows_by(places: dict[str, int]) -> Take:
    """Return what turns ids into their rows, -1 where there is none."""
    codes = Codes(lambda value: places.get(value, -1))
    codes.update(places)
    return lambda values: np.fromiter(map(codes.__getitem__, values), np.int32, len(values))


def words_by(words: Sequence[str]) -> Take:
    """Return what turns words into their place in `words`; others and None into -1."""
    codes = Codes(lambda value: int(v.to_codes([value], words)[0]))
    return lambda values: np.fromiter(map(codes.__getitem__, values), np.int8, len(values))


def tri_values(values: Sequence[Any]) -> NDArray[np.int8]:
    """Turn yes, no or None into 1, 0 or -1."""
    codes = {None: -1, 0: 0, 1: 1}
    return np.fromiter(map(codes.__getitem__, values), np.int8, len(values))


def numbers_as(dtype: type[np.floating[Any]]) -> Take:
    """Return what turns numbers into floats; None becomes NaN."""
    return lambda values: np.array(values, dtype=np.float64).astype(dtype)


def whole_numbers(values: Sequence[Any]) -> NDArray[np.int32]:
    """Turn whole numbers into int32; None becomes -1."""
    numbers = np.array(values, dtype=np.float64)
    numbers[np.isnan(numbers)] = -1
    return numbers.astype(np.int32)


_HOUR = len("2026-03-01 09")


def days_by_text() -> Take:
    """Return what turns dates or moments into days, each day or hour worked out once.

    A moment as the embedded record keeps it is text in UTC: its day in Wenzhou depends on
    its hour alone.
    """
    codes = Codes(lambda value: int(v.to_days([value])[0]))

    def days(values: Sequence[Any]) -> NDArray[np.int32]:
        try:
            texts = [value and value[:_HOUR] for value in values]
        except TypeError:  # another driver gives dates and moments
            return v.to_days(values)
        return np.fromiter(map(codes.__getitem__, texts), np.int32, len(values))

    return days


class Texts:
    """A text column that grows."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._lengths: list[NDArray[np.int32]] = []

    def add(self, texts: Sequence[str | None]) -> None:
        """Add texts; None becomes the empty text."""
        plain = [text or "" for text in texts]
        whole = "".join(plain)
        blob = whole.encode()
        parts: Iterable[str | bytes] = plain
        if len(blob) != len(whole):
            parts = map(str.encode, plain)
        self._parts.append(blob)
        self._lengths.append(np.fromiter(map(len, parts), np.int32, len(plain)))

    def column(self) -> TextColumn:
        """Return all of it."""
        lengths = np.concatenate([np.zeros(1, dtype=np.int32), *self._lengths])
        return TextColumn(
            np.frombuffer(b"".join(self._parts), dtype=np.uint8),
            np.cumsum(lengths, dtype=np.int64),
        )


def reorder_texts(column: TextColumn, order: I8) -> TextColumn:
    """Return the rows of a text column in another order."""
    lengths = np.diff(column.offsets)[order]
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    shift = (column.offsets[order] - offsets[:-1]).repeat(lengths)
    return TextColumn(column.blob[np.arange(offsets[-1]) + shift], offsets)


def gather(
    chunks: Iterable[list[tuple[Any, ...]]], takes: Sequence[Take | None]
) -> list[NDArray[Any] | TextColumn]:
    """Return whole columns of chunks of rows; where there is no `take`, it is a text."""
    grown: list[Any] = [Texts() if take is None else [] for take in takes]
    for chunk in chunks:
        for take, values, held in zip(takes, chunk, grown, strict=True):
            if take is None:
                held.add(values)
            else:
                held.append(take(values))
    return [
        held.column() if take is None else (np.concatenate(held) if held else np.asarray(take(())))
        for take, held in zip(takes, grown, strict=True)
    ]
