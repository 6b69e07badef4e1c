"""Finding sites, counties and towns by a piece of their name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from geomap.catalog.catalog import Catalog
from geomap.domain.regions import BY_ADCODE, COUNTIES
from geomap.web import values as v
from geomap.web.boot import list_counties
from geomap.web.context import AppContext

Hit = tuple[int, int, int, dict[str, Any]]
"""How good (0 best), kind of thing, row, answer."""


def fold(text: str) -> str:
    """Return a text as it is compared: full width as half, case and spaces gone."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _goodness(wanted: str, *texts: str) -> int | None:
    """Return 0 for equal, 1 for a beginning, 2 for inside the name, 3 for inside another text."""
    name = texts[0]
    if wanted == name:
        return 0
    if name.startswith(wanted):
        return 1
    if wanted in name:
        return 2
    return 3 if any(wanted in text for text in texts[1:]) else None


def search(context: AppContext, text: str, language: str, limit: int) -> dict[str, Any]:
    """Return what is called like a text, best first: counties, then towns, then sites."""
    catalog, wanted = context.catalog, fold(text)
    if not wanted:
        return {"items": [], "total": 0, "next": None}
    hits = [
        *_counties(catalog, wanted, language),
        *_towns(catalog, wanted, language),
        *_sites(context, catalog, wanted, language),
    ]
    hits.sort(key=lambda hit: hit[:3])
    return {"items": [hit[3] for hit in hits[:limit]], "total": len(hits), "next": None}


def _counties(catalog: Catalog, wanted: str, language: str) -> Iterator[Hit]:
    known = {item["adcode"]: item for item in list_counties(catalog, language)}
    for row, county in enumerate(COUNTIES):
        names = [fold(t) for t in (county.name, county.short, county.name_en, county.adcode)]
        good = min((g for n in names if (g := _goodness(wanted, n)) is not None), default=None)
        if good is None or county.adcode not in known:
            continue
        item = known[county.adcode]
        answer = {
            "type": "county",
            "id": county.adcode,
            "name": item["name"],
            "detail": "",
            "lon": item["label"][0],
            "lat": item["label"][1],
            "bounds": item["bounds"],
        }
        yield good, 0, row, answer


def _towns(catalog: Catalog, wanted: str, language: str) -> Iterator[Hit]:
    towns = catalog.towns
    for row, name in enumerate(towns.name):
        good = _goodness(wanted, fold(name))
        if good is None or towns.lon[row] != towns.lon[row]:
            continue
        answer = {
            "type": "town",
            "id": towns.id[row],
            "name": name,
            "detail": v.county_name(BY_ADCODE.get(towns.adcode[row]), language),
            "lon": v.number(towns.lon[row], 6),
            "lat": v.number(towns.lat[row], 6),
        }
        yield good, 1, row, answer


def _sites(context: AppContext, catalog: Catalog, wanted: str, language: str) -> Iterator[Hit]:
    sites = catalog.sites
    texts = context.kept.get(
        "search",
        (sites.name, sites.operator, sites.address, sites.id),
        lambda: [
            tuple(map(fold, whole))
            for whole in zip(sites.name, sites.operator, sites.address, sites.id, strict=True)
        ],
    )
    for row, whole in enumerate(texts):
        good = _goodness(wanted, *whole)
        if good is None:
            continue
        county = v.county_name(v.county_of(catalog, row), language)
        answer = {
            "type": "site",
            "id": sites.id[row],
            "name": sites.name[row],
            "detail": " · ".join(part for part in (county, sites.operator[row]) if part),
            "lon": v.number(sites.lon[row], 6),
            "lat": v.number(sites.lat[row], 6),
            "demo": bool(sites.demo[row]),
        }
        yield good, 2, row, answer
