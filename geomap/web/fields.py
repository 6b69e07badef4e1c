"""Fields of JSON bodies, parsed once at the edge; each refusal names its field and a fix."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from geomap.catalog.catalog import Catalog
from geomap.coverage.edits import plain_text
from geomap.domain.errors import InputError
from geomap.domain.industries import BY_ID
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import Label
from geomap.web.context import CITY_TIME

Word = TypeVar("Word", bound=StrEnum)
Item = TypeVar("Item")
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)
_ID = re.compile(r"[A-Za-z0-9._:~-]{1,64}")
UNITS_MOST = 50


def refuse(field: str, reason: Label, fix: Label) -> InputError:
    """Return the refusal of a field."""
    return InputError(reason, fix=fix, field=field)


def take_word(value: object, field: str, words: type[Word]) -> Word:
    """Return one of the words of an enum; raises InputError."""
    if isinstance(value, str) and value in set(words):
        return words(value)
    listed = ", ".join(words)
    raise refuse(
        field,
        Label("要从列出的里面选一个", "One of those listed is needed"),
        Label(f"用其中之一：{listed}", f"Use one of: {listed}"),
    )


def take_name(value: object, field: str, most: int) -> str:
    """Return a plain text of at least one character; raises InputError."""
    text = plain_text(value, field, most)
    if not text:
        raise refuse(
            field,
            Label("不能空着", "This cannot be empty"),
            Label(f"写 1–{most} 字", f"Give 1 to {most} characters"),
        )
    return text


def take_day(value: object, field: str, *, last: date = _LAST) -> date | None:
    """Return a day of 2000 to `last`, None for none; raises InputError."""
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and len(value) == 10:
            day = date.fromisoformat(value)
            if _FIRST <= day <= last:
                return day
    except ValueError:
        pass
    raise refuse(
        field,
        Label("日期不能用", "This day cannot be used"),
        Label(
            f"写成 2026-12-01 的样子，从 {_FIRST} 到 {last}",
            f"As 2026-12-01, from {_FIRST} to {last}",
        ),
    )


def take_moment(value: object, field: str) -> datetime:
    """Return a moment; one without a zone is city time; raises InputError."""
    try:
        if isinstance(value, str) and len(value) <= 40 and "T" in value:
            moment = datetime.fromisoformat(value)
            placed = moment if moment.tzinfo else moment.replace(tzinfo=CITY_TIME)
            if _FIRST <= placed.astimezone(CITY_TIME).date() <= _LAST:
                return placed
    except (ValueError, OverflowError):
        pass
    raise refuse(
        field,
        Label("时间不能用", "This moment cannot be used"),
        Label("写成 2026-12-01T09:30 的样子", "As 2026-12-01T09:30"),
    )


def take_flag(value: object, field: str) -> bool:
    """Return yes or no, no for none; raises InputError."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise refuse(
        field,
        Label("要 true 或 false", "true or false is needed"),
        Label("不加引号", "Without quotes"),
    )


def take_number(value: object, field: str, *, low: float, high: float) -> float | None:
    """Return a number, None for none; raises InputError."""
    if value is None:
        return None
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    if plain and math.isfinite(float(value)) and low <= float(value) <= high:  # type: ignore[arg-type]
        return float(value)  # type: ignore[arg-type]
    least, most = f"{low:,.10g}", f"{high:,.10g}"
    raise refuse(
        field,
        Label(f"要 {least} 到 {most} 的数", f"A number from {least} to {most} is needed"),
        Label("不加引号，不写单位", "Without quotes and unit"),
    )


def take_list(
    value: object, field: str, take: Callable[[object, str], Item], *, most: int
) -> tuple[Item, ...]:
    """Return the parts of a list without doubles, in order; raises InputError."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > most:
        raise refuse(
            field,
            Label(f"要一个列表，最多 {most} 项", f"A list of at most {most} is needed"),
            Label('写成 ["…"] 的样子', 'As ["…"]'),
        )
    return tuple(dict.fromkeys(take(part, f"{field}[{i}]") for i, part in enumerate(value)))


def take_id(value: object, field: str) -> str:
    """Return an id of the record's form; raises InputError."""
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise refuse(
        field,
        Label("编号不能用", "This id cannot be used"),
        Label("1–64 个字母、数字或 . _ : ~ -", "1 to 64 letters, digits or . _ : ~ -"),
    )


def _one_of(value: object, field: str, known: Iterable[str], what: Label) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str) and value in known:
        return value
    raise refuse(
        field,
        Label(f"没有这个{what.zh}", f"There is no such {what.en}"),
        Label("用列表里的编号", "Use an id of the list"),
    )


def take_industry(value: object, field: str) -> str:
    """Return the id of an industry, "" for none; raises InputError."""
    return _one_of(value, field, BY_ID, Label("产业", "industry"))


def take_county(value: object, field: str) -> str:
    """Return an adcode of the twelve, "" for none; raises InputError."""
    return _one_of(value, field, BY_ADCODE, Label("县（市、区）", "county"))


def take_site(catalog: Catalog, value: object, field: str) -> str:
    """Return the id of a site of the catalog, "" for none; raises InputError."""
    known = isinstance(value, str) and len(value) <= 64 and catalog.sites.id.find(value) >= 0
    return _one_of(value, field, (str(value),) if known else (), Label("载体", "site"))


def take_units(catalog: Catalog, value: object, field: str, site_id: str) -> tuple[str, ...]:
    """Return ids of units of a site; raises InputError."""
    units = take_list(value, field, take_id, most=UNITS_MOST)
    site = catalog.sites.id.find(site_id) if site_id else -1
    for i, unit in enumerate(units):
        row = catalog.units.id.find(unit)
        if row < 0 or int(catalog.units.site[row]) != site:
            raise refuse(
                f"{field}[{i}]",
                Label("这个载体里没有这个单元", "There is no such unit in this site"),
                Label("给出 site_id，用它的单元编号", "Give site_id and ids of its units"),
            )
    return units


def require_fields(given: Mapping[str, Any], needed: Sequence[str]) -> None:
    """Refuse a body that leaves out one of the fields."""
    for name in needed:
        if name not in given:
            raise refuse(
                name,
                Label("没有给出", "This is missing"),
                Label(f"加上 {name}", f"Add {name}"),
            )
