"""Cells as people write them: text, numbers, flags, words, lists."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.words import Stage, UnitKind
from geomap.intake import synonyms
from geomap.intake.values import (
    BadValueError,
    as_text,
    fold,
    is_empty,
    parse_count,
    parse_flag,
    parse_note,
    parse_text,
    plain_number,
    split_list,
    split_number,
)


def code_of(call, *args) -> str:
    with pytest.raises(BadValueError) as refused:
        call(*args)
    return refused.value.code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("  Ａ座　３０５ ", "A座 305"),
        ("第一行\n第二行", "第一行 第二行"),
        ("零宽\u200b\ufeff字", "零宽 字"),
        (305.0, "305"),
        (305.5, "305.5"),
        (305, "305"),
        (True, "true"),
        (math.nan, ""),
        (math.inf, ""),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ],
)
def test_text_is_folded_to_one_line(cell, text):
    assert as_text(cell) == text


@pytest.mark.parametrize("cell", [None, "", " ", "-", "—", "　", "暂无", "NaN", "N/A", math.nan])
def test_what_says_nothing_is_empty(cell):
    assert is_empty(cell)


@pytest.mark.parametrize("cell", [0, 0.0, False, "0", "否", "无"])
def test_zero_and_no_are_not_empty(cell):
    assert not is_empty(cell)


@given(st.text(max_size=60))
def test_text_is_folded_once(text):
    assert as_text(as_text(text)) == as_text(text)
    assert "\n" not in as_text(text)


def test_text_has_a_limit():
    assert parse_text("字" * 200).value == "字" * 200
    assert code_of(parse_text, "字" * 201) == "too_long"
    assert len(parse_note("字" * 2_000).value) == 2_000


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#div/0!"])
def test_a_failed_formula_is_refused(cell):
    assert code_of(parse_text, cell) == "formula_error"
    assert code_of(split_number, cell) == "formula_error"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1200", 1200), ("1,200", 1200), ("1,234,567.5", 1234567.5), ("-3.5", -3.5), ("1e3", 1000)],
)
def test_plain_numbers(text, value):
    assert plain_number(text) == value


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "1e999", "inf", "nan", "0x10", "1_000"])
def test_what_is_no_number(text):
    assert code_of(plain_number, text) == "not_a_number"


@pytest.mark.parametrize("text", ["1,25", "12,5", "1,2345"])
def test_a_comma_that_may_be_decimal_is_doubtful(text):
    with pytest.raises(BadValueError) as refused:
        plain_number(text)
    assert refused.value.code == "ambiguous_comma"
    assert refused.value.doubtful


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_number_written_is_read_again(value):
    assert split_number(value) == (value, "")
    assert split_number(repr(value)) == (value, "")


@given(st.integers(min_value=0, max_value=10**12))
def test_grouped_and_full_width_numbers_read_the_same(value):
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    assert split_number(f"{value:,}") == (value, "")
    assert split_number(f"{value:,}".translate(wide)) == (value, "")


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("120㎡", (120.0, "m2")),
        ("约 120 平方米", (120.0, "平方米")),
        ("1.2万㎡", (12_000.0, "m2")),
        ("３千元", (3_000.0, "元")),
        ("50千瓦", (50.0, "千瓦")),
        ("￥1,200元", (1_200.0, "元")),
        ("1.2e4", (12_000.0, "")),
    ],
)
def test_a_number_and_its_unit(cell, found):
    assert split_number(cell) == found


@pytest.mark.parametrize("cell", ["100-200", "100~200㎡", "100至200", "100 — 200"])
def test_a_range_is_no_number(cell):
    assert code_of(split_number, cell) == "range"


@pytest.mark.parametrize("cell", [True, "约", "㎡", "1e", "--5", "1.2.3", "5.", "十二"])
def test_numbers_never_crash(cell):
    try:
        value, _ = split_number(cell)
    except BadValueError:
        return
    assert math.isfinite(value)


@given(st.one_of(st.text(max_size=30), st.floats(), st.booleans()))
def test_any_cell_is_read_or_refused(cell):
    for parser in (parse_text, parse_count, parse_flag):
        try:
            parser(cell)
        except BadValueError as error:
            assert error.reason.zh
            assert error.reason.en


def test_counts():
    assert parse_count("1,200 人").value == 1200
    assert parse_count("120个").value == 120
    assert parse_count(3.0).value == 3
    assert code_of(parse_count, "3.5") == "not_whole"
    assert code_of(parse_count, "3㎡") == "not_whole"
    assert code_of(parse_count, -1) == "out_of_range"
    assert code_of(parse_count, 1e9) == "out_of_range"


@pytest.mark.parametrize("cell", ["是", "有", "√", "Y", "true", True, 1, 1.0, "ＹＥＳ"])
def test_yes(cell):
    assert parse_flag(cell).value is True


@pytest.mark.parametrize("cell", ["否", "无", "×", "n", "FALSE", False, 0, "没有"])
def test_no(cell):
    assert parse_flag(cell).value is False


def test_maybe_is_refused():
    assert code_of(parse_flag, "待定") == "not_a_flag"


def test_lists_are_split_by_every_mark():
    assert split_list("孵化、加速;办公/实验|A，B\nC") == [
        "孵化",
        "加速",
        "办公",
        "实验",
        "A",
        "B",
        "C",
    ]
    assert split_list(None) == []
    assert split_list(330302.0) == ["330302"]


def test_folding_forgets_case_width_and_joints():
    assert fold(" Open-Desk_２ ") == "opendesk2"


def test_words_are_found_by_value_label_and_synonym():
    for text in ("open_desk", "开放工位", "Open desk", "卡座", "OPEN-DESK"):
        assert synonyms.parse_kind(text).value is UnitKind.OPEN_DESK
    assert synonyms.parse_stages("加速、孵化、孵化").value == (Stage.INCUBATION, Stage.ACCELERATION)


def test_an_unknown_word_names_the_known():
    with pytest.raises(BadValueError) as refused:
        synonyms.parse_kind("别墅")
    assert "开放工位" in refused.value.fix.zh
    assert "open_desk" in refused.value.fix.en
