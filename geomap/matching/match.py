"""One demand, ranked units: rules first, then scores, then reasons for the page shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Candidate, Criterion, Demand, MatchResult, Relaxation
from geomap.domain.regions import COUNTIES
from geomap.domain.words import UnitKind
from geomap.matching.basis import Basis
from geomap.matching.context import Context, Fit, build_context, least_area, with_demand
from geomap.matching.hard import VACANT, Sieve, sieve
from geomap.matching.offers import widened
from geomap.matching.prepared import Prepared
from geomap.matching.reasons import REASONS
from geomap.matching.relax import list_relaxations
from geomap.matching.scores import score_rows

if TYPE_CHECKING:
    from geomap.matching.kernel import Top

_BINS = 16
_FEW = 20
"""Up to this many candidates, relaxations are offered as well."""


class SiteRank(NamedTuple):
    """A site among the answers: its row, candidates, m² of their units, best score, rank."""

    site: int
    units: int
    vacant_m2: float
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates of a demand, best first; `rows` are unit rows.

    All `total` of them, or with `top`, what the fast pass found, the best alone. `live` is
    the context of the units that may be had and the rules there, where units are combined.
    """

    context: Context
    rows: NDArray[np.int64]
    scores: Fit
    fits: dict[str, Fit]
    weights: dict[str, float]
    total: int
    rejected: Mapping[str, int]
    sieved: Sieve | None = None
    top: tuple[Prepared, Top] | None = None
    live: tuple[Context, Sieve] | None = None


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
    rejected = sieved.rejected()
    return Ranking(context, rows[order], scores[order], fits, weights, len(rows), rejected, sieved)


def rank_best(
    prepared: Prepared,
    demand: Demand,
    *,
    most: int,
    walk_m: NDArray[np.float32] | None = None,
) -> Ranking:
    """Return the best `most` candidates, by the fast pass where units are not combined.

    Parameters
    ----------
    prepared
        The catalog on a day.
    demand
        What is wanted.
    most
        How many are wanted: offset and limit of a page together.
    walk_m
        Walk from `demand.near` to every site in m, shape (n_sites,), NaN out of reach.
    """
    if demand.combine_adjacent and least_area(demand) is not None:
        return _rank_runs(prepared, demand, walk_m)
    from geomap.matching.kernel import find_top  # compiled loops load in half a second

    context = prepared.context(demand, walk_m)
    top = find_top(prepared, context, most)
    fits, weights, scores = score_rows(context, top.rows, prepared.site_fit)
    whole = top.total, top.rejected
    return Ranking(context, top.rows, scores, fits, weights, *whole, top=(prepared, top))


def _rank_runs(prepared: Prepared, demand: Demand, walk_m: NDArray[np.float32] | None) -> Ranking:
    """Rank where units are combined: runs are sought among the live units alone.

    Scores look at the whole catalog: next door may lie a vacancy that is not shown. What
    refuses a unit alone is counted by the fast pass; the runs are no longer refused by area.
    """
    from geomap.matching.kernel import find_top

    context = prepared.context(demand, walk_m)
    live = with_demand(prepared.narrowed(context), demand)
    at = prepared.recall(("live rows",), lambda: np.sort(prepared.live.row))
    sieved = sieve(live)
    rows = at[np.flatnonzero(sieved.allowed())].astype(np.int64)
    wide = replace(context, offers=widened(prepared.offers, live.offers, at))
    fits, weights, scores = score_rows(wide, rows, prepared.site_fit)
    order = np.lexsort((rows, -np.round(scores, 9)))
    rejected = dict(find_top(prepared, context, 1).rejected)
    rejected["area"] = rejected.get("area", 0) - int((wide.offers.span[rows] > 1).sum())
    return Ranking(
        wide,
        rows[order],
        scores[order],
        {name: fit[order] for name, fit in fits.items()},
        weights,
        len(rows),
        {rule: count for rule, count in rejected.items() if count},
        live=(live, sieved),
    )


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
    return candidate_at(Ranking(context, rows, scores, fits, weights, 1, {}), 0)


def page_of(ranking: Ranking, *, limit: int = 20, offset: int = 0) -> MatchResult:
    """Return a page of candidates with their reasons, what refused the others, and ways out."""
    total, found = ranking.total, len(ranking.rows)
    places = range(min(offset, found), min(offset + limit, found))
    relaxations: tuple[Relaxation, ...] = ()
    if total <= _FEW and not offset:
        relaxations = relaxations_of(ranking)
    return MatchResult(
        total=total,
        sites=_count_sites(ranking),
        candidates=tuple(candidate_at(ranking, place) for place in places),
        rejected=ranking.rejected,
        relaxations=relaxations,
    )


