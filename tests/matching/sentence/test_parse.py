"""Laws of the parser on any text, and what it does with conflicts, negation and business."""

from __future__ import annotations

import itertools
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geomap.domain.errors import InputError
from geomap.domain.regions import COUNTIES
from geomap.domain.words import UnitKind
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.sentence.parse import MOST_CHARACTERS, Parsed, parse_sentence
from geomap.matching.sentence.vocabulary import vocabulary

TODAY = date(2026, 11, 24)
SENTENCES = [
    sentence["text"]
    for sentence in json.loads(
        (Path(__file__).parent / "sentences.json").read_text(encoding="utf-8")
    )["sentences"]
]


def read(text: str, today: date = TODAY) -> Parsed:
    return parse_sentence(text, today=today)


def demand(text: str) -> dict[str, Any]:
    return dict(read(text).demand)


def ignored(text: str) -> list[tuple[str, str]]:
    return [(item.text, item.reason) for item in read(text).ignored]


_MORE = (
    "200平 一万五 至 - 每月 元/㎡·月 不要 除了 以外 ， 。 8个人 明年三月 层高4.5米 承重1吨"
    " 以内 以上 左右 两 百"
    " 万 半 点 年 月 离 步行 10分钟 no not under 15k March ㎡ ２００ 😀 \x00 <b>"
)
PIECES = [*sorted(vocabulary()), *_MORE.split(" "), " "]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.sampled_from(SENTENCES), max_size=4).map("，".join),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("除了龙湾外龙湾不要")
@example("不要不要不要厂房不要")
@example("层高999999999999米，货梯999999999吨，999999999999千瓦，承重99999吨")
@example("面积面积面积面积200")
def test_any_text_gives_a_demand_and_spans_in_order(text: str) -> None:
    parsed = read(text[:MOST_CHARACTERS])
    spans = sorted((item.start, item.end) for item in (*parsed.understood, *parsed.ignored))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    for items in (parsed.understood, parsed.ignored):
        assert [i.start for i in items] == sorted(i.start for i in items)
    for item in parsed.ignored:
        assert item.text == text[item.start : item.end]
    assert demand_to_json(parse_demand(json.loads(json.dumps(dict(parsed.demand))))) == dict(
        parsed.demand
    )


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_nothing_is_in_the_demand_without_a_span_that_says_it(text: str) -> None:
    parsed = read(text[:MOST_CHARACTERS])
    for name, value in parsed.demand.items():
        items = [i for i in parsed.understood if i.field.partition(".")[0] == name]
        assert items, name
        if isinstance(value, list):
            wanted = {x for i in items if not i.excludes for x in i.value}
            refused = {x for i in items if i.excludes for x in i.value}
            whole = {"counties": [c.adcode for c in COUNTIES], "unit_kinds": list(UnitKind)}
            left = wanted - refused if wanted else set(whole.get(name, [])) - refused
            assert set(value) == left


def _widen(text: str) -> str:
    """Return the text in full width, where a character has such a form."""
    return "".join(
        chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text
    )


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.sampled_from(SENTENCES), TEXTS))
def test_full_width_and_half_width_read_the_same(text: str) -> None:
    text = text[:MOST_CHARACTERS]
    narrow, wide = read(text), read(_widen(text))
    assert dict(narrow.demand) == dict(wide.demand)
    assert [(i.start, i.end, i.field) for i in narrow.understood] == [
        (i.start, i.end, i.field) for i in wide.understood
    ]


@pytest.mark.parametrize(
    "piece", ["1", "一", "一百", "不要", "9,", "每月", "离", "a ", "到", "( ", "元", "2-"]
)
def test_work_grows_in_line_with_the_text(piece: str) -> None:
    def calls(length: int) -> int:
        count = 0

        def note(frame: Any, event: str, arg: Any) -> None:
            nonlocal count
            count += 1

        text = (piece * length)[:length]
        sys.setprofile(note)
        try:
            read(text)
        finally:
            sys.setprofile(None)
        return count

    read(piece)
    short, long = calls(500), calls(2000)
    assert long <= 4 * short + 20_000


