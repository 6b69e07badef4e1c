"""Leads: what a visitor leaves, parsed at the edge, and what its operator is shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from geomap.contact.address import hash_of
from geomap.contact.consent import consent_text, consent_version, require_consent
from geomap.contact.phone import parse_phone
from geomap.coverage.edits import plain_text, require_object
from geomap.domain.errors import GeomapError, InputError, NotFoundError
from geomap.domain.words import Label
from geomap.store.leads import STATES, Lead, LeadDraft, add_lead, set_lead_state
from geomap.store.models import TABLES
from geomap.store.operator_keys import find_key_owner
from geomap.web.context import CITY_TIME, AppContext

NAME_MOST, MESSAGE_MOST = 40, 500
WISHES = {
    "visit": Label("预约看房", "Visit"),
    "message": Label("留言", "Message"),
}
STATE_LABELS = {
    "new": Label("未联系", "New"),
    "called": Label("已联系", "Called"),
    "visited": Label("已看房", "Visited"),
    "closed": Label("已了结", "Closed"),
}
_FIELDS = (
    "site_id", "unit_id", "name", "phone", "wish", "message", "visit_at", "consent",
    "consent_version", "consent_language",
)  # fmt: skip
_AHEAD = timedelta(days=180)


class KeyNeededError(GeomapError):
    """There is no key, or it is no one's."""

    status = 401
    slug = "key-needed"
    realm = "operator"


def consent_answer(context: AppContext, site_id: str) -> dict[str, Any]:
    """Return the text that is to be agreed to, and who would read a lead to a site.

    `operator` is None where no site is named, or nobody would read it.
    """
    days = context.settings.lead_days
    version = consent_version(days)
    reader = find_reader(context, site_id) if site_id else None
    return {
        "version": version,
        "days": days,
        "text": consent_text(version)._asdict(),
        "operator": reader.name if reader else None,
    }


def leave_lead(context: AppContext, body: object, *, language: str, client: str) -> dict[str, Any]:
    """Keep a lead and return what its sender is told; the phone number is not among it.

    Parameters
    ----------
    context
        Record and catalog.
    body
        The JSON object.
    language
        In which the text was shown, where the body does not say.
    client
        Address of who asks, "" not to count it.

    Raises
    ------
    InputError, NotFoundError, ConflictError, TooManyError
        A value cannot be used; no such site or unit; asked already; too often.
    """
    now = context.now()
    draft = parse_lead(context, body, language=language, now=now)
    days = context.settings.lead_days
    who = hash_of(client, context.settings.secret_key) if client else ""
    lead, token = add_lead(context.store, draft, now=now, keep_days=days, client=who)
    return {
        "token": token,
        "site_id": draft.site_id,
        "unit_id": draft.unit_id or None,
        "wish": draft.wish,
        "visit_at": _moment(draft.visit_at),
        "created_at": _moment(lead.created_at),
        "expires_at": _moment(lead.expires_at),
        "consent": {"version": draft.consent_version, "language": draft.consent_language},
        "demo": _is_demo(context, draft.site_id),
    }


def parse_lead(context: AppContext, body: object, *, language: str, now: datetime) -> LeadDraft:
    """Return the draft of a JSON object; see :func:`leave_lead`."""
    given = require_object(body, "body", _FIELDS)
    site, unit = _place(context, given.get("site_id"), given.get("unit_id"))
    wish = _choice(given.get("wish"), "wish", tuple(WISHES))
    message = plain_text(given.get("message"), "message", MESSAGE_MOST, lines=True)
    visit_at = _visit(given.get("visit_at"), wish, now)
    if wish == "message" and not message:
        raise InputError(
            Label("留言是空的", "The message is empty"),
            fix=Label("写下想问的", "Write what you want to ask"),
            field="message",
        )
    name = plain_text(given.get("name"), "name", NAME_MOST)
    if not name:
        raise InputError(
            Label("要怎么称呼？", "What is your name?"),
            fix=Label(f"写 1–{NAME_MOST} 字的姓名", f"Give 1 to {NAME_MOST} characters"),
            field="name",
        )
    shown = given.get("consent_language") or language
    return LeadDraft(
        site_id=site,
        unit_id=unit,
        operator_id=_operator_of(context, site),
        name=name,
        phone=parse_phone(given.get("phone")),
        wish=wish,
        message=message,
        visit_at=visit_at,
        consent_version=require_consent(
            given.get("consent"), given.get("consent_version"), days=context.settings.lead_days
        ),
        consent_language=_choice(shown, "consent_language", ("zh", "en")),
    )


