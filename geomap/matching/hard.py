"""Hard rules: what a unit must meet to be a candidate at all.

Each rule is one small function from the context to those who meet it: a rule of sites
answers for every site, a rule of units for every unit, or for every offer where it is about
the sum of a run. A value that is not stated never refuses a unit, except for a technical
need and a permitted use: there a missing figure cannot be relied on.

Limits are compared as the columns are stored, in float32; a monthly cost within a
millionth, which is their precision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from geomap.catalog.columns import MISSING_DAY
from geomap.domain.regions import COUNTIES
from geomap.domain.words import (
    AmenityCategory,
    Label,
    PermittedUse,
    Platform,
    Service,
    Stage,
    UnitKind,
    UnitStatus,
)
from geomap.matching.context import (
    WALK_M_MIN,
    Context,
    Flags,
    Level,
    alone_of,
    among,
    days_of,
    least_area,
)
from geomap.matching.freshness import is_shown

COST_TOLERANCE = 1e-6
_STATUS = list(UnitStatus)
VACANT, PIPELINE = _STATUS.index(UnitStatus.VACANT), _STATUS.index(UnitStatus.PIPELINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A hard rule.

    `meets` returns who meets it, shape (n_sites,) or (n_units,) by `level`, and None where
    the demand does not ask. With `of_run` its answer is about a whole offer; else every
    unit of a run must meet it.
    """

    level: Level
    meets: Callable[[Context], Flags | None]
    label: Label
    of_run: bool = False


def _meets_status(context: Context) -> Flags:
    """Vacant now, or in the pipeline and finished by the day of moving in.

    A leased unit is not offered even where its lease ends in time: it may be renewed.
    """
    units = context.catalog.units
    vacant = np.asarray(units.status == VACANT)
    move_in = context.demand.move_in
    if move_in is None:
        return vacant
    known = units.free_from != MISSING_DAY
    coming = (units.status == PIPELINE) & known & (units.free_from <= days_of(move_in))
    return np.asarray(vacant | coming)


def _meets_freshness(context: Context) -> Flags | None:
    """For the public: verified within 120 days, or never."""
    if not context.public:
        return None
    return is_shown(context.catalog.units.verified_at, context.today)


def _meets_move_in(context: Context) -> Flags | None:
    """Free by the day of moving in, or the day is not stated."""
    if context.demand.move_in is None:
        return None
    free = context.catalog.units.free_from
    return np.asarray((free == MISSING_DAY) | (free <= days_of(context.demand.move_in)))


def _meets_county(context: Context) -> Flags | None:
    """In one of the counties wanted; a site without a county is in none."""
    wanted = context.demand.counties
    if not wanted:
        return None
    rows = [i for i, county in enumerate(COUNTIES) if county.adcode in wanted]
    return among(context.catalog.sites.county, rows, len(COUNTIES))


def _meets_within(context: Context) -> Flags | None:
    """In the polygon drawn or on its edge; a site without a place is not."""
    if context.demand.within is None:
        return None
    sites = context.catalog.sites
    shapely.prepare(context.demand.within)
    return np.asarray(shapely.intersects_xy(context.demand.within, sites.lon, sites.lat))


def _meets_near(context: Context) -> Flags | None:
    """Within the minutes of `near` on foot, by the streets' own walk."""
    near = context.demand.near
    if near is None or context.walk_m is None:
        return None
    with np.errstate(invalid="ignore"):
        return np.asarray(context.walk_m <= np.float32(near.minutes * WALK_M_MIN))


def _meets_stage(context: Context) -> Flags | None:
    """The site accepts firms of this stage, or does not say which it accepts."""
    stage = context.demand.stage
    if stage is None:
        return None
    stages = context.catalog.sites.stages
    bit = np.uint32(1 << list(Stage).index(stage))
    return np.asarray((stages == 0) | ((stages & bit) > 0))


def _meets_services(context: Context) -> Flags | None:
    """The site has every service wanted."""
    wanted = context.demand.services
    if not wanted:
        return None
    mask = np.uint32(sum(1 << list(Service).index(s) for s in wanted))
    return np.asarray((context.catalog.sites.services & mask) == mask)


def _meets_platforms(context: Context) -> Flags | None:
    """The site has every platform wanted."""
    wanted = context.demand.platforms
    if not wanted:
        return None
    mask = np.uint32(sum(1 << list(Platform).index(p) for p in wanted))
    return np.asarray((context.catalog.sites.platforms & mask) == mask)


def _meets_amenities(context: Context) -> Flags | None:
    """Every amenity wanted lies in the site's ring."""
    wanted = context.demand.amenities
    if not wanted:
        return None
    count = context.catalog.access.count
    met = np.ones(len(count), dtype=np.bool_)
    for amenity in wanted:
        met &= count[:, list(AmenityCategory).index(amenity)] > 0
    return met


def _meets_unit_kind(context: Context) -> Flags | None:
    """Of one of the kinds wanted."""
    kinds = context.demand.unit_kinds
    if not kinds:
        return None
    codes = [list(UnitKind).index(kind) for kind in kinds]
    return among(context.catalog.units.kind, codes, len(UnitKind))


def _meets_permitted_use(context: Context) -> Flags | None:
    """The permit allows this use."""
    use = context.demand.requires.permitted_use
    if use is None:
        return None
    return np.asarray(context.catalog.units.permitted_use == list(PermittedUse).index(use))


