"""Four toy counties of boxes on both banks of the Ou, with a sea and an island."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from geomap.demo.city import DemoCity, build_city
from geomap.domain.records import CountyShape, Target, Town, Unit, UnitHistory
from geomap.domain.regions import BY_ADCODE, HAIJING
from geomap.domain.words import Indicator
from geomap.geo.crs import METRIC_EPSG, WGS84, project_geometry
from geomap.streets.graph import StreetNetwork, build_network

TODAY = date(2026, 9, 15)
SITES, UNITS = 40, 900
TERRITORY = {
    "330302": shapely.box(120.58, 27.985, 120.72, 28.032),
    "330324": shapely.box(120.58, 28.032, 120.76, 28.10),
    "330303": shapely.box(120.72, 27.90, 120.86, 28.032),
    "330305": shapely.box(120.86, 27.88, 121.00, 28.00),
}
COAST = shapely.box(120.40, 27.70, 120.83, 28.30)
ISLAND = shapely.box(120.875, 27.905, 120.965, 27.975)
SPACE = {"330302": 60.0, "330324": 30.0, "330303": 60.0, "330305": 10.0, HAIJING: 40.0}


def make_counties() -> list[CountyShape]:
    return [
        CountyShape(adcode=code, name=BY_ADCODE[code].name, geometry=shape)
        for code, shape in TERRITORY.items()
    ]


def make_land() -> list[dict[str, Any]]:
    solid = shapely.union(COAST, ISLAND)
    rows = [
        {"adcode": code, "source": "test", "geometry": shape.intersection(solid)}
        for code, shape in TERRITORY.items()
    ]
    around = solid.difference(shapely.union_all(list(TERRITORY.values())))
    return [*rows, {"adcode": "", "source": "test", "geometry": around}]


def make_targets() -> list[Target]:
    """Two years of tasks; the second half as large again."""
    tasks = []
    for unit, space in SPACE.items():
        for year, factor in ((2025, 1.0), (2026, 1.5), (2027, 2.0)):
            tasks += [
                Target(
                    reporting_unit=unit, year=year, indicator=Indicator.SPACE, value=space * factor
                ),
                Target(reporting_unit=unit, year=year, indicator=Indicator.OPERATORS, value=1.0),
            ]
    return tasks


def make_city(seed: int = 7, sites: int = SITES, units: int = UNITS) -> DemoCity:
    towns = [
        Town(code="330324101000", name="瓯北街道", adcode="330324", lon=120.655, lat=28.05),
        Town(code="330324102000", name="无坐标镇", adcode="330324"),
    ]
    return build_city(
        make_counties(),
        make_land(),
        towns,
        make_targets(),
        sites=sites,
        units=units,
        seed=seed,
        today=TODAY,
    )


@dataclass(frozen=True)
class Built:
    """The city, and what tests ask of it again and again."""

    city: DemoCity
    units: list[Unit]
    history: list[UnitHistory]
    network: StreetNetwork
    water: shapely.Geometry
    land: shapely.Geometry
    ways: np.ndarray[Any, Any]


@pytest.fixture(scope="session")
def built() -> Built:
    city = make_city()
    lines = np.array([row["geometry"] for row in city.streets], dtype=object)

    def metric(shape: shapely.Geometry) -> shapely.Geometry:
        return project_geometry(shape, WGS84, METRIC_EPSG)

    return Built(
        city=city,
        units=list(city.units),
        history=list(city.history),
        network=build_network(city.ways),
        water=metric(shapely.union_all([row["geometry"] for row in city.water])),
        land=metric(shapely.union_all([row["geometry"] for row in make_land()])),
        ways=np.array([metric(line) for line in lines], dtype=object),
    )
