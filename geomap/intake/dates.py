"""Days and moments, as people and spreadsheets write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from geomap.domain.words import Label
from geomap.intake.values import BadValueError, Cell, Parsed, as_text, require_no_formula_error

CITY_TIME = ZoneInfo("Asia/Shanghai")
EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial numbers (from March 1900 on)."""

_FIRST, _LAST = date(1950, 1, 1), date(2100, 12, 31)
_YMD = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?号?")
_YM = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_Y = re.compile(r"(\d{4})\s*年?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"[T\s](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$", re.I)


def _bad(text: str) -> BadValueError:
    return BadValueError(
        "not_a_date",
        Label("不是日期", "not a date"),
        Label("写成 2026-03-01", "write it as 2026-03-01"),
    )


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise _bad(text) from None
    if not _FIRST <= found <= _LAST:
        raise _bad(text)
    return found


def _from_serial(number: float, text: str) -> Parsed:
    whole = int(number)
    if not 18_264 <= whole <= 73_415:
        raise _bad(text)
    day = EXCEL_EPOCH + timedelta(days=whole)
    return Parsed(day, Label("由 Excel 序号换算", "from a spreadsheet's serial number"), "serial")


def _is_serial(cell: Cell) -> bool:
    numeric = isinstance(cell, int | float) and not isinstance(cell, bool)
    return numeric and 10_000 <= float(cell or 0) < 100_000


def parse_day(cell: Cell, unit: str = "") -> Parsed:
    """Read a day: 2026-03-01, 2026/3/1, 2026年3月1日, 20260301, or a spreadsheet's serial.

    A month alone is its first day, a year alone its 1 January; both are noted. "3/1/2026"
    is refused, since it may be March or January.
    """
    text = as_text(cell)
    require_no_formula_error(text)
    if _is_serial(cell):
        return _from_serial(float(text), text)
    body = _TIME.sub("", text)
    if match := _YMD.fullmatch(body) or _COMPACT.fullmatch(body):
        year, month, day = (int(group) for group in match.groups())
        return Parsed(_day(year, month, day, text))
    if re.fullmatch(r"\d{5}(\.\d+)?", body):
        return _from_serial(float(body), text)
    if match := _YM.fullmatch(body):
        first = _day(int(match.group(1)), int(match.group(2)), 1, text)
        return Parsed(first, Label("只有年月，取 1 日", "no day: the 1st is taken"), "no_day")
    if match := _Y.fullmatch(body):
        first = _day(int(match.group(1)), 1, 1, text)
        note = Label("只有年份，取 1 月 1 日", "a year alone: 1 January is taken")
        return Parsed(first, note, "no_month")
    raise _bad(text)


def parse_data_day(cell: Cell, unit: str = "") -> Parsed:
    """Read the day that data is of as ISO text; a month or a year alone stays one: 2026-03."""
    parsed = parse_day(cell)
    length = {"no_day": 7, "no_month": 4}.get(parsed.code, 10)
    return Parsed(parsed.value.isoformat()[:length])


def parse_moment(cell: Cell, unit: str = "") -> Parsed:
    """Read a moment in UTC; without a zone it is China's time, a day alone its midnight."""
    text = as_text(cell)
    day = parse_day(cell)
    match = _TIME.search(text)
    if match is None:
        part = float(text) % 1.0 if day.code == "serial" else 0.0
        moment = datetime(day.value.year, day.value.month, day.value.day, tzinfo=CITY_TIME)
        moment += timedelta(seconds=round(part * 86_400))
        return Parsed(moment.astimezone(UTC), day.note, day.code)
    hour, minute, second, zone = match.groups()
    offset = (zone or "").upper().replace("Z", "+00:00")
    stamp = f"{day.value.isoformat()}T{int(hour):02d}:{minute}:{second or '00'}{offset}"
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        raise _bad(text) from None
    return Parsed((moment if moment.tzinfo else moment.replace(tzinfo=CITY_TIME)).astimezone(UTC))
