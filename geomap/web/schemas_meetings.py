"""Shapes of meetings, for the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from geomap.web.schemas import Shape
from geomap.web.schemas_ledger import Stamp, State, Version
from geomap.web.schemas_query import LanguageQuery

MeetingKind = Literal["matchmaking", "signing"]
PairResult = Literal["pending", "interested", "agreed", "signed", "declined"]


class MeetingsQuery(LanguageQuery):
    """A page of meetings."""

    limit: int = Field(100, ge=1, le=10_000)
    offset: int = Field(0, ge=0)


class TableFileQuery(LanguageQuery):
    """A table as a file."""

    f: Literal["xlsx", "csv"] = "xlsx"


class MeetingBody(Shape):
    """A meeting; its list may be filled from a saved placement."""

    name: str = Field(min_length=1, max_length=100)
    kind: MeetingKind
    at: Stamp = Field(description="ISO 8601; city time where no zone is given")
    place: str = Field("", max_length=200)
    note: str = Field("", max_length=1_000)
    scenario_id: str | None = Field(None, description="Saved placement whose places are paired")
    slot_minutes: int = Field(15, ge=1, le=240, description="Length of each pair's slot")


class MeetingChange(Shape):
    """What to change of a meeting."""

    version: Version
    name: str | None = Field(None, min_length=1, max_length=100)
    kind: MeetingKind | None = None
    at: Stamp | None = None
    place: str | None = Field(None, max_length=200)
    note: str | None = Field(None, max_length=1_000)


class MeetingDelete(Shape):
    """What confirms that a meeting is deleted."""

    version: Version


class PairBody(Shape):
    """A project and a place that meet; `id` only of a pair that is there."""

    id: str | None = None
    project_id: str
    site_id: str | None = None
    unit_ids: list[str] = Field(default_factory=list, max_length=50)
    slot: str = Field("", max_length=40)
    result: PairResult = "pending"
    lost: bool = Field(False, description="The project is lost with it: declined, with a note")
    note: str = Field("", max_length=1_000)


class PairsBody(Shape):
    """The whole list, in order."""

    version: Version
    pairs: list[PairBody] = Field(max_length=2_000)
    scenario_id: str | None = Field(
        None, description="Saved placement whose other projects follow in the list"
    )
    slot_minutes: int = Field(15, ge=1, le=240, description="Length of each of their slots")


class Pair(Shape):
    """A pair of a meeting."""

    id: str
    order: int
    project_id: str
    project_name: str
    industry_name: str
    home_county_name: str
    current_site_name: str
    site_id: str
    site_name: str
    county_name: str
    unit_ids: list[str]
    area_m2: float | None
    slot: str
    result: PairResult
    result_label: str
    lost: bool
    note: str
    event_id: str
    state: State | None = Field(description="The project's in the ledger, null where not in it")
    state_label: str


class Results(Shape):
    """What came of the pairs of a meeting, counted."""

    pending: int
    interested: int
    agreed: int
    signed: int
    declined: int


class MeetingHead(Shape):
    """A meeting without its list."""

    id: str
    name: str
    kind: MeetingKind
    kind_label: str
    at: Stamp
    place: str
    note: str
    by: str
    pair_count: int
    results: Results = Field(description="How many pairs parted how")
    created_at: Stamp
    updated_at: Stamp
    version: int


class Meeting(MeetingHead):
    """A meeting with its list."""

    pairs: list[Pair]


class Meetings(Shape):
    """A page of meetings, the latest first."""

    items: list[MeetingHead]
    total: int
    next: str | None


class Deleted(Shape):
    """It is gone."""

    deleted: Literal[True]
