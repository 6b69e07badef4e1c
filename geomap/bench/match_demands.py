"""Generated demands for the bench of matching: vague ones and exacting ones, mixed."""

from __future__ import annotations

from typing import Any

import numpy as np

from geomap.bench.match_data import SEED
from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, PermittedUse, Service, Stage, UnitKind

Rng = np.random.Generator
_TECHNICAL = {
    "floor_load_kn_m2": (3, 8, 12),
    "clear_height_m": (3, 4.5, 6),
    "freight_lift_t": (1, 2, 3),
    "power_kw": (20, 60, 150),
}


def _some(rng: Rng, words: Any, most: int) -> list[str]:
    chosen = rng.choice(len(words), int(rng.integers(1, most + 1)), replace=False)
    return [str(words[int(i)]) for i in chosen]


def _space(rng: Rng) -> dict[str, Any]:
    """Return who asks, and for how much space."""
    demand: dict[str, Any] = {}
    if rng.random() < 0.7:
        demand["unit_kinds"] = _some(rng, list(UnitKind), 2)
    least = float(np.round(rng.lognormal(4.7, 0.9)))
    luck = rng.random()
    if luck < 0.55:
        demand["area_m2"] = {"min": least, "max": float(np.round(least * rng.uniform(1.3, 3.0)))}
    elif luck < 0.8:
        demand["headcount"] = int(rng.integers(2, 60))
    if rng.random() < 0.5:
        demand["industry"] = INDUSTRIES[int(rng.integers(len(INDUSTRIES)))].id
    if rng.random() < 0.5:
        demand["stage"] = str(list(Stage)[int(rng.integers(len(Stage)))])
    return demand


def _money_and_place(rng: Rng) -> dict[str, Any]:
    demand: dict[str, Any] = {}
    if rng.random() < 0.45:
        demand["rent_cny_m2_month_max"] = float(rng.integers(15, 60))
    if rng.random() < 0.2:
        demand["budget_cny_month_max"] = float(rng.integers(3, 40) * 1000)
    if rng.random() < 0.4:
        codes = [county.adcode for county in COUNTIES]
        demand["counties"] = _some(rng, codes, 3)
    if rng.random() < 0.4:
        month = int(rng.integers(0, 12))
        demand["move_in"] = f"{2026 + (month + 11) // 12}-{(month + 11) % 12 + 1:02d}-01"
    if rng.random() < 0.12:
        lon, lat = rng.uniform(120.3, 121.0), rng.uniform(27.4, 28.3)
        minutes = int(rng.choice([15, 30, 60]))
        demand["near"] = {"lon": round(lon, 5), "lat": round(lat, 5), "minutes": minutes}
    if rng.random() < 0.08:
        demand["within"] = _box(rng)
    return demand


def _box(rng: Rng) -> dict[str, Any]:
    """Return a drawn rectangle: every peer can tell what lies in it."""
    west, south = rng.uniform(120.2, 120.8), rng.uniform(27.3, 28.1)
    east, north = west + rng.uniform(0.05, 0.4), south + rng.uniform(0.05, 0.4)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [[[round(x, 5), round(y, 5)] for x, y in ring]]}


def _needs(rng: Rng) -> dict[str, Any]:
    demand: dict[str, Any] = {}
    if rng.random() < 0.25:
        demand["services"] = _some(rng, list(Service), 2)
    if rng.random() < 0.25:
        demand["amenities"] = _some(rng, list(AmenityCategory), 3)
    if rng.random() < 0.3:
        requires: dict[str, Any] = {
            name: _TECHNICAL[name][int(rng.integers(3))] for name in _some(rng, list(_TECHNICAL), 2)
        }
        requires |= dict.fromkeys(_some(rng, ["water", "drainage", "exhaust", "open_24h"], 2), True)
        if rng.random() < 0.3:
            requires["permitted_use"] = str(list(PermittedUse)[int(rng.integers(3))])
        demand["requires"] = requires
    if rng.random() < 0.15:
        demand["weights"] = {"rent": float(rng.integers(1, 60)), "area": float(rng.integers(0, 40))}
    return demand


def generate_demands(count: int, *, seed: int = SEED) -> list[dict[str, Any]]:
    """Return demands as JSON objects, the same for the same arguments.

    The first asks for nothing; a tenth asks for space alone; some find nothing at all.
    """
    rng = np.random.default_rng(seed)
    demands: list[dict[str, Any]] = [{}]
    while len(demands) < count:
        demand = _space(rng)
        if rng.random() < 0.9:
            demand |= _money_and_place(rng) | _needs(rng)
        demands.append(demand)
    return demands[:count]
