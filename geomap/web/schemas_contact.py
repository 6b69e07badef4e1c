"""Shapes of saved searches and leads, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from geomap.web.schemas import Shape
from geomap.web.schemas_query import LanguageQuery

Wish = Literal["visit", "message"]
LeadState = Literal["new", "called", "visited", "closed"]
Language = Literal["zh", "en"]
Moment = Annotated[str, Field(description="ISO 8601 with zone")]


class BothLanguages(Shape):
    """A text in Chinese and English."""

    zh: str
    en: str


class Consent(Shape):
    """What is agreed to; a version names the wording and the days."""

    version: str
    days: int = Field(description="After how many days a lead is deleted")
    text: BothLanguages


class LeadBody(Shape):
    """A wish to visit or a message, with name and phone only."""

    site_id: str = Field(max_length=200)
    unit_id: str | None = Field(None, max_length=200)
    name: str = Field(min_length=1, max_length=40, description="Plain text")
    phone: str = Field(
        max_length=40,
        description="Chinese mobile, landline with area code, or + and country code",
    )
    wish: Wish
    message: str = Field("", max_length=500, description="Plain text; needed for a message")
    visit_at: str | None = Field(
        None, description="For a visit: ISO 8601 within 180 days, city time where no zone is given"
    )
    consent: Literal[True]
    consent_version: str = Field(description="`version` of GET /api/v1/leads/consent")
    consent_language: Language | None = Field(
        None, description="In which it was shown; else the language of the request"
    )


class ConsentGiven(Shape):
    """Which text was agreed to."""

    version: str
    language: Language


class LeadKept(Shape):
    """What the sender is told; `token` takes the lead back and is shown once."""

    token: str
    site_id: str
    unit_id: str | None
    wish: Wish
    visit_at: Moment | None
    created_at: Moment
    expires_at: Moment
    consent: ConsentGiven
    demo: bool


class LeadWithdrawn(Shape):
    """A lead that is gone."""

    deleted: Literal[True]


class LeadsQuery(LanguageQuery):
    """Which leads."""

    state: LeadState | None = None
    limit: int = Field(100, ge=1, le=10_000)
    offset: int = Field(0, ge=0)


class LeadChange(Shape):
    """How far a lead is."""

    state: LeadState


class Lead(Shape):
    """A lead as its operator sees it; texts are plain texts."""

    id: str
    site_id: str
    site: str
    unit_id: str | None
    name: str
    phone: str = Field(description="E.164")
    wish: Wish
    wish_label: str
    message: str
    visit_at: Moment | None
    state: LeadState
    state_label: str
    created_at: Moment
    updated_at: Moment
    expires_at: Moment
    consent: ConsentGiven
    demo: bool


class Leads(Shape):
    """A page of an operator's leads."""

    operator_id: str
    items: list[Lead]
    total: int
    next: str | None
