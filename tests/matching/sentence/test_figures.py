"""Areas, money, people and technical figures, one phrase each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from geomap.matching.sentence.parse import parse_sentence
from geomap.matching.sentence.technical import GRAVITY, need_label


def demand(text: str) -> dict[str, Any]:
    return dict(parse_sentence(text, today=date(2026, 11, 24)).demand)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("200平", 160, 240),
        ("200个平方左右", 160, 240),
        ("约200㎡", 160, 240),
        ("200平以上", 200, None),
        ("200平起", 200, None),
        ("不少于200平米", 200, None),
        ("200平以内", None, 200),
        ("最多200平", None, 200),
        ("100到150平", 100, 150),
        ("100平-150平", 100, 150),
        ("一百到一百五十平方米", 100, 150),
        ("五六十平", 50, 60),
        ("200多平", 200, 300),
        ("半亩", 266.7, 400),
        ("2亩以上", 1333.3, None),
        ("800方", 640, 960),
        ("面积200", 160, 240),
        ("面积不超过200", None, 200),
        ("200平阳光好", 160, 240),
        ("between 100 and 150 sq m", 100, 150),
        ("80 square metres or more", 80, None),
        ("up to 120 m²", None, 120),
        ("1000 sq ft", 74.3, 111.5),
    ],
)
def test_an_area(text: str, low: float | None, high: float | None) -> None:
    expected = {k: v for k, v in (("min", low), ("max", high)) if v is not None}
    assert demand(text) == {"area_m2": expected}


def test_a_county_that_begins_like_a_unit() -> None:
    assert demand("200平平阳") == {"area_m2": {"min": 160, "max": 240}, "counties": ["330326"]}


@pytest.mark.parametrize(
    "text", ["人均10平", "200平方公里", "2平", "每人8平米", "9000000平", "200平均"]
)
def test_no_area(text: str) -> None:
    assert demand(text) == {}


@pytest.mark.parametrize(
    ("text", "rent"),
    [
        ("30元/㎡·月", 30),
        ("30元每平每月", 30),
        ("30块一平", 30),
        ("每平30块", 30),
        ("1元/㎡·天", 30),
        ("1元/天/㎡", 30),
        ("一块二一平一天", 36),
        ("1块2每平每天", 36),
        ("0.8元/平", 24),
        ("240元/㎡·年", 20),
        ("租金30以内", 30),
        ("25到30元一平", 30),
        ("30 yuan per sqm", 30),
        ("1 yuan per sqm per day", 30),
        ("¥28/m2/month", 28),
    ],
)
def test_a_rent(text: str, rent: float) -> None:
    assert demand(text) == {"rent_cny_m2_month_max": rent}


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("月租一万五", 15000),
        ("月租1.5万以内", 15000),
        ("1万5一个月", 15000),
        ("两万一个月", 20000),
        ("预算8k", 8000),
        ("每月8000到1万元", 10000),
        ("年租12万", 10000),
        ("一年12万元", 10000),
        ("租金5000以内", 5000),
        ("5000元/月", 5000),
        ("一万元以内", 10000),
        ("budget of 12,000 RMB a month", 12000),
        ("under 15k per month", 15000),
        ("monthly rent 9000", 9000),
    ],
)
def test_a_budget(text: str, budget: float) -> None:
    assert demand(text) == {"budget_cny_month_max": budget}


@pytest.mark.parametrize(
    "text",
    [
        "融资500万元以内",
        "年产值2000万",
        "租金200以内",
        "租金20元/㎡以上",
        "注册资本100万元以内",
        "租3年",
        "500万",
        "预算0元",
        "500000元每平",
        "0.001元每平每月",
        "预算999999999999元",
    ],
)
def test_no_rent(text: str) -> None:
    assert demand(text) == {}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("8个人", 8),
        ("８人", 8),
        ("三五个人", 5),
        ("十几个人", 15),
        ("十来号人", 10),
        ("四十多人", 45),
        ("8到10人", 10),
        ("团队25人左右", 25),
        ("员工60名", 60),
        ("人数：35", 35),
        ("人数7", 7),
        ("我一个人", 1),
        ("10个工位", 10),
        ("team of 20", 20),
        ("a 12-person team", 12),
        ("headcount: 8", 8),
        ("twenty-five staff", 25),
    ],
)
def test_a_headcount(text: str, count: int) -> None:
    assert demand(text)["headcount"] == count


@pytest.mark.parametrize(
    "text",
    [
        "8个人工智能项目",
        "50人会议室",
        "数十人",
        "计划招20人",
        "几个人",
        "每人",
        "个人",
        "100次",
        "30000人",
    ],
)
def test_no_headcount(text: str) -> None:
    assert "headcount" not in demand(text)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("层高4.5米", "clear_height_m", 4.5),
        ("层高4米5", "clear_height_m", 4.5),
        ("净高不低于6m", "clear_height_m", 6),
        ("5米以上层高", "clear_height_m", 5),
        ("5 m clear height", "clear_height_m", 5),
        ("柱距8米", "column_spacing_m", 8),
        ("货梯3吨", "freight_lift_t", 3),
        ("3吨以上的货梯", "freight_lift_t", 3),
        ("货梯载重2000公斤", "freight_lift_t", 2),
        ("要货梯", "freight_lift_t", 1),
        ("goods lift", "freight_lift_t", 1),
        ("承重1.5吨", "floor_load_kn_m2", 14.72),
        ("承重1吨/㎡", "floor_load_kn_m2", 9.81),
        ("荷载500公斤每平方", "floor_load_kn_m2", 4.91),
        ("荷载不低于每平方米一吨", "floor_load_kn_m2", 9.81),
        ("承重每平米不低于500kg", "floor_load_kn_m2", 4.91),
        ("货梯要两台3吨的", "freight_lift_t", 3),
        ("荷载10kN/㎡", "floor_load_kn_m2", 10),
        ("1 t/m2 floor load", "floor_load_kn_m2", 9.81),
        ("200千瓦", "power_kw", 200),
        ("用电300kW", "power_kw", 300),
        ("研发用途", "permitted_use", "research"),
    ],
)
def test_a_technical_need(text: str, name: str, value: float | str) -> None:
    assert demand(text) == {"requires": {name: value}}


@pytest.mark.parametrize(
    "text", ["380V", "500kVA", "层高不超过4米", "200度电", "2吨货", "8000万千瓦"]
)
def test_no_technical_need(text: str) -> None:
    assert demand(text) == {}


def test_gravity_is_said_in_the_label() -> None:
    assert need_label("floor_load_kn_m2", GRAVITY).zh == "荷载 ≥ 9.81 kN/㎡"
