"""A demand's JSON object, parsed once into a frozen value, and written back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from geomap.domain.demand import Demand, Near, Requires
from geomap.domain.errors import InputError
from geomap.domain.industries import BY_ID
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import AmenityCategory, Label, PermittedUse, Service, Stage, UnitKind

Word = TypeVar("Word", bound=StrEnum)
CRITERIA = (
    "area",
    "rent",
    "location",
    "industry",
    "stage",
    "amenities",
    "near",
    "services",
    "room_to_grow",
    "standing",
    "freshness",
)
"""Names of the terms of a score; `weights` may name these."""

_FIELDS = frozenset(
    {
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
        "move_in",
        "requires",
        "services",
        "amenities",
        "near",
        "combine_adjacent",
        "weights",
        "home_county",
        "current_site",
        "priority",
    }
)
_NUMBERS = ("floor_load_kn_m2", "clear_height_m", "column_spacing_m", "freight_lift_t", "power_kw")
MOST = 1e9


def _refuse(field: str, zh: str, en: str) -> InputError:
    return InputError(Label(zh, en), field=field)


def _object(value: Any, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _refuse(field, "要一个 JSON 对象", "A JSON object is needed")
    return value


def _number(value: Any, field: str, *, low: float = 0.0, high: float = MOST) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _refuse(field, "要一个数", "A number is needed")
    if not low <= value <= high:
        raise _refuse(field, f"要在 {low:g} 到 {high:g} 之间", f"Must lie in {low:g} to {high:g}")
    return float(value)


def _text(value: Any, field: str, limit: int = 200) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > limit:
        raise _refuse(field, f"要不超过 {limit} 字的文字", f"Text of at most {limit} characters")
    return value


def _flag(value: Any, field: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise _refuse(field, "要 true 或 false", "true or false is needed")
    return value


def _word(value: Any, words: type[Word], field: str) -> Word:
    if not isinstance(value, str) or value not in list(words):
        choices = ", ".join(words)
        raise InputError(
            Label(f"{value!r} 不认识", f"Unknown value {value!r}"),
            fix=Label(f"用其中之一：{choices}", f"Use one of: {choices}"),
            field=field,
        )
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
                Label(f"没有县（市、区）{item!r}", f"There is no county {item!r}"),
                fix=Label('用六位代码的文字，如 "330303"', 'Use its code as text, e.g. "330303"'),
                field=f"counties.{i}",
            )
        found.append(item)
    return tuple(dict.fromkeys(found))


def _industry(value: Any) -> str:
    text = _text(value, "industry")
    if text and text not in BY_ID:
        raise InputError(
            Label(f"没有产业 {text!r}", f"There is no industry {text!r}"),
            fix=Label(f"用其中之一：{', '.join(BY_ID)}", f"Use one of: {', '.join(BY_ID)}"),
            field="industry",
        )
    return text


def _day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _refuse("move_in", "日期写作 2026-03-01", "Write the date as 2026-03-01") from None


def _requires(value: Any) -> Requires:
    given = _object({} if value is None else value, "requires")
    known = {f.name for f in fields(Requires)}
    for name in given:
        if name not in known:
            raise _refuse(f"requires.{name}", "没有这个要求", "There is no such requirement")
    parsed: dict[str, Any] = {}
    for name in known & set(given):
        where = f"requires.{name}"
        if name in _NUMBERS:
            parsed[name] = _number(given[name], where)
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
        raise _refuse("near", "要 lon、lat 和 minutes", "lon, lat and minutes are needed")
    return Near(lon=lon, lat=lat, minutes=minutes)


def _weights(value: Any) -> Mapping[str, float]:
    given = _object({} if value is None else value, "weights")
    parsed = {}
    for name, weight in given.items():
        if name not in CRITERIA:
            raise InputError(
                Label(f"没有评分项 {name!r}", f"There is no criterion {name!r}"),
                fix=Label(f"评分项：{', '.join(CRITERIA)}", f"Criteria: {', '.join(CRITERIA)}"),
                field=f"weights.{name}",
            )
        parsed[name] = _number(weight, f"weights.{name}", high=1000) or 0.0
    return MappingProxyType(parsed)


def _area(value: Any) -> tuple[float | None, float | None]:
    given = _object({} if value is None else value, "area_m2")
    low = _number(given.get("min"), "area_m2.min")
    high = _number(given.get("max"), "area_m2.max")
    if low is not None and high is not None and low > high:
        raise _refuse("area_m2", "最小面积大于最大面积", "The least area exceeds the greatest")
    return low, high


def _headcount(value: Any) -> int | None:
    number = _number(value, "headcount", high=100_000)
    if number is not None and number != int(number):
        raise _refuse("headcount", "人数要整数", "The headcount must be whole")
    return None if number is None else int(number)


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
            raise _refuse(str(name)[:60], "需求里没有这个字段", "A demand has no such field")
    area_min, area_max = _area(given.get("area_m2"))
    stage = given.get("stage")
    rent_max = _number(given.get("rent_cny_m2_month_max"), "rent_cny_m2_month_max")
    budget_max = _number(given.get("budget_cny_month_max"), "budget_cny_month_max")
    return Demand(
        id=_text(given.get("id"), "id"),
        name=_text(given.get("name"), "name"),
        stage=None if stage is None else _word(stage, Stage, "stage"),
        industry=_industry(given.get("industry")),
        headcount=_headcount(given.get("headcount")),
        area_min_m2=area_min,
        area_max_m2=area_max,
        rent_max_cny_m2_month=rent_max,
        budget_max_cny_month=budget_max,
        unit_kinds=_words(given.get("unit_kinds"), UnitKind, "unit_kinds"),
        counties=_counties(given.get("counties")),
        move_in=_day(given.get("move_in")),
        requires=_requires(given.get("requires")),
        services=_words(given.get("services"), Service, "services"),
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
        "move_in": demand.move_in.isoformat() if demand.move_in else None,
        "requires": {
            f.name: getattr(requires, f.name)
            for f in fields(Requires)
            if getattr(requires, f.name) is not None
        },
        "services": list(demand.services),
        "amenities": list(demand.amenities),
        "near": {"lon": near.lon, "lat": near.lat, "minutes": near.minutes} if near else None,
        "combine_adjacent": demand.combine_adjacent or None,
        "weights": dict(demand.weights),
    }
    return {k: v for k, v in whole.items() if v not in (None, "", [], {})}