def _meets_rent(context: Context) -> Flags | None:
    """At most the rent limit per m², or not stated."""
    limit = context.demand.rent_max_cny_m2_month
    if limit is None:
        return None
    rent = context.catalog.units.rent_cny_m2_month
    return np.isnan(rent) | (rent <= np.float32(limit))


def _meets_area(context: Context) -> Flags | None:
    """The offer's area lies in the range; the least is 3 m² a head where none is given."""
    least, most = least_area(context.demand), context.demand.area_max_m2
    if least is None and most is None:
        return None
    area = context.offers.area_m2
    enough = area >= np.float32(least or 0.0)
    return np.asarray(enough if most is None else enough & (area <= np.float32(most)))


def _meets_budget(context: Context) -> Flags | None:
    """The offer's rent a month is at most the budget, or not stated."""
    limit = context.demand.budget_max_cny_month
    if limit is None:
        return None
    cost = context.offers.cost_cny_month
    return np.isnan(cost) | (cost <= limit * (1.0 + COST_TOLERANCE))


def _at_least(name: str) -> Callable[[Context], Flags | None]:
    def meets(context: Context) -> Flags | None:
        least = getattr(context.demand.requires, name)
        if least is None:
            return None
        with np.errstate(invalid="ignore"):
            met: Flags = getattr(context.catalog.units, name) >= np.float32(least)
        return met

    return meets


def _has(name: str) -> Callable[[Context], Flags | None]:
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
MEASURES = tuple(TECHNICAL)[:5]
_S, _U = Level.SITE, Level.UNIT

RULES: Mapping[str, Rule] = {
    "status": Rule(_U, _meets_status, Label("现在没有空置", "Not vacant now")),
    "freshness": Rule(
        _U, _meets_freshness, Label("超过 120 天没有核实", "Not verified for over 120 days")
    ),
    "move_in": Rule(
        _U, _meets_move_in, Label("到入驻日还不能用", "Not free by the day of moving in")
    ),
    "county": Rule(_S, _meets_county, Label("不在要的县（市、区）", "Not in the counties wanted")),
    "within": Rule(_S, _meets_within, Label("不在画的范围里", "Outside the area drawn")),
    "near": Rule(_S, _meets_near, Label("步行太远", "Too far to walk")),
    "stage": Rule(_S, _meets_stage, Label("不收这个阶段", "Does not take this stage")),
    "services": Rule(_S, _meets_services, Label("缺要的服务", "Lacks a service wanted")),
    "platforms": Rule(_S, _meets_platforms, Label("缺要的平台", "Lacks a platform wanted")),
    "amenities": Rule(
        _S,
        _meets_amenities,
        Label("15 分钟内缺要的配套", "Lacks an amenity within 15 minutes"),
    ),
    "unit_kind": Rule(_U, _meets_unit_kind, Label("不是要的类型", "Not of the kind wanted")),
    "permitted_use": Rule(
        _U, _meets_permitted_use, Label("许可用途不合", "Permitted use does not fit")
    ),
    **{
        name: Rule(_U, _at_least(name) if name in MEASURES else _has(name), text)
        for name, text in TECHNICAL.items()
    },
    "rent": Rule(_U, _meets_rent, Label("租金超过上限", "Rent above the limit")),
    "area": Rule(_U, _meets_area, Label("面积不合", "Area does not fit"), of_run=True),
    "budget": Rule(
        _U, _meets_budget, Label("月租总价超过预算", "Monthly cost above the budget"), of_run=True
    ),
}
"""In the order in which they are asked: a unit is counted by the first that refuses it."""

RULE_LABELS: Mapping[str, Label] = {name: rule.label for name, rule in RULES.items()}


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which offers meet each rule that the demand asks, in the order of the rules.

    `alone` says the same of every unit by itself; it is `met` where nothing is combined.
    """

    met: Mapping[str, Flags]
    alone: Mapping[str, Flags]
    total: int

    def allowed(self, *, without: str = "") -> Flags:
        """Return the offers that meet all rules, or all but one."""
        kept = np.ones(self.total, dtype=bool)
        for name, met in self.met.items():
            if name != without:
                kept &= met
        return kept

    def rejected(self) -> dict[str, int]:
        """Count the units that start no candidate, by the first rule that refuses each alone.

        A unit too small by itself whose neighbours cannot be had is refused by its area.
        """
        left = ~self.allowed()
        counts = {}
        for name, met in self.alone.items():
            refused = left & ~met
            if count := int(refused.sum()):
                counts[name] = count
            left &= met
        return counts


def flags_of(context: Context, name: str) -> Flags | None:
    """Return which offers meet a rule, None where the demand does not ask."""
    rule = RULES[name]
    met = rule.meets(context)
    if met is None or rule.of_run:
        return met
    if rule.level is Level.SITE:
        return met[context.site]
    return context.offers.all_of(met)


def _met(context: Context) -> dict[str, Flags]:
    asked = {name: flags_of(context, name) for name in RULES}
    return {name: flags for name, flags in asked.items() if flags is not None}


def sieve(context: Context) -> Sieve:
    """Apply every rule that the demand asks."""
    met = _met(context)
    alone = met if not context.offers.combined else _met(alone_of(context))
    return Sieve(met, alone, len(context.catalog.units))
