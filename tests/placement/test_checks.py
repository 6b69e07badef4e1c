"""What is refused before anything is solved."""

from __future__ import annotations

import pytest

from geomap.domain.errors import InputError
from geomap.domain.placement import Forbid, Listing, Policy
from geomap.domain.words import PlacementStep, UnitKind
from geomap.placement.place import place
from tests.placement.market import RUIAN, project, town, unit

LOCAL, OTHER, PARK, BUILD = tuple(PlacementStep)
POLICIES = {
    "no steps": (Policy(steps=()), "policy.steps"),
    "falling": (Policy(margins={OTHER: 0.2, PARK: 0.1}), "policy.margins.state_owned_park"),
    "negative": (Policy(margins={OTHER: -0.1, PARK: 0.1}), "policy.margins.other_county"),
    "wrong steps": (Policy(steps=(OTHER, PARK)), "policy.steps"),
    "builds alone": (Policy(steps=(BUILD,)), "policy.steps"),
    "all reserved": (Policy(reserved=("a1", "a2")), "policy.reserved"),
    "all forbidden": (Policy(forbids=(Forbid("p", site_id="gao"),)), "policy.forbids"),
    "unit to reserve": (Policy(reserved=("a1", "x")), "policy.reserved.1"),
    "unit to forbid": (Policy(forbids=(Forbid("p", unit_id="x"),)), "policy.forbids.0.unit_id"),
    "site to forbid": (Policy(forbids=(Forbid("p", site_id="x"),)), "policy.forbids.0.site_id"),
    "whom to forbid": (
        Policy(forbids=(Forbid("x", site_id="gao"),)),
        "policy.forbids.0.project_id",
    ),
}


@pytest.mark.parametrize("case", POLICIES)
def test_a_policy_that_cannot_be_is_refused_by_its_field(case: str) -> None:
    policy, field = POLICIES[case]
    ready = town(unit("a1", "gao"), unit("a2", "gao"))
    with pytest.raises(InputError) as caught:
        place(ready, [project("p")], policy)
    assert caught.value.field == field
    assert caught.value.reason.zh and caught.value.reason.en and caught.value.fix


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ([], "projects"),
        ([project("")], "projects.0.id"),
        ([project("a"), project("b"), project("a")], "projects.2.id"),
        ([project("a"), project("b", "110101")], "projects.1.home_county"),
    ],
)
def test_projects_that_cannot_be_are_refused(asked: list, field: str) -> None:
    with pytest.raises(InputError) as caught:
        place(town(unit("a1", "gao")), asked, Policy())
    assert caught.value.field == field


def test_nothing_that_fits_at_all_is_no_fault_of_the_policy() -> None:
    ready = town(unit("a1", "gao"))
    policy = Policy(steps=(OTHER,), reserved=("a1",))
    placement = place(ready, [project("p", area_min_m2=900.0)], policy)
    assert [one.project_id for one in placement.unplaced] == ["p"]


def test_one_project_that_can_be_placed_is_enough() -> None:
    ready = town(unit("a1", "gao"), unit("r1", "rui"))
    placement = place(ready, [project("p"), project("q", RUIAN)], Policy(reserved=("a1",)))
    assert len(placement.placed) == 1


def test_land_makes_a_policy_of_builds_possible() -> None:
    land = Listing(id="l", name="地", adcode=RUIAN, floor_area_m2=900.0)
    policy = Policy(steps=(BUILD,))
    placement = place(
        town(unit("a1", "gao")), [project("p", area_min_m2=90.0)], policy, listings=[land]
    )
    assert placement.placed[0].step is BUILD


@pytest.mark.parametrize("kinds", [(UnitKind.OFFICE,), (UnitKind.OPEN_DESK, UnitKind.OFFICE)])
def test_land_on_which_nobody_can_build_does_not_excuse_a_policy(kinds: tuple) -> None:
    land = Listing(id="l", name="地", adcode=RUIAN, floor_area_m2=900.0)
    ready = town(unit("a1", "gao"))
    with pytest.raises(InputError) as caught:
        place(ready, [project("p", unit_kinds=kinds)], Policy(steps=(BUILD,)), listings=[land])
    assert caught.value.field == "policy.steps"


def test_land_that_is_too_small_for_everybody_does_not_excuse_a_policy() -> None:
    land = Listing(id="l", name="地", adcode=RUIAN, floor_area_m2=80.0)
    ready = town(unit("a1", "gao"))
    with pytest.raises(InputError) as caught:
        asked = [project("p", area_min_m2=90.0)]
        place(ready, asked, Policy(reserved=("a1",)), listings=[land])
    assert caught.value.field == "policy.reserved"


def test_who_is_not_built_for_is_not_told_that_all_units_are_taken_or_gone() -> None:
    land = Listing(id="l", name="地", adcode=RUIAN, floor_area_m2=900.0)
    asked = [project("p", area_min_m2=90.0), project("q", unit_kinds=(UnitKind.OFFICE,))]
    placement = place(town(unit("a1", "gao")), asked, Policy(steps=(BUILD,)), listings=[land])
    (built,), (left,) = placement.placed, placement.unplaced
    assert (built.project_id, left.project_id) == ("p", "q")
    for reason in (built.reason, left.reason):
        assert reason.zh.startswith("方案没有走现有单元的步骤")
        assert reason.en.startswith("The policy tries no units")