def _choice(value: object, field: str, choices: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in choices:
        return value
    listed = ", ".join(choices)
    raise InputError(
        Label("要从列出的里面选一个", "One of those listed is needed"),
        fix=Label(f"用其中之一：{listed}", f"Use one of: {listed}"),
        field=field,
    )


def _id(value: object, field: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise InputError(
            Label("要一个编号", "An id is needed"),
            fix=Label("用列表里的编号", "Use an id of a list"),
            field=field,
        )
    return value


def _place(context: AppContext, site: object, unit: object) -> tuple[str, str]:
    """Return site and unit ("" for none), both in the catalog and the one in the other."""
    site_id = _id(site, "site_id")
    catalog = context.catalog
    row = catalog.sites.id.find(site_id)
    if row < 0:
        raise NotFoundError(
            Label("没有这个载体", "There is no such site"),
            fix=Label("用列表里的编号", "Use an id of a list"),
            field="site_id",
        )
    if unit is None or unit == "":
        return site_id, ""
    unit_id = _id(unit, "unit_id")
    found = catalog.units.id.find(unit_id)
    if found < 0 or int(catalog.units.site[found]) != row:
        raise NotFoundError(
            Label("这个载体里没有这个单元", "There is no such unit in this site"),
            fix=Label("用这个载体的单元编号", "Use the id of one of its units"),
            field="unit_id",
        )
    return site_id, unit_id


class Reader(NamedTuple):
    """An operator."""

    id: str
    name: str


def find_reader(context: AppContext, site_id: str) -> Reader | None:
    """Return the operator of a site, None where the site or its operator is not on record."""
    row = context.catalog.sites.id.find(site_id)
    if row < 0:
        return None
    sites, operators = TABLES["sites"], TABLES["operators"]
    query = select(operators.c.id, operators.c.name).where(
        operators.c.id == sites.c.operator_id, sites.c.id == site_id
    )
    with context.store.reading() as session:
        found = session.execute(query).first()
    return Reader(str(found[0]), str(found[1])) if found else None


def _operator_of(context: AppContext, site_id: str) -> str:
    """Return the id of who will read the lead; raises InputError where that is nobody."""
    reader = find_reader(context, site_id)
    if reader is None:
        raise InputError(
            Label(
                "这个载体没有登记运营机构，没有人能看到留言",
                "No operator is on record who would read it",
            ),
            fix=Label("到现场或打电话问", "Ask at the place itself"),
            field="site_id",
        )
    return reader.id


def _visit(value: object, wish: str, now: datetime) -> datetime | None:
    """Return when someone wants to come; a moment without a zone is city time."""
    if value is None or value == "":
        return None
    try:
        if not isinstance(value, str) or len(value) > 40 or wish != "visit":
            raise ValueError
        moment = datetime.fromisoformat(value)
        placed = moment if moment.tzinfo else moment.replace(tzinfo=CITY_TIME)
        if "T" in value and now <= placed <= now + _AHEAD:
            return placed
    except (ValueError, OverflowError):
        pass
    raise InputError(
        Label("看房时间不能用", "This moment cannot be used"),
        fix=Label(
            "预约看房时写今后 180 天内的时间，如 2026-12-01T10:00；留言不用写",
            "For a visit, a moment in the next 180 days, as 2026-12-01T10:00; none for a message",
        ),
        field="visit_at",
    )


def require_key_owner(context: AppContext, authorization: str) -> str:
    """Return the operator of an Authorization header; raises KeyNeededError."""
    scheme, _, key = authorization.partition(" ")
    given = key.strip() if scheme.lower() == "bearer" else ""
    owner = find_key_owner(context.store, given) if 0 < len(given) <= 200 else None
    if owner is None:
        raise KeyNeededError(
            Label("没有密钥，或密钥不对", "There is no key, or it is not known"),
            fix=Label(
                "带上 Authorization: Bearer 密钥；密钥由管理员用 geomap leads key 生成",
                "Send Authorization: Bearer KEY; an administrator makes it by geomap leads key",
            ),
            field="Authorization",
        )
    return owner


def change_lead(
    context: AppContext, operator_id: str, lead_id: str, body: object, language: str
) -> dict[str, Any]:
    """Change the state of an operator's lead; raises InputError, NotFoundError."""
    given = require_object(body, "body", ("state",))
    state = _choice(given.get("state"), "state", STATES)
    lead = set_lead_state(context.store, operator_id, lead_id, state, now=context.now())
    return lead_json(context, lead, language)


def lead_json(context: AppContext, lead: Lead, language: str) -> dict[str, Any]:
    """Return a lead as its operator sees it."""
    draft, catalog = lead.draft, context.catalog
    row = catalog.sites.id.find(draft.site_id)
    wish, state = WISHES[draft.wish], STATE_LABELS[lead.state]
    return {
        "id": lead.id,
        "site_id": draft.site_id,
        "site": catalog.sites.name[row] if row >= 0 else "",
        "unit_id": draft.unit_id or None,
        "name": draft.name,
        "phone": draft.phone,
        "wish": draft.wish,
        "wish_label": wish.en if language == "en" else wish.zh,
        "message": draft.message,
        "visit_at": _moment(draft.visit_at),
        "state": lead.state,
        "state_label": state.en if language == "en" else state.zh,
        "created_at": _moment(lead.created_at),
        "updated_at": _moment(lead.updated_at),
        "expires_at": _moment(lead.expires_at),
        "consent": {"version": draft.consent_version, "language": draft.consent_language},
        "demo": _is_demo(context, draft.site_id),
    }


def _is_demo(context: AppContext, site_id: str) -> bool:
    sites = context.catalog.sites
    row = sites.id.find(site_id)
    return row >= 0 and bool(sites.demo[row])


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