def relaxations_of(ranking: Ranking) -> tuple[Relaxation, ...]:
    """Return the nearest changes of a demand that open more units."""
    context, sieved = ranking.context, ranking.sieved
    if ranking.top is not None:
        context, sieved = ranking.top[0].narrowed(context), None
    if ranking.live is not None:
        context, sieved = ranking.live
    return list_relaxations(context, sieved or sieve(context))


def _count_sites(ranking: Ranking) -> int:
    if ranking.top is not None:
        return len(ranking.top[1].sites)
    return len(np.unique(ranking.context.site[ranking.rows]))


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


def site_rows(ranking: Ranking, *, most: int = 2_000) -> list[tuple[int, int, float, float]]:
    """Return site row, candidates, m² of their units and best score, best site first."""
    if ranking.top is not None:
        return _rows_of_top(ranking.top[1], most)
    site = ranking.context.site[ranking.rows]
    sites, first, counts = np.unique(site, return_index=True, return_counts=True)
    catalog, offers = ranking.context.catalog, ranking.context.offers
    units = offers.cover(ranking.rows)
    area = catalog.units.area_m2[units].astype(np.float64)
    sums = np.bincount(catalog.units.site[units], area, minlength=len(catalog.sites))
    order = np.argsort(first, kind="stable")[:most]
    columns = sites[order], counts[order], sums[sites[order]], ranking.scores[first[order]]
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _rows_of_top(top: Top, most: int) -> list[tuple[int, int, float, float]]:
    sites, found = top.sites, top.by_site
    if 0 < most < len(sites):
        worst = -np.partition(-found[:, 2], most - 1)[most - 1]
        kept = found[:, 2] >= worst
        sites, found = sites[kept], found[kept]
    order = np.lexsort((found[:, 3], -found[:, 2]))[:most]
    count, m2, best = found[order, 0].astype(np.int64), found[order, 1], found[order, 2] / 1e9
    columns = sites[order], count, m2, best
    return list(zip(*(column.tolist() for column in columns), strict=True))


def site_ranks(ranking: Ranking, *, most: int = 2_000) -> list[SiteRank]:
    """Return the sites of the candidates, best score first."""
    rows = site_rows(ranking, most=most)
    return [SiteRank(*row, place) for place, row in enumerate(rows, 1)]


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
    kinds, counties, rents, areas, edges = (
        _tally_all(ranking) if ranking.top is None else _tally_fast(ranking.context, ranking.top[0])
    )
    return {
        "unit_kinds": {str(kind): int(kinds[i]) for i, kind in enumerate(UnitKind)},
        "counties": {c.adcode: int(counties[i]) for i, c in enumerate(COUNTIES)},
        "rent": {"edges": edges[0].tolist(), "counts": [int(n) for n in rents]},
        "area": {"edges": edges[1].tolist(), "counts": [int(n) for n in areas]},
    }


def _edges_of(context: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    offers, vacant = context.offers, context.catalog.units.status == VACANT
    return _edges(offers.rent_cny_m2_month[vacant], 1.0), _edges(offers.area_m2[vacant], 10.0)


def _tally_all(ranking: Ranking) -> tuple[Any, ...]:
    context, sieved = ranking.live or (
        ranking.context,
        ranking.sieved or sieve(ranking.context),
    )
    units, offers, edges = context.catalog.units, context.offers, _edges_of(context)
    kinds = np.bincount(units.kind[sieved.allowed(without="unit_kind")], minlength=len(UnitKind))
    county = context.catalog.sites.county[units.site[sieved.allowed(without="county")]]
    counties = np.bincount(county[county >= 0], minlength=len(COUNTIES))
    rents = _histogram(offers.rent_cny_m2_month[sieved.allowed(without="rent")], edges[0])
    areas = _histogram(offers.area_m2[sieved.allowed(without="area")], edges[1])
    return kinds, counties, rents, areas, edges


def _tally_fast(context: Context, prepared: Prepared) -> tuple[Any, ...]:
    from geomap.matching.kernel import tally

    edges = prepared.recall(("edges",), lambda: _edges_of(context))
    return *tally(prepared, context, *edges), edges
