"""Numbers as people write them: 200, 1.5万, 两百来, 一百五六十, 三五, twenty-five, 15k."""

from __future__ import annotations

import re
from typing import NamedTuple

_UNITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4}
_UNITS |= {"五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALE = {"百": 100.0, "千": 1e3, "k": 1e3, "万": 1e4, "w": 1e4, "亿": 1e8}
_TO_TWENTY = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_ENGLISH = {word: value for value, word in enumerate(_TO_TWENTY.split(" "), start=1)} | {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_BIG = {"hundred": 100, "thousand": 1000, "dozen": 12}

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,12})(?:\.[0-9]{1,4})?(?![0-9]|[.,][0-9])"
_SCALED = (
    rf"{_DIGITS}(?:\s?(?:[百千万亿]|[kw](?![a-z0-9]))"
    r"(?:[1-9](?![0-9.,个人名位月年号日平㎡m元块])[百千]?)?)?"
)
_HAN = (
    r"[零〇一二两俩三四五六七八九十百千万半]"
    r"(?:(?!(?<=[万千百])一(?:个月|平|天|年))[零〇一二两三四五六七八九十百千万亿]){0,11}"
    r"(?:点[零一二三四五六七八九]{1,4}万?)?"
)
_WORDS = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_EN = (
    rf"(?:(?:{_WORDS})(?:[ -](?:{_WORDS}))?|an?(?= (?:dozen|hundred|thousand)\b))"
    r"(?: (?:hundred|thousand|dozen))?(?![a-z])"
)
NUMBER = (
    r"(?<![0-9a-z几第零〇一二两三四五六七八九十百千万.])(?!(?<=[上数])[十百千万])"
    rf"(?:{_SCALED}|{_HAN}|{_EN})(?:[多余来几](?!年))?"
)
"""A pattern without groups; `read_number` reads what it matches."""


class Amount(NamedTuple):
    """A number, or the range that its words leave open; `about` where they say so."""

    low: float
    high: float
    about: bool = False

    @property
    def middle(self) -> float:
        """The value halfway."""
        return (self.low + self.high) / 2


def _below_ten_thousand(text: str) -> float | None:
    """Read 二百五十, 两千五 (2500), 一百零五; None for what is no number."""
    total, digit, last, zero = 0, -1, 10_000, False
    for character in text:
        if character in _TENS:
            unit = _TENS[character]
            if unit >= last or digit == 0:
                return None
            total += (1 if digit < 0 else digit) * unit
            digit, last, zero = -1, unit, False
        elif character in "零〇":
            if digit >= 0 or zero:
                return None
            zero = True
        elif digit >= 0:
            return None
        else:
            digit = _UNITS[character]
    if digit >= 0:
        short = 100 <= last < 10_000 and not zero
        total += digit * (last // 10 if short else 1)
    return float(total)


def _whole_han(text: str) -> float | None:
    """Read a Chinese whole number, 一万五 being 15,000."""
    head, wan, tail = text.partition("万")
    if not wan:
        return _below_ten_thousand(text)
    left = _below_ten_thousand(head) if head else 1.0
    if left is None:
        return None
    if not tail:
        return left * 10_000
    if len(tail) == 1 and tail in _UNITS and tail not in "零〇":
        return left * 10_000 + _UNITS[tail] * 1000
    right = _below_ten_thousand(tail) if "万" not in tail and "亿" not in tail else None
    return None if right is None else left * 10_000 + right


def _han(text: str) -> tuple[float, float] | None:
    """Read a Chinese number; two neighbouring digits (五六) leave a range open."""
    if text == "半":
        return 0.5, 0.5
    if "半" in text:
        return None
    whole, point, part = text.partition("点")
    if point:
        scale = 1e4 if part.endswith("万") else 1.0
        base = _whole_han(whole)
        digits = "".join(str(_UNITS[c]) for c in part.rstrip("万"))
        value = None if base is None else (base + float(f"0.{digits}")) * scale
        return None if value is None else (value, value)
    for i in range(len(text) - 1):
        a, b = _UNITS.get(text[i], 0), _UNITS.get(text[i + 1], 0)
        if a and b:
            if b != a + 1 and (a, b) != (3, 5):
                return None
            low = _whole_han(text[:i] + text[i] + text[i + 2 :])
            high = _whole_han(text[:i] + text[i + 1 :])
            return None if low is None or high is None else (low, high)
    value = _whole_han(text)
    return None if value is None else (value, value)


def _digits(text: str) -> float | None:
    found = re.match(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s?([百千万亿kw]?)([1-9]?)([百千]?)", text)
    if found is None or found.end() != len(text):
        return None
    value = float(found[1].replace(",", ""))
    if not found[2]:
        return value
    scale = _SCALE[found[2]]
    rest = float(found[3] or 0) * (_SCALE[found[4]] if found[4] else scale / 10)
    return value * scale + rest


def _english(text: str) -> float | None:
    value, times = 0.0, 1.0
    for word in re.split(r"[ -]", text):
        if word in _BIG:
            times *= _BIG[word]
        elif word in _ENGLISH:
            value += _ENGLISH[word]
        elif word not in ("a", "an"):
            return None
    return (value or 1.0) * times


def _place(value: float) -> float:
    """Return the place of the last digit that is not nought: 200 → 100, 150 → 10."""
    whole, place = int(value), 1
    while whole and whole % 10 == 0:
        whole, place = whole // 10, place * 10
    return float(place)


def read_number(text: str) -> Amount | None:
    """Read what `NUMBER` matched; None where its characters make no number.

    两百多 leaves 200 to 300 open, 十几 10 to 20, 三五 3 to 5; 两百来 is about 200.
    """
    text = text.strip()
    suffix = text[-1:] if text[-1:] in "多余来几" else ""
    body = text[: len(text) - len(suffix)]
    if not body:
        return None
    if body[0].isdigit():
        value = _digits(body)
        span = None if value is None else (value, value)
    elif body[0].isascii():
        value = _english(body)
        span = None if value is None else (value, value)
    else:
        span = _han(body)
    if span is None:
        return None
    low, high = span
    if suffix and suffix != "来":
        high += _place(high)
    return Amount(low, high, suffix == "来")
