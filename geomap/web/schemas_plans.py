"""Shapes of staff and of kept placements, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from geomap.web.schemas import Shape
from geomap.web.schemas_placed import PlacementAnswer
from geomap.web.schemas_placements import Mode, PlacementBody, Step
from geomap.web.schemas_query import LanguageQuery

Moment = Annotated[str, Field(description="ISO 8601 with zone")]
State = Literal["draft", "adopted", "released"]
Name = Annotated[str, Field(min_length=1, max_length=80, description="Plain text")]
Note = Annotated[str, Field(max_length=2000, description="Plain text")]
Status = Literal["vacant", "held", "leased", "pipeline", "withdrawn"]


class StaffAnswer(Shape):
    """A member of staff."""

    id: str
    name: str


class PlacementScenarioBody(Shape):
    """A placement to be solved and kept."""

    name: Name
    note: Note = ""
    request: PlacementBody = Field(description="2 MB at most")


class PlacementScenarioChange(Shape):
    """What is to be changed of a kept placement; what is left out stays."""

    version: int = Field(ge=1)
    name: Name | None = None
    note: Note | None = None
    request: PlacementBody | None = None
    solve: bool = Field(False, description="Solve what is kept on the record as it is now")


class PlacementVersion(Shape):
    """The version that was looked at."""

    version: int = Field(ge=1)


class PlacementScenario(Shape):
    """A kept placement; `figures` are those of its objective."""

    id: str
    name: str
    note: str
    mode: Mode
    state: State
    state_label: str
    figures: dict[str, Any]
    catalog_version: int = Field(description="Of the record that it was solved on")
    solved_at: Moment
    created_at: Moment
    created_by: str
    updated_at: Moment
    updated_by: str
    adopted_at: Moment | None
    adopted_by: str | None
    released_at: Moment | None
    released_by: str | None
    version: int


class PlacementScenarios(Shape):
    """A page of kept placements."""

    items: list[PlacementScenario]
    total: int
    next: str | None


class PlacementScenarioWhole(PlacementScenario):
    """With request and answer; a very large answer is kept without its alternatives."""

    request: dict[str, Any]
    answer: PlacementAnswer


class PlacementScenarioPatched(PlacementScenario):
    """After a change: request and answer where it was solved anew."""

    request: dict[str, Any] | None = None
    answer: PlacementAnswer | None = None


class PlacementHold(Shape):
    """A unit that is held for a project; `part_of` is the unit that it was split off."""

    unit_id: str
    part_of: str | None
    project_id: str
    area_m2: float
    desks: int | None


class PlacementTaken(Shape):
    """A place that can no longer be given, with the unit's status now."""

    project_id: str
    name: str
    unit_id: str
    why: Literal["taken", "changed", "gone"]
    why_label: str
    status: Status | None
    status_label: str | None


class PlacementScenarioDetail(PlacementScenarioWhole):
    """What an adopted one holds, and what of a draft was taken since."""

    holds: list[PlacementHold]
    taken: list[PlacementTaken]


class PlacementScenarioAdopted(PlacementScenario):
    """An adopted one with what it holds."""

    holds: list[PlacementHold]


class PlacementKept(Shape):
    """A unit that is not given back: no longer held by the placement, or its project signed."""

    project_id: str
    unit_id: str
    why: Literal["changed", "gone", "held_anew", "signed"]
    why_label: str
    status: Status | None
    status_label: str | None


class PlacementScenarioReleased(PlacementScenario):
    """A released one, by units: as before; joined again; on their own; not given back."""

    freed: list[str]
    joined: list[str]
    apart: list[str]
    kept: list[PlacementKept]


class PlacementScenarioDeleted(Shape):
    """A placement that is gone."""

    id: str
    deleted: Literal[True]


class PlacementCompareQuery(LanguageQuery):
    """Which two."""

    a: str = Field(description="Id of a kept placement")
    b: str = Field(description="Id of the one that it is compared with")


class PlacementSide(Shape):
    """A project's place in one of two placements."""

    unit_ids: list[str]
    site_id: str
    site_name: str
    adcode: str
    county_name: str
    step: Step
    step_label: str
    score: float | None
    value: float
    rank: int
    area_m2: float


class PlacementDifference(Shape):
    """A project in both; `gain` is its score in b less that in a."""

    project_id: str
    name: str
    change: Literal[
        "same", "moved", "newly_placed", "lost_place", "unplaced", "only_a", "only_b"
    ]  # fmt: skip
    a: PlacementSide | None
    b: PlacementSide | None
    gain: float | None


class PlacementCompare(Shape):
    """Two placements; a project may be among the moved and the gained or lost."""

    a: PlacementScenario
    b: PlacementScenario
    counts: dict[str, int]
    moved: list[PlacementDifference]
    newly_placed: list[PlacementDifference]
    lost_place: list[PlacementDifference]
    gained: list[PlacementDifference] = Field(description="By gain, the largest first")
    lost: list[PlacementDifference]
    only_a: list[PlacementDifference]
    only_b: list[PlacementDifference]
