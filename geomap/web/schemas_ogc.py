"""Shapes of the OGC resources, for the OpenAPI document."""
# ruff: noqa: N815 - the standards name these fields

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from geomap.web.schemas import Geometry


class Link(BaseModel):
    """A link."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None
    templated: bool | None = None


class Landing(BaseModel):
    """Landing page."""

    title: str
    description: str
    links: list[Link]


class Conformance(BaseModel):
    """Conformance classes."""

    conformsTo: list[str]
    links: list[Link]


class Collection(BaseModel):
    """A layer; `columns` says names, types, units and titles."""

    id: str
    title: str
    description: str
    attribution: str
    itemType: str
    crs: list[str]
    columns: list[dict[str, str]]
    links: list[Link]
    extent: dict[str, Any] | None = None


class Collections(BaseModel):
    """All layers."""

    collections: list[Collection]
    links: list[Link]


class Feature(BaseModel):
    """A GeoJSON feature."""

    type: Literal["Feature"]
    id: str
    geometry: Geometry | None
    properties: dict[str, Any]
    links: list[Link] | None = None


class FeatureCollection(BaseModel):
    """A page of features."""

    type: Literal["FeatureCollection"]
    timeStamp: str
    numberMatched: int
    numberReturned: int
    features: list[Feature]
    links: list[Link]


class Tileset(BaseModel):
    """A set of tiles."""

    title: str
    dataType: Literal["vector"]
    crs: str
    tileMatrixSetURI: str
    links: list[Link]
    layers: list[dict[str, Any]] | None = None
    boundingBox: dict[str, Any] | None = None
    tileMatrixSetLimits: list[dict[str, Any]] | None = None


class Tilesets(BaseModel):
    """Sets of tiles."""

    tilesets: list[Tileset]
    links: list[Link]


class TileMatrixSets(BaseModel):
    """Tile grids."""

    tileMatrixSets: list[dict[str, Any]]


class TileMatrixSet(BaseModel):
    """A tile grid (OGC 17-083r4)."""

    id: str
    title: str
    uri: str
    crs: str
    orderedAxes: list[str]
    wellKnownScaleSet: str
    tileMatrices: list[dict[str, Any]]
