"""The ledger of graduating projects: where each stands, what happened, who goes on.

A line is what is true now, an event what happened; events are only ever added. States and
events follow the plan's 项目信息跟踪、甄别、流转机制.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from geomap.domain.errors import InputError
from geomap.domain.words import Label


class LedgerState(StrEnum):
    """How far a project is, in order; `LOST` stands beside the way."""

    FOUND = "found"
    SCREENED = "screened"
    RECOMMENDED = "recommended"
    VISITED = "visited"
    SIGNED = "signed"
    MOVED_IN = "moved_in"
    PRODUCING = "producing"
    LOST = "lost"


WAY = tuple(state for state in LedgerState if state is not LedgerState.LOST)
"""The states that lead to producing, in order."""


_ADDRESSES = ("file", "summary")
"""Last words of addresses below the ledger: a project of such an id has no page there."""


def require_ledger_id(project_id: str, field: str) -> str:
    """Return a project's id; raises InputError for one that is an address of the ledger."""
    if project_id in _ADDRESSES:
        raise InputError(
            Label(
                f"编号 {project_id} 是台账自己的地址，项目不能用",
                f"The id {project_id} is an address of the ledger, not for a project",
            ),
            fix=Label("换一个编号", "Give the project another id"),
            field=field,
        )
    return project_id


class EventKind(StrEnum):
    """What happened to a line."""

    ADDED = "added"
    STATE = "state"
    NOTE = "note"
    CHANGE = "change"
    """Fields were edited: owner, next step, place …"""
    HANDOVER = "handover"
    """Offered to another party, which accepts or declines."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNDO = "undo"
    """Takes the last event back; that one stays on record."""


class EventSource(StrEnum):
    """Where an event comes from."""

    HAND = "hand"
    MEETING = "meeting"
    ADOPTION = "adoption"
    OPERATOR = "operator"
    """An operator itself, by its own key."""


class PartyKind(StrEnum):
    """Who may hold a project: promotion staff, or an incubator (its operator, or a site)."""

    STAFF = "staff"
    OPERATOR = "operator"
    SITE = "site"


class MeetingKind(StrEnum):
    """What a meeting is for."""

    MATCHMAKING = "matchmaking"
    SIGNING = "signing"


class PairResult(StrEnum):
    """How a project and a place parted."""

    PENDING = "pending"
    INTERESTED = "interested"
    AGREED = "agreed"
    SIGNED = "signed"
    DECLINED = "declined"


STATE_LABELS: Mapping[LedgerState, Label] = MappingProxyType(
    {
        LedgerState.FOUND: Label("发现", "Found"),
        LedgerState.SCREENED: Label("甄别", "Screened"),
        LedgerState.RECOMMENDED: Label("推荐", "Recommended"),
        LedgerState.VISITED: Label("考察", "Visited"),
        LedgerState.SIGNED: Label("签约", "Signed"),
        LedgerState.MOVED_IN: Label("入驻", "Moved in"),
        LedgerState.PRODUCING: Label("投产", "Producing"),
        LedgerState.LOST: Label("流失", "Lost"),
    }
)
EVENT_LABELS: Mapping[EventKind, Label] = MappingProxyType(
    {
        EventKind.ADDED: Label("入账", "Added"),
        EventKind.STATE: Label("进展", "Progress"),
        EventKind.NOTE: Label("记录", "Note"),
        EventKind.CHANGE: Label("修改", "Change"),
        EventKind.HANDOVER: Label("移交", "Handover"),
        EventKind.ACCEPTED: Label("接收", "Accepted"),
        EventKind.DECLINED: Label("退回", "Declined"),
        EventKind.UNDO: Label("撤销", "Undone"),
    }
)
PARTY_LABELS: Mapping[PartyKind, Label] = MappingProxyType(
    {
        PartyKind.STAFF: Label("招商人员", "Promotion staff"),
        PartyKind.OPERATOR: Label("运营机构", "Operator"),
        PartyKind.SITE: Label("孵化器", "Incubator"),
    }
)
MEETING_LABELS: Mapping[MeetingKind, Label] = MappingProxyType(
    {
        MeetingKind.MATCHMAKING: Label("对接会", "Matchmaking"),
        MeetingKind.SIGNING: Label("签约会", "Signing"),
    }
)
RESULT_LABELS: Mapping[PairResult, Label] = MappingProxyType(
    {
        PairResult.PENDING: Label("待定", "Pending"),
        PairResult.INTERESTED: Label("有意向", "Interested"),
        PairResult.AGREED: Label("谈妥", "Agreed"),
        PairResult.SIGNED: Label("签约", "Signed"),
        PairResult.DECLINED: Label("未成", "Declined"),
    }
)
RESULT_STATES: Mapping[PairResult, LedgerState] = MappingProxyType(
    {
        PairResult.INTERESTED: LedgerState.VISITED,
        PairResult.AGREED: LedgerState.VISITED,
        PairResult.SIGNED: LedgerState.SIGNED,
    }
)
"""How far a result brings a project; a refusal by one place leaves it where it is."""


@dataclass(frozen=True, slots=True)
class Party:
    """Someone who holds a project: a name of staff, or an id of the record."""

    kind: PartyKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFields:
    """What people state of a project; "" and None are not stated.

    The place is `site_id` with `unit_ids`, or, where something is built, `place_adcode`
    alone. `state_on` is the day on which the present state was reached. `published` lets
    the project count, and be named, in the public figure.
    """

    name: str
    industry: str = ""
    home_county: str = ""
    current_site: str = ""
    owner: str = ""
    holder: Party | None = None
    next_step: str = ""
    due_on: date | None = None
    site_id: str = ""
    unit_ids: tuple[str, ...] = ()
    place_adcode: str = ""
    published: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One project of the ledger as it is now; `version` grows with every event."""

    project_id: str
    fields: LedgerFields
    state: LedgerState
    state_on: date
    lost_why: str
    demo: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEvent:
    """One thing that happened.

    `undoes` and `answers` name another event of the line. `before` and `after` hold the
    columns of the line that it changed. `reference` names what made it: a meeting, a
    scenario, or an operator.
    """

    id: str
    project_id: str
    kind: EventKind
    at: datetime
    by: str
    on: date | None = None
    from_state: LedgerState | None = None
    to_state: LedgerState | None = None
    note: str = ""
    giver: Party | None = None
    taker: Party | None = None
    source: EventSource = EventSource.HAND
    reference: str = ""
    undoes: str = ""
    answers: str = ""
    before: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    after: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


