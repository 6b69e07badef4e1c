import numpy as np
import shapely

from geomap.intake.joins import Territory, join_sites

WEST, EAST = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
COUNTIES = Territory.of(["330304", "330303"], [EAST, WEST])
ZONES = Territory.of(["haijing"], [shapely.box(0.4, 0.4, 0.6, 0.6)])


def join(geometry, declared="", explicit=""):
    sites = {
        "id": ["s"],
        "geometry": [geometry],
        "declared_adcode": [declared],
        "reporting_unit": [explicit],
    }
    return join_sites(sites, COUNTIES, ZONES)[0]


def test_a_point_takes_the_county_around_it():
    found = join(shapely.Point(0.2, 0.2))
    assert (found["adcode"], found["joined_reporting_unit"]) == ("330303", "330303")
    assert found["county_mismatch"] is None


def test_a_footprint_is_joined_by_a_point_inside_it():
    horseshoe = shapely.box(0.1, 0.1, 0.9, 0.9) - shapely.box(0.2, 0.2, 0.9, 0.8)
    assert join(horseshoe)["adcode"] == "330303"


def test_a_point_on_the_shared_boundary_gets_the_lower_code_in_any_order_of_input():
    point = shapely.Point(1.0, 0.5)
    turned = Territory.of(["330303", "330304"], [WEST, EAST])
    assert join(point)["adcode"] == "330303"
    assert turned.find(np.array([1.0]), np.array([0.5])) == ["330303"]


def test_a_declared_county_that_disagrees_is_flagged_and_the_place_decides():
    found = join(shapely.Point(1.5, 0.5), declared="330303")
    assert found["adcode"] == "330304" and found["county_mismatch"] is True
    assert join(shapely.Point(1.5, 0.5), declared="330304")["county_mismatch"] is False


def test_reporting_unit_explicit_then_zone_then_county():
    inside = shapely.Point(0.5, 0.5)
    assert join(inside)["joined_reporting_unit"] == "haijing"
    assert join(inside)["adcode"] == "330303"
    assert join(inside, explicit="330304")["joined_reporting_unit"] == "330304"


def test_without_a_place_the_declared_county_stands():
    found = join(None, declared="330304")
    assert (found["adcode"], found["joined_reporting_unit"]) == ("330304", "330304")
    assert found["county_mismatch"] is None
    assert join(None, declared="999999")["adcode"] is None


def test_outside_every_county_a_site_has_none():
    found = join(shapely.Point(9, 9), declared="330303")
    assert found["adcode"] is None and found["joined_reporting_unit"] is None


def test_no_sites_no_rows():
    empty = {"id": [], "geometry": [], "declared_adcode": [], "reporting_unit": []}
    assert join_sites(empty, COUNTIES, ZONES) == []
