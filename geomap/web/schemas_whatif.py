"""Shapes of what-ifs and kept scenarios, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from geomap.web.schemas import Geometry, Problem, Ring, Shape
from geomap.web.schemas_query import LanguageQuery, Lat, Lon

Category = Literal[
    "youth_housing", "transit", "retail", "education_health", "leisure", "learning", "bar",
    "theatre", "cafe", "bookshop", "cinema", "practice_room",
]  # fmt: skip
Name = Annotated[str, Field(max_length=80)]


class StreetQuery(LanguageQuery):
    """A point on or near a street."""

    lon: Lon
    lat: Lat


class StreetProperties(Shape):
    """A street piece; `lon`, `lat` is its middle, by which a what-if names it."""

    lon: float
    lat: float
    length_m: float
    away_m: float
    splits: bool
    detour_m: float | None
    network: str
    demo: bool


class StreetPiece(Shape):
    """A street piece from junction to junction as a GeoJSON feature."""

    type: Literal["Feature"]
    geometry: Geometry
    properties: StreetProperties


class WhatIfQuery(LanguageQuery):
    """Language of the answer."""


class Spot(Shape):
    """A place."""

    lon: Lon
    lat: Lat


class AddedAmenity(Shape):
    """An amenity that is not there yet."""

    category: Category
    lon: Lon
    lat: Lat
    name: Name | None = None


class AddedSite(Shape):
    """A site that is not there yet."""

    id: str | None = Field(None, pattern=r"^[A-Za-z0-9._:-]{1,64}$")
    name: Name | None = None
    lon: Lon
    lat: Lat


class Edits(Shape):
    """What would be different: 1 to 200 edits in all."""

    drop_amenities: list[str] = Field([], max_length=200)
    drop_sites: list[str] = Field([], max_length=200)
    drop_streets: list[Spot] = Field([], description="A place on each piece, e.g. its middle")
    add_amenities: list[AddedAmenity] = Field([], max_length=200)
    add_sites: list[AddedSite] = Field([], max_length=200)


class WhatIfBody(Shape):
    """What is asked; with `site` or `point` both its rings are answered."""

    profile: str = "wenzhou-6-6"
    edits: Edits
    site: str | None = None
    point: Spot | None = None


class Versions(Shape):
    """Versions of the streets."""

    before: str
    after: str


class CountPair(Shape):
    """Counts before and after; null where the site is not there."""

    before: int | None
    after: int | None


class MeanPair(Shape):
    """Means before and after; null over no sites."""

    before: float | None
    after: float | None


class VerdictPair(Shape):
    """Whether the profile is met before and after; null where the site is not there."""

    before: bool | None
    after: bool | None


class CountySummary(Shape):
    """The sites of one county."""

    adcode: str
    name: str
    sites: CountPair
    mean: MeanPair
    passed: CountPair


class WhatIfSummary(Shape):
    """All sites together; `worse` and `better` count those whose score changes."""

    total: int = Field(description="Requirements of the profile")
    sites: CountPair
    mean: MeanPair
    passed: CountPair
    changed: int
    worse: int
    better: int
    cut_off: int = Field(description="Sites with no street left within reach")
    counties: list[CountySummary]


class NearestAmenity(Shape):
    """The nearest amenity of a category; ids of added ones begin with "added:"."""

    id: str
    name: str
    walk_m: float


class NearestPair(Shape):
    """The nearest before and after, null where none lies within 3 km."""

    before: NearestAmenity | None
    after: NearestAmenity | None


class ChangedCategory(Shape):
    """A category that differs at a site."""

    category: str
    count: CountPair
    nearest: NearestPair


class ChangedSite(Shape):
    """A site that differs from today."""

    id: str
    name: str
    lon: float | None
    lat: float | None
    demo: bool
    adcode: str | None
    change: Literal["changed", "added", "dropped", "cut_off"]
    street_gone: bool = Field(description="Its own street is dropped: it walks from another")
    score: CountPair
    total: int
    passed: VerdictPair
    gained: list[str]
    lost: list[str]
    categories: list[ChangedCategory]


class ToldEdit(Shape):
    """What became of one edit: number `index` of the list `edit`."""

    edit: str
    index: int
    ok: bool
    reason: str | None
    id: str | None
    name: str | None
    lon: float | None
    lat: float | None
    length_m: float | None
    geometry: Geometry | None = Field(description="The street piece that is dropped")


class RingPair(Shape):
    """The ring today and after; null with a reason where no walk begins any more."""

    before: Ring
    after: Ring | None
    reason: str | None


class WhatIfAnswer(Shape):
    """What would change."""

    profile: str
    minutes: float
    limit_m: int
    demo: bool
    network: Versions
    summary: WhatIfSummary
    changed: list[ChangedSite]
    unchanged: int
    edits: list[ToldEdit]
    ring: RingPair | None


class ScenarioBody(Shape):
    """A scenario to keep."""

    name: str = Field(min_length=1, max_length=80)
    note: str | None = Field(None, max_length=500)
    profile: str = "wenzhou-6-6"
    edits: Edits


class ScenarioChange(ScenarioBody):
    """A scenario as it shall be, and the version that was read."""

    version: int = Field(ge=1)


class Scenario(Shape):
    """A scenario that was kept; `network` is the version of the streets it was made on."""

    id: str
    name: str
    note: str
    profile: str
    edits: dict[str, list[Any]]
    network: str
    created_at: str
    updated_at: str
    version: int


class ScenarioConflict(Problem):
    """Changed meanwhile: what it is now."""

    newest: Scenario


class ScenarioDeleted(Shape):
    """It is gone."""

    id: str
    deleted: bool


class ScenarioResultQuery(LanguageQuery):
    """Whose ring is wanted besides, if any."""

    site: str = ""
    lon: Lon | None = None
    lat: Lat | None = None


class Stale(Shape):
    """What is not as it was when the scenario was kept."""

    network: bool = Field(description="The streets are of another version")
    edits: list[ToldEdit] = Field(description="Edits that can no longer be done")


class ScenarioResult(WhatIfAnswer):
    """A scenario on today's data."""

    scenario: Scenario
    stale: Stale
