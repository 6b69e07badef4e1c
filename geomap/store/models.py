"""The tables of the record. Names are those of `geomap.domain.records`.

Every table has `fid` (the integer key that a GeoPackage wants). Records that people edit
have `version`, which optimistic edits check, and `updated_at`.
"""

from __future__ import annotations

from datetime import date, datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import BigInteger, Boolean, Double, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from geomap.store.types import Geometry, JsonText, UtcTime, Words


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text,
        float: Double,
        bool: Boolean,
        int: Integer,
        datetime: UtcTime,
        tuple[str, ...]: Words,
        dict[str, object]: JsonText,
    }


class _Row:
    fid: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)


class _Versioned(_Row):
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime | None] = mapped_column(default=None)


class County(_Versioned, Base):
    """A county's territory."""

    __tablename__ = "counties"
    adcode: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    source: Mapped[str]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class ReportingUnit(_Versioned, Base):
    """A row of the annex; 海经区 has a geometry only where a zone gives it one."""

    __tablename__ = "reporting_units"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class Zone(_Versioned, Base):
    """A functional zone."""

    __tablename__ = "zones"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    reporting_unit: Mapped[str]
    source: Mapped[str]
    demo: Mapped[bool]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class Town(_Versioned, Base):
    """A town or street with its label point."""

    __tablename__ = "towns"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    adcode: Mapped[str]
    source: Mapped[str]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry("POINT"))


class Operator(_Versioned, Base):
    """An organisation that runs sites."""

    __tablename__ = "operators"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    professional: Mapped[bool]
    since: Mapped[date | None]
    demo: Mapped[bool]


class Site(_Versioned, Base):
    """A place run as one. The last three columns are written by the joins."""

    __tablename__ = "sites"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())
    precision: Mapped[str]
    address: Mapped[str]
    declared_adcode: Mapped[str]
    reporting_unit: Mapped[str]
    town: Mapped[str]
    stages: Mapped[tuple[str, ...]]
    industries: Mapped[tuple[str, ...]]
    level: Mapped[str | None]
    operator_id: Mapped[str]
    area_m2: Mapped[float | None]
    services: Mapped[tuple[str, ...]]
    platforms: Mapped[tuple[str, ...]]
    opened_on: Mapped[date | None]
    state_owned: Mapped[bool]
    tenants: Mapped[int | None]
    jobs: Mapped[int | None]
    note: Mapped[str]
    source: Mapped[str]
    source_date: Mapped[str]
    reference: Mapped[bool]
    demo: Mapped[bool]
    adcode: Mapped[str | None]
    joined_reporting_unit: Mapped[str | None]
    county_mismatch: Mapped[bool | None]


class Unit(_Versioned, Base):
    """A rentable piece of a site."""

    __tablename__ = "units"
    id: Mapped[str] = mapped_column(unique=True)
    site_id: Mapped[str] = mapped_column(index=True)
    building: Mapped[str]
    floor: Mapped[int]
    room: Mapped[str]
    kind: Mapped[str]
    area_m2: Mapped[float]
    status: Mapped[str]
    rent_cny_m2_month: Mapped[float | None]
    free_from: Mapped[date | None]
    verified_at: Mapped[datetime | None]
    tenant: Mapped[str]
    desks: Mapped[int | None]
    divisible_min_m2: Mapped[float | None]
    floor_load_kn_m2: Mapped[float | None]
    clear_height_m: Mapped[float | None]
    column_spacing_m: Mapped[float | None]
    freight_lift_t: Mapped[float | None]
    power_kw: Mapped[float | None]
    water: Mapped[bool | None]
    drainage: Mapped[bool | None]
    exhaust: Mapped[bool | None]
    gas: Mapped[bool | None]
    clean_room: Mapped[bool | None]
    hazardous_storage: Mapped[bool | None]
    open_24h: Mapped[bool | None]
    permitted_use: Mapped[str | None]
    demo: Mapped[bool]


class UnitHistory(_Row, Base):
    """Occupancy of a site, month by month."""

    __tablename__ = "unit_history"
    __table_args__ = (UniqueConstraint("site_id", "month"),)
    site_id: Mapped[str]
    month: Mapped[date]
    leased_m2: Mapped[float]
    vacant_m2: Mapped[float]
    tenants: Mapped[int]
    jobs: Mapped[int]
    rent_cny_m2_month: Mapped[float | None]
    demo: Mapped[bool]


class Amenity(_Versioned, Base):
    """A point of interest in one of the 12 categories."""

    __tablename__ = "amenities"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    category: Mapped[str]
    address: Mapped[str]
    source: Mapped[str]
    source_date: Mapped[str]
    demo: Mapped[bool]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry("POINT"))


class Demand(_Versioned, Base):
    """A demand that was kept, as its JSON object."""

    __tablename__ = "demands"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    demand: Mapped[dict[str, object]]
    demo: Mapped[bool]


class Project(_Versioned, Base):
    """A graduating project."""

    __tablename__ = "projects"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    home_county: Mapped[str]
    current_site: Mapped[str]
    priority: Mapped[int]
    growth_headcount: Mapped[int | None]
    chain_position: Mapped[str | None]
    demand: Mapped[dict[str, object]]
    demo: Mapped[bool]


