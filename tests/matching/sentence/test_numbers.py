"""Numbers as people write them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.matching.sentence.fold import fold
from geomap.matching.sentence.numbers import NUMBER, Amount, read_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("200", 200),
        ("1,200", 1200),
        ("12,000.5", 12000.5),
        ("1.5万", 15000),
        ("1万5", 15000),
        ("1万5千", 15000),
        ("3千", 3000),
        ("15k", 15000),
        ("1.2w", 12000),
        ("一万五", 15000),
        ("一万五千", 15000),
        ("两千五", 2500),
        ("二百五十", 250),
        ("二百五", 250),
        ("一百零五", 105),
        ("十", 10),
        ("十八", 18),
        ("二十", 20),
        ("一百", 100),
        ("百", 100),
        ("半", 0.5),
        ("两万三", 23000),
        ("十二万", 120000),
        ("一点五万", 15000),
        ("一点二", 1.2),
        ("一万零五百", 10500),
        ("twenty-five", 25),
        ("two hundred", 200),
        ("a dozen", 12),
        ("twelve", 12),
        ("三百二", 320),
    ],
)
def test_a_number(text: str, value: float) -> None:
    assert re.fullmatch(NUMBER, text), text
    assert read_number(text) == pytest.approx((value, value, False))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("三五", 3, 5),
        ("七八", 7, 8),
        ("二三十", 20, 30),
        ("两三百", 200, 300),
        ("一百五六十", 150, 160),
        ("十七八", 17, 18),
        ("十几", 10, 20),
        ("二十几", 20, 30),
        ("200多", 200, 300),
        ("一百五十多", 150, 160),
        ("一千多", 1000, 2000),
        ("五六百", 500, 600),
        ("三四千", 3000, 4000),
        ("一两百", 100, 200),
    ],
)
def test_a_number_that_leaves_a_range(text: str, low: float, high: float) -> None:
    assert re.fullmatch(NUMBER, text), text
    assert read_number(text) == Amount(low, high)


def test_about() -> None:
    assert read_number("两百来") == Amount(200, 200, True)


@pytest.mark.parametrize("text", ["", "二五", "一二三", "十百", "百千", "零零", "半半", "九三"])
def test_no_number(text: str) -> None:
    assert read_number(text) is None


_ONES = "零一二三四五六七八九"


def _write(value: int) -> str:
    """Write 1…9999 in Chinese with every place named."""
    out, zero = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            out += ("零" if zero and out else "") + _ONES[digit] + name
            zero = False
        else:
            zero = True
    return out


@given(st.integers(1, 9999))
def test_every_number_written_out_is_read_back(value: int) -> None:
    assert read_number(_write(value)) == Amount(value, value)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_tens_of_thousands_too(high: int, low: int) -> None:
    text = f"{_write(high)}万零{_write(low)}"
    assert read_number(text) == Amount(high * 10_000 + low, high * 10_000 + low)


@given(st.text(max_size=50))
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [("２００㎡", "200㎡"), ("Ａ１", "a1"), ("—", "-"), ("龍灣", "龙湾"), ("，", ",")],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded
