"""Projects and policies as they come, for hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from geomap.domain.demand import Demand, Requires
from geomap.domain.industries import INDUSTRIES
from geomap.domain.placement import ChainPosition, Forbid, PlacedDemand, Policy, PolicyWeights
from geomap.domain.regions import COUNTIES
from geomap.domain.words import PlacementStep, Platform, Service, Stage, UnitKind
from tests.placement.market import TODAY

SIZES = st.sampled_from([(None, None), (40, None), (80, 200), (30, 90), (150, 600), (None, 120)])
SHARES = st.sampled_from([0.0, 0.1, 0.25, 1.0])


@st.composite
def demands(draw: st.DrawFn) -> Demand:
    least, most = draw(SIZES)
    return Demand(
        stage=draw(st.sampled_from([None, None, *Stage])),
        industry=draw(st.sampled_from(["", *(one.id for one in INDUSTRIES)])),
        headcount=draw(st.sampled_from([None, 1, 4, 8, 20, 70])),
        area_min_m2=least,
        area_max_m2=most,
        rent_max_cny_m2_month=draw(st.sampled_from([None, None, 30.0, 60.0])),
        budget_max_cny_month=draw(st.sampled_from([None, None, 2_000.0, 9_000.0])),
        unit_kinds=draw(st.sampled_from([(), (), *((kind,) for kind in UnitKind)])),
        move_in=draw(st.sampled_from([None, TODAY + timedelta(300)])),
        requires=Requires(clear_height_m=draw(st.sampled_from([None, None, None, 4.0]))),
        services=draw(st.sampled_from([(), (), (), (Service.PATENT,)])),
        platforms=draw(st.sampled_from([(), (), (), (Platform.TESTING,)])),
        combine_adjacent=draw(st.booleans()),
    )


@st.composite
def projects(draw: st.DrawFn, least: int = 1, most: int = 6) -> list[PlacedDemand]:
    found = []
    for at in range(draw(st.integers(least, most))):
        demand = draw(demands())
        found.append(
            PlacedDemand(
                demand=replace(demand, id=f"p{at}"),
                home_county=draw(st.sampled_from([county.adcode for county in COUNTIES[:4]])),
                current_site=draw(st.sampled_from(["", "s00000", "s00003"])),
                priority=draw(st.integers(0, 3)),
                growth_headcount=draw(st.sampled_from([None, 10, 80])),
                chain_position=draw(st.sampled_from([None, *ChainPosition])),
            )
        )
    return found


@st.composite
def policies(draw: st.DrawFn, units: int = 60, sites: int = 8) -> Policy:
    """Return a policy over a city of `market.city`, without pins."""
    margins = sorted(draw(st.tuples(SHARES, SHARES)))
    elsewhere = PlacementStep.OTHER_COUNTY, PlacementStep.STATE_OWNED_PARK
    steps = draw(st.sampled_from([tuple(PlacementStep)] * 3 + [tuple(PlacementStep)[1:]]))
    unit = st.integers(0, units - 1).map(lambda row: f"u{row:07d}")
    site = st.integers(0, sites - 1).map(lambda row: f"s{row:05d}")
    forbids = st.one_of(
        st.builds(Forbid, st.just("p0"), unit), st.builds(Forbid, st.just("p0"), st.just(""), site)
    )
    return Policy(
        weights=PolicyWeights(growth=draw(SHARES), chain=draw(SHARES), priority=draw(SHARES)),
        margins=dict(zip(elsewhere, margins, strict=True)),
        steps=steps,
        forbids=tuple(draw(st.lists(forbids, max_size=2))),
        reserved=tuple(draw(st.lists(unit, max_size=10, unique=True))),
    )
