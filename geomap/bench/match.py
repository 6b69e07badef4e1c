"""One demand, ranked units: the kernel alone, and the whole JSON answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomap.bench.measure import Result, spread, times_of
from geomap.config import Settings

if TYPE_CHECKING:
    from geomap.catalog.catalog import Catalog

DEMANDS: tuple[dict[str, Any], ...] = (
    {},
    {"unit_kinds": ["office"], "area_m2": {"min": 80, "max": 300}, "rent_cny_m2_month_max": 40},
    {
        "stage": "acceleration",
        "industry": "eye_health",
        "headcount": 24,
        "unit_kinds": ["lab", "pilot_line"],
        "requires": {"power_kw": 60, "water": True, "drainage": True},
        "services": ["patent", "clinical_trial"],
        "amenities": ["cafe", "transit"],
        "weights": {"rent": 2.0},
    },
    {"unit_kinds": ["workshop"], "requires": {"floor_load_kn_m2": 10, "freight_lift_t": 3}},
)


def bench_match(settings: Settings, *, repeats: int = 40) -> Result:
    """Measure on the record of the settings.

    Raises
    ------
    NotReadyError
        There is no catalog yet.
    """
    import orjson

    from geomap.web.context import AppContext
    from geomap.web.views import match_answer

    context = AppContext(settings)
    catalog = context.catalog

    def answer(demand: dict[str, Any]) -> bytes:
        return orjson.dumps(match_answer(context, demand, limit=20, language="zh"))

    answers = [times_of(lambda d=d: answer(d), repeats) for d in DEMANDS]  # type: ignore[misc]
    return {
        "units": len(catalog.units),
        "sites": len(catalog.sites),
        "kernel_ms": _kernel(catalog, repeats),
        "json_ms": spread([t for times in answers for t in times]),
        "bytes": [len(answer(demand)) for demand in DEMANDS],
    }


def _kernel(catalog: Catalog, repeats: int) -> Result:
    from datetime import date

    from geomap.matching.demand_json import parse_demand
    from geomap.matching.match import rank

    today = date(2026, 11, 24)
    demands = [parse_demand(demand) for demand in DEMANDS]
    times = [
        times_of(lambda d=d: rank(catalog, d, today=today), repeats)  # type: ignore[misc]
        for d in demands
    ]
    return spread([t for one in times for t in one])
