from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.matching.basis import build_basis
from geomap.matching.demand_json import parse_demand
from geomap.matching.match import match
from geomap.matching.reverse import list_suited, narrow
from tests.matching.conftest import TODAY
from tests.matching.strategies import sparse
from tests.matching.town import Town, draw_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return draw_town(tmp_path_factory.mktemp("reverse"), 31)


@settings(max_examples=50, deadline=None)
@given(st.lists(sparse(3), min_size=1, max_size=4))
def test_both_ways_give_the_same_candidates(town: Town, asked: list[dict]) -> None:
    catalog, demands = town.catalog, [parse_demand(one) for one in asked]
    basis = build_basis(catalog)
    forth = [
        match(
            catalog, d, today=TODAY, limit=999, basis=basis, walk_m=town.walk_m if d.near else None
        ).candidates
        for d in demands
    ]
    for site, site_id in enumerate(catalog.sites.id):
        walks = [town.walk_m[site : site + 1] if d.near else None for d in demands]
        given_demands = list(zip(demands, walks, strict=True))
        suited = list_suited(catalog, basis, site, given_demands, today=TODAY)
        best = {
            place: next((c for c in found if c.site_id == site_id), None)
            for place, found in enumerate(forth)
        }
        assert {s.place: s.candidate for s in suited} == {p: c for p, c in best.items() if c}
        order = [(-round(s.candidate.score, 9), s.place) for s in suited]
        assert order == sorted(order)
        own = catalog.units_of(site)
        for row in range(own.start, own.stop):
            unit = catalog.units.id[row]
            back = list_suited(catalog, basis, site, given_demands, today=TODAY, unit=row)
            expected = {
                place: next((c for c in found if unit in c.unit_ids), None)
                for place, found in enumerate(forth)
            }
            assert {s.place: s.candidate for s in back} == {p: c for p, c in expected.items() if c}


def test_a_narrowed_catalog_holds_one_site(town: Town) -> None:
    catalog, basis = town.catalog, build_basis(town.catalog)
    for site, site_id in enumerate(catalog.sites.id):
        here, resting = narrow(catalog, basis, site)
        assert list(here.sites.id) == [site_id]
        own = catalog.units_of(site)
        assert list(here.units.id) == list(catalog.units.id)[own]
        assert here.units_of(0) == slice(0, own.stop - own.start)
        assert build_basis(here).after.tolist() == resting.after.tolist()
        assert build_basis(here).before.tolist() == resting.before.tolist()
