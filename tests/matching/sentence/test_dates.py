"""Days of moving in, relative to Tuesday, 24 November 2026, unless another day is given."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.matching.sentence.calendar_days import SPRING_FESTIVAL, next_holiday, plus_months
from geomap.matching.sentence.parse import parse_sentence

TODAY = date(2026, 11, 24)


def day(text: str, today: date = TODAY) -> str | None:
    found: str | None = parse_sentence(text, today=today).demand.get("move_in")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("八月份之前 五个人", "2027-08-01"),
        ("2027年3月1日入驻", "2027-03-01"),
        ("2027-03-01", "2027-03-01"),
        ("2027/3", "2027-03-01"),
        ("２０２７．３．１", "2027-03-01"),
        ("二〇二七年三月", "2027-03-01"),
        ("三月入驻", "2027-03-01"),
        ("3月15号", "2027-03-15"),
        ("11月入驻", "2026-11-24"),
        ("11月30日", "2026-11-30"),
        ("12月初", "2026-12-01"),
        ("十二月中旬", "2026-12-15"),
        ("明年二月底", "2027-02-28"),
        ("2028年2月底", "2028-02-29"),
        ("下个月", "2026-12-01"),
        ("下下个月15号", "2027-01-15"),
        ("月底前", "2026-11-30"),
        ("下周", "2026-11-30"),
        ("下周五", "2026-12-04"),
        ("明年", "2027-01-01"),
        ("明年年中", "2027-07-01"),
        ("今年底", "2026-12-31"),
        ("年底", "2026-12-31"),
        ("年初", "2027-01-01"),
        ("后年三月", "2028-03-01"),
        ("二季度", "2027-04-01"),
        ("Q4", "2026-11-24"),
        ("Q1末", "2027-03-31"),
        ("上半年", "2027-01-01"),
        ("明年下半年", "2027-07-01"),
        ("春节前", "2027-02-05"),
        ("过完年", "2027-02-13"),
        ("年后", "2027-02-13"),
        ("五一后", "2027-05-06"),
        ("元旦", "2027-01-01"),
        ("明年国庆前", "2027-09-30"),
        ("两周内", "2026-12-08"),
        ("三个月后", "2027-02-24"),
        ("一个半月内", "2027-01-08"),
        ("半年内", "2027-05-24"),
        ("一年内", "2027-11-24"),
        ("10天内", "2026-12-04"),
        ("马上", "2026-11-24"),
        ("现在就要", "2026-11-24"),
        ("in March", "2027-03-01"),
        ("by the end of March", "2027-03-31"),
        ("mid-January 2027", "2027-01-15"),
        ("1st of March 2027", "2027-03-01"),
        ("March 15", "2027-03-15"),
        ("in May", "2027-05-01"),
        ("next month", "2026-12-01"),
        ("next week", "2026-11-30"),
        ("by the end of next year", "2027-12-31"),
        ("within 6 weeks", "2027-01-05"),
        ("in two months", "2027-01-24"),
        ("Q2 2027", "2027-04-01"),
        ("after Chinese New Year", "2027-02-13"),
        ("asap", "2026-11-24"),
    ],
)
def test_a_day(text: str, expected: str) -> None:
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2月30日",
        "13月",
        "去年三月",
        "2024年3月",
        "明年三月量产",
        "明年底预计30人",
        "租期三年",
        "3个月免租",
        "月租5000",
        "we may come",
        "2099年入驻",
        "现在有8个人",
        "每个月5000",
        "两千一个月以内",
        "24小时",
    ],
)
def test_no_day(text: str) -> None:
    assert day(text) is None


@settings(max_examples=200, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2088, 12, 31)), st.integers(0, 3000))
def test_a_day_written_out_is_read_back_unless_it_is_past(today: date, ahead: int) -> None:
    when = today + timedelta(days=ahead)
    assert day(when.isoformat(), today) == when.isoformat()
    assert day(f"{when.year}年{when.month}月{when.day}日", today) == when.isoformat()
    before = today - timedelta(days=1 + ahead)
    assert day(before.isoformat(), today) is None


@settings(max_examples=200, deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2088, 12, 31)),
    st.sampled_from(
        [
            "三月",
            "年底",
            "下个月",
            "Q2",
            "上半年",
            "12月5日",
            "in June",
            "两个月内",
            "年初",
            "国庆后",
        ]
    ),
)
def test_what_is_relative_never_lies_in_the_past_nor_beyond_two_years(
    today: date, text: str
) -> None:
    found = day(text, today)
    assert found is not None
    assert today <= date.fromisoformat(found) <= today + timedelta(days=731)


def test_the_spring_festival_falls_between_20_january_and_21_february() -> None:
    for year, (month, number) in SPRING_FESTIVAL.items():
        assert date(year, 1, 20) <= date(year, month, number) <= date(year, 2, 21)
    assert next_holiday("", date(2036, 1, 1), when="") is None


def test_months_end_where_they_end() -> None:
    assert plus_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert plus_months(date(2027, 1, 31), 1) == date(2027, 2, 28)
