"""The fast pass: rules, scores and the best of a demand over the packed units.

It gives what `sieve` and `score_rows` give for demands that combine no units, and is tested
against them. Sites are answered by the functions of rules and scores themselves; units go
through compiled loops. The places of the units that are left shrink from rule to rule, so
that what a rule refuses is the difference of two lengths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geomap.catalog.columns import F8, I4
from geomap.domain.regions import COUNTIES
from geomap.domain.words import PermittedUse, UnitKind
from geomap.matching.context import Context, days_of, least_area
from geomap.matching.hard import COST_TOLERANCE, MEASURES, RULES, TECHNICAL
from geomap.matching.prepared import NEVER, NO_SUMS, SITE_RULES, Prepared
from geomap.matching.scores import SITE_CRITERIA, UNKNOWN_RENT_FIT, wanted_area, weights_of

_OF_NO_DEMAND = ("location", "services", "standing")
_DIGITS = 1e9
"""Scores are ordered by nine digits, as `rank` does."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """The places in `Live` that meet all rules, and how many each rule refuses first.

    The places stand in the thread's scratch: the next demand overwrites them.
    """

    places: I4
    rejected: dict[str, int]


@dataclass(frozen=True, slots=True)
class Top:
    """The best of a demand.

    `rows` are unit rows, best first, shape (k,), with their `scores` to nine digits; `total`
    counts all candidates. For each of the `sites` that have any, in the order of their rows,
    `by_site` has the number of candidates, their m², the best score times 10⁹ and the unit
    row that has it, shape (len(sites), 4).
    """

    rows: NDArray[np.int64]
    scores: F8
    total: int
    rejected: dict[str, int]
    sites: NDArray[np.int64]
    by_site: F8


@njit(cache=True, nogil=True)
def _refuse(refused: Any, met: Any, rule: Any) -> None:
    for site in range(len(refused)):
        refused[site] = refused[site] if met[site] else rule


@njit(cache=True, nogil=True)
def _free_by_site(bounds: Any, free: Any, move_in: Any) -> Any:
    """Return how many units of each site are free in time."""
    counts = np.zeros(len(bounds) - 1, dtype=np.int32)
    for site in range(len(counts)):
        for i in range(bounds[site], bounds[site + 1]):
            counts[site] += free[i] <= move_in
    return counts


@njit(cache=True, nogil=True)
def _by_rule(free: Any, refused: Any, counts: Any) -> None:
    """Add up the free units by the rule that refuses their site; at 0 those of allowed sites."""
    for site in range(len(refused)):
        counts[refused[site]] += free[site]


@njit(cache=True, nogil=True)
def open_units(
    bounds: Any,
    refused: Any,
    site: Any,
    gate: Any,
    kinds: Any,
    move_in: Any,
    places: Any,
    kept: Any,
) -> Any:
    """Write the places of units that are free in time, of allowed sites and wanted kinds.

    Unit by unit without a branch: sites have too few units of a kind to skip them by site.
    Returns the number of places with those before.
    """
    for kind in kinds:
        for i in range(bounds[kind * len(refused)], bounds[(kind + 1) * len(refused)]):
            places[kept] = i
            kept += (refused[site[i]] == 0) & (gate[i] <= move_in)
    return kept


@njit(cache=True, nogil=True)
def keep_equal(places: Any, count: Any, column: Any, value: Any) -> Any:
    kept = 0
    for at in range(count):
        i = places[at]
        places[kept] = i
        kept += column[i] == value
    return kept


@njit(cache=True, nogil=True)
def keep_within(places: Any, count: Any, column: Any, low: Any, high: Any) -> Any:
    """Keep what is stated and lies between."""
    kept = 0
    for at in range(count):
        i = places[at]
        places[kept] = i
        kept += column[i] >= low and column[i] <= high
    return kept


@njit(cache=True, nogil=True)
def keep_unless_above(places: Any, count: Any, column: Any, high: Any) -> Any:
    """Keep what is at most so much, or not stated."""
    kept = 0
    for at in range(count):
        i = places[at]
        places[kept] = i
        kept += not column[i] > high
    return kept


@njit(cache=True, nogil=True, inline="always")
def _clip(value: Any) -> Any:
    return min(max(value, 0.0), 1.0)


@njit(cache=True, nogil=True)
def _sink(keys: Any, rows: Any, size: Any, at: Any) -> None:
    """Let an entry of the heap sink: the worst, and of equals the latest row, is on top."""
    key, row = keys[at], rows[at]
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (
            keys[other] < keys[below] or (keys[other] == keys[below] and rows[other] > rows[below])
        ):
            below = other
        if key < keys[below] or (key == keys[below] and row >= rows[below]):
            break
        keys[at], rows[at] = keys[below], rows[below]
        at = below
    keys[at], rows[at] = key, row


@njit(cache=True, nogil=True)
def _rent_fit(rent: Any, area: Any, limit: Any, budget: Any, unknown: Any) -> Any:
    if np.isnan(rent):
        return unknown
    ceiling = min(limit, budget / max(area, 1e-3))
    return _clip(1.7 - 1.4 * rent / max(ceiling, 1e-6))


@njit(cache=True, nogil=True)
def _score(
    places: Any,
    count: Any,
    units: Any,
    of_site: Any,
    weights: Any,
    log_best: Any,
    limit: Any,
    budget: Any,
    unknown: Any,
    keys: Any,
    rows: Any,
    by_site: Any,
) -> None:
    """Score the places, keep the best in the heap `keys`, `rows`, and the best of each site."""
    by_area, by_rent, by_grow, by_fresh, total = weights
    limited, scale = limit < np.inf or budget < np.inf, _DIGITS / total
    size, most = 0, len(keys)
    for at in range(count):
        unit = units[places[at]]
        site, row = int(unit[7]), int(unit[6])
        score = of_site[site] + by_grow * unit[2] + by_fresh * unit[3]
        if by_area > 0.0:
            score += by_area * _clip(1.0 - abs(unit[0] - log_best) * 0.5)
        if by_rent > 0.0:
            fit = _rent_fit(unit[4], unit[5], limit, budget, unknown) if limited else unit[1]
            score += by_rent * fit
        key = np.rint(score * scale)
        here = by_site[site]
        here[0] += 1.0
        here[1] += unit[5]
        if key > here[2] or (key == here[2] and row < here[3]):
            here[2], here[3] = key, row
        if size < most:
            keys[size], rows[size] = key, row
            size += 1
            if size == most:
                for back in range(size // 2 - 1, -1, -1):
                    _sink(keys, rows, size, back)
        elif most and (key > keys[0] or (key == keys[0] and row < rows[0])):
            keys[0], rows[0] = key, row
            _sink(keys, rows, size, 0)


def refused_sites(prepared: Prepared, context: Context, *, without: str = "") -> NDArray[np.uint8]:
    """Return 1 + the place of the first rule that refuses each site, 0 where none does."""
    refused = np.zeros(len(prepared.catalog.sites), dtype=np.uint8)
    for place in range(len(SITE_RULES) - 1, -1, -1):
        name = SITE_RULES[place]
        met = None if name == without else prepared.site_flags(context, name)
        if met is not None:
            _refuse(refused, met, np.uint8(place + 1))
    return refused


def kinds_of(context: Context) -> NDArray[np.int64]:
    wanted = context.demand.unit_kinds
    return np.array([i for i, kind in enumerate(UnitKind) if not wanted or kind in wanted])


def latest_of(context: Context) -> np.int32:
    move_in = context.demand.move_in
    return np.int32(NEVER if move_in is None else days_of(move_in))


def sift_by_needs(prepared: Prepared, context: Context, places: I4, count: int) -> dict[str, int]:
    """Drop the places that technical rules refuse; return what is left after each rule."""
    live, needs, left = prepared.live, context.demand.requires, {}
    if needs.permitted_use is not None:
        use = list(PermittedUse).index(needs.permitted_use)
        left["permitted_use"] = count = keep_equal(places, count, live.permitted_use, use)
    for name in TECHNICAL:
        need = getattr(needs, name)
        if name in MEASURES and need is not None:
            least = np.float32(need), np.float32(np.inf)
            left[name] = count = keep_within(places, count, live.measures[name], *least)
        elif name not in MEASURES and need:
            left[name] = count = keep_equal(places, count, live.has[name], 1)
    return left


def _bounds(context: Context) -> tuple[np.float32, np.float32] | None:
    """Return the areas that a demand takes, None where it takes any."""
    low, most = least_area(context.demand), context.demand.area_max_m2
    if low is None and most is None:
        return None
    return np.float32(low or 0.0), np.float32(np.inf if most is None else most)


def _keep_in_budget(prepared: Prepared, context: Context, places: I4, count: int) -> int:
    limit = context.demand.budget_max_cny_month
    if limit is None:
        return count
    cost = prepared.live.cost
    return int(keep_unless_above(places, count, cost, limit * (1.0 + COST_TOLERANCE)))


def _sift_units(prepared: Prepared, context: Context, places: I4, count: int) -> dict[str, int]:
    """Drop the places that rules of units refuse; return what is left after each rule."""
    live, limit = prepared.live, context.demand.rent_max_cny_m2_month
    left = sift_by_needs(prepared, context, places, count)
    count = min(left.values(), default=count)
    if limit is not None:
        left["rent"] = count = keep_unless_above(places, count, live.rent, np.float32(limit))
    bounds = _bounds(context)
    if bounds is not None:
        left["area"] = count = keep_within(places, count, live.area, *bounds)
    left["budget"] = _keep_in_budget(prepared, context, places, count)
    return left


def in_time(prepared: Prepared, status: str, latest: np.int32) -> I4:
    """Return the units of each site that are free by a day; days recur, so they are kept."""
    live = prepared.live
    bounds = live.free_vacant if status == "vacant" else live.free_coming
    key = ("in time", status, int(latest))
    counts: I4 = prepared.recall(key, lambda: _free_by_site(bounds, live.free, latest))
    return counts


def sift(prepared: Prepared, context: Context) -> Sifted:
    """Apply every rule that the demand asks, each unit by itself.

    The counts are those of `Sieve.rejected`.
    """
    live, move_in = prepared.live, context.demand.move_in
    latest = latest_of(context)
    places = prepared.places()
    sites, kinds = refused_sites(prepared, context), kinds_of(context)
    counts = np.zeros(1 + len(SITE_RULES), dtype=np.int64)
    free = in_time(prepared, "vacant", latest)
    _by_rule(free, sites, counts)
    count = open_units(live.vacant, sites, live.site, live.gate, kinds, latest, places, 0)
    refused = {
        "status": len(prepared.catalog.units) - prepared.vacant,
        "freshness": prepared.stale,
        "move_in": prepared.vacant - prepared.stale - int(counts.sum()),
    }
    if move_in is not None:
        came = -int(counts.sum())
        _by_rule(in_time(prepared, "coming", latest), sites, counts)
        came += int(counts.sum())
        count = open_units(live.coming, sites, live.site, live.gate, kinds, latest, places, count)
        stale = int(np.searchsorted(prepared.stale_coming, latest, side="right"))
        refused["status"] -= came + stale
        refused["freshness"] += stale
    refused["unit_kind"] = int(counts[0]) - count
    refused |= {name: int(counts[1 + i]) for i, name in enumerate(SITE_RULES)}
    for name, left in _sift_units(prepared, context, places, count).items():
        refused[name], count = count - left, left
    return Sifted(places[:count], {name: refused[name] for name in RULES if refused.get(name)})


def site_points(prepared: Prepared, context: Context) -> tuple[F8, float]:
    """Return the sum of weight times fit of every site, and of the weights that count."""
    weights, demand = weights_of(context), context.demand
    names = [name for name in SITE_CRITERIA if weights[name] > 0]
    usual = [n for n in names if n in _OF_NO_DEMAND or (n == "amenities" and not demand.amenities)]
    key = ("points", *((name, weights[name]) for name in usual))
    points, total = prepared.recall(key, lambda: _sum_points(prepared, context, usual))
    rest = [name for name in names if name not in usual]
    more, also = _sum_points(prepared, context, rest)
    return points + more, total + also


def _sum_points(prepared: Prepared, context: Context, names: Sequence[str]) -> tuple[F8, float]:
    weights, total = weights_of(context), 0.0
    points = np.zeros(len(prepared.catalog.sites))
    for name in names:
        fit = prepared.site_fit(context, name)
        if fit is not None:
            points += weights[name] * fit
            total += weights[name]
    return points, total


def unit_weights(context: Context, best: float | None, of_sites: float) -> tuple[float, ...]:
    weights = weights_of(context)
    parts = (
        weights["area"] if best else 0.0,
        weights["rent"],
        weights["room_to_grow"],
        weights["freshness"],
    )
    return (*map(float, parts), (of_sites + sum(parts)) or 1.0)


def find_top(prepared: Prepared, context: Context, most: int) -> Top:
    """Return the best `most` units of a demand, and what the map needs of the sites.

    Parameters
    ----------
    prepared
        The catalog, see :func:`geomap.matching.prepared.prepare`.
    context
        The demand, see :meth:`Prepared.context`; its units stand by themselves.
    most
        How many rows are wanted: offset and limit of a page together.
    """
    sifted, live, demand = sift(prepared, context), prepared.live, context.demand
    count = len(sifted.places)
    points, of_sites = site_points(prepared, context)
    best = wanted_area(context)
    limit, budget = demand.rent_max_cny_m2_month, demand.budget_max_cny_month
    size = min(most, count)
    keys, rows = np.empty(size), np.empty(size, dtype=np.int64)
    by_site = prepared.sums()
    _score(
        sifted.places,
        count,
        live.scored,
        points,
        unit_weights(context, best, of_sites),
        float(np.log2(best)) if best else 0.0,
        np.inf if limit is None else limit,
        np.inf if budget is None else budget,
        UNKNOWN_RENT_FIT,
        keys,
        rows,
        by_site,
    )
    order = np.lexsort((rows, -keys))
    touched = np.flatnonzero(by_site[:, 0])
    found = by_site[touched]
    by_site[touched] = NO_SUMS
    return Top(rows[order], keys[order] / _DIGITS, count, sifted.rejected, touched, found)


@njit(cache=True, nogil=True)
def _bin(value: Any, edges: Any) -> Any:
    """Return the bin of a value: its lower edge belongs to it; what lies outside, the nearest."""
    last = len(edges) - 2
    at = min(max(int((value - edges[0]) / (edges[1] - edges[0])), 0), last)
    while at > 0 and value < edges[at]:
        at -= 1
    while at < last and value >= edges[at + 1]:
        at += 1
    return at


@njit(cache=True, nogil=True)
def _tally(
    places: Any,
    count: Any,
    units: Any,
    kind: Any,
    county: Any,
    in_county: Any,
    wanted: Any,
    limits: Any,
    rent_edges: Any,
    area_edges: Any,
    tallies: Any,
) -> None:
    """Count each place where at most the rule of that count refuses it."""
    most_rent, least, most = limits
    kinds, counties, rents, areas = tallies
    for at in range(count):
        i = places[at]
        site, rent, area = int(units[i, 7]), units[i, 4], units[i, 5]
        right, here = wanted[kind[i]], in_county[site]
        cheap, fits = not rent > most_rent, least <= area and area <= most
        met = int(right) + int(here) + int(cheap) + int(fits)
        if met < 3:
            continue
        if met == 4 or not right:
            kinds[kind[i]] += 1
        if (met == 4 or not here) and county[site] >= 0:
            counties[county[site]] += 1
        if (met == 4 or not cheap) and not np.isnan(rent):
            rents[_bin(rent, rent_edges)] += 1
        if met == 4 or not fits:
            areas[_bin(area, area_edges)] += 1


Tallies = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def tally(prepared: Prepared, context: Context, rent_edges: F8, area_edges: F8) -> Tallies:
    """Count the candidates by kind, county, rent and area, each without its own rule.

    Bins lie between the edges, which are evenly apart; what lies outside counts in the
    first or last one.
    """
    live, demand, sites = prepared.live, context.demand, prepared.catalog.sites
    refused, latest = refused_sites(prepared, context, without="county"), latest_of(context)
    places, every = prepared.places(), np.arange(len(UnitKind))
    count = open_units(live.vacant, refused, live.site, live.gate, every, latest, places, 0)
    if demand.move_in is not None:
        count = open_units(live.coming, refused, live.site, live.gate, every, latest, places, count)
    count = min(sift_by_needs(prepared, context, places, count).values(), default=count)
    count = _keep_in_budget(prepared, context, places, count)
    wanted = np.zeros(len(UnitKind), dtype=np.bool_)
    wanted[kinds_of(context)] = True
    in_county = prepared.site_flags(context, "county")
    if in_county is None:
        in_county = np.ones(len(sites), dtype=np.bool_)
    limit, bounds = demand.rent_max_cny_m2_month, _bounds(context) or (-np.inf, np.inf)
    most_rent = np.inf if limit is None else float(np.float32(limit))
    limits = most_rent, float(bounds[0]), float(bounds[1])
    bins = len(rent_edges) - 1, len(area_edges) - 1
    tallies = (
        np.zeros(len(UnitKind), dtype=np.int64),
        np.zeros(len(COUNTIES), dtype=np.int64),
        np.zeros(bins[0], dtype=np.int64),
        np.zeros(bins[1], dtype=np.int64),
    )
    edges = rent_edges, area_edges
    asked = sites.county, in_county, wanted, limits, *edges, tallies
    _tally(places, count, live.scored, live.kind, *asked)
    return tallies
