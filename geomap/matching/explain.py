"""Why a unit fits a demand or does not: every rule and every score, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from geomap.catalog.columns import MISSING_DAY
from geomap.catalog.convert import words_of
from geomap.domain.demand import Candidate
from geomap.domain.regions import BY_ADCODE, COUNTIES
from geomap.domain.words import (
    Label,
    PermittedUse,
    Platform,
    Service,
    Stage,
    UnitKind,
    UnitStatus,
    label,
)
from geomap.matching.context import WALK_M_MIN, Context, Level, alone_of, least_area
from geomap.matching.hard import MEASURES, RULES, TECHNICAL, flags_of
from geomap.matching.ladders import NEEDS
from geomap.matching.match import candidate_of
from geomap.matching.reasons import REASONS, freshness_words, number, rent_against, within

RULE_NAMES: Mapping[str, Label] = {
    "status": Label("空置", "Vacancy"),
    "freshness": Label("核实", "Verification"),
    "move_in": Label("入驻", "Move-in"),
    "county": Label("县（市、区）", "County"),
    "within": Label("画的范围", "Area drawn"),
    "near": Label("步行距离", "Walk"),
    "stage": Label("阶段", "Stage"),
    "services": Label("服务", "Services"),
    "platforms": Label("平台", "Platforms"),
    "amenities": Label("配套", "Amenities"),
    "unit_kind": Label("类型", "Kind"),
    **{name: Label(words.zh, words.en.capitalize()) for name, words in NEEDS.items()},
    "rent": Label("租金", "Rent"),
    "area": Label("面积", "Area"),
    "budget": Label("月租预算", "Budget"),
}
"""What a rule is about, whether met or not."""
NOT_ASKED = Label("没有要求", "Not asked")
_UNITS = {
    "floor_load_kn_m2": "kN/㎡",
    "clear_height_m": "m",
    "column_spacing_m": "m",
    "freight_lift_t": "t",
    "power_kw": "kW",
}
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """Whether a rule is met, None where the demand does not ask, and the words for it."""

    name: str
    level: Level
    met: bool | None
    reason: Label


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a match says of one unit; `refused_by` is empty where it is a candidate.

    `candidate` holds every score, also of a unit that is refused.
    """

    row: int
    refused_by: str
    rules: tuple[RuleOutcome, ...]
    candidate: Candidate


def explain(context: Context, row: int) -> tuple[Context, Explanation]:
    """Explain what a demand finds in a unit row.

    Where units may be combined, the run that starts at the unit is explained if it may be
    had, else the unit alone; the context returned says which.
    """
    if context.offers.span[row] > 1 and any(
        met is False for met in (_is_met(context, name, row) for name in RULES)
    ):
        context = alone_of(context)
    outcomes = tuple(_outcome(context, name, row) for name in RULES)
    refused_by = next((o.name for o in outcomes if o.met is False), "")
    return context, Explanation(row, refused_by, outcomes, candidate_of(context, row))


def _is_met(context: Context, name: str, row: int) -> bool | None:
    flags = flags_of(context, name)
    return None if flags is None else bool(flags[row])


def _outcome(context: Context, name: str, row: int) -> RuleOutcome:
    met = _is_met(context, name, row)
    site = int(context.site[row])
    words = NOT_ASKED if met is None else RULE_WORDS[name](context, row, site)
    return RuleOutcome(name, RULES[name].level, met, words)


def _join(words: list[Label]) -> Label:
    return Label("、".join(w.zh for w in words), ", ".join(within(w.en) for w in words))


def _day(days: int) -> str:
    return (_EPOCH + timedelta(days=days)).isoformat()


def _status(context: Context, row: int, site: int) -> Label:
    status, span = list(UnitStatus)[context.catalog.units.status[row]], context.offers.span[row]
    free = int(context.offers.free_from[row])
    if span > 1:
        return Label(f"相邻 {span} 套都可用", f"All {span} adjacent units to be had")
    if status is UnitStatus.VACANT:
        return Label("现在空置", "Vacant now")
    if status is UnitStatus.PIPELINE and free != MISSING_DAY:
        return Label(f"在建，{_day(free)} 起可用", f"Being built, free from {_day(free)}")
    return label(status)


def _freshness(context: Context, row: int, site: int) -> Label:
    return freshness_words(int(context.offers.verified_at[row]), context.today)


