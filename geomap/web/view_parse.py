"""The answer to a sentence: a demand, what was understood, what was not."""

from __future__ import annotations

from datetime import date
from typing import Any

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import InputError, NotReadyError
from geomap.domain.words import Label
from geomap.matching.sentence.fold import fold
from geomap.matching.sentence.parse import parse_sentence
from geomap.matching.sentence.places import Place, Resolve
from geomap.web.context import AppContext
from geomap.web.language import text_of

_TOWN_KINDS = ("街道", "镇", "乡")
_FIELDS = frozenset({"text", "today"})


def parse_answer(context: AppContext, body: object, language: str) -> dict[str, Any]:
    """Read the sentence of a request as a demand.

    Parameters
    ----------
    context
        Where today's date, sites and towns come from; without a catalog no place is known.
    body
        The JSON object {text, today?}.
    language
        "zh" or "en", for labels.

    Raises
    ------
    InputError
        The body cannot be used; `field` names the field.
    """
    text, today = _read_body(body)
    return sentence_answer(context, text, language, today=today)


def sentence_answer(
    context: AppContext, text: str, language: str, *, today: date | None = None
) -> dict[str, Any]:
    """Read a sentence as a demand, relative to a day or today."""
    resolve = find_resolver(context)
    parsed = parse_sentence(text, today=today or context.today(), resolve=resolve)
    return {
        "demand": dict(parsed.demand),
        "understood": [
            {
                "start": item.start,
                "end": item.end,
                "text": text[item.start : item.end],
                "field": item.field,
                "value": item.value,
                "label": text_of(item.label, language),
                "excludes": item.excludes,
            }
            for item in parsed.understood
        ],
        "ignored": [
            {
                "start": item.start,
                "end": item.end,
                "text": item.text,
                "reason": item.reason,
                "label": text_of(item.label, language),
            }
            for item in parsed.ignored
        ],
    }


def _read_body(body: object) -> tuple[str, date | None]:
    if not isinstance(body, dict):
        raise InputError(
            Label("要一个 JSON 对象", "A JSON object is needed"),
            fix=Label(
                '例如 {"text": "龙湾200平实验室"}', 'e.g. {"text": "200 sqm lab in Longwan"}'
            ),
            field="body",
        )
    for name in body:
        if name not in _FIELDS:
            raise InputError(
                Label("没有这个字段", "There is no such field"),
                fix=Label("只有 text 和 today", "Only text and today"),
                field=str(name)[:60],
            )
    text = body.get("text")
    if not isinstance(text, str):
        raise InputError(
            Label("要一句话", "A sentence is needed"),
            fix=Label("用文字说要什么样的空间", "Say in words what space is wanted"),
            field="text",
        )
    return text, _read_day(body.get("today"))


def _read_day(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise InputError(
            Label("不是日期", "Not a day"),
            fix=Label("日期写作 2026-03-01", "Write the day as 2026-03-01"),
            field="today",
        ) from None


def find_resolver(context: AppContext) -> Resolve | None:
    """Return what finds sites and towns by their exact name, None without a catalog."""
    try:
        catalog = context.catalog
    except NotReadyError:
        return None
    sites, towns = catalog.sites, catalog.towns
    known = context.kept.get(
        "places", (sites.name, sites.lon, towns.name, towns.lon), lambda: list_places(catalog)
    )
    return known.get


def list_places(catalog: Catalog) -> dict[str, Place]:
    """Return folded name → place: sites with a door, towns with a label point.

    A town also goes by its name without 街道, 镇 or 乡. A name that two share names neither.
    """
    found: dict[str, Place | None] = {}
    sites, towns = catalog.sites, catalog.towns
    for row in catalog.has_door.nonzero()[0].tolist():
        _put(found, sites.name[row], float(sites.lon[row]), float(sites.lat[row]))
    for row, name in enumerate(towns.name):
        if towns.lon[row] != towns.lon[row]:
            continue
        lon, lat = float(towns.lon[row]), float(towns.lat[row])
        _put(found, name, lon, lat)
        kind = next((kind for kind in _TOWN_KINDS if name.endswith(kind)), "")
        if kind and len(name) - len(kind) >= 2:
            _put(found, name.removesuffix(kind), lon, lat, said=name)
    return {name: place for name, place in found.items() if place is not None}


def _put(
    found: dict[str, Place | None], name: str, lon: float, lat: float, *, said: str = ""
) -> None:
    key = fold(name).strip()
    if len(key) >= 2:
        found[key] = None if key in found else Place(said or name, round(lon, 6), round(lat, 6))
