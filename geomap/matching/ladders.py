"""How far each rule would have to give way for each unit that it refuses.

A ladder is one way of easing one rule: in whole steps (1 yuan, 100 yuan a month, 1 m², 1
day, 1 minute, 0.1 of a technical figure), or in one step for what is taken or left, as a
county or a service. `size` says how much a change asks of the user, so that changes of
different rules can be compared; the figures stand in `docs/matching.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, Label, Platform, Service, UnitKind, label
from geomap.matching.context import (
    WALK_M_MIN,
    Context,
    Fit,
    Flags,
    Rows,
    among,
    days_of,
    least_area,
)
from geomap.matching.hard import COST_TOLERANCE, MEASURES, TECHNICAL
from geomap.matching.offers import LONGEST_RUN

Change = tuple[Label, dict[str, Any]]
SIZE_COUNTY, SIZE_LEFT, SIZE_KIND, SIZE_NEED, SIZE_WHOLE = 0.3, 0.4, 0.5, 0.5, 0.6
"""One more county; a service, platform or amenity less; one more kind; a yes-or-no need or a
use less; stage or polygon left out."""
SIZE_MEASURE = 1.0
"""A figure left out altogether: more than any lower figure."""
SIZE_COMBINED = 0.1
DAYS_OF_SIZE_1 = 90.0
_BUDGET_STEP, _MEASURE_STEP, _MOST_MINUTES = 100.0, 0.1, 60.0
_EPS = 1e-6


@dataclass(frozen=True, slots=True)
class Ladder:
    """One way of easing a rule.

    `steps` are those that each of the rows asked about needs, inf where none suffice, shape
    (len(rows),). `size_a_step` times steps is the size; `change` gives words and patch.
    """

    rule: str
    steps: Fit
    size_a_step: float
    change: Callable[[float], Change]


Builder = Callable[[Context, Rows], Sequence[Ladder]]


def _worst(context: Context, rows: Rows, column: NDArray[Any], pick: Callable[..., Any]) -> Any:
    """Return the least or greatest of a column over the units of each offer, NaN if any is."""
    offers, worst = context.offers, column[rows]
    place, here = np.arange(len(rows)), rows.astype(np.int32)
    for steps in range(1, LONGEST_RUN):
        longer = offers.span[rows[place]] > steps
        place, here = place[longer], offers.after[here[longer]]
        worst[place] = pick(worst[place], column[here])
    return worst


def _rent(context: Context, rows: Rows) -> Sequence[Ladder]:
    limit = context.demand.rent_max_cny_m2_month or 0.0
    need = _worst(context, rows, context.catalog.units.rent_cny_m2_month, np.fmax)
    steps = _steps_up(need, limit, 1.0)

    def change(step: float) -> Change:
        text = Label(f"租金上限 +{step:g} 元", f"Rent limit +¥{step:g}")
        return text, {"rent_cny_m2_month_max": limit + step}

    return [Ladder("rent", steps, 1.0 / max(limit, 1.0), change)]


def _steps_up(need: NDArray[Any], limit: float, unit: float) -> Fit:
    """Return the whole steps by which a limit, compared in float32, must rise."""
    steps = np.maximum(np.ceil((need.astype(np.float64) - limit) / unit - _EPS), 1.0)
    steps += (limit + steps * unit).astype(np.float32) < need
    return np.asarray(steps, dtype=np.float64)


def _steps_down(have: NDArray[Any], least: float, unit: float) -> Fit:
    """Return the whole steps by which a minimum, compared in float32, must fall."""
    steps = np.maximum(np.ceil((least - have.astype(np.float64)) / unit - _EPS), 1.0)
    steps += (least - steps * unit).astype(np.float32) > have
    return np.asarray(np.where(np.isnan(have), np.inf, steps), dtype=np.float64)


def _budget(context: Context, rows: Rows) -> Sequence[Ladder]:
    limit = context.demand.budget_max_cny_month or 0.0
    over = context.offers.cost_cny_month[rows] / (1.0 + COST_TOLERANCE) - limit
    steps = np.maximum(np.ceil(over / _BUDGET_STEP), 1.0)

    def change(step: float) -> Change:
        more = step * _BUDGET_STEP
        text = Label(f"月租预算 +{more:,.0f} 元", f"Budget +¥{more:,.0f} a month")
        return text, {"budget_cny_month_max": limit + more}

    return [Ladder("budget", steps, _BUDGET_STEP / max(limit, _BUDGET_STEP), change)]


def _area(context: Context, rows: Rows) -> Sequence[Ladder]:
    least, most = least_area(context.demand), context.demand.area_max_m2
    area = context.offers.area_m2[rows]
    found = []
    # heads may ask for more than the greatest area: in between no single limit is to blame
    small = area < np.float32(least or 0.0)
    large = area > np.float32(np.inf if most is None else most)
    if least is not None:
        found.append(area_ladder(least, np.where(small & ~large, area, np.nan)))
    if most is not None:
        high = most
        steps = np.where(large & ~small, _steps_up(area, high, 1.0), np.inf)

        def change(step: float) -> Change:
            text = Label(f"面积上限 +{step:,.0f} ㎡", f"Area up to {high + step:,.0f} ㎡")
            return text, {"area_m2": {"max": high + step}}

        found.append(Ladder("area", steps, 1.0 / max(high, 1.0), change))
    return found


def area_ladder(least: float, area: NDArray[Any]) -> Ladder:
    """Return the ladder of a smaller least area, for areas that are too small, else NaN."""

    def change(step: float) -> Change:
        new = max(least - step, 0.0)
        text = Label(f"面积下限 −{least - new:,.0f} ㎡", f"Area from {new:,.0f} ㎡")
        return text, {"area_m2": {"min": new}}

    return Ladder("area", _steps_down(area, least, 1.0), 1.0 / max(least, 1.0), change)


def _move_in(context: Context, rows: Rows) -> Sequence[Ladder]:
    move_in = context.demand.move_in
    if move_in is None:
        return []
    late = context.offers.free_from[rows].astype(np.float64) - _day_number(context)

    def change(step: float) -> Change:
        day = (move_in + timedelta(days=int(step))).isoformat()
        return Label(f"入驻推迟到 {day}", f"Move in by {day}"), {"move_in": day}

    return [Ladder("move_in", np.maximum(late, 1.0), 1.0 / DAYS_OF_SIZE_1, change)]


def _day_number(context: Context) -> int:
    assert context.demand.move_in is not None  # noqa: S101 - asked before
    return days_of(context.demand.move_in)


def _near(context: Context, rows: Rows) -> Sequence[Ladder]:
    near, walk_m = context.demand.near, context.walk_m
    if near is None or walk_m is None:
        return []
    walk = walk_m[context.site[rows]]
    minutes = near.minutes
    steps = np.ceil(walk.astype(np.float64) / WALK_M_MIN - minutes - _EPS)
    steps = np.maximum(np.nan_to_num(steps, nan=np.inf, posinf=np.inf), 1.0)
    steps += ((minutes + steps) * WALK_M_MIN).astype(np.float32) < walk
    steps = np.where(minutes + steps > _MOST_MINUTES, np.inf, steps)

    def change(step: float) -> Change:
        new = minutes + step
        text = Label(f"步行放到 {new:g} 分钟", f"Up to {new:g} minutes on foot")
        return text, {"near": {"lon": near.lon, "lat": near.lat, "minutes": new}}

    return [Ladder("near", steps, 1.0 / minutes, change)]


def _once(rule: str, passes: Flags, size: float, text: Label, patch: dict[str, Any]) -> Ladder:
    """Return a ladder of one step, for the rows that pass with it."""
    return Ladder(rule, np.where(passes, 1.0, np.inf), size, lambda _: (text, patch))


def _county(context: Context, rows: Rows) -> Sequence[Ladder]:
    codes = context.catalog.sites.county[context.site[rows]]
    wanted = list(context.demand.counties)
    found = []
    for code in np.unique(codes[codes >= 0]):
        county = COUNTIES[code]
        text = Label(f"接受{county.name}", f"Accept {county.name_en}")
        patch = {"counties": [*wanted, county.adcode]}
        found.append(_once("county", codes == code, SIZE_COUNTY, text, patch))
    if len(found) != 1 or (codes < 0).any():
        text, every = Label("不限县（市、区）", "Any county"), np.ones(len(rows), dtype=bool)
        found.append(_once("county", every, SIZE_WHOLE, text, {"counties": []}))
    return found


def _whole(rule: str, text: Label, patch: dict[str, Any], size: float = SIZE_WHOLE) -> Builder:
    """Return the builder of the one step that drops a rule."""

    def build(context: Context, rows: Rows) -> Sequence[Ladder]:
        return [_once(rule, np.ones(len(rows), dtype=bool), size, text, patch)]

    return build


def _all_among(context: Context, rows: Rows, kinds: Sequence[int]) -> Flags:
    """Return which offers at some rows have units of these kinds alone."""
    kind, offers = context.catalog.units.kind, context.offers
    if not offers.combined:
        return among(kind[rows], kinds, len(UnitKind))
    return offers.all_of(among(kind, kinds, len(UnitKind)))[rows]


def _unit_kind(context: Context, rows: Rows) -> Sequence[Ladder]:
    wanted, found = context.demand.unit_kinds, []
    taken = [list(UnitKind).index(kind) for kind in wanted]
    for code, kind in enumerate(UnitKind):
        if kind in wanted:
            continue
        passes = _all_among(context, rows, [*taken, code])
        words = label(kind)
        text = Label(f"也看{words.zh}", f"Also {words.en.lower()}")
        patch = {"unit_kinds": [*map(str, wanted), str(kind)]}
        found.append(_once("unit_kind", passes, SIZE_KIND, text, patch))
    return found


def _left_out(rule: str, lacks: Flags, wanted: Sequence[StrEnum]) -> Sequence[Ladder]:
    """Return the ways of leaving out one of the things wanted, or all of them.

    `lacks` says which are lacking, shape (len(rows), len(wanted)).
    """
    found = []
    alone = lacks.sum(axis=1) == 1
    for i, thing in enumerate(wanted):
        words = label(thing)
        text = Label(f"不要求{words.zh}", f"Without {words.en.lower()}")
        patch = {rule: [str(other) for other in wanted if other != thing]}
        found.append(_once(rule, alone & lacks[:, i], SIZE_LEFT, text, patch))
    if len(wanted) > 1:
        zh = "、".join(label(thing).zh for thing in wanted)
        en = ", ".join(label(thing).en.lower() for thing in wanted)
        text = Label(f"不要求{zh}", f"Without {en}")
        size = SIZE_LEFT * len(wanted)
        found.append(_once(rule, np.ones(len(lacks), dtype=bool), size, text, {rule: []}))
    return found


def _lacks_bits(mask: NDArray[np.uint32], places: Sequence[int]) -> Flags:
    return np.stack([(mask >> np.uint32(p)) & np.uint32(1) == 0 for p in places], axis=1)


def _services(context: Context, rows: Rows) -> Sequence[Ladder]:
    wanted = context.demand.services
    mask = context.catalog.sites.services[context.site[rows]]
    lacks = _lacks_bits(mask, [list(Service).index(s) for s in wanted])
    return _left_out("services", lacks, wanted)


def _platforms(context: Context, rows: Rows) -> Sequence[Ladder]:
    wanted = context.demand.platforms
    mask = context.catalog.sites.platforms[context.site[rows]]
    lacks = _lacks_bits(mask, [list(Platform).index(p) for p in wanted])
    return _left_out("platforms", lacks, wanted)


def _amenities(context: Context, rows: Rows) -> Sequence[Ladder]:
    wanted = context.demand.amenities
    columns = [list(AmenityCategory).index(a) for a in wanted]
    lacks = context.catalog.access.count[context.site[rows]][:, columns] <= 0
    return _left_out("amenities", lacks, wanted)


def _technical(name: str) -> Builder:
    words = NEEDS[name]
    drop = Label(f"不要求{words.zh}", f"Without {words.en}")
    size = SIZE_MEASURE if name in MEASURES else SIZE_NEED
    dropped = _whole(name, drop, {"requires": {name: None}}, size)
    if name not in MEASURES:
        return dropped

    def build(context: Context, rows: Rows) -> Sequence[Ladder]:
        least = float(getattr(context.demand.requires, name))
        have = _worst(context, rows, getattr(context.catalog.units, name), np.minimum)
        steps = _steps_down(have, least, _MEASURE_STEP)
        steps = np.where(least - steps * _MEASURE_STEP > 0, steps, np.inf)

        def change(step: float) -> Change:
            new = round(least - step * _MEASURE_STEP, 6)
            text = Label(f"{words.zh}降到 {new:g}", f"{words.en.capitalize()} from {new:g}")
            return text, {"requires": {name: new}}

        a_step = _MEASURE_STEP / max(least, _MEASURE_STEP)
        return [Ladder(name, steps, a_step, change), *dropped(context, rows)]

    return build


NEEDS: Mapping[str, Label] = {
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
LADDERS: Mapping[str, Builder] = {
    "move_in": _move_in,
    "county": _county,
    "within": _whole("within", Label("不限画的范围", "Anywhere"), {"within": None}),
    "near": _near,
    "stage": _whole("stage", Label("不限阶段", "Any stage"), {"stage": None}),
    "services": _services,
    "platforms": _platforms,
    "amenities": _amenities,
    "unit_kind": _unit_kind,
    **{name: _technical(name) for name in ("permitted_use", *TECHNICAL)},
    "rent": _rent,
    "area": _area,
    "budget": _budget,
}
"""The rules that a user can ease; `status` and `freshness` are not theirs to ease."""


def steps_within(steps: Fit, wanted: int) -> list[float]:
    """Return the fewest steps that suffice for one row, and for `wanted` of them or all."""
    known = np.sort(steps[np.isfinite(steps)])
    if not len(known):
        return []
    return list(dict.fromkeys([float(known[0]), float(known[min(wanted, len(known)) - 1])]))
