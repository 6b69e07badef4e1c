"""Demands as they come, for hypothesis."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, PermittedUse, Platform, Service, Stage, UnitKind
from geomap.matching.scores import CRITERIA

DAY = date(2026, 11, 24)


def few(words: object, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([str(w) for w in words]), max_size=most, unique=True)


def spans(low: int, high: int) -> st.SearchStrategy[dict[str, int]]:
    given = st.fixed_dictionaries(
        {}, optional={"min": st.integers(low, high), "max": st.integers(low, high)}
    )
    return given.map(
        lambda d: d if d.get("min", 0) <= d.get("max", high) else {"min": d["max"], "max": d["min"]}
    )


def _box(corner: tuple[int, int], size: tuple[int, int]) -> dict[str, object]:
    west, south = 120.4 + corner[0] * 0.05, 27.4 + corner[1] * 0.05
    east, north = west + size[0] * 0.05, south + size[1] * 0.05
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


boxes = st.builds(
    _box,
    st.tuples(st.integers(0, 6), st.integers(0, 6)),
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
)
requires = st.fixed_dictionaries(
    {},
    optional={
        "floor_load_kn_m2": st.sampled_from([2.5, 4.0, 8.0]),
        "clear_height_m": st.sampled_from([2.5, 5.5]),
        "power_kw": st.sampled_from([4.0, 8.0, 30.0]),
        "water": st.booleans(),
        "gas": st.booleans(),
        "open_24h": st.booleans(),
        "permitted_use": st.sampled_from([str(u) for u in PermittedUse]),
    },
)
demands = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from([str(s) for s in Stage]),
        "industry": st.sampled_from([i.id for i in INDUSTRIES]),
        "headcount": st.integers(1, 120),
        "area_m2": spans(20, 700),
        "rent_cny_m2_month_max": st.integers(5, 50),
        "budget_cny_month_max": st.integers(200, 20_000),
        "unit_kinds": few(UnitKind, 4),
        "counties": few([c.adcode for c in COUNTIES[:4]], 3),
        "within": boxes,
        "move_in": st.integers(-10, 300).map(lambda n: (DAY + timedelta(days=n)).isoformat()),
        "requires": requires,
        "services": few(Service, 2),
        "platforms": few(Platform, 1),
        "amenities": few(AmenityCategory, 2),
        "near": st.sampled_from([5, 10, 12.5, 15, 30]).map(
            lambda n: {"lon": 120.7, "lat": 27.9, "minutes": n}
        ),
        "combine_adjacent": st.booleans(),
        "weights": st.dictionaries(st.sampled_from(sorted(CRITERIA)), st.floats(0, 100)),
    },
)
"""Any mix of fields; many leave nothing."""


_ALWAYS = ("combine_adjacent", "weights", "industry")
_NAMES = (
    "stage", "headcount", "area_m2", "rent_cny_m2_month_max", "budget_cny_month_max",
    "unit_kinds", "counties", "within", "move_in", "requires", "services", "amenities", "near",
)  # fmt: skip


def _kept(demand: dict[str, object], names: list[str]) -> dict[str, object]:
    return {k: v for k, v in demand.items() if k in names or k in _ALWAYS}


def sparse(most: int = 3) -> st.SearchStrategy[dict[str, object]]:
    """Return demands of a few fields, so that something is left."""
    names = st.lists(st.sampled_from(_NAMES), max_size=most, unique=True)
    return st.builds(_kept, demands, names)
