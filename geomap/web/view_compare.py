"""Profiles side by side on one place, and towns and industries without an incubator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.coverage.profiles import PROFILES
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory
from geomap.web import values as v
from geomap.web.context import AppContext
from geomap.web.view_coverage import freshness
from geomap.web.view_ring import door_of

if TYPE_CHECKING:
    from geomap.coverage.compare import Verdict


def compare_answer(
    context: AppContext, site_id: str, lon: float, lat: float, language: str
) -> dict[str, Any]:
    """Return the verdict of each profile on a site, or on a point where no site is named.

    Raises
    ------
    NotFoundError, NotReadyError
        No such site; no street near; no network yet.
    """
    from geomap.coverage.compare import compare_profiles

    catalog, network = context.catalog, context.require_network()
    if site_id:
        lon, lat = door_of(catalog, site_id)
    index = context.amenity_index(network, catalog)
    verdicts = compare_profiles(network, index, lon, lat, tuple(PROFILES.values()))
    return {
        "site_id": site_id or None,
        "lon": lon,
        "lat": lat,
        "demo": catalog.demo,
        **freshness(context, catalog),
        "network": network.version,
        "items": [_verdict(verdict, language) for verdict in verdicts],
        "total": len(verdicts),
        "next": None,
    }


def _verdict(verdict: Verdict, language: str) -> dict[str, Any]:
    profile, scores, circle = verdict.profile, verdict.scores, verdict.circle
    claims = verdict.circle_scores
    return {
        "profile": profile.id,
        "name": getattr(profile.name, language),
        "version": profile.version,
        "source": profile.source,
        "rule": getattr(profile.rule, language),
        "minutes": profile.minutes,
        "speed_kmh": profile.speed_kmh,
        "limit_m": round(profile.limit_m),
        "passed": bool(scores.passed[0]),
        "score": int(scores.score[0]),
        "total": scores.total,
        "area_m2": round(verdict.ring.area_m2),
        "truncated": verdict.ring.truncated,
        "categories": _counts(verdict.count),
        "requirements": [
            {
                "label": getattr(requirement.label, language),
                "categories": [str(c) for c in requirement.categories],
                "need": requirement.at_least,
                "have": int(scores.have[0, r]),
                "met": bool(scores.met[0, r]),
                "circle_have": int(claims.have[0, r]),
                "circle_met": bool(claims.met[0, r]),
            }
            for r, requirement in enumerate(profile.requirements)
        ],
        "circle": {
            "radius_m": round(circle.radius_m),
            "area_m2": round(circle.area_m2),
            "passed": bool(claims.passed[0]),
            "score": int(claims.score[0]),
            "categories": _counts(circle.count),
            "overstates_area": v.number(circle.overstates_area, 3),
            "overstates_amenities": None
            if circle.overstates_amenities is None
            else v.number(circle.overstates_amenities, 3),
        },
    }


def _counts(count: Any) -> dict[str, int]:
    return {str(c): int(n) for c, n in zip(AmenityCategory, count.tolist(), strict=True)}


def lacking_answer(context: AppContext, language: str) -> dict[str, Any]:
    """Return towns and industries with how many incubators each has, those without first.

    The plan asks for one in every industrially strong town and in every industry
    (一产一器、一镇一器). Which towns count as industrially strong is not published with it,
    so every town is listed; a site that states no town is counted apart.
    """
    from geomap.coverage import groups

    catalog = context.catalog
    towns, by_town = catalog.towns, groups.count_by_town(catalog)
    by_sector = groups.count_by_sector(catalog)
    spread = groups.count_by_sector_and_county(catalog)
    names = {c.adcode: v.county_name(c, language) for c in COUNTIES}
    town_items = [
        {
            "id": towns.id[i], "name": towns.name[i], "adcode": towns.adcode[i],
            "county": names.get(towns.adcode[i], ""), "sites": int(by_town.sites[i]),
            "lon": v.number(towns.lon[i], 6), "lat": v.number(towns.lat[i], 6),
        }
        for i in range(len(towns))
    ]  # fmt: skip
    industries = [
        {
            "id": sector.id, "name": getattr(sector.label, language),
            "sites": int(by_sector.sites[s]),
            "without": [COUNTIES[c].adcode for c in np.flatnonzero(spread[s] == 0).tolist()],
        }
        for s, sector in enumerate(groups.SECTORS)
    ]  # fmt: skip
    return {
        "demo": catalog.demo,
        "sites": len(catalog.sites),
        "towns": sorted(town_items, key=lambda item: item["sites"] > 0),
        "towns_without": int((by_town.sites == 0).sum()),
        "sites_without_town": by_town.unknown,
        "industries": sorted(industries, key=lambda item: item["sites"]),
        "industries_without": int((by_sector.sites == 0).sum()),
        "sites_without_industry": by_sector.unknown,
    }
