"""What a demand asks, in words."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from geomap.domain.demand import Demand, Near, Requires
from geomap.domain.words import (
    AmenityCategory,
    Label,
    PermittedUse,
    Platform,
    Service,
    Stage,
    UnitKind,
)
from geomap.matching.hard import RULES, TECHNICAL
from geomap.placement.needs import REFUSAL_LABELS, lack_words, list_needs, need_of

ASKS_ALL = Demand(
    stage=Stage.ACCELERATION,
    headcount=20,
    area_min_m2=300.0,
    area_max_m2=1500.0,
    rent_max_cny_m2_month=22.5,
    budget_max_cny_month=20_000.0,
    unit_kinds=(UnitKind.PILOT_LINE, UnitKind.WORKSHOP),
    counties=("330304",),
    within=shapely.box(120, 27, 121, 28),
    move_in=date(2027, 1, 1),
    requires=Requires(
        permitted_use=PermittedUse.INDUSTRIAL,
        **{name: 4.0 if at < 5 else True for at, name in enumerate(TECHNICAL)},
    ),
    services=(Service.PATENT, Service.LEGAL),
    platforms=(Platform.TESTING,),
    amenities=(AmenityCategory.CAFE,),
    near=Near(lon=120.6, lat=28.0, minutes=15.0),
)
SAID = {
    "clear_height_m": "净高 ≥ 4 m",
    "water": "带给水",
    "permitted_use": "许可用途为工业",
    "unit_kind": "中试或厂房",
    "area": "300–1,500 ㎡",
    "rent": "租金 ≤ 22.5 元/㎡·月",
    "budget": "月租 ≤ 20,000 元",
    "stage": "收加速阶段",
    "move_in": "2027-01-01 前可入驻",
    "services": "提供专利申请、法务",
    "platforms": "有检验检测平台",
    "amenities": "15 分钟内有小茶咖",
    "near": "步行 15 分钟内",
}


@pytest.mark.parametrize("rule", SAID)
def test_each_need_is_said(rule: str) -> None:
    need = need_of(ASKS_ALL, rule)
    assert need is not None and need.zh == SAID[rule] and need.en
    assert need_of(Demand(), rule) is None


def test_every_refusal_has_a_name_and_a_sentence() -> None:
    assert set(REFUSAL_LABELS) == {*RULES, "reserved", "forbidden"}
    place = Label("瓯海", "Ouhai")
    for rule in REFUSAL_LABELS:
        for demand in (ASKS_ALL, Demand()):
            told = lack_words(demand, rule, place)
            assert "瓯海" in told.zh and "Ouhai" in told.en
    said = lack_words(ASKS_ALL, "stage", place)
    assert said == (
        "瓯海没有收加速阶段的空置中试或厂房",
        "No vacant pilot line or workshop in Ouhai taking the acceleration stage",
    )


def test_what_is_to_be_built_is_kind_area_and_technical_needs() -> None:
    needs = Requires(clear_height_m=8.0, gas=True)
    demand = Demand(unit_kinds=(UnitKind.WORKSHOP,), area_min_m2=900.0, requires=needs)
    assert list_needs(demand) == (
        "厂房，≥ 900 ㎡，净高 ≥ 8 m，带燃气",
        "Workshop, ≥ 900 ㎡, clear height ≥ 8 m, gas",
    )
    assert list_needs(Demand()).zh == "没有写明要求"
