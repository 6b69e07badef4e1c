"""Negation, each way it is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from geomap.domain.regions import COUNTIES
from geomap.domain.words import UnitKind
from geomap.matching.sentence.parse import parse_sentence

LONGWAN, OUHAI, DONGTOU = "330303", "330304", "330305"


def demand(text: str) -> dict[str, Any]:
    return dict(parse_sentence(text, today=date(2026, 11, 24)).demand)


@pytest.mark.parametrize(
    "text",
    [
        "不要洞头",
        "不考虑洞头",
        "不想去洞头",
        "最好不要在洞头",
        "千万别在洞头",
        "除了洞头都行",
        "除洞头外均可",
        "洞头除外",
        "洞头以外",
        "洞头就算了",
        "洞头不行",
        "洞头太远",
        "洞头不考虑",
        "not in Dongtou",
        "anywhere except Dongtou",
        "anywhere but Dongtou",
    ],
)
def test_a_county_is_left_out(text: str) -> None:
    assert set(demand(text)["counties"]) == {c.adcode for c in COUNTIES} - {DONGTOU}


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("不要厂房", {"workshop"}),
        ("不要厂房和工位", {"workshop", "open_desk"}),
        ("厂房、工位都不要", {"workshop", "open_desk"}),
        ("不要中介和厂房", {"workshop"}),
        ("千万不要给我安排厂房", {"workshop"}),
        ("只要不是厂房都行", {"workshop"}),
        ("no lab, no workshop", {"lab", "workshop"}),
        ("neither a lab nor a workshop", {"lab", "workshop"}),
        ("anything but a factory", {"workshop"}),
    ],
)
def test_a_kind_is_left_out(text: str, refused: set[str]) -> None:
    assert set(demand(text)["unit_kinds"]) == set(UnitKind) - refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不需要电梯、食堂和停车场", {}),
        ("地铁咖啡都不需要", {}),
        ("咖啡馆可有可无", {}),
        ("不一定要实验室", {}),
        ("实验室不是必须的", {}),
        ("不要靠近学校", {}),
        ("没有酒吧最好", {}),
        ("不做软件，做电池", {"industry": "batteries"}),
        ("without exhaust, but with gas", {"requires": {"gas": True}}),
        ("没有货梯的厂房", {"unit_kinds": ["workshop"]}),
        ("不要厂房，要实验室", {"unit_kinds": ["lab"]}),
        ("市区，龙湾除外", {"counties": ["330302", OUHAI]}),
        ("办公室不要太大", {"unit_kinds": ["office"]}),
        ("租金不要超过3000", {"budget_cny_month_max": 3000}),
    ],
)
def test_what_is_left(text: str, expected: dict[str, Any]) -> None:
    assert demand(text) == expected


@pytest.mark.parametrize(
    ("text", "counties"),
    [
        ("非龙湾不可", [LONGWAN]),
        ("不是龙湾就是瓯海", [LONGWAN, OUHAI]),
        ("有没有龙湾的", [LONGWAN]),
        ("除了龙湾，也可以考虑瓯海", [LONGWAN, OUHAI]),
        ("不仅龙湾，瓯海也行", [LONGWAN, OUHAI]),
    ],
)
def test_what_only_looks_like_a_refusal(text: str, counties: list[str]) -> None:
    assert demand(text) == {"counties": counties}
