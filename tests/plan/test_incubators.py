from __future__ import annotations

import pytest
import shapely

from geomap.domain.industries import BY_ID
from geomap.domain.records import CountyShape, Town
from geomap.domain.regions import BY_ADCODE, COUNTIES
from geomap.domain.words import LocationPrecision
from geomap.plan.facts import read_table
from geomap.plan.incubators import find_county_point, read_reference_sites

SHAPES = [
    CountyShape(adcode=c.adcode, name=c.name, geometry=shapely.box(i, 0, i + 1, 1))
    for i, c in enumerate(COUNTIES)
]
NANBAIXIANG = Town(code="330304003", name="南白象街道", adcode="330304", lon=2.25, lat=0.75)
BARE = Town(code="330303001", name="永中街道", adcode="330303")
OPERATORS, SITES = read_reference_sites(SHAPES, [NANBAIXIANG, BARE])
BY_SITE = {site.id: site for site in SITES}


def test_facts_are_carried_as_reference_with_their_source():
    assert len(SITES) == 24
    assert all(site.reference and not site.demo and site.source for site in SITES)
    assert not any(operator.professional or operator.demo for operator in OPERATORS)


def test_nothing_unread_is_shown():
    rows = read_table("incubators.csv")
    assert {row["status"] for row in rows} == {"read", "name-only"}
    assert not {"浙江创意园", "东经一号"} & {site.name for site in SITES}


def test_words_of_the_table_are_those_of_the_service():
    for site in SITES:
        assert set(site.industries) <= set(BY_ID)
        assert site.declared_adcode == "" or site.declared_adcode in BY_ADCODE
        assert not site.town or site.town.startswith(site.declared_adcode)
    used = {site.operator_id for site in SITES} - {""}
    assert used == {operator.id for operator in OPERATORS}


def test_no_figure_is_invented():
    assert [site.id for site in SITES if site.area_m2] == ["ref-jiguang-fuhuaqi"]
    assert not any(s.opened_on or s.tenants or s.jobs or s.services for s in SITES)


def test_a_town_with_a_label_point_places_a_site():
    site = BY_SITE["ref-shijieqingke"]
    assert (site.precision, site.geometry) == (LocationPrecision.TOWN, shapely.Point(2.25, 0.75))


@pytest.mark.parametrize("site_id", ["ref-yangu", "ref-xinguanggu"])
def test_without_one_the_county_does(site_id: str):
    site = BY_SITE[site_id]
    assert site.precision is LocationPrecision.COUNTY
    assert site.geometry == shapely.Point(1.5, 0.5)


def test_an_unknown_place_is_not_drawn():
    site = BY_SITE["ref-zhinenggu"]
    assert (site.precision, site.geometry) == (LocationPrecision.UNKNOWN, None)
    assert all(s.precision is not LocationPrecision.EXACT for s in SITES)


def test_the_county_point_lies_in_the_largest_part():
    hook = shapely.Polygon([(0, 0), (9, 0), (9, 9), (8, 9), (8, 1), (0, 1)])
    islet = shapely.box(20, 20, 21, 21)
    assert hook.contains(find_county_point(shapely.MultiPolygon([islet, hook])))
