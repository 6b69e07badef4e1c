"""A demand as SQL: the same hard rules, score and order as the fast pass, for its peers.

Peers get the columns that the fast pass prepares (fits that no demand changes) as stored
columns, and site tables of their own; everything that a demand asks is theirs to work out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.columns import MISSING_DAY
from geomap.domain.industries import kinship_masks
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, PermittedUse, Platform, Service, Stage, UnitKind
from geomap.geo.crs import METRIC_EPSG, to_metric
from geomap.matching.context import WALK_M_MIN, Context, Level, days_of, least_area
from geomap.matching.freshness import HIDDEN_DAYS
from geomap.matching.hard import COST_TOLERANCE, MEASURES, PIPELINE, TECHNICAL, VACANT
from geomap.matching.prepared import Prepared
from geomap.matching.scores import (
    CRITERIA,
    KINSHIP_FIT,
    RING_M,
    SITE_CRITERIA,
    UNIT_CRITERIA,
    UNKNOWN_RENT_FIT,
    wanted_area,
    weights_of,
)

FIXED = ("location", "services", "standing")
"""Fits of sites that no demand changes; `amenities` is one where none are wanted."""
Columns = dict[str, NDArray[Any]]


def site_columns(prepared: Prepared) -> Columns:
    """Return the peers' table of sites."""
    from geomap.domain.demand import Demand

    sites, access = prepared.catalog.sites, prepared.catalog.access
    context = prepared.context(Demand())
    columns: Columns = {"site": np.arange(len(sites), dtype=np.int32)}
    columns |= {name: getattr(sites, name) for name in ("lon", "lat", "x", "y")}
    columns["county"] = sites.county.astype(np.int16)
    for name in ("stages", "services", "platforms", "industries"):
        columns[name] = getattr(sites, name).astype(np.int64)
    for name in (*FIXED, "amenities"):
        fit = SITE_CRITERIA[name](context)
        columns[f"fit_{name}"] = np.zeros(len(sites)) if fit is None else fit
    for i in range(len(AmenityCategory)):
        columns[f"count_{i}"] = access.count[:, i]
        columns[f"walk_{i}"] = access.walk_m[:, i].astype(np.float64)
    return columns


def unit_columns(prepared: Prepared) -> Columns:
    """Return the peers' table of all units; NaN and `MISSING_DAY` are to be NULL."""
    from geomap.domain.demand import Demand

    units, context = prepared.catalog.units, prepared.context(Demand())
    rows = np.arange(len(units), dtype=np.int64)
    columns: Columns = {"unit": rows.astype(np.int32), "site": units.site}
    for name in ("kind", "status", "permitted_use", *TECHNICAL):
        if name not in MEASURES:
            columns[name] = getattr(units, name).astype(np.int16)
    columns |= {"free_from": units.free_from, "verified_at": units.verified_at}
    columns["area"] = units.area_m2.astype(np.float64)
    columns["rent"] = units.rent_cny_m2_month.astype(np.float64)
    columns["cost"] = prepared.offers.cost_cny_month
    columns["log_area"] = np.log2(np.maximum(columns["area"], 1e-3))
    columns |= {name: getattr(units, name).astype(np.float64) for name in MEASURES}
    for name in ("rent", "room_to_grow", "freshness"):
        fit = UNIT_CRITERIA[name](context, rows)
        columns[f"fit_{name}"] = np.zeros(len(rows)) if fit is None else fit
    return columns


