"""The answer to a demand: candidates with reasons, sites, counts and ways out."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Candidate, Demand, Relaxation
from geomap.domain.errors import InputError
from geomap.domain.words import Label, SiteLevel, UnitKind, UnitStatus
from geomap.matching.basis import Basis, build_basis, list_neighbours
from geomap.matching.context import Context as MatchContext
from geomap.matching.context import build_context
from geomap.matching.demand_json import parse_demand
from geomap.matching.explain import RULE_NAMES, explain
from geomap.matching.freshness import FRESHNESS_LABELS, check_of
from geomap.matching.hard import RULE_LABELS
from geomap.matching.match import Ranking, facets, page_of, rank_best, site_rows
from geomap.matching.prepared import Prepared, prepare
from geomap.matching.scores import CRITERION_LABELS
from geomap.web import values as v
from geomap.web.context import AppContext
from geomap.web.language import text_of

_DOT = b'%b,"units":%d,"vacant_m2":%.1f,"score":%.9f,"rank":%d}'
_NEAR_LIMIT_M = 60 * 80.0
"""The longest walk that a demand may ask for: an hour at 4.8 km/h."""


def match_answer(
    context: AppContext,
    demand: object,
    *,
    limit: int,
    offset: int = 0,
    language: str,
    with_facets: bool = False,
    with_sites: bool = True,
) -> dict[str, Any]:
    """Rank the units for a demand and return one page of the answer.

    Parameters
    ----------
    context
        Where catalog and network come from.
    demand
        A parsed demand, or the JSON object of one.
    limit, offset
        Which candidates.
    language
        "zh" or "en", for labels and reasons.
    with_facets
        Whether to count by kind and county, and to add the histograms.
    with_sites
        Whether to list the sites of all candidates, up to 2,000, as a map shows them.

    Raises
    ------
    InputError
        The demand cannot be used; `field` names the field.
    NotReadyError
        It asks for a walk, and there is no network.
    """
    catalog = context.catalog
    parsed = demand if isinstance(demand, Demand) else parse_demand(demand)
    walk_m = walk_to_sites(context, catalog, parsed)
    ranking = rank_best(prepared_of(context, catalog), parsed, most=offset + limit, walk_m=walk_m)
    page = page_of(ranking, limit=limit, offset=offset)
    shown = offset + len(page.candidates)
    rows = ranking.rows[offset:shown].tolist()
    answer = {
        "total": page.total,
        "sites_total": page.sites,
        "next": shown if page.candidates and shown < page.total else None,
        "demo": catalog.demo,
        "candidates": [
            candidate_json(ranking.context, candidate, row, language)
            for candidate, row in zip(page.candidates, rows, strict=True)
        ],
        "rejected": dict(page.rejected),
        "rejected_labels": {r: text_of(RULE_LABELS[r], language) for r in page.rejected},
        "relaxations": [_relaxation(r, language) for r in page.relaxations],
        "sites": _sites(context, catalog, ranking) if with_sites else [],
    }
    return answer | ({"facets": facets(ranking)} if with_facets else {})


def explain_answer(
    context: AppContext, demand: object, unit_id: str, language: str
) -> dict[str, Any]:
    """Return why a unit fits a demand or does not.

    Raises
    ------
    InputError, NotFoundError, NotReadyError
        The demand or the unit cannot be used; it asks for a walk, and there is no network.
    """
    catalog = context.catalog
    parsed = parse_demand(demand)
    if not unit_id:
        raise InputError(
            Label("没有给出单元", "No unit is given"),
            fix=Label("在地址里写 ?unit=单元编号", "Put ?unit=ID into the address"),
            field="unit",
        )
    row = catalog.unit_index(unit_id)
    walk_m = walk_to_sites(context, catalog, parsed)
    asked = build_context(
        catalog, parsed, today=context.today(), walk_m=walk_m, basis=basis_of(context, catalog)
    )
    match, found = explain(asked, row)
    return {
        "demo": catalog.demo,
        "fits": not found.refused_by,
        "refused_by": found.refused_by or None,
        "rules": [
            {
                "name": rule.name,
                "label": text_of(RULE_NAMES[rule.name], language),
                "level": str(rule.level),
                "met": rule.met,
                "reason": text_of(rule.reason, language),
            }
            for rule in found.rules
        ],
        **candidate_json(match, found.candidate, row, language),
    }


def basis_of(context: AppContext, catalog: Catalog) -> Basis:
    """Return what matches rest on besides the demand, made once for a catalog."""
    units = catalog.units
    places = (units.id, units.building, units.room, units.floor, units.site)
    beside = context.kept.get("beside", places, lambda: list_neighbours(units))
    return context.kept.get("match", (catalog.tables,), lambda: build_basis(catalog, beside))


def prepared_of(context: AppContext, catalog: Catalog) -> Prepared:
    """Return the catalog ready for the fast pass, made once for a catalog and a day."""
    today, basis = context.today(), basis_of(context, catalog)
    made_of = (catalog.tables, today.isoformat())
    return context.kept.get("prepared", made_of, lambda: prepare(catalog, today=today, basis=basis))


def walk_to_sites(
    context: AppContext, catalog: Catalog, demand: Demand
) -> NDArray[np.float32] | None:
    """Return the walk from a demand's `near` to every site, m, NaN out of reach."""
    near = demand.near
    if near is None:
        return None
    from geomap.streets.snap import snap_points
    from geomap.streets.walk import walk, walk_to

    network = context.require_network()
    start = snap_points(network, near.lon, near.lat).position(0)
    reach = walk(network, start, _NEAR_LIMIT_M)
    metres = walk_to(network, reach, context.site_places(network, catalog))
    return np.where(np.isfinite(metres), metres, np.float32(np.nan)).astype(np.float32)


