"""Sites by town and by sector."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import shapely

from geomap.catalog.build import build_catalog
from geomap.catalog.catalog import Catalog
from geomap.coverage import groups
from geomap.domain.records import Site, Town
from geomap.store import write
from geomap.store.engine import open_store

SITE = Site(id="a", name="甲", geometry=shapely.Point(120.7, 28.0), town="330303001")
SITES = (
    dataclasses.replace(SITE, industries=("eye_health", "life_health")),
    # By name: of two towns called so, the one of its county.
    dataclasses.replace(SITE, id="b", town="城关镇", industries=("robotics",)),
    dataclasses.replace(SITE, id="c", town="城关镇", industries=("robotics", "eye_health")),
    dataclasses.replace(SITE, id="d", town=""),
    dataclasses.replace(SITE, id="e", town="没有这个镇"),
)
TOWNS = (
    Town(code="330303001", name="永中街道", adcode="330303"),
    Town(code="330302001", name="城关镇", adcode="330302"),
    Town(code="330303002", name="城关镇", adcode="330303"),
)
COUNTY = {"a": "330303", "b": "330303", "c": None, "d": "330302", "e": "330302"}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder: Path = tmp_path_factory.mktemp("groups")
    store = open_store(f"sqlite:///{folder / 'record.gpkg'}")
    with store.writing("test") as tx:
        write.add_sites(tx, SITES)
        write.add_towns(tx, TOWNS)
        joined = [
            {"id": s, "adcode": c, "joined_reporting_unit": c, "county_mismatch": False}
            for s, c in COUNTY.items()
        ]
        write.set_joined(tx, joined)
    found = build_catalog(store)
    store.close()
    return found


def by_site(catalog: Catalog, values: object) -> dict[str, object]:
    ids = [catalog.sites.id[i] for i in range(len(catalog.sites))]
    return dict(zip(ids, values, strict=True))  # type: ignore[call-overload, no-any-return]


def test_a_town_is_named_by_code_or_by_a_name_of_the_county(catalog: Catalog) -> None:
    towns = [catalog.towns.id[i] for i in range(len(catalog.towns))]
    found = by_site(catalog, groups.town_of_sites(catalog).tolist())
    named = {site: towns[row] if row >= 0 else None for site, row in found.items()}  # type: ignore[operator, index]
    # Of c the county is not known, and two towns are called so: nothing is guessed.
    assert named == {"a": "330303001", "b": "330303002", "c": None, "d": None, "e": None}


def test_towns_are_counted(catalog: Catalog) -> None:
    found = groups.count_by_town(catalog)
    ids = [catalog.towns.id[i] for i in range(len(catalog.towns))]
    counts = dict(zip(ids, found.sites.tolist(), strict=True))
    assert counts == {"330303001": 1, "330302001": 0, "330303002": 1}
    assert found.unknown == 3


def test_a_sub_sector_counts_for_its_sector_once(catalog: Catalog) -> None:
    found = groups.count_by_sector(catalog)
    counts = {s.id: int(n) for s, n in zip(groups.SECTORS, found.sites, strict=True)}
    assert counts["life_health"] == 2
    assert counts["smart_equipment"] == 2
    assert sum(counts.values()) == 4
    assert found.unknown == 2


def test_sectors_by_county(catalog: Catalog) -> None:
    counts = groups.count_by_sector_and_county(catalog)
    assert counts.shape == (10, 12)
    assert counts.sum() == 2  # the county of c is not known
