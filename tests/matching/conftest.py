from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from geomap.catalog.build import build_catalog
from geomap.catalog.catalog import Catalog
from geomap.domain.records import Access, Amenity, Site, Unit
from geomap.domain.words import (
    AmenityCategory,
    PermittedUse,
    Service,
    SiteLevel,
    Stage,
    UnitKind,
    UnitStatus,
)
from geomap.store import write
from geomap.store.engine import open_store

TODAY = date(2026, 11, 24)
VERIFIED = datetime(2026, 11, 20, tzinfo=UTC)


def unit(unit_id: str, site: str, kind: UnitKind, area: float, rent: float | None, **more) -> Unit:
    values = {"status": UnitStatus.VACANT, "verified_at": VERIFIED, "free_from": TODAY} | more
    return Unit(
        id=unit_id,
        site_id=site,
        building="A",
        floor=1,
        room=unit_id,
        kind=kind,
        area_m2=area,
        rent_cny_m2_month=rent,
        **values,
    )


SITES = [
    Site(
        id="eye",
        name="眼谷",
        geometry=shapely.Point(120.70, 27.93),
        stages=(Stage.INCUBATION,),
        industries=("eye_health",),
        level=SiteLevel.NATIONAL,
        services=(Service.PATENT, Service.CLINICAL_TRIAL),
    ),
    Site(
        id="valve",
        name="阀谷",
        geometry=shapely.Point(120.68, 28.15),
        stages=(Stage.INDUSTRIALISATION,),
        industries=("industrial_valves",),
        services=(Service.PATENT,),
    ),
    Site(id="bare", name="没写什么", geometry=None),
]
UNITS = [
    unit("e1", "eye", UnitKind.LAB, 180, 28, power_kw=63, water=True),
    unit("e2", "eye", UnitKind.LAB, 320, 30, power_kw=30),
    unit("e3", "eye", UnitKind.OFFICE, 90, 35, status=UnitStatus.LEASED),
    unit("v1", "valve", UnitKind.WORKSHOP, 1500, 12, floor_load_kn_m2=15),
    unit("v2", "valve", UnitKind.OFFICE, 120, 20, permitted_use=PermittedUse.OFFICE),
    unit(
        "v3",
        "valve",
        UnitKind.LAB,
        200,
        18,
        status=UnitStatus.PIPELINE,
        free_from=date(2027, 3, 1),
    ),
    unit("b1", "bare", UnitKind.OFFICE, 60, None, verified_at=None, free_from=None),
]
JOINED = {"eye": ("330303", "330303"), "valve": ("330324", "330324"), "bare": (None, None)}


@pytest.fixture(scope="session")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    path: Path = tmp_path_factory.mktemp("match")
    store = open_store(f"sqlite:///{path / 'geomap.gpkg'}")
    cafe = AmenityCategory.CAFE
    with store.writing("test") as tx:
        write.add_sites(tx, SITES)
        write.add_units(tx, UNITS)
        write.add_amenities(tx, [Amenity(id="c", name="茶咖", category=cafe, lon=120.7, lat=27.93)])
        access = [
            Access(
                site_id=site,
                profile="wenzhou-6-6",
                category=category,
                count=int(site == "eye"),
                nearest_id="c" if site == "eye" and category == cafe else "",
                nearest_m=400.0 if site == "eye" else None,
            )
            for site in ("eye", "valve")
            for category in AmenityCategory
        ]
        write.add_access(tx, access)
        rows = [
            {"id": k, "adcode": a, "joined_reporting_unit": r, "county_mismatch": False}
            for k, (a, r) in JOINED.items()
        ]
        write.set_joined(tx, rows)
    built = build_catalog(store)
    store.close()
    return built
