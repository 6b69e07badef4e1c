"""Scores: how well an offer fits, criterion by criterion, in 0…1.

A criterion that the demand or the catalog does not touch is left out, so that its weight
goes to those that count. A criterion of sites answers for every site, one of units for the
rows asked about; see `docs/matching.md` for the formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from geomap.domain.industries import Kinship, kinship_masks
from geomap.domain.words import AmenityCategory, Label, Stage
from geomap.matching.basis import TRANSIT
from geomap.matching.context import WALK_M_MIN, Context, Fit, Level, Rows
from geomap.matching.freshness import freshness_fit
from geomap.matching.hard import VACANT

M2_PER_HEAD_GOOD = 8.0
"""Comfortable area per head in m²: between dense desks (6) and offices (10)."""
RING_M = 15 * WALK_M_MIN
TRANSIT_M = 1_500.0
UNKNOWN_RENT_FIT = 0.3
KINSHIP_FIT: Mapping[Kinship, float] = {
    Kinship.SAME: 1.0,
    Kinship.CHAIN: 0.8,
    Kinship.COMPLEMENT: 0.5,
    Kinship.UNSTATED: 0.4,
    Kinship.NONE: 0.1,
}
LEVEL_FIT = np.array([1.0, 0.8, 0.6, 0.4, 0.2])
"""By SiteLevel, highest first; the last is not rated (code -1)."""
STAGE_FIT = (1.0, 0.8, 0.5, 0.3)
"""This stage and the next, this one alone, none stated, a neighbouring one; others 0."""
MANY_SERVICES = 12.0

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


def wanted_area(context: Context) -> float | None:
    """Return the area that would fit best, m², or None where nothing tells."""
    demand = context.demand
    if demand.area_min_m2 is not None and demand.area_max_m2 is not None:
        return (demand.area_min_m2 + demand.area_max_m2) / 2
    if demand.headcount:
        return demand.headcount * M2_PER_HEAD_GOOD
    return demand.area_min_m2 or demand.area_max_m2


def _area(context: Context, rows: Rows) -> Fit | None:
    """Area of the offer against the best: 1 at it, 0.5 at twice or half, 0 at four times."""
    best = wanted_area(context)
    if not best:
        return None
    area = np.maximum(context.offers.area_m2[rows].astype(np.float64), 1e-3)
    return np.clip(1.0 - np.abs(np.log2(area / best)) / 2.0, 0.0, 1.0)


def rent_ceiling(context: Context, rows: Rows) -> Fit | None:
    """Return the rent per m² that limit and budget allow for each offer; None without any."""
    demand = context.demand
    limit, budget = demand.rent_max_cny_m2_month, demand.budget_max_cny_month
    if limit is None and budget is None:
        return None
    ceiling = np.full(len(rows), np.inf if limit is None else limit)
    if budget is not None:
        area = np.maximum(context.offers.area_m2[rows].astype(np.float64), 1e-3)
        ceiling = np.minimum(ceiling, budget / area)
    return ceiling


def _rent(context: Context, rows: Rows) -> Fit | None:
    """Rent against the budget: 1 at half of what is allowed, 0.3 at all of it.

    Without limit and budget, against the usual rent of vacant units of the kind: 1 at half
    of it, 0.5 at it, 0 at one and a half. A rent that is not stated counts 0.3.
    """
    rent = context.offers.rent_cny_m2_month[rows].astype(np.float64)
    ceiling = rent_ceiling(context, rows)
    if ceiling is not None:
        fit = 1.7 - 1.4 * rent / np.maximum(ceiling, 1e-6)
    else:
        usual = context.basis.usual_rent[context.catalog.units.kind[rows]]
        fit = 1.5 - rent / np.maximum(usual, 1e-6)
    return np.where(np.isnan(fit), UNKNOWN_RENT_FIT, np.clip(fit, 0.0, 1.0))


def _industry(context: Context) -> Fit | None:
    """Kinship of trades: the same 1, the same chain 0.8, complementary 0.5, none 0.1.

    The closest of a site's industries counts; a site that states none gets 0.4.
    """
    wanted = context.demand.industry
    if not wanted:
        return None
    masks = context.catalog.sites.industries
    of_kin = kinship_masks(wanted)
    conditions = [(masks & np.uint32(mask)) > 0 for mask in of_kin.values()] + [masks == 0]
    fits = [KINSHIP_FIT[kin] for kin in of_kin] + [KINSHIP_FIT[Kinship.UNSTATED]]
    return np.select(conditions, fits, KINSHIP_FIT[Kinship.NONE])


def _stage(context: Context) -> Fit | None:
    """Site takes this stage and the next 1, this one alone 0.8; none stated 0.5.

    For the last stage there is no next: 1. A site that takes only a neighbouring stage gets
    0.3, others 0: rules refuse both, but an explanation shows them.
    """
    wanted = context.demand.stage
    if wanted is None:
        return None
    masks, at = context.catalog.sites.stages, list(Stage).index(wanted)
    has = [((masks >> np.uint32(i)) & np.uint32(1)).astype(bool) for i in range(len(Stage))]
    nothing = np.zeros(len(masks), dtype=bool)
    onward = has[at + 1] if at + 1 < len(Stage) else ~nothing
    beside = (has[at + 1] if at + 1 < len(Stage) else nothing) | (has[at - 1] if at else nothing)
    conditions = [has[at] & onward, has[at], masks == 0, beside]
    return np.select(conditions, list(STAGE_FIT), 0.0)


def _amenities(context: Context) -> Fit | None:
    """Amenities in the ring, by the streets' own walk.

    Where some are wanted: the mean over them, 0 outside the ring, inside it from 1 at the
    door to 0.5 at its edge (1,200 m). Else: the share of the 12 categories in the ring.
    """
    if "amenities" not in context.basis.told:
        return None
    access, wanted = context.catalog.access, context.demand.amenities
    if not wanted:
        return np.asarray((access.count > 0).sum(axis=1) / len(AmenityCategory))
    columns = [list(AmenityCategory).index(a) for a in wanted]
    walk = np.nan_to_num(access.walk_m[:, columns].astype(np.float64), nan=RING_M)
    close = np.clip(1.0 - 0.5 * walk / RING_M, 0.5, 1.0)
    met = np.where(access.count[:, columns] > 0, close, 0.0)
    return np.asarray(met.mean(axis=1), dtype=np.float64)


def _near(context: Context) -> Fit | None:
    """Walk to `near`: 1 at the place, 0.2 at the end of the minutes allowed, then to 0."""
    if context.demand.near is None or context.walk_m is None:
        return None
    limit = context.demand.near.minutes * WALK_M_MIN
    walk = context.walk_m.astype(np.float64)
    return np.nan_to_num(np.clip(1.0 - 0.8 * walk / limit, 0.0, 1.0))


def _location(context: Context) -> Fit | None:
    """Walk to public transport: 1 at the door, 0 from 1,500 m on or where none is reached."""
    if "location" not in context.basis.told:
        return None
    walk = np.nan_to_num(context.catalog.access.walk_m[:, TRANSIT].astype(np.float64), nan=3_000.0)
    return np.clip(1.0 - walk / TRANSIT_M, 0.0, 1.0)


def _services(context: Context) -> Fit | None:
    """Services and platforms of the site, counted together: 12 and more are 1."""
    if "services" not in context.basis.told:
        return None
    sites = context.catalog.sites
    offered = np.bitwise_count(sites.services) + np.bitwise_count(sites.platforms)
    return np.clip(offered / MANY_SERVICES, 0.0, 1.0)


def next_door_m2(context: Context, rows: Rows) -> Fit:
    """Return the vacant area right before and after each offer on its floor, m²."""
    units, basis = context.catalog.units, context.basis
    spare = np.zeros(len(rows))
    for beside in (basis.before[rows], basis.after[context.offers.last[rows]]):
        vacant = (beside >= 0) & (units.status[beside] == VACANT)
        spare += np.where(vacant, units.area_m2[beside].astype(np.float64), 0.0)
    return spare


def _room_to_grow(context: Context, rows: Rows) -> Fit | None:
    """Vacant units next door against the offer's own area: as much again is 1."""
    area = np.maximum(context.offers.area_m2[rows].astype(np.float64), 1e-3)
    return np.clip(next_door_m2(context, rows) / area, 0.0, 1.0)


