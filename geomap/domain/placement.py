"""Placement: many projects, one allocation; what is asked and what is answered.

Values of pairs are whole numbers, ten-thousandths (`SCALE`), so that totals, ties and proofs
are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from geomap.domain.demand import Criterion, Demand, Relaxation
from geomap.domain.words import Label, PlacementStep

SCALE = 10_000
"""A value of 1.0 as a whole number."""


class PlacementMode(StrEnum):
    """How projects are allocated."""

    OPTIMAL = "optimal"
    STABLE = "stable"


class ChainPosition(StrEnum):
    """Where in its industry's chain a project stands."""

    UPSTREAM = "upstream"
    MIDSTREAM = "midstream"
    DOWNSTREAM = "downstream"


MODE_LABELS: Mapping[PlacementMode, Label] = MappingProxyType(
    {
        PlacementMode.OPTIMAL: Label("最优", "Optimal"),
        PlacementMode.STABLE: Label("稳定", "Stable"),
    }
)
CHAIN_LABELS: Mapping[ChainPosition, Label] = MappingProxyType(
    {
        ChainPosition.UPSTREAM: Label("上游", "Upstream"),
        ChainPosition.MIDSTREAM: Label("中游", "Midstream"),
        ChainPosition.DOWNSTREAM: Label("下游", "Downstream"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedDemand:
    """A project to place: a demand with where it comes from.

    `priority` counts from 1, the first; 0 is not stated. `growth_headcount` is the headcount
    forecast in two years. `current_site` is a site id of the record, or "".
    """

    demand: Demand
    home_county: str
    current_site: str = ""
    priority: int = 0
    growth_headcount: int | None = None
    chain_position: ChainPosition | None = None
    demo: bool = False

    @property
    def id(self) -> str:
        """The id of the demand."""
        return self.demand.id


@dataclass(frozen=True, slots=True)
class Pin:
    """A project is given these units, whatever else would be better."""

    project_id: str
    unit_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forbid:
    """A project is never given this unit, or any unit of this site; one of them is ""."""

    project_id: str
    unit_id: str = ""
    site_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyWeights:
    """What counts beside the match score, see `docs/placement.md`.

    A pair is worth ``(1 + priority / p) × (placed + fit − margin)``, with ``fit = (score +
    growth × g + chain × c) / (1 + growth + chain)`` over those that are stated, in 0…1.
    """

    placed: float = 1.0
    priority: float = 0.5
    growth: float = 0.2
    chain: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules of an allocation.

    `margins` say how much better than a local place one of a later step must fit; they do
    not fall from step to step. `steps` are those that are tried. `reserved` are units given
    to nobody. `keep` are places of an earlier allocation, kept where nothing is lost.
    """

    weights: PolicyWeights = field(default_factory=PolicyWeights)
    margins: Mapping[PlacementStep, float] = field(
        default_factory=lambda: MappingProxyType(
            {PlacementStep.OTHER_COUNTY: 0.10, PlacementStep.STATE_OWNED_PARK: 0.15}
        )
    )
    steps: tuple[PlacementStep, ...] = tuple(PlacementStep)
    pins: tuple[Pin, ...] = ()
    forbids: tuple[Forbid, ...] = ()
    reserved: tuple[str, ...] = ()
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    time_limit_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Part:
    """What a project takes of one unit: all of it, some m² of a divisible one, or desks.

    `desks` is 0 where desks are not counted; `whole` says that nothing is left of the unit.
    """

    unit_id: str
    area_m2: float
    desks: int = 0
    whole: bool = True


class Outcome(StrEnum):
    """How a step of the routing ended for a project."""

    PLACED = "placed"
    BETTER = "better"
    """A place there fits, and a later step was better by more than the margin."""
    WORSE = "worse"
    """A place there fits, and an earlier step is as good within the margin."""
    TAKEN = "taken"
    """Places there fit; all are given to others."""
    NONE = "none"
    """No unit there keeps the rules."""
    NOT_TRIED = "not_tried"
    NOT_ALLOWED = "not_allowed"
    """The policy leaves the step out."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One line of a project's log: the step, how many places fit, the best, what refused.

    `taken_by` names projects that hold the places that would have been best, at most three.
    """

    step: PlacementStep
    outcome: Outcome
    candidates: int
    best_score: float | None
    rejected: Mapping[str, int]
    reason: Label
    taken_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Land or an idle plant where a workshop can be built to order.

    `floor_area_m2` is what can be built or used there in all.
    """

    id: str
    name: str
    adcode: str
    floor_area_m2: float
    industries: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    idle_plant: bool = False
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What would have to be built for a project; `listing` is None where none is listed."""

    floor_area_m2: float
    needs: Label
    listing: Listing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A project's place.

    `value` is the pair's worth in `SCALE`ths, 0 at a custom build, whose `score` is None.
    `rank` counts the project's own alternatives from 1; `criteria` sum to the score.
    """

    project_id: str
    step: PlacementStep
    reason: Label
    tried: tuple[Tried, ...]
    parts: tuple[Part, ...] = ()
    site_id: str = ""
    score: float | None = None
    value: int = 0
    rank: int = 0
    pinned: bool = False
    criteria: tuple[Criterion, ...] = ()
    build: Build | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A project without a place: why, what was tried, what would be needed."""

    project_id: str
    reason: Label
    tried: tuple[Tried, ...]
    build: Build | None = None
    relaxations: tuple[Relaxation, ...] = ()
