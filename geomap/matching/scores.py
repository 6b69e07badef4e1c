"""Scores: how well a unit fits, criterion by criterion, each with its reason.

A criterion that the demand does not touch is left out, so that its weight goes to those
that it does. Each gives a fit of 0…1 for every unit asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import MISSING_DAY
from geomap.domain.industries import BY_ID, INDUSTRIES, sector_of
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, Label, SiteLevel, Stage, label
from geomap.matching.hard import Context

Fit = NDArray[np.float64]
Rows = NDArray[np.int64]
M2_PER_HEAD_GOOD = 8.0
"""Comfortable area per head in m²: between dense desks (6) and offices (10)."""

WEIGHTS: Mapping[str, float] = {
    "area": 20,
    "rent": 20,
    "industry": 20,
    "stage": 12,
    "amenities": 12,
    "near": 12,
    "location": 8,
    "services": 8,
    "room_to_grow": 6,
    "standing": 5,
    "freshness": 5,
}
CRITERION_LABELS: Mapping[str, Label] = {
    "area": Label("面积", "Area"),
    "rent": Label("租金", "Rent"),
    "industry": Label("产业", "Industry"),
    "stage": Label("阶段", "Stage"),
    "amenities": Label("配套", "Amenities"),
    "near": Label("距离", "Distance"),
    "location": Label("位置", "Location"),
    "services": Label("服务", "Services"),
    "room_to_grow": Label("扩展", "Growth"),
    "standing": Label("资质", "Standing"),
    "freshness": Label("新鲜", "Fresh"),
}
_INDUSTRY_IDS = [industry.id for industry in INDUSTRIES]


def wanted_area(context: Context) -> float | None:
    """Return the area that would fit best, m², or None where nothing tells."""
    demand = context.demand
    if demand.area_min_m2 is not None and demand.area_max_m2 is not None:
        return (demand.area_min_m2 + demand.area_max_m2) / 2
    if demand.headcount:
        return demand.headcount * M2_PER_HEAD_GOOD
    return demand.area_min_m2 or demand.area_max_m2


def _area(context: Context, rows: Rows) -> Fit | None:
    best = wanted_area(context)
    if not best:
        return None
    off = np.abs(np.log2(context.catalog.units.area_m2[rows].astype(np.float64) / best))
    return np.clip(1.0 - off / 2.0, 0.0, 1.0)


def _rent_scale(context: Context) -> tuple[float, float]:
    """Return the rents that count as cheap and dear: the limit, else the vacant units' spread."""
    units, limit = context.catalog.units, context.demand.rent_max_cny_m2_month
    rents = units.rent_cny_m2_month[(units.status == 0) & ~np.isnan(units.rent_cny_m2_month)]
    if not len(rents):
        return 0.0, 1.0
    low, high = (float(q) for q in np.quantile(rents, (0.05, 0.95)))
    return low, max(limit if limit is not None else high, low + 1e-6)


def _rent(context: Context, rows: Rows) -> Fit | None:
    rent = context.catalog.units.rent_cny_m2_month[rows].astype(np.float64)
    low, high = _rent_scale(context)
    fit = np.clip(1.0 - 0.7 * (rent - low) / (high - low), 0.0, 1.0)
    return np.where(np.isnan(rent), 0.3, fit)


def _industry(context: Context, rows: Rows) -> Fit | None:
    wanted = context.demand.industry
    if not wanted:
        return None
    masks = context.catalog.sites.industries
    sector = sector_of(wanted)
    own = np.uint32(1 << _INDUSTRY_IDS.index(wanted))
    kin = np.uint32(sum(1 << i for i, k in enumerate(_INDUSTRY_IDS) if sector_of(k) == sector))
    mates = BY_ID[sector].complements
    beside = np.uint32(sum(1 << i for i, k in enumerate(_INDUSTRY_IDS) if sector_of(k) in mates))
    fit = np.select(
        [(masks & own) > 0, (masks & kin) > 0, (masks & beside) > 0, masks == 0],
        [1.0, 0.8, 0.5, 0.4],
        0.1,
    )
    return np.asarray(fit[context.site[rows]])


