"""Runs of neighbours among the live units, against runs among all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.match import (
    facets,
    page_of,
    rank,
    rank_best,
    relaxations_of,
    site_ranks,
)
from geomap.matching.prepared import Prepared, prepare
from geomap.matching.relax import merge_patch
from tests.matching.strategies import sparse
from tests.matching.town import TODAY, Town, draw_town

SEEDS = range(3)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Town, Prepared]]:
    folder: Path = tmp_path_factory.mktemp("runs")
    drawn = [draw_town(folder / str(seed), 200 + seed) for seed in SEEDS]
    return [(town, prepare(town.catalog, today=TODAY)) for town in drawn]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(SEEDS), sparse(4), st.integers(60, 300))
def test_the_same_as_among_all_units(
    towns: list[tuple[Town, Prepared]], seed: int, asked: dict, least: int
) -> None:
    town, prepared = towns[seed]
    asked = asked | {"combine_adjacent": True, "area_m2": {"min": least}}
    demand = parse_demand(asked)
    walk_m = town.walk_m if demand.near else None
    whole = rank(town.catalog, demand, today=TODAY, walk_m=walk_m)
    best = rank_best(prepared, demand, most=20, walk_m=walk_m)
    assert best.rows.tolist() == whole.rows.tolist()
    assert best.scores.tolist() == whole.scores.tolist()
    assert (best.total, best.rejected) == (whole.total, whole.rejected)
    one, other = page_of(best, limit=99), page_of(whole, limit=99)
    assert (one.candidates, one.sites) == (other.candidates, other.sites)
    assert site_ranks(best) == site_ranks(whole)
    counted, expected = facets(best), facets(whole)
    assert counted["unit_kinds"] == expected["unit_kinds"]
    assert counted["counties"] == expected["counties"]
    # A unit whose run would need one that is not to be had stands for itself there.
    assert sum(counted["area"]["counts"]) >= sum(expected["area"]["counts"])
    for way in relaxations_of(best):
        changed = parse_demand(merge_patch(demand_to_json(demand), way.patch))
        wider = rank_best(prepared, changed, most=20, walk_m=walk_m)
        assert wider.total - best.total == way.opens > 0
