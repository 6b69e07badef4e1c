from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from geomap.catalog.catalog import Catalog
from geomap.matching.context import build_context
from geomap.matching.demand_json import parse_demand
from geomap.matching.explain import NOT_ASKED, RULE_NAMES, RULE_WORDS, Explanation, explain
from geomap.matching.hard import RULE_LABELS, RULES
from geomap.matching.match import match
from tests.matching.conftest import TODAY
from tests.matching.strategies import demands
from tests.matching.town import Reader, Town, draw_town

WALK = np.array([700, 900, np.nan], dtype=np.float32)
BOX = {
    "type": "Polygon",
    "coordinates": [[[120.6, 27.9], [120.8, 27.9], [120.8, 28.0], [120.6, 28.0], [120.6, 27.9]]],
}


def of(catalog: Catalog, asked: dict, unit: str) -> Explanation:
    demand = parse_demand(asked)
    context = build_context(catalog, demand, today=TODAY, walk_m=WALK if demand.near else None)
    return explain(context, catalog.units.id.find(unit))[1]


@pytest.mark.parametrize(
    ("asked", "unit", "rule", "met", "zh"),
    [
        ({}, "e1", "status", True, "现在空置"),
        ({}, "e3", "status", False, "已租"),
        ({}, "v3", "status", False, "在建，2027-03-01 起可用"),
        ({}, "e1", "freshness", True, "4 天前核实"),
        ({"move_in": "2027-02-01"}, "v3", "move_in", False, "2027-03-01 起可用，2027-02-01 入驻"),
        ({"move_in": "2027-02-01"}, "e1", "move_in", True, "现在可用"),
        ({"move_in": "2027-02-01"}, "b1", "move_in", True, "可用日期未注明，要问"),
        ({"counties": ["330303"]}, "e1", "county", True, "在龙湾区"),
        ({"counties": ["330303"]}, "v1", "county", False, "在永嘉县，要龙湾"),
        ({"counties": ["330303"]}, "b1", "county", False, "不知道在哪个县（市、区）"),
        ({"within": BOX}, "e1", "within", True, "在画的范围里"),
        ({"within": BOX}, "v1", "within", False, "在画的范围外"),
        ({"within": BOX}, "b1", "within", False, "位置未知，不算在范围里"),
        ({"near": {"lon": 120.7, "lat": 27.9, "minutes": 10}}, "e1", "near", True,
         "步行 8.8 分钟，要 10 分钟内"),
        ({"near": {"lon": 120.7, "lat": 27.9, "minutes": 10}}, "v1", "near", False,
         "步行 11.2 分钟，要 10 分钟内"),
        ({"near": {"lon": 120.7, "lat": 27.9, "minutes": 10}}, "b1", "near", False,
         "步行走不到，要 10 分钟内"),
        ({"stage": "incubation"}, "e1", "stage", True, "面向孵化"),
        ({"stage": "incubation"}, "v1", "stage", False, "面向产业转化，不收孵化"),
        ({"stage": "incubation"}, "b1", "stage", True, "没有注明收哪个阶段，要问"),
        ({"services": ["patent", "legal"]}, "e1", "services", False, "缺法务"),
        ({"services": ["patent"]}, "e1", "services", True, "有专利申请"),
        ({"platforms": ["testing"]}, "e1", "platforms", False, "缺检验检测"),
        ({"amenities": ["cafe"]}, "v1", "amenities", False, "步行：缺小茶咖"),
        ({"unit_kinds": ["lab"]}, "e1", "unit_kind", True, "是实验室"),
        ({"unit_kinds": ["lab", "office"]}, "v1", "unit_kind", False, "是厂房，要实验室、独立单元"),
        ({"requires": {"permitted_use": "office"}}, "v2", "permitted_use", True, "许可用途：办公"),
        ({"requires": {"permitted_use": "industrial"}}, "v2", "permitted_use", False,
         "许可用途：办公，要工业"),
        ({"requires": {"permitted_use": "office"}}, "e1", "permitted_use", False,
         "许可用途未注明，要办公"),
        ({"requires": {"power_kw": 50}}, "e1", "power_kw", True, "电力 63 kW，要 50 kW"),
        ({"requires": {"power_kw": 50}}, "e2", "power_kw", False, "电力 30 kW，要 50 kW"),
        ({"requires": {"power_kw": 50}}, "v1", "power_kw", False, "电力未注明，要 50 kW"),
        ({"requires": {"water": True}}, "e1", "water", True, "有给水"),
        ({"requires": {"water": True}}, "e2", "water", False, "给水未注明，要问"),
        ({"rent_cny_m2_month_max": 32}, "e1", "rent", True, "租金 28 元/㎡·月，低于上限 12%"),
        ({"rent_cny_m2_month_max": 20}, "e1", "rent", False, "租金 28 元/㎡·月，高于上限 40%"),
        ({"rent_cny_m2_month_max": 20}, "b1", "rent", True, "租金未注明，要问"),
        ({"area_m2": {"min": 200}}, "e1", "area", False, "面积 180 ㎡，至少要 200 ㎡，小 20 ㎡"),
        ({"area_m2": {"max": 150}}, "e1", "area", False, "面积 180 ㎡，最多要 150 ㎡，大 30 ㎡"),
        ({"headcount": 8}, "e1", "area", True, "面积 180 ㎡，合要求"),
        ({"budget_cny_month_max": 6300}, "e1", "budget", True, "月租 5,040 元，低于预算 20%"),
        ({"budget_cny_month_max": 4200}, "e1", "budget", False, "月租 5,040 元，高于预算 20%"),
        ({"budget_cny_month_max": 4200}, "b1", "budget", True, "月租未注明，要问"),
        ({}, "e1", "rent", None, "没有要求"),
    ],
)  # fmt: skip
def test_words_of_rules(
    catalog: Catalog, asked: dict, unit: str, rule: str, met: bool | None, zh: str
) -> None:
    found = next(o for o in of(catalog, asked, unit).rules if o.name == rule)
    assert (found.met, found.reason.zh) == (met, zh)
    assert found.level == RULES[rule].level and found.reason.en