@pytest.mark.parametrize("length", [MOST_CHARACTERS + 1, 10_000])
def test_a_long_text_is_refused_by_name(length: int) -> None:
    with pytest.raises(InputError) as caught:
        read("龙" * length)
    assert caught.value.field == "text" and caught.value.fix is not None
    assert str(length) in caught.value.reason.zh


@pytest.mark.parametrize("today", [date(1, 1, 1), date(1999, 12, 31), date(9999, 12, 31)])
def test_a_day_far_off_is_refused_by_name(today: date) -> None:
    with pytest.raises(InputError) as caught:
        read("明年三月", today)
    assert caught.value.field == "today"


def test_offsets_are_characters_of_the_text_as_given() -> None:
    text = "😀２００㎡，龙湾"
    spans = [(text[i.start : i.end], i.field) for i in read(text).understood]
    assert spans == [("２００㎡", "area_m2"), ("龙湾", "counties")]


def test_a_script_stays_text() -> None:
    text = "<script>alert(1)</script>龙湾"
    assert demand(text) == {"counties": ["330303"]}
    assert all(item.text in text for item in read(text).ignored)


def test_the_later_area_stands_and_the_other_is_told() -> None:
    assert demand("200平，哦不对，150到180平")["area_m2"] == {"min": 150, "max": 180}
    assert ("200平", "conflict") in ignored("200平，哦不对，150到180平")
    assert demand("至少80平，最多150平")["area_m2"] == {"min": 80, "max": 150}


def test_a_sub_sector_stands_over_its_sector_and_the_first_over_the_next() -> None:
    assert demand("生命健康行业，做眼科器械")["industry"] == "eye_health"
    assert demand("做机器人和激光的")["industry"] == "robotics"
    assert ("激光", "conflict") in ignored("做机器人和激光的")


def test_a_county_that_will_do_too_only_adds_to_others() -> None:
    assert demand("龙湾最好，洞头也行")["counties"] == ["330303", "330305"]
    assert demand("洞头也行") == {}
    assert ignored("洞头也行") == [("洞头", "asks_nothing")]


def test_people_stand_over_desks() -> None:
    assert demand("10个人，要12个工位")["headcount"] == 10
    assert ("12个", "conflict") in ignored("10个人，要12个工位")


def test_a_kind_wanted_and_refused_is_a_conflict() -> None:
    assert demand("要厂房，不要厂房")["unit_kinds"] == [
        kind for kind in UnitKind if kind is not UnitKind.WORKSHOP
    ]
    assert ("厂房", "conflict") in ignored("要厂房，不要厂房")


@pytest.mark.parametrize(
    "text",
    [
        "不需要排风",
        "不要咖啡馆",
        "不用货梯",
        "不接受合并",
        "不做软件",
        "不需要专利申请",
        "no gym",
        "without gas",
    ],
)
def test_what_is_not_wanted_is_never_asked_for(text: str) -> None:
    assert demand(text) == {}
    assert "negated" in [reason for _, reason in ignored(text)]


def test_a_county_refused_leaves_the_others() -> None:
    others = [c.adcode for c in COUNTIES if c.short != "洞头"]
    for text in ("不考虑洞头", "洞头除外", "除了洞头都行", "anywhere except Dongtou"):
        assert sorted(demand(text)["counties"]) == sorted(others)
        (item,) = read(text).understood
        assert item.excludes and item.value == ("330305",) and "洞头" in item.label.zh


@pytest.mark.parametrize(
    "text", ["没有地铁不行", "不能没有地铁", "不要离地铁太远", "除了要地铁，还要便宜"]
)
def test_a_double_negation_is_a_wish(text: str) -> None:
    assert demand(text)["amenities"] == ["transit"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("想开咖啡馆", "business"),
        ("有三项专利", "business"),
        ("现在在鹿城", "current"),
        ("2024年成立", "event"),
        ("2024年入驻", "past"),
        ("明年三月毕业", "event"),
        ("几十平", "vague"),
        ("租金200以内", "unclear"),
        ("面积不限", "asks_nothing"),
        ("温州", "whole_city"),
        ("380V", "no_field"),
        ("步行10分钟", "ring"),
        ("2平", "absurd"),
        ("今天心情不错", "unknown"),
    ],
)
def test_what_is_not_used_says_why(text: str, reason: str) -> None:
    assert demand(text) == {}
    assert reason in [r for _, r in ignored(text)]
