"""The open demands that a site or a unit would suit.

Demands are the record's projects. What a firm wants is its own affair: of a demand that is
not made up the public learns trade, stage, kinds, area and county, and how well the place
suits; never a name, an id, a rent limit, a headcount or the parts of the score from which
they could be worked out.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Candidate, Demand
from geomap.domain.errors import InputError
from geomap.domain.industries import BY_ID
from geomap.domain.regions import BY_ADCODE
from geomap.matching.demand_json import parse_demand
from geomap.matching.reverse import Suited, list_suited
from geomap.matching.scores import CRITERION_LABELS
from geomap.store.read import read_table
from geomap.web import values as v
from geomap.web.context import AppContext
from geomap.web.language import text_of
from geomap.web.view_match import basis_of, walk_to_sites

_COLUMNS = ("id", "name", "home_county", "demand", "demo")
_OPEN_REASONS = ("industry", "stage", "services", "standing")
"""Criteria whose reasons speak of the site, not of what the firm can pay or how many it is."""


class OpenDemand(NamedTuple):
    """A project that looks for a place."""

    id: str
    name: str
    home_county: str
    demo: bool
    demand: Demand


def open_demands(context: AppContext, catalog: Catalog) -> list[OpenDemand]:
    """Return the projects of the record whose demands can be read, in its order."""

    def read() -> list[OpenDemand]:
        rows = read_table(context.store, "projects", _COLUMNS)
        found = []
        for row in zip(*(rows[name] for name in _COLUMNS), strict=True):
            project_id, name, county, given, demo = row
            with suppress(InputError):  # of another version: it cannot be matched
                demand = parse_demand(json.loads(given) if isinstance(given, str) else given)
                found.append(OpenDemand(project_id, name, county, bool(demo), demand))
        return found

    return context.kept.get("open demands", (catalog.stamp,), read)


def unit_demands(context: AppContext, unit_id: str, language: str) -> list[dict[str, Any]]:
    """Return the open demands that a unit would suit, best first.

    Raises
    ------
    NotFoundError
        There is no such unit.
    """
    catalog = context.catalog
    row = catalog.unit_index(unit_id)
    return _answer(context, catalog, int(catalog.units.site[row]), row, language)


def site_demands(context: AppContext, site_id: str, language: str) -> list[dict[str, Any]]:
    """Return the open demands that a site would suit, best first, each with its best unit.

    Raises
    ------
    NotFoundError
        There is no such site.
    """
    catalog = context.catalog
    return _answer(context, catalog, catalog.site_index(site_id), None, language)


def _answer(
    context: AppContext, catalog: Catalog, site: int, unit: int | None, language: str
) -> list[dict[str, Any]]:
    known = open_demands(context, catalog)
    asked = [(one.demand, _walk(context, catalog, one.demand, site)) for one in known]
    suited = list_suited(
        catalog, basis_of(context, catalog), site, asked, today=context.today(), unit=unit
    )
    return [_item(known[one.place], one, language) for one in suited]


def _walk(
    context: AppContext, catalog: Catalog, demand: Demand, site: int
) -> NDArray[np.float32] | None:
    """Return the walk from a demand's `near` to one site; NaN where there is no network."""
    if demand.near is None:
        return None
    if context.find_network() is None:
        return np.full(1, np.nan, dtype=np.float32)
    walk_m = walk_to_sites(context, catalog, demand)
    return None if walk_m is None else walk_m[site : site + 1]


def _item(known: OpenDemand, suited: Suited, language: str) -> dict[str, Any]:
    """Return what may be public of a demand and of how it is suited."""
    demand, candidate = known.demand, suited.candidate
    industry = BY_ID.get(demand.industry)
    county = BY_ADCODE.get(known.home_county)
    return {
        "id": known.id if known.demo else None,
        "name": known.name if known.demo else None,
        "demo": known.demo,
        "stage": demand.stage and str(demand.stage),
        "industry": demand.industry or None,
        "industry_name": text_of(industry.label, language) if industry else None,
        "unit_kinds": [str(kind) for kind in demand.unit_kinds],
        "area_m2": {"min": demand.area_min_m2, "max": demand.area_max_m2},
        "counties": list(demand.counties),
        "home_county": county.adcode if county else None,
        "home_county_name": v.county_name(county, language),
        "unit_id": candidate.unit_id,
        "unit_ids": list(candidate.unit_ids),
        "score": candidate.score if known.demo else round(candidate.score, 2),
        "criteria": _criteria(candidate, language) if known.demo else [],
        "reasons": [
            text_of(part.reason, language)
            for part in candidate.criteria
            if part.name in _OPEN_REASONS
        ],
    }


def _criteria(candidate: Candidate, language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": part.name,
            "label": text_of(CRITERION_LABELS[part.name], language),
            "weight": part.weight,
            "fit": part.fit,
            "points": part.points,
            "reason": text_of(part.reason, language),
        }
        for part in candidate.criteria
    ]
