"""Closeness to places that a passed-in function knows by their exact name."""

from __future__ import annotations

from datetime import date

import pytest

from geomap.matching.sentence.parse import Parsed, parse_sentence
from geomap.matching.sentence.places import Place

KNOWN = {"中国眼谷": Place("中国眼谷", 120.7, 28.0), "柳市": Place("柳市镇", 120.9, 28.05)}


def read(text: str) -> Parsed:
    return parse_sentence(text, today=date(2026, 11, 24), resolve=KNOWN.get)


@pytest.mark.parametrize(
    ("text", "lon", "minutes", "span"),
    [
        ("中国眼谷附近的实验室", 120.7, 15, "中国眼谷附近"),
        ("靠近中国眼谷", 120.7, 15, "靠近中国眼谷"),
        ("离中国眼谷近一点", 120.7, 15, "离中国眼谷近一点"),
        ("离中国眼谷走路十分钟以内", 120.7, 10, "离中国眼谷走路十分钟以内"),
        ("步行8分钟到中国眼谷", 120.7, 8, "步行8分钟到中国眼谷"),
        ("柳市周边，厂房", 120.9, 15, "柳市周边"),
        ("near 中国眼谷", 120.7, 15, "near 中国眼谷"),
        ("lab within 10 minutes walk of 中国眼谷", 120.7, 10, "within 10 minutes walk of 中国眼谷"),
        ("离中国眼谷步行90分钟", 120.7, 15, "离中国眼谷"),
    ],
)
def test_a_known_place(text: str, lon: float, minutes: float, span: str) -> None:
    parsed = read(text)
    assert (parsed.demand["near"]["lon"], parsed.demand["near"]["minutes"]) == (lon, minutes)
    item = next(item for item in parsed.understood if item.field == "near")
    assert text[item.start : item.end] == span


@pytest.mark.parametrize(
    "text", ["眼谷附近", "靠近中国眼科谷", "想进中国眼谷", "离地铁近", "附近", "靠近"]
)
def test_no_place(text: str) -> None:
    assert "near" not in read(text).demand


def test_without_a_function_no_place_is_known() -> None:
    parsed = parse_sentence("中国眼谷附近", today=date(2026, 11, 24))
    assert dict(parsed.demand) == {}
    assert [(item.text, item.reason) for item in parsed.ignored] == [("中国眼谷", "unknown")]


def test_a_place_not_wanted_is_set_aside() -> None:
    parsed = read("不要靠近中国眼谷")
    assert dict(parsed.demand) == {}
    assert [item.reason for item in parsed.ignored] == ["negated"]
