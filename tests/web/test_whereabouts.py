"""Where a point is, in words."""

from __future__ import annotations

import pytest

from geomap.geo.crs import METRIC_EPSG
from geomap.web.context import AppContext
from geomap.web.whereabouts import Whereabouts
from tests.web.world import SOUTH, STEP, WEST


@pytest.fixture
def where(context: AppContext) -> Whereabouts:
    return Whereabouts(context.catalog, METRIC_EPSG)


def test_the_street_is_the_nearest_one_within_50_m(where: Whereabouts) -> None:
    assert where.street(WEST + 0.005, SOUTH + STEP) == "primary路"
    assert where.street(WEST + 0.005, SOUTH + STEP + 0.0004) == "primary路"
    assert where.street(WEST + 0.005, SOUTH + 10 * STEP) == ""


def test_of_two_streets_equally_near_the_first_is_named(where: Whereabouts) -> None:
    names = {where.street(WEST + 0.005, SOUTH + 2 * STEP) for _ in range(3)}
    assert names == {"minor路"}


def test_the_county_is_the_one_that_holds_the_point(where: Whereabouts) -> None:
    county = where.county(120.7, 28.05)
    assert county is not None and county.name == "鹿城区"
    assert where.county(119.0, 28.05) is None


@pytest.mark.parametrize(
    ("east", "north", "zh", "words"),
    [
        (0.0, 0.00005, "龙湾区，就在阿尔法孵化器门口", "at"),
        (0.0, -0.001, "龙湾区，阿尔法孵化器以南 111 米", "111 m south of"),
        (0.002, 0.0, "龙湾区，阿尔法孵化器以东 197 米", "197 m east of"),
        (-0.002, 0.0018, "龙湾区，阿尔法孵化器西北 280 米", "280 m north-west of"),
    ],
)
def test_words_name_county_nearest_site_and_bearing(
    where: Whereabouts, east: float, north: float, zh: str, words: str
) -> None:
    assert where.near(WEST + east, SOUTH + north, "zh") == zh
    assert where.near(WEST + east, SOUTH + north, "en") == f"Longwan, {words} 阿尔法孵化器"


def test_outside_of_every_county_the_site_is_named_alone(where: Whereabouts) -> None:
    assert where.near(119.0, 28.0, "en").endswith("m west of 阿尔法孵化器")
    assert "Longwan" not in where.near(119.0, 28.0, "en")


def test_a_catalog_without_streets_and_sites(tmp_path) -> None:
    from tests.sample_catalog import empty_catalog

    nowhere = Whereabouts(empty_catalog(tmp_path), METRIC_EPSG)
    assert nowhere.street(120.7, 28.0) == ""
    assert nowhere.near(120.7, 28.0, "zh") == ""
