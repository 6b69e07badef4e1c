"""What is stored, as frozen values. Geometry is EPSG:4326, longitude first.

`intake` and `demo` make them, `store` writes and reads them. Ids are text of 1–64
characters out of ``A-Za-z0-9._:~-``. Areas are m², rents yuan per m² and month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shapely.geometry.base import BaseGeometry

from geomap.domain.placement import ChainPosition
from geomap.domain.words import (
    AmenityCategory,
    Indicator,
    LocationPrecision,
    PermittedUse,
    Platform,
    Service,
    SiteLevel,
    Stage,
    UnitKind,
    UnitStatus,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """An organisation that runs sites."""

    id: str
    name: str
    professional: bool = False
    since: date | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place run as one. `geometry` is a Point, Polygon or MultiPolygon, or None.

    `declared_adcode` is what the source says; the county joined by geometry is
    stored beside it by `geomap build`. `town` is a code of the towns table.
    """

    id: str
    name: str
    geometry: BaseGeometry | None
    precision: LocationPrecision = LocationPrecision.EXACT
    address: str = ""
    declared_adcode: str = ""
    reporting_unit: str = ""
    town: str = ""
    stages: tuple[Stage, ...] = ()
    industries: tuple[str, ...] = ()
    level: SiteLevel | None = None
    operator_id: str = ""
    area_m2: float | None = None
    services: tuple[Service, ...] = ()
    platforms: tuple[Platform, ...] = ()
    opened_on: date | None = None
    state_owned: bool = False
    tenants: int | None = None
    jobs: int | None = None
    note: str = ""
    source: str = ""
    source_date: str = ""
    reference: bool = False
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A rentable piece of a site. `None` in a technical field means not stated.

    `desks` counts the places of an open-desk unit. `divisible_min_m2` is the smallest part
    that may be let; a unit without it is given whole. `free_from` is the day from
    which it can be used, today or earlier where it is empty now.
    """

    id: str
    site_id: str
    building: str
    floor: int
    room: str
    kind: UnitKind
    area_m2: float
    status: UnitStatus
    rent_cny_m2_month: float | None = None
    free_from: date | None = None
    verified_at: datetime | None = None
    tenant: str = ""
    desks: int | None = None
    divisible_min_m2: float | None = None
    floor_load_kn_m2: float | None = None
    clear_height_m: float | None = None
    column_spacing_m: float | None = None
    freight_lift_t: float | None = None
    power_kw: float | None = None
    water: bool | None = None
    drainage: bool | None = None
    exhaust: bool | None = None
    gas: bool | None = None
    clean_room: bool | None = None
    hazardous_storage: bool | None = None
    open_24h: bool | None = None
    permitted_use: PermittedUse | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitHistory:
    """Occupancy of a site in one month (first day of it)."""

    site_id: str
    month: date
    leased_m2: float
    vacant_m2: float
    tenants: int
    jobs: int
    rent_cny_m2_month: float | None
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Amenity:
    """A point of interest in one of the 12 categories; a Point in EPSG:4326."""

    id: str
    name: str
    category: AmenityCategory
    lon: float
    lat: float
    address: str = ""
    source: str = ""
    source_date: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A functional zone (省级高新区, 温州湾新区, 海经区 …), which may cross counties."""

    id: str
    name: str
    geometry: BaseGeometry
    reporting_unit: str = ""
    source: str = ""
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town or street (乡镇、街道); `lon`/`lat` is a label point, where known."""

    code: str
    name: str
    adcode: str
    lon: float | None = None
    lat: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyShape:
    """The territory of a county with its near-shore sea, EPSG:4326."""

    adcode: str
    name: str
    geometry: BaseGeometry
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One cell of an annex. `value` is None where it prints "-": no task, not 0."""

    reporting_unit: str
    year: int
    indicator: Indicator
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A graduating project; `demand` is the demand's JSON object.

    `priority` counts from 1, the first; 0 is not stated. `growth_headcount` is the headcount
    forecast in two years.
    """

    id: str
    name: str
    home_county: str
    demand: dict[str, object]
    current_site: str = ""
    priority: int = 0
    growth_headcount: int | None = None
    chain_position: ChainPosition | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A walking isochrone of a site: what is reached within `minutes`.

    `geometry` is a Polygon or MultiPolygon in EPSG:4326; `snapped_m` is how far the
    start lay from the street; `network` names the version of the street graph;
    `truncated` says that the edge of the data cut the ring.
    """

    site_id: str
    profile: str
    minutes: float
    speed_kmh: float
    geometry: BaseGeometry
    area_m2: float
    truncated: bool
    snapped_m: float
    network: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Amenities of one category around one site, on foot over the street network.

    `count` is what lies within the profile's minutes; `nearest_m` is the walk to the
    nearest one within the search limit, None where there is none.
    """

    site_id: str
    profile: str
    category: AmenityCategory
    count: int
    nearest_id: str
    nearest_m: float | None
