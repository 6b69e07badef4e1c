"""A demand's JSON object, parsed once into a frozen value, and written back."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from geomap.domain.demand import Demand, Near, Requires
from geomap.domain.errors import InputError
from geomap.domain.industries import BY_ID
from geomap.domain.placement import ChainPosition
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import (
    AmenityCategory,
    Label,
    PermittedUse,
    Platform,
    Service,
    Stage,
    UnitKind,
)
from geomap.matching.polygon_json import parse_polygon, polygon_to_json

Word = TypeVar("Word", bound=StrEnum)
CRITERIA = (
    "area",
    "rent",
    "industry",
    "stage",
    "amenities",
    "near",
    "location",
    "services",
    "room_to_grow",
    "standing",
    "freshness",
)
"""Names of the terms of a score; `weights` may name these."""
_OF_PROJECTS = frozenset(
    {"home_county", "current_site", "priority", "growth_headcount", "chain_position", "demo"}
)
_FIELDS = _OF_PROJECTS | {
    "id",
    "name",
    "stage",
    "industry",
    "headcount",
    "area_m2",
    "rent_cny_m2_month_max",
    "budget_cny_month_max",
    "unit_kinds",
    "counties",
    "within",
    "move_in",
    "requires",
    "services",
    "platforms",
    "amenities",
    "near",
    "combine_adjacent",
    "weights",
}
MOST: Mapping[str, float] = {
    "headcount": 100_000,
    "area_m2": 10_000_000,
    "rent_cny_m2_month_max": 100_000,
    "budget_cny_month_max": 1e9,
    "floor_load_kn_m2": 1_000,
    "clear_height_m": 200,
    "column_spacing_m": 200,
    "freight_lift_t": 1_000,
    "power_kw": 1_000_000,
    "weights": 1_000,
}
"""What is above is no figure of a room, a rent or a firm."""
_NUMBERS = ("floor_load_kn_m2", "clear_height_m", "column_spacing_m", "freight_lift_t", "power_kw")
_DAYS = (date(2000, 1, 1), date(2100, 12, 31))
_MARKUP = re.compile(r"<\s*[/!?a-zA-Z]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_EMPTY_OUT = Label("去掉这一项，或改成上面说的样子", "Leave it out, or give it as said")


def _refuse(field: str, zh: str, en: str, fix: Label = _EMPTY_OUT) -> InputError:
    return InputError(Label(zh, en), fix=fix, field=field)


def _shown(value: Any) -> str:
    """Return what was given, short enough to be said again."""
    return repr(value)[:60]


def _unknown(value: Any, choices: Iterable[str], field: str, zh: str, en: str) -> InputError:
    listed = ", ".join(choices)
    return InputError(
        Label(f"{zh} {_shown(value)}", f"{en} {_shown(value)}"),
        fix=Label(f"用其中之一：{listed}", f"Use one of: {listed}"),
        field=field,
    )


def _object(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _refuse(field, "要一个 JSON 对象", "A JSON object is needed")
    return value


def _number(value: Any, field: str, *, low: float = 0.0, high: float) -> float | None:
    if value is None:
        return None
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    if not usable or (isinstance(value, float) and not math.isfinite(value)):
        raise _refuse(field, "要一个数", "A number is needed")
    if not low <= value <= high:
        least, most = f"{low:,.10g}", f"{high:,.10g}"
        raise _refuse(field, f"要在 {least} 到 {most} 之间", f"Must lie in {least} to {most}")
    return float(value)


def _text(value: Any, field: str, limit: int = 200) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > limit:
        raise _refuse(field, f"要不超过 {limit} 字的文字", f"Text of at most {limit} characters")
    if _MARKUP.search(value):
        raise _refuse(
            field,
            "文字里有标签或看不见的字符",
            "The text holds markup or invisible characters",
            Label("只写普通文字", "Write plain text"),
        )
    return value


def _flag(value: Any, field: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise _refuse(field, "要 true 或 false", "true or false is needed")
    return value


def _word(value: Any, words: type[Word], field: str) -> Word:
    if not isinstance(value, str) or value not in list(words):
        raise _unknown(value, words, field, "不认识", "Unknown value")
    return words(value)


def _list(value: Any, field: str) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > 100:
        raise _refuse(field, "要一个不超过 100 项的列表", "A list of at most 100 items is needed")
    return value


def _words(value: Any, words: type[Word], field: str) -> tuple[Word, ...]:
    parsed = [_word(item, words, f"{field}.{i}") for i, item in enumerate(_list(value, field))]
    return tuple(dict.fromkeys(parsed))


def _counties(value: Any) -> tuple[str, ...]:
    found = []
    for i, item in enumerate(_list(value, "counties")):
        if not isinstance(item, str) or item not in BY_ADCODE:
            raise InputError(
                Label(f"没有县（市、区）{_shown(item)}", f"There is no county {_shown(item)}"),
                fix=Label('用六位代码的文字，如 "330303"', 'Use its code as text, e.g. "330303"'),
                field=f"counties.{i}",
            )
        found.append(item)
    return tuple(dict.fromkeys(found))


def _industry(value: Any) -> str:
    text = _text(value, "industry")
    if text and text not in BY_ID:
        raise _unknown(text, BY_ID, "industry", "没有产业", "There is no industry")
    return text


def _day(value: Any) -> date | None:
    if value is None:
        return None
    fix = Label("写作 2026-03-01，或不写", "Write it as 2026-03-01, or leave it out")
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _refuse("move_in", "不是日期", "This is no date", fix) from None
    if not _DAYS[0] <= day <= _DAYS[1]:
        raise _refuse("move_in", "日期要在 2000 到 2100 年间", "Must lie in 2000 to 2100", fix)
    return day


def _requires(value: Any) -> Requires:
    given = _object({} if value is None else value, "requires")
    known = [f.name for f in fields(Requires)]
    for name in given:
        if name not in known:
            where = f"requires.{str(name)[:60]}"
            raise _unknown(name, known, where, "没有这个要求", "There is no requirement")
    parsed: dict[str, Any] = {}
    for name in (name for name in known if name in given):
        where = f"requires.{name}"
        if name in _NUMBERS:
            parsed[name] = _number(given[name], where, high=MOST[name])
        elif name == "permitted_use":
            use = given[name]
            parsed[name] = None if use is None else _word(use, PermittedUse, where)
        else:
            parsed[name] = _flag(given[name], where)
    return Requires(**parsed)


def _near(value: Any) -> Near | None:
    if value is None:
        return None
    given = _object(value, "near")
    lon = _number(given.get("lon"), "near.lon", low=-180, high=180)
    lat = _number(given.get("lat"), "near.lat", low=-90, high=90)
    minutes = _number(given.get("minutes", 15), "near.minutes", low=1, high=60)
    if lon is None or lat is None or minutes is None:
        raise _refuse(
            "near",
            "要 lon、lat 和 minutes",
            "lon, lat and minutes are needed",
            Label(
                '例如 {"lon": 120.70, "lat": 27.99, "minutes": 15}',
                'As in {"lon": 120.70, "lat": 27.99, "minutes": 15}',
            ),
        )
    return Near(lon=lon, lat=lat, minutes=minutes)


def _weights(value: Any) -> Mapping[str, float]:
    given = _object({} if value is None else value, "weights")
    parsed = {}
    for name, weight in given.items():
        if name not in CRITERIA:
            where = f"weights.{str(name)[:60]}"
            raise _unknown(name, CRITERIA, where, "没有评分项", "There is no criterion")
        parsed[name] = _number(weight, f"weights.{name}", high=MOST["weights"]) or 0.0
    return MappingProxyType(parsed)


def _area(value: Any) -> tuple[float | None, float | None]:
    given = _object({} if value is None else value, "area_m2")
    low = _number(given.get("min"), "area_m2.min", high=MOST["area_m2"])
    high = _number(given.get("max"), "area_m2.max", high=MOST["area_m2"])
    if low is not None and high is not None and low > high:
        raise _refuse(
            "area_m2",
            "最小面积大于最大面积",
            "The least area exceeds the greatest",
            Label("把两个数换过来，或只写一个", "Swap the two, or give only one"),
        )
    return low, high


def _headcount(value: Any) -> int | None:
    number = _number(value, "headcount", high=MOST["headcount"])
    if number is not None and number != int(number):
        raise _refuse("headcount", "人数要整数", "The headcount must be whole")
    return None if number is None else int(number)


def _project_fields(given: Mapping[str, Any]) -> None:
    """Refuse what a project adds to a demand where it cannot be used; a match ignores it."""
    home = given.get("home_county")
    if home and (not isinstance(home, str) or home not in BY_ADCODE):
        raise _unknown(home, BY_ADCODE, "home_county", "没有县（市、区）", "There is no county")
    _text(given.get("current_site"), "current_site")
    _number(given.get("priority"), "priority", high=1_000)
    _number(given.get("growth_headcount"), "growth_headcount", high=MOST["headcount"])
    position = given.get("chain_position")
    if position is not None:
        _word(position, ChainPosition, "chain_position")
    _flag(given.get("demo"), "demo")


def parse_demand(obj: object) -> Demand:
    """Parse the JSON object of a demand; a missing field asks for nothing.

    Raises
    ------
    InputError
        A field is unknown or its value cannot be used; `field` names it.
    """
    given = _object(obj, "demand")
    for name in given:
        if name not in _FIELDS:
            raise _unknown(
                name, sorted(_FIELDS), str(name)[:60], "需求里没有这个字段", "A demand has no field"
            )
    area_min, area_max = _area(given.get("area_m2"))
    stage = given.get("stage")
    limits = {
        name: _number(given.get(name), name, high=MOST[name])
        for name in ("rent_cny_m2_month_max", "budget_cny_month_max")
    }
    within = given.get("within")
    _project_fields(given)
    return Demand(
        id=_text(given.get("id"), "id"),
        name=_text(given.get("name"), "name"),
        stage=None if stage is None else _word(stage, Stage, "stage"),
        industry=_industry(given.get("industry")),
        headcount=_headcount(given.get("headcount")),
        area_min_m2=area_min,
        area_max_m2=area_max,
        rent_max_cny_m2_month=limits["rent_cny_m2_month_max"],
        budget_max_cny_month=limits["budget_cny_month_max"],
        unit_kinds=_words(given.get("unit_kinds"), UnitKind, "unit_kinds"),
        counties=_counties(given.get("counties")),
        within=None if within is None else parse_polygon(within, "within"),
        move_in=_day(given.get("move_in")),
        requires=_requires(given.get("requires")),
        services=_words(given.get("services"), Service, "services"),
        platforms=_words(given.get("platforms"), Platform, "platforms"),
        amenities=_words(given.get("amenities"), AmenityCategory, "amenities"),
        near=_near(given.get("near")),
        combine_adjacent=bool(_flag(given.get("combine_adjacent"), "combine_adjacent")),
        weights=_weights(given.get("weights")),
    )


def demand_to_json(demand: Demand) -> dict[str, Any]:
    """Write a demand as its JSON object, leaving out what asks for nothing."""
    near, requires = demand.near, demand.requires
    area = {"min": demand.area_min_m2, "max": demand.area_max_m2}
    whole: dict[str, Any] = {
        "id": demand.id,
        "name": demand.name,
        "stage": demand.stage,
        "industry": demand.industry,
        "headcount": demand.headcount,
        "area_m2": {k: v for k, v in area.items() if v is not None},
        "rent_cny_m2_month_max": demand.rent_max_cny_m2_month,
        "budget_cny_month_max": demand.budget_max_cny_month,
        "unit_kinds": list(demand.unit_kinds),
        "counties": list(demand.counties),
        "within": polygon_to_json(demand.within) if demand.within is not None else None,
        "move_in": demand.move_in.isoformat() if demand.move_in else None,
        "requires": {
            f.name: getattr(requires, f.name)
            for f in fields(Requires)
            if getattr(requires, f.name) is not None
        },
        "services": list(demand.services),
        "platforms": list(demand.platforms),
        "amenities": list(demand.amenities),
        "near": {"lon": near.lon, "lat": near.lat, "minutes": near.minutes} if near else None,
        "combine_adjacent": demand.combine_adjacent or None,
        "weights": dict(demand.weights),
    }
    return {k: v for k, v in whole.items() if v not in (None, "", [], {})}
