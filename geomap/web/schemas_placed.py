"""Shapes of a placement: the answer, for the OpenAPI document."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from geomap.web.schemas import Shape
from geomap.web.schemas_match import AreaSpan, Criterion, Share
from geomap.web.schemas_placements import Mode, PlacementPolicy, Step

Outcome = Literal["placed", "better", "worse", "taken", "none", "not_tried", "not_allowed"]


class PlacedUnit(Shape):
    """What is taken of a unit: all of it, some m² of a divisible one, or desks."""

    id: str
    building: str
    floor: int
    room: str
    kind: str | None
    area_m2: float
    desks: int
    whole: bool = Field(description="Nothing is left of the unit")


class PlacedFrom(Shape):
    """Where a project is now; without coordinates where the record does not know."""

    site_id: str
    name: str
    adcode: str
    lon: float | None
    lat: float | None


class PlacedTo(Shape):
    """Where its place is."""

    lon: float
    lat: float


class TriedStep(Shape):
    """One step of the routing, how it ended and why."""

    step: Step
    label: str
    outcome: Outcome
    candidates: int = Field(description="Places that keep every rule")
    best_score: Share | None
    rejected: dict[str, int] = Field(description="Units by the rule that refused them")
    rejected_labels: dict[str, str]
    reason: str
    taken_by: list[str] = Field(description="Projects that hold the best places")


class PlacementAlternative(Shape):
    """Another place that a project could have, and who holds it."""

    unit_ids: list[str]
    site_id: str
    site_name: str
    adcode: str
    step: Step
    score: Share
    value: float
    lon: float | None
    lat: float | None
    taken_by: list[str]


class PlacementListing(Shape):
    """Land or an idle plant that is on offer."""

    id: str
    name: str
    adcode: str
    lon: float | None
    lat: float | None
    idle_plant: bool


class PlacementBuild(Shape):
    """What would have to be built; `listing` is null where nothing is listed for it."""

    floor_area_m2: float
    needs: str
    listing: PlacementListing | None


class ProjectFacts(Shape):
    """A project, in short."""

    project_id: str
    name: str
    industry: str | None
    industry_name: str | None
    headcount: int | None
    priority: int
    wanted_m2: AreaSpan
    home_county: str
    home_county_name: str
    from_: PlacedFrom | None = Field(alias="from")
    demo: bool


class Placement(ProjectFacts):
    """A project's place, with the reason; a custom build has no units, no site, no score."""

    area_m2: float
    unit_ids: list[str]
    units: list[PlacedUnit]
    site_id: str
    site_name: str
    adcode: str
    county_name: str
    step: Step
    step_label: str
    score: Share | None
    value: float
    rank: int = Field(description="Among the project's own alternatives, from 1; 0 for a build")
    pinned: bool
    criteria: list[Criterion]
    reason: str
    tried: list[TriedStep]
    to: PlacedTo | None
    distance_m: float | None = Field(description="Straight line from where it is now")
    stays: bool = Field(description="In the site where it is now")
    alternatives: list[PlacementAlternative]
    build: PlacementBuild | None


class PlacementRelaxation(Shape):
    """A change to the project that opens places: merge `patch` (RFC 7396) into it."""

    label: str
    opens: int
    patch: dict[str, Any]


class UnplacedProject(ProjectFacts):
    """A project without a place: why, and what would be needed."""

    reason: str
    tried: list[TriedStep]
    build: PlacementBuild | None
    relaxations: list[PlacementRelaxation]


class PlacementFigures(Shape):
    """Figures of an allocation; `mean_score` is null where nobody has a scored place."""

    total: float = Field(description="Sum of the values")
    total_score: float
    mean_score: Share | None
    placed: int
    projects: int
    local: int
    local_share: Share | None = Field(description="Of the placed")
    area_m2: float
    by_step: dict[Step, int]
    blocking_pairs: int = Field(description="Project and place that both would rather have")


class PlacementObjective(PlacementFigures):
    """Figures of the answer, and of first come, first served beside it."""

    bound: float | None = Field(description="No allocation is worth more; null when stable")
    gap: float | None
    proven: bool
    kept: int = Field(description="Of `keep`, those that stay")
    moved: int
    seconds: float
    pairs: int
    dropped: int = Field(description="Pairs left out that were not needed")
    baseline: PlacementFigures


class CountyFairness(Shape):
    """Projects of a county."""

    adcode: str
    name: str
    projects: int
    placed: int
    local: int
    mean_score: Share | None


class SizeFairness(Shape):
    """Projects of a size: below 20 people, below 60, more, or not stated."""

    size: Literal["small", "medium", "large", "unknown"]
    projects: int
    placed: int
    local: int
    mean_score: Share | None


class WorstOff(Shape):
    """The project that is farthest from its own best place."""

    project_id: str
    name: str
    score: Share | None
    best_score: Share | None
    regret: float


class GreedyWorst(WorstOff):
    """The same of first come, first served."""

    spread: float


class PlacementFairness(Shape):
    """Who is served how well."""

    by_county: list[CountyFairness]
    by_size: list[SizeFairness]
    worst: WorstOff | None
    spread: float = Field(description="Between the counties' mean scores")
    greedy: GreedyWorst | None


class PlacementAnswer(Shape):
    """One allocation of all projects, with a reason at every step."""

    mode: Mode
    demo: bool
    date: str = Field(description="Day in the city")
    catalog_version: int
    network: str | None
    policy: PlacementPolicy
    placements: list[Placement]
    unplaced: list[UnplacedProject]
    objective: PlacementObjective
    fairness: PlacementFairness
