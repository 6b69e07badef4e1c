"""Shapes of an operator's part in the ledger, for the OpenAPI document."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from geomap.web.schemas import Shape
from geomap.web.schemas_ledger import Party, Stamp, Version
from geomap.web.schemas_query import LanguageQuery


class HandoversQuery(LanguageQuery):
    """A page of handovers."""

    limit: int = Field(100, ge=1, le=10_000)
    offset: int = Field(0, ge=0)


class WantedArea(Shape):
    """The area that a project asks for."""

    min: float | None
    max: float | None


class Handover(Shape):
    """A project that waits for an operator's answer, or that it holds; texts are plain texts."""

    project_id: str
    name: str
    industry: str
    industry_name: str
    home_county: str
    home_county_name: str
    headcount: int | None
    area_m2: WantedArea | None
    state: Literal["waiting", "held"]
    state_label: str
    from_: Party | None = Field(
        alias="from", description="Who hands it over; null where the operator recommended it"
    )
    to: Party = Field(description="The operator, or one of its sites")
    note: str
    since: Stamp
    demo: bool
    version: int


class Handovers(Shape):
    """A page of an operator's handovers."""

    operator_id: str
    items: list[Handover]
    total: int
    next: str | None


class HandoverAnswer(Shape):
    """Yes or no."""

    version: Version
    accept: bool
    note: str = Field("", max_length=1_000, description="Plain text; to decline needs one")


class HandoverAnswered(Shape):
    """What was answered, and the version of the project since."""

    project_id: str
    accepted: bool
    version: int


class RecommendBody(Shape):
    """A project of an operator's own."""

    name: str = Field(min_length=1, max_length=200)
    industry: str = Field(description="Id of an industry")
    home_county: str = Field(description="Adcode")
    site_id: str = Field(description="Id of one of the operator's sites")
    note: str = Field(min_length=1, max_length=1_000, description="Plain text")
    next_step: str = Field("", max_length=200)
