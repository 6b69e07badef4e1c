"""Demonstration sites state the nearest town of their county."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geomap.demo.site_towns import state_towns
from geomap.demo.sites import SitePlan
from geomap.domain.records import Site, Town
from geomap.geo.crs import to_metric

TOWNS = (
    Town(code="330302001", name="东街", adcode="330302", lon=120.70, lat=28.00),
    Town(code="330302002", name="西街", adcode="330302", lon=120.60, lat=28.00),
    Town(code="330303001", name="邻县", adcode="330303", lon=120.71, lat=28.00),
    Town(code="330304001", name="没有点", adcode="330304"),
)


def plan_of(*places: tuple[str, float, float]) -> SitePlan:
    sites = [
        Site(id=f"s{i}", name="x", geometry=None, declared_adcode=adcode)
        for i, (adcode, _, _) in enumerate(places)
    ]
    x, y = to_metric([p[1] for p in places], [p[2] for p in places])
    none = np.zeros(len(places), dtype=np.int64)
    return SitePlan(sites, none, none, none, np.zeros(len(places)), np.column_stack([x, y]))


def test_the_nearest_town_of_the_same_county() -> None:
    # The second lies nearer to the neighbour's town; the third's county has no point.
    plan = plan_of(("330302", 120.62, 28.0), ("330302", 120.709, 28.0), ("330304", 120.7, 28.0))
    assert [s.town for s in state_towns(plan, TOWNS).sites] == ["330302002", "330302001", ""]


def test_without_towns_nothing_is_stated() -> None:
    plan = plan_of(("330302", 120.62, 28.0))
    assert state_towns(plan, []) == replace(plan, sites=plan.sites)
