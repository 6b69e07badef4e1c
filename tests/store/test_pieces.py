"""Cutting a unit: nothing is lost, and what cannot be let goes with the last part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.store.pieces import cut_unit
from geomap.store.placement_scenarios import PlacePart


def part(project: str, area: float, desks: int = 0, *, whole: bool = False) -> PlacePart:
    return PlacePart(project, project, "u", area, desks, whole)


def told(area: float, desks: int | None, least: float | None, *parts: PlacePart) -> object:
    cut = cut_unit(area, desks, least, parts)
    pieces = [(p.part.project_id, p.area_m2, p.desks, p.own) for p in cut.pieces]
    return pieces, (cut.area_m2, cut.desks, cut.free)


def test_a_whole_unit_keeps_its_row() -> None:
    expected = ([("a", 186.523, None, False)], (186.523, None, False))
    assert told(186.523, None, None, part("a", 186.52, whole=True)) == expected
    assert told(186.523, None, None, part("a", 100.0)) == expected, "not divisible"
    assert told(186.523, None, 50.0, part("a", 186.52, whole=True)) == expected
    assert told(80.0, 12, None, part("a", 80.0, whole=True)) == (
        [("a", 80.0, 12, False)],
        (80.0, 12, False),
    )


def test_a_part_is_split_off() -> None:
    assert told(1000.0, None, 200.0, part("a", 300.0)) == (
        [("a", 300.0, None, True)],
        (700.0, None, True),
    )
    assert told(1000.0, None, 200.0, part("a", 300.0), part("b", 500.0)) == (
        [("a", 300.0, None, True), ("b", 500.0, None, True)],
        (200.0, None, True),
    )


def test_what_is_too_small_to_let_goes_with_the_last() -> None:
    assert told(1000.0, None, 200.0, part("a", 300.0), part("b", 500.01)) == (
        [("a", 300.0, None, True), ("b", 700.0, None, False)],
        (700.0, None, False),
    )
    assert told(1000.0, None, 600.0, part("a", 600.0)) == (
        [("a", 1000.0, None, False)],
        (1000.0, None, False),
    )


def test_desks_are_counted() -> None:
    assert told(100.0, 20, None, part("a", 25.0, 5), part("b", 50.0, 10)) == (
        [("a", 25.0, 5, True), ("b", 50.0, 10, True)],
        (25.0, 5, True),
    )
    assert told(100.0, 20, None, part("a", 25.0, 5), part("b", 75.0, 15)) == (
        [("a", 25.0, 5, True), ("b", 75.0, 15, False)],
        (75.0, 15, False),
    )


def test_more_than_there_is_is_refused() -> None:
    for parts in ([part("a", 700.0), part("b", 300.02)], [part("a", 1000.02)]):
        with pytest.raises(ValueError, match="u"):
            cut_unit(1000.0, None, 100.0, parts)
    for desks in (4, None):
        with pytest.raises(ValueError, match="u"):
            cut_unit(100.0, desks, None, [part("a", 10.0, 3), part("b", 10.0, 2)])


@given(
    st.integers(100, 10_000_000),
    st.integers(1, 1_000_000),
    st.lists(st.integers(1, 1_000_000), min_size=1, max_size=6),
)
def test_areas_add_up(hundredths: int, least: int, wanted: list[int]) -> None:
    parts = [part(str(i), area / 100) for i, area in enumerate(wanted)]
    if sum(wanted) > hundredths:
        with pytest.raises(ValueError, match="u"):
            cut_unit(hundredths / 100, None, least / 100, parts)
        return
    cut = cut_unit(hundredths / 100, None, least / 100, parts)
    own = [round(p.area_m2 * 100) for p in cut.pieces if p.own]
    assert sum(own) + round(cut.area_m2 * 100) == hundredths
    assert cut.free == (hundredths - sum(wanted) >= least)
    assert [p.part for p in cut.pieces] == parts
    assert sum(not p.own for p in cut.pieces) == (not cut.free)
    for piece, area in zip(cut.pieces, wanted, strict=True):
        assert round(piece.area_m2 * 100) == area or (not piece.own and piece is cut.pieces[-1])