def test_a_no_in_the_record_is_told_from_nothing_stated(tmp_path: Path) -> None:
    town = draw_town(tmp_path, 2)
    said = set()
    for unit in town.units:
        rules = of(town.catalog, {"requires": {"gas": True}}, unit.id).rules
        outcome = next(o for o in rules if o.name == "gas")
        said.add((unit.gas, outcome.met, outcome.reason.zh))
    assert said == {
        (True, True, "有燃气"), (False, False, "没有燃气"), (None, False, "燃气未注明，要问"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return draw_town(tmp_path_factory.mktemp("explain"), 21, sites=3)


@settings(max_examples=40, deadline=None)
@given(demands)
def test_an_explanation_agrees_with_the_match(town: Town, asked: dict) -> None:
    """A unit fits if and only if it is a candidate; the score and the reasons are the same."""
    demand = parse_demand(asked)
    walk_m = town.walk_m if demand.near else None
    context = build_context(town.catalog, demand, today=TODAY, walk_m=walk_m)
    result = match(town.catalog, demand, today=TODAY, walk_m=walk_m, limit=500)
    known = {c.unit_id: c for c in result.candidates}
    reader, counts = Reader(town, demand), {}
    for row, unit in enumerate(town.catalog.units.id):
        _, found = explain(context, row)
        record = next(u for u in town.units if u.id == unit)
        assert [o.name for o in found.rules] == list(RULES)
        for outcome in found.rules:
            assert outcome.reason.zh and outcome.reason.en
            assert (outcome.met is None) == (outcome.reason == NOT_ASKED)
        if unit in known:
            assert found.refused_by == "" and found.candidate == known[unit]
        else:
            counts[found.refused_by] = counts.get(found.refused_by, 0) + 1
            assert {o.name: o.met for o in found.rules} == reader.rules([record])
    assert counts == result.rejected


def test_every_rule_has_its_words() -> None:
    assert set(RULES) == set(RULE_WORDS) == set(RULE_NAMES) == set(RULE_LABELS)
