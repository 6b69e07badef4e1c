"""A few records, one of each."""

from datetime import UTC, date, datetime

import shapely

from geomap.domain import records as r
from geomap.domain.placement import ChainPosition
from geomap.domain.words import (
    AmenityCategory,
    Indicator,
    LocationPrecision,
    PermittedUse,
    Service,
    SiteLevel,
    Stage,
    UnitKind,
    UnitStatus,
)

SITE = r.Site(
    id="s-1",
    name="眼谷 <b>一期</b>",
    geometry=shapely.box(120.70, 27.90, 120.71, 27.91),
    precision=LocationPrecision.STREET,
    declared_adcode="330303",
    stages=(Stage.INCUBATION, Stage.ACCELERATION),
    industries=("eye_health",),
    level=SiteLevel.NATIONAL,
    operator_id="o-1",
    area_m2=12_000.0,
    services=(Service.PATENT,),
    opened_on=date(2024, 3, 1),
    tenants=40,
    source="测试",
)
NOWHERE = r.Site(id="s-2", name="位置未知", geometry=None, precision=LocationPrecision.UNKNOWN)
UNIT = r.Unit(
    id="u-1",
    site_id="s-1",
    building="B2",
    floor=3,
    room="305",
    kind=UnitKind.LAB,
    area_m2=186.5,
    status=UnitStatus.VACANT,
    rent_cny_m2_month=28.0,
    free_from=date(2026, 3, 1),
    verified_at=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
    water=True,
    gas=False,
    power_kw=63.0,
    permitted_use=PermittedUse.RESEARCH,
    divisible_min_m2=60.0,
)
RECORDS = {
    "counties": r.CountyShape(
        adcode="330303", name="龙湾区", geometry=shapely.box(120.6, 27.8, 120.9, 28.0), source="x"
    ),
    "zones": r.Zone(id="z", name="海经区", geometry=shapely.box(120.9, 27.8, 121.1, 28.0)),
    "towns": r.Town(code="330303001", name="永中街道", adcode="330303", lon=120.8, lat=27.93),
    "operators": r.Operator(id="o-1", name="运营", professional=True, since=date(2020, 1, 1)),
    "sites": SITE,
    "units": UNIT,
    "unit_history": r.UnitHistory(
        site_id="s-1",
        month=date(2026, 1, 1),
        leased_m2=100.0,
        vacant_m2=50.0,
        tenants=3,
        jobs=20,
        rent_cny_m2_month=None,
    ),
    "amenities": r.Amenity(
        id="a",
        name="书吧",
        category=AmenityCategory.BOOKSHOP,
        lon=120.7,
        lat=27.9,
        source="测试",
        source_date="2026-05-01",
    ),
    "projects": r.Project(
        id="p",
        name="项目",
        home_county="330303",
        demand={"headcount": 8},
        growth_headcount=20,
        chain_position=ChainPosition.MIDSTREAM,
    ),
    "targets": r.Target(reporting_unit="haijing", year=2026, indicator=Indicator.SPACE, value=None),
    "rings": r.Ring(
        site_id="s-1",
        profile="wenzhou-6-6",
        minutes=15.0,
        speed_kmh=4.8,
        geometry=shapely.Point(120.7, 27.9).buffer(0.01),
        area_m2=1e6,
        truncated=False,
        snapped_m=12.0,
        network="abc",
    ),
    "access": r.Access(
        site_id="s-1",
        profile="wenzhou-6-6",
        category=AmenityCategory.CAFE,
        count=0,
        nearest_id="",
        nearest_m=None,
    ),
}
