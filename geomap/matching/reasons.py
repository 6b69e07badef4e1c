"""The sentence beside each part of a score: what it rests on, in figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.catalog.convert import words_of
from geomap.domain.industries import BY_ID, INDUSTRIES, Kinship, find_kinship
from geomap.domain.regions import COUNTIES
from geomap.domain.words import (
    AmenityCategory,
    Label,
    Platform,
    Service,
    SiteLevel,
    Stage,
    UnitKind,
    label,
)
from geomap.matching.basis import TRANSIT
from geomap.matching.context import WALK_M_MIN, Context
from geomap.matching.freshness import Freshness, check_of
from geomap.matching.hard import VACANT
from geomap.matching.scores import wanted_area

_INDUSTRY_IDS = [industry.id for industry in INDUSTRIES]
_NEAREST = list(Kinship)


def within(text: str) -> str:
    """Return an English label as it stands within a sentence; abbreviations stay."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def number(value: float) -> str:
    """Return a figure as people write it: whole from 100 on, else to one decimal."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:,.1f}"


def county_label(code: int) -> Label:
    """Return the label of a county's row."""
    return Label(COUNTIES[code].short, COUNTIES[code].name_en) if code >= 0 else Label("—", "—")


def _level_label(code: int) -> Label:
    return label(list(SiteLevel)[code]) if code >= 0 else Label("未认定", "Not rated")


def site_walk(catalog: Catalog, site: int) -> float | None:
    """Return a site's walk to the nearest public transport, m."""
    metres = float(catalog.access.walk_m[site, TRANSIT])
    return None if np.isnan(metres) else metres


def _area(context: Context, row: int, site: int) -> Label:
    area, best = float(context.offers.area_m2[row]), wanted_area(context) or 0.0
    span, heads = int(context.offers.span[row]), context.demand.headcount
    size = number(area)
    zh, en = f"{size} ㎡", f"{size} ㎡"
    if span > 1:
        zh, en = f"相邻 {span} 套共 {size} ㎡", f"{span} adjacent units, {size} ㎡"
    if heads:
        each = number(area / heads)
        return Label(f"{zh}，人均 {each} ㎡", f"{en}, {each} ㎡ a head")
    if abs(area - best) <= best * 0.15:
        return Label(f"{zh}，正合适", f"{en}, just right")
    more, gap = area > best, number(abs(area - best))
    return Label(
        f"{zh}，比理想{'大' if more else '小'} {gap} ㎡",
        f"{en}, {gap} ㎡ {'more' if more else 'less'} than ideal",
    )


def rent_against(rent: float, ceiling: float, *, budget: bool) -> Label:
    """Return a rent against what limit or budget allow, in per cent."""
    zh, en = ("预算", "budget") if budget else ("上限", "limit")
    share = round(abs(1.0 - rent / max(ceiling, 1e-6)) * 100)
    asked, en_asked = f"租金 {number(rent)} 元/㎡·月", f"Rent ¥{number(rent)}/㎡·month"
    if share == 0:
        return Label(f"{asked}，正好到{zh}", f"{en_asked}, just at the {en}")
    under = rent <= ceiling
    return Label(
        f"{asked}，{'低于' if under else '高于'}{zh} {share}%",
        f"{en_asked}, {share}% {'under' if under else 'over'} the {en}",
    )


