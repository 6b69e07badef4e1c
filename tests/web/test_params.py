"""Query parameters: what is taken, what is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.errors import InputError
from geomap.web import params


@given(st.text(max_size=40))
def test_a_number_is_finite_and_within_or_refused(text: str) -> None:
    try:
        value = params.read_float({"x": text}, "x", None, low=-5, high=5)
    except InputError as error:
        assert error.field == "x"
    else:
        assert math.isfinite(value) and -5 <= value <= 5


@given(st.text(max_size=60))
def test_a_bbox_is_four_finite_numbers_or_refused(text: str) -> None:
    try:
        box = params.read_bbox({"bbox": text})
    except InputError as error:
        assert error.field == "bbox"
    else:
        assert box is None or (all(map(math.isfinite, box)) and box[1] <= box[3])


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_a_page_lies_within_bounds_or_is_refused(limit: int, offset: int) -> None:
    try:
        page = params.read_page({"limit": str(limit), "offset": str(offset)}, default=10)
    except InputError as error:
        assert error.field in ("limit", "offset")
    else:
        assert 1 <= page[0] <= params.MAX_LIMIT and page[1] >= 0


def test_defaults() -> None:
    assert params.read_page({}, default=7) == (7, 0)
    assert params.read_bbox({}) is None
    assert params.read_minutes({}) is None
    assert params.read_flag({}, "facets") is False
    assert params.read_text({"q": "  a "}, "q", "") == "a"
    assert params.read_choice({}, "by", ("a", "b"), "b") == "b"


def test_a_whole_number_of_five_thousand_digits_is_refused() -> None:
    with pytest.raises(InputError):
        params.read_int({"n": "9" * 5_000}, "n", 1, low=0, high=10)