def _move_in(context: Context, row: int, site: int) -> Label:
    free, wanted = int(context.offers.free_from[row]), context.demand.move_in
    if free == MISSING_DAY:
        return Label("可用日期未注明，要问", "Day it is free not stated: ask")
    if free <= context.today:
        return Label("现在可用", "Free now")
    return Label(f"{_day(free)} 起可用，{wanted} 入驻", f"Free from {_day(free)}, move in {wanted}")


def _county(context: Context, row: int, site: int) -> Label:
    code = int(context.catalog.sites.county[site])
    if code < 0:
        return Label("不知道在哪个县（市、区）", "County not known")
    here, wanted = COUNTIES[code], context.demand.counties
    if here.adcode in wanted:
        return Label(f"在{here.name}", f"In {here.name_en}")
    names = [BY_ADCODE[a] for a in wanted]
    zh, en = "、".join(c.short for c in names), ", ".join(c.name_en for c in names)
    return Label(f"在{here.name}，要{zh}", f"In {here.name_en}, wanted {en}")


def _within(context: Context, row: int, site: int) -> Label:
    if np.isnan(context.catalog.sites.lon[site]):
        return Label("位置未知，不算在范围里", "Place not known, so not in the area drawn")
    met = _is_met(context, "within", row)
    if met:
        return Label("在画的范围里", "In the area drawn")
    return Label("在画的范围外", "Outside the area drawn")


def _near(context: Context, row: int, site: int) -> Label:
    near = context.demand.near
    walk = float("nan") if context.walk_m is None else float(context.walk_m[site])
    limit = "" if near is None else f"{near.minutes:g}"
    if np.isnan(walk):
        return Label(f"步行走不到，要 {limit} 分钟内", f"Not in reach, wanted {limit} min on foot")
    minutes = number(walk / WALK_M_MIN)
    return Label(
        f"步行 {minutes} 分钟，要 {limit} 分钟内",
        f"{minutes} min on foot, wanted {limit} at most",
    )


def _stage(context: Context, row: int, site: int) -> Label:
    stages = [Stage(s) for s in words_of(context.catalog.sites.stages[site], Stage)]
    if not stages:
        return Label("没有注明收哪个阶段，要问", "Stages taken not stated: ask")
    taken, wanted = _join([label(s) for s in stages]), context.demand.stage
    if wanted is None or wanted in stages:
        return Label(f"面向{taken.zh}", f"For {taken.en}")
    want = label(wanted)
    return Label(f"面向{taken.zh}，不收{want.zh}", f"For {taken.en}, not {within(want.en)}")


def _all_or_lacking(wanted: list[Label], lacking: list[Label]) -> Label:
    if lacking:
        words = _join(lacking)
        return Label(f"缺{words.zh}", f"Lacks {words.en}")
    words = _join(wanted)
    return Label(f"有{words.zh}", f"Has {words.en}")


def _services(context: Context, row: int, site: int) -> Label:
    wanted = context.demand.services
    here = words_of(context.catalog.sites.services[site], Service)
    return _all_or_lacking([label(s) for s in wanted], [label(s) for s in wanted if s not in here])


def _platforms(context: Context, row: int, site: int) -> Label:
    wanted = context.demand.platforms
    here = words_of(context.catalog.sites.platforms[site], Platform)
    return _all_or_lacking([label(p) for p in wanted], [label(p) for p in wanted if p not in here])


def _unit_kind(context: Context, row: int, site: int) -> Label:
    kinds = [list(UnitKind)[context.catalog.units.kind[m]] for m in context.offers.members(row)]
    here = _join([label(kind) for kind in dict.fromkeys(kinds)])
    wanted = _join([label(kind) for kind in context.demand.unit_kinds])
    if all(kind in context.demand.unit_kinds for kind in kinds):
        return Label(f"是{here.zh}", f"Kind: {here.en}")
    return Label(f"是{here.zh}，要{wanted.zh}", f"Kind: {here.en}, wanted {wanted.en}")


