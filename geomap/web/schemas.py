"""Shapes of the API's answers about sites, units and coverage, for the OpenAPI document.

Values are parsed by the rooms themselves, at the edge, into the frozen values of
`geomap.domain`; these models say what that parsing takes and what the answers hold. A test
validates real answers against them.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """Base: an answer holds exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class Problem(BaseModel):
    """An error (RFC 9457): what is wrong, in which field, and how to mend it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    field: str | None = None
    fix: str | None = None


class Health(Shape):
    """The process answers."""

    status: str
    version: str


class Readiness(Health):
    """What is served."""

    catalog_version: int
    stamp: str
    built_at: str
    sites: int
    units: int
    network: str | None
    demo: bool


class Place(Shape):
    """An amenity with the walk to it."""

    id: str
    name: str
    walk_m: float
    walk_min: float
    lon: float
    lat: float
    demo: bool


class Reached(Shape):
    """Amenities of one category: `items` within the minutes, `nearest` up to 3 km."""

    count: int
    nearest: Place | None
    items: list[Place]


class RingProperties(Shape):
    """What a ring is and what is in it."""

    lon: float
    lat: float
    profile: str
    minutes: float
    speed_kmh: float
    snapped_m: float = Field(description="Straight way to the street, counted in every walk")
    area_m2: float
    truncated: bool = Field(description="The edge of the street data cuts it")
    network: str
    demo: bool
    amenities: dict[str, Reached]


class Geometry(BaseModel):
    """A GeoJSON geometry, EPSG:4326."""

    type: str
    coordinates: list[Any]


class Ring(Shape):
    """A ring as a GeoJSON feature."""

    type: Literal["Feature"]
    geometry: Geometry
    properties: RingProperties


class CategorisedPlace(Place):
    """An amenity of a list."""

    category: str


class SiteAmenities(Shape):
    """Amenities around a site."""

    site_id: str
    lon: float
    lat: float
    profile: str
    minutes: float
    speed_kmh: float
    snapped_m: float
    area_m2: float
    truncated: bool
    network: str
    demo: bool
    items: list[CategorisedPlace]
    total: int
    next: str | None
    nearest: dict[str, Place | None]


class UnitCard(Shape):
    """A unit in short. `verified_at` and `free_from` are days."""

    id: str
    building: str
    floor: int
    room: str
    kind: str
    area_m2: float
    rent_cny_m2_month: float | None
    month_cny: float | None
    status: str
    free_from: str | None
    verified_at: str | None
    desks: int | None
    demo: bool


class SiteCard(Shape):
    """A site in short."""

    id: str
    name: str
    lon: float | None
    lat: float | None
    adcode: str
    county: str
    level: str | None
    operator: str
    demo: bool


class FullUnit(UnitCard):
    """A unit with its technical fields; null is not stated, or not divisible."""

    divisible_min_m2: float | None
    floor_load_kn_m2: float | None
    clear_height_m: float | None
    column_spacing_m: float | None
    freight_lift_t: float | None
    power_kw: float | None
    water: bool | None
    drainage: bool | None
    exhaust: bool | None
    gas: bool | None
    clean_room: bool | None
    hazardous_storage: bool | None
    open_24h: bool | None
    permitted_use: str | None


class FreshnessOfUnit(Shape):
    """How old the word of a listing is: its state, and the day of the next check."""

    state: Literal["fresh", "due", "old", "stale", "hidden", "never"]
    label: str
    verified_at: str | None
    due: str | None


class UnitDetail(FullUnit):
    """A unit with its site."""

    site_id: str
    freshness: FreshnessOfUnit
    version: int
    site: SiteCard


class Floor(Shape):
    """Units of one floor."""

    floor: int
    units: list[FullUnit]


class Building(Shape):
    """Floors of one building, from the top."""

    name: str
    vacant: int
    floors: list[Floor]


class Named(Shape):
    """An id with its name."""

    id: str
    name: str


class Span(Shape):
    """Lowest and highest."""

    min: float | None
    max: float | None


class SiteCategory(Shape):
    """Amenities of one category near a site."""

    count: int
    nearest_m: float | None
    nearest: str | None


class SiteCoverage(Shape):
    """What is within the walk of the default profile."""

    profile: str
    categories: dict[str, SiteCategory]
    score: int
    total: int
    missing: list[str]


class Month(Shape):
    """Occupancy in a month."""

    month: str
    vacant_m2: float
    leased_m2: float
    tenants: int


class SiteDetail(SiteCard):
    """A site with all that is known of it."""

    reporting_unit: str
    reporting_unit_name: str
    county_mismatch: bool
    industries: list[Named]
    stages: list[str]
    services: list[str]
    platforms: list[str]
    area_m2: float | None
    tenants: int | None
    jobs: int | None
    professional: bool
    state_owned: bool | None
    opened_on: str | None
    address: str
    source: str
    source_date: str
    precision: str
    note: str
    reference: bool
    vacant_m2: float
    vacant_count: int
    rent: Span | None
    verified_at: str | None
    buildings: list[Building]
    coverage: SiteCoverage | None
    history: list[Month]


class Missing(Shape):
    """Sites that lack a category."""

    category: str
    sites: int


class CoverageAnswer(Shape):
    """Coverage under a profile; `histogram[i]` counts the sites that meet i requirements."""

    profile: str
    by: str
    demo: bool
    network: str | None
    amenities: dict[str, Any]
    sites: int
    passed: int
    items: list[dict[str, Any]]
    total: int
    next: str | None
    missing: list[Missing]
    histogram: list[int]