def _standing(context: Context) -> Fit | None:
    """Level of the site: national 1, provincial 0.8, municipal 0.6, county 0.4, none 0.2."""
    if "standing" not in context.basis.told:
        return None
    return np.asarray(LEVEL_FIT[context.catalog.sites.level])


def _freshness(context: Context, rows: Rows) -> Fit | None:
    """Age of the listing: 1 on the day it was verified, 0 after 120 days; never 0.25."""
    return freshness_fit(context.offers.verified_at[rows], context.today)


SiteCriterion = Callable[[Context], Fit | None]
"""Gives a fit for every site, shape (n_sites,)."""
UnitCriterion = Callable[[Context, Rows], Fit | None]
"""Gives a fit for the offers at some rows, shape (len(rows),)."""
SITE_CRITERIA: Mapping[str, SiteCriterion] = {
    "industry": _industry,
    "stage": _stage,
    "amenities": _amenities,
    "near": _near,
    "location": _location,
    "services": _services,
    "standing": _standing,
}
UNIT_CRITERIA: Mapping[str, UnitCriterion] = {
    "area": _area,
    "rent": _rent,
    "room_to_grow": _room_to_grow,
    "freshness": _freshness,
}
CRITERIA: Mapping[str, Level] = {
    name: Level.SITE if name in SITE_CRITERIA else Level.UNIT for name in WEIGHTS
}
"""The level of every criterion, in the order in which points are added up."""


def weights_of(context: Context) -> dict[str, float]:
    """Return the weight of every criterion: the demand's own, else the default."""
    return {name: context.demand.weights.get(name, WEIGHTS[name]) for name in CRITERIA}


SiteFits = Callable[[Context, str], Fit | None]
"""Gives the fit of every site by a criterion of sites, perhaps kept from before."""


def fit_of_sites(context: Context, name: str) -> Fit | None:
    """Return the fit of every site by a criterion of sites, None where it does not count."""
    return SITE_CRITERIA[name](context)


def fit_of(
    context: Context, name: str, rows: Rows, of_sites: SiteFits = fit_of_sites
) -> Fit | None:
    """Return the fits of the offers at some rows, None where the criterion does not count."""
    if name in UNIT_CRITERIA:
        return UNIT_CRITERIA[name](context, rows)
    fit = of_sites(context, name)
    return None if fit is None else fit[context.site[rows]]


def score_rows(
    context: Context, rows: Rows, of_sites: SiteFits = fit_of_sites
) -> tuple[dict[str, Fit], dict[str, float], Fit]:
    """Return fits by criterion, their weights, and the score of each row, in 0…1.

    A weight of 0 takes a criterion out. ``score = Σ weight × fit / Σ weight``.
    """
    weights = weights_of(context)
    fits = {
        name: fit
        for name in CRITERIA
        if weights[name] > 0 and (fit := fit_of(context, name, rows, of_sites)) is not None
    }
    total = sum(weights[name] for name in fits)
    score = np.zeros(len(rows))
    for name, fit in fits.items():
        score += weights[name] * fit
    return fits, weights, score / total if total else score
