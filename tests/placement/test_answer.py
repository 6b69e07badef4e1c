"""What a project is told besides its place: alternatives, parts, rank."""

from __future__ import annotations

from geomap.domain.placement import Policy
from geomap.domain.words import PlacementStep, UnitKind
from geomap.placement.answer import alternatives_of
from geomap.placement.place import place
from tests.placement.market import project, town, unit

MID = {"area_min_m2": 80.0, "area_max_m2": 120.0}


def test_alternatives_are_a_projects_own_best_with_who_holds_each() -> None:
    ready = town(
        *(unit(f"a{i}", "gao", 100.0 - 4 * i, floor=i) for i in range(4)),
        unit("c0", "cha", 82.0),
        unit("r0", "rui", 100.0),
    )
    asked = [project("low", **MID), project("high", priority=1, **MID)]
    placement = place(ready, asked, Policy())
    low = placement.placed[0]
    assert [part.unit_id for part in low.parts] == ["a1"] and low.rank == 2
    found = alternatives_of(placement, 0, 10)
    assert [one.parts[0].unit_id for one in found] == ["a0", "a1", "c0", "r0"]
    assert [one.taken_by for one in found] == [("high",), (), (), ()]
    assert [one.chosen for one in found] == [False, True, False, False]
    assert found[3].step is PlacementStep.OTHER_COUNTY and found[3].site_id == "rui"
    values = [one.value for one in found]
    assert values == sorted(values, reverse=True)
    assert len(alternatives_of(placement, 0, 2)) == 2
    assert alternatives_of(placement, 0, 0) == []


def test_desks_are_an_alternative_while_some_are_left() -> None:
    room = unit("room", "gao", 60.0, kind=UnitKind.OPEN_DESK, desks=10)
    asked = [project("a", headcount=4), project("b", headcount=4), project("c", headcount=6)]
    placement = place(town(room), asked, Policy())
    held = {one.project_id: one.parts[0].desks for one in placement.placed}
    assert sum(held.values()) <= 10 and len(held) == 2
    lost = next(row for row in range(3) if asked[row].id not in held)
    alternative = alternatives_of(placement, lost, 5)[0]
    assert alternative.taken_by == tuple(sorted(held))
    assert not alternative.chosen and alternative.parts[0].desks == asked[lost].demand.headcount
    kept = next(row for row in range(3) if asked[row].id in held)
    assert alternatives_of(placement, kept, 5)[0].taken_by == ()


def test_a_whole_unit_and_a_run_are_whole_parts() -> None:
    ready = town(*(unit(f"a{i}", "gao", 100.0) for i in range(2)))
    run = project("p", area_min_m2=150.0, combine_adjacent=True)
    parts = place(ready, [run], Policy()).placed[0].parts
    assert [(part.unit_id, part.area_m2, part.whole) for part in parts] == [
        ("a0", 100.0, True),
        ("a1", 100.0, True),
    ]
