"""Floor areas: 200平左右, 100-150㎡, 两百多平, 半亩, at least 80 sqm."""

from __future__ import annotations

import re

from geomap.domain.words import Label
from geomap.matching.sentence.ledger import Ledger
from geomap.matching.sentence.limits import AFTER, BEFORE, LINK, RANGE, bound_of
from geomap.matching.sentence.numbers import NUMBER, Amount, read_number

AROUND = 0.2
"""A bare or rough area stands for this share more or less: 200 is 160 to 240 m²."""
M2_PER_MU = 2000 / 3
M2_PER_SQUARE_FOOT = 0.09290304
LEAST_M2, MOST_M2 = 3.0, 1_000_000.0

M2 = (
    r"(?:个平方米?|个平(?!台|均)|平方米|平方公尺|平方(?!公里|千米)|平米"
    r"|平(?!方(?:公里|千米)|阳(?!光|台|面)|台|均|时|安|整|面|常|价|行|等|稳|静)"
    r"|方(?!便|案|式|向|面|法|程|块|圆|形|米|公|可|能|才)|㎡|m2|m\^2|sqm"
    r"|sq\.? ?m(?:et(?:er|re)s?)?(?![a-z])|square (?:met(?:er|re)s?)(?![a-z]))"
)
_MU = r"(?:亩地?|mu(?![a-z]))"
_FEET = r"(?:sq\.? ?ft|sqft|square (?:feet|foot))"
_UNIT = rf"(?:{M2}|{_MU}|{_FEET})"
_AREA = re.compile(
    rf"(?:(?:使用|建筑|总|合计)?面积{LINK}|(?<![a-z])area[ :of]{{0,4}}|between )?"
    rf"(?P<pre>{BEFORE})?\s?(?P<a>{NUMBER})\s?{_UNIT}?"
    rf"(?:{RANGE}(?P<b>{NUMBER}))?\s?(?P<unit>{_UNIT})\s?(?:的?(?P<suf>{AFTER}))?"
)
_BARE = re.compile(
    rf"面积{LINK}(?P<pre>{BEFORE})?\s?(?P<a>{NUMBER})(?:{RANGE}(?P<b>{NUMBER}))?"
    rf"\s?(?P<suf>{AFTER})?(?![0-9a-z个人元块万])"
)
_PART_OF = re.compile(
    r"(?:(?:人均|每人|每个人|平均|(?<![a-z])per (?:head|person))[\s约大概要]{0,4}"
    r"|(?:其中|including)[^,。;.]{0,8})$"
)


def _span(amount: Amount, other: Amount | None, bound: str) -> tuple[float | None, float | None]:
    """Return least and greatest area for figures and their bound, in their own unit."""
    if other is not None:
        return min(amount.low, other.low), max(amount.high, other.high)
    if bound == "max":
        return None, amount.high
    if bound == "min":
        return amount.low, None
    if amount.high > amount.low:
        return amount.low, amount.high
    return amount.low * (1 - AROUND), amount.low * (1 + AROUND)


def _factor(unit: str) -> float:
    if "亩" in unit or unit == "mu":
        return M2_PER_MU
    return M2_PER_SQUARE_FOOT if "f" in unit else 1.0


def _both(found: re.Match[str]) -> tuple[Amount, Amount | None] | None:
    first = read_number(found["a"])
    other = read_number(found["b"]) if found["b"] else None
    if first is None or (found["b"] and other is None):
        return None
    if other is not None and first.high > other.high and found["a"].isdigit():
        return None
    return first, other


def area_label(low: float | None, high: float | None) -> Label:
    """Say an area range."""
    if low is None:
        return Label(f"面积 ≤ {high:g} ㎡", f"Area ≤ {high:g} m²")
    if high is None:
        return Label(f"面积 ≥ {low:g} ㎡", f"Area ≥ {low:g} m²")
    return Label(f"面积 {low:g}–{high:g} ㎡", f"Area {low:g}–{high:g} m²")


def find_areas(ledger: Ledger) -> None:
    """Note every floor area of the text."""
    for pattern in (_AREA, _BARE):
        for found in pattern.finditer(ledger.text):
            start, end = found.span()
            read = _both(found)
            if read is None or not ledger.is_free(start, end):
                continue
            if _PART_OF.search(ledger.text, max(0, start - 12), start):
                ledger.ignore(start, end, "no_field")
                continue
            factor = _factor(found["unit"]) if pattern is _AREA else 1.0
            ends = _span(*read, bound_of(found["pre"], found["suf"]))
            low, high = (None if x is None else round(x * factor, 1) for x in ends)
            if not all(x is None or LEAST_M2 <= x <= MOST_M2 for x in (low, high)):
                ledger.ignore(start, end, "absurd")
                continue
            value = {k: v for k, v in (("min", low), ("max", high)) if v is not None}
            ledger.add(start, end, "area_m2", value, area_label(low, high))
