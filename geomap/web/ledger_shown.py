"""The ledger as staff see it: lines, events, counts, and the table to take away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from geomap.catalog.catalog import Catalog
from geomap.domain.industries import BY_ID
from geomap.domain.ledger import (
    EVENT_LABELS,
    PARTY_LABELS,
    STATE_LABELS,
    LedgerEvent,
    LedgerLine,
    LedgerState,
    Party,
    PartyKind,
    is_overdue,
    open_handover,
)
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import Label
from geomap.plan.ledger import NOTE, SOURCE, count_graduates, is_local, landed_in, summarise
from geomap.store.ledger import get_line, list_events, list_lines
from geomap.store.models import TABLES
from geomap.web import values as v
from geomap.web.context import CITY_TIME, AppContext
from geomap.web.language import text_of

if TYPE_CHECKING:
    from layers.tables import Sheet

_SOURCES = {
    "hand": Label("手工", "By hand"),
    "meeting": Label("会议结果", "Result of a meeting"),
    "adoption": Label("落地方案", "Adopted placement"),
    "operator": Label("运营机构", "Operator"),
}


def project_detail(context: AppContext, project_id: str, language: str) -> dict[str, Any]:
    """Return a line with its events, oldest first; raises NotFoundError."""
    line = get_line(context.store, project_id)
    events = list_events(context.store, project_id)
    names = operator_names(context)
    waits = open_handover(events)
    return {
        **line_json(context, line, language, names),
        "handover": waits and event_json(context, waits, language, names),
        "events": [event_json(context, event, language, names) for event in events],
    }


def operator_names(context: AppContext) -> dict[str, str]:
    """Return the names of operators by id."""
    operators = TABLES["operators"]
    with context.store.reading() as session:
        rows = session.execute(select(operators.c.id, operators.c.name)).all()
    return {str(row[0]): str(row[1]) for row in rows}


def line_json(
    context: AppContext, line: LedgerLine, language: str, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return a line as staff see it."""
    catalog, fields = context.catalog, line.fields
    industry = BY_ID.get(fields.industry)
    landed = landed_in(catalog, line)
    return {
        "project_id": line.project_id,
        "name": fields.name,
        "industry": fields.industry,
        "industry_name": text_of(industry.label, language) if industry else "",
        "home_county": fields.home_county,
        "home_county_name": county_text(fields.home_county, language),
        "current_site": fields.current_site,
        "current_site_name": site_text(catalog, fields.current_site),
        "state": str(line.state),
        "state_label": text_of(STATE_LABELS[line.state], language),
        "state_on": line.state_on.isoformat(),
        "lost_why": line.lost_why,
        "owner": fields.owner,
        "holder": party_json(context, fields.holder, language, names),
        "next_step": fields.next_step,
        "due_on": fields.due_on and fields.due_on.isoformat(),
        "overdue": is_overdue(line, context.today()),
        "site_id": fields.site_id,
        "site_name": site_text(catalog, fields.site_id),
        "unit_ids": list(fields.unit_ids),
        "place_adcode": fields.place_adcode,
        "landed_county": landed,
        "landed_county_name": county_text(landed, language),
        "local": is_local(catalog, line),
        "published": fields.published,
        "demo": line.demo,
        "created_at": moment(line.created_at),
        "updated_at": moment(line.updated_at),
        "version": line.version,
    }


