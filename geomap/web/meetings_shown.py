"""Meetings as staff see them: their lists, what the ledger says beside each pair, the agenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geomap.domain.industries import BY_ID
from geomap.domain.ledger import (
    MEETING_LABELS,
    RESULT_LABELS,
    STATE_LABELS,
    LedgerFields,
    LedgerLine,
    PairResult,
)
from geomap.domain.meetings import Meeting, Pair, Results, count_results
from geomap.domain.words import Label
from geomap.plan.ledger import county_of_site
from geomap.store.ledger import fields_of_project, find_project, list_lines
from geomap.web.context import CITY_TIME, AppContext
from geomap.web.language import text_of
from geomap.web.ledger_shown import county_text, moment, site_text

if TYPE_CHECKING:
    from layers.tables import Sheet


def head_json(meeting: Meeting, results: Results, language: str) -> dict[str, Any]:
    """Return a meeting without its list, with what came of its pairs."""
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
        "pair_count": sum(results.values()),
        "results": {str(result): results[result] for result in PairResult},
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
    return {**head_json(meeting, count_results(meeting.pairs), language), "pairs": pairs}


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