def is_missing(name: str, values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which values of a column are to be NULL."""
    if values.dtype.kind == "f":
        return np.asarray(np.isnan(values))
    if name in ("free_from", "verified_at"):
        return np.asarray(values == MISSING_DAY)
    return np.zeros(len(values), dtype=bool)


def _n(value: float) -> str:
    return f"CAST('{float(value)!r}' AS DOUBLE PRECISION)"


def _f4(value: float) -> str:
    return _n(float(np.float32(value)))


def _clip(text: str) -> str:
    return f"greatest({_n(0)}, least({_n(1)}, {text}))"


def _mask(words: Sequence[str], wanted: Sequence[str]) -> int:
    return sum(1 << list(words).index(word) for word in wanted)


def _walk(context: Context) -> str:
    near = context.demand.near
    assert near is not None  # noqa: S101 - asked only where there is one
    x, y = to_metric(np.array([near.lon]), np.array([near.lat]), METRIC_EPSG)
    line = f"sqrt((x - {_n(x[0])}) * (x - {_n(x[0])}) + (y - {_n(y[0])}) * (y - {_n(y[0])}))"
    return f"CAST(CAST({_n(1.3)} * {line} AS REAL) AS DOUBLE PRECISION)"


def _site_rules(context: Context, indexed: bool) -> list[str]:
    demand, rules = context.demand, []
    if demand.counties:
        rows = [i for i, county in enumerate(COUNTIES) if county.adcode in demand.counties]
        rules.append(f"county IN ({', '.join(map(str, rows))})")
    if demand.within is not None:
        west, south, east, north = demand.within.bounds
        box = f"lon BETWEEN {_n(west)} AND {_n(east)} AND lat BETWEEN {_n(south)} AND {_n(north)}"
        shape = f"ST_Intersects(geom, ST_GeomFromText('{demand.within.wkt}', 4326))"
        rules.append(shape if indexed else box)
    if demand.near is not None:
        limit = demand.near.minutes * WALK_M_MIN
        rules.append(f"{_walk(context)} <= {_f4(limit)}")
    if demand.stage is not None:
        rules.append(f"(stages = 0 OR (stages & {_mask(list(Stage), [demand.stage])}) > 0)")
    for name, words, wanted in (
        ("services", list(Service), demand.services),
        ("platforms", list(Platform), demand.platforms),
    ):
        if wanted:
            mask = _mask([*map(str, words)], [*map(str, wanted)])
            rules.append(f"({name} & {mask}) = {mask}")
    rules += [f"count_{list(AmenityCategory).index(a)} > 0" for a in demand.amenities]
    return rules


def _unit_rules(context: Context) -> list[str]:
    demand, needs = context.demand, context.demand.requires
    rules = [f"status = {VACANT}"]
    if demand.move_in is not None:
        day = days_of(demand.move_in)
        coming = f"(status = {PIPELINE} AND free_from IS NOT NULL)"
        rules = [f"(status = {VACANT} OR {coming})", f"(free_from IS NULL OR free_from <= {day})"]
    if context.public:
        rules.append(f"(verified_at IS NULL OR verified_at >= {context.today - HIDDEN_DAYS})")
    if demand.unit_kinds:
        kinds = [str(list(UnitKind).index(kind)) for kind in demand.unit_kinds]
        rules.append(f"kind IN ({', '.join(kinds)})")
    if needs.permitted_use is not None:
        rules.append(f"permitted_use = {list(PermittedUse).index(needs.permitted_use)}")
    for name in TECHNICAL:
        need = getattr(needs, name)
        if name in MEASURES and need is not None:
            rules.append(f"{name} >= {_f4(need)}")
        elif name not in MEASURES and need:
            rules.append(f"{name} = 1")
    if demand.rent_max_cny_m2_month is not None:
        rules.append(f"(rent IS NULL OR rent <= {_f4(demand.rent_max_cny_m2_month)})")
    least = least_area(demand)
    if least is not None:
        rules.append(f"area >= {_f4(least)}")
    if demand.area_max_m2 is not None:
        rules.append(f"area <= {_f4(demand.area_max_m2)}")
    if demand.budget_max_cny_month is not None:
        limit = demand.budget_max_cny_month * (1.0 + COST_TOLERANCE)
        rules.append(f"(cost IS NULL OR cost <= {_n(limit)})")
    return rules


def _stage_fit(stage: Stage) -> str:
    at = list(Stage).index(stage)
    has = [f"(stages & {1 << i}) > 0" for i in range(len(Stage))]
    onward = f"{has[at]} AND {has[at + 1]}" if at + 1 < len(Stage) else has[at]
    beside = [has[i] for i in (at - 1, at + 1) if 0 <= i < len(Stage)]
    return (
        f"CASE WHEN {onward} THEN {_n(1)} WHEN {has[at]} THEN {_n(0.8)}"
        f" WHEN stages = 0 THEN {_n(0.5)} WHEN {' OR '.join(beside)} THEN {_n(0.3)}"
        f" ELSE {_n(0)} END"
    )


def _industry_fit(wanted: str) -> str:
    whens = [
        f"WHEN (industries & {mask}) > 0 THEN {_n(KINSHIP_FIT[kin])}"
        for kin, mask in kinship_masks(wanted).items()
    ]
    fits = {str(kin): fit for kin, fit in KINSHIP_FIT.items()}
    return (
        f"CASE {' '.join(whens)} WHEN industries = 0 THEN {_n(fits['unstated'])}"
        f" ELSE {_n(fits['none'])} END"
    )


def _amenities_fit(wanted: Sequence[AmenityCategory]) -> str:
    if not wanted:
        return "fit_amenities"
    parts = []
    for i in (list(AmenityCategory).index(a) for a in wanted):
        walk = f"coalesce(walk_{i}, {_n(RING_M)})"
        close = f"greatest({_n(0.5)}, least({_n(1)}, {_n(1)} - {_n(0.5)} * {walk} / {_n(RING_M)}))"
        parts.append(f"CASE WHEN count_{i} > 0 THEN {close} ELSE {_n(0)} END")
    return f"({' + '.join(parts)}) / {_n(len(wanted))}"


def _site_fit(context: Context, name: str) -> str | None:
    demand = context.demand
    if name == "industry":
        return _industry_fit(demand.industry) if demand.industry else None
    if name == "stage":
        return _stage_fit(demand.stage) if demand.stage is not None else None
    if name == "amenities":
        return _amenities_fit(demand.amenities)
    if name == "near":
        if demand.near is None:
            return None
        limit = demand.near.minutes * WALK_M_MIN
        return _clip(f"{_n(1)} - {_n(0.8)} * {_walk(context)} / {_n(limit)}")
    return f"fit_{name}"


def _rent_fit(context: Context) -> str:
    limit, budget = context.demand.rent_max_cny_m2_month, context.demand.budget_max_cny_month
    if limit is None and budget is None:
        return "fit_rent"
    by_budget = f"{_n(budget or 0)} / greatest(area, {_n(1e-3)})"
    ceiling = by_budget if limit is None else _n(limit)
    if limit is not None and budget is not None:
        ceiling = f"least({_n(limit)}, {by_budget})"
    fit = _clip(f"{_n(1.7)} - {_n(1.4)} * rent / greatest({ceiling}, {_n(1e-6)})")
    return f"CASE WHEN rent IS NULL THEN {_n(UNKNOWN_RENT_FIT)} ELSE {fit} END"


def _unit_fit(context: Context, name: str) -> str | None:
    if name == "area":
        best = wanted_area(context)
        if not best:
            return None
        return _clip(f"{_n(1)} - abs(log_area - {_n(np.log2(best))}) / {_n(2)}")
    return _rent_fit(context) if name == "rent" else f"fit_{name}"


def query_of(context: Context, most: int, *, indexed: bool) -> str:
    """Return the query for the best units of a demand: unit rows and scores times 10⁹.

    With `indexed` a drawn box is asked by ``ST_Intersects`` of a geometry, else by bounds.
    """
    weights, total = weights_of(context), 0.0
    of_site: list[str] = []
    of_unit: list[str] = []
    for name, level in CRITERIA.items():
        fit = (_site_fit if level is Level.SITE else _unit_fit)(context, name)
        if fit is not None and weights[name] > 0:
            total += weights[name]
            (of_site if level is Level.SITE else of_unit).append(f"{_n(weights[name])} * ({fit})")
    site_rules = " AND ".join(_site_rules(context, indexed)) or "true"
    points = " + ".join(["points", *of_unit])
    return (
        f"WITH s AS (SELECT site, {' + '.join(of_site) or _n(0)} AS points FROM sites"  # noqa: S608
        f" WHERE {site_rules}) SELECT unit, round(({points}) / {_n(total or 1)} * {_n(1e9)}) AS key"
        f" FROM units JOIN s USING (site) WHERE {' AND '.join(_unit_rules(context))}"
        f" ORDER BY key DESC, unit LIMIT {most}"
    )