def event_json(
    context: AppContext, event: LedgerEvent, language: str, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return an event as staff see it."""
    return {
        "id": event.id,
        "kind": str(event.kind),
        "kind_label": text_of(EVENT_LABELS[event.kind], language),
        "at": moment(event.at),
        "on": event.on and event.on.isoformat(),
        "by": event.by,
        "from_state": event.from_state and str(event.from_state),
        "to_state": event.to_state and str(event.to_state),
        "note": event.note,
        "from": party_json(context, event.giver, language, names),
        "to": party_json(context, event.taker, language, names),
        "source": str(event.source),
        "source_label": text_of(_SOURCES[event.source], language),
        "reference": event.reference,
        "undoes": event.undoes,
        "answers": event.answers,
        "before": dict(event.before),
        "after": dict(event.after),
    }


def party_json(
    context: AppContext, party: Party | None, language: str, names: Mapping[str, str]
) -> dict[str, str] | None:
    """Return a party with its name, None for none."""
    if party is None:
        return None
    found = {
        PartyKind.STAFF: party.id,
        PartyKind.OPERATOR: names.get(party.id, ""),
        PartyKind.SITE: site_text(context.catalog, party.id),
    }
    return {
        "kind": str(party.kind),
        "kind_label": text_of(PARTY_LABELS[party.kind], language),
        "id": party.id,
        "name": found[party.kind],
    }


def site_text(catalog: Catalog, site_id: str) -> str:
    """Return the name of a site, "" where there is none of that id."""
    row = catalog.sites.id.find(site_id) if site_id else -1
    return catalog.sites.name[row] if row >= 0 else ""


def county_text(adcode: str, language: str) -> str:
    """Return the name of a county, "" for none."""
    return v.county_name(BY_ADCODE.get(adcode), language)


def moment(value: datetime) -> str:
    """Return a moment as JSON takes it."""
    return value.isoformat(timespec="seconds")


def summary_answer(context: AppContext, language: str) -> dict[str, Any]:
    """Return the ledger counted, and the plan's figure over all lines; each with its ids."""
    lines, today = list_lines(context.store), context.today()
    counted = summarise(lines, today=today)
    for item in counted["by_state"]:
        item["label"] = text_of(STATE_LABELS[LedgerState(item["key"])], language)
    for item in counted["by_county"]:
        item["label"] = county_text(item["key"], language)
    for item in counted["by_owner"]:
        item["label"] = item["key"]
    counted["overdue"]["label"] = text_of(Label("逾期", "Overdue"), language)
    return {
        **counted,
        "graduates": graduates_json(context, lines, language),
        "as_of": today.isoformat(),
    }


def graduates_json(context: AppContext, lines: list[LedgerLine], language: str) -> dict[str, Any]:
    """Return the plan's figure over some lines, with its source and what it rests on."""
    catalog, by_id = context.catalog, {line.project_id: line for line in lines}
    counted = count_graduates(catalog, lines, today=context.today())
    projects = [
        {
            "project_id": key,
            "name": by_id[key].fields.name,
            "group": group,
            "home_county_name": county_text(by_id[key].fields.home_county, language),
            "landed_county_name": county_text(landed_in(catalog, by_id[key]), language),
            "state_on": by_id[key].state_on.isoformat(),
            "demo": by_id[key].demo,
        }
        for group, ids in counted["records"].items()
        for key in ids
    ]
    return counted | {
        "projects": projects,
        "source": text_of(SOURCE, language),
        "note": text_of(NOTE, language),
    }


def public_graduates(context: AppContext, language: str) -> dict[str, Any]:
    """Return the plan's figure over the lines that staff published, and no others."""
    return graduates_json(context, list_lines(context.store, published=True), language)


_HEADS = (
    ("project_id", Label("项目编号", "Project id")),
    ("name", Label("项目", "Project")),
    ("industry_name", Label("产业", "Industry")),
    ("home_county_name", Label("所在县", "Home county")),
    ("current_site_name", Label("现孵化器", "Present incubator")),
    ("state_label", Label("状态", "State")),
    ("state_on", Label("状态日期", "Since")),
    ("lost_why", Label("流失原因", "Why lost")),
    ("owner", Label("负责人", "Owner")),
    ("holder_name", Label("现由", "With")),
    ("next_step", Label("下一步", "Next step")),
    ("due_on", Label("期限", "Due")),
    ("overdue_text", Label("逾期", "Overdue")),
    ("site_name", Label("落地载体", "Lands at")),
    ("units_text", Label("单元", "Units")),
    ("landed_county_name", Label("落地县", "County")),
    ("local_text", Label("就地", "Local")),
    ("published_text", Label("公开", "Published")),
    ("demo_text", Label("演示数据", "Demonstration")),
    ("updated_day", Label("更新", "Updated")),
)


def ledger_sheet(context: AppContext, lines: list[LedgerLine], language: str) -> Sheet:
    """Return lines as a sheet."""
    from layers.tables import Sheet

    names = operator_names(context)
    rows = []
    for line in lines:
        item = line_json(context, line, language, names)
        item |= {
            "holder_name": (item["holder"] or {}).get("name", ""),
            "overdue_text": yes_no(item["overdue"], language),
            "units_text": "、".join(item["unit_ids"]),
            "local_text": yes_no(item["local"], language),
            "published_text": yes_no(item["published"], language),
            "demo_text": yes_no(item["demo"], language),
            "updated_day": city_day(line.updated_at),
        }
        rows.append([item[name] for name, _ in _HEADS])
    title = text_of(Label("项目台账", "Ledger"), language)
    return Sheet(title, [text_of(head, language) for _, head in _HEADS], rows)


def yes_no(value: bool | None, language: str) -> str:
    """Return a yes as a word, nothing for no, a dash for not known."""
    if value is None:
        return "—"
    return text_of(Label("是", "yes"), language) if value else ""


def city_day(value: datetime) -> str:
    """Return the day of a moment in the city."""
    return value.astimezone(CITY_TIME).date().isoformat()
