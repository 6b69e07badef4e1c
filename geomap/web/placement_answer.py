"""A solved placement in plain values, as the API answers it and files are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.domain.industries import BY_ID
from geomap.domain.placement import (
    SCALE,
    Build,
    Part,
    Placed,
    PlacedDemand,
    Tried,
    Unplaced,
)
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import UnitKind
from geomap.domain.words import label as label_of
from geomap.geo.crs import metric_crs_of, to_metric
from geomap.matching.scores import CRITERION_LABELS
from geomap.placement.needs import REFUSAL_LABELS
from geomap.placement.policy_json import policy_to_json
from geomap.web import values as v
from geomap.web.language import text_of
from geomap.web.placement_figures import fairness_json, objective_json

if TYPE_CHECKING:
    from geomap.placement.answer import Alternative
    from geomap.web.placement_task import Solved


def answer_of(solved: Solved) -> dict[str, Any]:
    """Return the whole answer of ``POST /api/v1/placements``."""
    task, placement = solved.task, solved.placement
    speaker = _Speaker(solved)
    return {
        "mode": str(task.request.mode),
        "demo": task.made_up,
        **task.versions,
        "policy": policy_to_json(task.request.policy),
        "placements": [speaker.placed(one) for one in placement.placed],
        "unplaced": [speaker.unplaced(one) for one in placement.unplaced],
        "objective": objective_json(placement, solved.seconds),
        "fairness": fairness_json(placement, task.language),
    }


class _Speaker:
    """Turns what was found into values of one language."""

    def __init__(self, solved: Solved) -> None:
        self._solved, self._language = solved, solved.task.language
        self._catalog: Catalog = solved.task.catalog
        self._find_site = cache(self._catalog.sites.id.find)
        self._projects = {p.id: (row, p) for row, p in enumerate(solved.task.projects)}

    def placed(self, one: Placed) -> dict[str, Any]:
        """Return a project's place."""
        row, project = self._projects[one.project_id]
        site = self._find_site(one.site_id) if one.site_id else -1
        units = [self._unit(part) for part in one.parts]
        listing = one.build.listing if one.build else None
        adcode = self._adcode(site) if site >= 0 else (listing.adcode if listing else "")
        facts, to = self._facts(project), self._to(one, site)
        area = sum(part.area_m2 for part in one.parts)
        made_up = any(unit["demo"] for unit in units) or bool(listing and listing.demo)
        return facts | {
            "demo": project.demo or made_up,
            "area_m2": v.number(one.build.floor_area_m2 if one.build else area),
            "unit_ids": [part.unit_id for part in one.parts],
            "units": [{k: u[k] for k in u if k != "demo"} for u in units],
            "site_id": one.site_id,
            "site_name": self._catalog.sites.name[site] if site >= 0 else "",
            "adcode": adcode,
            "county_name": v.county_name(BY_ADCODE.get(adcode), self._language),
            "step": str(one.step),
            "step_label": text_of(label_of(one.step), self._language),
            "score": one.score,
            "value": one.value / SCALE,
            "rank": one.rank,
            "pinned": one.pinned,
            "criteria": self._criteria(one),
            "reason": text_of(one.reason, self._language),
            "tried": self._tried(one.tried),
            "to": to,
            "distance_m": _straight_m(facts["from"], to),
            "stays": bool(one.site_id) and one.site_id == project.current_site,
            "alternatives": self._alternatives(row),
            "build": self._build(one.build),
        }

    def unplaced(self, one: Unplaced) -> dict[str, Any]:
        """Return a project without a place."""
        _, project = self._projects[one.project_id]
        return self._facts(project) | {
            "reason": text_of(one.reason, self._language),
            "tried": self._tried(one.tried),
            "build": self._build(one.build),
            "relaxations": [
                {
                    "label": text_of(way.label, self._language),
                    "opens": way.opens,
                    "patch": dict(way.patch),
                }
                for way in one.relaxations
            ],
        }

    def _facts(self, project: PlacedDemand) -> dict[str, Any]:
        demand, industry = project.demand, BY_ID.get(project.demand.industry)
        return {
            "project_id": project.id,
            "name": demand.name,
            "industry": demand.industry or None,
            "industry_name": text_of(industry.label, self._language) if industry else None,
            "headcount": demand.headcount,
            "priority": project.priority,
            "wanted_m2": {"min": demand.area_min_m2, "max": demand.area_max_m2},
            "home_county": project.home_county,
            "home_county_name": v.county_name(BY_ADCODE.get(project.home_county), self._language),
            "from": self._from(project),
            "demo": project.demo,
        }

    def _from(self, project: PlacedDemand) -> dict[str, Any] | None:
        """Return where a project is; a site that the record does not have stays a name."""
        if not project.current_site:
            return None
        site = self._find_site(project.current_site)
        if site < 0:
            name, home = project.current_site, project.home_county
            return {"site_id": "", "name": name, "adcode": home, "lon": None, "lat": None}
        return {
            "site_id": project.current_site,
            "name": self._catalog.sites.name[site],
            "adcode": self._adcode(site),
            "lon": v.number(self._catalog.sites.lon[site], 6),
            "lat": v.number(self._catalog.sites.lat[site], 6),
        }

    def _to(self, one: Placed, site: int) -> dict[str, float] | None:
        listing = one.build.listing if one.build else None
        if site >= 0:
            sites = self._catalog.sites
            lon, lat = v.number(sites.lon[site], 6), v.number(sites.lat[site], 6)
        elif listing is not None:
            lon, lat = listing.lon, listing.lat
        else:
            return None
        return None if lon is None or lat is None else {"lon": lon, "lat": lat}

    def _adcode(self, site: int) -> str:
        county = v.county_of(self._catalog, site)
        return county.adcode if county else ""

    def _unit(self, part: Part) -> dict[str, Any]:
        units, row = self._catalog.units, self._catalog.units.id.find(part.unit_id)
        return {
            "id": part.unit_id,
            "building": units.building[row],
            "floor": int(units.floor[row]),
            "room": units.room[row],
            "kind": v.word(units.kind[row], UnitKind),
            "area_m2": v.number(part.area_m2),
            "desks": part.desks,
            "whole": part.whole,
            "demo": bool(units.demo[row]),
        }

    def _criteria(self, one: Placed) -> list[dict[str, Any]]:
        return [
            {
                "name": part.name,
                "label": text_of(CRITERION_LABELS[part.name], self._language),
                "weight": part.weight,
                "fit": part.fit,
                "points": part.points,
                "reason": text_of(part.reason, self._language),
            }
            for part in one.criteria
        ]

    def _tried(self, tried: Iterable[Tried]) -> list[dict[str, Any]]:
        return [
            {
                "step": str(one.step),
                "label": text_of(label_of(one.step), self._language),
                "outcome": str(one.outcome),
                "candidates": one.candidates,
                "best_score": one.best_score,
                "rejected": dict(one.rejected),
                "rejected_labels": {
                    rule: text_of(REFUSAL_LABELS[rule], self._language) for rule in one.rejected
                },
                "reason": text_of(one.reason, self._language),
                "taken_by": list(one.taken_by),
            }
            for one in tried
        ]

    def _alternatives(self, row: int) -> list[dict[str, Any]]:
        """Return the other places of a project, best first."""
        from geomap.placement.answer import alternatives_of

        most = self._solved.task.request.alternatives
        if not most:
            return []
        listed = alternatives_of(self._solved.placement, row, most + 1)
        return [self._alternative(one) for one in listed if not one.chosen][:most]

    def _alternative(self, one: Alternative) -> dict[str, Any]:
        sites, row = self._catalog.sites, self._find_site(one.site_id)
        return {
            "unit_ids": [part.unit_id for part in one.parts],
            "site_id": one.site_id,
            "site_name": sites.name[row],
            "adcode": self._adcode(row),
            "step": str(one.step),
            "score": one.score,
            "value": one.value / SCALE,
            "lon": v.number(sites.lon[row], 6),
            "lat": v.number(sites.lat[row], 6),
            "taken_by": list(one.taken_by),
        }

    def _build(self, build: Build | None) -> dict[str, Any] | None:
        if build is None:
            return None
        one = build.listing
        return {
            "floor_area_m2": build.floor_area_m2,
            "needs": text_of(build.needs, self._language),
            "listing": one
            and {
                "id": one.id,
                "name": one.name,
                "adcode": one.adcode,
                "lon": one.lon,
                "lat": one.lat,
                "idle_plant": one.idle_plant,
            },
        }


def _straight_m(
    before: Mapping[str, Any] | None, after: Mapping[str, float] | None
) -> float | None:
    """Return the straight line between two places, m, None where one is not known."""
    if before is None or before["lon"] is None or after is None:
        return None
    crs = metric_crs_of(after["lon"], after["lat"])
    x, y = to_metric([before["lon"], after["lon"]], [before["lat"], after["lat"]], crs)
    return v.number(np.hypot(x[1] - x[0], y[1] - y[0]), 1)
