"""One site and one unit, with all that is known of them."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.catalog.convert import words_of
from geomap.domain.industries import BY_ID, INDUSTRIES
from geomap.domain.words import (
    AmenityCategory,
    LocationPrecision,
    PermittedUse,
    Platform,
    Service,
    SiteLevel,
    Stage,
)
from geomap.matching.context import days_of
from geomap.web import values as v
from geomap.web.context import AppContext
from geomap.web.language import text_of
from geomap.web.view_match import freshness_json, site_card, unit_card

_NUMBERS = ("floor_load_kn_m2", "clear_height_m", "column_spacing_m", "freight_lift_t", "power_kw")
_YES_NO = ("water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage", "open_24h")
_INDUSTRY_IDS = [industry.id for industry in INDUSTRIES]
_DEFAULT_PROFILE = "wenzhou-6-6"


def site_detail(context: AppContext, site_id: str, language: str) -> dict[str, Any]:
    """Return a site with its buildings, floors and units, coverage and history.

    Raises
    ------
    NotFoundError
        There is no such site.
    """
    catalog = context.catalog
    row = catalog.site_index(site_id)
    return {
        **site_card(catalog, row, language),
        **_belonging(catalog, row, language),
        **_facts(catalog, row),
        **_vacancy(catalog, row),
        "buildings": _buildings(catalog, row),
        "coverage": _coverage(catalog, row),
        "history": _history(catalog, row),
    }


def _belonging(catalog: Catalog, row: int, language: str) -> dict[str, Any]:
    sites, unit = catalog.sites, v.reporting_unit_of(catalog, row)
    industries = words_of(sites.industries[row], _INDUSTRY_IDS)
    return {
        "reporting_unit": unit.id if unit else "",
        "reporting_unit_name": v.county_name(unit, language),
        "county_mismatch": bool(sites.county_mismatch[row]),
        "industries": [
            {"id": industry, "name": text_of(BY_ID[industry].label, language)}
            for industry in industries
        ],
    }


def _facts(catalog: Catalog, row: int) -> dict[str, Any]:
    sites = catalog.sites
    return {
        "level": v.word(sites.level[row], SiteLevel),
        "stages": words_of(sites.stages[row], Stage),
        "services": words_of(sites.services[row], Service),
        "platforms": words_of(sites.platforms[row], Platform),
        "area_m2": v.number(sites.area_m2[row]),
        "tenants": v.whole(sites.tenants[row]),
        "jobs": v.whole(sites.jobs[row]),
        "professional": bool(sites.professional[row]),
        "state_owned": None if sites.reference[row] else bool(sites.state_owned[row]),
        "opened_on": v.day(sites.opened_on[row]),
        "address": sites.address[row],
        "source": sites.source[row],
        "source_date": sites.source_date[row],
        "precision": v.word(sites.precision[row], LocationPrecision) or "unknown",
        "note": sites.note[row],
        "reference": bool(sites.reference[row]),
    }


def _vacancy(catalog: Catalog, row: int) -> dict[str, Any]:
    """Return the vacant area, the span of rents asked, and the newest verification."""
    sites, units, own = catalog.sites, catalog.units, catalog.units_of(row)
    vacant = units.status[own] == 0
    rents = units.rent_cny_m2_month[own][vacant]
    rents = rents[np.isfinite(rents)]
    span = {"min": v.number(rents.min()), "max": v.number(rents.max())} if len(rents) else None
    verified = units.verified_at[own]
    return {
        "vacant_m2": round(float(sites.vacant_m2[row]), 1),
        "vacant_count": int(sites.vacant_count[row]),
        "rent": span,
        "verified_at": v.day(verified.max()) if len(verified) else None,
    }


def _unit(catalog: Catalog, row: int) -> dict[str, Any]:
    units = catalog.units
    return {
        **unit_card(catalog, row),
        "divisible_min_m2": v.number(units.divisible_min_m2[row]),
        **{name: v.number(getattr(units, name)[row]) for name in _NUMBERS},
        **{name: v.tri(getattr(units, name)[row]) for name in _YES_NO},
        "permitted_use": v.word(units.permitted_use[row], PermittedUse),
    }


def _buildings(catalog: Catalog, row: int) -> list[dict[str, Any]]:
    """Return buildings by name, floors from the top, units by room."""
    own = catalog.units_of(row)
    units = [_unit(catalog, i) for i in range(own.start, own.stop)]
    units.sort(key=lambda u: (u["building"], -u["floor"], u["room"], u["id"]))
    buildings = []
    for name, members in groupby(units, key=lambda u: u["building"]):
        inside = list(members)
        floors = [
            {"floor": floor, "units": list(row_units)}
            for floor, row_units in groupby(inside, key=lambda u: u["floor"])
        ]
        vacant = sum(unit["status"] == "vacant" for unit in inside)
        buildings.append({"name": name, "vacant": vacant, "floors": floors})
    return buildings


def _coverage(catalog: Catalog, row: int) -> dict[str, Any] | None:
    """Return what is within the default profile's minutes, None where nothing is known."""
    access = catalog.access
    if row >= len(access) or (access.count[row] < 0).all():
        return None
    categories = {}
    for column, category in enumerate(AmenityCategory):
        nearest = int(access.nearest[row, column])
        categories[str(category)] = {
            "count": max(0, int(access.count[row, column])),
            "nearest_m": v.number(access.walk_m[row, column], 1),
            "nearest": catalog.amenities.name[nearest] if nearest >= 0 else None,
        }
    missing = [name for name, found in categories.items() if not found["count"]]
    return {
        "profile": _DEFAULT_PROFILE,
        "categories": categories,
        "score": len(categories) - len(missing),
        "total": len(categories),
        "missing": missing,
    }


def _history(catalog: Catalog, row: int) -> list[dict[str, Any]]:
    history = catalog.history
    return [
        {
            "month": (v.day(history.month[i]) or "")[:7],
            "vacant_m2": round(float(history.vacant_m2[i]), 1),
            "leased_m2": round(float(history.leased_m2[i]), 1),
            "tenants": int(history.tenants[i]),
        }
        for i in range(int(history.start[row]), int(history.start[row + 1]))
    ]


def unit_detail(context: AppContext, unit_id: str, language: str) -> dict[str, Any]:
    """Return a unit with its site.

    Raises
    ------
    NotFoundError
        There is no such unit.
    """
    catalog = context.catalog
    row = catalog.unit_index(unit_id)
    site = int(catalog.units.site[row])
    return {
        **_unit(catalog, row),
        "site_id": catalog.sites.id[site],
        "freshness": freshness_json(
            int(catalog.units.verified_at[row]), days_of(context.today()), language
        ),
        "version": int(catalog.units.version[row]),
        "site": site_card(catalog, site, language),
    }
