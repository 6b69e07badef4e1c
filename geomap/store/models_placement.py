"""Kept placements, the ledger, meetings and entries: for staff, but for published entries."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from geomap.store.models_base import Base, Row, Versioned


class StaffKey(Row, Base):
    """The key by which a member of staff works with placements; only its hash is kept."""

    __tablename__ = "staff_keys"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class PlacementScenario(Versioned, Base):
    """A placement that staff kept: what was asked, what came of it, on which record.

    Private, as `PlacementHold`: no change is logged. `units` are the units of its places as
    they were then; `summary` is what a list shows of `result`.
    """

    __tablename__ = "placement_scenarios"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    note: Mapped[str]
    mode: Mapped[str]
    request: Mapped[dict[str, object]]
    summary: Mapped[dict[str, object]]
    result: Mapped[dict[str, object]]
    units: Mapped[dict[str, object]]
    solved_seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    solved_stamp: Mapped[str]
    solved_at: Mapped[datetime]
    state: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_by: Mapped[str]
    adopted_at: Mapped[datetime | None]
    adopted_by: Mapped[str]
    released_at: Mapped[datetime | None]
    released_by: Mapped[str]


class PlacementHold(Row, Base):
    """Which project an adopted placement holds a unit for, and how the unit was before.

    A part that was split off is a unit of its own: `origin_id` is the unit it came from,
    `unit_id` itself where no row was added. `before` is the origin's status, area and desks
    before the adoption; `rest_m2` and `rest_desks` are what placements left of it last.
    """

    __tablename__ = "placement_holds"
    unit_id: Mapped[str] = mapped_column(unique=True)
    origin_id: Mapped[str] = mapped_column(index=True)
    scenario_id: Mapped[str] = mapped_column(index=True)
    project_id: Mapped[str]
    area_m2: Mapped[float]
    desks: Mapped[int | None]
    before: Mapped[dict[str, object]]
    rest_m2: Mapped[float]
    rest_desks: Mapped[int | None]
    held_at: Mapped[datetime]


class LedgerLine(Versioned, Base):
    """A project of the ledger as it is now. Private, down to `Entry`: no change is logged."""

    __tablename__ = "ledger_lines"
    project_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    industry: Mapped[str]
    home_county: Mapped[str]
    current_site: Mapped[str]
    state: Mapped[str]
    state_on: Mapped[date]
    lost_why: Mapped[str]
    owner: Mapped[str]
    holder_kind: Mapped[str]
    holder_id: Mapped[str]
    next_step: Mapped[str]
    due_on: Mapped[date | None]
    site_id: Mapped[str]
    unit_ids: Mapped[tuple[str, ...]]
    place_adcode: Mapped[str]
    published: Mapped[bool]
    demo: Mapped[bool]
    created_at: Mapped[datetime]


class LedgerEvent(Row, Base):
    """What happened to a project. Triggers refuse to change a row, or to delete one whose
    line is there.
    """

    __tablename__ = "ledger_events"
    id: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    on_day: Mapped[date | None]
    from_state: Mapped[str]
    to_state: Mapped[str]
    note: Mapped[str]
    giver_kind: Mapped[str]
    giver_id: Mapped[str]
    taker_kind: Mapped[str]
    taker_id: Mapped[str]
    source: Mapped[str]
    reference: Mapped[str]
    undoes: Mapped[str]
    answers: Mapped[str]
    before: Mapped[dict[str, object]]
    after: Mapped[dict[str, object]]


class Meeting(Versioned, Base):
    """A meeting of projects and places."""

    __tablename__ = "meetings"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime]
    place: Mapped[str]
    note: Mapped[str]
    actor: Mapped[str]
    created_at: Mapped[datetime]


class MeetingPair(Row, Base):
    """A project and a place on a meeting's list; `event_id` is what its result made."""

    __tablename__ = "meeting_pairs"
    id: Mapped[str] = mapped_column(unique=True)
    meeting_id: Mapped[str] = mapped_column(index=True)
    position: Mapped[int]
    project_id: Mapped[str]
    project_name: Mapped[str]
    site_id: Mapped[str]
    unit_ids: Mapped[tuple[str, ...]]
    slot: Mapped[str]
    result: Mapped[str]
    lost: Mapped[bool]
    note: Mapped[str]
    event_id: Mapped[str]


class Entry(Versioned, Base):
    """An entry of a list, published or restricted."""

    __tablename__ = "entries"
    id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    text: Mapped[str]
    owner: Mapped[str]
    adcode: Mapped[str]
    site_id: Mapped[str]
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    industries: Mapped[tuple[str, ...]]
    stages: Mapped[tuple[str, ...]]
    chain_positions: Mapped[tuple[str, ...]]
    dated_on: Mapped[date]
    expires_on: Mapped[date | None]
    visibility: Mapped[str]
    floor_area_m2: Mapped[float | None]
    idle_plant: Mapped[bool]
    demo: Mapped[bool]
    actor: Mapped[str]
    created_at: Mapped[datetime]