def freshness_json(verified: int, today: int, language: str) -> dict[str, Any]:
    """Return how old the word of a listing is; days count from 1970-01-01."""
    checked = check_of(verified, today)
    return {
        "state": str(checked.state),
        "label": text_of(FRESHNESS_LABELS[checked.state], language),
        "verified_at": None if checked.verified is None else v.day(checked.verified),
        "due": None if checked.due is None else v.day(checked.due),
    }


def _combined(match: MatchContext, row: int) -> dict[str, Any] | None:
    """Return what a run of neighbours is together, None for a single unit."""
    offers = match.offers
    if offers.span[row] < 2:
        return None
    cost = v.number(offers.cost_cny_month[row])
    return {
        "units": int(offers.span[row]),
        "area_m2": v.number(offers.area_m2[row]),
        "rent_cny_m2_month": v.number(offers.rent_cny_m2_month[row]),
        "month_cny": None if cost is None else round(cost),
    }


def candidate_json(
    match: MatchContext, candidate: Candidate, row: int, language: str
) -> dict[str, Any]:
    """Return a candidate; `row` is its first unit's, known from the ranking, not looked up."""
    catalog = match.catalog
    return {
        "unit_id": candidate.unit_id,
        "unit_ids": list(candidate.unit_ids),
        "site_id": candidate.site_id,
        "score": candidate.score,
        "criteria": [
            {
                "name": part.name,
                "label": text_of(CRITERION_LABELS[part.name], language),
                "weight": part.weight,
                "fit": part.fit,
                "points": part.points,
                "reason": text_of(part.reason, language),
            }
            for part in candidate.criteria
        ],
        "combined": _combined(match, row),
        "freshness": freshness_json(int(match.offers.verified_at[row]), match.today, language),
        "unit": unit_card(catalog, row),
        "site": site_card(catalog, int(catalog.units.site[row]), language),
    }


def unit_card(catalog: Catalog, row: int) -> dict[str, Any]:
    """Return what a result's card says of a unit; `month_cny` is rent times area."""
    units = catalog.units
    area, rent = v.number(units.area_m2[row]), v.number(units.rent_cny_m2_month[row])
    return {
        "id": units.id[row],
        "building": units.building[row],
        "floor": int(units.floor[row]),
        "room": units.room[row],
        "kind": v.word(units.kind[row], UnitKind),
        "area_m2": area,
        "rent_cny_m2_month": rent,
        "month_cny": round(area * rent) if area is not None and rent is not None else None,
        "status": v.word(units.status[row], UnitStatus),
        "free_from": v.day(units.free_from[row]),
        "verified_at": v.day(units.verified_at[row]),
        "desks": v.whole(units.desks[row]),
        "demo": bool(units.demo[row]),
    }


def site_card(catalog: Catalog, row: int, language: str) -> dict[str, Any]:
    """Return what a result's card says of a site."""
    sites, county = catalog.sites, v.county_of(catalog, row)
    return {
        "id": sites.id[row],
        "name": sites.name[row],
        "lon": v.number(sites.lon[row], 6),
        "lat": v.number(sites.lat[row], 6),
        "adcode": county.adcode if county else "",
        "county": v.county_name(county, language),
        "level": v.word(sites.level[row], SiteLevel),
        "operator": sites.operator[row],
        "demo": bool(sites.demo[row]),
    }


def _relaxation(relaxation: Relaxation, language: str) -> dict[str, Any]:
    return {
        "rule": "+".join(relaxation.rules),
        "rules": list(relaxation.rules),
        "label": text_of(relaxation.label, language),
        "opens": relaxation.opens,
        "size": relaxation.size,
        "patch": dict(relaxation.patch),
    }


def _sites(context: AppContext, catalog: Catalog, ranking: Ranking) -> orjson.Fragment:
    """Return every site with a match for the map, best first, as JSON.

    There may be two thousand of them: what no demand changes is written once for a site, and
    none becomes an object that Python has to keep count of.
    """
    sites = catalog.sites
    made_of = (sites.id, sites.name, sites.lon, sites.lat, sites.county)
    known: dict[int, bytes] = context.kept.get("dots", made_of, dict)
    found = []
    for rank, (site, units, m2, score) in enumerate(site_rows(ranking), 1):
        dot = known.get(site)
        if dot is None:
            dot = known[site] = orjson.dumps(_dot(catalog, site))[:-1]
        found.append(_DOT % (dot, units, m2, score, rank))
    return orjson.Fragment(b"[" + b",".join(found) + b"]")


def _dot(catalog: Catalog, site: int) -> dict[str, Any]:
    sites, county = catalog.sites, v.county_of(catalog, site)
    return {
        "id": sites.id[site],
        "name": sites.name[site],
        "lon": v.number(sites.lon[site], 6),
        "lat": v.number(sites.lat[site], 6),
        "adcode": county.adcode if county else "",
    }
