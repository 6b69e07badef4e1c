"""Runs of adjacent units: the shortest that is large enough, one for each start."""

from __future__ import annotations

from pathlib import Path

import pytest

from geomap.catalog.catalog import Catalog
from geomap.domain.records import Site
from geomap.domain.words import UnitKind, UnitStatus
from geomap.matching.basis import list_neighbours
from geomap.matching.demand_json import parse_demand
from geomap.matching.match import match, rank, site_ranks
from geomap.matching.offers import LONGEST_RUN
from tests.matching.conftest import TODAY, unit
from tests.matching.town import _catalog

OFFICE = UnitKind.OFFICE


def room(name: str, area: float, *, floor: int = 1, building: str = "A", rent: float = 20, **more):
    made = unit(name, "s", OFFICE, area, rent, **more)
    return type(made)(
        **{k: getattr(made, k) for k in made.__slots__}
        | {"room": name, "floor": floor, "building": building}
    )


def build(folder: Path, units: list) -> Catalog:
    return _catalog(folder, [Site(id="s", name="处", geometry=None)], units, {"s": None}, {})


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Rooms 101 to 105 in a row, 103 dear, 105 leased; 201 above; 106 in another building."""
    return build(
        tmp_path_factory.mktemp("floor"),
        [
            room("104", 40),
            room("101", 60),
            room("103", 100, rent=30),
            room("102", 50),
            room("105", 80, status=UnitStatus.LEASED),
            room("201", 90, floor=2),
            room("106", 70, building="B"),
        ],
    )


def runs(catalog: Catalog, demand: dict) -> dict[str, tuple[str, ...]]:
    result = match(
        catalog, parse_demand(demand | {"combine_adjacent": True}), today=TODAY, limit=99
    )
    return {c.unit_id: c.unit_ids for c in result.candidates}


def test_neighbours_follow_the_stacking_plan(floor: Catalog) -> None:
    before, after = list_neighbours(floor.units)
    names = list(floor.units.id)
    right = {names[i]: names[a] for i, a in enumerate(after) if a >= 0}
    assert right == {"101": "102", "102": "103", "103": "104", "104": "105"}
    assert {names[b]: names[i] for i, b in enumerate(before) if b >= 0} == right


def test_the_shortest_run_from_each_start(floor: Catalog) -> None:
    found = runs(floor, {"area_m2": {"min": 110, "max": 220}})
    assert found == {
        "101": ("101", "102"),
        "102": ("102", "103"),
        "103": ("103", "104"),
    }
    assert runs(floor, {"area_m2": {"min": 90}}) == {
        "101": ("101", "102"),
        "102": ("102", "103"),
        "103": ("103",),
        "201": ("201",),
    }


def test_a_run_too_large_or_with_a_unit_that_breaks_a_rule_is_none(floor: Catalog) -> None:
    assert runs(floor, {"area_m2": {"min": 110, "max": 140}}) == {
        "101": ("101", "102"),
        "103": ("103", "104"),
    }
    limited = {"area_m2": {"min": 110}, "rent_cny_m2_month_max": 25}
    assert runs(floor, limited) == {"101": ("101", "102")}


def test_budget_and_rent_are_those_of_the_run(floor: Catalog) -> None:
    asked = {"area_m2": {"min": 110}, "budget_cny_month_max": 2200}
    assert runs(floor, asked) == {"101": ("101", "102")}
    assert runs(floor, asked | {"budget_cny_month_max": 2199}) == {}
    demand = parse_demand({"area_m2": {"min": 140}, "combine_adjacent": True})
    offers = rank(floor, demand, today=TODAY).context.offers
    row = floor.units.id.find("102")
    assert offers.area_m2[row] == 150 and offers.cost_cny_month[row] == 4000
    assert offers.rent_cny_m2_month[row] == pytest.approx(80 / 3)


def test_refusals_are_those_of_the_unit_alone(floor: Catalog) -> None:
    """104 could only be enlarged by 105, which is leased: its own area refuses it."""
    demand = parse_demand({"area_m2": {"min": 110}, "combine_adjacent": True})
    result = match(floor, demand, today=TODAY)
    assert result.rejected == {"status": 1, "area": 3}
    assert result.total + sum(result.rejected.values()) == len(floor.units)


def test_areas_of_runs_that_share_a_unit_are_counted_once(floor: Catalog) -> None:
    demand = parse_demand({"area_m2": {"min": 110}, "combine_adjacent": True})
    (site,) = site_ranks(rank(floor, demand, today=TODAY))
    assert (site.units, site.vacant_m2) == (3, 250.0)


def test_the_reason_says_that_it_is_a_run(floor: Catalog) -> None:
    demand = parse_demand({"area_m2": {"min": 110}, "combine_adjacent": True})
    first = next(c for c in match(floor, demand, today=TODAY).candidates if c.unit_id == "101")
    reasons = {c.name: c.reason for c in first.criteria}
    assert reasons["area"].zh == "相邻 2 套共 110 ㎡，正合适"
    assert reasons["area"].en == "2 adjacent units, 110 ㎡, just right"
    assert reasons["room_to_grow"].zh == "隔壁空置 100 ㎡"


def test_no_run_is_longer_than_one_place(tmp_path: Path) -> None:
    units = [room(f"1{i:02d}", 10) for i in range(LONGEST_RUN + 2)]
    catalog = build(tmp_path, units)
    found = runs(catalog, {"area_m2": {"min": LONGEST_RUN * 10}})
    assert sorted(map(len, found.values())) == [LONGEST_RUN] * 3
    assert runs(catalog, {"area_m2": {"min": LONGEST_RUN * 10 + 1}}) == {}


def test_without_a_least_area_nothing_is_combined(floor: Catalog) -> None:
    assert set(map(len, runs(floor, {"area_m2": {"max": 70}}).values())) == {1}


def test_no_units_at_all(tmp_path: Path) -> None:
    catalog = build(tmp_path, [])
    assert runs(catalog, {"area_m2": {"min": 10}}) == {}
