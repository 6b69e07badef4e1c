"""The days that windows, spans and holidays stand for."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

SPRING_FESTIVAL = {
    2026: (2, 17),
    2027: (2, 6),
    2028: (1, 26),
    2029: (2, 13),
    2030: (2, 3),
    2031: (1, 23),
    2032: (2, 11),
    2033: (1, 31),
    2034: (2, 19),
    2035: (2, 8),
}
"""First day of the lunar year (农历正月初一) by year."""
FESTIVAL_DAYS = 7
HOLIDAYS = {"元旦": (1, 1, 3), "五一": (5, 1, 5), "劳动节": (5, 1, 5), "国庆": (10, 1, 7)}
"""Month, day, and how many days the holiday lasts."""


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day, None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_of(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def plus_months(start: date, months: float) -> date | None:
    """Return the same day so many months on, or the last of that month."""
    whole = int(months)
    year, month = divmod(start.year * 12 + start.month - 1 + whole, 12)
    if year > 9990:
        return None
    day = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    return day + timedelta(days=round((months - whole) * 30))


def begun(first: date, last: date, today: date) -> date:
    """Return the first day of a window, or today inside it."""
    return today if first < today <= last else first


def in_month(year: int, month: int, part: str, today: date) -> date | None:
    """Return the day that a month, or its 初, 中 or 底, stands for."""
    if not (1 <= month <= 12 and 1 <= year <= 9999):
        return None
    if part == "下旬" or part[-1:] in tuple("底末尾"):
        return last_of(year, month)
    if "中" in part:
        return date(year, month, 15)
    first = date(year, month, 1)
    return first if part else begun(first, last_of(year, month), today)


def after_span(today: date, value: float, unit: str) -> date | None:
    """Return the day after so many days, weeks, months or years."""
    if not 0 < value <= 1000:
        return None
    if unit[0] in "天日d":
        return today + timedelta(days=round(value))
    if unit[0] in "周星礼w":
        return today + timedelta(days=round(7 * value))
    return plus_months(today, value * (12 if unit[0] in "年y" else 1))


def holiday(name: str, year: int, *, when: str) -> date | None:
    """Return the first day of a holiday, the first one after it, or the one before.

    Parameters
    ----------
    name
        A key of `HOLIDAYS`; anything else is the Spring Festival.
    year
        Which year's.
    when
        "after", "before" or "".
    """
    month, day, days = HOLIDAYS.get(name, (*SPRING_FESTIVAL.get(year, (0, 0)), FESTIVAL_DAYS))
    first = day_of(year, month, day)
    step = {"after": days, "before": -1}.get(when, 0)
    return None if first is None else first + timedelta(days=step)


def next_holiday(name: str, today: date, *, when: str) -> date | None:
    """Return the same of the next such holiday that is not past."""
    days = (holiday(name, year, when=when) for year in (today.year, today.year + 1))
    return next((day for day in days if day is not None and day >= today), None)
