"""One address, and nothing else, in an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.contact.address import hash_of, mask_address, parse_address
from geomap.domain.errors import InputError


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a@example.org", "a@example.org"),
        (" First.Last+tag@Mail.Example.CN ", "First.Last+tag@mail.example.cn"),
        ("x@xn--fiqs8s.xn--fiqs8s", "x@xn--fiqs8s.xn--fiqs8s"),
        ("", ""),
        (None, ""),
    ],
)
def test_taken(given: object, kept: str) -> None:
    assert parse_address(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "a", "a@", "@b.cn", "a@b", "a b@c.cn", "a@b.cn\n", "a@b.cn\r\nBcc: v@x.cn", "a@b.cn,c@d.cn",
        '"a b"@c.cn', "a@[127.0.0.1]", "a@127.0.0.1", "a..b@c.cn", ".a@c.cn", "a@-b.cn", "a@b..cn",
        "王@example.cn", "a@例子.cn", "<a@b.cn>", "A <a@b.cn>", "a@b.cn;", f"{'a' * 65}@b.cn",
        f"a@{'b' * 64}.cn", f"a@{'b.' * 130}cn", 5, True, ["a@b.cn"], "a@b.cn\x00", "a%0a@b.cn\t",
    ],
)  # fmt: skip
def test_refused(given: object) -> None:
    with pytest.raises(InputError) as error:
        parse_address(given)
    assert error.value.field == "email" and error.value.fix


@given(st.text(max_size=40) | st.emails())
def test_nothing_kept_can_end_a_header_or_name_a_second_address(text: str) -> None:
    try:
        kept = parse_address(text)
    except InputError:
        return
    assert not kept or (kept.count("@") == 1 and kept.isascii() and kept.isprintable())
    assert not set(kept) & set(' ,;:<>()[]"\\')


def test_what_is_shown_does_not_tell_the_address() -> None:
    assert mask_address("wang.xm@example.cn") == "w•••@example.cn"
    assert mask_address("") == ""


def test_hashes_tell_apart_by_who_and_key() -> None:
    assert hash_of("a@b.cn", "k") == hash_of("A@B.cn", "k")
    assert len({hash_of("a@b.cn", "k"), hash_of("a@b.cn", "l"), hash_of("b@b.cn", "k")}) == 3
    assert hash_of("a@b.cn", "密" * 100)
