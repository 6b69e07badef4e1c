"""The sentence beside each part of a score: what it rests on, in figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from geomap.catalog.columns import MISSING_DAY
from geomap.catalog.convert import words_of
from geomap.domain.industries import BY_ID, INDUSTRIES, sector_of
from geomap.domain.words import AmenityCategory, Label, Platform, Service, Stage, label
from geomap.matching.hard import Context
from geomap.matching.scores import county_label, level_label, site_walk, wanted_area

_INDUSTRY_IDS = [industry.id for industry in INDUSTRIES]


def _within(text: str) -> str:
    """Return an English label as it stands within a sentence; abbreviations stay."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:,.1f}"


def _area(context: Context, row: int, site: int) -> Label:
    area, best = float(context.catalog.units.area_m2[row]), wanted_area(context) or 0.0
    heads = context.demand.headcount
    if heads:
        each = _number(area / heads)
        return Label(f"{_number(area)} ㎡，人均 {each} ㎡", f"{_number(area)} ㎡, {each} ㎡ a head")
    if abs(area - best) <= best * 0.15:
        return Label(f"{_number(area)} ㎡，正合适", f"{_number(area)} ㎡, just right")
    more = area > best
    gap = _number(abs(area - best))
    zh = f"{_number(area)} ㎡，比理想{'大' if more else '小'} {gap} ㎡"
    return Label(zh, f"{_number(area)} ㎡, {gap} ㎡ {'more' if more else 'less'} than ideal")


def _rent(context: Context, row: int, site: int) -> Label:
    units = context.catalog.units
    rent = float(units.rent_cny_m2_month[row])
    if np.isnan(rent):
        return Label("租金未注明，要问", "Rent not stated: ask")
    limit = context.demand.rent_max_cny_m2_month
    if limit is not None:
        under = limit - rent
        return Label(
            f"{_number(rent)} 元/㎡·月，低于上限 {_number(under)} 元",
            f"¥{_number(rent)}/㎡·month, ¥{_number(under)} under the limit",
        )
    month = _number(rent * float(units.area_m2[row]))
    return Label(
        f"{_number(rent)} 元/㎡·月，约 {month} 元/月",
        f"¥{_number(rent)}/㎡·month, about ¥{month} a month",
    )


def _industry(context: Context, row: int, site: int) -> Label:
    wanted = context.demand.industry
    here = words_of(context.catalog.sites.industries[site], _INDUSTRY_IDS)
    name = BY_ID[wanted].label
    if wanted in here:
        return Label(f"主攻{name.zh}", f"Specialises in {_within(name.en)}")
    if not here:
        return Label("没有注明产业方向", "No industry focus stated")
    other = BY_ID[here[0]].label
    if sector_of(wanted) in {sector_of(k) for k in here}:
        return Label(f"同属一个产业：{other.zh}", f"Same sector: {_within(other.en)}")
    if {sector_of(k) for k in here} & set(BY_ID[sector_of(wanted)].complements):
        return Label(f"上下游：{other.zh}", f"Up- or downstream: {_within(other.en)}")
    return Label(f"主攻别的产业：{other.zh}", f"Another focus: {_within(other.en)}")


def _stage(context: Context, row: int, site: int) -> Label:
    stages = [label(Stage(s)) for s in words_of(context.catalog.sites.stages[site], Stage)]
    if not stages:
        return Label("没有注明孵化阶段", "Stage not stated")
    zh, en = "、".join(s.zh for s in stages), ", ".join(_within(s.en) for s in stages)
    return Label(f"面向{zh}", f"For {en}")


def _amenities(context: Context, row: int, site: int) -> Label:
    counts = context.catalog.access.count[site]
    if (counts < 0).all():
        return Label("配套还没有计算", "Amenities not computed yet")
    have = int((counts > 0).sum())
    lacking = [label(c) for i, c in enumerate(AmenityCategory) if counts[i] <= 0]
    if not lacking:
        return Label("15 分钟内 12 类配套齐全", "All 12 amenities within 15 minutes")
    zh, en = "、".join(c.zh for c in lacking[:2]), ", ".join(_within(c.en) for c in lacking[:2])
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
        f"步行 {walk / 80:.0f} 分钟 · {_number(float(walk))} m",
        f"{walk / 80:.0f} min on foot · {_number(float(walk))} m",
    )


def _location(context: Context, row: int, site: int) -> Label:
    county = county_label(int(context.catalog.sites.county[site]))
    walk = site_walk(context.catalog, site, AmenityCategory.TRANSIT)
    if walk is None:
        return Label(
            f"{county.zh}，步行范围内没有公交", f"{county.en}, no transit in walking reach"
        )
    return Label(f"{county.zh}，公交 {walk:,.0f} m", f"{county.en}, transit {walk:,.0f} m away")


def _services(context: Context, row: int, site: int) -> Label:
    sites = context.catalog.sites
    services = [label(Service(s)) for s in words_of(sites.services[site], Service)]
    platforms = [label(Platform(p)) for p in words_of(sites.platforms[site], Platform)]
    shown = (platforms + services)[:2]
    if not shown:
        return Label("没有注明服务", "No services stated")
    zh, en = "、".join(s.zh for s in shown), ", ".join(_within(s.en) for s in shown)
    return Label(
        f"{len(services)} 项服务、{len(platforms)} 个平台：{zh}",
        f"{len(services)} services, {len(platforms)} platforms: {en}",
    )


def _room_to_grow(context: Context, row: int, site: int) -> Label:
    spare = context.catalog.sites.vacant_m2[site] - float(context.catalog.units.area_m2[row])
    if spare < 1:
        return Label("本处没有别的空置", "No other vacancy here")
    return Label(f"本处另有空置 {_number(spare)} ㎡", f"{_number(spare)} ㎡ more vacant here")


def _standing(context: Context, row: int, site: int) -> Label:
    level = level_label(int(context.catalog.sites.level[site]))
    return Label(f"{level.zh}孵化器" if level.zh != "未认定" else level.zh, level.en)


def _freshness(context: Context, row: int, site: int) -> Label:
    verified = int(context.catalog.units.verified_at[row])
    if verified == MISSING_DAY:
        return Label("没有核实过", "Never verified")
    age = context.today - verified
    if age <= 0:
        return Label("今天核实", "Verified today")
    return Label(f"{age} 天前核实", f"Verified {age} day{'s' if age > 1 else ''} ago")


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
