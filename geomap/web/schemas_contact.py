"""Shapes of saved searches and leads, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

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


class ConsentQuery(LanguageQuery):
    """For which site."""

    site_id: str | None = Field(None, max_length=200)


class Consent(Shape):
    """What is agreed to; a version names the wording and the days."""

    version: str
    days: int = Field(description="After how many days a lead is deleted")
    text: BothLanguages
    operator: str | None = Field(description="Who reads leads to the site")


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


class SearchesAbout(Shape):
    """What saved searches can do here."""

    email: bool
    most_fits: int = Field(description="A demand that more units fit is refused")


class SearchBody(Shape):
    """A demand to be kept."""

    name: str = Field("", max_length=80, description="Plain text")
    demand: dict[str, Any] = Field(description="As the body of POST /api/v1/match")
    email: str | None = Field(None, max_length=254)


class SearchChange(SearchBody):
    """What a saved search is to be."""

    version: int = Field(ge=1)


class MailState(Shape):
    """Where news are mailed to; the address is masked."""

    address: str | None
    state: Literal["none", "pending", "confirmed", "stopped"]


class Search(Shape):
    """A saved search; its id is its private link."""

    id: str
    name: str
    demand: dict[str, Any]
    version: int
    created_at: Moment
    updated_at: Moment
    seen_at: Moment
    checked_at: Moment
    fits: int = Field(description="Units that fitted at the last check")
    unseen: int
    paused: bool = Field(description="More than `most_fits` fit: nothing is told until fewer do")
    email: MailState
    page_url: str
    hits_url: str
    feed_url: str


class SearchDeleted(Shape):
    """A search that is gone."""

    id: str
    deleted: Literal[True]


class SeenBody(Shape):
    """Up to when news were seen."""

    until: Moment | None = None


class HitsQuery(LanguageQuery):
    """Which hits."""

    all: bool = Field(False, description="Also what was seen, and what fits no longer")
    limit: int = Field(100, ge=1, le=10_000)
    offset: int = Field(0, ge=0)


class HitReason(Shape):
    """One reason, as the match gave it when the unit was found."""

    name: str
    label: str
    points: float
    reason: str


class Hit(Shape):
    """A unit that came to fit; `unit_ids` are several where it is a run of neighbours."""

    unit_id: str
    unit_ids: list[str]
    site_id: str
    found_at: Moment
    new: bool
    gone_at: Moment | None = Field(description="Since when it fits no longer")
    score: float
    reasons: list[HitReason]
    unit: dict[str, Any] | None = Field(description="As in a match; null where it is gone")
    site: dict[str, Any] | None


class Hits(Shape):
    """A page of what a search found."""

    items: list[Hit]
    total: int
    next: str | None
    unseen: int
    seen_at: Moment
    checked_at: Moment
    paused: bool
    problem: str | None
    demo: bool
