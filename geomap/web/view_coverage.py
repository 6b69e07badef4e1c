"""Coverage by site, county or reporting unit under a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.coverage.profiles import DEFAULT_PROFILE, Profile, get_profile
from geomap.domain.regions import COUNTIES, REPORTING_UNITS
from geomap.domain.words import AmenityCategory
from geomap.web import values as v
from geomap.web.context import AppContext

if TYPE_CHECKING:
    from geomap.coverage.score import SiteScores

GROUPINGS = ("site", "county", "reporting_unit", "town", "industry")
Access = tuple[NDArray[np.float32], NDArray[np.int32]]


def coverage_answer(context: AppContext, profile: str, by: str, language: str) -> dict[str, Any]:
    """Return scores under a profile, with what is missing most and how scores spread.

    `missing` and `histogram` are over all sites, whatever is listed.

    Raises
    ------
    NotFoundError
        There is no such profile.
    """
    from geomap.coverage.score import histogram

    chosen, catalog = get_profile(profile), context.catalog
    walk_m, count = access_under(context, catalog, chosen)
    scores = scores_under(context, catalog, chosen)
    known = scores.known
    items = (
        _by_site(catalog, scores, walk_m, count, language)
        if by == "site"
        else _by_group(catalog, scores, walk_m, count, by, language)
    )
    lacking = scores.missing.sum(axis=0)
    order = np.argsort(-lacking, kind="stable")
    named = {str(c) for c in chosen.categories}
    listed = list(AmenityCategory)
    return {
        "profile": chosen.id,
        "by": by,
        "demo": catalog.demo,
        **freshness(context, catalog),
        "sites": int(known.sum()),
        "passed": int((scores.passed & known).sum()),
        "items": items,
        "missing": [
            {"category": str(listed[i]), "sites": int(lacking[i])}
            for i in order
            if str(listed[i]) in named
        ],
        "histogram": histogram(scores.score).tolist(),
    }


def freshness(context: AppContext, catalog: Catalog) -> dict[str, Any]:
    """Return what figures rest on: versions of the network and of the amenities, sources, dates.

    `network` is that of the last build, from which the stored walks came, else the present one.
    """
    from geomap.coverage.freshness import amenity_state

    network = context.find_network()
    built = catalog.rings.network[0] if len(catalog.rings) else ""
    state = context.kept.get(
        "amenity state", (catalog.amenities,), lambda: amenity_state(catalog.amenities)
    )
    return {
        "network": built or (network.version if network else None),
        "amenities": {
            "version": state.version,
            "count": state.count,
            "sources": [
                {"name": s.name, "count": s.count, "from": s.first or None, "to": s.last or None,
                 "demo": s.demo}
                for s in state.sources
            ],
        },
    }  # fmt: skip


def scores_under(context: AppContext, catalog: Catalog, profile: Profile) -> SiteScores:
    """Return the scores of all sites under a profile."""
    from geomap.coverage.score import score_sites

    walk_m, count = access_under(context, catalog, profile)
    known = (catalog.access.count >= 0).any(axis=1)
    return score_sites(walk_m, count, profile, known=known)


def access_under(context: AppContext, catalog: Catalog, profile: Profile) -> Access:
    """Return walks and counts of all sites under a profile, shapes (n, 12).

    The record keeps those of the default profile. Another limit is walked anew, once a
    catalog and network; without a network a category counts as one where its nearest
    amenity lies within the limit.
    """
    access = catalog.access
    if profile.limit_m == get_profile(DEFAULT_PROFILE).limit_m:
        return access.walk_m, access.count
    network = context.find_network()
    if network is None:
        with np.errstate(invalid="ignore"):
            within = (access.walk_m <= profile.limit_m).astype(np.int32)
        return access.walk_m, np.where(access.count < 0, -1, within).astype(np.int32)
    counts: NDArray[np.int32] = context.kept.get(
        f"access {profile.limit_m:g}",
        (network, catalog.amenities, catalog.sites.lon),
        lambda: _count_anew(context, catalog, profile.limit_m),
    )
    return access.walk_m, counts


def _count_anew(context: AppContext, catalog: Catalog, limit_m: float) -> NDArray[np.int32]:
    from geomap.coverage.batch import list_amenities_of

    network = context.require_network()
    index = context.amenity_index(network, catalog)
    places = context.site_places(network, catalog)
    counts = list_amenities_of(network, index, places, limit_m, search_m=limit_m).count
    return np.where(places.edge[:, None] >= 0, counts, -1).astype(np.int32)


def _by_site(
    catalog: Catalog, scores: Any, walk_m: Any, count: Any, language: str
) -> list[dict[str, Any]]:
    """Return the sites of which something is known, the worst covered first."""
    sites, categories = catalog.sites, list(AmenityCategory)
    rows = np.flatnonzero(scores.known)
    rows = rows[np.argsort(scores.score[rows], kind="stable")]
    items = []
    for row in rows.tolist():
        county = v.county_of(catalog, row)
        unit = v.reporting_unit_of(catalog, row)
        items.append(
            {
                "id": sites.id[row],
                "name": sites.name[row],
                "lon": v.number(sites.lon[row], 6),
                "lat": v.number(sites.lat[row], 6),
                "adcode": county.adcode if county else "",
                "reporting_unit": unit.id if unit else "",
                "score": int(scores.score[row]),
                "total": scores.total,
                "passed": bool(scores.passed[row]),
                "demo": bool(sites.demo[row]),
                "categories": {
                    str(category): {
                        "count": max(0, int(count[row, c])),
                        "nearest_m": v.number(walk_m[row, c], 1),
                        "missing": bool(scores.missing[row, c]),
                        "short_m": v.number(scores.short_m[row, c], 1),
                    }
                    for c, category in enumerate(categories)
                },
            }
        )
    return items


def _by_group(
    catalog: Catalog, scores: Any, walk_m: Any, count: Any, by: str, language: str
) -> list[dict[str, Any]]:
    from geomap.coverage.score import group_scores

    rows, group = _groups(catalog, by, language)
    found = group_scores(scores, walk_m, count, group, len(rows))
    return [
        {
            **row,
            "score": v.number(found.mean[g]),
            "total": scores.total,
            "sites": int(found.sites[g]),
            "passed": int(found.passed[g]),
            "categories": {
                str(category): {
                    "missing": int(found.missing[g, c]),
                    "count": v.number(found.count[g, c]),
                    "nearest_m": v.number(found.nearest_m[g, c], 1),
                }
                for c, category in enumerate(AmenityCategory)
            },
        }
        for g, row in enumerate(rows)
    ]


def _groups(catalog: Catalog, by: str, language: str) -> tuple[list[dict[str, Any]], Any]:
    """Return id, name and adcode of the groups, and to which of them each site belongs."""
    from geomap.coverage import groups

    if by == "town":
        towns = catalog.towns
        rows = [
            {"id": towns.id[i], "name": towns.name[i], "adcode": towns.adcode[i]}
            for i in range(len(towns))
        ]
        return rows, groups.town_of_sites(catalog)
    if by == "industry":
        sectors = [
            {"id": s.id, "name": getattr(s.label, language), "adcode": ""} for s in groups.SECTORS
        ]
        return sectors, groups.sectors_of_sites(catalog)
    if by == "county":
        counties = [
            {"id": c.adcode, "name": v.county_name(c, language), "adcode": c.adcode}
            for c in COUNTIES
        ]
        return counties, catalog.sites.county
    units = [
        {"id": u.id, "name": v.county_name(u, language), "adcode": u.adcode}
        for u in REPORTING_UNITS
    ]
    return units, catalog.sites.reporting_unit
