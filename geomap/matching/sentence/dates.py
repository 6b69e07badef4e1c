"""Days of moving in, relative to a given day: 明年三月, 年底, 春节后, 三个月内, 2027-03-01, Q2.

A window (a month, a quarter, a year) stands for its first day, or for today once it has
begun; its end (底, 末, 年内) for its last day, 初 for the 1st, 中 for the 15th; a span
(三个月内, 半年后) for today plus the span.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from geomap.domain.words import Label
from geomap.matching.sentence import calendar_days as c
from geomap.matching.sentence.ledger import Ledger
from geomap.matching.sentence.numbers import NUMBER, read_number

YEARS_AHEAD = 10
_MONTH = r"(?:十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])"
_DAY = (
    r"(?:三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九]"
    r"|3[01]|[12][0-9]|0?[1-9])"
)
_YEAR = (
    r"(?:(?<![0-9])(?P<y>20[0-9]{2}|二[零〇]二[六七八九]|二[零〇]三[零〇一二三四五])年?"
    r"|(?P<rel>今年|本年度?|明年|后年|去年|前年|上年))"
)
_PART = r"(?P<part>月?初|上旬|中旬|月?中(?!试|等|间|心|央|小|型)|下旬|月?底|月?末)?"
_BY = r"(?:之前|以前|前|之后|以后|后|份)?"

Build = Callable[[re.Match[str], date], date | None]


def _number(text: str) -> int:
    amount = read_number(text)
    return int(amount.low) if amount else 0


def _year_of(found: re.Match[str], today: date) -> int | None:
    if found["y"]:
        digits = ("零一二三四五六七八九".find(x) for x in found["y"].replace("〇", "零"))
        return int(found["y"]) if found["y"].isascii() else int("".join(map(str, digits)))
    steps = {"今": 0, "本": 0, "明": 1, "后": 2, "去": -1, "前": -2, "上": -1}
    return today.year + steps[found["rel"][0]] if found["rel"] else None


def _iso(found: re.Match[str], today: date) -> date | None:
    year, month = int(found["iy"]), int(found["im"])
    if found["id"]:
        return c.day_of(year, month, int(found["id"]))
    return c.in_month(year, month, "", today)


def _month(found: re.Match[str], today: date) -> date | None:
    month, year, day = _number(found["mo"]), _year_of(found, today), _number(found["da"] or "")
    if year is None:
        gone = month < today.month or (0 < day < today.day and month == today.month)
        year = today.year + gone
    if day:
        return c.day_of(year, month, day)
    return c.in_month(year, month, found["part"] or "", today)


def _next_month(found: re.Match[str], today: date) -> date | None:
    first = c.plus_months(today.replace(day=1), found["nm"].count("下"))
    if first is None:
        return None
    if found["da"]:
        return c.day_of(first.year, first.month, _number(found["da"]))
    return c.in_month(first.year, first.month, found["part"] or "", today)


def _end_of_month(found: re.Match[str], today: date) -> date | None:
    return c.last_of(today.year, today.month)


def _week(found: re.Match[str], today: date) -> date | None:
    monday = today - timedelta(days=today.weekday())
    day = "一二三四五六日".find((found["wd"] or "一").replace("天", "日"))
    return monday + timedelta(days=7 * found["wk"].count("下") + day)


def _quarter(found: re.Match[str], today: date) -> date | None:
    first_month = 3 * _number(found["q"] or found["q2"]) - 2
    year = int(found["qy"]) if found["qy"] else _year_of(found, today)
    if year is None:
        year = today.year + (first_month + 2 < today.month)
    end = c.last_of(year, first_month + 2)
    return end if found["qe"] else c.begun(date(year, first_month, 1), end, today)


def _half(found: re.Match[str], today: date) -> date | None:
    month, year = 1 if found["h"] == "上" else 7, _year_of(found, today)
    if year is None:
        year = today.year + (month + 5 < today.month)
    return c.begun(date(year, month, 1), c.last_of(year, month + 5), today)


def _year_part(found: re.Match[str], today: date) -> date | None:
    year, part = _year_of(found, today), found["yp"] or ""
    if year is None:
        gone = "初" in part or ("中" in part and today.month > 6)
        year = today.year + gone
    if re.search("[底末尾内]", part):
        return date(year, 12, 31)
    first = date(year, 7 if "中" in part else 1, 1)
    return first if part else c.begun(first, date(year, 12, 31), today)


def _span(found: re.Match[str], today: date) -> date | None:
    amount = read_number(found["n"])
    if amount is None:
        return None
    return c.after_span(today, amount.high + 0.5 * bool(found["half"]), found["u"])


def _festival(found: re.Match[str], today: date) -> date | None:
    words, year = found[0], _year_of(found, today)
    name = next((word for word in c.HOLIDAYS if word in words), "")
    rest = words.replace("后年", "").replace("前年", "") if year else words
    when = "after" if re.search("后|过完", rest) else "before" if "前" in rest else ""
    if year is not None:
        return c.holiday(name, year, when=when)
    return c.next_holiday(name, today, when=when)


def _now(found: re.Match[str], today: date) -> date | None:
    return today


_RULES: tuple[tuple[re.Pattern[str], Build], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (
            r"(?<![0-9])(?P<iy>20[0-9]{2})\s?[-/.]\s?(?P<im>1[0-2]|0?[1-9])"
            r"(?:\s?[-/.]\s?(?P<id>3[01]|[12][0-9]|0?[1-9]))?(?![0-9]|\.[0-9])",
            _iso,
        ),
        (
            rf"(?:{_YEAR}[的\s]?)?(?<![0-9.个十])(?P<mo>{_MONTH})月(?!租|薪|付|供|均)"
            rf"(?:份?(?P<da>{_DAY})[日号]|份?{_PART}){_BY}",
            _month,
        ),
        (
            rf"(?P<nm>下下?个?月|这个?月|本月|当月)(?!租|付|供)"
            rf"(?:(?P<da>{_DAY})[日号]|{_PART}){_BY}",
            _next_month,
        ),
        (rf"(?<![0-9十一二三四五六七八九年个])月[底末]{_BY}", _end_of_month),
        (rf"(?P<wk>下下?个?(?:周|星期|礼拜))(?P<wd>[一二三四五六日天])?{_BY}", _week),
        (
            rf"(?:{_YEAR}的?\s?)?(?:第?(?P<q>[1-4一二三四])季度|(?<![a-z0-9])q(?P<q2>[1-4])"
            rf"(?![0-9a-z]))(?P<qe>末|底)?{_BY}(?:\s?(?:of )?(?P<qy>20[0-9]{{2}})(?![0-9年]))?",
            _quarter,
        ),
        (rf"(?:{_YEAR}的?)?(?P<h>上|下)半年{_BY}", _half),
        (
            rf"(?:{_YEAR}的?)?(?:过完)?(?:春节|过年|元旦|五一|劳动节|国庆节?)(?:假期|放假)?"
            rf"(?:之后|以后|后|之前|以前|前)?",
            _festival,
        ),
        (
            r"(?P<y>)(?P<rel>)(?:过完年(?:之?后)?|节后|"
            r"(?<![0-9十一二三四五六七八九半两几今明去])年[后前](?!轮))",
            _festival,
        ),
        (rf"{_YEAR}(?P<yp>年?(?:初|底|末|尾|中(?!试)|内))(?:之前|以前|前)?", _year_part),
        (
            r"(?<![0-9一两二三四五六七八九十半])(?P<y>)(?P<rel>)(?P<yp>年初|年底|年末|年尾|年中"
            r"|年内)(?:之前|以前|前)?",
            _year_part,
        ),
        (
            rf"(?<![0-9])(?P<y>20[0-9]{{2}}|二[零〇]二[六七八九])年(?P<rel>)(?P<yp>){_BY}",
            _year_part,
        ),
        (r"(?P<y>)(?P<rel>明年|后年)(?P<yp>)", _year_part),
        (
            rf"(?<![元块钱万千百k])(?P<n>{NUMBER})\s?个?(?P<half>半?)(?P<u>月|星期|礼拜|周|天|年)"
            r"(?:之内|以内|内|之后|以后|后)",
            _span,
        ),
        (
            r"马上|尽快|尽早|立刻|立即|即刻|越快越好|随时(?=可|能|入|搬|进|起|[\s,。.]|$)"
            r"|现在(?=就|入驻|搬|能入|起租)",
            _now,
        ),
    )
)
_EVENT = re.compile(
    r"[\s就要会已经才刚将正式开始计划预计]{0,6}(?:毕业|量产|投产|上市|成立|创立|注册(?!公司)"
    r"|融资|到期"
    r"|扩|招|完成|获|拿到?|发布|盈利|was|were|founded|raised|graduat|launch)"
    r"|\s?(?:预计|将|会|要)(?:有|达到?)?[0-9一二三四五六七八九十百]{1,6}多?个?人"
)


_GROWTH = re.compile(r"(?:grow|expand|hir(?:e|ing)|扩|招|增加到|发展到)[^,。;.]{0,16}$")


def date_label(day: date) -> Label:
    """Say a day of moving in."""
    return Label(f"{day.isoformat()} 前可入驻", f"Free by {day.isoformat()}")


def note_date(ledger: Ledger, start: int, end: int, day: date, today: date) -> None:
    """Note a day, unless it is past, too far off, or the day of something else."""
    if not ledger.is_free(start, end):
        return
    grows = _GROWTH.search(ledger.text, max(0, start - 24), start)
    if grows or _EVENT.match(ledger.text, end):
        ledger.ignore(start, end, "event")
    elif day < today or day.year > today.year + YEARS_AHEAD:
        ledger.ignore(start, end, "past" if day < today else "absurd")
    else:
        ledger.add(start, end, "move_in", day.isoformat(), date_label(day))


def find_dates(ledger: Ledger, today: date) -> None:
    """Note every day of moving in that is written in Chinese or in figures."""
    for pattern, build in _RULES:
        for found in pattern.finditer(ledger.text):
            start, end = found.span()
            if ledger.is_free(start, end):
                day = build(found, today)
                if day is not None:
                    note_date(ledger, start, end, day, today)