def is_forward(old: LedgerState, new: LedgerState) -> bool:
    """Return whether a change goes on along the way; steps may be jumped over."""
    return old in WAY and new in WAY and WAY.index(new) > WAY.index(old)


def require_change(old: LedgerState, new: LedgerState, note: str) -> None:
    """Refuse a change of state that is none, or goes back, is lost or re-opened without why.

    Raises
    ------
    InputError
        With the field at fault.
    """
    if old is new:
        text = STATE_LABELS[old]
        raise InputError(
            Label(f"项目已经是“{text.zh}”", f"The project is “{text.en}” already"),
            fix=Label("选另一个状态，或写一条记录", "Choose another state, or write a note"),
            field="state",
        )
    if is_forward(old, new) or note.strip():
        return
    said = {
        LedgerState.LOST: Label("流失要写原因", "Say why the project is lost"),
    }.get(new, Label("退回或重新打开要写原因", "Say why it goes back or is opened again"))
    raise InputError(
        said, fix=Label("在 note 里写一句原因", "Give the reason in note"), field="note"
    )


def undoable(events: Sequence[LedgerEvent]) -> LedgerEvent | None:
    """Return the last event that still stands, None where only the first one does.

    Parameters
    ----------
    events
        All events of a line, oldest first.
    """
    gone = {event.undoes for event in events if event.undoes}
    for event in reversed(events):
        if event.kind is EventKind.UNDO or event.id in gone:
            continue
        return None if event.kind is EventKind.ADDED else event
    return None


def open_handover(events: Sequence[LedgerEvent]) -> LedgerEvent | None:
    """Return the handover that waits for an answer, None where there is none."""
    gone = {event.undoes for event in events if event.undoes}
    answered = {event.answers for event in events if event.answers and event.id not in gone}
    for event in reversed(events):
        if event.kind is EventKind.HANDOVER and event.id not in gone | answered:
            return event
    return None


def is_overdue(line: LedgerLine, today: date) -> bool:
    """Return whether the next step of a project under way should have been done."""
    done = line.state in (LedgerState.LOST, LedgerState.PRODUCING)
    return line.fields.due_on is not None and line.fields.due_on < today and not done
