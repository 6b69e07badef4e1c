"""The bench of placement runs on small input and gives its figures; nothing is timed here."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from geomap.bench import measure, place, run
from geomap.bench.match_data import TODAY, generate_city
from geomap.bench.place import SMALL_PLACE, bench_cp_sat, bench_place
from geomap.bench.place_city import Asked, all_vacant
from geomap.bench.place_data import Market, generate_pairs
from geomap.domain.errors import InputError
from geomap.matching.prepared import prepare
from geomap.placement.blocking import require_feasible
from geomap.placement.optimal import solve_optimal
from tests.placement.market import project

TINY = Market(12, 12, alike=0.8)


def small_city(projects: int, sites: int, units: int) -> Asked:
    prepared = prepare(all_vacant(generate_city(units, sites)), today=TODAY)
    return Asked(prepared, tuple(project(f"p{i}", headcount=5 + i) for i in range(projects)))


def test_small_places(monkeypatch) -> None:
    monkeypatch.setattr(place, "installed", lambda _: False)
    figures = bench_place(SMALL_PLACE, small_city)
    json.dumps(figures)
    city, market = figures["cities"][0], figures["markets"][0]
    assert city["vacant_units"] == 200
    assert city["optimal"]["placed"] == 6
    assert city["optimal"]["proven"]
    assert city["optimal"]["value"] >= city["stable"]["value"] > 0
    assert city["stable"]["blocking_pairs"] == 0
    assert city["after one pin"]["value"] <= city["optimal"]["value"]
    assert city["after one pin"]["same_place"] <= 5
    for found in (city["solvers"], market):
        assert found["CP-SAT"] == "not installed"
        assert found["optimal"]["value"] == found["optimal"]["bound"]
        assert found["optimal"]["value"] >= found["stable"]["value"]
    assert {row["what"].split(",")[0] for row in figures["asked"]} == {
        "first city", "last city", "memory in all",
    }  # fmt: skip


def test_it_is_a_bench() -> None:
    assert "place" in run.BENCHES
    with pytest.raises(InputError, match="no bench"):
        run.run_bench(None, "places", None)


def test_all_vacant() -> None:
    catalog = generate_city(300, 6)
    vacant = all_vacant(catalog)
    assert (vacant.units.status == 0).all()
    assert vacant.sites.vacant_count.sum() == 300
    assert (catalog.units.status != 0).any()


def test_markets_are_the_same_for_the_same_seed() -> None:
    one, other = generate_pairs(TINY), generate_pairs(TINY)
    for name in type(one).__slots__:
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert not np.array_equal(one.value, generate_pairs(TINY._replace(seed=6)).value)


def test_markets_are_pairs_as_they_should_be() -> None:
    """Best first, nothing asks more than there is, and what is left out is worth no more."""
    pairs = generate_pairs(Market(30, 400, divisible=1.0, adjacent=1.0), most=20)
    assert (pairs.use <= pairs.capacity[pairs.resource]).all()
    assert np.diff(pairs.use_start).max() == 3
    assert pairs.capacity.max() > 1000
    for p in range(30):
        values = pairs.value[pairs.start[p] : pairs.start[p + 1]]
        assert (np.diff(values) <= 0).all()
        assert pairs.rest[p] <= values[-1] if pairs.rest[p] else len(values) <= 20
    require_feasible(pairs, np.full(30, -1))


if measure.installed("ortools"):

    def test_cp_sat_agrees() -> None:
        pairs = generate_pairs(Market(30, 30, alike=0.8, adjacent=0.7, divisible=0.9))
        best = solve_optimal(pairs).value
        for found in bench_cp_sat(pairs, 20.0).values():
            assert (found["status"], found["value"], found["bound"]) == ("OPTIMAL", best, best)

    def test_a_peer_that_fails_says_so(monkeypatch) -> None:
        pairs = replace(generate_pairs(TINY), capacity=np.zeros(1, dtype=np.int64))
        found = bench_cp_sat(pairs, 5.0)
        assert all("failed" in told for told in found.values())
