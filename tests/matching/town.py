"""A small drawn town of records, and a second reading of every rule and score over them.

The reading here is plain Python over the records, one offer at a time, written from
`docs/matching.md` and not from the columns: it is what the columns are compared with. All
figures are halves, which float32 holds exactly.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import shapely

from geomap.catalog.build import build_catalog
from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Demand
from geomap.domain.industries import BY_ID, INDUSTRIES
from geomap.domain.records import Access, Amenity, Site, Unit
from geomap.domain.regions import COUNTIES
from geomap.domain.words import (
    AmenityCategory,
    PermittedUse,
    Platform,
    Service,
    SiteLevel,
    Stage,
    UnitKind,
    UnitStatus,
)
from geomap.store import write
from geomap.store.engine import open_store

TODAY = date(2026, 11, 24)
MEASURES = ("floor_load_kn_m2", "clear_height_m", "column_spacing_m", "freight_lift_t", "power_kw")
FLAGS = ("water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage", "open_24h")
WEIGHTS = {
    "area": 20, "rent": 20, "industry": 20, "stage": 12, "amenities": 12, "near": 12,
    "location": 8, "services": 8, "room_to_grow": 6, "standing": 5, "freshness": 5,
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Town:
    """Records of a town, its catalog, and the walk from one place to each site, m."""

    sites: list[Site]
    units: list[Unit]
    county: dict[str, str | None]
    access: dict[str, dict[AmenityCategory, tuple[int, float | None]]]
    walk: dict[str, float]
    catalog: Catalog

    def __repr__(self) -> str:
        return f"<town of {len(self.sites)} sites, {len(self.units)} units>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Keep hypothesis from printing every column beside a failing demand."""
        printer.text(repr(self))

    @property
    def walk_m(self) -> np.ndarray:
        return np.array([self.walk[s] for s in self.catalog.sites.id], dtype=np.float32)


def _some(rng: random.Random, things: list, most: int) -> tuple:
    return tuple(rng.sample(things, rng.randint(0, most)))


def _site(rng: random.Random, i: int) -> Site:
    place = None if rng.random() < 0.15 else shapely.Point(120.5 + i * 0.05, 27.5 + i * 0.05)
    return Site(
        id=f"s{i}",
        name=f"载体{i}",
        geometry=place,
        stages=_some(rng, list(Stage), 3),
        industries=_some(rng, [k.id for k in INDUSTRIES], 2),
        level=rng.choice([None, *SiteLevel]),
        services=_some(rng, list(Service), 6),
        platforms=_some(rng, list(Platform), 3),
    )


def _unit(rng: random.Random, name: str, site: str, building: str, floor: int, room: str) -> Unit:
    def maybe(value: object, share: float = 0.25) -> object:
        return None if rng.random() < share else value

    status = rng.choices(list(UnitStatus), [6, 1, 1, 2, 1])[0]
    free = TODAY + timedelta(days=rng.choice([-40, 0, 20, 90, 200]))
    seen = datetime.combine(TODAY, datetime.min.time(), UTC) - timedelta(
        days=rng.choice([0, 5, 30, 31, 60, 100, 120, 121, 300])
    )
    return Unit(
        id=name,
        site_id=site,
        building=building,
        floor=floor,
        room=room,
        kind=rng.choice(list(UnitKind)),
        area_m2=rng.choice([30, 50.5, 60, 80, 100, 120.5, 200, 400]),
        rent_cny_m2_month=maybe(rng.choice([10, 15.5, 20, 22, 28, 30, 40.5]), 0.1),
        status=status,
        free_from=maybe(free, 0.2),
        verified_at=maybe(seen, 0.1),
        permitted_use=maybe(rng.choice(list(PermittedUse))),
        **{m: maybe(rng.choice([2.5, 4.0, 5.5, 8.0, 30.0])) for m in MEASURES},
        **{f: maybe(rng.random() < 0.6) for f in FLAGS},
    )


