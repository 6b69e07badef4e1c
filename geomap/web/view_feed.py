"""A saved search as an Atom feed, and its units as lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from geomap.catalog.catalog import Catalog
from geomap.contact.feed import Entry, Feed, write_feed
from geomap.contact.letters import MAP
from geomap.domain.words import Label, UnitKind
from geomap.domain.words import label as label_of
from geomap.store.search_hits import Hit, list_hits
from geomap.store.searches import Search
from geomap.web.context import AppContext
from geomap.web.language import text_of
from geomap.web.view_match import site_card, unit_card
from geomap.web.view_searches import page_url, reasons_in

MOST_ENTRIES = 50
DEMO = Label("【演示数据】", "[demonstration data] ")
_FEED = Label("新的合适空间", "New fitting space")
_GONE = Label("现在已不符合", "No longer fits")


def feed_of(context: AppContext, search: Search, base: str, language: str) -> bytes:
    """Return the feed of what a search found, newest first, at most 50 entries."""
    hits = list_hits(context.store, search.id)[:MOST_ENTRIES]
    title = text_of(_FEED, language)
    moments = [hit.gone_at or hit.found_at for hit in hits]
    return write_feed(
        Feed(
            key=f"search {search.id}",
            title=f"{search.name} · {title}" if search.name else title,
            author=text_of(MAP, language),
            language="en" if language == "en" else "zh-CN",
            feed_url=f"{base}/api/v1/searches/{search.id}/feed",
            page_url=page_url(base, search.id),
            updated=max(moments, default=search.created_at),
            entries=[_entry(context.catalog, hit, base, language) for hit in hits],
        )
    )


def _entry(catalog: Catalog, hit: Hit, base: str, language: str) -> Entry:
    title, lines = lines_of(catalog, hit, language)
    gone = [text_of(_GONE, language)] if hit.gone_at else []
    return Entry(
        key=f"{hit.found.unit_id} {hit.found_at.isoformat(timespec='milliseconds')}",
        title=title,
        summary="\n".join([*gone, *lines]),
        url=unit_url(base, hit),
        updated=hit.gone_at or hit.found_at,
    )


def unit_url(base: str, hit: Hit) -> str:
    """Return the address of a hit's unit on the map's page."""
    site, unit = quote(hit.found.site_id, safe=""), quote(hit.found.unit_id, safe="")
    return f"{base}/?site={site}&unit={unit}"


def lines_of(catalog: Catalog, hit: Hit, language: str) -> tuple[str, Sequence[str]]:
    """Return a hit's unit as a title and lines: score, then the reasons that count most."""
    found = hit.found
    row = catalog.units.id.find(found.unit_id)
    place = catalog.sites.id.find(found.site_id)
    site = site_card(catalog, place, language) if place >= 0 else {"name": "", "county": ""}
    unit = unit_card(catalog, row) if row >= 0 else {"demo": False}
    parts = [site["name"] or found.site_id, *_facts(unit, language)]
    demo = text_of(DEMO, language) if unit["demo"] else ""
    score = Label(f"匹配 {found.score:.0%}", f"Fit {found.score:.0%}")
    first = " · ".join(filter(None, (text_of(score, language), site["county"])))
    return f"{demo}{' · '.join(parts)}", [first, *(r["reason"] for r in reasons_in(hit, language))]


def _facts(unit: dict[str, Any], language: str) -> list[str]:
    """Return kind, place in the building, area and rent, as far as they are known."""
    if "kind" not in unit:
        return []
    kind = text_of(label_of(UnitKind(unit["kind"])), language) if unit["kind"] else ""
    rent = unit["rent_cny_m2_month"]
    return [
        text
        for text in (
            kind,
            unit["room"],
            f"{unit['area_m2']:g} ㎡" if unit["area_m2"] is not None else "",
            f"{rent:g} {'CNY/m²/month' if language == 'en' else '元/㎡·月'}"
            if rent is not None
            else "",
        )
        if text
    ]
