"""Numbers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.contact.phone import parse_phone
from geomap.domain.errors import InputError


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800138000", "+8613800138000"),
        (" 138 0013-8000 ", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("0577-88888888", "+8657788888888"),
        ("(0577) 8888888", "+865778888888"),
        ("+86 577 88888888", "+8657788888888"),
        ("010 65123456", "+861065123456"),
        ("+39 06 698 12345", "+390669812345"),
        ("0039 06 698 12345", "+390669812345"),
        ("+852 2345 6789", "+85223456789"),
    ],
)
def test_taken(written: str, kept: str) -> None:
    assert parse_phone(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "", None, 13800138000, True, [], "1380013800", "138001380001", "12800138000", "88888888",
        "0577-1888888", "577 88888888", "+86 12345", "+8600577888888", "+0123456789", "+1234567",
        "+1234567890123456", "电话", "138001380OO", "13800138000\r\nBcc: x",
        "13800138000,13800138001", "১৩৮০০১৩৮০০০", "1" * 41, "13800138000\x00",
        "400-123-4567", "++8613800138000",
    ],
)  # fmt: skip
def test_refused(written: object) -> None:
    with pytest.raises(InputError) as error:
        parse_phone(written)
    assert error.value.field == "phone" and error.value.fix


@given(st.integers(13_000_000_000, 19_999_999_999), st.lists(st.sampled_from(" -()"), max_size=20))
def test_however_a_mobile_is_spaced(number: int, between: list[str]) -> None:
    gaps = [*between, *[""] * 11]
    spaced = "".join(digit + gap for digit, gap in zip(str(number), gaps, strict=False))
    assert parse_phone(spaced) == f"+86{number}"


@given(st.text(max_size=30) | st.from_regex(r"\+?[0-9 ()-]{5,20}", fullmatch=True))
def test_what_is_kept_is_plain_and_kept_again(text: str) -> None:
    try:
        kept = parse_phone(text)
    except InputError:
        return
    assert kept.isascii() and kept[0] == "+" and kept[1:].isdigit() and len(kept) <= 16
    assert parse_phone(kept) == kept
