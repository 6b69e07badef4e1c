"""Repair: where the next k facilities close most gaps.

A *gap* is a requirement of a profile that a site does not meet and that the facility would
help to meet. A place closes it where the walk between site and place lies within the
profile's limit. Where a requirement asks for several amenities, a site that is short of n
needs n places (or fewer, where one place brings several of them, see `combine`): each then
closes its share of the gap, and the gap counts as closed with the last of them. A site pays
its weight for each of its gaps. One candidate takes one place. Of candidates that serve the
same sites the nearest one stands for all; other ties break by the order of the candidates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geomap.coverage.access import CATEGORIES, build_amenity_index
from geomap.coverage.batch import list_amenities_of
from geomap.coverage.cover import Candidates, Cover, build_cover, part_of
from geomap.coverage.exact import choose_exactly
from geomap.coverage.greedy import Choice, choose_greedily
from geomap.coverage.lagrange import relax
from geomap.coverage.needs import list_requirements, places_needed, worth_of
from geomap.coverage.profiles import Profile
from geomap.coverage.reduce import drop_replaceable
from geomap.coverage.served import Ledger, Served, walks_between
from geomap.domain.words import AmenityCategory
from geomap.streets.graph import StreetNetwork
from geomap.streets.snap import Snapped

Progress = Callable[[int, int], None]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]

MOST_PLACES = 50
MOST_CANDIDATES = 5_000
MOST_ADDED = 500
MOST_SECONDS = 60.0


class Weight(StrEnum):
    """What a closed gap counts."""

    SITES = "sites"
    TENANTS = "tenants"
    JOBS = "jobs"


class Mode(StrEnum):
    """How the places are chosen."""

    GREEDY = "greedy"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class GivenPlace:
    """A candidate place, degrees EPSG:4326."""

    id: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class PlannedFacility:
    """A facility that is planned already, degrees EPSG:4326."""

    category: AmenityCategory
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairRequest:
    """What is asked for.

    Parameters
    ----------
    profile
        Which amenities a site must have, and within which walk.
    category, combine
        What a place brings: one of the category, and one of each combined one.
    k
        How many places, 1 to 50.
    weight, mode
        What a gap counts; how the places are chosen.
    candidates
        Given places; None takes every street junction.
    counties
        Adcodes of the counties whose sites count; empty takes all.
    time_limit_s
        Seconds for the exact solver.
    added
        Facilities that count as there already.
    serves
        Id of a site that every place must serve, empty for none; the candidates are then
        the junctions within its walk.
    """

    profile: Profile
    category: AmenityCategory
    combine: tuple[AmenityCategory, ...] = ()
    k: int = 1
    weight: Weight = Weight.SITES
    mode: Mode = Mode.GREEDY
    candidates: tuple[GivenPlace, ...] | None = None
    counties: tuple[str, ...] = ()
    time_limit_s: float = 30.0
    added: tuple[PlannedFacility, ...] = ()
    serves: str = ""

    @property
    def brings(self) -> tuple[AmenityCategory, ...]:
        """Everything that a place brings."""
        return (self.category, *self.combine)


@dataclass(frozen=True, slots=True)
class Sites:
    """The sites that count, as columns.

    Parameters
    ----------
    places
        Where they stand on the network, shape (n,).
    count
        Amenities within the profile's walk by category, shape (n, 12).
    weight
        What a gap of each counts, whole numbers from 0, shape (n,).
    """

    places: Snapped
    count: I4
    weight: I8


@dataclass(frozen=True, slots=True)
class GapSum:
    """Open gaps: the sites that have any, and their weight."""

    sites: int
    weight: float


@dataclass(frozen=True, slots=True)
class RepairPlace:
    """One chosen place; `closes` counts what it closes after those before it."""

    candidate: int
    closes: GapSum
    served: tuple[Served, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """The answer.

    Parameters
    ----------
    before, after
        Open gaps without and with the places.
    bound
        No k places close more weight than this.
    closed
        Weight that the places close.
    gap
        By which share of the bound it lies below it, at most; None for the greedy mode.
    proven
        Whether no k places can close more.
    places
        Best first; fewer than k where no further one closes anything.
    considered
        Candidates; `distinct` of them serve sites that no other serves as well.
    gap_rows, unreachable
        Rows of the sites with gaps, and of those that no candidate reaches.
    """

    before: GapSum
    after: GapSum
    bound: float
    closed: float
    gap: float | None
    proven: bool
    places: tuple[RepairPlace, ...]
    considered: int
    distinct: int
    gap_rows: tuple[int, ...]
    unreachable: tuple[int, ...]

    @property
    def guarantee(self) -> float:
        """Share of the bound that is closed, 1 where nothing can be."""
        return self.closed / self.bound if self.bound else 1.0


def plan_repair(
    network: StreetNetwork,
    candidates: Candidates,
    sites: Sites,
    request: RepairRequest,
    *,
    walking: Progress | None = None,
    solving: Progress | None = None,
) -> Repair:
    """Choose the places that close most gaps.

    Parameters
    ----------
    network, candidates
        Walking network, and candidates on it.
    sites
        The sites that count.
    request
        What is asked for; its candidates and counties are applied by the caller.
    walking, solving
        Called with (done, in all) while walks are made and while places are chosen; may
        raise `Cancelled`.

    Raises
    ------
    InputError
        The profile does not ask for a category, or the exact mode cannot hold the model.
    """
    profile, brings = request.profile, request.brings
    count = _with_added(network, sites, request)
    needed = places_needed(count, list_requirements(profile, brings), brings)
    rows = np.flatnonzero(needed.any(axis=1))
    worth, scale = worth_of(needed[rows], sites.weight[rows])
    near = part_of(sites.places, rows)
    _begin(walking)
    cover = build_cover(network, candidates, near, profile.limit_m, walking)
    _begin(solving)
    reduced = drop_replaceable(cover, worth.shape[1])
    choice = _choose(reduced, worth, request, solving)
    helped = [rows[reduced.column(j)] for j in choice.columns]
    chosen = reduced.candidate[list(choice.columns)]
    touched = np.unique(np.concatenate([rows[:0], *helped]))
    walk = walks_between(network, candidates, sites.places, touched, chosen, profile.limit_m)
    ledger = Ledger(count, profile, brings)
    places = []
    for candidate, own, gain in zip(chosen.tolist(), helped, choice.gains, strict=True):
        served = ledger.add_place(own, [walk[site, candidate] for site in own.tolist()])
        closed = sum(one.open_after == 0 for one in served)
        places.append(RepairPlace(candidate, GapSum(closed, gain / scale), served))
    weight, left = float(worth.sum()), int(np.count_nonzero(ledger.open_gaps(rows)))
    proven = choice.value == choice.bound
    share = 0.0 if proven else (choice.bound - choice.value) / choice.bound
    return Repair(
        before=GapSum(len(rows), weight / scale),
        after=GapSum(left, (weight - choice.value) / scale),
        bound=choice.bound / scale,
        closed=choice.value / scale,
        gap=share if request.mode is Mode.EXACT else None,
        proven=proven,
        places=tuple(places),
        considered=len(candidates),
        distinct=len(reduced),
        gap_rows=tuple(rows.tolist()),
        unreachable=tuple(rows[~cover.reached].tolist()),
    )


def _begin(progress: Progress | None) -> None:
    if progress is not None:
        progress(0, 1)


def _choose(cover: Cover, worth: I8, request: RepairRequest, progress: Progress | None) -> Choice:
    k, start = request.k, choose_greedily(cover, worth, request.k)
    if start.value == start.bound:
        return start
    if request.mode is Mode.GREEDY:
        return replace(start, bound=relax(cover, worth, k, start, progress=progress).bound)
    seconds = request.time_limit_s
    return choose_exactly(cover, worth, k, start, time_limit_s=seconds, progress=progress)


def _with_added(network: StreetNetwork, sites: Sites, request: RepairRequest) -> I4:
    """Return the counts with the facilities that are planned already."""
    if not request.added:
        return sites.count
    kinds = np.array([CATEGORIES.index(a.category) for a in request.added], dtype=np.int8)
    lon, lat = (np.array([getattr(a, n) for a in request.added]) for n in ("lon", "lat"))
    index = build_amenity_index(network, kinds, lon, lat)
    limit = request.profile.limit_m
    more = list_amenities_of(network, index, sites.places, limit, search_m=limit).count
    return np.asarray(sites.count.clip(min=0) + more, dtype=np.int32)