def _stage(context: Context, rows: Rows) -> Fit | None:
    wanted = context.demand.stage
    if wanted is None:
        return None
    masks, at = context.catalog.sites.stages, list(Stage).index(wanted)
    fit = np.full(len(masks), 0.1)
    fit[masks == 0] = 0.4
    for other in range(len(Stage)):
        here = (masks >> np.uint32(other) & np.uint32(1)).astype(bool)
        fit[here] = np.maximum(fit[here], (1.0, 0.5, 0.2, 0.1)[abs(other - at)])
    return fit[context.site[rows]]


def _amenities(context: Context, rows: Rows) -> Fit | None:
    count = context.catalog.access.count
    if not (count >= 0).any():
        return None
    share = (count > 0).sum(axis=1) / len(AmenityCategory)
    return np.asarray(share[context.site[rows]], dtype=np.float64)


def _near(context: Context, rows: Rows) -> Fit | None:
    if context.demand.near is None or context.walk_m is None:
        return None
    limit = context.demand.near.minutes * 80.0
    walk = context.walk_m[context.site[rows]].astype(np.float64)
    return np.nan_to_num(np.clip(1.0 - 0.8 * walk / limit, 0.0, 1.0))


def _location(context: Context, rows: Rows) -> Fit | None:
    walk = context.catalog.access.walk_m[:, list(AmenityCategory).index(AmenityCategory.TRANSIT)]
    if np.isnan(walk).all():
        return None
    fit = np.clip(1.0 - np.nan_to_num(walk, nan=3000.0) / 1500.0, 0.0, 1.0)
    return np.asarray(fit[context.site[rows]], dtype=np.float64)


def _services(context: Context, rows: Rows) -> Fit | None:
    sites = context.catalog.sites
    if not len(sites) or not sites.services.any():
        return None
    offered = np.bitwise_count(sites.services) + np.bitwise_count(sites.platforms)
    return np.asarray(np.clip(offered / 12.0, 0.0, 1.0)[context.site[rows]])


def _room_to_grow(context: Context, rows: Rows) -> Fit | None:
    if not context.demand.headcount:
        return None
    area, site = context.catalog.units.area_m2[rows], context.site[rows]
    spare = context.catalog.sites.vacant_m2[site] - area
    return np.asarray(np.clip(spare / np.maximum(area * 2.0, 1.0), 0.0, 1.0))


def _standing(context: Context, rows: Rows) -> Fit | None:
    level = context.catalog.sites.level
    if not (level >= 0).any():
        return None
    return np.asarray(np.array([1.0, 0.8, 0.6, 0.4, 0.2])[level][context.site[rows]])


def _freshness(context: Context, rows: Rows) -> Fit | None:
    verified = context.catalog.units.verified_at[rows]
    age = np.where(verified == MISSING_DAY, 10_000, context.today - verified.astype(np.int64))
    return np.asarray(np.clip(1.0 - (age - 7) / 90.0, 0.0, 1.0))


CRITERIA: Mapping[str, Callable[[Context, Rows], Fit | None]] = {
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


def weights_of(context: Context) -> dict[str, float]:
    """Return the weight of every criterion: the demand's own, else the default."""
    return {name: context.demand.weights.get(name, WEIGHTS[name]) for name in CRITERIA}


def score_rows(context: Context, rows: Rows) -> tuple[dict[str, Fit], dict[str, float], Fit]:
    """Return fits by criterion, their weights, and the score of each unit row, in 0…1."""
    weights = weights_of(context)
    fits = {
        name: fit
        for name, criterion in CRITERIA.items()
        if weights[name] > 0 and (fit := criterion(context, rows)) is not None
    }
    total = sum(weights[name] for name in fits)
    score = np.zeros(len(rows))
    for name, fit in fits.items():
        score += weights[name] * fit
    return fits, weights, score / total if total else score


def site_walk(catalog: Catalog, site: int, category: AmenityCategory) -> float | None:
    """Return a site's walk to the nearest amenity of a category, m."""
    metres = float(catalog.access.walk_m[site, list(AmenityCategory).index(category)])
    return None if np.isnan(metres) else metres


def level_label(code: int) -> Label:
    """Return the label of a level's code."""
    return label(list(SiteLevel)[code]) if code >= 0 else Label("未认定", "Not rated")


def county_label(code: int) -> Label:
    """Return the label of a county's row."""
    return Label(COUNTIES[code].short, COUNTIES[code].name_en) if code >= 0 else Label("—", "—")
