"""Shapes of a repair and of its answer, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from geomap.web.schemas import Shape
from geomap.web.schemas_query import LanguageQuery, Lat, Lon

Category = Literal[
    "youth_housing", "transit", "retail", "education_health", "leisure", "learning", "bar",
    "theatre", "cafe", "bookshop", "cinema", "practice_room",
]  # fmt: skip


class RepairQuery(LanguageQuery):
    """Language of the answer."""


class RepairCandidate(Shape):
    """A place where a facility may come."""

    id: str = Field("", max_length=64, description="Unique; else #1, #2 … in their order")
    lon: Lon
    lat: Lat


class PlannedFacility(Shape):
    """A facility that is planned already and counts as there."""

    category: Category
    lon: Lon
    lat: Lat


class RepairBody(Shape):
    """What is asked for."""

    category: Category = Field(description="What the facility is")
    combine: list[Category] = Field([], description="What the same place would bring besides")
    k: int = Field(1, ge=1, le=50, description="How many places")
    profile: str = "wenzhou-6-6"
    weight: Literal["sites", "tenants", "jobs"] = "sites"
    mode: Literal["greedy", "exact"] = "greedy"
    candidates: list[RepairCandidate] | None = Field(
        None, max_length=5000, description="Else every street junction"
    )
    counties: list[str] = Field([], description="Adcodes as text: only their sites count")
    time_limit_s: float = Field(30, ge=0.1, le=60, description="For the exact mode")
    added: list[PlannedFacility] = Field([], max_length=500)
    serves: str | None = Field(
        None, description="Id of a site that every place must serve, instead of candidates"
    )


class GapSum(Shape):
    """Sites with gaps, and the weight of the gaps."""

    sites: int
    weight: float


class RepairedSite(Shape):
    """A site that the place helps; scores count the places before it as there."""

    id: str
    name: str
    adcode: str
    walk_m: float
    walk_min: float
    score_before: int
    score_after: int
    total: int
    closed: bool = Field(description="No gap is left that such facilities would close")
    demo: bool


class RepairPlace(Shape):
    """A chosen place; `closes` is what it closes after the places before it."""

    rank: int
    lon: float
    lat: float
    node: int | None = Field(description="Number of the junction in this version of the network")
    candidate: str | None = Field(description="Id of the given candidate")
    street: str = Field(description="The nearest street with a name within 50 m, else empty")
    adcode: str
    near: str = Field(description="County and nearest site, in words")
    closes: GapSum
    sites: list[RepairedSite]


class RepairAnswer(Shape):
    """The places, best first; fewer than k where no further one closes anything."""

    profile: str
    category: Category
    combine: list[Category]
    k: int
    weight: Literal["sites", "tenants", "jobs"]
    mode: Literal["greedy", "exact"]
    demo: bool
    network: str
    amenities: dict[str, Any]
    limit_m: float
    gaps_before: GapSum
    gaps_after: GapSum
    bound: float = Field(description="No k places close more weight")
    guarantee: float = Field(description="Closed weight over the bound; greedy: at least 0.63")
    gap: float | None = Field(description="Exact mode: the relative gap left to the bound")
    proven: bool = Field(description="No k places close more")
    places: list[RepairPlace]
    candidates: int = Field(description="Places considered")
    distinct: int = Field(description="Of them, those that no other one replaces")
    unweighted: int = Field(description="Sites with gaps that do not state the weight: 0 taken")
    unreachable: list[str] = Field(description="Sites with gaps that no candidate reaches")


class StreamLine(BaseModel):
    """A line of the stream: progress, at the end the result or the problem."""

    progress: float | None = Field(None, ge=0, le=1)
    stage: str | None = None
    result: dict[str, Any] | None = None
    problem: dict[str, Any] | None = None
