"""Single values of JSON objects, parsed at the edge; each refusal names field and fix."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from geomap.domain.errors import InputError
from geomap.domain.words import Label

Word = TypeVar("Word", bound=StrEnum)
LONGEST_ID = 200


def refuse(field: str, reason: Label, fix: Label) -> InputError:
    """Return the error of a value that cannot be used."""
    return InputError(reason, fix=fix, field=field)


def read_object(
    value: Any, field: str, known: Sequence[str], *, required: bool = False
) -> Mapping[str, Any]:
    """Return a JSON object that has no other fields than the known ones.

    null is an empty object where none is required.
    """
    listed = ", ".join(known)
    if value is None and not required:
        return {}
    if not isinstance(value, dict):
        raise refuse(
            field,
            Label("要一个 JSON 对象", "A JSON object is needed"),
            Label(f"可用的字段：{listed}", f"Its fields: {listed}"),
        )
    for name in value:
        if name not in known:
            shown = str(name)[:60]
            raise refuse(
                shown if field == "body" else f"{field}.{shown}",
                Label(f"没有字段 {shown!r}", f"There is no field {shown!r}"),
                Label(f"可用的字段：{listed}", f"Use of: {listed}"),
            )
    return value


def read_list(value: Any, field: str, most: int) -> Sequence[Any]:
    """Return a list of at most so many items; null is empty."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > most:
        raise refuse(
            field,
            Label(f"要一个不超过 {most:,} 项的列表", f"A list of at most {most:,} items is needed"),
            Label("减少几项，或分几次算", "Give fewer, or ask in parts"),
        )
    return value


def read_number(value: Any, field: str, low: float, high: float) -> float:
    """Return a finite number in low…high."""
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    finite = usable and not (isinstance(value, float) and not math.isfinite(value))
    if not finite or not low <= value <= high:
        raise refuse(
            field,
            Label("这个数不能用", "The number cannot be used"),
            Label(f"给出 {low:g} 到 {high:g} 之间的数", f"Give a number from {low:g} to {high:g}"),
        )
    return float(value)


def read_whole(value: Any, field: str, low: int, high: int) -> int:
    """Return a whole number in low…high."""
    number = read_number(value, field, low, high)
    if not number.is_integer():
        raise refuse(
            field,
            Label("要一个整数", "A whole number is needed"),
            Label(f"给出 {low} 到 {high} 的整数", f"Give a whole number from {low} to {high}"),
        )
    return int(number)


def read_word(value: Any, words: type[Word], field: str) -> Word:
    """Return a word of an enum."""
    if not isinstance(value, str) or value not in list(words):
        listed, shown = ", ".join(words), repr(value)[:60]
        raise refuse(
            field,
            Label(f"不认识 {shown}", f"Unknown value {shown}"),
            Label(f"用其中之一：{listed}", f"Use one of: {listed}"),
        )
    return words(value)


def read_id(value: Any, field: str, what: Label, longest: int = LONGEST_ID) -> str:
    """Return an id; `what` says of what."""
    if not isinstance(value, str) or not 0 < len(value) <= longest or value != value.strip():
        raise refuse(
            field,
            Label(f"要{what.zh}的编号", f"The id of a {what.en} is needed"),
            Label(
                f"写 1 到 {longest} 字的文字，前后没有空格",
                f"Give a text of 1 to {longest} characters without blanks around it",
            ),
        )
    return value
