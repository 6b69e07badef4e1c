"""A request for a placement with the data that answers it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomap.catalog.catalog import Catalog
from geomap.domain.placement import Listing, PlacedDemand
from geomap.placement.placement_json import PlacementRequest

if TYPE_CHECKING:
    from geomap.matching.prepared import Prepared
    from geomap.placement.result import Placement


@dataclass(frozen=True, slots=True)
class Task:
    """One request with the data that answers it, all of one version."""

    request: PlacementRequest
    projects: tuple[PlacedDemand, ...]
    catalog: Catalog
    prepared: Prepared
    listings: tuple[Listing, ...]
    date: str
    network: str | None
    language: str

    @property
    def versions(self) -> dict[str, Any]:
        """What an answer rests on."""
        return {
            "date": self.date,
            "catalog_version": self.catalog.version,
            "network": self.network,
        }

    @property
    def made_up(self) -> bool:
        """Whether anything that the answer may speak of is made up."""
        projects, listings = self.projects, self.listings
        stated = any(one.demo for one in projects) or any(one.demo for one in listings)
        return self.catalog.demo or stated


@dataclass(frozen=True, slots=True)
class Solved:
    """A task with its placement; `seconds` is how long that took."""

    task: Task
    placement: Placement
    seconds: float