def _rent(context: Context, row: int, site: int) -> Label:
    rent = float(context.offers.rent_cny_m2_month[row])
    if np.isnan(rent):
        return Label("租金未注明，要问", "Rent not stated: ask")
    limit, budget = context.demand.rent_max_cny_m2_month, context.demand.budget_max_cny_month
    if limit is not None or budget is not None:
        allowed = np.inf if limit is None else limit
        if budget is not None:
            allowed = min(allowed, budget / max(float(context.offers.area_m2[row]), 1e-3))
        return rent_against(rent, allowed, budget=limit is None or allowed < limit)
    usual = float(context.basis.usual_rent[context.catalog.units.kind[row]])
    month = number(float(context.offers.cost_cny_month[row]))
    zh = f"租金 {number(rent)} 元/㎡·月，约 {month} 元/月"
    en = f"Rent ¥{number(rent)}/㎡·month, about ¥{month} a month"
    if np.isnan(usual):
        return Label(zh, en)
    share = round(abs(1.0 - rent / usual) * 100)
    kind = label(list(UnitKind)[context.catalog.units.kind[row]])
    if share == 0:
        return Label(f"{zh}，同类的常价", f"{en}, usual for its kind")
    less = rent < usual
    return Label(
        f"{zh}，比{kind.zh}常价{'低' if less else '高'} {share}%",
        f"{en}, {share}% {'below' if less else 'above'} the usual {within(kind.en)}",
    )


def _industry(context: Context, row: int, site: int) -> Label:
    return _industry_told(context.demand.industry, int(context.catalog.sites.industries[site]))


@lru_cache(maxsize=4096)
def _industry_told(wanted: str, mask: int) -> Label:
    here = words_of(mask, _INDUSTRY_IDS)
    if not here:
        return Label("没有注明产业方向", "No industry focus stated")
    kin, closest = min((_NEAREST.index(find_kinship(wanted, k)), k) for k in here)
    kinship, name = _NEAREST[kin], BY_ID[closest].label
    if kinship is Kinship.SAME:
        return Label(f"主攻{name.zh}", f"Specialises in {within(name.en)}")
    if kinship is Kinship.CHAIN:
        return Label(f"同一产业链：{name.zh}", f"Same chain: {within(name.en)}")
    if kinship is Kinship.COMPLEMENT:
        return Label(f"上下游：{name.zh}", f"Up- or downstream: {within(name.en)}")
    return Label(f"主攻别的产业：{name.zh}", f"Another focus: {within(name.en)}")


def _stage(context: Context, row: int, site: int) -> Label:
    return _stages_told(int(context.catalog.sites.stages[site]))


@lru_cache(maxsize=16)
def _stages_told(mask: int) -> Label:
    stages = [label(Stage(s)) for s in words_of(mask, Stage)]
    if not stages:
        return Label("没有注明孵化阶段", "Stage not stated")
    zh, en = "、".join(s.zh for s in stages), ", ".join(within(s.en) for s in stages)
    return Label(f"面向{zh}", f"For {en}")


def _wanted_amenities(context: Context, site: int) -> Label:
    access, wanted = context.catalog.access, context.demand.amenities
    zh, en, lacking = [], [], []
    for category in wanted:
        column, words = list(AmenityCategory).index(category), label(category)
        if access.count[site, column] <= 0:
            lacking.append(words)
            continue
        walk = float(access.walk_m[site, column])
        far = "" if np.isnan(walk) else f" {walk / WALK_M_MIN:.0f}"
        zh.append(f"{words.zh}{far} 分钟" if far else words.zh)
        en.append(f"{within(words.en)}{far} min" if far else within(words.en))
    if lacking:
        zh.append("缺" + "、".join(c.zh for c in lacking))
        en.append("lacks " + ", ".join(within(c.en) for c in lacking))
    return Label(f"步行：{'、'.join(zh)}", f"On foot: {', '.join(en)}")


def _amenities(context: Context, row: int, site: int) -> Label:
    counts = context.catalog.access.count[site]
    if (counts < 0).all():
        return Label("配套还没有计算", "Amenities not computed yet")
    if context.demand.amenities:
        return _wanted_amenities(context, site)
    return _amenities_told(tuple((counts > 0).tolist()))


@lru_cache(maxsize=4096)
def _amenities_told(there: tuple[bool, ...]) -> Label:
    have = sum(there)
    lacking = [label(c) for i, c in enumerate(AmenityCategory) if not there[i]]
    if not lacking:
        return Label("15 分钟内 12 类配套齐全", "All 12 amenities within 15 minutes")
    zh, en = "、".join(c.zh for c in lacking[:2]), ", ".join(within(c.en) for c in lacking[:2])
    more = len(lacking) > 2
    return Label(
        f"15 分钟内 {have}/12 类，缺{zh}{'等' if more else ''}",
        f"{have}/12 within 15 minutes; lacks {en}{' …' if more else ''}",
    )


