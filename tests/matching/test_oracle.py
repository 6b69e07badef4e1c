"""The columns against a second reading of rules and scores over the records."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.matching.basis import build_basis
from geomap.matching.demand_json import parse_demand
from geomap.matching.match import match, rank
from tests.matching.strategies import demands, sparse
from tests.matching.town import TODAY, Reader, Town, draw_town

SEEDS = range(4)


@pytest.fixture(scope="session")
def towns(tmp_path_factory: pytest.TempPathFactory) -> list[Town]:
    folder: Path = tmp_path_factory.mktemp("towns")
    return [draw_town(folder / str(seed), seed) for seed in SEEDS]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SEEDS), st.one_of(demands, sparse(2), sparse(4)))
def test_the_columns_say_what_the_records_do(towns: list[Town], seed: int, asked: dict) -> None:
    town, demand = towns[seed], parse_demand(asked)
    walk_m = town.walk_m if demand.near else None
    result = match(town.catalog, demand, today=TODAY, limit=1_000, walk_m=walk_m)
    reader = Reader(town, demand)
    expected = reader.candidates()
    assert {c.unit_id: list(c.unit_ids) for c in result.candidates} == expected
    assert result.rejected == reader.rejected()
    by_id = {u.id: u for u in town.units}
    for candidate in result.candidates:
        run = [by_id[u] for u in candidate.unit_ids]
        fits = {part.name: part.fit for part in candidate.criteria}
        assert fits == pytest.approx(reader.fits(run), abs=1e-6)
        assert candidate.score == pytest.approx(reader.score(run), abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SEEDS), sparse(2))
def test_the_order_is_that_of_the_scores_and_then_of_the_rows(
    towns: list[Town], seed: int, asked: dict
) -> None:
    town, demand = towns[seed], parse_demand(asked)
    walk_m = town.walk_m if demand.near else None
    ranking = rank(town.catalog, demand, today=TODAY, walk_m=walk_m)
    keys = [
        (-round(float(s), 9), int(r)) for s, r in zip(ranking.scores, ranking.rows, strict=True)
    ]
    assert keys == sorted(keys)
    again = rank(town.catalog, demand, today=TODAY, walk_m=walk_m, basis=build_basis(town.catalog))
    assert again.rows.tolist() == ranking.rows.tolist()


def test_the_town_holds_what_the_rules_speak_of(towns: list[Town]) -> None:
    """Each rule refuses something somewhere, so that agreement is no accident."""
    asked = {
        "counties": ["330302"], "within": {"type": "Polygon", "coordinates": [
            [[120.5, 27.5], [120.6, 27.5], [120.6, 27.6], [120.5, 27.6], [120.5, 27.5]]]},
        "near": {"lon": 120, "lat": 28, "minutes": 10}, "stage": "nursery",
        "services": ["patent"], "platforms": ["testing"], "amenities": ["cafe"],
        "unit_kinds": ["lab"], "rent_cny_m2_month_max": 20, "area_m2": {"min": 60, "max": 100},
        "budget_cny_month_max": 2000, "move_in": "2026-12-01",
        "requires": {"water": True, "power_kw": 5, "permitted_use": "office"},
    }  # fmt: skip
    refusing = set()
    for name, value in asked.items():
        for town in towns:
            demand = parse_demand({name: value})
            refusing |= set(Reader(town, demand).rejected())
    assert refusing == {
        "status", "freshness", "move_in", "county", "within", "near", "stage", "services",
        "platforms", "amenities", "unit_kind", "permitted_use", "water", "power_kw", "rent",
        "area", "budget",
    }  # fmt: skip
