from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import shapely

from geomap.catalog.build import build_catalog
from geomap.catalog.catalog import Catalog
from geomap.domain.records import Operator, Site, UnitHistory
from geomap.domain.words import LocationPrecision, SiteLevel
from geomap.plan.annex import read_targets
from geomap.store import write
from geomap.store.engine import open_store

LUCHENG, LONGWAN, WENCHENG, HAIJING = "330302", "330303", "330328", "haijing"
PLACE = shapely.Point(120.7, 27.9)
OPERATORS = (
    Operator(id="o-a", name="甲运营", professional=True, since=date(2026, 2, 1)),
    Operator(id="o-b", name="乙运营", professional=True),
    Operator(id="o-c", name="丙运营", professional=False, since=date(2026, 2, 1)),
)


def site(site_id: str, **facts: object) -> Site:
    return Site(id=site_id, name=f"载体 {site_id}", geometry=PLACE, **facts)  # type: ignore[arg-type]


SITES = {
    LUCHENG: [
        site(
            "old",
            opened_on=date(2024, 5, 1),
            area_m2=50_000.0,
            operator_id="o-a",
            level=SiteLevel.NATIONAL,
        ),
        site("a25", opened_on=date(2025, 3, 1), area_m2=120_000.0, level=SiteLevel.PROVINCIAL),
        site(
            "b26",
            opened_on=date(2026, 6, 30),
            area_m2=90_000.0,
            operator_id="o-c",
            level=SiteLevel.MUNICIPAL,
            demo=True,
        ),
        site("c26", opened_on=date(2026, 7, 1), area_m2=70_000.0),
        site("noarea", opened_on=date(2026, 1, 5)),
    ],
    LONGWAN: [
        site("a26", opened_on=date(2026, 1, 1), area_m2=34_000.0, operator_id="o-a"),
        site("undated", operator_id="o-b"),
    ],
    WENCHENG: [site("ref", reference=True, precision=LocationPrecision.COUNTY)],
    HAIJING: [],
}
"""On 2026-06-30 (`TODAY`): what each counts is worked out in the tests."""
TODAY = date(2026, 6, 30)


def month(site_id: str, year: int, number: int, tenants: int, jobs: int) -> UnitHistory:
    return UnitHistory(
        site_id=site_id,
        month=date(year, number, 1),
        leased_m2=0.0,
        vacant_m2=0.0,
        tenants=tenants,
        jobs=jobs,
        rent_cny_m2_month=None,
    )


HISTORY = (
    month("old", 2024, 12, 10, 100),
    month("old", 2025, 6, 14, 130),
    month("old", 2025, 12, 13, 150),
    month("old", 2026, 6, 20, 145),
    month("old", 2026, 7, 90, 900),
    month("a25", 2025, 3, 2, 8),
    month("a25", 2025, 12, 5, 20),
    month("a26", 2026, 2, 3, 9),
    month("a26", 2026, 5, 4, 11),
    month("undated", 2026, 3, 7, 70),
    month("undated", 2026, 4, 9, 75),
)


@pytest.fixture(scope="session")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """The annex's targets and eight sites in three reporting units."""
    folder: Path = tmp_path_factory.mktemp("plan")
    store = open_store(f"sqlite:///{folder / 'plan.gpkg'}")
    with store.writing("test") as tx:
        write.add_targets(tx, read_targets())
        write.add_operators(tx, OPERATORS)
        write.add_history(tx, HISTORY)
        for unit, sites in SITES.items():
            write.add_sites(tx, sites)
            joined = {"adcode": unit, "joined_reporting_unit": unit, "county_mismatch": False}
            write.set_joined(tx, [{"id": each.id} | joined for each in sites])
    yield build_catalog(store)
    store.close()
