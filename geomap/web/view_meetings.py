"""Meetings: what staff send, parsed at the edge, and what they are shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from geomap.coverage.edits import plain_text, require_object
from geomap.domain.industries import BY_ID
from geomap.domain.ledger import (
    MEETING_LABELS,
    RESULT_LABELS,
    STATE_LABELS,
    LedgerFields,
    LedgerLine,
    MeetingKind,
    PairResult,
)
from geomap.domain.words import Label
from geomap.plan.ledger import county_of_site
from geomap.store import ledger_events as happen
from geomap.store import meetings as kept
from geomap.store.engine import Transaction
from geomap.store.ledger import fields_of_project, find_line_in, find_project, list_lines
from geomap.store.ledger_write import Act
from geomap.store.meetings import Meeting, MeetingDraft, Pair, PairDraft
from geomap.store.placement_scenarios import read_texts
from geomap.web import fields as take
from geomap.web.bodies import take_version
from geomap.web.context import CITY_TIME, AppContext
from geomap.web.language import text_of
from geomap.web.ledger_shown import county_text, moment, site_text
from geomap.web.view_ledger import ACTOR, NOTE_MOST, act_of

if TYPE_CHECKING:
    from layers.tables import Sheet

STATED = ("name", "kind", "at", "place", "note")
_PAIR = tuple(f.name for f in dataclasses.fields(PairDraft))
_NAME, _PLACE, _SLOT, _ID = 100, 200, 40, 64


def add_meeting(context: AppContext, body: object, by: str) -> Meeting:
    """Keep a meeting; its list is filled from a saved placement where one is named.

    Raises
    ------
    InputError, NotFoundError
        A value cannot be used; there is no such placement.
    """
    given = dict(require_object(body, "body", (*STATED, "scenario_id", "slot_minutes")))
    scenario, minutes = given.pop("scenario_id", None), given.pop("slot_minutes", None)
    take.require_fields(given, ("name", "kind", "at"))
    draft = _draft(given, MeetingDraft(name="", kind=MeetingKind.MATCHMAKING, at=context.now()))
    slot = take.take_number(minutes, "slot_minutes", low=1, high=240) or 15.0
    placed: Sequence[Mapping[str, Any]] = ()
    if scenario is not None:
        name = take.take_name(scenario, "scenario_id", _ID)
        placed = read_texts(context.store, name)[1]["placements"]
    act = act_of(context, by)
    with context.store.writing(ACTOR) as tx:
        meeting = kept.add_meeting(tx, draft, act)
        if not placed:
            return meeting
        pairs = _pairs_of(tx, placed[: kept.MOST_PAIRS], draft.at, slot, act)
        return kept.set_pairs(tx, meeting.id, pairs, act, version=meeting.version)


def _pairs_of(
    tx: Transaction, placed: Sequence[Mapping[str, Any]], start: datetime, minutes: float, act: Act
) -> list[PairDraft]:
    """Return the placed projects in their order, one slot after the other.

    A project that came with the request, and not from the record, is taken into the ledger.
    """
    pairs = []
    for number, one in enumerate(placed):
        begin = start + timedelta(minutes=minutes * number)
        project_id = str(one["project_id"])
        known = find_line_in(tx, project_id) or find_project(tx.connection, project_id)
        if known is None:
            happen.add_line(tx, project_id, _stated(one, act.by), act, demo=bool(one["demo"]))
        pairs.append(
            PairDraft(
                project_id=project_id,
                site_id=str(one["site_id"]),
                unit_ids=tuple(one["unit_ids"]),
                slot=f"{_clock(begin)}–{_clock(begin + timedelta(minutes=minutes))}",
            )
        )
    return pairs


def _stated(one: Mapping[str, Any], owner: str) -> LedgerFields:
    origin = one.get("from") or {}
    return LedgerFields(
        name=str(one["name"] or one["project_id"]),
        industry=str(one.get("industry") or ""),
        home_county=str(one.get("home_county") or ""),
        current_site=str(origin.get("site_id") or ""),
        owner=owner,
    )


def _clock(value: datetime) -> str:
    return value.astimezone(CITY_TIME).strftime("%H:%M")


def change_meeting(context: AppContext, meeting_id: str, body: object, by: str) -> Meeting:
    """Change what is stated of a meeting; raises InputError, NotFoundError, ConflictError."""
    given, version = take_version(body, STATED)
    act = act_of(context, by)
    old = kept.get_meeting(context.store, meeting_id).draft
    draft = _draft(given, old)
    with context.store.writing(ACTOR) as tx:
        return kept.change_meeting(tx, meeting_id, draft, act, version=version)


def _draft(given: Mapping[str, Any], base: MeetingDraft) -> MeetingDraft:
    values: dict[str, Any] = {}
    if "name" in given:
        values["name"] = take.take_name(given["name"], "name", _NAME)
    if "kind" in given:
        values["kind"] = take.take_word(given["kind"], "kind", MeetingKind)
    if "at" in given:
        values["at"] = take.take_moment(given["at"], "at")
    if "place" in given:
        values["place"] = plain_text(given["place"], "place", _PLACE)
    if "note" in given:
        values["note"] = plain_text(given["note"], "note", NOTE_MOST, lines=True)
    return dataclasses.replace(base, **values)


def put_pairs(context: AppContext, meeting_id: str, body: object, by: str) -> Meeting:
    """Replace a meeting's list, and bring what came of it into the ledger.

    Raises
    ------
    InputError, NotFoundError, ConflictError
        A value cannot be used; no such meeting; changed meanwhile.
    """
    given, version = take_version(body, ("pairs",))
    listed = given.get("pairs")
    if not isinstance(listed, list) or len(listed) > kept.MOST_PAIRS:
        raise take.refuse(
            "pairs",
            Label(
                f"要一个列表，最多 {kept.MOST_PAIRS} 对",
                f"A list of at most {kept.MOST_PAIRS} pairs is needed",
            ),
            Label("先 GET 这场会，改它的 pairs", "Read the meeting first, and change its pairs"),
        )
    standing = {p.draft.id: p.draft for p in kept.get_meeting(context.store, meeting_id).pairs}
    pairs = [_pair(context, part, f"pairs[{i}]", standing) for i, part in enumerate(listed)]
    with context.store.writing(ACTOR) as tx:
        return kept.set_pairs(tx, meeting_id, pairs, act_of(context, by), version=version)


def _pair(
    context: AppContext, value: object, field: str, standing: Mapping[str, PairDraft]
) -> PairDraft:
    given = require_object(value, field, _PAIR)
    pair_id = plain_text(given.get("id"), f"{field}.id", _ID)
    result = given.get("result") or PairResult.PENDING
    draft = PairDraft(
        id=pair_id,
        project_id=take.take_name(given.get("project_id"), f"{field}.project_id", _ID),
        slot=plain_text(given.get("slot"), f"{field}.slot", _SLOT),
        result=take.take_word(result, f"{field}.result", PairResult),
        lost=take.take_flag(given.get("lost"), f"{field}.lost"),
        note=plain_text(given.get("note"), f"{field}.note", NOTE_MOST, lines=True),
    )
    if draft.lost and (draft.result is not PairResult.DECLINED or not draft.note):
        raise take.refuse(
            f"{field}.lost",
            Label("流失只能是未成，并写原因", "Lost is declined, with a note that says why"),
            Label("result 写 declined，note 写原因", "Set result to declined and say why in note"),
        )
    return dataclasses.replace(draft, **_place(context, given, field, standing.get(pair_id)))


def _place(
    context: AppContext, given: Mapping[str, Any], field: str, old: PairDraft | None
) -> dict[str, Any]:
    """Return site and units; a place that stands as it was may be gone from the record."""
    site, units = given.get("site_id") or "", given.get("unit_ids") or []
    if old is not None and (site, units) == (old.site_id, list(old.unit_ids)):
        return {"site_id": old.site_id, "unit_ids": old.unit_ids}
    catalog = context.catalog
    found = take.take_site(catalog, site, f"{field}.site_id")
    return {
        "site_id": found,
        "unit_ids": take.take_units(catalog, units, f"{field}.unit_ids", found),
    }


def head_json(meeting: Meeting, pairs: int, language: str) -> dict[str, Any]:
    """Return a meeting without its list."""
    draft = meeting.draft
    return {
        "id": meeting.id,
        "name": draft.name,
        "kind": str(draft.kind),
        "kind_label": text_of(MEETING_LABELS[draft.kind], language),
        "at": draft.at.astimezone(CITY_TIME).isoformat(timespec="seconds"),
        "place": draft.place,
        "note": draft.note,
        "by": meeting.by,
        "pair_count": pairs,
        "created_at": moment(meeting.created_at),
        "updated_at": moment(meeting.updated_at),
        "version": meeting.version,
    }


def meeting_json(context: AppContext, meeting: Meeting, language: str) -> dict[str, Any]:
    """Return a meeting with its list, beside each pair what the ledger says of the project."""
    lines = {line.project_id: line for line in list_lines(context.store)}
    with context.store.reading() as session:
        pairs = [
            _pair_json(context, pair, order, _known(session, lines, pair), language)
            for order, pair in enumerate(meeting.pairs, 1)
        ]
    return {**head_json(meeting, len(pairs), language), "pairs": pairs}


def _known(
    session: Any, lines: Mapping[str, LedgerLine], pair: Pair
) -> tuple[LedgerFields, LedgerLine | None]:
    """Return what is known of a pair's project: by the ledger, else by the record."""
    line = lines.get(pair.draft.project_id)
    if line is not None:
        return line.fields, line
    row = find_project(session, pair.draft.project_id)
    if row is None:
        return LedgerFields(name=pair.project_name), None
    return fields_of_project(row, owner=""), None


