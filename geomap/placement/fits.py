"""What counts of a pair beside the match score: room for the forecast, platforms, priority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from geomap.catalog.columns import F8, SiteColumns
from geomap.domain.placement import SCALE, ChainPosition, PlacedDemand, PolicyWeights
from geomap.domain.words import Platform
from geomap.matching.context import Context
from geomap.matching.prepared import Prepared
from geomap.matching.scores import wanted_area

CHAIN_PLATFORMS: Mapping[ChainPosition, tuple[Platform, ...]] = MappingProxyType(
    {
        ChainPosition.UPSTREAM: (
            Platform.PROOF_OF_CONCEPT,
            Platform.LAB_EQUIPMENT,
            Platform.CRO,
            Platform.TESTING,
        ),
        ChainPosition.MIDSTREAM: (
            Platform.PILOT_TEST,
            Platform.CDMO,
            Platform.CMO,
            Platform.LAB_EQUIPMENT,
        ),
        ChainPosition.DOWNSTREAM: (Platform.INDUSTRIAL_DESIGN, Platform.TESTING),
    }
)
"""Public platforms that a firm at each end of its chain works with: a choice of this service."""
ENOUGH_PLATFORMS = 2.0


def area_needed(project: PlacedDemand, context: Context) -> float:
    """Return the area for the headcount forecast in two years, m²; 0 where it is not stated."""
    heads, wanted = project.demand.headcount, wanted_area(context)
    if not (project.growth_headcount and heads and wanted):
        return 0.0
    return wanted * project.growth_headcount / heads


def chain_shares(sites: SiteColumns, position: ChainPosition | None) -> F8 | None:
    """Return the share of two platforms of a chain position that each site has, in 0…1.

    None where the position is not stated, or no site says what it has. Shape (n_sites,).
    """
    if position is None or not sites.platforms.any():
        return None
    order = list(Platform)
    mask = np.uint32(sum(1 << order.index(one) for one in CHAIN_PLATFORMS[position]))
    there = np.bitwise_count(sites.platforms & mask).astype(np.float64)
    return np.asarray(np.minimum(there / ENOUGH_PLATFORMS, 1.0))


def vacant_by_site(prepared: Prepared) -> F8:
    """Return the m² of each site's vacant units that may be had, shape (n_sites,)."""
    live, sites = prepared.live, len(prepared.catalog.sites)
    count = int(live.vacant[-1])
    area = live.area[:count].astype(np.float64)
    return np.asarray(np.bincount(live.site[:count], area, minlength=sites), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Worth:
    """What a project's pairs are worth beside their score: weights, area needed, and factor.

    ``fit = (score + growth × g + chain × c) / (1 + growth + chain)``, where a term that is not
    stated has weight 0; ``value = factor × (placed + fit − margin)``.
    """

    growth: float
    needed_m2: float
    chain: float
    placed: float
    factor: float

    @classmethod
    def of(cls, project: PlacedDemand, weights: PolicyWeights, needed: float, told: bool) -> Worth:
        """Return the worth of a project; `told` says whether its chain position counts."""
        first = weights.priority / project.priority if project.priority else 0.0
        return cls(
            growth=weights.growth if needed else 0.0,
            needed_m2=needed,
            chain=weights.chain if told else 0.0,
            placed=weights.placed,
            factor=SCALE * (1.0 + first),
        )

    @property
    def columns(self) -> tuple[float, float, float, float, float]:
        """The same for the compiled pass."""
        return self.growth, self.needed_m2, self.chain, self.placed, self.factor

    def fit(self, score: float, growth: float, chain: float) -> float:
        """Return how well a pair fits, in 0…1, from its score, g and c."""
        total = score + self.growth * growth + self.chain * chain
        return total / (1.0 + self.growth + self.chain)

    def value(self, fit: float, margin: float) -> int:
        """Return the value of a pair, a whole number from 1 on."""
        return max(1, int(np.rint(self.factor * (self.placed + fit - margin))))