def draw_town(folder: Path, seed: int, sites: int = 6) -> Town:
    """Return a town drawn from a seed, its record written and read."""
    rng = random.Random(seed)
    placed = [_site(rng, i) for i in range(sites)]
    units = []
    for site in placed:
        for building in ("A座", "B座")[: rng.randint(1, 2)]:
            for floor in range(1, rng.randint(2, 4)):
                for door in range(rng.randint(1, 5)):
                    name = f"u{len(units):03d}"
                    units.append(_unit(rng, name, site.id, building, floor, f"{floor}{door:02d}"))
    rng.shuffle(units)
    county = {s.id: rng.choice([None, *(c.adcode for c in COUNTIES[:4])]) for s in placed}
    access = {
        s.id: {
            c: (rng.choice([0, 1, 3]), rng.choice([None, 100.0, 600.0, 1200.0, 1800.0]))
            for c in AmenityCategory
        }
        for s in placed
        if rng.random() < 0.85
    }
    access = {
        s: {c: (n, w if n or (w or 0) > 1200 else None) for c, (n, w) in row.items()}
        for s, row in access.items()
    }
    walk = {s.id: rng.choice([math.nan, 100.0, 800.0, 1000.0, 2000.0]) for s in placed}
    catalog = _catalog(folder, placed, units, county, access)
    return Town(placed, units, county, access, walk, catalog)


def _catalog(folder: Path, sites: list, units: list, county: dict, access: dict) -> Catalog:
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(f"sqlite:///{folder / 'geomap.gpkg'}")
    with store.writing("test") as tx:
        write.add_sites(tx, sites)
        write.add_units(tx, units)
        cafe = Amenity(id="c", name="茶咖", category=AmenityCategory.CAFE, lon=120.7, lat=27.9)
        write.add_amenities(tx, [cafe])
        rows = [
            Access(
                site_id=s, profile="wenzhou-6-6", category=c, count=n, nearest_id="", nearest_m=w
            )
            for s, row in access.items()
            for c, (n, w) in row.items()
        ]
        write.add_access(tx, rows)
        joined = [
            {"id": s, "adcode": a, "joined_reporting_unit": a, "county_mismatch": False}
            for s, a in county.items()
        ]
        write.set_joined(tx, joined)
    catalog = build_catalog(store)
    store.close()
    return catalog


