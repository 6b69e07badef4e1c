"""Values used last are kept, within a number and a size."""

from __future__ import annotations

from geomap.web.recent import Recent


def test_the_longest_unused_goes_first() -> None:
    recent: Recent[str] = Recent(most=2, most_bytes=100)
    made: list[str] = []

    def get(key: str, ground: object = None) -> str:
        return recent.get(key, (ground,), lambda: made.append(key) or key, len)

    assert [get(key) for key in "abacab"] == list("abacab")
    assert made == ["a", "b", "c", "b"]
    assert len(recent) == 2


def test_another_ground_makes_it_anew() -> None:
    recent: Recent[list[int]] = Recent(most=2, most_bytes=100)
    first, second = object(), object()
    one = recent.get("a", (first,), lambda: [1], len)
    assert recent.get("a", (first,), lambda: [2], len) is one
    assert recent.get("a", (second,), lambda: [2], len) == [2]
    assert len(recent) == 1


def test_large_values_make_room_but_one_stays() -> None:
    recent: Recent[str] = Recent(most=8, most_bytes=10)
    for key in "abc":
        recent.get(key, (), lambda: "x" * 4, len)
    assert len(recent) == 2
    recent.get("large", (), lambda: "x" * 50, len)
    assert len(recent) == 1
