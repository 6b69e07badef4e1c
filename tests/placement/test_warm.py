"""Loops are compiled before anybody waits, in the very types that they are called with."""

from __future__ import annotations

from geomap.domain.placement import PlacementMode, Policy
from geomap.placement import kernels, weigh
from geomap.placement.place import place
from geomap.placement.warm import warm
from tests.placement.market import city, project

LOOPS = [weigh.weigh, kernels.give_in_order, kernels.give_best_first]


def test_warming_leaves_nothing_to_compile() -> None:
    warm()
    before = [len(loop.signatures) for loop in LOOPS]
    for mode in PlacementMode:
        asked = [project("p", headcount=8, combine_adjacent=True), project("q", headcount=3)]
        place(city(1), asked, Policy(), mode=mode)
    assert [len(loop.signatures) for loop in LOOPS] == before
