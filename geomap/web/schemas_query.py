"""Query parameters, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Lon = Annotated[float, Field(ge=-180, le=180, description="Longitude, degrees EPSG:4326")]
Lat = Annotated[float, Field(ge=-90, le=90, description="Latitude, degrees EPSG:4326")]
Indicator = Literal[
    "space", "demo_incubators", "operators", "provincial_incubators", "tenants", "jobs",
    "tech_firms",
]  # fmt: skip


class LanguageQuery(BaseModel):
    """Language of labels and errors."""

    lang: Literal["zh", "en"] = Field("zh", description="Else the cookie, else the browser's")


class FormatQuery(LanguageQuery):
    """Format of an OGC resource."""

    f: Literal["json", "html"] | None = Field(None, description="Else what Accept prefers")


class TileQuery(BaseModel):
    """Version of a tile."""

    v: str = Field("", description="Stamp of the catalog: then the tile may be kept for good")


class PageQuery(LanguageQuery):
    """A page of a list."""

    limit: int = Field(10_000, ge=1, le=10_000)
    offset: int = Field(0, ge=0)


class ItemsQuery(FormatQuery):
    """Choosing features; any column of the layer is a filter too."""

    bbox: str | None = Field(None, description="west,south,east,north in degrees")
    datetime: str | None = Field(None, description="A day, or an interval ../2026-03-01")
    limit: int = Field(100, ge=1, le=10_000)
    offset: int = Field(0, ge=0)


class RingQuery(LanguageQuery):
    """A ring."""

    lon: Lon
    lat: Lat
    minutes: float | None = Field(None, gt=0, le=60, description="Else the profile's")
    profile: str = Field("wenzhou-6-6", description="Gives the walking speed")


class SiteAmenitiesQuery(PageQuery):
    """Amenities around a site."""

    minutes: float | None = Field(None, gt=0, le=60, description="Else the profile's")
    profile: str = "wenzhou-6-6"


class CoverageQuery(PageQuery):
    """Coverage."""

    profile: str = "wenzhou-6-6"
    by: Literal["site", "county", "reporting_unit", "town", "industry"] = "site"


class GapFilterQuery(LanguageQuery):
    """Choosing gaps."""

    profile: str = "wenzhou-6-6"
    category: str = Field("", description="Categories, joined by commas")
    adcode: str = Field("", description="Counties, joined by commas")
    reporting_unit: str = ""
    site: str = Field("", description="Id of a site")
    q: str = Field("", max_length=100, description="Part of the name of the site")
    sort: str = Field("", description="A column, with - before it downwards; else worst first")


class GapsQuery(GapFilterQuery):
    """A page of gaps."""

    limit: int = Field(10_000, ge=1, le=10_000)
    offset: int = Field(0, ge=0)


class GapFileQuery(GapFilterQuery):
    """Gaps as a file."""

    format: Literal["xlsx", "csv", "gpkg", "geojson"] = "xlsx"


class CompareQuery(LanguageQuery):
    """A site, or a point."""

    site: str = Field("", description="Id of a site; else lon and lat")
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)


class MatchQuery(LanguageQuery):
    """A page of a match."""

    limit: int = Field(20, ge=1, le=10_000)
    offset: int = Field(0, ge=0)
    facets: Literal["0", "1"] = Field("0", description="Counts by kind and county, histograms")
    sites: Literal["0", "1"] = Field("1", description="The sites of all candidates, for a map")


class ExplainQuery(LanguageQuery):
    """The unit to be explained."""

    unit: str = Field(description="Id of a unit", max_length=200)


class SearchQuery(LanguageQuery):
    """Search by name."""

    q: str = Field("", max_length=100)
    limit: int = Field(8, ge=1, le=100)


class PlanQuery(PageQuery):
    """Choosing cells of the plan."""

    reporting_unit: str = Field("", description="One of the 13, or 330300 for the city")
    year: int | None = Field(None, ge=2025, le=2027)
    indicator: Indicator | None = None


class RecordsQuery(PageQuery):
    """Choosing the figure whose records are wanted."""

    reporting_unit: str = Field("330300", description="One of the 13, or 330300 for the city")
    year: int | None = Field(None, ge=2025, le=2027)
    indicator: Indicator
