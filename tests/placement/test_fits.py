"""Growth, chain and value, by hand."""

from __future__ import annotations

import pytest

from geomap.domain.placement import ChainPosition, Policy, PolicyWeights
from geomap.domain.words import Platform, UnitStatus
from geomap.placement.book import build_book
from geomap.placement.fits import Worth, area_needed, chain_shares, vacant_by_site
from tests.placement.market import TODAY, project, town, unit

TOOLS = {
    "gao": {"platforms": (Platform.LAB_EQUIPMENT, Platform.TESTING, Platform.CRO)},
    "cha": {"platforms": (Platform.TESTING,)},
}


def test_the_area_needed_grows_with_the_headcount() -> None:
    ready = town()
    asked = project("p", headcount=10, growth_headcount=25, area_min_m2=80.0, area_max_m2=120.0)
    assert area_needed(asked, ready.context(asked.demand)) == 250.0
    for left_out in (
        project("p", headcount=10),
        project("p", growth_headcount=25, area_min_m2=80.0),
    ):
        assert area_needed(left_out, ready.context(left_out.demand)) == 0.0


@pytest.mark.parametrize(
    ("position", "shares"),
    [
        (ChainPosition.UPSTREAM, {"gao": 1.0, "cha": 0.5, "rui": 0.0}),
        (ChainPosition.MIDSTREAM, {"gao": 0.5, "cha": 0.0, "rui": 0.0}),
        (ChainPosition.DOWNSTREAM, {"gao": 0.5, "cha": 0.5, "rui": 0.0}),
    ],
)
def test_two_platforms_of_a_position_are_all_it_takes(position, shares) -> None:
    sites = town(sites=TOOLS).catalog.sites
    found = chain_shares(sites, position)
    assert {name: found[sites.id.find(name)] for name in shares} == shares


def test_what_is_not_told_is_left_out() -> None:
    assert chain_shares(town(sites=TOOLS).catalog.sites, None) is None
    assert chain_shares(town().catalog.sites, ChainPosition.UPSTREAM) is None


def test_growth_looks_at_what_the_site_has_left_and_at_what_is_coming() -> None:
    ready = town(
        unit("a1", "gao", 100.0),
        unit("a2", "gao", 50.0, floor=2),
        unit("a3", "gao", 900.0, floor=3, status=UnitStatus.LEASED),
        unit("soon", "rui", 100.0, status=UnitStatus.PIPELINE),
    )
    assert vacant_by_site(ready)[ready.catalog.sites.id.find("gao")] == 150.0
    asked = project(
        "p", headcount=10, growth_headcount=25, area_min_m2=80.0, area_max_m2=120.0, move_in=TODAY
    )
    book = build_book(ready, [asked], Policy())
    units = ready.catalog.units.id
    for pair, row in enumerate(book.row.tolist()):
        growth = {"a1": 150.0, "a2": 150.0, "soon": 100.0}[units[row]] / 250.0
        assert book.fit[pair] == pytest.approx((book.score[pair] + 0.2 * growth) / 1.2)


def test_a_value_is_a_whole_number_from_one_on() -> None:
    worth = Worth.of(project("p", priority=2), PolicyWeights(), 0.0, False)
    assert worth.value(0.8, 0.1) == round(10_000 * 1.25 * 1.7)
    nothing = Worth.of(project("p"), PolicyWeights(placed=0.0), 0.0, False)
    assert nothing.value(0.05, 0.15) == 1
    assert nothing.fit(0.5, 1.0, 1.0) == 0.5
