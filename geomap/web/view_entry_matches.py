"""Whom an entry suits, and what a site or a project is offered.

Sites and published entries are public; projects are firms that look for a place, and only
staff are told which.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Criterion
from geomap.domain.entries import Entry
from geomap.domain.errors import InputError, NotFoundError
from geomap.domain.industries import BY_ID
from geomap.domain.ledger import STATE_LABELS, LedgerLine, LedgerState
from geomap.domain.placement import ChainPosition
from geomap.domain.regions import COUNTIES
from geomap.domain.words import Label
from geomap.matching.demand_json import parse_demand
from geomap.matching.entries import (
    Asked,
    Fitted,
    Profile,
    match_profiles,
    match_sites,
    offers_for,
    site_profile,
)
from geomap.matching.scores import CRITERION_LABELS
from geomap.store.entries import get_entry
from geomap.store.ledger import list_lines
from geomap.store.read import read_table
from geomap.web import values as v
from geomap.web.context import AppContext
from geomap.web.language import text_of
from geomap.web.ledger_shown import county_text
from geomap.web.view_entries import Asker, Filters, entry_json, find_entries

_COLUMNS = ("id", "name", "home_county", "demand", "chain_position", "demo")
_CHAIN = Label("产业链", "Chain")


class OpenProject(NamedTuple):
    """A project that may be offered something; `line` is None where it is in no ledger."""

    id: str
    name: str
    home_county: str
    demo: bool
    profile: Profile
    line: LedgerLine | None


def matches_answer(
    context: AppContext, entry_id: str, asker: Asker, limit: int, language: str
) -> dict[str, Any]:
    """Return the sites that an entry suits, and for staff the projects, best first.

    Raises
    ------
    NotFoundError
        There is no such entry for who asks.
    """
    entry = get_entry(context.store, asker.reader, entry_id)
    catalog, asked = context.catalog, asked_of(entry)
    places = [county.adcode for county in COUNTIES]
    adcode = entry.draft.adcode
    row = places.index(adcode) if adcode in places else -1
    sites = match_sites(catalog, asked, adcode_row=row)
    answer = {
        "id": entry.id,
        "sites": [_site_json(catalog, one, language) for one in sites[:limit]],
        "sites_total": len(sites),
        "projects": None,
        "projects_total": None,
        "demo": catalog.demo or entry.draft.demo,
    }
    if asker.staff is None:
        return answer
    known = open_projects(context, catalog)
    found = match_profiles(asked, [project.profile for project in known])
    projects = [_project_json(known[one.row], one, language) for one in found[:limit]]
    return answer | {"projects": projects, "projects_total": len(found)}


def offered(
    context: AppContext,
    asker: Asker,
    filters: Filters,
    *,
    site_id: str = "",
    project_id: str = "",
    language: str,
) -> list[dict[str, Any]]:
    """Return the entries that suit one site or one project, best first, with the reasons.

    Raises
    ------
    NotFoundError
        There is no such site or project.
    """
    catalog = context.catalog
    if site_id:
        profile = site_profile(catalog, catalog.site_index(site_id))
    else:
        profile = _require_project(context, catalog, project_id).profile
    entries = find_entries(context, asker.reader, filters._replace(current=True))
    found = offers_for(profile, [asked_of(entry) for entry in entries])
    return [
        entry_json(context, entries[one.row], language, asker.staff) | _fit_json(one, language)
        for one in found
    ]


def asked_of(entry: Entry) -> Asked:
    """Return what an entry asks for."""
    draft = entry.draft
    trades = tuple(trade for trade in draft.industries if trade in BY_ID)
    return Asked(trades, draft.stages, draft.chain_positions)


def open_projects(context: AppContext, catalog: Catalog) -> list[OpenProject]:
    """Return the projects of record and ledger that are not lost."""
    lines = {line.project_id: line for line in list_lines(context.store)}
    recorded = _recorded(context, catalog)
    found = [project._replace(line=lines.get(project.id)) for project in recorded]
    by_record = {project.id for project in recorded}
    found += [_of_line(line) for key, line in sorted(lines.items()) if key not in by_record]
    lost = LedgerState.LOST
    return [project for project in found if not (project.line and project.line.state is lost)]


def _recorded(context: AppContext, catalog: Catalog) -> list[OpenProject]:
    def read() -> list[OpenProject]:
        rows = read_table(context.store, "projects", _COLUMNS)
        found = []
        for row in zip(*(rows[name] for name in _COLUMNS), strict=True):
            project_id, name, county, given, chain, demo = row
            with suppress(InputError):  # of another version: it cannot be matched
                demand = parse_demand(json.loads(given) if isinstance(given, str) else given)
                profile = Profile(
                    (demand.industry,) if demand.industry else (),
                    (demand.stage,) if demand.stage else (),
                    ChainPosition(chain) if chain else None,
                )
                found.append(OpenProject(project_id, name, county, bool(demo), profile, None))
        return found

    return context.kept.get("entry projects", (catalog.stamp,), read)


def _of_line(line: LedgerLine) -> OpenProject:
    fields = line.fields
    profile = Profile((fields.industry,) if fields.industry in BY_ID else (), ())
    return OpenProject(line.project_id, fields.name, fields.home_county, line.demo, profile, line)


def _require_project(context: AppContext, catalog: Catalog, project_id: str) -> OpenProject:
    for project in open_projects(context, catalog):
        if project.id == project_id:
            return project
    raise NotFoundError(
        Label("没有这个项目，或已流失", "There is no such project, or it is lost"),
        fix=Label("用台账或项目列表里的编号", "Use an id of the ledger or of the projects"),
        field="for_project",
    )


def _site_json(catalog: Catalog, one: Fitted, language: str) -> dict[str, Any]:
    sites, row = catalog.sites, one.row
    county = v.county_of(catalog, row)
    return {
        "site_id": sites.id[row],
        "name": sites.name[row],
        "adcode": county.adcode if county else "",
        "county_name": v.county_name(county, language),
        "lon": v.number(sites.lon[row], 7),
        "lat": v.number(sites.lat[row], 7),
        "tenants": v.whole(sites.tenants[row]),
        "demo": bool(sites.demo[row]),
        **_fit_json(one, language),
    }


def _project_json(project: OpenProject, one: Fitted, language: str) -> dict[str, Any]:
    state = project.line.state if project.line else None
    return {
        "project_id": project.id,
        "name": project.name,
        "home_county": project.home_county,
        "home_county_name": county_text(project.home_county, language),
        "state": state and str(state),
        "state_label": text_of(STATE_LABELS[state], language) if state else "",
        "demo": project.demo,
        **_fit_json(one, language),
    }


def _fit_json(one: Fitted, language: str) -> dict[str, Any]:
    return {"score": one.score, "criteria": _criteria(one.criteria, language)}


def _criteria(criteria: Sequence[Criterion], language: str) -> list[dict[str, Any]]:
    return [
        {
            "name": part.name,
            "label": text_of(CRITERION_LABELS.get(part.name, _CHAIN), language),
            "weight": part.weight,
            "fit": part.fit,
            "points": part.points,
            "reason": text_of(part.reason, language),
        }
        for part in criteria
    ]
