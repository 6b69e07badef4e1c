"""A second reading of pairs, unit by unit, by the rules and scores of matching themselves."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geomap.domain.placement import SCALE, ChainPosition, PlacedDemand, Policy
from geomap.domain.words import Platform, UnitStatus
from geomap.matching.context import least_area
from geomap.matching.match import candidate_of
from geomap.matching.offers import build_offers
from geomap.matching.prepared import Prepared
from geomap.matching.scores import wanted_area
from geomap.placement.explain import offered_at, refused_by
from geomap.placement.parts import Size, Way, way_at
from geomap.placement.steps import county_row

CHAIN = {
    ChainPosition.UPSTREAM: {"proof_of_concept", "lab_equipment", "cro", "testing"},
    ChainPosition.MIDSTREAM: {"pilot_test", "cdmo", "cmo", "lab_equipment"},
    ChainPosition.DOWNSTREAM: {"industrial_design", "testing"},
}
MARGINS = ("local", "other_county", "state_owned_park")


class Plain(NamedTuple):
    """A pair, or what refuses its first unit."""

    way: Way | None
    refused: str
    step: int
    score: float = 0.0
    fit: float = 0.0
    value: int = 0


def read_pairs(prepared: Prepared, project: PlacedDemand, policy: Policy) -> dict[int, Plain]:
    """Return what each unit that may be had is for a project, by unit row."""
    return {
        row: read_pair(prepared, project, policy, row)
        for row in np.sort(prepared.live.row).tolist()
    }


def read_pair(prepared: Prepared, project: PlacedDemand, policy: Policy, row: int) -> Plain:
    catalog, demand = prepared.catalog, project.demand
    units, step = catalog.units, step_of(prepared, project, row)
    rows = [row]
    least = least_area(demand)
    if demand.combine_adjacent and least is not None:
        rows = build_offers(units, prepared.basis.after, least).members(row)
    way = way_at(catalog, Size.of(demand, wanted_area(prepared.context(demand))), rows)
    area = way.area_m2 if way else float(units.area_m2[rows].sum())
    offered = offered_at(prepared, demand, None, rows, area)
    refused = refused_by(offered) or ("" if way else "area")
    if refused or way is None:
        alone = offered_at(prepared, demand, None, [row], float(units.area_m2[row]))
        whole = refused_by(alone)
        if whole not in ("", "area", "budget"):
            return Plain(None, whole, step)
        return Plain(None, "budget" if way and refused == "budget" else "area", step)
    ids = {units.id[one] for one in rows}
    site = catalog.sites.id[int(units.site[row])]
    if ids & set(policy.reserved):
        return Plain(None, "reserved", step)
    forbidden = [f for f in policy.forbids if f.project_id == project.id]
    if any(f.unit_id in ids or f.site_id == site for f in forbidden):
        return Plain(None, "forbidden", step)
    score = round(candidate_of(offered.context, offered.row).score, 9)
    fit = fit_of(prepared, project, policy, way, score)
    return Plain(way, "", step, score, fit, value_of(project, policy, fit, step))


def step_of(prepared: Prepared, project: PlacedDemand, row: int) -> int:
    sites, site = prepared.catalog.sites, int(prepared.catalog.units.site[row])
    if sites.county[site] == county_row(project.home_county):
        return 0
    return 2 if sites.state_owned[site] else 1


def fit_of(
    prepared: Prepared, project: PlacedDemand, policy: Policy, way: Way, score: float
) -> float:
    units, sites, weights = prepared.catalog.units, prepared.catalog.sites, policy.weights
    parts, total = score, 1.0
    heads, wanted = project.demand.headcount, wanted_area(prepared.context(project.demand))
    site = int(units.site[way.rows[0]])
    vacant = list(UnitStatus).index(UnitStatus.VACANT)
    if heads and wanted and project.growth_headcount:
        shown = set(prepared.live.row.tolist())
        there = [
            row
            for row in np.flatnonzero((units.site == site) & (units.status == vacant)).tolist()
            if row in shown
        ]
        spare = sum(float(units.area_m2[row]) for row in there)
        inside = sum(float(units.area_m2[row]) for row in way.rows if row in there)
        room = way.area_m2 + spare - (way.area_m2 if len(way.rows) == 1 and inside else inside)
        needed = wanted * project.growth_headcount / heads
        parts += weights.growth * min(room / needed, 1.0)
        total += weights.growth
    if project.chain_position is not None and sites.platforms.any():
        mask, names = int(sites.platforms[site]), list(Platform)
        there = {str(name) for at, name in enumerate(names) if mask >> at & 1}
        share = min(len(there & CHAIN[project.chain_position]) / 2, 1.0)
        parts += weights.chain * share
        total += weights.chain
    return parts / total


def value_of(project: PlacedDemand, policy: Policy, fit: float, step: int) -> int:
    first = policy.weights.priority / project.priority if project.priority else 0.0
    margin = 0.0 if step == 0 else policy.margins.get(MARGINS[step], 0.0)
    return max(1, round(SCALE * (1 + first) * (policy.weights.placed + fit - margin)))
