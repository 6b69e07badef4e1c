"""The incubators of the demonstration: where they stand and what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.demo import mixes
from geomap.demo.firms import Namer
from geomap.demo.parcels import (
    Blocks,
    Parcel,
    divide,
    place_buildings,
    place_point,
    street_of,
)
from geomap.demo.streams import stream
from geomap.demo.streets import StreetPlan
from geomap.domain.records import Site, Target
from geomap.domain.regions import BY_ADCODE, HAIJING
from geomap.domain.words import Indicator, SiteLevel
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
FOOTPRINT_SHARE = 1.0 / 3.0
TRIES = 1.4
"""Not every parcel that is tried has room for a building."""
TOWN_SHARE = 0.3
"""Part of a reporting unit's sites that goes round the towns, one each."""
SOURCE = "演示数据"


@dataclass(frozen=True)
class SitePlan:
    """Sites before their units are known, with what the units follow from.

    Arrays have one entry a site: reporting unit (place in the list), kind (place in
    `KINDS_OF_SITE`), number of buildings, density around.
    """

    sites: Sequence[Site]
    unit: I8
    kind: I8
    buildings: I8
    density: F8
    middle: F8


def share_out(weights: Sequence[float], total: int) -> list[int]:
    """Return whole shares of a total by weight, by the largest remainder."""
    heavy = np.asarray(weights, dtype=np.float64)
    if heavy.sum() <= 0.0:
        heavy = np.ones(len(heavy))
    exact = heavy / heavy.sum() * total
    whole = np.floor(exact).astype(int)
    rest = np.argsort(-(exact - whole), kind="stable")[: total - int(whole.sum())]
    whole[rest] += 1
    return [int(n) for n in whole]


def space_tasks(targets: Sequence[Target], units: Sequence[str]) -> list[float]:
    """Return the new space that the plan asks of each reporting unit in all, 10,000 m²."""
    asked = dict.fromkeys(units, 0.0)
    for target in targets:
        if target.indicator is Indicator.SPACE and target.reporting_unit in asked:
            asked[target.reporting_unit] += target.value or 0.0
    return list(asked.values())


def build_sites(
    plan: StreetPlan,
    blocks: Blocks,
    units: Sequence[str],
    counts: Sequence[int],
    *,
    seed: int,
) -> SitePlan:
    """Place `counts[k]` sites in reporting unit k, each on a parcel of its own."""
    namer = Namer(stream(seed, "site names"))
    parts = [
        _place_unit(plan, blocks, k, count, stream(seed, f"sites {unit}"))
        for k, (unit, count) in enumerate(zip(units, counts, strict=True))
    ]
    shapes = np.array([shape for part in parts for shape in part.shapes], dtype=object)
    lonlat = [project_geometry(shape, METRIC_EPSG, WGS84) for shape in shapes]
    streets = [street for part in parts for street in part.streets]
    density = np.array([d for part in parts for d in part.density])
    unit = np.repeat(np.arange(len(units)), [len(part.shapes) for part in parts])
    rng = stream(seed, "site facts")
    made, kinds = [], []
    for k, shape in enumerate(lonlat):
        site, kind = _describe(k, units[unit[k]], density[k], streets[k], namer, rng)
        made.append(replace(site, geometry=_rounded(shape)))
        kinds.append(kind)
    buildings = np.array([n for part in parts for n in part.buildings], dtype=np.int64)
    centre = shapely.centroid(shapes)
    middle = np.column_stack([shapely.get_x(centre), shapely.get_y(centre)])
    return SitePlan(made, unit, np.array(kinds, dtype=np.int64), buildings, density, middle)


