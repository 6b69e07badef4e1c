"""Which units fit a saved search now, and why: where saved searches meet the matching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.matching.demand_json import parse_demand
from geomap.matching.match import Ranking, candidate_at, rank
from geomap.matching.scores import CRITERION_LABELS
from geomap.store.search_hits import Found
from geomap.store.searches import State
from geomap.web.context import AppContext
from geomap.web.view_match import walk_to_sites

MOST_FITS = 5_000
"""Above that a search is so wide that what is new in it is no news."""
_REASONS = 6


@dataclass(frozen=True, slots=True)
class Fits:
    """The units that fit a demand, best first, at one version of the catalog."""

    catalog: Catalog
    ranking: Ranking
    ids: tuple[str, ...]
    total: int

    def state(self, now: datetime) -> State:
        """Return them as what was known at a moment, to the millisecond as the store keeps it."""
        at = now.replace(microsecond=now.microsecond // 1000 * 1000)
        return State(seq=self.catalog.version, at=at, ids=self.ids)

    def explain(self, place: int) -> Found:
        """Return the unit at a place with its score and the reasons that count most."""
        candidate = candidate_at(self.ranking, place)
        parts = sorted(candidate.criteria, key=lambda part: -part.points)[:_REASONS]
        reasons = [
            {"name": p.name, "points": round(p.points, 4), "zh": p.reason.zh, "en": p.reason.en}
            for p in parts
            if p.name in CRITERION_LABELS
        ]
        return Found(
            unit_id=candidate.unit_id,
            site_id=candidate.site_id,
            score=round(candidate.score, 6),
            reasons={"criteria": reasons, "unit_ids": list(candidate.unit_ids)},
        )


def list_fits(context: AppContext, demand: dict[str, Any]) -> Fits:
    """Return what fits a demand now; `ids` is empty where more than `MOST_FITS` do.

    Raises
    ------
    InputError
        The demand cannot be used.
    NotReadyError
        It asks for a walk, and there is no network.
    """
    catalog = context.catalog
    parsed = parse_demand(demand)
    walk_m = walk_to_sites(context, catalog, parsed)
    ranking = rank(catalog, parsed, today=context.today(), walk_m=walk_m)
    total = len(ranking.rows)
    few = total <= MOST_FITS
    ids = tuple(catalog.units.id.take(ranking.rows.tolist())) if few else ()
    return Fits(catalog, ranking, ids, total)


def require_few(fits: Fits) -> Fits:
    """Return what fits, refused where it is too much; raises InputError."""
    if fits.total > MOST_FITS:
        raise InputError(
            Label(
                f"现在就有 {fits.total:,} 套符合，太宽了，分不出什么是新的",
                f"{fits.total:,} units fit already, too many to tell what is new",
            ),
            fix=Label(
                f"加条件，到 {MOST_FITS:,} 套以内，如县（市、区）、面积、租金",
                f"Ask for more, such as county, area or rent, until at most {MOST_FITS:,} fit",
            ),
            field="demand",
        )
    return fits
