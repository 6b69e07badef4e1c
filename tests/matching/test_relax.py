"""Relaxations: what they promise holds, and brute force finds none smaller."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Relaxation
from geomap.domain.regions import COUNTIES
from geomap.domain.words import UnitKind
from geomap.matching.context import build_context, least_area
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.hard import sieve
from geomap.matching.match import match
from geomap.matching.relax import list_relaxations, merge_patch
from tests.matching.conftest import TODAY
from tests.matching.strategies import sparse
from tests.matching.town import Reader, Town, draw_town

SEEDS = range(3)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> list[Town]:
    folder: Path = tmp_path_factory.mktemp("relax")
    return [draw_town(folder / str(seed), 100 + seed) for seed in SEEDS]


def ways(town: Town, asked: dict) -> tuple[Relaxation, ...]:
    demand = parse_demand(asked)
    walk_m = town.walk_m if demand.near else None
    context = build_context(town.catalog, demand, today=TODAY, walk_m=walk_m)
    return list_relaxations(context, sieve(context), most=1_000)


def taken(town: Town, asked: dict) -> set[str]:
    return set(Reader(town, parse_demand(asked)).candidates())


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SEEDS), sparse(5))
def test_applying_one_yields_what_it_promised(towns: list[Town], seed: int, asked: dict) -> None:
    town, plain = towns[seed], demand_to_json(parse_demand(asked))
    before = taken(town, plain)
    for way in ways(town, asked):
        for changed in (merge_patch(plain, way.patch), plain | dict(way.patch)):
            assert len(taken(town, changed)) - len(before) == way.opens > 0
        assert way.label.zh and way.label.en and way.size > 0


def test_heads_that_ask_for_more_than_the_greatest_area(towns: list[Town]) -> None:
    """Lowering what heads ask for, yet above the greatest area, is no way out, nor an error."""
    asked = {"headcount": 70, "area_m2": {"max": 120}, "combine_adjacent": True}
    for town in towns:
        assert taken(town, asked) == set()
        for way in ways(town, asked):
            assert len(taken(town, merge_patch(asked, way.patch))) == way.opens


def ladder(asked: dict) -> dict[str, list[tuple[float, dict]]]:
    """Return every change of every rule up to its end: size and patch, smallest first."""
    demand, found = parse_demand(asked), {}
    if (limit := demand.rent_max_cny_m2_month) is not None:
        found["rent"] = [(k / limit, {"rent_cny_m2_month_max": limit + k}) for k in range(1, 42)]
    if (limit := demand.budget_max_cny_month) is not None:
        found["budget"] = [
            (k * 100 / limit, {"budget_cny_month_max": limit + k * 100}) for k in range(1, 170)
        ]
    least, most = least_area(demand), demand.area_max_m2
    if least:  # heads may ask for more than the greatest area; a range goes up, or is refused
        steps = range(max(1, ceil(least - (most or least))), int(least) + 2)
        found["area<"] = [(k / least, {"area_m2": {"min": max(least - k, 0)}}) for k in steps]
    if most:
        found["area>"] = [(k / most, {"area_m2": {"max": most + k}}) for k in range(1, 400)]
    if demand.move_in:
        found["move_in"] = [
            (k / 90, {"move_in": (demand.move_in + timedelta(days=k)).isoformat()})
            for k in range(1, 230)
        ]
    if near := demand.near:
        found["near"] = [
            (k / near.minutes, {"near": {"minutes": near.minutes + k}})
            for k in range(1, int(60 - near.minutes) + 1)
        ]
    return found | _taken_or_left(asked)


def _taken_or_left(asked: dict) -> dict[str, list[tuple[float, dict]]]:
    found = {}
    if wanted := asked.get("counties"):
        others = [c.adcode for c in COUNTIES if c.adcode not in wanted]
        found["county"] = [(0.3, {"counties": [*wanted, a]}) for a in others]
        found["county"].append((0.6, {"counties": []}))
    if wanted := asked.get("unit_kinds"):
        found["unit_kind"] = [
            (0.5, {"unit_kinds": [*wanted, str(k)]}) for k in UnitKind if k not in wanted
        ]
    for name in ("services", "amenities"):
        if wanted := asked.get(name):
            found[name] = [(0.4, {name: [w for w in wanted if w != out]}) for out in wanted]
            found[name].append((0.4 * len(wanted), {name: []}))
    for name in ("within", "stage"):
        if name in asked:
            found[name] = [(0.6, {name: None})]
    for name, need in asked.get("requires", {}).items():
        plain = isinstance(need, bool | str)
        found[name] = [(0.5 if plain else 1.0, {"requires": {name: None}})]
        if not plain:
            found[name] += [
                (k / 10 / need, {"requires": {name: round(need - k / 10, 6)}})
                for k in range(1, int(need * 10))
            ]
    return found


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(SEEDS), sparse(4))
def test_brute_force_finds_no_smaller_single_change(
    towns: list[Town], seed: int, asked: dict
) -> None:
    town, plain = towns[seed], demand_to_json(parse_demand(asked))
    before = taken(town, plain)
    found = ways(town, asked)
    singles = {}
    for way in found:
        if len(way.rules) == 1 and "combine_adjacent" not in way.patch:
            side = "area<" if way.rules == ("area",) and "下限" in way.label.zh else way.rules[0]
            side = "area>" if side == "area" else side
            singles.setdefault(side, way.size)
    joined = taken(town, plain | {"combine_adjacent": True})
    offered = any("combine_adjacent" in way.patch for way in found)
    assert offered == (len(joined) > len(before))
    for rule, changes in ladder(plain).items():
        least = next(
            (
                size
                for size, patch in sorted(changes, key=lambda c: c[0])
                if len(taken(town, merge_patch(plain, patch))) > len(before)
            ),
            None,
        )
        if least is None:
            assert rule not in singles
        else:
            assert singles[rule] == pytest.approx(least, abs=1e-5), rule


def fast(town: Town, asked: dict) -> set[int]:
    """Return the candidates by the columns, which another test compares with the records."""
    demand = parse_demand(asked)
    walk_m = town.walk_m if demand.near else None
    context = build_context(town.catalog, demand, today=TODAY, walk_m=walk_m)
    return set(sieve(context).allowed().nonzero()[0].tolist())


PAIRS = (
    {"rent_cny_m2_month_max": 12, "counties": ["330304"], "unit_kinds": ["lab"]},
    {"area_m2": {"min": 110, "max": 118}, "rent_cny_m2_month_max": 14},
    {"stage": "nursery", "services": ["patent", "legal"], "unit_kinds": ["workshop"]},
    {"move_in": "2026-11-01", "unit_kinds": ["pilot_line"], "requires": {"water": True}},
    {"near": {"lon": 120, "lat": 28, "minutes": 5}, "rent_cny_m2_month_max": 18,
     "requires": {"power_kw": 8.0}},
)  # fmt: skip


@pytest.mark.parametrize("asked", PAIRS)
@pytest.mark.parametrize("seed", SEEDS)
def test_brute_force_finds_no_smaller_pair(towns: list[Town], seed: int, asked: dict) -> None:
    town = towns[seed]
    pair = next((w for w in ways(town, asked) if len(w.rules) == 2), None)
    ladders = ladder(demand_to_json(parse_demand(asked)))
    known = {(): fast(town, asked)}
    singles = {}
    for rule, changes in ladders.items():
        singles[rule] = [
            (size, patch, fast(town, merge_patch(asked, patch))) for size, patch in changes
        ]
    limit = 9.0 if pair is None else pair.size - 1e-5
    for first, second in itertools.combinations(ladders, 2):
        if first[:4] == second[:4]:
            continue
        for one, other in itertools.product(singles[first][:60], singles[second][:60]):
            if one[0] + other[0] >= min(limit, 3.0):
                continue
            both = fast(town, merge_patch(merge_patch(asked, one[1]), other[1]))
            assert not both - one[2] - other[2] - known[()], (one[1], other[1], pair)


def test_the_pairs_asked_about_are_found(towns: list[Town]) -> None:
    found = [any(len(w.rules) == 2 for w in ways(town, asked)) for town in towns for asked in PAIRS]
    assert sum(found) >= len(found) * 0.8


def test_words_and_patches(catalog: Catalog) -> None:
    asked = {"unit_kinds": ["lab"], "rent_cny_m2_month_max": 25}
    result = match(catalog, parse_demand(asked), today=TODAY)
    assert result.total == 0
    said = [(r.rules, r.label.zh, r.opens) for r in result.relaxations]
    assert said == [
        (("rent",), "租金上限 +3 元", 1),
        (("rent",), "租金上限 +5 元", 2),
        (("unit_kind",), "也看独立单元", 2),
    ]
    assert result.relaxations[0].patch == {"rent_cny_m2_month_max": 28.0}
    elsewhere = parse_demand({"counties": ["330304"]})
    ways = match(catalog, elsewhere, today=TODAY).relaxations
    assert [(w.label.zh, w.label.en, w.opens) for w in ways] == [
        ("接受龙湾区", "Accept Longwan", 2),
        ("不限县（市、区）", "Any county", 5),
    ]


def test_a_need_is_lowered_or_left(catalog: Catalog) -> None:
    asked = {"requires": {"power_kw": 70, "water": True}}
    ways = match(catalog, parse_demand(asked), today=TODAY).relaxations
    assert [(w.label.zh, w.opens, dict(w.patch)) for w in ways] == [
        ("电力降到 63", 1, {"requires": {"power_kw": 63.0, "water": True}}),
        ("不要求电力", 1, {"requires": {"power_kw": None, "water": True}}),
        (
            "电力降到 30，不要求给水",
            2,
            {"requires": {"power_kw": 30.0, "water": None}},
        ),
    ]


def test_a_later_day_opens_what_is_being_built(catalog: Catalog) -> None:
    asked = {"move_in": "2027-02-01", "unit_kinds": ["lab"], "area_m2": {"min": 190, "max": 210}}
    ways = match(catalog, parse_demand(asked), today=TODAY).relaxations
    way = next(w for w in ways if w.rules == ("move_in",))
    assert (way.label.zh, way.opens) == ("入驻推迟到 2027-03-01", 1)
    assert date.fromisoformat(str(way.patch["move_in"])) == date(2027, 3, 1)


def test_where_much_fits_no_way_out_is_offered(tmp_path: Path) -> None:
    town = draw_town(tmp_path, 7, sites=16)
    result = match(town.catalog, parse_demand({"rent_cny_m2_month_max": 30}), today=TODAY)
    assert result.total > 20
    assert result.relaxations == ()