def _rounded(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape to 1e-7 degrees, about a centimetre."""
    return shapely.transform(shape, lambda coords: np.round(coords, 7))


@dataclass(frozen=True)
class _Placed:
    shapes: list[BaseGeometry]
    buildings: list[int]
    density: list[float]
    streets: list[str]


def _place_unit(
    plan: StreetPlan, blocks: Blocks, unit: int, count: int, rng: np.random.Generator
) -> _Placed:
    """Choose parcels of one reporting unit and build on every third."""
    mine = np.flatnonzero(blocks.owner == unit)
    placed = _Placed([], [], [], [])
    if not count or not len(mine):
        return placed
    pieces = int(np.ceil(1.4 * count / len(mine)))
    for block in _order(blocks, mine, count, rng):
        cut = pieces if blocks.area_m2[block] > 2_500.0 * pieces else 1
        source = blocks.source[block]
        street = street_of(plan.net, source)
        for parcel in divide(blocks.shape[block], source, cut, street):
            if len(placed.shapes) == count:
                return placed
            _build_on(plan, parcel, rng, placed)
    return placed


def _order(blocks: Blocks, mine: I8, count: int, rng: np.random.Generator) -> list[int]:
    """Return blocks in the order in which sites take them.

    Sites look for the dense places, but some go round the towns: the plan asks for one a
    town.
    """
    luck = np.maximum(rng.random(len(mine)), 1e-12)
    size = np.minimum(blocks.area_m2[mine], 40_000.0) ** 0.4
    weight = blocks.density[mine] ** 1.2 * size + 0.05
    order = mine[np.argsort(np.log(luck) / weight, kind="stable")[::-1]]
    towns = rng.permutation(np.unique(blocks.town[mine]))[: round(TOWN_SHARE * count)]
    town = blocks.town[order]
    first = [int(order[np.argmax(town == name)]) for name in towns.tolist()]
    return [*first, *(b for b in order.tolist() if b not in set(first))]


def _build_on(plan: StreetPlan, parcel: Parcel, rng: np.random.Generator, placed: _Placed) -> None:
    houses: list[shapely.Polygon] = []
    if rng.random() < FOOTPRINT_SHARE * TRIES:
        houses = place_buildings(parcel, plan.net, rng, int(rng.integers(1, 6)))
    shape: BaseGeometry = place_point(parcel, plan.net, rng.random(8))
    if houses:
        shape = houses[0] if len(houses) == 1 else shapely.MultiPolygon(houses)
    placed.shapes.append(shape)
    placed.buildings.append(len(houses))
    placed.density.append(parcel.block.density)
    placed.streets.append(parcel.street)


def _pick(rng: np.random.Generator, shares: Mapping[str, float]) -> str:
    names, weights = list(shares), np.array(list(shares.values()), dtype=np.float64)
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def _describe(
    index: int, unit: str, density: float, street: str, namer: Namer, rng: np.random.Generator
) -> tuple[Site, int]:
    """Return what a site is, without geometry, area, dates and operator; and its kind."""
    mix = mixes.INDUSTRY_MIX.get(unit, mixes.FALLBACK_MIX)
    first, second = _pick(rng, mix), _pick(rng, mix)
    industries = (first,) if second == first or rng.random() < 0.45 else (first, second)
    shares = np.array(mixes.kind_shares(first))
    kind = int(rng.choice(4, p=shares / shares.sum()))
    name = mixes.KINDS_OF_SITE[kind]
    adcode = "330305" if unit == HAIJING else unit
    county = BY_ADCODE[adcode].name if adcode in BY_ADCODE else ""
    number = int(rng.integers(1, 180)) * 2 + index % 2
    stages = mixes.STAGES_OF_KIND[name]
    if rng.random() < 0.3:
        stages = stages[: max(1, len(stages) - 1)]
    site = Site(
        id=f"demo-s{index + 1:05d}",
        name=namer.site(index, name, first),
        geometry=None,
        address=f"{county}{street}{number}号" if street else county,
        declared_adcode=adcode,
        reporting_unit=HAIJING if unit == HAIJING else "",
        stages=stages,
        industries=industries,
        services=tuple(s for s in mixes.BASIC_SERVICES if rng.random() < 0.9)
        + tuple(s for s in mixes.ADDED_SERVICES if rng.random() < 0.3 + 0.35 * density)
        + tuple(s for s in mixes.special_services(first) if rng.random() < 0.75),
        platforms=tuple(p for p in mixes.platforms_of(first) if rng.random() < 0.45),
        state_owned=bool(rng.random() < 0.34),
        note="演示数据，非真实载体",
        source=SOURCE,
        demo=True,
    )
    return site, kind


@dataclass(frozen=True)
class Schedule:
    """When sites opened, as days since 1970, and their recognition."""

    opened: list[date]
    level: list[SiteLevel | None]


def schedule(
    plan: SitePlan,
    area_m2: F8,
    units: Sequence[str],
    targets: Sequence[Target],
    *,
    seed: int,
    today: date,
) -> Schedule:
    """Choose opening days so that each unit's new space follows its tasks more or less.

    Some units run ahead and some behind. Nothing opens after `today`.
    """
    rng = stream(seed, "schedule")
    wanted = {
        (t.reporting_unit, t.year): (t.value or 0.0) * 10_000.0
        for t in targets
        if t.indicator is Indicator.SPACE and t.year <= today.year
    }
    years = sorted({year for _, year in wanted})
    opened: list[date] = [today] * len(plan.sites)
    for k, unit in enumerate(units):
        pace = float(np.clip(rng.normal(0.94, 0.16), 0.62, 1.28))
        rows = rng.permutation(np.flatnonzero(plan.unit == k))
        left = list(rows[: int(np.ceil(0.68 * len(rows)))])
        older = list(rows[len(left) :])
        for year in years:
            share = 1.0 if year < today.year else today.timetuple().tm_yday / 365.0
            goal = wanted.get((unit, year), 0.0) * share * pace * rng.uniform(0.9, 1.1)
            for row in _fill(left, area_m2, goal):
                opened[row] = _day_in(year, today, rng)
        for row in [*older, *left]:
            opened[row] = date(2025, 1, 1) - timedelta(days=int(40 + 3400 * rng.random() ** 1.4))
            opened[row] = min(opened[row], today)
    return Schedule(opened, _levels(plan, opened, rng))


def _fill(left: list[int], area_m2: F8, goal: float) -> list[int]:
    """Take sites off a list until their area is nearest to the goal."""
    taken, total = [], 0.0
    while left and total < goal:
        fits = min(range(min(len(left), 6)), key=lambda i: abs(goal - total - area_m2[left[i]]))
        if total and total + area_m2[left[fits]] / 2.0 > goal:
            break
        row = left.pop(fits)
        total += float(area_m2[row])
        taken.append(row)
    return taken


def _day_in(year: int, today: date, rng: np.random.Generator) -> date:
    first = date(year, 1, 5)
    last = min(date(year, 12, 26), today)
    return first + timedelta(days=int(rng.integers(0, max((last - first).days, 1))))


def _levels(
    plan: SitePlan, opened: Sequence[date], rng: np.random.Generator
) -> list[SiteLevel | None]:
    """Return levels: few national, old and central sites higher than new ones."""
    age = np.array([(date(2027, 1, 1) - day).days / 365.0 for day in opened])
    rank = 0.06 * np.minimum(age, 8.0) + 0.5 * plan.density + rng.random(len(age))
    order = np.argsort(np.argsort(-rank, kind="stable"), kind="stable") / max(len(age), 1)
    steps = ((0.04, SiteLevel.NATIONAL), (0.25, SiteLevel.PROVINCIAL), (0.6, SiteLevel.MUNICIPAL))
    levels: list[SiteLevel | None] = []
    for place in order.tolist():
        level: SiteLevel | None = SiteLevel.COUNTY if place < 0.88 else None
        levels.append(next((word for limit, word in steps if place < limit), level))
    return levels
