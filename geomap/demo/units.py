"""Rentable units as NumPy columns: a million of them fit in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geomap.demo import mixes
from geomap.demo.sites import SitePlan, share_out
from geomap.demo.streams import stream
from geomap.demo.technical import Technical, draw_divisible, draw_technical
from geomap.domain.words import UnitKind, UnitStatus

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
KINDS, STATUSES = tuple(UnitKind), tuple(UnitStatus)
VACANT, HELD, LEASED, PIPELINE, WITHDRAWN = range(5)
UNKNOWN_DAY = -(2**31)
EPOCH = date(1970, 1, 1)

_AREA = ((85.0, 0.45), (105.0, 0.62), (170.0, 0.5), (560.0, 0.5), (1_250.0, 0.55))
_AREA_RANGE = ((24.0, 320.0), (24.0, 620.0), (50.0, 900.0), (160.0, 2_600.0), (300.0, 5_200.0))
_RENT = (47.0, 38.0, 36.0, 26.0, 17.0)
_M2_A_JOB = (6.5, 12.0, 22.0, 42.0, 52.0)


@dataclass(frozen=True)
class UnitColumns:
    """Columns of all units, sorted by site; every array has one entry a unit.

    `site` is the place of the site; `start` bounds the units of each. `tenant` is the
    number of the tenant within its site, -1 where there is none. Days count from
    1970-01-01, `UNKNOWN_DAY` where not stated; `rent` is NaN where not stated, `divisible`
    (the smallest part that may be let, m²) where a unit is given whole.
    """

    site: NDArray[np.int32]
    start: I8
    building: NDArray[np.int16]
    floor: NDArray[np.int16]
    room: NDArray[np.int32]
    kind: NDArray[np.int8]
    area_m2: NDArray[np.float32]
    status: NDArray[np.int8]
    rent: NDArray[np.float32]
    free_from: NDArray[np.int32]
    verified: NDArray[np.int32]
    tenant: NDArray[np.int32]
    divisible: NDArray[np.float32]
    technical: Technical

    def __len__(self) -> int:
        """Return the number of units."""
        return len(self.site)

    def sum_by_site(self, values: NDArray[np.generic], where: NDArray[np.bool_]) -> F8:
        """Return the sum of a column over the chosen units of each site."""
        count = len(self.start) - 1
        chosen = np.asarray(values, dtype=np.float64)[where]
        return np.bincount(self.site[where], chosen, minlength=count).astype(np.float64)


def build_units(plan: SitePlan, total: int, *, seed: int, today: date) -> UnitColumns:
    """Draw the units of all sites; each part of a unit has a stream of its own."""
    count = len(plan.sites)
    counts = _sizes(plan, total, stream(seed, "unit counts"))
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    site = np.repeat(np.arange(count, dtype=np.int32), counts)
    within = np.arange(total, dtype=np.int64) - start[site]
    building, floor, room = _rooms(plan, counts, site, within, stream(seed, "rooms"))
    kind = _kinds(plan.kind[site], floor, stream(seed, "unit kinds"))
    area = _areas(kind, stream(seed, "unit areas"))
    rng = stream(seed, "unit status")
    status = _statuses(plan, counts, site, within, rng)
    free_from = _free_from(status, today, rng)
    return UnitColumns(
        site=site,
        start=start,
        building=building,
        floor=floor,
        room=room,
        kind=kind,
        area_m2=area,
        status=status,
        rent=_rents(plan, site, kind, floor, stream(seed, "rents")),
        free_from=free_from,
        verified=_verified(total, today, stream(seed, "verified")),
        tenant=_tenants(site, status, start, stream(seed, "tenants")),
        divisible=draw_divisible(kind, area, stream(seed, "divisible")),
        technical=draw_technical(kind, floor, area, stream(seed, "technical")),
    )


def _sizes(plan: SitePlan, total: int, rng: np.random.Generator) -> I8:
    """Return how many units each site has: a few large sites, many middling ones."""
    count = len(plan.sites)
    weight = rng.lognormal(0.0, 0.5, count) * (0.7 + 0.6 * plan.density)
    weight *= np.array([0.9, 1.2, 1.1, 0.8])[plan.kind]
    least = min(4, total // max(count, 1))
    return least + np.array(share_out(weight.tolist(), total - least * count), dtype=np.int64)


def _rooms(
    plan: SitePlan, counts: I8, site: NDArray[np.int32], within: I8, rng: np.random.Generator
) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int32]]:
    """Return building, floor and room number: buildings fill one after the other."""
    natural = np.clip(1 + counts // 38, 1, 8)
    houses = np.where(plan.buildings > 0, plan.buildings, natural)
    houses = np.minimum(houses, np.maximum(counts, 1))
    width = np.where(
        plan.kind == 3, rng.integers(2, 5, len(counts)), rng.integers(4, 9, len(counts))
    )
    each = np.ceil(counts / houses).astype(np.int64)[site]
    building = within // each
    here = within % each
    floor = 1 + here // width[site]
    door = 1 + here % width[site]
    return (
        (building + 1).astype(np.int16),
        floor.astype(np.int16),
        (floor * 100 + door).astype(np.int32),
    )


def _kinds(site_kind: I8, floor: NDArray[np.int16], rng: np.random.Generator) -> NDArray[np.int8]:
    shares = np.array([mixes.UNIT_SHARES[name] for name in mixes.KINDS_OF_SITE])
    edges = np.cumsum(shares / shares.sum(axis=-1, keepdims=True), axis=-1)
    level = np.digitize(floor, [2, 4])
    luck = rng.random(len(floor))[:, None]
    found = (luck > edges[site_kind, level]).sum(axis=1)
    return np.asarray(np.minimum(found, 4), dtype=np.int8)


def _areas(kind: NDArray[np.int8], rng: np.random.Generator) -> NDArray[np.float32]:
    middle, spread = np.array(_AREA).T
    low, high = np.array(_AREA_RANGE).T
    area = middle[kind] * np.exp(spread[kind] * rng.standard_normal(len(kind)))
    area = np.clip(area, low[kind], high[kind])
    step = np.where(area > 400.0, 10.0, np.where(area > 120.0, 2.0, 1.0))
    return np.asarray(np.round(area / step) * step, dtype=np.float32)


def _statuses(
    plan: SitePlan, counts: I8, site: NDArray[np.int32], within: I8, rng: np.random.Generator
) -> NDArray[np.int8]:
    """Return statuses: about 70 % leased, 16 % vacant; unfinished floors lie at the end."""
    sites = len(counts)
    empty = np.clip(rng.beta(2.2, 8.8, sites) * 0.94, 0.01, 0.75)
    building_on = rng.random(sites) < 0.24
    share = np.where(building_on, rng.uniform(0.16, 0.46, sites), 0.0)
    unfinished = within >= np.floor(counts * (1.0 - share))[site]
    luck = rng.random(len(site))
    status = np.full(len(site), LEASED, dtype=np.int8)
    status[luck < empty[site]] = VACANT
    status[(luck > 0.955) & (luck <= 0.985)] = HELD
    status[luck > 0.985] = WITHDRAWN
    status[unfinished] = PIPELINE
    return status


def _free_from(
    status: NDArray[np.int8], today: date, rng: np.random.Generator
) -> NDArray[np.int32]:
    now, luck = (today - EPOCH).days, rng.random(len(status))
    free = np.full(len(status), UNKNOWN_DAY, dtype=np.int64)
    since = now - np.floor(260 * rng.random(len(status)) ** 1.6).astype(np.int64)
    free[status == VACANT] = since[status == VACANT]
    soon = now + 12 + np.floor(270 * rng.random(len(status))).astype(np.int64)
    ending = (status == LEASED) & (luck < 0.11)
    free[ending] = soon[ending]
    later = now + 25 + np.floor(400 * rng.random(len(status))).astype(np.int64)
    coming = status == PIPELINE
    # Houses are finished on the first of a month.
    months = (later[coming].astype("datetime64[D]").astype("datetime64[M]") + 1).astype(
        "datetime64[D]"
    )
    free[coming] = months.astype(np.int64)
    return free.astype(np.int32)


def _rents(
    plan: SitePlan,
    site: NDArray[np.int32],
    kind: NDArray[np.int8],
    floor: NDArray[np.int16],
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """Return asking rents, yuan per m² and month, to 0.5; dear in the centre and on high floors."""
    own = np.clip(rng.normal(1.0, 0.11, len(plan.sites)), 0.75, 1.35)
    place = (own * (0.50 + 0.66 * plan.density))[site]
    height = np.where(kind >= 3, 1.0 - 0.035 * (floor - 1), 1.0 + 0.012 * (floor - 1))
    rent = np.array(_RENT)[kind] * place * np.clip(height, 0.8, 1.2)
    rent *= rng.normal(1.0, 0.05, len(site))
    rent = np.clip(np.round(rent * 2.0) / 2.0, 10.0, 60.0)
    rent[rng.random(len(site)) < 0.025] = np.nan
    return np.asarray(rent, dtype=np.float32)


def _verified(total: int, today: date, rng: np.random.Generator) -> NDArray[np.int32]:
    """Return minutes since 1970 of the last check; most are weeks old, some are stale."""
    luck = rng.random(total)
    age = np.floor(rng.random(total) * 22)
    age = np.where(luck > 0.80, 22 + np.floor(rng.random(total) * 40), age)
    age = np.where(luck > 0.93, 70 + np.floor(rng.random(total) * 330), age)
    minute = rng.integers(0, 9 * 60, total)  # from 9 to 18 o'clock in Wenzhou, 1 to 10 UTC
    day = (today - EPOCH).days - 1 - age.astype(np.int64)
    found = day * 1440 + 60 + minute
    return np.where(luck > 0.985, UNKNOWN_DAY, found).astype(np.int32)


def _tenants(
    site: NDArray[np.int32], status: NDArray[np.int8], start: I8, rng: np.random.Generator
) -> NDArray[np.int32]:
    """Number the tenants of each site; now and then one has the unit next door as well."""
    leased = status == LEASED
    same = np.zeros(len(site), dtype=bool)
    same[1:] = leased[1:] & leased[:-1] & (site[1:] == site[:-1])
    same &= rng.random(len(site)) < 0.07
    new = leased & ~same
    running = np.cumsum(new)
    first = np.concatenate([[0], running])[start[:-1]]
    number = running - 1 - first[site]
    return np.where(leased, number, -1).astype(np.int32)


def count_tenants(columns: UnitColumns) -> I8:
    """Return the number of different tenants of each site."""
    most = np.full(len(columns.start) - 1, -1, dtype=np.int64)
    np.maximum.at(most, columns.site, columns.tenant)
    return most + 1


def count_jobs(columns: UnitColumns) -> I8:
    """Return the jobs in the leased units of each site."""
    per_unit = np.maximum(columns.area_m2 / np.array(_M2_A_JOB)[columns.kind] * 0.8, 1.0)
    return np.round(columns.sum_by_site(per_unit, columns.status == LEASED)).astype(np.int64)
