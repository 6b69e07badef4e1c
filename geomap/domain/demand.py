"""A demand: what a startup or a graduating project needs, and what a match answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from shapely import MultiPolygon, Polygon

from geomap.domain.words import (
    AmenityCategory,
    Label,
    PermittedUse,
    Platform,
    Service,
    Stage,
    UnitKind,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Within `minutes` on foot of a point (EPSG:4326)."""

    lon: float
    lat: float
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Requires:
    """Technical needs; None asks for nothing. Numbers are minima, True is a must."""

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
    permitted_use: PermittedUse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A parsed demand. A missing field asks for nothing. `within` is in EPSG:4326."""

    id: str = ""
    name: str = ""
    stage: Stage | None = None
    industry: str = ""
    headcount: int | None = None
    area_min_m2: float | None = None
    area_max_m2: float | None = None
    rent_max_cny_m2_month: float | None = None
    budget_max_cny_month: float | None = None
    unit_kinds: tuple[UnitKind, ...] = ()
    counties: tuple[str, ...] = ()
    within: Polygon | MultiPolygon | None = None
    move_in: date | None = None
    requires: Requires = field(default_factory=Requires)
    services: tuple[Service, ...] = ()
    platforms: tuple[Platform, ...] = ()
    amenities: tuple[AmenityCategory, ...] = ()
    near: Near | None = None
    combine_adjacent: bool = False
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Criterion:
    """One term of a score: ``points = weight × fit / Σ weights``, fit in 0…1."""

    name: str
    weight: float
    fit: float
    points: float
    reason: Label


@dataclass(frozen=True, slots=True)
class Candidate:
    """What breaks no hard rule, with its score in 0…1: a unit, or a run of neighbours.

    `unit_id` is the first of `unit_ids`.
    """

    unit_id: str
    site_id: str
    score: float
    criteria: tuple[Criterion, ...]
    unit_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A smallest change to a demand that opens `opens` more units.

    `rules` are those that it eases, one, or two for a pair; `size` says how much it asks of
    the user, see `docs/matching.md`. `patch` is what to merge (RFC 7396) into the demand's
    JSON.
    """

    rules: tuple[str, ...]
    label: Label
    opens: int
    size: float
    patch: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MatchResult:
    """A page of ranked candidates, and what refused the others, counted by rule."""

    total: int
    sites: int
    candidates: tuple[Candidate, ...]
    rejected: Mapping[str, int]
    relaxations: tuple[Relaxation, ...]
