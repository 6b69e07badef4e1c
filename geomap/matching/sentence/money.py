"""Rents and budgets: 30元/㎡·月, 一块二一平一天, 月租一万五以内, 12k per month.

Rents come out in yuan per m² and month, budgets in yuan a month. A day counts as a
thirtieth of a month, a year as twelve months.
"""

from __future__ import annotations

import re

from geomap.domain.words import Label
from geomap.matching.demand_json import MOST
from geomap.matching.sentence.areas import M2
from geomap.matching.sentence.ledger import Ledger
from geomap.matching.sentence.limits import AFTER, BEFORE, RANGE, bound_of
from geomap.matching.sentence.numbers import NUMBER, read_number

DAYS_A_MONTH = 30
RENT_BELOW, BUDGET_FROM = 150.0, 300.0
"""A rent that does not say of what: below the first it is per m², from the second a total."""
DAILY_BELOW = 5.0
"""A rent per m² that does not say for how long is per day below this, else per month."""

_CURRENCY = r"(?:元钱?|块钱?(?!地)|圆|人民币|rmb|cny|yuan(?![a-z])|￥|¥)"
_DAY, _MONTH, _YEAR = r"[天日]|day|daily", r"个?月|month(?:ly)?", r"年(?!后|底|初|前)|year|annum"
_EACH = r"(?:[/·.*]|每|一|(?<![a-z])(?:per|an?|each)(?![a-z])|/ ?每)"
_PER_AREA = rf"(?:\s?{_EACH}\s?(?P<pa{{0}}>1?{M2}))"
_TIME = rf"(?:(?P<d{{0}}>{_DAY})|(?P<m{{0}}>{_MONTH})|(?P<y{{0}}>{_YEAR}))(?![a-z])"
_PER_TIME = rf"(?:\s?(?:{_EACH}|(?<=[平米方㎡])|(?<=m2)|(?=month|dail|annum))\s?{_TIME})"
_HEADS = (
    r"(?:(?:日租金?|月租金?|月房租|年租金?|租金|房租|月供|租赁|单价|价格|价位|预算|费用|成本"
    r"|月付|总价"
    r"|每个?月|一个月|每天|一天|每日|每年|一年|每(?:平方米|平米|平方|平|㎡|m2)|一平米?|承受|能接受"
    r"|(?<![a-z])(?:rent(?:al)?|budget|monthly|annual|yearly|daily|price|of|is|a|per|month"
    r"|sqm)(?![a-z]))"
    r"[\s:的是为在要也大概每人最好能]{0,4}){1,5}"
)
_TAIL = "".join(rf"(?:{_PER_AREA.format(i)}|{_PER_TIME.format(i)})?" for i in (1, 2))
_MONEY = re.compile(
    rf"(?P<head>{_HEADS})?(?P<pre>{BEFORE})?\s?[¥￥]?\s?(?P<a>{NUMBER})"
    rf"\s?(?:(?P<c1>{_CURRENCY})(?:(?P<small>[0-9一二两三四五六七八九])(?=[\s毛角/每一]))?(?:毛"
    rf"|角)?)?"
    rf"(?:{RANGE}(?P<b>{NUMBER})\s?(?P<c2>{_CURRENCY})?)?"
    rf"\s?(?P<suf1>{AFTER})?{_TAIL}\s?(?:的?(?P<suf2>{AFTER}))?"
)
_NOT_RENT = re.compile(
    r"(?:融资?了?|产值|注册资[本金]|资本|营收|销售额?|投资|估值|利润|税收|补贴|奖励|raised|revenue)"
    r"[\s约达到超过为有了]{0,4}$|(?:每个?|一个|单个|每张)(?:工位|卡座)[^,。;]{0,3}$"
)
_EACH_DESK = re.compile(r"\s?(?:/|每|一|per |a )个?(?:desk|person|head|工位|卡座|人)|\s?一个(?!月)")
_NOT_MONEY_AFTER = re.compile(
    r"\s?(?:个?人|个|名|位|平|㎡|m2|米|吨|kw|千瓦|亩|分钟|小时|号|日|月|年|间|层|sqm|sq|m(?![a-z])"
    r"|people|persons?|staff|t(?![a-z])|km|公里|%|v(?![a-z]))"
)


def _per(found: re.Match[str], kind: str) -> bool:
    return any(found[f"{kind}{i}"] for i in (1, 2))