def _pair_json(
    context: AppContext,
    pair: Pair,
    order: int,
    known: tuple[LedgerFields, LedgerLine | None],
    language: str,
) -> dict[str, Any]:
    draft, catalog = pair.draft, context.catalog
    fields, line = known
    industry = BY_ID.get(fields.industry)
    return {
        "id": draft.id,
        "order": order,
        "project_id": draft.project_id,
        "project_name": pair.project_name,
        "industry_name": text_of(industry.label, language) if industry else "",
        "home_county_name": county_text(fields.home_county, language),
        "current_site_name": site_text(catalog, fields.current_site),
        "site_id": draft.site_id,
        "site_name": site_text(catalog, draft.site_id),
        "county_name": county_text(county_of_site(catalog, draft.site_id), language),
        "unit_ids": list(draft.unit_ids),
        "area_m2": _area(context, draft.unit_ids),
        "slot": draft.slot,
        "result": str(draft.result),
        "result_label": text_of(RESULT_LABELS[draft.result], language),
        "lost": draft.lost,
        "note": draft.note,
        "event_id": pair.event_id,
        "state": line and str(line.state),
        "state_label": text_of(STATE_LABELS[line.state], language) if line else "",
    }


def _area(context: AppContext, unit_ids: Sequence[str]) -> float | None:
    """Return the area of units together, m², None where there are none."""
    units = context.catalog.units
    rows = [row for row in map(units.id.find, unit_ids) if row >= 0]
    return round(sum(float(units.area_m2[row]) for row in rows), 2) if rows else None


