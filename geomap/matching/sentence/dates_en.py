"""Days of moving in as English says them: in March, Q2 2027, by the end of the year."""

from __future__ import annotations

import re
from datetime import date, timedelta

from geomap.matching.sentence import calendar_days as c
from geomap.matching.sentence.dates import note_date
from geomap.matching.sentence.ledger import Ledger
from geomap.matching.sentence.numbers import NUMBER, read_number

_ALL_MONTHS = (
    "january february march april may june july august september october november december"
)
_NAMES = _ALL_MONTHS.split(" ")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?(?![0-9a-z])"
_LEAD = r"(?:(?:by|before|from|in|at|until|of|on|since|starting|next|the)\s){0,3}"
_PART = r"(?:(?P<part>end|late|mid|middle|early|beginning)(?: of|-|\s)\s?(?:the\s)?)?"
_MONTHLY = re.compile(
    rf"(?<![a-z])(?P<lead>{_LEAD}){_PART}(?:(?P<d1>{_DAY})(?: of)?\s)?(?P<month>{_MONTH})"
    rf"(?:\s(?P<d2>{_DAY}))?(?:,?\s(?P<year>20[0-9]{{2}})(?![0-9]))?"
)
_RELATIVE = re.compile(
    r"(?<![a-z])(?:(?:by|before|from|in|at|until|starting)\s)?(?P<end>(?:the )?end of )?"
    r"(?P<word>next|this|the)\s(?P<unit>month|week|year)(?![a-z])"
)
_SPAN = re.compile(
    rf"(?<![a-z])(?:with)?in\s(?:the next )?(?P<n>{NUMBER})\s(?P<u>month|week|day|year)s?(?![a-z])"
)
_FESTIVAL = re.compile(
    r"(?<![a-z])(?P<when>after|before)\s(?:the )?"
    r"(?:spring festival|chinese new year|lunar new year|cny)(?![a-z])"
)
_NOW = re.compile(
    r"(?<![a-z])(?:as soon as possible|asap|immediately|right away|right now)(?![a-z])"
)


def _day_number(text: str | None) -> int:
    return int(re.sub("[a-z]", "", text)) if text else 0


def _of_month(found: re.Match[str], today: date) -> date | None:
    word, lead = found["month"], found["lead"]
    bare = not (lead or found["year"] or found["d1"] or found["d2"] or found["part"])
    if bare and word in ("may", "mar", "march", "sep", "dec", "jan"):
        return None
    month = next(i for i, name in enumerate(_NAMES, 1) if name.startswith(word[:3]))
    year = int(found["year"]) if found["year"] else today.year + (month < today.month)
    day = _day_number(found["d1"] or found["d2"])
    if day:
        return c.day_of(year, month, day)
    part = {
        "end": "底",
        "late": "底",
        "mid": "中",
        "middle": "中",
        "early": "初",
        "beginning": "初",
    }
    return c.in_month(year, month, part.get(found["part"] or "", ""), today)


def _relative(found: re.Match[str], today: date) -> date | None:
    step, unit, at_end = int(found["word"] == "next"), found["unit"], bool(found["end"])
    if found["word"] == "the" and not at_end:
        return None
    if unit == "week":
        return today + timedelta(days=7 - today.weekday()) if step else today
    if unit == "month":
        first = c.plus_months(today.replace(day=1), step) or today
        return c.in_month(first.year, first.month, "底" if at_end else "", today)
    year = today.year + step
    return date(year, 12, 31) if at_end else max(date(year, 1, 1), today)


def _span(found: re.Match[str], today: date) -> date | None:
    amount = read_number(found["n"])
    return c.after_span(today, amount.high, found["u"]) if amount else None


def _festival(found: re.Match[str], today: date) -> date | None:
    return c.next_holiday("", today, when=found["when"])


def find_english_dates(ledger: Ledger, today: date) -> None:
    """Note every day of moving in that is written in English."""
    for pattern, build in (
        (_SPAN, _span),
        (_MONTHLY, _of_month),
        (_RELATIVE, _relative),
        (_FESTIVAL, _festival),
        (_NOW, lambda found, day: day),
    ):
        for found in pattern.finditer(ledger.text):
            start, end = found.span()
            day = build(found, today) if ledger.is_free(start, end) else None
            if day is not None:
                note_date(ledger, start, end, day, today)
