"""Shapes of a demand and of the answers to it, of search and plan, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from geomap.web.schemas import FreshnessOfUnit, Shape, SiteCard, UnitCard
from geomap.web.schemas_ledger import Graduates
from geomap.web.schemas_query import Indicator, Lat, Lon

Share = Annotated[float, Field(ge=0, le=1)]


class AreaSpan(BaseModel):
    """Floor area wanted, m²."""

    min: float | None = Field(None, ge=0)
    max: float | None = Field(None, ge=0)


class Requires(BaseModel):
    """Technical needs: numbers are minima, true is a must."""

    floor_load_kn_m2: float | None = None
    clear_height_m: float | None = None
    column_spacing_m: float | None = None
    freight_lift_t: float | None = None
    power_kw: float | None = None
    water: bool | None = None
    drainage: bool | None = None
    exhaust: bool | None = None
    gas: bool | None = None
    clean_room: bool | None = None
    hazardous_storage: bool | None = None
    open_24h: bool | None = None
    permitted_use: Literal["office", "research", "industrial"] | None = None


class Near(BaseModel):
    """Within minutes on foot of a point."""

    lon: Lon
    lat: Lat
    minutes: float = Field(15, ge=1, le=60)


class DrawnArea(BaseModel):
    """A GeoJSON Polygon or MultiPolygon in EPSG:4326: at most 500 vertices, not crossing itself."""

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class Demand(BaseModel):
    """What a startup or a graduating project needs; a missing field asks for nothing."""

    id: str | None = None
    name: str | None = None
    stage: Literal["nursery", "incubation", "acceleration", "industrialisation"] | None = None
    industry: str | None = Field(None, description="Id of the taxonomy, see /")
    headcount: int | None = Field(None, ge=0)
    area_m2: AreaSpan | None = None
    rent_cny_m2_month_max: float | None = Field(None, ge=0)
    budget_cny_month_max: float | None = Field(None, ge=0)
    unit_kinds: list[Literal["open_desk", "office", "lab", "pilot_line", "workshop"]] = []
    counties: list[str] = Field([], description="Adcodes as text")
    within: DrawnArea | None = Field(None, description="The site lies in it or on its edge")
    move_in: str | None = Field(None, description="A day, 2026-03-01")
    requires: Requires | None = None
    services: list[str] = []
    platforms: list[str] = []
    amenities: list[str] = Field([], description="Categories within 15 minutes on foot")
    near: Near | None = None
    combine_adjacent: bool = Field(False, description="Neighbours on a floor may make one place")
    weights: dict[str, float] = Field({}, description="By criterion")


class Combined(Shape):
    """Neighbouring units as one place: sums of area and rent a month."""

    units: int
    area_m2: float
    rent_cny_m2_month: float | None
    month_cny: int | None


class Criterion(Shape):
    """One part of a score: points = weight × fit / Σ weights."""

    name: str
    label: str
    weight: float
    fit: Share
    points: Share
    reason: str


class Candidate(Shape):
    """What breaks no hard rule; the points of its criteria sum to the score.

    `unit_ids` has more than one where neighbours on a floor are combined: `unit_id` is the
    first, and `combined` what they are together.
    """

    unit_id: str
    unit_ids: list[str]
    combined: Combined | None
    freshness: FreshnessOfUnit
    site_id: str
    score: Share
    criteria: list[Criterion]
    unit: UnitCard
    site: SiteCard


class Relaxation(Shape):
    """A smallest change that opens more units: merge `patch` (RFC 7396) into the demand.

    `rules` are one, or two for a pair, and `rule` is both joined by "+". `size` tells how
    much the change asks, so that those of different rules can be compared.
    """

    rule: str
    rules: list[str]
    label: str
    opens: int
    size: float
    patch: dict[str, Any]


class MatchSite(Shape):
    """A site with units that fit."""

    id: str
    name: str
    lon: float | None
    lat: float | None
    adcode: str
    units: int
    vacant_m2: float
    score: Share
    rank: int


class Histogram(Shape):
    """Counts between edges; the last holds everything above it too."""

    edges: list[float]
    counts: list[int]


class Facets(Shape):
    """What a change of each filter would leave."""

    unit_kinds: dict[str, int]
    counties: dict[str, int]
    rent: Histogram
    area: Histogram


class MatchAnswer(Shape):
    """Ranked units; `next` is the offset of the next page."""

    total: int
    sites_total: int
    next: int | None
    demo: bool
    candidates: list[Candidate]
    rejected: dict[str, int]
    rejected_labels: dict[str, str]
    relaxations: list[Relaxation]
    sites: list[MatchSite]
    facets: Facets | None = None


class RuleOutcome(Shape):
    """A hard rule and what it finds; `met` is null where the demand does not ask."""

    name: str
    label: str
    level: Literal["site", "unit"]
    met: bool | None
    reason: str


class ExplainAnswer(Candidate):
    """Every rule and every score of one unit, which `fits` or is `refused_by` a rule."""

    demo: bool
    fits: bool
    refused_by: str | None
    rules: list[RuleOutcome]


class OpenDemand(Shape):
    """What may be public of a demand, and the best that the place is for it."""

    id: str | None
    name: str | None
    demo: bool
    stage: str | None
    industry: str | None
    industry_name: str | None
    unit_kinds: list[str]
    area_m2: AreaSpan
    counties: list[str]
    home_county: str | None
    home_county_name: str
    unit_id: str
    unit_ids: list[str]
    score: Share
    criteria: list[Criterion]
    reasons: list[str]


class DemandsAnswer(Shape):
    """Open demands, best first."""

    items: list[OpenDemand]
    total: int
    next: str | None


class SearchItem(Shape):
    """Something called so."""

    type: Literal["county", "town", "site"]
    id: str
    name: str
    detail: str
    lon: float | None
    lat: float | None
    bounds: list[float] | None = None
    demo: bool | None = None


class SearchAnswer(Shape):
    """What is called so, best first."""

    items: list[SearchItem]
    total: int
    next: None


class Target(Shape):
    """A cell of the annex as it prints it; a target of null is "-", no task."""

    reporting_unit: str
    reporting_unit_name: str
    year: int
    indicator: Indicator
    target: float | None
    unit: Literal["10k_m2", "count"]


class ProgressItem(Target):
    """A target with what the record counts; null where the record cannot tell."""

    actual: float | None
    share: float | None
    demo: bool
    note: str


class Record(Shape):
    """One record behind a figure."""

    id: str
    name: str
    value: float
    date: str
    demo: bool


class Targets(Shape):
    """Targets."""

    items: list[Target]
    total: int
    next: str | None


class Progress(Shape):
    """Progress; `city` adds the items up, `graduates` counts published projects of the ledger."""

    items: list[ProgressItem]
    total: int
    next: str | None
    city: list[ProgressItem]
    graduates: Graduates
    as_of: str
    demo: bool


class Records(Shape):
    """Records behind a figure."""

    items: list[Record]
    total: int
    next: str | None
