"""One demand, ranked units: rules first, then scores, then reasons for the page shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Candidate, Criterion, Demand, MatchResult
from geomap.domain.regions import COUNTIES
from geomap.domain.words import UnitKind
from geomap.matching.basis import Basis
from geomap.matching.context import Context, Fit, build_context
from geomap.matching.hard import VACANT, Sieve, sieve
from geomap.matching.reasons import REASONS
from geomap.matching.relax import list_relaxations
from geomap.matching.scores import score_rows

_BINS = 16
_FEW = 20
"""Up to this many candidates, relaxations are offered as well."""


@dataclass(frozen=True, slots=True)
class SiteRank:
    """A site among the answers: its row, candidates, m² of their units, best score, rank."""

    site: int
    units: int
    vacant_m2: float
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """All candidates of a demand, best first; `rows` are unit rows."""

    context: Context
    sieved: Sieve
    rows: NDArray[np.int64]
    scores: Fit
    fits: dict[str, Fit]
    weights: dict[str, float]


def rank(
    catalog: Catalog,
    demand: Demand,
    *,
    today: date,
    walk_m: NDArray[np.float32] | None = None,
    public: bool = True,
    basis: Basis | None = None,
) -> Ranking:
    """Apply the rules and order what is left by score to nine digits, then by unit row.

    Parameters are those of :func:`geomap.matching.context.build_context`.
    """
    context = build_context(catalog, demand, today=today, walk_m=walk_m, public=public, basis=basis)
    return rank_in(context)


def rank_in(context: Context) -> Ranking:
    """Rank in a context, see :func:`rank`."""
    sieved = sieve(context)
    rows = np.flatnonzero(sieved.allowed())
    fits, weights, scores = score_rows(context, rows)
    order = np.lexsort((rows, -np.round(scores, 9)))
    fits = {name: fit[order] for name, fit in fits.items()}
    return Ranking(context, sieved, rows[order], scores[order], fits, weights)


def candidate_at(ranking: Ranking, place: int) -> Candidate:
    """Return the candidate at a place of a ranking, with its reasons."""
    context = ranking.context
    units, sites = context.catalog.units, context.catalog.sites
    row = int(ranking.rows[place])
    site = int(units.site[row])
    total = sum(ranking.weights[name] for name in ranking.fits) or 1.0
    criteria = tuple(
        Criterion(
            name,
            ranking.weights[name],
            float(fit[place]),
            ranking.weights[name] * float(fit[place]) / total,
            REASONS[name](context, row, site),
        )
        for name, fit in ranking.fits.items()
    )
    return Candidate(
        units.id[row],
        sites.id[site],
        sum(part.points for part in criteria),
        criteria,
        tuple(units.id[member] for member in context.offers.members(row)),
    )


def candidate_of(context: Context, row: int) -> Candidate:
    """Return the offer at a unit row with every score, whether rules refuse it or not."""
    rows = np.array([row], dtype=np.int64)
    fits, weights, scores = score_rows(context, rows)
    return candidate_at(Ranking(context, Sieve({}, {}, 0), rows, scores, fits, weights), 0)


def page_of(ranking: Ranking, *, limit: int = 20, offset: int = 0) -> MatchResult:
    """Return a page of candidates with their reasons, what refused the others, and ways out."""
    total = len(ranking.rows)
    places = range(min(offset, total), min(offset + limit, total))
    sites = np.unique(ranking.context.site[ranking.rows])
    relaxations = (
        list_relaxations(ranking.context, ranking.sieved) if total <= _FEW and not offset else ()
    )
    return MatchResult(
        total=total,
        sites=len(sites),
        candidates=tuple(candidate_at(ranking, place) for place in places),
        rejected=ranking.sieved.rejected(),
        relaxations=relaxations,
    )


def match(
    catalog: Catalog,
    demand: Demand,
    *,
    today: date,
    limit: int = 20,
    offset: int = 0,
    walk_m: NDArray[np.float32] | None = None,
    public: bool = True,
    basis: Basis | None = None,
) -> MatchResult:
    """Rank the units for a demand and return one page; see :func:`rank`."""
    ranking = rank(catalog, demand, today=today, walk_m=walk_m, public=public, basis=basis)
    return page_of(ranking, limit=limit, offset=offset)


def site_ranks(ranking: Ranking, *, most: int = 2_000) -> list[SiteRank]:
    """Return the sites of the candidates, best score first."""
    site = ranking.context.site[ranking.rows]
    sites, first, counts = np.unique(site, return_index=True, return_counts=True)
    catalog, offers = ranking.context.catalog, ranking.context.offers
    units = offers.cover(ranking.rows)
    area = catalog.units.area_m2[units].astype(np.float64)
    sums = np.bincount(catalog.units.site[units], area, minlength=len(catalog.sites))
    order = np.argsort(first, kind="stable")[:most]
    return [
        SiteRank(
            int(sites[i]),
            int(counts[i]),
            float(sums[sites[i]]),
            float(ranking.scores[first[i]]),
            place + 1,
        )
        for place, i in enumerate(order)
    ]


def _histogram(values: NDArray[Any], edges: NDArray[np.float64]) -> list[int]:
    inside = np.clip(values[~np.isnan(values)], edges[0], edges[-1])
    return [int(n) for n in np.histogram(inside, edges)[0]]


def _edges(values: NDArray[Any], step: float) -> NDArray[np.float64]:
    """Return bin edges from 0 to a round number above 98 % of the values."""
    known = values[~np.isnan(values)]
    top = float(np.quantile(known, 0.98)) if len(known) else step * _BINS
    width = max(step, np.ceil(top / _BINS / step) * step)
    return np.asarray(np.arange(_BINS + 1) * width, dtype=np.float64)


def facets(ranking: Ranking) -> dict[str, Any]:
    """Return counts by kind and county, and histograms of rent and area.

    Each leaves its own filter out, so that it tells what a change of that filter gives.
    The last bin of a histogram holds everything above it too.
    """
    catalog, sieved = ranking.context.catalog, ranking.sieved
    units, offers = catalog.units, ranking.context.offers
    kinds = np.bincount(units.kind[sieved.allowed(without="unit_kind")], minlength=len(UnitKind))
    county = catalog.sites.county[units.site[sieved.allowed(without="county")]]
    counties = np.bincount(county[county >= 0], minlength=len(COUNTIES))
    vacant = units.status == VACANT
    histograms = {}
    for name, values, step in (
        ("rent", offers.rent_cny_m2_month, 1.0),
        ("area", offers.area_m2, 10.0),
    ):
        edges = _edges(values[vacant], step)
        chosen = values[sieved.allowed(without=name)]
        histograms[name] = {"edges": edges.tolist(), "counts": _histogram(chosen, edges)}
    return {
        "unit_kinds": {str(kind): int(kinds[i]) for i, kind in enumerate(UnitKind)},
        "counties": {c.adcode: int(counties[i]) for i, c in enumerate(COUNTIES)},
        **histograms,
    }