def _permitted_use(context: Context, row: int, site: int) -> Label:
    use, code = context.demand.requires.permitted_use, context.catalog.units.permitted_use[row]
    wanted = label(use) if use is not None else NOT_ASKED
    if code < 0:
        return Label(
            f"许可用途未注明，要{wanted.zh}", f"Permitted use not stated, {wanted.en} wanted"
        )
    here = list(PermittedUse)[code]
    words = label(here)
    if here == use:
        return Label(f"许可用途：{words.zh}", f"Permitted use: {within(words.en)}")
    return Label(
        f"许可用途：{words.zh}，要{wanted.zh}",
        f"Permitted use: {within(words.en)}, {within(wanted.en)} wanted",
    )


def _measure(name: str) -> Callable[[Context, int, int], Label]:
    words, unit = NEEDS[name], _UNITS[name]

    def said(context: Context, row: int, site: int) -> Label:
        column = getattr(context.catalog.units, name)
        have = float(np.min(column[context.offers.members(row)]))
        least = f"{getattr(context.demand.requires, name):g} {unit}"
        if np.isnan(have):
            return Label(
                f"{words.zh}未注明，要 {least}",
                f"{words.en.capitalize()} not stated, {least} wanted",
            )
        return Label(
            f"{words.zh} {have:g} {unit}，要 {least}",
            f"{words.en.capitalize()} {have:g} {unit}, {least} wanted",
        )

    return said


def _yes_no(name: str) -> Callable[[Context, int, int], Label]:
    words = NEEDS[name]

    def said(context: Context, row: int, site: int) -> Label:
        have = int(np.min(getattr(context.catalog.units, name)[context.offers.members(row)]))
        if have < 0:
            return Label(f"{words.zh}未注明，要问", f"{words.en.capitalize()} not stated: ask")
        if have:
            return Label(f"有{words.zh}", f"Has {words.en}")
        return Label(f"没有{words.zh}", f"No {words.en}")

    return said


def _rent(context: Context, row: int, site: int) -> Label:
    limit = context.demand.rent_max_cny_m2_month or 0.0
    units = context.catalog.units
    rent = float(np.max(units.rent_cny_m2_month[context.offers.members(row)]))
    if np.isnan(rent):
        return Label("租金未注明，要问", "Rent not stated: ask")
    return rent_against(rent, limit, budget=False)


def _budget(context: Context, row: int, site: int) -> Label:
    limit = context.demand.budget_max_cny_month or 0.0
    cost = float(context.offers.cost_cny_month[row])
    if np.isnan(cost):
        return Label("月租未注明，要问", "Cost a month not stated: ask")
    share = round(abs(1.0 - cost / max(limit, 1e-6)) * 100)
    under = cost <= limit
    return Label(
        f"月租 {number(cost)} 元，{'低于' if under else '高于'}预算 {share}%",
        f"¥{number(cost)} a month, {share}% {'under' if under else 'over'} the budget",
    )


def _area(context: Context, row: int, site: int) -> Label:
    area, span = float(context.offers.area_m2[row]), int(context.offers.span[row])
    least, most = least_area(context.demand), context.demand.area_max_m2
    zh = f"相邻 {span} 套共 {number(area)} ㎡" if span > 1 else f"面积 {number(area)} ㎡"
    en = f"{span} adjacent units, {number(area)} ㎡" if span > 1 else f"Area {number(area)} ㎡"
    if least is not None and area < least:
        short = number(least - area)
        return Label(
            f"{zh}，至少要 {number(least)} ㎡，小 {short} ㎡", f"{en}, {short} ㎡ too small"
        )
    if most is not None and area > most:
        over = number(area - most)
        return Label(f"{zh}，最多要 {number(most)} ㎡，大 {over} ㎡", f"{en}, {over} ㎡ too large")
    return Label(f"{zh}，合要求", f"{en}, as wanted")


RULE_WORDS: Mapping[str, Callable[[Context, int, int], Label]] = {
    "status": _status,
    "freshness": _freshness,
    "move_in": _move_in,
    "county": _county,
    "within": _within,
    "near": _near,
    "stage": _stage,
    "services": _services,
    "platforms": _platforms,
    "amenities": REASONS["amenities"],
    "unit_kind": _unit_kind,
    "permitted_use": _permitted_use,
    **{name: _measure(name) if name in MEASURES else _yes_no(name) for name in TECHNICAL},
    "rent": _rent,
    "area": _area,
    "budget": _budget,
}
"""From a rule to what it finds in the offer at a unit row of a site row."""
