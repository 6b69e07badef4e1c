"""Shapes of the ledger, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from geomap.web.schemas import Shape
from geomap.web.schemas_query import LanguageQuery

State = Literal[
    "found", "screened", "recommended", "visited", "signed", "moved_in", "producing", "lost"
]
EventKind = Literal[
    "added", "state", "note", "change", "handover", "accepted", "declined", "undo"
]  # fmt: skip
PartyKind = Literal["staff", "operator", "site"]
Stamp = Annotated[str, Field(description="ISO 8601 with zone")]
Day = Annotated[str, Field(description="As 2026-12-01")]
Version = Annotated[int, Field(ge=1, description="The version that was read")]


class LedgerFilterQuery(LanguageQuery):
    """Choosing projects."""

    state: State | None = None
    county: str = Field("", description="Adcode of the home county")
    owner: str = Field("", max_length=64)
    overdue: Literal["0", "1"] = "0"


class LedgerQuery(LedgerFilterQuery):
    """A page of projects."""

    limit: int = Field(100, ge=1, le=10_000)
    offset: int = Field(0, ge=0)


class LedgerFileQuery(LedgerFilterQuery):
    """Projects as a file."""

    f: Literal["xlsx", "csv"] = "xlsx"


class Stated(Shape):
    """What may be stated of a project; what is left out stays as it is."""

    name: str | None = Field(None, min_length=1, max_length=200)
    industry: str | None = Field(None, description="Id of an industry, or empty")
    home_county: str | None = Field(None, description="Adcode, or empty")
    current_site: str | None = Field(None, description="Id of a site, or empty")
    owner: str | None = Field(None, max_length=40)
    next_step: str | None = Field(None, max_length=200)
    due_on: Day | None = None
    site_id: str | None = Field(None, description="Where it lands: a site with its units")
    unit_ids: list[str] | None = Field(None, max_length=50)
    place_adcode: str | None = Field(None, description="The county, where it is built to order")
    published: bool | None = Field(
        None, description="May be named and counted in the public figure"
    )


class LedgerBody(Stated):
    """A project to take in; of one of the record its id is enough."""

    project_id: str | None = Field(None, max_length=64)
    state: State = "found"
    note: str = Field("", max_length=1_000)
    on: Day | None = Field(None, description="Since when; else today")


class LedgerChange(Stated):
    """What to change."""

    version: Version


class PartyBody(Shape):
    """Staff by name, an operator or a site by its id."""

    kind: PartyKind
    id: str


class LedgerEventBody(Shape):
    """What happened."""

    version: Version
    kind: Literal["state", "note", "handover", "accept", "decline", "undo"]
    state: State | None = Field(None, description="For `state`")
    note: str = Field("", max_length=1_000, description="Plain text")
    on: Day | None = Field(None, description="When it was so; else today")
    to: PartyBody | None = Field(None, description="For `handover`")
    site_id: str | None = None
    unit_ids: list[str] | None = Field(None, max_length=50)
    place_adcode: str | None = None


class Party(PartyBody):
    """Who holds a project."""

    kind_label: str
    name: str


class LedgerLine(Shape):
    """A project as it is now."""

    project_id: str
    name: str
    industry: str
    industry_name: str
    home_county: str
    home_county_name: str
    current_site: str
    current_site_name: str
    state: State
    state_label: str
    state_on: Day
    lost_why: str
    owner: str
    holder: Party | None
    next_step: str
    due_on: Day | None
    overdue: bool
    site_id: str
    site_name: str
    unit_ids: list[str]
    place_adcode: str
    landed_county: str
    landed_county_name: str
    local: bool | None = Field(description="Lands in its home county; null where not known")
    published: bool
    demo: bool
    created_at: Stamp
    updated_at: Stamp
    version: int


class LedgerEvent(Shape):
    """One thing that happened; `before` and `after` hold what it changed."""

    id: str
    kind: EventKind
    kind_label: str
    at: Stamp
    on: Day | None
    by: str
    from_state: State | None
    to_state: State | None
    note: str
    from_: Party | None = Field(alias="from")
    to: Party | None
    source: Literal["hand", "meeting", "adoption", "operator"]
    source_label: str
    reference: str = Field(description="Id of the meeting, scenario or operator that it comes from")
    undoes: str
    answers: str
    before: dict[str, Any]
    after: dict[str, Any]


class LedgerProject(LedgerLine):
    """A project with all that happened; `handover` is the one that waits for an answer."""

    handover: LedgerEvent | None
    events: list[LedgerEvent]


class Ledger(Shape):
    """A page of projects."""

    items: list[LedgerLine]
    total: int
    next: str | None


class LedgerGroup(Shape):
    """A number with the projects behind it."""

    key: str
    label: str
    count: int
    project_ids: list[str]


class GraduateRecords(Shape):
    """The projects behind each part of the figure."""

    done: list[str]
    moved_in: list[str]
    signed: list[str]
    elsewhere: list[str]
    unknown: list[str]


class Graduate(Shape):
    """A project behind the figure."""

    project_id: str
    name: str
    group: Literal["done", "moved_in", "signed", "elsewhere", "unknown"]
    home_county_name: str
    landed_county_name: str
    state_on: Day
    demo: bool


class Graduates(Shape):
    """The plan's figure: graduates that produce in their home county."""

    target: int
    done: int
    moved_in: int
    signed: int
    elsewhere: int = Field(description="Produce in another county")
    unknown: int = Field(description="Home or place is not stated")
    share: float
    from_20_incubators: int | None = Field(description="Null: the record does not hold them")
    records: GraduateRecords
    projects: list[Graduate]
    demo: bool
    source: str
    note: str


class LedgerSummary(Shape):
    """The ledger counted."""

    total: int
    by_state: list[LedgerGroup]
    by_county: list[LedgerGroup]
    by_owner: list[LedgerGroup]
    overdue: LedgerGroup
    graduates: Graduates
    as_of: Day
    demo: bool
