"""The nearest relaxations: the smallest single change to a demand that opens more units."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.columns import MISSING_DAY
from geomap.domain.demand import Relaxation
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, Label, Service, UnitKind, label
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.hard import RULES, TECHNICAL, Context, Sieve, sieve

Flags = NDArray[np.bool_]
Change = tuple[Label, dict[str, Any]]
_OPEN = 5
"""A relaxation should open a handful: the change that opens this many, or all there are."""


def _handful(values: NDArray[Any], *, downwards: bool = False) -> float:
    ordered = np.sort(values)
    if downwards:
        ordered = ordered[::-1]
    return float(ordered[min(_OPEN, len(ordered)) - 1])


def _rent(context: Context, rows: Flags) -> Change:
    limit = context.demand.rent_max_cny_m2_month or 0.0
    new = math.ceil(_handful(context.catalog.units.rent_cny_m2_month[rows]))
    more = f"{new - limit:g}"
    text = Label(f"放宽租金 +{more} 元", f"Rent limit +¥{more}")
    return text, {"rent_cny_m2_month_max": new}


def _budget(context: Context, rows: Flags) -> Change:
    units = context.catalog.units
    cost = units.rent_cny_m2_month[rows].astype(np.float64) * units.area_m2[rows]
    new = math.ceil(_handful(cost) / 100) * 100
    more = f"{new - (context.demand.budget_max_cny_month or 0):,.0f}"
    return Label(f"预算 +{more} 元/月", f"Budget +¥{more} a month"), {"budget_cny_month_max": new}


def _area(context: Context, rows: Flags) -> Change:
    demand, area = context.demand, context.catalog.units.area_m2[rows].astype(np.float64)
    low, high = demand.area_min_m2, demand.area_max_m2
    above = area[area > high] if high is not None else area[:0]
    below = area[area < (low or 0)] if low is not None else area[:0]
    limits = {k: v for k, v in (("min", low), ("max", high)) if v is not None}
    if len(below) and (not len(above) or len(below) >= len(above)):
        new = math.floor(_handful(below, downwards=True))
        return Label(f"面积放到 {new:,} ㎡ 起", f"Area from {new:,} ㎡"), {
            "area_m2": limits | {"min": new}
        }
    if len(above):
        new = math.ceil(_handful(above))
        return Label(f"面积放到 {new:,} ㎡", f"Area up to {new:,} ㎡"), {
            "area_m2": limits | {"max": new}
        }
    return Label("不限人数", "Any headcount"), {"headcount": None}


def _move_in(context: Context, rows: Flags) -> Change:
    free = context.catalog.units.free_from[rows]
    day = date(1970, 1, 1) + timedelta(days=int(_handful(free[free != MISSING_DAY])))
    text = Label(f"入驻推迟到 {day.isoformat()}", f"Move in by {day.isoformat()}")
    return text, {"move_in": day.isoformat()}


def _most(codes: NDArray[Any]) -> int:
    return int(np.bincount(codes[codes >= 0].astype(np.int64)).argmax())


def _county(context: Context, rows: Flags) -> Change:
    codes = context.catalog.sites.county[context.site[rows]]
    if not (codes >= 0).any():
        return Label("不限县（市、区）", "Any county"), {"counties": []}
    county = COUNTIES[_most(codes)]
    wanted = [*context.demand.counties, county.adcode]
    return Label(f"加上{county.name}", f"Add {county.name_en}"), {"counties": wanted}


def _unit_kind(context: Context, rows: Flags) -> Change:
    kind = list(UnitKind)[_most(context.catalog.units.kind[rows])]
    text = label(kind)
    return Label(f"也看{text.zh}", f"Also {text.en.lower()}"), {
        "unit_kinds": [*context.demand.unit_kinds, kind]
    }


def _services(context: Context, rows: Flags) -> Change:
    offered = context.catalog.sites.services[context.site[rows]]
    wanted = context.demand.services
    lacking = [int((offered >> np.uint32(list(Service).index(s)) & 1 == 0).sum()) for s in wanted]
    drop = wanted[int(np.argmax(lacking))]
    text = label(drop)
    return Label(f"不要求{text.zh}", f"Without {text.en.lower()}"), {
        "services": [s for s in wanted if s != drop]
    }


def _amenities(context: Context, rows: Flags) -> Change:
    count = context.catalog.access.count[context.site[rows]]
    wanted = context.demand.amenities
    lacking = [int((count[:, list(AmenityCategory).index(a)] <= 0).sum()) for a in wanted]
    drop = wanted[int(np.argmax(lacking))]
    text = label(drop)
    return Label(f"不要求{text.zh}", f"Without {text.en.lower()}"), {
        "amenities": [a for a in wanted if a != drop]
    }


def _near(context: Context, rows: Flags) -> Change:
    near = context.demand.near
    assert near is not None and context.walk_m is not None  # noqa: S101 - the rule has asked
    walk = context.walk_m[context.site[rows]]
    minutes = min(60, math.ceil(_handful(walk[~np.isnan(walk)]) / 80.0))
    text = Label(f"步行放到 {minutes} 分钟", f"Up to {minutes} minutes on foot")
    return text, {"near": {"lon": near.lon, "lat": near.lat, "minutes": minutes}}


def _technical(name: str) -> Callable[[Context, Flags], Change]:
    def change(context: Context, rows: Flags) -> Change:
        requires = dict(demand_to_json(context.demand)["requires"])
        requires.pop(name)
        words = _REQUIREMENTS[name]
        return Label(f"不要求{words.zh}", f"Without {words.en}"), {"requires": requires}

    return change


_REQUIREMENTS: Mapping[str, Label] = {
    "floor_load_kn_m2": Label("楼面荷载", "floor load"),
    "clear_height_m": Label("净高", "clear height"),
    "column_spacing_m": Label("柱距", "column spacing"),
    "freight_lift_t": Label("货梯", "freight lift"),
    "power_kw": Label("电力", "power"),
    "water": Label("给水", "water"),
    "drainage": Label("排水", "drainage"),
    "exhaust": Label("排风", "exhaust"),
    "gas": Label("燃气", "gas"),
    "clean_room": Label("洁净间", "clean room"),
    "hazardous_storage": Label("危化品间", "hazardous storage"),
    "open_24h": Label("全天开放", "24-hour access"),
    "permitted_use": Label("许可用途", "permitted use"),
}
_CHANGES: Mapping[str, Callable[[Context, Flags], Change]] = {
    "rent": _rent,
    "budget": _budget,
    "area": _area,
    "move_in": _move_in,
    "county": _county,
    "unit_kind": _unit_kind,
    "services": _services,
    "amenities": _amenities,
    "near": _near,
    **{name: _technical(name) for name in (*TECHNICAL, "permitted_use")},
}


def list_relaxations(context: Context, sieved: Sieve, *, most: int = 4) -> tuple[Relaxation, ...]:
    """Return single changes that open more units, those that open most first.

    `opens` is what the changed demand itself gives beyond the present one, because it is
    counted by asking again.
    """
    before = sieved.allowed()
    count = int(before.sum())
    found = []
    for rule in RULES:
        if rule not in sieved.met or rule not in _CHANGES:
            continue
        opened = sieved.allowed(without=rule) & ~before
        if rule == "near" and context.walk_m is not None:
            opened &= ~np.isnan(context.walk_m)[context.site]
        if not opened.any():
            continue
        text, patch = _CHANGES[rule](context, opened)
        changed = parse_demand(demand_to_json(context.demand) | patch)
        asked = Context(context.catalog, changed, context.today, context.walk_m)
        opens = int(sieve(asked).allowed().sum()) - count
        if opens > 0:
            found.append(Relaxation(rule, text, opens, patch))
    return tuple(sorted(found, key=lambda r: -r.opens)[:most])