_HEADS = (
    ("order", Label("序号", "No.")),
    ("slot", Label("时间", "Time")),
    ("project_id", Label("项目编号", "Project id")),
    ("project_name", Label("项目", "Project")),
    ("industry_name", Label("产业", "Industry")),
    ("home_county_name", Label("所在县", "Home county")),
    ("current_site_name", Label("现孵化器", "Present incubator")),
    ("site_name", Label("对接载体", "Place")),
    ("county_name", Label("载体所在县", "County of the place")),
    ("units_text", Label("单元", "Units")),
    ("area_m2", Label("面积（㎡）", "Area (m²)")),
    ("result_label", Label("结果", "Result")),
    ("note", Label("备注", "Note")),
)


def agenda_sheet(context: AppContext, meeting: Meeting, language: str) -> Sheet:
    """Return a meeting's list as a sheet, with what the meeting is above it."""
    from layers.tables import Sheet

    shown = meeting_json(context, meeting, language)
    when = meeting.draft.at.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")
    above = [shown["name"], f"{shown['kind_label']}  {when}  {shown['place']}".strip()]
    above += [line for line in shown["note"].split("\n") if line]
    rows = [
        [{**pair, "units_text": "、".join(pair["unit_ids"])}[name] for name, _ in _HEADS]
        for pair in shown["pairs"]
    ]
    return Sheet(shown["name"], [text_of(head, language) for _, head in _HEADS], rows, [*above, ""])
