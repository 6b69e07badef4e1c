"""Graduating projects: firms that outgrow their incubator, each with a demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

import numpy as np

from geomap.demo import mixes
from geomap.demo.firms import Namer
from geomap.demo.streams import stream
from geomap.domain.industries import sector_of
from geomap.domain.placement import ChainPosition
from geomap.domain.records import Project, Site
from geomap.domain.words import AmenityCategory, Stage, UnitKind

_AREA_A_HEAD = {
    UnitKind.OFFICE: 10.0,
    UnitKind.LAB: 20.0,
    UnitKind.PILOT_LINE: 34.0,
    UnitKind.WORKSHOP: 42.0,
}
_RENT_LIMIT = {
    UnitKind.OFFICE: (24.0, 46.0),
    UnitKind.LAB: (22.0, 42.0),
    UnitKind.PILOT_LINE: (16.0, 32.0),
    UnitKind.WORKSHOP: (11.0, 22.0),
}


def build_projects(sites: Sequence[Site], count: int, *, seed: int, today: date) -> list[Project]:
    """Return projects that leave a site, with demands that the plan's hall could read."""
    rng = stream(seed, "projects")
    namer = Namer(rng)
    projects: list[Project] = []
    if not sites:
        return projects
    for k in range(count):
        site = sites[int(rng.integers(0, len(sites)))]
        industry = site.industries[int(rng.integers(0, len(site.industries)))]
        projects.append(
            Project(
                id=f"demo-p{k + 1:04d}",
                name=namer.project(k, industry),
                home_county=site.declared_adcode,
                current_site=site.id,
                priority=int(rng.choice([1, 2, 3], p=[0.2, 0.45, 0.35])),
                demand=_demand(industry, site, today, rng),
                demo=True,
            )
        )
    return _with_prospects(projects, stream(seed, "project prospects"))


def _with_prospects(projects: Sequence[Project], rng: np.random.Generator) -> list[Project]:
    """State for most what they forecast to grow to, and where in their chain they stand."""
    count = len(projects)
    factor = rng.uniform(1.15, 2.2, count)
    forecasts, placed = rng.random(count) < 0.8, rng.random(count) < 0.7
    position = rng.choice(len(ChainPosition), count, p=[0.25, 0.45, 0.3])
    return [
        replace(
            project,
            growth_headcount=round(cast(int, project.demand["headcount"]) * float(factor[k]))
            if forecasts[k]
            else None,
            chain_position=tuple(ChainPosition)[position[k]] if placed[k] else None,
        )
        for k, project in enumerate(projects)
    ]


def _kind(industry: str, rng: np.random.Generator) -> UnitKind:
    sector = sector_of(industry)
    if sector in ("digital", "apparel"):
        return UnitKind.OFFICE
    shares = (0.1, 0.35, 0.35, 0.2) if sector == "life_health" else (0.1, 0.1, 0.25, 0.55)
    kinds = (UnitKind.OFFICE, UnitKind.LAB, UnitKind.PILOT_LINE, UnitKind.WORKSHOP)
    return kinds[int(rng.choice(4, p=shares))]


def _demand(industry: str, site: Site, today: date, rng: np.random.Generator) -> dict[str, object]:
    kind = _kind(industry, rng)
    heads = int(np.clip(rng.lognormal(3.1, 0.6), 8, 140))
    area = round(heads * _AREA_A_HEAD[kind] * rng.uniform(0.75, 1.1) / 10.0) * 10
    low, high = _RENT_LIMIT[kind]
    making = kind in (UnitKind.PILOT_LINE, UnitKind.WORKSHOP)
    demand: dict[str, object] = {
        "stage": str(Stage.INDUSTRIALISATION if making else Stage.ACCELERATION),
        "industry": industry,
        "headcount": heads,
        "area_m2": {"min": float(round(area * 0.8)), "max": float(round(area * 1.6))},
        "rent_cny_m2_month_max": float(round(rng.uniform(low, high))),
        "unit_kinds": [str(kind)],
        "move_in": (today + timedelta(days=int(rng.integers(20, 240)))).isoformat(),
    }
    if making and rng.random() < 0.4:
        demand["unit_kinds"] = [str(UnitKind.PILOT_LINE), str(UnitKind.WORKSHOP)]
    if requires := _requires(kind, rng):
        demand["requires"] = requires
    if rng.random() < 0.3:
        demand["counties"] = [site.declared_adcode]
    if rng.random() < 0.25:
        special = mixes.special_services(industry) or mixes.ADDED_SERVICES[:1]
        demand["services"] = [str(special[0])]
    if rng.random() < 0.3:
        wanted = rng.choice(6, size=2, replace=False)
        demand["amenities"] = [str(tuple(AmenityCategory)[i]) for i in sorted(wanted.tolist())]
    if making and area > 2_000:
        demand["combine_adjacent"] = True
    return demand


def _requires(kind: UnitKind, rng: np.random.Generator) -> dict[str, object]:
    """Return technical needs that a fair share of such units meets."""
    needs: dict[str, object] = {}
    if kind is UnitKind.OFFICE:
        return {"open_24h": True} if rng.random() < 0.3 else needs
    if kind is UnitKind.LAB:
        needs = {"water": True, "drainage": True, "power_kw": float(rng.choice([30, 50, 80]))}
        if rng.random() < 0.6:
            needs["exhaust"] = True
        return needs
    needs = {
        "floor_load_kn_m2": float(rng.choice([5.0, 6.0, 8.0])),
        "clear_height_m": float(rng.choice([4.2, 4.5, 5.0])),
        "power_kw": float(rng.choice([80, 120, 200])),
    }
    if rng.random() < 0.3:
        needs["freight_lift_t"] = 2.0
    if rng.random() < 0.35:
        needs["permitted_use"] = "industrial"
    return needs
