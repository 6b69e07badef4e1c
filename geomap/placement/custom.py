"""Custom builds: land and idle plants for the projects that no unit is left for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geomap.domain.industries import BY_ID
from geomap.domain.placement import Build, Listing, PlacedDemand
from geomap.domain.words import PlacementStep, UnitKind
from geomap.matching.scores import wanted_area
from geomap.placement.book import Book
from geomap.placement.fits import Worth, area_needed
from geomap.placement.needs import list_needs
from geomap.placement.pairs import I8

_BUILT_KINDS = frozenset({UnitKind.LAB, UnitKind.PILOT_LINE, UnitKind.WORKSHOP})


def may_be_built(project: PlacedDemand) -> bool:
    """Return whether a workshop built to order is of any use: not for desks and offices."""
    kinds = project.demand.unit_kinds
    return not kinds or bool(_BUILT_KINDS.intersection(kinds))


def holds_industry(listing: Listing, industry: str) -> bool:
    """Return whether a listing takes an industry: the same, its sector, or one of its parts."""
    if not industry or not listing.industries:
        return True
    own = {industry, BY_ID[industry].parent if industry in BY_ID else ""}
    return any(
        one in own or (one in BY_ID and BY_ID[one].parent == industry) for one in listing.industries
    )


def build_for(book: Book, row: int, listing: Listing | None = None) -> Build:
    """Return what would have to be built for a project: room for its forecast, and its needs."""
    project = book.projects[row]
    context = book.prepared.context(project.demand, book.walks.get(project.id))
    area = area_needed(project, context) or wanted_area(context) or 0.0
    return Build(floor_area_m2=round(area, 1), needs=list_needs(project.demand), listing=listing)


def assign_builds(book: Book, choice: I8, listings: Sequence[Listing]) -> dict[int, Build]:
    """Return the builds of the projects without a place, by row, for which a listing has room.

    Who counts more comes first, then who stands first. A project takes a listing of its home
    county before any other; of those one that names its industry, then the one with the least
    floor area left, so that large ones stay whole.

    Parameters
    ----------
    book, choice
        The pairs, and which of them each project is given.
    listings
        Land and idle plants; what is built on one shares its floor area.
    """
    if PlacementStep.CUSTOM_BUILD not in book.policy.steps:
        return {}
    weights = book.policy.weights
    rows = [
        row
        for row in range(len(book.projects))
        if choice[row] < 0 and may_be_built(book.projects[row])
    ]
    factor = {row: Worth.of(book.projects[row], weights, 0.0, False).factor for row in rows}
    left = {listing.id: listing.floor_area_m2 for listing in listings}
    found: dict[int, Build] = {}
    for row in sorted(rows, key=lambda row: (-factor[row], row)):
        build = build_for(book, row)
        listing = _find_listing(book.projects[row], build.floor_area_m2, listings, left)
        if listing is not None:
            left[listing.id] -= build.floor_area_m2
            found[row] = replace(build, listing=listing)
    return found


def _find_listing(
    project: PlacedDemand, area_m2: float, listings: Sequence[Listing], left: dict[str, float]
) -> Listing | None:
    industry = project.demand.industry
    fitting = [
        listing
        for listing in listings
        if area_m2 > 0 and left[listing.id] >= area_m2 and holds_industry(listing, industry)
    ]
    return min(
        fitting,
        key=lambda one: (
            one.adcode != project.home_county,
            not one.industries,
            left[one.id],
            one.id,
        ),
        default=None,
    )
