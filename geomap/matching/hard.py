"""Hard rules: what a unit must meet to be a candidate at all.

Each rule is one small function from the catalog and a demand to the units that meet it.
A value that is not stated never refuses a unit, except for a technical need: there a
missing figure cannot be relied on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import MISSING_DAY
from geomap.domain.demand import Demand
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, Label, PermittedUse, Service, UnitKind, UnitStatus

Flags = NDArray[np.bool_]
M2_PER_HEAD = 3.0
"""Below this no one can be seated; the usual planning figure is 6–10 m²."""

_STATUS = list(UnitStatus)
_VACANT, _PIPELINE = _STATUS.index(UnitStatus.VACANT), _STATUS.index(UnitStatus.PIPELINE)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Context:
    """What rules and scores look at. `walk_m` is each site's walk to the demand's `near`."""

    catalog: Catalog
    demand: Demand
    today: int
    walk_m: NDArray[np.float32] | None = None

    @property
    def site(self) -> NDArray[np.int32]:
        """Site row of every unit."""
        return self.catalog.units.site


Rule = Callable[[Context], Flags | None]
"""Returns which units meet it, or None where the demand does not ask."""


def days_of(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - _EPOCH).days


def _meets_status(context: Context) -> Flags:
    """Vacant now, or coming: free by the day of moving in."""
    units = context.catalog.units
    move_in = context.demand.move_in
    if move_in is None:
        return np.asarray(units.status == _VACANT)
    known = units.free_from != MISSING_DAY
    coming = (units.status == _PIPELINE) & known & (units.free_from <= days_of(move_in))
    return np.asarray((units.status == _VACANT) | coming)


def _meets_move_in(context: Context) -> Flags | None:
    if context.demand.move_in is None:
        return None
    free = context.catalog.units.free_from
    return np.asarray((free == MISSING_DAY) | (free <= days_of(context.demand.move_in)))


def _meets_unit_kind(context: Context) -> Flags | None:
    kinds = context.demand.unit_kinds
    if not kinds:
        return None
    return np.isin(context.catalog.units.kind, [list(UnitKind).index(k) for k in kinds])


def _meets_area(context: Context) -> Flags | None:
    demand, area = context.demand, context.catalog.units.area_m2
    low, high = demand.area_min_m2, demand.area_max_m2
    if low is None and high is None and demand.headcount is None:
        return None
    least = max(low or 0.0, (demand.headcount or 0) * M2_PER_HEAD if low is None else 0.0)
    return (area >= least) & (area <= (np.inf if high is None else high))


def _meets_rent(context: Context) -> Flags | None:
    limit = context.demand.rent_max_cny_m2_month
    if limit is None:
        return None
    rent = context.catalog.units.rent_cny_m2_month
    return np.isnan(rent) | (rent <= np.float32(limit))


def _meets_budget(context: Context) -> Flags | None:
    limit = context.demand.budget_max_cny_month
    if limit is None:
        return None
    units = context.catalog.units
    cost = units.rent_cny_m2_month.astype(np.float64) * units.area_m2
    return np.isnan(cost) | (cost <= limit)


def _meets_county(context: Context) -> Flags | None:
    wanted = context.demand.counties
    if not wanted:
        return None
    rows = [i for i, county in enumerate(COUNTIES) if county.adcode in wanted]
    return np.isin(context.catalog.sites.county, rows)[context.site]


def _meets_services(context: Context) -> Flags | None:
    wanted = context.demand.services
    if not wanted:
        return None
    mask = np.uint32(sum(1 << list(Service).index(s) for s in wanted))
    return np.asarray((context.catalog.sites.services & mask) == mask)[context.site]


def _meets_amenities(context: Context) -> Flags | None:
    wanted = context.demand.amenities
    if not wanted:
        return None
    columns = [list(AmenityCategory).index(a) for a in wanted]
    met = np.asarray((context.catalog.access.count[:, columns] > 0).all(axis=1))
    return met[context.site]


def _meets_near(context: Context) -> Flags | None:
    near = context.demand.near
    if near is None or context.walk_m is None:
        return None
    limit = near.minutes * 80.0
    with np.errstate(invalid="ignore"):
        return (context.walk_m <= limit)[context.site]


def _meets_permitted_use(context: Context) -> Flags | None:
    use = context.demand.requires.permitted_use
    if use is None:
        return None
    return np.asarray(context.catalog.units.permitted_use == list(PermittedUse).index(use))


def _at_least(name: str) -> Rule:
    def meets(context: Context) -> Flags | None:
        least = getattr(context.demand.requires, name)
        if least is None:
            return None
        with np.errstate(invalid="ignore"):
            met: Flags = getattr(context.catalog.units, name) >= np.float32(least)
        return met

    return meets


def _has(name: str) -> Rule:
    def meets(context: Context) -> Flags | None:
        if not getattr(context.demand.requires, name):
            return None
        met: Flags = getattr(context.catalog.units, name) == 1
        return met

    return meets


TECHNICAL: Mapping[str, Label] = {
    "floor_load_kn_m2": Label("楼面荷载不够或未注明", "Floor load too low or not stated"),
    "clear_height_m": Label("净高不够或未注明", "Clear height too low or not stated"),
    "column_spacing_m": Label("柱距不够或未注明", "Column spacing too small or not stated"),
    "freight_lift_t": Label("货梯不够或未注明", "Freight lift too small or not stated"),
    "power_kw": Label("电力不够或未注明", "Power too low or not stated"),
    "water": Label("没有给水或未注明", "No water supply stated"),
    "drainage": Label("没有排水或未注明", "No drainage stated"),
    "exhaust": Label("没有排风或未注明", "No exhaust stated"),
    "gas": Label("没有燃气或未注明", "No gas stated"),
    "clean_room": Label("不是洁净间或未注明", "No clean room stated"),
    "hazardous_storage": Label("没有危化品间或未注明", "No hazardous storage stated"),
    "open_24h": Label("不能全天使用或未注明", "Not open around the clock, as stated"),
}
_NUMERIC = tuple(TECHNICAL)[:5]

RULES: Mapping[str, Rule] = {
    "status": _meets_status,
    "unit_kind": _meets_unit_kind,
    "county": _meets_county,
    "area": _meets_area,
    "rent": _meets_rent,
    "budget": _meets_budget,
    "move_in": _meets_move_in,
    "services": _meets_services,
    "amenities": _meets_amenities,
    "near": _meets_near,
    "permitted_use": _meets_permitted_use,
    **{name: _at_least(name) if name in _NUMERIC else _has(name) for name in TECHNICAL},
}
"""In the order in which they are asked: a unit is counted by the first that refuses it."""

RULE_LABELS: Mapping[str, Label] = {
    "status": Label("现在没有空置", "Not vacant now"),
    "unit_kind": Label("不是要的类型", "Not of the kind wanted"),
    "county": Label("不在要的县（市、区）", "Not in the counties wanted"),
    "area": Label("面积不合", "Area does not fit"),
    "rent": Label("租金超过上限", "Rent above the limit"),
    "budget": Label("月租总价超过预算", "Monthly cost above the budget"),
    "move_in": Label("到入驻日还不能用", "Not free by the day of moving in"),
    "services": Label("缺要的服务", "Lacks a service wanted"),
    "amenities": Label("15 分钟内缺要的配套", "Lacks an amenity within 15 minutes"),
    "near": Label("步行太远", "Too far to walk"),
    "permitted_use": Label("许可用途不合", "Permitted use does not fit"),
    **TECHNICAL,
}


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which units meet each rule that the demand asks, in the order of the rules."""

    met: Mapping[str, Flags]
    total: int

    def allowed(self, *, without: str = "") -> Flags:
        """Return the units that meet all rules, or all but one."""
        kept = np.ones(self.total, dtype=bool)
        for name, met in self.met.items():
            if name != without:
                kept &= met
        return kept

    def rejected(self) -> dict[str, int]:
        """Count the units by the first rule that refused each."""
        left = np.ones(self.total, dtype=bool)
        counts = {}
        for name, met in self.met.items():
            refused = left & ~met
            if count := int(refused.sum()):
                counts[name] = count
            left &= met
        return counts


def sieve(context: Context) -> Sieve:
    """Apply every rule that the demand asks."""
    asked = {name: rule(context) for name, rule in RULES.items()}
    met = {name: flags for name, flags in asked.items() if flags is not None}
    return Sieve(met, len(context.catalog.units))
