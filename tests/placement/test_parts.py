"""How a unit is taken, by hand."""

from __future__ import annotations

import pytest

from geomap.domain.demand import Demand
from geomap.domain.words import UnitKind
from geomap.matching.scores import wanted_area
from geomap.placement.parts import Size, way_at
from tests.placement.market import town, unit


def way(demand: Demand, *names: str):
    ready = town(
        unit("hall", "gao", 1000.0, divisible_min_m2=200.0),
        unit("room", "gao", 60.0, floor=2, kind=UnitKind.OPEN_DESK, desks=10),
        unit("plain", "gao", 100.0, floor=3),
        unit("beside", "gao", 50.0, floor=3, room="z"),
    )
    best = wanted_area(ready.context(demand))
    rows = [ready.catalog.units.id.find(name) for name in names]
    return way_at(ready.catalog, Size.of(demand, best), rows)


@pytest.mark.parametrize(
    ("asked", "area", "use"),
    [
        ({"area_min_m2": 300.0, "area_max_m2": 500.0}, 400.0, 40_000),
        ({"area_min_m2": 50.0, "area_max_m2": 250.0}, 200.0, 20_000),
        ({"area_min_m2": 900.0, "area_max_m2": 2000.0}, 1000.0, 100_000),
        ({"headcount": 50}, 400.0, 40_000),
        ({"area_min_m2": 333.333}, 333.333, 33_334),
        ({}, 1000.0, 100_000),
    ],
)
def test_a_hall_is_cut_to_what_both_sides_allow(asked: dict, area: float, use: int) -> None:
    found = way(Demand(**asked), "hall")
    assert found.area_m2 == pytest.approx(area)
    assert found.use == (use,) and found.desks == 0


@pytest.mark.parametrize(
    "asked", [{"area_max_m2": 150.0}, {"area_min_m2": 1200.0}, {"headcount": 400}]
)
def test_a_hall_that_cannot_be_cut_so_is_not_taken(asked: dict) -> None:
    assert way(Demand(**asked), "hall") is None


def test_desks_are_for_heads_and_bring_their_share_of_the_area() -> None:
    found = way(Demand(headcount=7), "room")
    assert (found.desks, found.area_m2, found.use) == (7, 42.0, (7,))
    assert way(Demand(headcount=11), "room") is None
    assert way(Demand(headcount=2, area_min_m2=30.0), "room") is None
    assert way(Demand(), "room").use == (10,)


def test_desks_are_counted_in_open_desk_units_alone() -> None:
    office = unit("o", "gao", 100.0, desks=12)
    same = unit("w", "gao", 100.0, floor=2, divisible_min_m2=100.0)
    ready = town(office, same)
    for name in ("o", "w"):
        row = ready.catalog.units.id.find(name)
        found = way_at(ready.catalog, Size.of(Demand(headcount=4), 32.0), [row])
        assert (found.area_m2, found.desks, found.use) == (100.0, 0, (1,))


def test_other_units_and_runs_are_whole() -> None:
    assert way(Demand(headcount=5), "plain").use == (1,)
    run = way(Demand(area_min_m2=120.0, combine_adjacent=True), "plain", "beside")
    assert (run.area_m2, run.use) == (150.0, (1, 1))
    assert way(Demand(area_min_m2=200.0, combine_adjacent=True), "plain", "beside") is None
