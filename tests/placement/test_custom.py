"""Where workshops are built to order."""

from __future__ import annotations

import pytest

from geomap.domain.placement import Listing, Policy
from geomap.domain.words import PlacementStep, UnitKind
from geomap.placement.custom import holds_industry, may_be_built
from geomap.placement.place import place
from tests.placement.market import OUHAI, RUIAN, project, town, unit


def land(name: str, adcode: str = OUHAI, area: float = 5000.0, *industries: str) -> Listing:
    return Listing(id=name, name=name, adcode=adcode, floor_area_m2=area, industries=industries)


@pytest.mark.parametrize(
    ("listed", "industry", "holds"),
    [
        ((), "industrial_valves", True),
        (("industrial_valves",), "industrial_valves", True),
        (("pumps_valves",), "industrial_valves", True),
        (("industrial_valves",), "pumps_valves", True),
        (("footwear",), "industrial_valves", False),
        (("footwear", "pumps_valves"), "industrial_valves", True),
        (("footwear",), "", True),
    ],
)
def test_a_listing_holds_an_industry_or_its_sector(listed, industry, holds) -> None:
    assert holds_industry(land("l", OUHAI, 1.0, *listed), industry) is holds


@pytest.mark.parametrize(
    ("kinds", "may"),
    [((), True), ((UnitKind.WORKSHOP,), True), ((UnitKind.OFFICE,), False),
     ((UnitKind.OFFICE, UnitKind.LAB), True), ((UnitKind.OPEN_DESK,), False)],
)  # fmt: skip
def test_no_workshop_is_built_for_desks_and_offices(kinds, may) -> None:
    assert may_be_built(project("p", unit_kinds=kinds)) is may


def chosen(listings: list[Listing], policy: Policy | None = None, **more: object) -> str:
    asked = project("p", area_min_m2=900.0, area_max_m2=1100.0, **more)
    policy = Policy() if policy is None else policy
    placement = place(town(unit("a1", "gao", 10.0)), [asked], policy, listings=listings)
    return placement.placed[0].build.listing.id if placement.placed else ""


def test_home_first_then_its_industry_then_the_tightest() -> None:
    far, wide, tight = land("far", RUIAN), land("wide"), land("tight", OUHAI, 1000.0)
    small = land("small", OUHAI, 999.0)
    own = land("own", OUHAI, 9000.0, "footwear")
    assert chosen([far, wide, tight, small]) == "tight"
    assert chosen([far, wide]) == "wide"
    assert chosen([far, small]) == "far"
    assert chosen([wide, tight, own], industry="footwear") == "own"
    assert chosen([own, far], industry="auto_parts") == "far"
    assert chosen([small]) == ""


def test_a_forecast_asks_for_more_room() -> None:
    lands = [land("now", OUHAI, 1500.0), land("later", OUHAI, 2500.0)]
    assert chosen(lands, headcount=50) == "now"
    assert chosen(lands, headcount=50, growth_headcount=100) == "later"


def test_a_policy_may_leave_building_out() -> None:
    steps = tuple(PlacementStep)[:3]
    assert chosen([land("l")], Policy(steps=steps)) == ""
