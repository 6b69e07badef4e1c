"""Entries: what staff send, parsed at the edge, and what the public and staff are shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from geomap.coverage.edits import plain_text, require_object
from geomap.domain.entries import (
    KIND_LABELS,
    VISIBILITY_LABELS,
    Audience,
    Entry,
    EntryDraft,
    EntryKind,
    Visibility,
    default_visibility,
    require_same_county,
    require_whole,
)
from geomap.domain.industries import BY_ID
from geomap.domain.placement import CHAIN_LABELS, ChainPosition
from geomap.domain.words import Label, Stage, label
from geomap.plan.ledger import county_of_site
from geomap.store import entries as kept
from geomap.store.entries import Reader, list_entries
from geomap.web import fields as take
from geomap.web.bodies import take_version
from geomap.web.context import AppContext
from geomap.web.language import text_of
from geomap.web.ledger_shown import county_text, moment, site_text, yes_no
from geomap.web.staff import Staff, find_staff

if TYPE_CHECKING:
    from layers.tables import Sheet

ACTOR = "entry"
STATED = (
    "kind", "title", "text", "owner", "dated_on", "expires_on", "visibility", "adcode", "site_id",
    "lon", "lat", "industries", "stages", "chain_positions", "floor_area_m2", "idle_plant",
)  # fmt: skip
_TITLE, _TEXT, _OWNER, _TRADES = 120, 4_000, 80, 30
MOST_FLOOR_M2 = 10_000_000.0


class Asker(NamedTuple):
    """Who asks: `staff` is None for the public."""

    staff: Staff | None
    reader: Reader


class Filters(NamedTuple):
    """Which entries are wanted; "" asks for all."""

    kind: str = ""
    county: str = ""
    site_id: str = ""
    industry: str = ""
    stage: str = ""
    current: bool = False


def find_asker(context: AppContext, authorization: str) -> Asker:
    """Return who sends an Authorization header; raises StaffNeededError for an unknown key."""
    staff = find_staff(context, authorization)
    audience = Audience.STAFF if staff else Audience.PUBLIC
    return Asker(staff, Reader(audience, context.today()))


def find_entries(context: AppContext, reader: Reader, filters: Filters) -> list[Entry]:
    """Return the entries for a reader that a filter leaves.

    An entry without trades or stages is open to all, and stays.
    """
    found = list_entries(
        context.store,
        reader,
        kinds=[EntryKind(filters.kind)] if filters.kind else [],
        adcode=filters.county,
        site_id=filters.site_id,
        current=filters.current,
    )
    return [
        entry
        for entry in found
        if _open_to(entry.draft.industries, filters.industry)
        and _open_to(entry.draft.stages, filters.stage)
    ]


def _open_to(named: tuple[str, ...], wanted: str) -> bool:
    return not wanted or not named or wanted in named


def add_entry(context: AppContext, body: object, by: str) -> Entry:
    """Keep an entry; raises InputError."""
    given = require_object(body, "body", STATED)
    take.require_fields(given, ("kind", "title", "owner"))
    draft = parse_entry(context, given)
    with context.store.writing(ACTOR) as tx:
        return kept.add_entry(tx, draft, by=by, now=context.now())


def change_entry(context: AppContext, entry_id: str, body: object, by: str) -> Entry:
    """Change an entry by the fields that are given.

    Another kind without a word on visibility is as visible as its kind is by default.

    Raises
    ------
    InputError, NotFoundError, ConflictError
        A value cannot be used; no such entry; changed meanwhile.
    """
    given, version = take_version(body, STATED)
    staff = Reader(Audience.STAFF, context.today())
    old = kept.get_entry(context.store, staff, entry_id)
    draft = parse_entry(context, given, old.draft)
    with context.store.writing(ACTOR) as tx:
        return kept.change_entry(tx, entry_id, draft, by=by, now=context.now(), version=version)


def parse_entry(
    context: AppContext, given: Mapping[str, Any], base: EntryDraft | None = None
) -> EntryDraft:
    """Return the draft of a JSON object, on what stands already where there is such.

    Raises
    ------
    InputError
        A value cannot be used, or no place is stated.
    """
    if "kind" in given or base is None:
        kind = take.take_word(given.get("kind"), "kind", EntryKind)
    else:
        kind = base.kind
    if base is None:
        base = EntryDraft(
            kind=kind, title="", owner="", dated_on=context.today(),
            visibility=default_visibility(kind),
        )  # fmt: skip
    elif kind is not base.kind:
        base = dataclasses.replace(base, kind=kind, visibility=default_visibility(kind))
    values = _words(given) | _days(context, given) | _where(context, given)
    draft = dataclasses.replace(base, **values)
    require_whole(draft)
    require_same_county(draft, county_of_site(context.catalog, draft.site_id))
    return draft


def _words(given: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "title" in given:
        values["title"] = take.take_name(given["title"], "title", _TITLE)
    if "owner" in given:
        values["owner"] = take.take_name(given["owner"], "owner", _OWNER)
    if "text" in given:
        values["text"] = plain_text(given["text"], "text", _TEXT, lines=True)
    if "visibility" in given:
        values["visibility"] = take.take_word(given["visibility"], "visibility", Visibility)
    if "industries" in given:
        trades = take.take_list(given["industries"], "industries", take.take_industry, most=_TRADES)
        values["industries"] = tuple(filter(None, trades))
    if "stages" in given:
        values["stages"] = take.take_list(given["stages"], "stages", _stage, most=len(Stage))
    if "chain_positions" in given:
        values["chain_positions"] = take.take_list(
            given["chain_positions"], "chain_positions", _chain, most=len(ChainPosition)
        )
    return values


def _stage(value: object, field: str) -> Stage:
    return take.take_word(value, field, Stage)


def _chain(value: object, field: str) -> ChainPosition:
    return take.take_word(value, field, ChainPosition)


def _days(context: AppContext, given: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "dated_on" in given:
        values["dated_on"] = take.take_day(given["dated_on"], "dated_on") or context.today()
    if "expires_on" in given:
        values["expires_on"] = take.take_day(given["expires_on"], "expires_on")
    return values


def _where(context: AppContext, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the place; a site brings its county where none is stated."""
    values: dict[str, Any] = {}
    if "adcode" in given:
        values["adcode"] = take.take_county(given["adcode"], "adcode")
    if "site_id" in given:
        site = take.take_site(context.catalog, given["site_id"], "site_id")
        values["site_id"] = site
        if site and not values.get("adcode"):
            values["adcode"] = county_of_site(context.catalog, site)
    for name, high in (("lon", 180.0), ("lat", 90.0)):
        if name in given:
            values[name] = take.take_number(given[name], name, low=-high, high=high)
    if "floor_area_m2" in given:
        area = take.take_number(given["floor_area_m2"], "floor_area_m2", low=1, high=MOST_FLOOR_M2)
        values["floor_area_m2"] = area
    if "idle_plant" in given:
        values["idle_plant"] = take.take_flag(given["idle_plant"], "idle_plant")
    return values


