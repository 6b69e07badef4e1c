"""Laws of the scores, and figures that are known by thought."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Candidate
from geomap.matching.context import Level, build_context
from geomap.matching.demand_json import CRITERIA as NAMES
from geomap.matching.demand_json import parse_demand
from geomap.matching.hard import RULES
from geomap.matching.match import candidate_of, match
from geomap.matching.scores import CRITERIA, SITE_CRITERIA, UNIT_CRITERIA, fit_of
from tests.matching.conftest import TODAY
from tests.matching.strategies import demands
from tests.matching.town import FLAGS, MEASURES, Town, draw_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return draw_town(tmp_path_factory.mktemp("scores"), 11, sites=3)


def every(town: Town, asked: dict) -> list[Candidate]:
    """Return every unit with its scores, refused or not."""
    demand = parse_demand(asked)
    walk_m = town.walk_m if demand.near else None
    context = build_context(town.catalog, demand, today=TODAY, walk_m=walk_m)
    return [candidate_of(context, row) for row in range(len(town.catalog.units))]


def fits(candidate: Candidate) -> dict[str, float]:
    return {part.name: part.fit for part in candidate.criteria}


@settings(max_examples=40, deadline=None)
@given(demands)
def test_fits_and_points_lie_in_their_bounds_and_sum_up(town: Town, asked: dict) -> None:
    for candidate in every(town, asked):
        total = sum(part.weight for part in candidate.criteria)
        assert candidate.score == sum(part.points for part in candidate.criteria)
        assert -1e-12 <= candidate.score <= 1 + 1e-12
        for part in candidate.criteria:
            assert 0 <= part.fit <= 1
            assert part.points == pytest.approx(part.weight * part.fit / total)
            assert part.reason.zh and part.reason.en


@settings(max_examples=40, deadline=None)
@given(demands, st.sampled_from(sorted(CRITERIA)), st.floats(0.5, 100))
def test_a_weight_changes_its_own_term_only(
    town: Town, asked: dict, name: str, weight: float
) -> None:
    weights = {k: v or 1.0 for k, v in asked.get("weights", {}).items()}
    before = every(town, asked | {"weights": {**weights, name: 7.0}})
    after = every(town, asked | {"weights": {**weights, name: weight}})
    for old, new in zip(before, after, strict=True):
        for one, other in zip(old.criteria, new.criteria, strict=True):
            assert (one.name, one.fit, one.reason) == (other.name, other.fit, other.reason)
            assert (one.weight == other.weight) or one.name == name


OWN_TERM = {
    "industry": ("industry", ["digital", "eye_health"]),
    "stage": ("stage", ["nursery", "acceleration"]),
    "amenities": ("amenities", [["cafe"], ["bar", "retail"]]),
    "rent_cny_m2_month_max": ("rent", [12, 30]),
    "budget_cny_month_max": ("rent", [900, 9000]),
    "area_m2": ("area", [{"min": 50, "max": 90}, {"min": 200, "max": 300}]),
    "services": ("none", [["patent"], ["legal"]]),
    "counties": ("none", [["330302"], ["330303"]]),
}


@settings(max_examples=40, deadline=None)
@given(demands, st.sampled_from(sorted(OWN_TERM)))
def test_a_value_changes_its_own_term_only(town: Town, asked: dict, field: str) -> None:
    term, (one, other) = OWN_TERM[field]
    plain = asked | {"combine_adjacent": False}
    if field == "budget_cny_month_max":
        plain.pop("rent_cny_m2_month_max", None)
    pairs = zip(every(town, plain | {field: one}), every(town, plain | {field: other}), strict=True)
    for before, after in pairs:
        left, right = fits(before), fits(after)
        assert left.keys() == right.keys()
        assert {k for k in left if left[k] != right[k]} <= {term}


@settings(max_examples=30, deadline=None)
@given(demands)
def test_all_weights_times_a_number_change_nothing(town: Town, asked: dict) -> None:
    weights = {name: 2.0 + i for i, name in enumerate(CRITERIA)}
    one = every(town, asked | {"weights": weights})
    other = every(town, asked | {"weights": {k: w * 8 for k, w in weights.items()}})
    assert [c.score for c in one] == pytest.approx([c.score for c in other])


def test_no_weight_at_all_gives_no_score(catalog: Catalog) -> None:
    result = match(
        catalog, parse_demand({"weights": dict.fromkeys(CRITERIA, 0)}), today=TODAY, limit=9
    )
    assert {c.score for c in result.candidates} == {0}
    rows = [catalog.units.id.find(c.unit_id) for c in result.candidates]
    assert rows == sorted(rows)


def test_every_rule_and_score_declares_its_level(town: Town) -> None:
    asked = {
        "industry": "digital", "stage": "incubation", "counties": ["330302"],
        "amenities": ["cafe"], "services": ["patent"], "platforms": ["testing"],
        "near": {"lon": 120, "lat": 28, "minutes": 10}, "headcount": 9,
        "within": {"type": "Polygon", "coordinates": [[[120, 27], [121, 27], [121, 28], [120, 27]]]},  # noqa: E501
        "unit_kinds": ["lab"], "rent_cny_m2_month_max": 20, "budget_cny_month_max": 2000,
        "move_in": "2026-12-01",
        "requires": dict.fromkeys(MEASURES, 1) | dict.fromkeys(FLAGS, True)
        | {"permitted_use": "office"},
    }  # fmt: skip
    context = build_context(town.catalog, parse_demand(asked), today=TODAY, walk_m=town.walk_m)
    shape = {Level.SITE: (len(town.catalog.sites),), Level.UNIT: (len(town.catalog.units),)}
    for rule in RULES.values():
        met = rule.meets(context)
        assert met is not None and met.shape == shape[rule.level] and met.dtype == bool
    rows = np.arange(len(town.catalog.units))
    assert set(CRITERIA) == set(SITE_CRITERIA) | set(UNIT_CRITERIA) == set(NAMES)
    assert tuple(CRITERIA) == NAMES
    for name, criterion in SITE_CRITERIA.items():
        fit = criterion(context)
        assert fit is not None and fit.shape == shape[Level.SITE] and CRITERIA[name] is Level.SITE
    for name, count in UNIT_CRITERIA.items():
        fit = count(context, rows)
        assert fit is not None and fit.shape == rows.shape and CRITERIA[name] is Level.UNIT
        assert fit_of(context, name, rows).tolist() == fit.tolist()


def of(catalog: Catalog, asked: dict, unit: str) -> dict[str, tuple[float, str]]:
    context = build_context(catalog, parse_demand(asked), today=TODAY)
    found = candidate_of(context, catalog.units.id.find(unit))
    return {part.name: (round(part.fit, 4), part.reason.zh) for part in found.criteria}


@pytest.mark.parametrize(
    ("asked", "unit", "name", "expected"),
    [
        ({"rent_cny_m2_month_max": 32}, "e1", "rent", (0.475, "租金 28 元/㎡·月，低于上限 12%")),
        ({"rent_cny_m2_month_max": 56}, "e1", "rent", (1.0, "租金 28 元/㎡·月，低于上限 50%")),
        ({"rent_cny_m2_month_max": 28}, "e1", "rent", (0.3, "租金 28 元/㎡·月，正好到上限")),
        ({"rent_cny_m2_month_max": 20}, "e1", "rent", (0.0, "租金 28 元/㎡·月，高于上限 40%")),
        ({"budget_cny_month_max": 5760}, "e1", "rent", (0.475, "租金 28 元/㎡·月，低于预算 12%")),
        ({}, "e1", "rent", (0.5345, "租金 28 元/㎡·月，约 5,040 元/月，比实验室常价低 3%")),
        ({}, "v1", "rent", (0.5, "租金 12 元/㎡·月，约 18,000 元/月，同类的常价")),
        ({}, "b1", "rent", (0.3, "租金未注明，要问")),
        ({"area_m2": {"min": 170, "max": 190}}, "e1", "area", (1.0, "180 ㎡，正合适")),
        ({"area_m2": {"min": 360}}, "e1", "area", (0.5, "180 ㎡，比理想小 180 ㎡")),
        ({"headcount": 90}, "e1", "area", (0.0, "180 ㎡，人均 2 ㎡")),
        ({"industry": "eye_health"}, "e1", "industry", (1.0, "主攻眼健康")),
        ({"industry": "life_health"}, "e1", "industry", (1.0, "主攻眼健康")),
        ({"industry": "gene_medicine"}, "e1", "industry", (0.8, "同一产业链：眼健康")),
        ({"industry": "software"}, "e1", "industry", (0.5, "上下游：眼健康")),
        ({"industry": "footwear"}, "e1", "industry", (0.1, "主攻别的产业：眼健康")),
        ({"industry": "footwear"}, "b1", "industry", (0.4, "没有注明产业方向")),
        ({"stage": "incubation"}, "e1", "stage", (0.8, "面向孵化")),
        ({"stage": "industrialisation"}, "v1", "stage", (1.0, "面向产业转化")),
        ({"stage": "acceleration"}, "e1", "stage", (0.3, "面向孵化")),
        ({"stage": "nursery"}, "v1", "stage", (0.0, "面向产业转化")),
        ({"stage": "nursery"}, "b1", "stage", (0.5, "没有注明孵化阶段")),
        ({"amenities": ["cafe"]}, "e1", "amenities", (0.8333, "步行：小茶咖 5 分钟")),
        ({"amenities": ["cafe"]}, "v1", "amenities", (0.0, "步行：缺小茶咖")),
        ({}, "e1", "amenities", (1.0, "15 分钟内 12 类配套齐全")),
        ({}, "e1", "room_to_grow", (1.0, "隔壁空置 320 ㎡")),
        ({}, "e2", "room_to_grow", (0.5625, "隔壁空置 180 ㎡")),
        ({}, "b1", "room_to_grow", (0.0, "隔壁没有空置")),
        ({}, "e1", "standing", (1.0, "国家级孵化器")),
        ({}, "v1", "standing", (0.2, "未认定")),
        ({}, "e1", "freshness", (0.9667, "4 天前核实")),
        ({}, "b1", "freshness", (0.25, "没有核实过，先问")),
        ({}, "e1", "services", (0.1667, "2 项服务、0 个平台：专利申请、临床试验")),
    ],
)  # fmt: skip
def test_figures_and_reasons(
    catalog: Catalog, asked: dict, unit: str, name: str, expected: tuple[float, str]
) -> None:
    assert of(catalog, asked, unit)[name] == expected


def test_a_near_without_a_walk_is_a_mistake_of_the_caller(catalog: Catalog) -> None:
    demand = parse_demand({"near": {"lon": 120, "lat": 28}})
    with pytest.raises(ValueError, match="walk_m"):
        build_context(catalog, demand, today=TODAY)


def test_ties_break_by_row_every_time(tmp_path: Path) -> None:
    town = draw_town(tmp_path, 5)
    asked = parse_demand({"weights": {name: float(name == "standing") for name in CRITERIA}})
    first = match(town.catalog, asked, today=TODAY, limit=500)
    keys = [(-round(c.score, 9), town.catalog.units.id.find(c.unit_id)) for c in first.candidates]
    assert keys == sorted(keys) and len({k[0] for k in keys}) < len(keys)
    again = match(town.catalog, asked, today=TODAY, limit=500)
    assert [c.unit_id for c in first.candidates] == [c.unit_id for c in again.candidates]