def _near(context: Context, row: int, site: int) -> Label:
    walk = context.walk_m[site] if context.walk_m is not None else np.nan
    if np.isnan(walk):
        return Label("步行走不到", "Not within walking reach")
    return Label(
        f"步行 {walk / WALK_M_MIN:.0f} 分钟 · {number(float(walk))} m",
        f"{walk / WALK_M_MIN:.0f} min on foot · {number(float(walk))} m",
    )


def _location(context: Context, row: int, site: int) -> Label:
    county = county_label(int(context.catalog.sites.county[site]))
    walk = site_walk(context.catalog, site)
    if walk is None:
        return Label(
            f"{county.zh}，步行范围内没有公交", f"{county.en}, no transit in walking reach"
        )
    return Label(f"{county.zh}，公交 {walk:,.0f} m", f"{county.en}, transit {walk:,.0f} m away")


def _services(context: Context, row: int, site: int) -> Label:
    sites = context.catalog.sites
    return _services_told(int(sites.services[site]), int(sites.platforms[site]))


@lru_cache(maxsize=4096)
def _services_told(of_services: int, of_platforms: int) -> Label:
    services = [label(Service(s)) for s in words_of(of_services, Service)]
    platforms = [label(Platform(p)) for p in words_of(of_platforms, Platform)]
    shown = (platforms + services)[:2]
    if not shown:
        return Label("没有注明服务", "No services stated")
    zh, en = "、".join(s.zh for s in shown), ", ".join(within(s.en) for s in shown)
    return Label(
        f"{len(services)} 项服务、{len(platforms)} 个平台：{zh}",
        f"{len(services)} services, {len(platforms)} platforms: {en}",
    )


def _room_to_grow(context: Context, row: int, site: int) -> Label:
    units, spare = context.catalog.units, 0.0
    for beside in (context.basis.before[row], context.basis.after[context.offers.last[row]]):
        if beside >= 0 and units.status[beside] == VACANT:
            spare += float(units.area_m2[beside])
    if spare < 1:
        return Label("隔壁没有空置", "Nothing vacant next door")
    return Label(f"隔壁空置 {number(spare)} ㎡", f"{number(spare)} ㎡ vacant next door")


def _standing(context: Context, row: int, site: int) -> Label:
    code = int(context.catalog.sites.level[site])
    level = _level_label(code)
    return Label(f"{level.zh}孵化器" if code >= 0 else level.zh, level.en)


def freshness_words(verified: int, today: int) -> Label:
    """Return how long ago a listing was verified, and what that means."""
    state, day, _ = check_of(verified, today)
    if day is None:
        return Label("没有核实过，先问", "Never verified: ask first")
    age = today - day
    zh, en = f"{age} 天前核实", f"Verified {age} day{'s' if age > 1 else ''} ago"
    if age <= 0:
        return Label("今天核实", "Verified today")
    if state in (Freshness.OLD, Freshness.STALE):
        return Label(f"{zh}，可能有变", f"{en}: may have changed")
    if state is Freshness.HIDDEN:
        return Label(f"{zh}，不再公开", f"{en}: no longer public")
    return Label(zh, en)


def _freshness(context: Context, row: int, site: int) -> Label:
    return freshness_words(int(context.offers.verified_at[row]), context.today)


REASONS: Mapping[str, Callable[[Context, int, int], Label]] = {
    "area": _area,
    "rent": _rent,
    "industry": _industry,
    "stage": _stage,
    "amenities": _amenities,
    "near": _near,
    "location": _location,
    "services": _services,
    "room_to_grow": _room_to_grow,
    "standing": _standing,
    "freshness": _freshness,
}
"""From a criterion to the reason for a unit row of a site row."""
