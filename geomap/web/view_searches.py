"""Saved searches: what a client sends, the check for what is new, and what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from geomap.contact.address import mask_address, parse_address
from geomap.coverage.edits import plain_text, require_object
from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label
from geomap.matching.scores import CRITERION_LABELS
from geomap.store.search_hits import Hit, list_hits, record_check, record_pause
from geomap.store.searches import (
    Search,
    SearchDraft,
    add_search,
    get_search,
    mark_used,
    update_search,
)
from geomap.web.bodies import take_version
from geomap.web.context import CITY_TIME, AppContext
from geomap.web.language import text_of
from geomap.web.view_fits import MOST_FITS, list_fits, require_few
from geomap.web.view_match import site_card, unit_card

NAME_MOST = 80
FIELDS = ("name", "demand", "email")


def keep_search(context: AppContext, body: object, language: str) -> Search:
    """Keep a search.

    Raises
    ------
    InputError, NotReadyError, FullError
        A value cannot be used, or too much fits; no network yet; all places are taken.
    """
    given = require_object(body, "body", FIELDS)
    draft = _draft(context, given, language)
    fits = require_few(list_fits(context, draft.demand))
    return add_search(context.store, draft, fits.state(context.now()))


def change_search(context: AppContext, search_id: str, body: object, language: str) -> Search:
    """Change a search; an address that is not sent stays as it is.

    Raises
    ------
    InputError, NotFoundError, StaleSearchError, NotReadyError
        A value cannot be used; no such search; changed meanwhile; no network yet.
    """
    given, version = take_version(body, FIELDS)
    kept = get_search(context.store, search_id)
    draft = _draft(context, given, language, kept)
    state = None
    if draft.demand != kept.demand:
        state = require_few(list_fits(context, draft.demand)).state(context.now())
    return update_search(context.store, search_id, draft, version=version, state=state)


def _draft(
    context: AppContext, given: Mapping[str, Any], language: str, kept: Search | None = None
) -> SearchDraft:
    demand = given.get("demand")
    if not isinstance(demand, dict):
        raise InputError(
            Label("要一个需求", "A demand is needed"),
            fix=Label("带上 demand，和 /api/v1/match 的一样", "Send it as to /api/v1/match"),
            field="demand",
        )
    email = kept.email if kept and "email" not in given else parse_address(given.get("email"))
    if email and not context.settings.smtp_url:
        raise InputError(
            Label("这里不发邮件", "No mails are sent from here"),
            fix=Label("留下链接，或用订阅源", "Keep the link, or use the feed"),
            field="email",
        )
    name = plain_text(given.get("name"), "name", NAME_MOST)
    return SearchDraft(name=name, demand=demand, email=email, language=language)


MOST_NEW = 200
"""Of one check, the best: a new building is told by its best units."""


def check_search(context: AppContext, search: Search) -> Search:
    """Find what newly fits a search since its last check, and write it down.

    It is checked once for each state of the record and each day; a worker whose catalog is
    behind the last check leaves it as it is.

    Raises
    ------
    InputError, NotReadyError
        The demand can no longer be used; it asks for a walk, and there is no network.
    """
    version, now = context.catalog.version, context.now()
    same_day = _day(search.checked_at) == _day(now)
    if version < search.checked_seq or (version == search.checked_seq and same_day):
        return search
    fits = list_fits(context, search.demand)
    state = fits.state(now)
    if fits.total > MOST_FITS:
        return record_pause(context.store, search, state.seq, state.at)
    known = set(search.known)
    new = [place for place, unit in enumerate(fits.ids) if unit not in known]
    found = [fits.explain(place) for place in new[:MOST_NEW]]
    return record_check(context.store, search, state, found)


def _day(moment: datetime) -> object:
    return moment.astimezone(CITY_TIME).date()


def checked(context: AppContext, search_id: str) -> tuple[Search, Label | None]:
    """Return a search after a check, and why it could not be checked, else None."""
    search = get_search(context.store, search_id)
    mark_used(context.store, search, context.now())
    try:
        return check_search(context, search), None
    except GeomapError as error:
        return search, error.reason


def search_json(context: AppContext, search: Search, base: str) -> dict[str, Any]:
    """Return a search as JSON takes it; `base` is the address of the map, without a slash."""
    api = f"{base}/api/v1/searches/{search.id}"
    hits = list_hits(context.store, search.id)
    return {
        "id": search.id,
        "name": search.name,
        "demand": search.demand,
        "version": search.version,
        "created_at": moment(search.created_at),
        "updated_at": moment(search.updated_at),
        "seen_at": moment(search.seen_at),
        "checked_at": moment(search.checked_at),
        "fits": len(search.known),
        "unseen": sum(_is_news(hit, search) for hit in hits),
        "paused": search.paused,
        "email": {"address": mask_address(search.email) or None, "state": search.mail_state},
        "page_url": page_url(base, search.id),
        "hits_url": f"{api}/hits",
        "feed_url": f"{api}/feed",
    }


def page_url(base: str, search_id: str) -> str:
    """Return the address of a saved search on the map's page."""
    return f"{base}/?saved={search_id}"


def hits_json(context: AppContext, search: Search, language: str, everything: bool) -> list[Any]:
    """Return what a search found: what is unseen and fits still, or everything."""
    hits = list_hits(context.store, search.id)
    wanted = hits if everything else [hit for hit in hits if _is_news(hit, search)]
    return [_hit_json(context, search, hit, language) for hit in wanted]


def _is_news(hit: Hit, search: Search) -> bool:
    return hit.found_at > search.seen_at and hit.gone_at is None


def _hit_json(context: AppContext, search: Search, hit: Hit, language: str) -> dict[str, Any]:
    catalog, found = context.catalog, hit.found
    unit, site = catalog.units.id.find(found.unit_id), catalog.sites.id.find(found.site_id)
    return {
        "unit_id": found.unit_id,
        "unit_ids": found.reasons["unit_ids"],
        "site_id": found.site_id,
        "found_at": moment(hit.found_at),
        "new": _is_news(hit, search),
        "gone_at": moment(hit.gone_at),
        "score": found.score,
        "reasons": reasons_in(hit, language),
        "unit": unit_card(catalog, unit) if unit >= 0 else None,
        "site": site_card(catalog, site, language) if site >= 0 else None,
    }


def reasons_in(hit: Hit, language: str) -> list[dict[str, Any]]:
    """Return the reasons of a hit in a language, those that count most first."""
    return [
        {
            "name": part["name"],
            "label": text_of(CRITERION_LABELS[part["name"]], language),
            "points": part["points"],
            "reason": part["en" if language == "en" else "zh"],
        }
        for part in hit.found.reasons["criteria"]
        if part["name"] in CRITERION_LABELS
    ]


def moment(value: datetime | None) -> str | None:
    """Return a moment to the millisecond, as the store keeps it."""
    return value.isoformat(timespec="milliseconds") if value else None