class Scenario(_Versioned, Base):
    """A what-if that someone kept. Not a part of the record: no change is logged."""

    __tablename__ = "scenarios"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    note: Mapped[str]
    profile: Mapped[str]
    edits: Mapped[dict[str, object]]
    network: Mapped[str]
    created_at: Mapped[datetime]


class Search(_Versioned, Base):
    """A saved search. Private, as all tables down to `ContactCount`: no change is logged.

    `known` are the units that fitted at the last check, at change `checked_seq` of the
    record. `mail_state` is "none", "pending", "confirmed" or "stopped".
    """

    __tablename__ = "searches"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    demand: Mapped[dict[str, object]]
    language: Mapped[str]
    known: Mapped[tuple[str, ...]]
    paused: Mapped[bool]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    checked_at: Mapped[datetime]
    checked_seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    email: Mapped[str]
    mail_state: Mapped[str]
    mail_token: Mapped[str] = mapped_column(index=True)
    asked_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    failures: Mapped[int]


class SearchHit(_Row, Base):
    """A unit that came to fit a saved search."""

    __tablename__ = "search_hits"
    __table_args__ = (UniqueConstraint("search_id", "unit_id"),)
    search_id: Mapped[str]
    unit_id: Mapped[str]
    site_id: Mapped[str]
    found_at: Mapped[datetime]
    score: Mapped[float]
    reasons: Mapped[dict[str, object]]
    gone_at: Mapped[datetime | None]
    mailed: Mapped[bool]


class Lead(_Versioned, Base):
    """A wish to visit or a message, for one operator's eyes."""

    __tablename__ = "leads"
    id: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    operator_id: Mapped[str] = mapped_column(index=True)
    site_id: Mapped[str]
    unit_id: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str]
    wish: Mapped[str]
    message: Mapped[str]
    visit_at: Mapped[datetime | None]
    consent_version: Mapped[str]
    consent_language: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OperatorKey(_Row, Base):
    """The key by which an operator reads its leads; only its hash is kept."""

    __tablename__ = "operator_keys"
    operator_id: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class StaffKey(_Row, Base):
    """The key by which a member of staff works with placements; only its hash is kept."""

    __tablename__ = "staff_keys"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class PlacementScenario(_Versioned, Base):
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


class PlacementHold(_Row, Base):
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


class LedgerLine(_Versioned, Base):
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


class LedgerEvent(_Row, Base):
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


class Meeting(_Versioned, Base):
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


class MeetingPair(_Row, Base):
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


class Entry(_Versioned, Base):
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


class ContactCount(_Row, Base):
    """One thing that someone did lately, counted by a hash of who it was."""

    __tablename__ = "contact_counts"
    __table_args__ = (Index("ix_contact_counts_who", "kind", "who"),)
    kind: Mapped[str]
    who: Mapped[str]
    at: Mapped[datetime]


class Target(_Row, Base):
    """One cell of the annex; a null value is "-", no task."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("reporting_unit", "year", "indicator"),)
    reporting_unit: Mapped[str]
    year: Mapped[int]
    indicator: Mapped[str]
    value: Mapped[float | None]


class Ring(_Row, Base):
    """A walking isochrone of a site."""

    __tablename__ = "rings"
    __table_args__ = (UniqueConstraint("site_id", "profile", "minutes"),)
    site_id: Mapped[str]
    profile: Mapped[str]
    minutes: Mapped[float]
    speed_kmh: Mapped[float]
    area_m2: Mapped[float]
    truncated: Mapped[bool]
    snapped_m: Mapped[float]
    network: Mapped[str]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class Access(_Row, Base):
    """Amenities of one category around one site."""

    __tablename__ = "access"
    __table_args__ = (UniqueConstraint("site_id", "profile", "category"),)
    site_id: Mapped[str]
    profile: Mapped[str]
    category: Mapped[str]
    count: Mapped[int]
    nearest_id: Mapped[str]
    nearest_m: Mapped[float | None]


class Street(_Row, Base):
    """A street centreline, for drawing; the walking graph is a file of its own."""

    __tablename__ = "streets"
    name: Mapped[str]
    klass: Mapped[str]
    bridge: Mapped[bool]
    demo: Mapped[bool]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry("LINESTRING"))


class Water(_Row, Base):
    """A river or lake."""

    __tablename__ = "water"
    name: Mapped[str]
    demo: Mapped[bool]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class Land(_Row, Base):
    """Land, against the sea: one row a county, and one ("" as adcode) around them."""

    __tablename__ = "land"
    adcode: Mapped[str]
    source: Mapped[str]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class Meta(Base):
    """Named facts about the data, such as when it was built."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class ChangeLog(Base):
    """Every write, in order of commit. Triggers refuse to change or delete a row."""

    __tablename__ = "change_log"
    __table_args__ = (Index("ix_change_log_row", "table_name", "row_id"),)
    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    table_name: Mapped[str]
    row_id: Mapped[str]
    version: Mapped[int]
    patch: Mapped[dict[str, object] | None]


TABLES = Base.metadata.tables
FEATURE_TABLES = tuple(name for name, table in TABLES.items() if "geometry" in table.c)