def entry_json(
    context: AppContext, entry: Entry, language: str, staff: Staff | None
) -> dict[str, Any]:
    """Return an entry; who wrote it is shown to staff alone."""
    draft, catalog = entry.draft, context.catalog
    today = context.today()
    return {
        "id": entry.id,
        "kind": str(draft.kind),
        "kind_label": text_of(KIND_LABELS[draft.kind], language),
        "title": draft.title,
        "text": draft.text,
        "owner": draft.owner,
        "dated_on": draft.dated_on.isoformat(),
        "expires_on": draft.expires_on and draft.expires_on.isoformat(),
        "expired": draft.expires_on is not None and draft.expires_on < today,
        "visibility": str(draft.visibility),
        "visibility_label": text_of(VISIBILITY_LABELS[draft.visibility], language),
        "adcode": draft.adcode,
        "county_name": county_text(draft.adcode, language),
        "site_id": draft.site_id,
        "site_name": site_text(catalog, draft.site_id),
        "lon": draft.lon,
        "lat": draft.lat,
        "industries": [
            {"id": industry, "name": text_of(BY_ID[industry].label, language)}
            for industry in draft.industries
            if industry in BY_ID
        ],
        "stages": [str(stage) for stage in draft.stages],
        "chain_positions": [str(at) for at in draft.chain_positions],
        "floor_area_m2": draft.floor_area_m2,
        "idle_plant": draft.idle_plant,
        "demo": draft.demo,
        "by": entry.by if staff else None,
        "updated_at": moment(entry.updated_at),
        "version": entry.version,
    }


_HEADS = (
    ("id", Label("编号", "Id")),
    ("kind_label", Label("类别", "List")),
    ("title", Label("标题", "Title")),
    ("text", Label("内容", "Text")),
    ("owner", Label("发布单位", "Owner")),
    ("dated_on", Label("发布日期", "Date")),
    ("expires_on", Label("有效期至", "Until")),
    ("visibility_label", Label("公开范围", "Visibility")),
    ("county_name", Label("县（市、区）", "County")),
    ("site_name", Label("载体", "Site")),
    ("lon", Label("经度", "Longitude")),
    ("lat", Label("纬度", "Latitude")),
    ("trades_text", Label("产业", "Industries")),
    ("stages_text", Label("阶段", "Stages")),
    ("chain_text", Label("产业链位置", "Chain positions")),
    ("floor_area_m2", Label("可用面积（㎡）", "Floor area (m²)")),
    ("idle_text", Label("闲置厂房", "Idle plant")),
    ("demo_text", Label("演示数据", "Demonstration")),
)


def entries_sheet(context: AppContext, entries: list[Entry], language: str) -> Sheet:
    """Return entries as a sheet."""
    from layers.tables import Sheet

    rows = []
    for entry in entries:
        draft = entry.draft
        item = entry_json(context, entry, language, None) | {
            "trades_text": "、".join(text_of(BY_ID[i].label, language) for i in draft.industries),
            "stages_text": "、".join(text_of(label(stage), language) for stage in draft.stages),
            "chain_text": "、".join(
                text_of(CHAIN_LABELS[at], language) for at in draft.chain_positions
            ),
            "idle_text": yes_no(draft.idle_plant, language),
            "demo_text": yes_no(draft.demo, language),
        }
        rows.append([item[name] for name, _ in _HEADS])
    title = text_of(Label("清单", "Entries"), language)
    return Sheet(title, [text_of(head, language) for _, head in _HEADS], rows)