def _period(found: re.Match[str], head: str) -> str:
    """Return "day", "month", "year", or "" where it is not said."""
    for period, kind, words in (
        ("day", "d", r"日租|每天|一天|每日|daily"),
        ("year", "y", r"年租|每年|一年|annual|yearly"),
        ("month", "m", r"月|monthly|per month"),
    ):
        if _per(found, kind) or re.search(words, head):
            return period
    return ""


def _value(found: re.Match[str]) -> float | None:
    """Return the upper end of the figure, 一块二 being 1.2."""
    amount = read_number(found["b"] or found["a"])
    first = read_number(found["a"])
    if amount is None or first is None:
        return None
    value = amount.high if not found["b"] else max(amount.high, first.high)
    if found["small"] and found["c1"] and not found["b"]:
        small = read_number(found["small"])
        value += (small.low if small else 0) / 10
    return value


def _kind(found: re.Match[str], head: str, value: float, period: str) -> str:
    """Return "rent" (per m²), "budget", "unclear", or "" where it is no rent at all."""
    if _per(found, "pa") or re.search(r"每(?:平|㎡|m2)|一平|sqm", head):
        stated = (
            found["c1"] or found["c2"] or head or period or bound_of(found["pre"], found["suf1"])
        )
        return "rent" if stated else ""
    told = re.search(r"租|价|预算|费用|成本|供|付|承受|接受|rent|budget|price", head)
    money = found["c1"] or found["c2"] or re.search("[¥￥]", found[0])
    if not told:
        limited = bound_of(found["pre"], found["suf2"] or found["suf1"]) == "max"
        if not (money and (period or limited)) and not (period == "month" and value >= BUDGET_FROM):
            return ""
    if re.search("预算|budget", head) and value >= BUDGET_FROM:
        return "budget"
    if value < RENT_BELOW:
        return "rent" if told and not re.search("预算|budget", head) else "unclear"
    return "budget" if value >= BUDGET_FROM else "unclear"


def _rent(value: float, period: str) -> tuple[str, float, Label]:
    if period == "day" or (not period and value < DAILY_BELOW):
        month = round(value * DAYS_A_MONTH, 2)
        note = Label(f"（{value:g} 元/天×30）", f" ({value:g} a day × 30)")
    elif period == "year":
        month = round(value / 12, 2)
        note = Label(f"（{value:g} 元/年÷12）", f" ({value:g} a year ÷ 12)")
    else:
        month, note = round(value, 2), Label("", "")
    label = Label(f"租金 ≤ {month:g} 元/㎡·月{note.zh}", f"Rent ≤ {month:g} CNY/m²·month{note.en}")
    return "rent_cny_m2_month_max", month, label


def _budget(value: float, period: str) -> tuple[str, float, Label]:
    month, note = round(value, 2), Label("", "")
    if period == "year":
        month = round(value / 12, 2)
        note = Label(f"（{value:g} 元/年÷12）", f" ({value:g} a year ÷ 12)")
    elif period == "day":
        month = round(value * DAYS_A_MONTH, 2)
        note = Label(f"（{value:g} 元/天×30）", f" ({value:g} a day × 30)")
    label = Label(f"每月 ≤ {month:.10g} 元{note.zh}", f"≤ {month:.10g} CNY a month{note.en}")
    return "budget_cny_month_max", month, label


def _may_be_money(found: re.Match[str], text: str) -> bool:
    """Return whether no unit of something else follows the figure."""
    if found["c1"] or found["c2"]:
        return True
    return not _NOT_MONEY_AFTER.match(text, found.end("b") if found["b"] else found.end("a"))


def find_money(ledger: Ledger) -> None:
    """Note every rent and budget of the text."""
    for found in _MONEY.finditer(ledger.text):
        start, end = found.span()
        value = _value(found)
        if value is None or not _may_be_money(found, ledger.text):
            continue
        if not ledger.is_free(start, end):
            continue
        head = found["head"] or ""
        period = _period(found, head)
        kind = _kind(found, head, value, period)
        other = _NOT_RENT.search(ledger.text, max(0, start - 16), start)
        if other or _EACH_DESK.match(ledger.text, end):
            ledger.ignore(start, end, "no_field")
        elif kind == "unclear":
            ledger.ignore(start, end, "unclear")
        elif kind and bound_of(found["pre"], found["suf2"] or found["suf1"]) == "min":
            ledger.ignore(start, end, "no_field")
        elif kind:
            name, month, label = (_rent if kind == "rent" else _budget)(value, period)
            if 0 < month <= MOST[name]:
                ledger.add(start, end, name, month, label)
            else:
                ledger.ignore(start, end, "absurd")
