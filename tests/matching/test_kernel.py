"""The fast pass gives what rules and scores give one by one."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.bench.match_data import generate_city, walk_from
from geomap.bench.match_demands import generate_demands
from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import MISSING_DAY
from geomap.domain.demand import Demand
from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, PermittedUse, Platform, Service, Stage, UnitKind
from geomap.matching import kernel
from geomap.matching.demand_json import parse_demand
from geomap.matching.hard import MEASURES, TECHNICAL
from geomap.matching.kernel import find_top
from geomap.matching.match import Ranking, facets, page_of, rank, rank_best, site_ranks
from geomap.matching.prepared import Prepared, prepare
from geomap.matching.scores import CRITERIA
from geomap.matching.warm import warm
from tests.matching.conftest import TODAY
from tests.sample_catalog import empty_catalog

LIKE = settings(deadline=None, max_examples=150)


def with_units(catalog: Catalog, **columns) -> Catalog:
    units = dataclasses.replace(catalog.units, **columns)
    return dataclasses.replace(catalog, tables=dataclasses.replace(catalog.tables, units=units))


@lru_cache(maxsize=64)
def drawn(seed: int, alike: int) -> Catalog:
    """A city of 90 units at 9 sites; with `alike` only so many that differ, so that many tie."""
    catalog = generate_city(90, 9, seed=seed)
    if not alike:
        return catalog
    same = np.arange(90) % alike
    names = [
        name
        for name, column in vars(catalog.units).items()
        if isinstance(column, np.ndarray) and name not in ("site", "floor")
    ]
    return with_units(catalog, **{name: getattr(catalog.units, name)[same] for name in names})


@lru_cache(maxsize=64)
def prepared(seed: int, alike: int, public: bool) -> Prepared:
    return prepare(drawn(seed, alike), today=TODAY, public=public)


def some(words, most: int = 3):
    return st.lists(st.sampled_from([str(word) for word in words]), max_size=most, unique=True)


DAYS = st.integers(-250, 500).map(lambda days: (TODAY + timedelta(days)).isoformat())
REQUIRES = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from([0.0, 2.6, 5.0, 12.5]) for name in MEASURES},
        **{name: st.booleans() for name in TECHNICAL if name not in MEASURES},
        "permitted_use": st.sampled_from([str(use) for use in PermittedUse]),
    },
)
DEMANDS = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from([str(stage) for stage in Stage]),
        "industry": st.sampled_from([industry.id for industry in INDUSTRIES]),
        "headcount": st.integers(0, 80),
        "area_m2": st.sampled_from(
            [{}, {"min": 80}, {"max": 300}, {"min": 50, "max": 900}, {"min": 0}]
        ),
        "rent_cny_m2_month_max": st.sampled_from([0, 15, 28.5, 60]),
        "budget_cny_month_max": st.sampled_from([0, 3000, 20000]),
        "unit_kinds": some(UnitKind),
        "counties": some([county.adcode for county in COUNTIES], 9),
        "move_in": DAYS,
        "requires": REQUIRES,
        "services": some(Service, 1),
        "platforms": some(Platform, 1),
        "amenities": some(AmenityCategory, 2),
        "near": st.just({"lon": 120.6, "lat": 27.9, "minutes": 60}),
        "weights": st.dictionaries(st.sampled_from([*CRITERIA]), st.sampled_from([0, 1, 7.5, 40])),
    },
)


def require_alike(ready: Prepared, demand: Demand, most: int) -> int:
    """The fast pass and the rules and scores one by one agree; return the number of candidates."""
    catalog = ready.catalog
    walk_m = walk_from(catalog, demand.near.lon, demand.near.lat) if demand.near else None
    top = find_top(ready, ready.context(demand, walk_m), most)
    day = date(1970, 1, 1) + timedelta(ready.today)
    slow = rank(catalog, demand, today=day, walk_m=walk_m, public=ready.public, basis=ready.basis)
    assert top.total == len(slow.rows)
    assert top.rejected == slow.sieved.rejected()
    assert list(top.rejected) == list(slow.sieved.rejected())
    assert top.rows.tolist() == slow.rows[:most].tolist()
    np.testing.assert_allclose(top.scores, slow.scores[:most], atol=1e-9, rtol=0)
    site = catalog.units.site[slow.rows]
    sites, first = np.unique(site, return_index=True)
    assert top.sites.tolist() == sites.tolist()
    assert top.by_site[:, 3].tolist() == slow.rows[first].tolist()
    np.testing.assert_allclose(top.by_site[:, 2] / 1e9, slow.scores[first], atol=1e-9, rtol=0)
    assert top.by_site[:, 0].tolist() == np.bincount(site)[sites].tolist()
    area = np.bincount(site, catalog.units.area_m2[slow.rows].astype(float), len(catalog.sites))
    np.testing.assert_allclose(top.by_site[:, 1], area[sites])
    require_alike_pages(ready, demand, most, walk_m, slow)
    return top.total


def require_alike_pages(ready: Prepared, demand: Demand, most: int, walk_m, slow: Ranking) -> None:
    """What is told of the sites, in counts and of each candidate agrees too."""
    fast = rank_best(ready, demand, most=most, walk_m=walk_m)
    assert facets(fast) == facets(slow)
    assert fast.scores.tolist() == slow.scores[:most].tolist()
    for mine, other in zip(site_ranks(fast, most=4), site_ranks(slow, most=4), strict=True):
        assert (mine.site, mine.units, mine.rank) == (other.site, other.units, other.rank)
        assert mine.vacant_m2 == pytest.approx(other.vacant_m2)
        assert mine.score == pytest.approx(other.score, abs=1e-9)
    asked = {"limit": max(0, most - 1), "offset": min(1, most)}
    mine, other = page_of(fast, **asked), page_of(slow, **asked)
    assert mine == other


@LIKE
@given(
    seed=st.integers(0, 5),
    alike=st.sampled_from([0, 3]),
    public=st.booleans(),
    demand=DEMANDS,
    most=st.sampled_from([0, 1, 5, 20, 200]),
)
def test_drawn_demands(seed, alike, public, demand, most):
    require_alike(prepared(seed, alike, public), parse_demand(demand), most)


def test_mixed_demands_of_the_bench_find_units():
    ready = prepare(generate_city(4_000, 80), today=TODAY)
    demands = [parse_demand(demand) for demand in generate_demands(120)]
    totals = [require_alike(ready, demand, 20) for demand in demands]
    assert sum(total > 20 for total in totals) > 30
    assert sum(total == 0 for total in totals) > 5


def test_rents_and_days_that_are_not_stated():
    catalog = drawn(1, 0)
    count = len(catalog.units)
    bare = with_units(
        catalog,
        rent_cny_m2_month=np.full(count, np.nan, dtype=np.float32),
        free_from=np.full(count, MISSING_DAY),
        verified_at=np.full(count, MISSING_DAY),
        status=np.tile(np.array([0, 3, 0], dtype=np.int8), count // 3),
    )
    ready = prepare(bare, today=TODAY)
    for asked in ({}, {"move_in": "2030-01-01", "rent_cny_m2_month_max": 1}, {"headcount": 9}):
        assert require_alike(ready, parse_demand(asked), 20) > 20


@pytest.mark.parametrize("status", [0, 2, 3])
def test_units_of_one_status_alone(status):
    catalog = drawn(4, 0)
    ready = prepare(
        with_units(catalog, status=np.full(len(catalog.units), status, dtype=np.int8)), today=TODAY
    )
    totals = [
        require_alike(ready, parse_demand(asked), 20)
        for asked in ({}, {"move_in": "2027-06-01"}, {"move_in": "2026-01-01"})
    ]
    assert (max(totals) > 0) is (status != 2)


def test_all_alike_are_in_the_order_of_their_rows():
    catalog = drawn(2, 1)
    status = np.zeros(len(catalog.units), dtype=np.int8)
    fresh = np.full(len(catalog.units), MISSING_DAY)
    kinds = (np.arange(len(catalog.units)) % 5).astype(np.int8)
    ready = prepare(with_units(catalog, status=status, verified_at=fresh, kind=kinds), today=TODAY)
    asked = {"weights": dict.fromkeys(CRITERIA, 0) | {"freshness": 1}}
    require_alike(ready, parse_demand(asked), 7)
    top = find_top(ready, ready.context(parse_demand(asked)), 7)
    assert top.rows.tolist() == list(range(7))


def test_no_units_no_candidates():
    catalog = generate_city(0, 3)
    ready = prepare(catalog, today=TODAY)
    assert require_alike(ready, Demand(), 20) == 0


def test_no_sites_at_all(tmp_path):
    ready = prepare(empty_catalog(tmp_path), today=TODAY)
    assert require_alike(ready, Demand(), 20) == 0


def test_a_walk_is_needed_to_be_near():
    ready = prepared(0, 0, True)
    near = parse_demand({"near": {"lon": 120.6, "lat": 27.9}})
    with pytest.raises(ValueError, match="walk_m"):
        ready.context(near)


def test_what_is_kept_for_the_next_demand_is_bounded(monkeypatch):
    monkeypatch.setattr("geomap.matching.prepared._KEPT", 3)
    ready = prepare(drawn(0, 0), today=TODAY)
    for industry in INDUSTRIES[:9]:
        require_alike(ready, parse_demand({"industry": industry.id}), 5)
        assert len(ready.kept) <= 3


def test_nothing_is_left_to_compile_after_the_warming():
    warm()
    loops = (
        kernel._refuse,
        kernel._free_by_site,
        kernel._by_rule,
        kernel.open_units,
        kernel.keep_equal,
        kernel.keep_within,
        kernel.keep_unless_above,
        kernel._score,
        kernel._tally,
    )
    before = [len(loop.signatures) for loop in loops]
    for demand in generate_demands(60, seed=4):
        require_alike(prepared(3, 0, True), parse_demand(demand), 20)
    assert [len(loop.signatures) for loop in loops] == before
    assert min(before) > 0
