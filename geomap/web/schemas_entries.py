"""Shapes of entries, for the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from geomap.web.schemas import Shape
from geomap.web.schemas_ledger import Day, Stamp, State, Version
from geomap.web.schemas_match import Criterion, Share
from geomap.web.schemas_query import LanguageQuery

Kind = Literal[
    "scene", "opportunity", "demand", "firm_link", "land", "talent", "project", "fund",
    "fund_intent",
]  # fmt: skip
Visible = Literal["published", "restricted"]
StageName = Literal["nursery", "incubation", "acceleration", "industrialisation"]
Chain = Literal["upstream", "midstream", "downstream"]


class EntryFilterQuery(LanguageQuery):
    """Choosing entries."""

    kind: Kind | None = None
    county: str = Field("", description="Adcode")
    site_id: str = Field("", max_length=64)
    industry: str = Field("", description="Those of this trade, and those open to all")
    stage: StageName | None = None
    current: Literal["0", "1"] = Field("0", description="For staff: without what has expired")


class EntriesQuery(EntryFilterQuery):
    """A page of entries, or those that suit a site or a project."""

    for_site: str = Field("", max_length=64)
    for_project: str = Field("", max_length=64, description="With a key of staff")
    limit: int = Field(100, ge=1, le=10_000)
    offset: int = Field(0, ge=0)


class EntryFileQuery(EntryFilterQuery):
    """Entries as a file."""

    f: Literal["xlsx", "csv"] = "xlsx"


class EntryMatchesQuery(LanguageQuery):
    """How many sites, and projects, are wanted."""

    limit: int = Field(20, ge=1, le=1_000)


class EntryBody(Shape):
    """An entry; its place is a county, a site, or both."""

    kind: Kind
    title: str = Field(min_length=1, max_length=120)
    owner: str = Field(min_length=1, max_length=80, description="Who answers for it")
    text: str = Field("", max_length=4_000, description="Plain text")
    dated_on: Day | None = Field(None, description="Else today")
    expires_on: Day | None = Field(None, description="The last day on which it holds")
    visibility: Visible | None = Field(None, description="Else as its kind is")
    adcode: str | None = None
    site_id: str | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    industries: list[str] = Field(default_factory=list, description="None: open to all")
    stages: list[StageName] = Field(default_factory=list)
    chain_positions: list[Chain] = Field(default_factory=list)
    floor_area_m2: float | None = Field(None, description="Of land alone: what has room there")
    idle_plant: bool = False


class EntryChange(Shape):
    """What to change; what is left out stays as it is."""

    version: Version
    kind: Kind | None = None
    title: str | None = Field(None, min_length=1, max_length=120)
    owner: str | None = Field(None, min_length=1, max_length=80)
    text: str | None = Field(None, max_length=4_000)
    dated_on: Day | None = None
    expires_on: Day | None = None
    visibility: Visible | None = None
    adcode: str | None = None
    site_id: str | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    industries: list[str] | None = None
    stages: list[StageName] | None = None
    chain_positions: list[Chain] | None = None
    floor_area_m2: float | None = None
    idle_plant: bool | None = None


class EntryDelete(Shape):
    """What confirms that an entry is deleted."""

    version: Version


class EntryIndustry(Shape):
    """A trade."""

    id: str
    name: str


class Entry(Shape):
    """An entry; `score` and `criteria` where it was asked for a site or a project."""

    id: str
    kind: Kind
    kind_label: str
    title: str
    text: str
    owner: str
    dated_on: Day
    expires_on: Day | None
    expired: bool
    visibility: Visible
    visibility_label: str
    adcode: str
    county_name: str
    site_id: str
    site_name: str
    lon: float | None
    lat: float | None
    industries: list[EntryIndustry]
    stages: list[StageName]
    chain_positions: list[Chain]
    floor_area_m2: float | None
    idle_plant: bool
    demo: bool
    by: str | None = Field(description="Who wrote it last; told to staff")
    updated_at: Stamp
    version: int
    score: Share | None = None
    criteria: list[Criterion] | None = None


class Entries(Shape):
    """A page of entries."""

    items: list[Entry]
    total: int
    next: str | None


class EntrySite(Shape):
    """A site that an entry suits."""

    site_id: str
    name: str
    adcode: str
    county_name: str
    lon: float | None
    lat: float | None
    tenants: int | None
    demo: bool
    score: Share
    criteria: list[Criterion]


class EntryProject(Shape):
    """A project that an entry suits; `state` is null where it is in no ledger."""

    project_id: str
    name: str
    home_county: str
    home_county_name: str
    state: State | None
    state_label: str
    demo: bool
    score: Share
    criteria: list[Criterion]


class EntryMatches(Shape):
    """Whom an entry suits, best first; `projects` is null without a key."""

    id: str
    sites: list[EntrySite]
    sites_total: int
    projects: list[EntryProject] | None
    projects_total: int | None
    demo: bool
