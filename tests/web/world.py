"""A small world whose answers are known by thought.

A square grid of streets, 21 × 21 junctions 0.001° apart (98.4 m east, 110.8 m north), from
120.700, 28.000. Site *alpha* stands on its south-west corner, *beta* on its north-east
one; *far* lies on an island without streets, *nowhere* has no place, *town* is only known
to its town.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import shapely

from geomap.coverage.build import build_coverage
from geomap.coverage.profiles import get_profile
from geomap.domain import records as r
from geomap.domain.words import (
    AmenityCategory,
    Indicator,
    LocationPrecision,
    PermittedUse,
    Platform,
    Service,
    SiteLevel,
    Stage,
    UnitKind,
    UnitStatus,
)
from geomap.store import write
from geomap.store.engine import open_store
from geomap.streets.file import save_network
from geomap.streets.graph import StreetNetwork, build_network
from geomap.streets.ways import StreetClass, Ways

TODAY = date(2026, 11, 24)
WEST, SOUTH, STEP, SIZE = 120.700, 28.000, 0.001, 21
MARKUP = "贝塔<script>alert(1)</script>"
_VERIFIED = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def _unit(unit_id: str, site: str, kind: UnitKind, area: float, **more: object) -> r.Unit:
    given = {"building": "A", "floor": 1, "room": unit_id, "status": UnitStatus.VACANT}
    given |= {"rent_cny_m2_month": 28.0, "verified_at": _VERIFIED, "free_from": TODAY}
    return r.Unit(id=unit_id, site_id=site, kind=kind, area_m2=area, **(given | more))  # type: ignore[arg-type]


SITES = (
    r.Site(
        id="alpha",
        name="阿尔法孵化器",
        geometry=shapely.Point(120.700, 28.000),
        address="温州大道 1 号",
        town="330303001",
        stages=(Stage.INCUBATION,),
        industries=("eye_health",),
        level=SiteLevel.NATIONAL,
        operator_id="o",
        area_m2=12_000.0,
        services=(Service.PATENT, Service.LEGAL),
        platforms=(Platform.TESTING,),
        opened_on=date(2024, 3, 1),
        tenants=40,
        jobs=300,
        source="测试",
        source_date="2026-01-01",
    ),
    r.Site(
        id="beta",
        name=MARKUP,
        geometry=shapely.Point(120.720, 28.020),
        industries=("robotics",),
        demo=True,
    ),
    r.Site(id="far", name="海岛基地", geometry=shapely.Point(121.100, 27.900)),
    r.Site(
        id="nowhere", name="位置未知", geometry=None, precision=LocationPrecision.UNKNOWN,
        reference=True,
    ),
    r.Site(
        id="town", name="镇上", geometry=shapely.Point(120.710, 28.010),
        precision=LocationPrecision.TOWN,
    ),
)  # fmt: skip
UNITS = (
    _unit(
        "a1", "alpha", UnitKind.LAB, 180.0, floor=3, water=True, gas=False, power_kw=63.0,
        permitted_use=PermittedUse.RESEARCH,
    ),
    _unit("a2", "alpha", UnitKind.OFFICE, 90.0, floor=1, status=UnitStatus.LEASED, free_from=None),
    _unit("a3", "alpha", UnitKind.OFFICE, 60.0, floor=1, building="B", rent_cny_m2_month=None),
    _unit("b1", "beta", UnitKind.LAB, 320.0, rent_cny_m2_month=20.0, verified_at=None, demo=True),
    _unit(
        "b2", "beta", UnitKind.WORKSHOP, 1500.0, status=UnitStatus.PIPELINE,
        free_from=date(2027, 3, 1), divisible_min_m2=300.0, demo=True,
    ),
    _unit("n1", "nowhere", UnitKind.OPEN_DESK, 30.0, desks=6),
)  # fmt: skip
_CAFE, _TRANSIT = AmenityCategory.CAFE, AmenityCategory.TRANSIT
AMENITIES = (
    r.Amenity(id="cafe-1", name="近茶咖", category=_CAFE, lon=120.705, lat=28.000),
    r.Amenity(id="cafe-2", name="远茶咖", category=_CAFE, lon=120.710, lat=28.000),
    r.Amenity(id="stop", name="站", category=_TRANSIT, lon=120.715, lat=28.000, demo=True),
)
"""From alpha along the southern street: 492, 984 and 1,476 m (the last beyond 15 minutes)."""

JOINED = {
    "alpha": ("330303", "330303"),
    "beta": ("330302", "330302"),
    "far": ("330305", "haijing"),
    "nowhere": (None, None),
    "town": ("330302", "330302"),
}


def build_streets() -> StreetNetwork:
    """Return the grid as a network."""
    number = np.arange(SIZE * SIZE).reshape(SIZE, SIZE)
    lines = [*number, *number.T]
    nodes = np.concatenate(lines)
    lon, lat = WEST + nodes % SIZE * STEP, SOUTH + nodes // SIZE * STEP
    offsets = np.arange(len(lines) + 1) * SIZE
    classes = np.full(len(lines), StreetClass.MINOR, dtype=np.int8)
    bridges = np.zeros(len(lines), dtype=np.bool_)
    coords = np.column_stack([lon, lat])
    return build_network(Ways(coords, offsets, nodes, classes, [""] * len(lines), bridges))


def _streets() -> list[dict[str, object]]:
    ends = WEST + (SIZE - 1) * STEP
    rows = []
    for i, klass in enumerate(("motorway", "primary", "minor", "path")):
        lat = SOUTH + i * STEP
        line = shapely.LineString([(WEST, lat), (ends, lat)])
        rows.append(
            {"name": f"{klass}路", "klass": klass, "bridge": i == 0, "demo": True, "geometry": line}
        )
    return rows


def build_world(folder: Path) -> None:
    """Write the record and the network into a data folder."""
    network = build_streets()
    save_network(network, folder / "network")
    walkable = [site for site in SITES if site.id in ("alpha", "beta", "far")]
    rings, access = build_coverage(
        network,
        [site.id for site in walkable],
        [site.geometry.x for site in walkable],  # type: ignore[union-attr]
        [site.geometry.y for site in walkable],  # type: ignore[union-attr]
        AMENITIES,
        get_profile("wenzhou-6-6"),
    )
    store = open_store(f"sqlite:///{folder / 'geomap.gpkg'}")
    with store.writing("test") as tx:
        _write_places(tx)
        write.add_operators(tx, [r.Operator(id="o", name="阿尔法运营", professional=True)])
        write.add_sites(tx, SITES)
        write.add_units(tx, UNITS)
        write.add_amenities(tx, AMENITIES)
        write.add_history(tx, _history())
        write.add_targets(tx, _targets())
        write.add_rings(tx, rings)
        write.add_access(tx, access)
        joined = [
            {"id": k, "adcode": a, "joined_reporting_unit": u, "county_mismatch": k == "beta"}
            for k, (a, u) in JOINED.items()
        ]
        write.set_joined(tx, joined)
    store.close()


def _write_places(tx: object) -> None:
    shapes = {"330302": (120.60, 28.015, 120.80, 28.10), "330303": (120.60, 27.90, 120.80, 28.015)}
    names = {"330302": "鹿城区", "330303": "龙湾区"}
    counties = [
        r.CountyShape(adcode=a, name=names[a], geometry=shapely.box(*box), source="测试")
        for a, box in shapes.items()
    ]
    write.add_counties(tx, counties)  # type: ignore[arg-type]
    zone = shapely.box(121.0, 27.8, 121.2, 28.0)
    zones = [r.Zone(id="z", name="海经区", geometry=zone, reporting_unit="haijing", source="测试")]
    write.add_zones(tx, zones)  # type: ignore[arg-type]
    towns = [
        r.Town(code="330303001", name="永中街道", adcode="330303", lon=120.75, lat=27.95),
        r.Town(code="330303002", name="无处街道", adcode="330303"),
    ]
    write.add_towns(tx, towns)  # type: ignore[arg-type]
    land = [
        {"adcode": a, "source": "测试", "geometry": shapely.box(*box).buffer(-0.01)}
        for a, box in shapes.items()
    ]
    river = shapely.box(120.69, 28.0101, 120.73, 28.0109)
    write.write_rows(tx, "land", land)  # type: ignore[arg-type]
    write.write_rows(tx, "water", [{"name": "江", "demo": True, "geometry": river}])  # type: ignore[arg-type]
    write.write_rows(tx, "streets", _streets())  # type: ignore[arg-type]


def _history() -> list[r.UnitHistory]:
    return [
        r.UnitHistory(
            site_id="alpha", month=date(2026, m, 1), leased_m2=100.0 * m, vacant_m2=50.0,
            tenants=m, jobs=20, rent_cny_m2_month=28.0,
        )
        for m in (1, 2)
    ]  # fmt: skip


def _targets() -> list[r.Target]:
    space = Indicator.SPACE
    return [
        r.Target(reporting_unit="330303", year=2026, indicator=space, value=40.0),
        r.Target(reporting_unit="330302", year=2026, indicator=space, value=30.0),
        r.Target(reporting_unit="haijing", year=2026, indicator=Indicator.TENANTS, value=None),
        r.Target(reporting_unit="330303", year=2025, indicator=Indicator.JOBS, value=500.0),
    ]