class Reader:
    """Rules and scores over the records of a town, one offer at a time."""

    def __init__(self, town: Town, demand: Demand) -> None:
        self.town, self.demand = town, demand
        self.site = {s.id: s for s in town.sites}
        floors: dict[tuple, list[Unit]] = {}
        for unit in town.units:
            floors.setdefault((unit.site_id, unit.building, unit.floor), []).append(unit)
        self.floors = {k: sorted(f, key=lambda u: (u.room, u.id)) for k, f in floors.items()}

    def floor(self, unit: Unit) -> list[Unit]:
        return self.floors[unit.site_id, unit.building, unit.floor]

    @property
    def least(self) -> float | None:
        if self.demand.area_min_m2 is not None:
            return self.demand.area_min_m2
        return self.demand.headcount * 3 if self.demand.headcount else None

    def offer(self, unit: Unit) -> list[Unit]:
        if not self.demand.combine_adjacent or self.least is None:
            return [unit]
        floor = self.floor(unit)
        start = floor.index(unit)
        for length in range(1, 9):
            run = floor[start : start + length]
            if len(run) == length and sum(u.area_m2 for u in run) >= self.least:
                return run
        return [unit]

    def first_refusal(self, run: list[Unit]) -> str:
        return next((name for name, met in self.rules(run).items() if met is False), "")

    def rules(self, run: list[Unit]) -> dict[str, bool | None]:
        """Return each rule in the order asked; None where the demand does not ask."""
        d, site = self.demand, self.site[run[0].site_id]
        needs = d.requires
        area, cost = sum(u.area_m2 for u in run), _cost(run)
        met: dict[str, bool | None] = {
            "status": all(self._may_be_had(u) for u in run),
            "freshness": all(_age(u) is None or _age(u) <= 120 for u in run),
            "move_in": all(u.free_from is None or u.free_from <= d.move_in for u in run)
            if d.move_in
            else None,
            "county": self.town.county[site.id] in d.counties if d.counties else None,
            "within": site.geometry is not None and d.within.intersects(site.geometry)
            if d.within is not None
            else None,
            "near": self.town.walk[site.id] <= d.near.minutes * 80 if d.near else None,
            "stage": not site.stages or d.stage in site.stages if d.stage else None,
            "services": set(d.services) <= set(site.services) if d.services else None,
            "platforms": set(d.platforms) <= set(site.platforms) if d.platforms else None,
            "amenities": all(self._count(site.id, a) > 0 for a in d.amenities)
            if d.amenities
            else None,
            "unit_kind": all(u.kind in d.unit_kinds for u in run) if d.unit_kinds else None,
            "permitted_use": all(u.permitted_use == needs.permitted_use for u in run)
            if needs.permitted_use
            else None,
        }
        for name in MEASURES:
            want = getattr(needs, name)
            have = [getattr(u, name) for u in run]
            met[name] = None if want is None else all(h is not None and h >= want for h in have)
        for name in FLAGS:
            want = getattr(needs, name)
            met[name] = all(getattr(u, name) is True for u in run) if want else None
        limit = d.rent_max_cny_m2_month
        rents = [u.rent_cny_m2_month for u in run]
        met["rent"] = None if limit is None else all(r is None or r <= limit for r in rents)
        asked = self.least is not None or d.area_max_m2 is not None
        met["area"] = (self.least or 0) <= area <= (d.area_max_m2 or 1e9) if asked else None
        budget = d.budget_max_cny_month
        met["budget"] = None if budget is None else cost is None or cost <= budget
        return met

    def _may_be_had(self, unit: Unit) -> bool:
        if unit.status == UnitStatus.VACANT:
            return True
        day, free = self.demand.move_in, unit.free_from
        return bool(unit.status == UnitStatus.PIPELINE and day and free and free <= day)

    def _count(self, site: str, category: AmenityCategory) -> int:
        row = self.town.access.get(site)
        return -1 if row is None else row[category][0]

    def candidates(self) -> dict[str, list[str]]:
        found = {}
        for unit in self.town.units:
            run = self.offer(unit)
            if not self.first_refusal(run):
                found[unit.id] = [u.id for u in run]
        return found

    def rejected(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        taken = self.candidates()
        for unit in self.town.units:
            if unit.id not in taken:
                rule = self.first_refusal([unit])
                counts[rule] = counts.get(rule, 0) + 1
        return counts

    def fits(self, run: list[Unit]) -> dict[str, float]:
        """Return the fit of each criterion that counts."""
        found = {
            "area": self._area(run),
            "rent": self._rent(run),
            "industry": self._industry(self.site[run[0].site_id]),
            "stage": self._stage(self.site[run[0].site_id]),
            "amenities": self._amenities(run[0].site_id),
            "near": self._near(run[0].site_id),
            "location": self._location(run[0].site_id),
            "services": self._services(self.site[run[0].site_id]),
            "room_to_grow": self._growth(run),
            "standing": self._standing(self.site[run[0].site_id]),
            "freshness": self._fresh(run),
        }
        weights = self.weights()
        return {k: f for k, f in found.items() if f is not None and weights[k] > 0}

    def weights(self) -> dict[str, float]:
        return WEIGHTS | dict(self.demand.weights)

    def score(self, run: list[Unit]) -> float:
        fits, weights = self.fits(run), self.weights()
        total = sum(weights[k] for k in fits)
        return sum(weights[k] * f for k, f in fits.items()) / total if total else 0.0

    def _area(self, run: list[Unit]) -> float | None:
        d = self.demand
        if d.area_min_m2 is not None and d.area_max_m2 is not None:
            best: float | None = (d.area_min_m2 + d.area_max_m2) / 2
        elif d.headcount:
            best = d.headcount * 8
        else:
            best = d.area_min_m2 or d.area_max_m2
        if not best:
            return None
        return _clip(1 - abs(math.log2(sum(u.area_m2 for u in run) / best)) / 2)

    def _rent(self, run: list[Unit]) -> float:
        cost, area = _cost(run), sum(u.area_m2 for u in run)
        if cost is None:
            return 0.3
        rent, ceilings = cost / area, []
        if self.demand.rent_max_cny_m2_month is not None:
            ceilings.append(self.demand.rent_max_cny_m2_month)
        if self.demand.budget_max_cny_month is not None:
            ceilings.append(self.demand.budget_max_cny_month / area)
        if ceilings:
            return _clip(1.7 - 1.4 * rent / min(ceilings))
        same = [
            u.rent_cny_m2_month
            for u in self.town.units
            if u.kind == run[0].kind
            and u.status == UnitStatus.VACANT
            and u.rent_cny_m2_month is not None
        ]
        return _clip(1.5 - rent / median(same)) if same else 0.3

    def _industry(self, site: Site) -> float | None:
        wanted = self.demand.industry
        if not wanted:
            return None
        if not site.industries:
            return 0.4
        return max(_kin(wanted, other) for other in site.industries)

    def _stage(self, site: Site) -> float | None:
        if self.demand.stage is None:
            return None
        order = list(Stage)
        at = order.index(self.demand.stage)
        here = {order.index(s) for s in site.stages}
        if at in here:
            return 1.0 if at == len(order) - 1 or at + 1 in here else 0.8
        if not here:
            return 0.5
        return 0.3 if {at - 1, at + 1} & here else 0.0

    def _amenities(self, site: str) -> float | None:
        if not self.town.access:
            return None
        row = self.town.access.get(site)
        if not self.demand.amenities:
            return sum(n > 0 for n, _ in row.values()) / 12 if row else 0.0
        parts = []
        for category in self.demand.amenities:
            count, walk = row[category] if row else (0, None)
            near = _clip(1 - 0.5 * (1200 if walk is None else walk) / 1200)
            parts.append(max(near, 0.5) if count > 0 else 0.0)
        return sum(parts) / len(parts)

    def _near(self, site: str) -> float | None:
        if self.demand.near is None:
            return None
        walk = self.town.walk[site]
        return 0.0 if math.isnan(walk) else _clip(1 - 0.8 * walk / (self.demand.near.minutes * 80))

    def _location(self, site: str) -> float | None:
        walks = {s: row[AmenityCategory.TRANSIT][1] for s, row in self.town.access.items()}
        if all(w is None for w in walks.values()):
            return None
        walk = walks.get(site)
        return 0.0 if walk is None else _clip(1 - walk / 1500)

    def _services(self, site: Site) -> float | None:
        if not any(s.services or s.platforms for s in self.town.sites):
            return None
        return _clip((len(site.services) + len(site.platforms)) / 12)

    def _growth(self, run: list[Unit]) -> float:
        floor = self.floor(run[0])
        first, last = floor.index(run[0]), floor.index(run[-1])
        beside = floor[max(first - 1, 0) : first] + floor[last + 1 : last + 2]
        spare = sum(u.area_m2 for u in beside if u.status == UnitStatus.VACANT)
        return _clip(spare / sum(u.area_m2 for u in run))

    def _standing(self, site: Site) -> float | None:
        if not any(s.level for s in self.town.sites):
            return None
        return (1.0, 0.8, 0.6, 0.4)[list(SiteLevel).index(site.level)] if site.level else 0.2

    def _fresh(self, run: list[Unit]) -> float:
        ages = [_age(u) for u in run]
        known = [a for a in ages if a is not None]
        return 0.25 if len(known) < len(ages) else _clip(1 - max(known) / 120)


def _kin(wanted: str, other: str) -> float:
    ours, theirs = BY_ID[wanted].parent or wanted, BY_ID[other].parent or other
    if other == wanted or theirs == wanted:
        return 1.0
    if ours == theirs:
        return 0.8
    beside = theirs in BY_ID[ours].complements or ours in BY_ID[theirs].complements
    return 0.5 if beside else 0.1


def _age(unit: Unit) -> int | None:
    return None if unit.verified_at is None else (TODAY - unit.verified_at.date()).days


def _cost(run: list[Unit]) -> float | None:
    if any(u.rent_cny_m2_month is None for u in run):
        return None
    return sum(u.rent_cny_m2_month * u.area_m2 for u in run)


def _clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def without(demand: Demand, **changes: object) -> Demand:
    """Return a demand with other values."""
    return replace(demand, **changes)
