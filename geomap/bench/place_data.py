"""Generated pairs of projects and places for the bench of placement: easy and crowded."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geomap.domain.placement import SCALE
from geomap.placement.pairs import I8, Pairs

SEED = 5
MOST = 2000
_KINDS, _COUNTIES, _INDUSTRIES = 5, 12, 15
_AREA = np.array([60.0, 150.0, 260.0, 700.0, 1500.0])
_DESKS, _LARGE = 0, 4
F8 = NDArray[np.float64]


class Market(NamedTuple):
    """How projects and units are made.

    `alike` is the share of a score that all projects see alike: the larger, the more they
    want the same units. `adjacent` is the share of projects that take runs of neighbours,
    `divisible` that of workshops that are let in parts, `kinds` how many kinds are wanted.
    """

    projects: int
    units: int
    alike: float = 0.3
    adjacent: float = 0.3
    divisible: float = 0.3
    kinds: int = _KINDS
    seed: int = SEED


class _City(NamedTuple):
    site: I8
    kind: I8
    area: F8
    county: I8
    desks: I8
    divisible: NDArray[np.bool_]
    alike: F8
    affinity: F8


def _city(rng: np.random.Generator, market: Market) -> _City:
    count = market.units
    sites = max(4, count // 50)
    site = np.sort(rng.integers(0, sites, count))
    main = rng.integers(0, _KINDS, sites)
    kind = np.where(rng.random(count) < 0.7, main[site], rng.integers(0, _KINDS, count))
    weights = 1.0 / np.arange(2, _COUNTIES + 2) ** 0.7
    county = rng.choice(_COUNTIES, sites, p=weights / weights.sum())[site]
    desks = np.where(kind == _DESKS, rng.integers(4, 40, count), 0)
    divisible = (kind == _LARGE) & (rng.random(count) < market.divisible)
    area = np.round(_AREA[kind] * rng.lognormal(0.0, 0.5, count), 1)
    alike = np.clip(rng.beta(3, 3, sites)[site] + rng.normal(0, 0.05, count), 0, 1)
    return _City(
        site, kind, area, county, desks, divisible, alike, rng.random((_INDUSTRIES, sites))
    )


class _Offers(NamedTuple):
    """Runs of `length` units from `first`, what is taken of each, and the score."""

    first: I8
    length: I8
    take: I8
    fit: F8


def _join(parts: list[_Offers]) -> _Offers:
    first, length, take, fit = zip(*parts, strict=True)
    whole = (np.concatenate(first), np.concatenate(length), np.concatenate(take))
    return _Offers(*whole, np.concatenate(fit))


def _pick(offers: _Offers, rows: I8) -> _Offers:
    return _Offers(offers.first[rows], offers.length[rows], offers.take[rows], offers.fit[rows])


def _offers(
    rng: np.random.Generator, city: _City, market: Market, kind: int, industry: int
) -> _Offers:
    """Return what keeps the rules of one project, with scores in 0…1."""
    wanted = _AREA[kind] * rng.lognormal(0.0, 0.4)
    most, heads = 1.7 * wanted, int(rng.integers(2, 16))
    ok = city.kind == kind
    whole = ok & ~city.divisible & (city.desks == 0)
    parts = []
    for length in (1, 2, 3) if rng.random() < market.adjacent else (1,):
        first = np.arange(len(city.kind) - length + 1)
        area, fine = np.zeros(len(first)), np.ones(len(first), dtype=bool)
        for k in range(length):
            area += city.area[first + k]
            fine &= whole[first + k] & (city.site[first + k] == city.site[first])
        rows = first[fine & (area >= wanted) & (area <= most)]
        near = 1.0 - (area[rows] - wanted) / most
        parts.append(_Offers(rows, np.full(len(rows), length), np.ones_like(rows), near))
    rows = np.flatnonzero(ok & city.divisible & (city.area >= wanted))
    part = np.full(len(rows), round(100 * wanted))
    parts.append(_Offers(rows, np.ones_like(rows), part, np.ones(len(rows))))
    rows = np.flatnonzero(ok & (city.desks >= heads))
    parts.append(_Offers(rows, np.ones_like(rows), np.full(len(rows), heads), np.ones(len(rows))))
    found = _join(parts)
    site = city.site[found.first]
    own = 0.4 * city.affinity[industry, site] + 0.3 * found.fit
    own += 0.3 * rng.random(int(city.site[-1]) + 1)[site]
    fit = market.alike * city.alike[found.first] + (1.0 - market.alike) * own
    return found._replace(fit=fit)


def generate_pairs(market: Market, *, most: int = MOST) -> Pairs:
    """Return the pairs of a made-up market, the same for the same market.

    Values follow `PolicyWeights`: the priority's factor times 1 + score, less 0.1 outside the
    home county. Each project lists its best `most` pairs, `rest` says what was left out.
    """
    rng = np.random.default_rng(market.seed)
    city = _city(rng, market)
    lists, values, rest = [], [], []
    for _ in range(market.projects):
        kind = int(rng.integers(_KINDS - market.kinds, _KINDS))
        home = city.county[rng.integers(0, len(city.county))]
        factor = 1.0 + 0.5 / p if (p := int(rng.integers(0, 4))) else 1.0
        found = _offers(rng, city, market, kind, int(rng.integers(0, _INDUSTRIES)))
        away = 0.1 * (city.county[found.first] != home)
        value = np.maximum(np.rint(SCALE * factor * (1.0 + found.fit - away)).astype(np.int64), 1)
        best = np.argsort(-value, kind="stable")
        rest.append(int(value[best[most]]) if len(best) > most else 0)
        lists.append(_pick(found, best[:most]))
        values.append(value[best[:most]])
    return _pack(city, lists, values, rest)


def _pack(city: _City, lists: list[_Offers], values: list[I8], rest: list[int]) -> Pairs:
    offers = _join(lists)
    use_start = np.concatenate([[0], np.cumsum(offers.length)])
    within = np.arange(use_start[-1]) - np.repeat(use_start[:-1], offers.length)
    capacity = np.where(city.divisible, np.rint(100 * city.area).astype(np.int64), 1)
    return Pairs(
        np.concatenate([[0], np.cumsum([len(v) for v in values])]).astype(np.int64),
        np.concatenate(values),
        use_start.astype(np.int64),
        (np.repeat(offers.first, offers.length) + within).astype(np.int32),
        np.repeat(offers.take, offers.length).astype(np.int64),
        np.where(city.desks > 0, city.desks, capacity).astype(np.int64),
        np.array(rest, dtype=np.int64),
    )
