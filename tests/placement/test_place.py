"""Laws of an allocation, whoever solves it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geomap.domain.errors import InputError
from geomap.domain.placement import Listing, Pin, PlacementMode, Policy
from geomap.domain.words import PlacementStep
from geomap.placement.explain import offered_at, refused_by
from geomap.placement.place import place
from geomap.placement.result import Placement
from geomap.placement.steps import STEPS, margins_of
from tests.placement.market import city, project, town, unit
from tests.placement.strategies import policies, projects

FEW = settings(deadline=None, max_examples=40)
SEEDS = st.integers(0, 5)
MODES = st.sampled_from(list(PlacementMode))


def solved(ready, asked, policy, mode=PlacementMode.OPTIMAL, **more) -> Placement:
    try:
        return place(ready, asked, policy, mode=mode, **more)
    except InputError as error:
        assume(error.field not in ("policy.steps", "policy.reserved", "policy.forbids"))
        raise


def taken(placement: Placement) -> dict[str, tuple[float, int, int]]:
    """Return m², desks and number of projects by unit."""
    found: dict[str, tuple[float, int, int]] = {}
    for placed in placement.placed:
        for part in placed.parts:
            area, desks, count = found.get(part.unit_id, (0.0, 0, 0))
            found[part.unit_id] = area + part.area_m2, desks + part.desks, count + 1
    return found


@FEW
@given(SEEDS, projects(), policies(), MODES)
def test_no_unit_is_given_beyond_what_it_has(seed, asked, policy, mode) -> None:
    ready = city(seed)
    units = ready.catalog.units
    for name, (area, desks, count) in taken(solved(ready, asked, policy, mode)).items():
        row = units.id.find(name)
        assert area <= float(units.area_m2[row]) + 1e-3
        parted = bool(units.divisible_min_m2[row] < units.area_m2[row])
        if units.kind[row] == 0 and units.desks[row] > 0:
            assert desks <= int(units.desks[row])
        elif not parted:
            assert count == 1


@FEW
@given(SEEDS, projects(), policies(), MODES)
def test_everybody_is_told_and_no_rule_is_broken(seed, asked, policy, mode) -> None:
    ready = city(seed)
    units, placement = ready.catalog.units, solved(ready, asked, policy, mode)
    told = [one.project_id for one in (*placement.placed, *placement.unplaced)]
    assert sorted(told) == [one.id for one in asked]
    by_id = {one.id: one for one in asked}
    for one in placement.placed:
        rows = [units.id.find(part.unit_id) for part in one.parts]
        area = sum(part.area_m2 for part in one.parts)
        offered = offered_at(ready, by_id[one.project_id].demand, None, rows, area)
        assert refused_by(offered) == ""
        assert not {part.unit_id for part in one.parts} & set(policy.reserved)
        assert one.step in policy.steps
        assert abs(sum(each.points for each in one.criteria) - one.score) < 1e-6
        for forbid in policy.forbids:
            if forbid.project_id == one.project_id:
                assert forbid.site_id != one.site_id
                assert forbid.unit_id not in {part.unit_id for part in one.parts}
    for one in (*placement.placed, *placement.unplaced):
        assert [line.step for line in one.tried] == list(PlacementStep)
        assert all(line.reason.zh and line.reason.en for line in one.tried)
        assert one.reason.zh and one.reason.en


@FEW
@given(SEEDS, projects(), policies(), MODES)
def test_the_same_question_has_the_same_answer(seed, asked, policy, mode) -> None:
    one, two = (solved(city(seed), asked, policy, mode) for _ in range(2))
    assert one.placed == two.placed
    assert one.unplaced == two.unplaced
    assert one.objective == two.objective


@FEW
@given(SEEDS, projects(), policies(), MODES)
def test_a_later_step_beats_a_free_earlier_one_by_more_than_the_margin(
    seed, asked, policy, mode
) -> None:
    placement = solved(city(seed), asked, policy, mode)
    book, margins = placement.book, margins_of(policy)
    left = np.array(book.pairs.capacity)
    for pair in placement.allocation.choice:
        if pair >= 0:
            span = slice(*book.pairs.use_start[pair : pair + 2])
            left[book.pairs.resource[span]] -= book.pairs.use[span]
    for row, chosen in enumerate(placement.allocation.choice.tolist()):
        for pair in range(book.span(row).start, book.span(row).stop):
            span = slice(*book.pairs.use_start[pair : pair + 2])
            if (book.pairs.use[span] > left[book.pairs.resource[span]]).any():
                continue
            assert chosen >= 0, "a free place is left to nobody"
            gain = book.fit[chosen] - book.fit[pair]
            over = margins[book.step[chosen]] - margins[book.step[pair]]
            assert gain >= over - 2e-4
            if book.step[pair] < book.step[chosen] and book.pairs.value[pair] > 1:
                assert book.pairs.value[chosen] > book.pairs.value[pair]


@FEW
@given(SEEDS, projects(), policies())
def test_nobody_would_change_a_stable_allocation(seed, asked, policy) -> None:
    placement = solved(city(seed), asked, policy, PlacementMode.STABLE)
    assert placement.blocking == placement.objective.blocking_pairs == 0


@settings(deadline=None, max_examples=25)
@given(SEEDS, projects(most=4), policies(units=18, sites=4))
def test_the_best_total_is_that_of_trying_everything(seed, asked, policy) -> None:
    ready = city(seed, units=18, sites=4)
    placement = solved(ready, asked, policy)
    assert placement.objective.total == placement.objective.bound == best_total(placement)
    assert placement.baseline.total <= placement.objective.total


def best_total(placement: Placement) -> int:
    """Return the best total over every way of giving each project one of its pairs, or none."""
    pairs, best = placement.book.pairs, 0
    choices = [
        [None, *range(placement.book.span(row).start, placement.book.span(row).stop)]
        for row in range(len(pairs))
    ]
    assume(np.prod([float(len(one)) for one in choices]) < 60_000)
    for chosen in itertools.product(*choices):
        left, total = pairs.capacity.copy(), 0
        for pair in chosen:
            if pair is not None:
                span = slice(*pairs.use_start[pair : pair + 2])
                left[pairs.resource[span]] -= pairs.use[span]
                total += int(pairs.value[pair])
        if total > best and (left >= 0).all():
            best = total
    return best


@FEW
@given(SEEDS, projects(), policies(), MODES, st.data())
def test_pins_hold_and_never_raise_the_total(seed, asked, policy, mode, data) -> None:
    ready = city(seed)
    free = solved(ready, asked, policy, mode)
    book = free.book
    assume(len(book.row))
    pair = data.draw(st.integers(0, len(book.row) - 1))
    row = int(np.searchsorted(book.pairs.start, pair, side="right")) - 1
    units = tuple(ready.catalog.units.id[one] for one in book.members(pair))
    pinned = place(ready, asked, replace(policy, pins=(Pin(asked[row].id, units),)), mode=mode)
    held = next(one for one in pinned.placed if one.project_id == asked[row].id)
    assert {part.unit_id for part in held.parts} == set(units)
    assert held.pinned and abs(held.value - int(book.pairs.value[pair])) <= 1
    assert sum(one.pinned for one in pinned.placed) == 1
    if mode is PlacementMode.OPTIMAL:
        assert pinned.objective.total <= free.objective.total
        assert pinned.objective.total <= pinned.objective.bound


@FEW
@given(SEEDS, st.sampled_from([1, 3]), projects(), policies(), MODES)
def test_an_earlier_allocation_is_kept_where_nothing_is_lost(
    seed, alike, asked, policy, mode
) -> None:
    ready = city(seed, alike=alike)
    first = solved(ready, asked, policy, mode)
    units = {one.project_id: tuple(part.unit_id for part in one.parts) for one in first.placed}
    again = place(ready, asked, replace(policy, keep=units), mode=mode)
    assert again.placed == first.placed
    assert (again.objective.kept, again.objective.moved) == (len(units), 0)


def test_of_two_equal_places_the_earlier_one_is_kept() -> None:
    ready = town(unit("a1", "gao"), unit("a2", "gao", floor=2))
    asked = [project("p", area_min_m2=50.0, area_max_m2=150.0)]
    for mode in PlacementMode:
        assert place(ready, asked, Policy(), mode=mode).placed[0].parts[0].unit_id == "a1"
        kept = place(ready, asked, Policy(keep={"p": ("a2",)}), mode=mode)
        assert kept.placed[0].parts[0].unit_id == "a2"


def test_the_whole_is_told_as_it_goes() -> None:
    told: list[tuple[int, int]] = []
    ready = town(unit("a1", "gao"))
    place(ready, [project("p")], Policy(), progress=lambda done, of: told.append((done, of)))
    assert told[0] == (0, 1000) and all(done <= of for done, of in told)
    assert told == sorted(told)


def test_a_hall_is_shared_by_area_and_a_room_by_desks() -> None:
    from geomap.domain.words import UnitKind

    ready = town(
        unit("hall", "gao", 1000.0, kind=UnitKind.WORKSHOP, divisible_min_m2=200.0),
        unit("room", "cha", 60.0, kind=UnitKind.OPEN_DESK, desks=10),
    )
    halls = [
        project(f"h{i}", unit_kinds=(UnitKind.WORKSHOP,), area_min_m2=300.0, area_max_m2=500.0)
        for i in range(3)
    ]
    desks = [project(f"d{i}", unit_kinds=(UnitKind.OPEN_DESK,), headcount=4) for i in range(3)]
    placement = place(ready, [*halls, *desks], Policy())
    assert taken(placement) == {"hall": (800.0, 0, 2), "room": (48.0, 8, 2)}
    assert sorted(one.project_id for one in placement.unplaced) == ["d2", "h2"]
    parts = {one.project_id: one.parts[0] for one in placement.placed}
    assert (parts["h0"].area_m2, parts["h0"].whole) == (400.0, False)
    assert (parts["d0"].desks, parts["d0"].area_m2, parts["d0"].whole) == (4, 24.0, False)


def test_a_project_without_headcount_takes_all_desks() -> None:
    from geomap.domain.words import UnitKind

    ready = town(unit("room", "cha", 60.0, kind=UnitKind.OPEN_DESK, desks=10))
    part = place(ready, [project("p")], Policy()).placed[0].parts[0]
    assert (part.desks, part.area_m2, part.whole) == (10, 60.0, True)


def test_a_part_is_not_smaller_than_what_is_let() -> None:
    ready = town(unit("hall", "gao", 1000.0, divisible_min_m2=200.0))
    small = project("p", area_min_m2=50.0, area_max_m2=250.0)
    assert place(ready, [small], Policy()).placed[0].parts[0].area_m2 == 200.0
    smaller = project("p", area_min_m2=50.0, area_max_m2=150.0)
    assert place(ready, [smaller], Policy()).unplaced[0].tried[0].rejected == {"area": 1}


def test_neighbours_are_taken_together() -> None:
    ready = town(*(unit(f"a{i}", "gao", 100.0) for i in range(3)))
    asked = [project("p", area_min_m2=150.0, area_max_m2=250.0, combine_adjacent=True)]
    one = place(ready, asked, Policy()).placed[0]
    assert [part.unit_id for part in one.parts] == ["a0", "a1"]
    assert [part.area_m2 for part in one.parts] == [100.0, 100.0]


def test_listings_are_built_on_home_first_and_share_their_floor() -> None:
    from geomap.domain.words import UnitKind

    ready = town(unit("a1", "gao", 50.0))
    asked = [
        project(
            f"p{i}", unit_kinds=(UnitKind.WORKSHOP,), area_min_m2=1000.0, area_max_m2=1000.0,
            priority=p,
        )
        for i, p in enumerate((0, 1, 2))
    ]  # fmt: skip
    far = Listing(id="far", name="远地", adcode="330381", floor_area_m2=1500.0)
    near = Listing(id="near", name="近地", adcode="330304", floor_area_m2=1999.0)
    placement = place(ready, asked, Policy(), listings=[far, near])
    given = {one.project_id: one.build.listing.id for one in placement.placed}
    assert given == {"p1": "near", "p2": "far"}
    assert placement.unplaced[0].project_id == "p0"
    assert placement.objective.by_step[PlacementStep.CUSTOM_BUILD] == 2
    assert placement.objective.placed == 2 and placement.objective.local == 0


@pytest.mark.parametrize("mode", PlacementMode)
def test_nobody_is_lost_where_nothing_fits(mode: PlacementMode) -> None:
    ready = town(unit("a1", "gao", 50.0))
    placement = place(ready, [project("p", area_min_m2=500.0)], Policy(), mode=mode)
    assert placement.placed == () and placement.objective.total == 0
    assert [line.candidates for line in placement.unplaced[0].tried] == [0, 0, 0, 0]
    assert placement.unplaced[0].relaxations
    assert len(STEPS) == 3
