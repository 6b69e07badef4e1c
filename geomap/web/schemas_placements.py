"""Shapes of a placement: what is asked, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from geomap.web.schemas import Shape
from geomap.web.schemas_match import Demand
from geomap.web.schemas_query import LanguageQuery

Step = Literal["local", "other_county", "state_owned_park", "custom_build"]
Mode = Literal["optimal", "stable"]
Weight = Annotated[float, Field(ge=0, le=100)]
Margin = Annotated[float, Field(ge=0, le=1)]


class PlacementQuery(LanguageQuery):
    """Language of the answer."""


class PlacementFileQuery(LanguageQuery):
    """Kind of the file."""

    f: Literal["xlsx", "csv", "html"] = Field("xlsx", description="html is a portable map")


class PlacedProject(Demand):
    """A project to place: a demand with where it comes from."""

    id: str | None = Field(None, max_length=64, description="Unique; else #1, #2 … in their order")
    home_county: str = Field(description="Adcode as text: its places are tried first")
    current_site: str | None = Field(None, description="Id of a site of the record")
    priority: int | None = Field(None, ge=0, le=1000, description="1 is first, 0 not stated")
    growth_headcount: int | None = Field(None, ge=1, description="Headcount in two years")
    chain_position: Literal["upstream", "midstream", "downstream"] | None = None
    demo: bool = False


class PlacementWeights(Shape):
    """What counts beside the match score."""

    placed: Weight = Field(1, description="For having a place at all")
    priority: Weight = Field(0.5, description="Divided by the priority, and added to 1: a factor")
    growth: Weight = Field(0.2, description="Room for the growth headcount")
    chain: Weight = Field(0.1, description="Platforms for the position in the chain")


class PlacementMargins(Shape):
    """How much better than a local place one of a later step must fit; they do not fall."""

    other_county: Margin = 0.10
    state_owned_park: Margin = 0.15


class PlacementPin(Shape):
    """A project is given these units, whatever else would be better."""

    project_id: str
    unit_ids: list[str] = Field(min_length=1, max_length=100)


class PlacementForbid(Shape):
    """A project is never given this unit, or any unit of this site: one of them."""

    project_id: str
    unit_id: str | None = None
    site_id: str | None = None


class PlacementPolicy(Shape):
    """Rules of the allocation; what is left out is the default."""

    weights: PlacementWeights | None = None
    margins: PlacementMargins | None = None
    steps: list[Step] = Field(
        ["local", "other_county", "state_owned_park", "custom_build"], min_length=1
    )
    pins: list[PlacementPin] = Field([])
    forbids: list[PlacementForbid] = Field([])
    reserved: list[str] = Field([], description="Units given to nobody")
    keep: dict[str, list[str]] = Field(
        {}, description="Units by project, kept where nothing of the total is lost"
    )
    time_limit_s: float = Field(60, ge=0.1, le=120)


class PlacementBody(Shape):
    """Projects to place, those of the request and those of the record together."""

    projects: list[PlacedProject] = Field([], max_length=5000)
    project_ids: list[str] = Field(
        [], max_length=5000, description="Of the record: demonstration projects, all with a key"
    )
    mode: Mode = "optimal"
    policy: PlacementPolicy | None = None
    alternatives: int = Field(5, ge=0, le=20, description="Other places listed a project")
