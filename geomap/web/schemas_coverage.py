"""Shapes of the answers about gaps, profiles side by side, and what has no incubator."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from geomap.web.schemas import Shape


class AmenitySource(Shape):
    """Amenities of one source and their dates."""

    name: str
    count: int
    first: str | None = Field(alias="from")
    last: str | None = Field(alias="to")
    demo: bool


class AmenityState(Shape):
    """The amenities that a figure rests on."""

    version: str
    count: int
    sources: list[AmenitySource]


class Gap(Shape):
    """What one site lacks, and the nearest one all the same.

    `walk_m` and `over_m` are null where none lies within a walk of 3 km; `nearest` is then
    the nearest one as the crow flies.
    """

    site_id: str
    site: str
    adcode: str | None
    county: str | None
    reporting_unit: str | None
    town: str | None
    category: str
    requirement: str
    have: int
    need: int
    nearest_id: str | None
    nearest: str | None
    straight_m: float | None
    walk_m: float | None
    limit_m: float
    over_m: float | None
    score: int
    total: int
    profile: str
    network: str
    amenities: str
    demo: bool


class GapsAnswer(Shape):
    """Gaps under a profile, the worst first; `sites` counts those in the filter."""

    profile: str
    limit_m: int
    demo: bool
    network: str | None
    amenities: AmenityState
    sites: int
    items: list[Gap]
    total: int
    next: str | None


class RequirementVerdict(Shape):
    """One requirement of a profile on foot, and as a circle would have it."""

    label: str
    categories: list[str]
    need: int
    have: int
    met: bool
    circle_have: int
    circle_met: bool


class CircleVerdict(Shape):
    """The circle of the same radius; the shares are circle ÷ ring − 1."""

    radius_m: int
    area_m2: int
    passed: bool
    score: int
    categories: dict[str, int]
    overstates_area: float
    overstates_amenities: float | None


class ProfileVerdict(Shape):
    """What one profile says of a place."""

    profile: str
    name: str
    version: str
    source: str
    rule: str
    minutes: float
    speed_kmh: float
    limit_m: int
    passed: bool
    score: int
    total: int
    area_m2: int
    truncated: bool
    categories: dict[str, int]
    requirements: list[RequirementVerdict]
    circle: CircleVerdict


class CompareAnswer(Shape):
    """All profiles on one place."""

    site_id: str | None
    lon: float
    lat: float
    demo: bool
    network: str
    amenities: AmenityState
    items: list[ProfileVerdict]
    total: int
    next: str | None


class LackingAnswer(Shape):
    """Incubators by town and by industry, those without any first."""

    demo: bool
    sites: int
    towns: list[dict[str, Any]]
    towns_without: int
    sites_without_town: int
    industries: list[dict[str, Any]]
    industries_without: int
    sites_without_industry: int
