"""The tables of the record. Names are those of `geomap.domain.records`."""

from __future__ import annotations

from datetime import date, datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geomap.store import models_contact, models_placement  # noqa: F401 - their tables belong too
from geomap.store.models_base import Base, Row, Versioned
from geomap.store.types import Geometry


class County(Versioned, Base):
    """A county's territory."""

    __tablename__ = "counties"
    adcode: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    source: Mapped[str]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class ReportingUnit(Versioned, Base):
    """A row of the annex; 海经区 has a geometry only where a zone gives it one."""

    __tablename__ = "reporting_units"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class Zone(Versioned, Base):
    """A functional zone."""

    __tablename__ = "zones"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    reporting_unit: Mapped[str]
    source: Mapped[str]
    demo: Mapped[bool]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class Town(Versioned, Base):
    """A town or street with its label point."""

    __tablename__ = "towns"
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    adcode: Mapped[str]
    source: Mapped[str]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry("POINT"))


class Operator(Versioned, Base):
    """An organisation that runs sites."""

    __tablename__ = "operators"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    professional: Mapped[bool]
    since: Mapped[date | None]
    demo: Mapped[bool]


class Site(Versioned, Base):
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


class Unit(Versioned, Base):
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


class UnitHistory(Row, Base):
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


class Amenity(Versioned, Base):
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


class Demand(Versioned, Base):
    """A demand that was kept, as its JSON object."""

    __tablename__ = "demands"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    demand: Mapped[dict[str, object]]
    demo: Mapped[bool]


class Project(Versioned, Base):
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


class Scenario(Versioned, Base):
    """A what-if that someone kept. Not a part of the record: no change is logged."""

    __tablename__ = "scenarios"
    id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    note: Mapped[str]
    profile: Mapped[str]
    edits: Mapped[dict[str, object]]
    network: Mapped[str]
    created_at: Mapped[datetime]


class Target(Row, Base):
    """One cell of the annex; a null value is "-", no task."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("reporting_unit", "year", "indicator"),)
    reporting_unit: Mapped[str]
    year: Mapped[int]
    indicator: Mapped[str]
    value: Mapped[float | None]


class Ring(Row, Base):
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


class Access(Row, Base):
    """Amenities of one category around one site."""

    __tablename__ = "access"
    __table_args__ = (UniqueConstraint("site_id", "profile", "category"),)
    site_id: Mapped[str]
    profile: Mapped[str]
    category: Mapped[str]
    count: Mapped[int]
    nearest_id: Mapped[str]
    nearest_m: Mapped[float | None]


class Street(Row, Base):
    """A street centreline, for drawing; the walking graph is a file of its own."""

    __tablename__ = "streets"
    name: Mapped[str]
    klass: Mapped[str]
    bridge: Mapped[bool]
    demo: Mapped[bool]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry("LINESTRING"))


class Water(Row, Base):
    """A river or lake."""

    __tablename__ = "water"
    name: Mapped[str]
    demo: Mapped[bool]
    geometry: Mapped[BaseGeometry | None] = mapped_column(Geometry())


class Land(Row, Base):
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


METADATA = Base.metadata
TABLES = METADATA.tables
FEATURE_TABLES = tuple(name for name, table in TABLES.items() if "geometry" in table.c)
