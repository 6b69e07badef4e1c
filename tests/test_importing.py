"""Every kind of import in every format, from a file to the record."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.build import open_catalog
from geomap.config import Settings, read_settings
from geomap.domain.errors import ConflictError, InputError, NotReadyError
from geomap.domain.words import Label, Stage, UnitKind, UnitStatus
from geomap.geo.crs import to_metric
from geomap.geo.datum import wgs84_to_bd09, wgs84_to_gcj02
from geomap.importing import import_file, kinds
from geomap.intake.report import Outcome
from geomap.store.engine import open_store
from geomap.store.read import get_meta
from geomap.store.write import add_sites
from layers.export import export_layer
from tests.imports import (
    LUCHENG,
    log_of,
    prepared_settings,
    stored,
    write_csv,
    write_geojson,
    write_gpkg,
    write_shapefile,
    write_xlsx,
)
from tests.intake.base_data import packaged_counties

LON, LAT = LUCHENG
SITE = {"编号": "s-1", "名称": "瓯江孵化器", "县区": "鹿城区", "阶段": "孵化、加速"}
SITE |= {"产业": "数字经济", "建筑面积（万㎡）": 1.2, "运营机构": "甲公司"}
PLACE = {"经度": LON, "纬度": LAT}
UNIT = {"编号": "u-1", "基地": "瓯江孵化器", "楼层": "三层", "房号": "301", "类型": "办公室"}
UNIT |= {"面积": "120㎡", "状态": "可租", "租金（元/㎡·天）": 1.2, "起租日": "2026年3月1日"}
AMENITY = {"编号": "a-1", "名称": "江心咖啡", "类别": "咖啡馆"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return prepared_settings(tmp_path / "data")


def found(report, outcome: Outcome | None = None) -> dict[str, int]:
    """Return how often each finding was made."""
    groups = report.findings.groups.items()
    return {code: g.count for (o, code, _), g in groups if outcome in (None, o)}


def metres_off(row: dict[str, Any], lon: float, lat: float) -> float:
    point = row["geometry"]
    x, y = to_metric([shapely.get_x(point), lon], [shapely.get_y(point), lat])
    return float(np.hypot(x[1] - x[0], y[1] - y[0]))


FORMATS = {
    "utf-8": ("a.csv", lambda p, rows, shapes: write_csv(p, rows)),
    "utf-8-sig": ("a.csv", lambda p, rows, shapes: write_csv(p, rows, "utf-8-sig")),
    "gb18030": ("a.csv", lambda p, rows, shapes: write_csv(p, rows, "gb18030")),
    "xlsx": ("a.xlsx", lambda p, rows, shapes: write_xlsx(p, rows)),
    "titled": ("a.xlsx", lambda p, rows, shapes: write_xlsx(p, rows, above=["温州市台账", ""])),
    "geojson": ("a.geojson", write_geojson),
    "shapefile": ("a.zip", lambda p, rows, shapes: write_shapefile(p, rows, shapes)),
    "gbk_shapefile": (
        "a.zip",
        lambda p, rows, shapes: write_shapefile(
            p, rows, shapes, encoding="GBK", leave_out=(".cpg",)
        ),
    ),
    "gpkg": ("a.gpkg", write_gpkg),
}
FEW = ("xlsx", "geojson", "gpkg")
"""One format of each reader but text; sites go through every format."""
TEXT = ("utf-8", "utf-8-sig", "gb18030", "xlsx", "titled")


def make(folder: Path, form: str, rows: list[dict[str, Any]], shapes: list[BaseGeometry]) -> Path:
    """Write rows in a format; in a table of text the place is two columns, or WKT."""
    name, write = FORMATS[form]
    if form in TEXT:
        placed = [
            {"经度": s.x, "纬度": s.y} if s.geom_type == "Point" else {"wkt": s.wkt} for s in shapes
        ]
        rows = [{**row, **place} for row, place in zip(rows, placed, strict=True)]
    if "shapefile" in form:
        rows = [{key.split("（")[0][:3]: value for key, value in row.items()} for row in rows]
    return write(folder / name, rows, shapes)


def put_site(settings: Settings, folder: Path, **more: Any) -> None:
    file = write_csv(folder / "site.csv", [{**SITE, **PLACE, **more}])
    assert import_file(settings, "sites", file, crs="wgs84").stored


@pytest.mark.parametrize("form", FORMATS)
def test_sites_from_every_format(settings: Settings, tmp_path: Path, form: str):
    row = {key: value for key, value in SITE.items() if "面积" not in key} | {"面积": "1.2万㎡"}
    file = make(tmp_path, form, [row], [shapely.Point(LUCHENG)])
    report = import_file(settings, "sites", file, crs="wgs84")
    assert (report.stored, report.new, report.unknown_columns) == (True, 1, ())
    (site,) = stored(settings, "sites")
    assert site["name"] == "瓯江孵化器"
    assert site["area_m2"] == 12_000.0
    assert tuple(site["stages"]) == (Stage.INCUBATION, Stage.ACCELERATION)
    assert site["declared_adcode"] == "330302"
    assert site["adcode"] == "330302"
    assert not site["demo"]
    assert metres_off(site, LON, LAT) < 0.2
    assert [o["name"] for o in stored(settings, "operators")] == ["甲公司"]


@pytest.mark.parametrize("form", FEW)
def test_units_from_every_format(settings: Settings, tmp_path: Path, form: str):
    put_site(settings, tmp_path)
    rows = [{**UNIT, "租金": "1.2元/㎡·天"}]
    rows[0].pop("租金（元/㎡·天）")
    file = make(tmp_path, form, rows, [shapely.Point(LUCHENG)])
    report = import_file(settings, "units", file)
    assert report.stored, report.to_text("en")
    (unit,) = stored(settings, "units")
    assert (unit["site_id"], unit["floor"], unit["room"]) == ("s-1", 3, "301")
    assert unit["kind"] == UnitKind.OFFICE
    assert unit["status"] == UnitStatus.VACANT
    assert unit["area_m2"] == 120.0
    assert unit["rent_cny_m2_month"] == 36.5
    assert unit["free_from"] == date(2026, 3, 1)


@pytest.mark.parametrize("form", FEW)
def test_amenities_from_every_format(settings: Settings, tmp_path: Path, form: str):
    file = make(tmp_path, form, [AMENITY], [shapely.Point(LUCHENG)])
    report = import_file(settings, "amenities", file, crs="wgs84")
    assert report.stored, report.to_text("en")
    (amenity,) = stored(settings, "amenities")
    assert (amenity["name"], amenity["category"]) == ("江心咖啡", "cafe")
    assert amenity["source"] == file.name
    assert metres_off(amenity, LON, LAT) < 0.2


@pytest.mark.parametrize("form", FEW)
def test_zones_from_every_format(settings: Settings, tmp_path: Path, form: str):
    area = shapely.box(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)
    row = {"编号": "z-1", "名称": "江北片", "任务单位": "鹿城区"}
    file = make(tmp_path, form, [row], [area])
    report = import_file(settings, "zones", file, crs="wgs84")
    assert report.stored, report.to_text("en")
    (zone,) = stored(settings, "zones")
    assert zone["name"] == "江北片"
    assert shapely.equals_exact(zone["geometry"].normalize(), area.normalize(), 1e-9)


@pytest.mark.parametrize("form", ["geojson", "shapefile", "gpkg"])
def test_boundaries_from_every_format(settings: Settings, tmp_path: Path, form: str):
    counties = packaged_counties()
    rows = [{"代码": c.adcode, "名称": c.name} for c in counties]
    moved = [c.geometry for c in counties]
    file = make(tmp_path, form, rows, moved)
    report = import_file(settings, "boundaries", file, crs="cgcs2000")
    assert report.stored, report.to_text("en")
    assert {c["source"] for c in stored(settings, "counties")} == {file.name}
    assert len(stored(settings, "counties")) == 12


def test_boundaries_that_lack_a_county_are_refused(settings: Settings, tmp_path: Path):
    counties = packaged_counties()[:-1]
    rows = [{"代码": c.adcode, "名称": c.name} for c in counties]
    file = write_geojson(tmp_path / "a.geojson", rows, [c.geometry for c in counties])
    before = log_of(settings)
    with pytest.raises(InputError):
        import_file(settings, "boundaries", file, crs="wgs84", accept_partial=True)
    assert log_of(settings) == before
    assert len(stored(settings, "counties")) == 12


PROJECT = {
    "编号": "p-1",
    "名称": "芯片甲",
    "县区": "鹿城区",
    "阶段": "加速",
    "需求面积": "100-200㎡",
}
PROJECT |= {"类型": "实验室、办公", "租金上限": "40", "入驻日期": "2026/9/1", "荷载": "500kg/㎡"}


@pytest.mark.parametrize("form", ["utf-8", "gb18030", "xlsx"])
def test_projects_from_tables(settings: Settings, tmp_path: Path, form: str):
    name, write = FORMATS[form]
    report = import_file(settings, "projects", write(tmp_path / name, [PROJECT], []))
    assert report.stored, report.to_text("en")
    (project,) = stored(settings, "projects")
    demand = project["demand"]
    assert project["home_county"] == "330302"
    assert demand["stage"] == "acceleration"
    assert demand["area_m2"] == {"min": 100.0, "max": 200.0}
    assert sorted(demand["unit_kinds"]) == ["lab", "office"]
    assert demand["move_in"] == "2026-09-01"
    assert demand["requires"]["floor_load_kn_m2"] == pytest.approx(4.9033)


def test_projects_from_json(settings: Settings, tmp_path: Path):
    document = {
        "projects": [
            {"id": "p-1", "name": "甲", "home_county": "330302", "priority": 2, "stage": "nursery"},
            {"id": "p-2", "name": "乙", "demand": {"area_m2": {"min": 50}}},
        ]
    }
    file = tmp_path / "a.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    report = import_file(settings, "projects", file)
    assert report.stored, report.to_text("en")
    one, two = sorted(stored(settings, "projects"), key=lambda p: p["id"])
    assert (one["priority"], one["home_county"], one["demand"]["stage"]) == (2, "330302", "nursery")
    assert two["demand"]["area_m2"]["min"] == 50.0


def test_a_demand_that_cannot_be_is_rejected(settings: Settings, tmp_path: Path):
    file = tmp_path / "a.json"
    file.write_text('[{"id":"p-1","name":"甲","stage":"later"}]', encoding="utf-8")
    report = import_file(settings, "projects", file)
    assert not report.stored
    assert found(report) == {"bad_demand": 1}


OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" version="1" lat="28.0120" lon="120.6550"/>
 <node id="2" version="1" lat="28.0120" lon="120.6600"/>
 <node id="3" version="1" lat="28.0160" lon="120.6600"/>
 <node id="4" version="1" lat="28.0130" lon="120.6560">
  <tag k="amenity" v="cafe"/><tag k="name" v="江心咖啡"/></node>
 <node id="5" version="1" lat="31.2" lon="121.5">
  <tag k="amenity" v="cafe"/><tag k="name" v="外滩咖啡"/></node>
 <way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
  <tag k="highway" v="residential"/><tag k="name" v="望江路"/></way>
</osm>
"""


def test_amenities_from_an_extract(settings: Settings, tmp_path: Path):
    file = tmp_path / "a.osm"
    file.write_text(OSM, encoding="utf-8")
    report = import_file(settings, "amenities", file)
    assert report.stored, report.to_text("en")
    assert report.findings.counts[Outcome.SKIPPED] == 1
    (cafe,) = stored(settings, "amenities")
    assert (cafe["name"], cafe["category"]) == ("江心咖啡", "cafe")
    assert "OpenStreetMap" in cafe["source"]


def test_streets_from_an_extract_make_rings(settings: Settings, tmp_path: Path):
    put_site(settings, tmp_path)
    file = tmp_path / "a.osm"
    file.write_text(OSM, encoding="utf-8")
    report = import_file(settings, "streets", file)
    assert report.stored, report.to_text("en")
    (street,) = stored(settings, "streets")
    assert (street["name"], street["klass"], street["demo"]) == ("望江路", "minor", False)
    assert {ring["site_id"] for ring in stored(settings, "rings")} == {"s-1"}
    store = open_store(settings.database_url, create=False)
    assert "OpenStreetMap" in get_meta(store, "streets_source")
    store.close()


LINES = [
    shapely.LineString([(120.655, 28.012), (120.66, 28.012)]),
    shapely.LineString([(120.66, 28.012), (120.66, 28.016)]),
]


@pytest.mark.parametrize("form", ["geojson", "shapefile", "gpkg"])
def test_streets_from_centrelines(settings: Settings, tmp_path: Path, form: str):
    rows = [{"name": "望江路", "highway": "residential"}, {"name": "江滨路", "highway": "primary"}]
    file = FORMATS[form][1](tmp_path / FORMATS[form][0], rows, LINES)
    report = import_file(settings, "streets", file, crs="wgs84")
    assert report.stored, report.to_text("en")
    assert {s["name"] for s in stored(settings, "streets")} == {"望江路", "江滨路"}
    again = import_file(settings, "streets", file, crs="wgs84")
    assert again.stored
    assert len(stored(settings, "streets")) == 2


def test_streets_elsewhere_are_refused(settings: Settings, tmp_path: Path):
    line = shapely.LineString([(2.35, 48.85), (2.36, 48.85)])
    file = write_geojson(tmp_path / "a.geojson", [{"highway": "residential"}], [line])
    with pytest.raises(InputError) as refused:
        import_file(settings, "streets", file, crs="wgs84")
    assert "可步行" in refused.value.reason.zh


def declared(crs: str) -> tuple[float, float]:
    """Return the known place in the coordinates of a CRS."""
    if crs == "EPSG:4549":
        x, y = to_metric([LON], [LAT])
    elif crs == "gcj02":
        x, y = wgs84_to_gcj02([LON], [LAT])
    elif crs == "bd09":
        x, y = wgs84_to_bd09([LON], [LAT])
    else:
        return LON, LAT
    return float(x[0]), float(y[0])


CRS = ("wgs84", "cgcs2000", "EPSG:4490", "gcj02", "bd09", "EPSG:4549")


@pytest.mark.parametrize(
    ("crs", "form"),
    [
        *((crs, "utf-8") for crs in CRS),
        *(("EPSG:4549", form) for form in ("xlsx", "geojson", "shapefile")),
        ("gcj02", "geojson"),
    ],
)
def test_what_is_declared_lands_where_it_is(
    settings: Settings, tmp_path: Path, crs: str, form: str
):
    x, y = declared(crs)
    file = make(tmp_path, form, [{"名称": "甲"}], [shapely.Point(x, y)])
    report = import_file(settings, "sites", file, crs=crs)
    assert report.stored, report.to_text("en")
    (site,) = stored(settings, "sites")
    assert metres_off(site, LON, LAT) < 1.0
    assert report.crs == crs


def test_a_footprint_is_moved_whole(settings: Settings, tmp_path: Path):
    x, y = declared("EPSG:4549")
    square = shapely.box(x - 50, y - 50, x + 50, y + 50)
    file = write_geojson(tmp_path / "a.geojson", [{"名称": "甲"}], [square])
    assert import_file(settings, "sites", file, crs="EPSG:4549").stored
    (site,) = stored(settings, "sites")
    assert site["geometry"].geom_type == "Polygon"
    assert shapely.distance(site["geometry"].centroid, shapely.Point(LUCHENG)) < 1e-5


def test_no_crs_is_refused(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [{**SITE, **PLACE}])
    for kind in ("sites", "amenities", "zones", "boundaries"):
        with pytest.raises(InputError) as refused:
            import_file(settings, kind, _kind_file(tmp_path, kind))
        assert refused.value.field == "crs", kind
        assert "gcj02" in refused.value.fix.zh
    with pytest.raises(InputError) as refused:
        import_file(settings, "sites", file, crs="epsg:999999")
    assert refused.value.field == "crs"


def _kind_file(folder: Path, kind: str) -> Path:
    rows = {"amenities": AMENITY, "sites": SITE}.get(kind, {"名称": "鹿城区", "代码": "330302"})
    return write_geojson(folder / f"{kind}.geojson", [rows], [shapely.box(120.6, 28, 120.7, 28.1)])


def test_a_file_that_says_another_crs_is_refused(settings: Settings, tmp_path: Path):
    x, y = declared("EPSG:4549")
    file = write_gpkg(tmp_path / "a.gpkg", [{"名称": "甲"}], [shapely.Point(x, y)], crs="EPSG:4549")
    with pytest.raises(InputError) as refused:
        import_file(settings, "sites", file, crs="wgs84")
    assert "EPSG:4549" in refused.value.reason.zh
    assert import_file(settings, "sites", file, crs="EPSG:4549").stored


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (LAT, LON, "swapped"),
        (116.4, 39.9, "outside"),
        (0.0, 0.0, "null_island"),
        (500_123.4, 3_100_123.4, "off_globe"),
        ("abc", LAT, "unreadable_place"),
        (LON, "", "unreadable_place"),
        ("", "", "no_place"),
    ],
)
def test_places_that_cannot_be(settings: Settings, tmp_path: Path, lon, lat, code: str):
    file = write_csv(tmp_path / "a.csv", [{"名称": "甲", "经度": lon, "纬度": lat}])
    report = import_file(settings, "sites", file, crs="wgs84", accept_partial=True)
    assert not report.stored
    assert code in found(report)
    shown = report.to_text("zh")
    assert str(lon)[:3].removesuffix(".0") in shown
    assert "geometry" not in shown
    assert stored(settings, "sites") == []


def test_another_county_is_put_aside(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [{**SITE, **PLACE, "县区": "瑞安市"}])
    report = import_file(settings, "sites", file, crs="wgs84")
    assert found(report, Outcome.QUARANTINED) == {"county_mismatch": 1}
    assert not report.stored
    text = report.to_text("zh")
    assert "瑞安市" in text
    assert "鹿城区" in text


@pytest.mark.parametrize(
    ("code", "adcode", "unit"),
    [("330372", "330305", "haijing"), ("330355", "330305", "haijing"), ("330371", "330303", "")],
)
def test_local_codes_are_mapped_and_said(
    settings: Settings, tmp_path: Path, code: str, adcode: str, unit: str
):
    rows = [{"名称": "甲", "区划代码": code, "定位精度": "未知"}]
    for file in (write_csv(tmp_path / "a.csv", rows), write_xlsx(tmp_path / "a.xlsx", rows)):
        report = import_file(settings, "sites", file, crs="wgs84", dry_run=True)
        assert "local_code" in found(report, Outcome.FIXED), report.to_text("en")
    assert import_file(settings, "sites", file, crs="wgs84").stored
    (site,) = stored(settings, "sites")
    assert site["declared_adcode"] == adcode
    assert site["reporting_unit"] == unit


def test_doubles_are_put_aside(settings: Settings, tmp_path: Path):
    rows = [{**SITE, **PLACE}, {**SITE, **PLACE, "编号": "s-2"}, {**SITE, **PLACE, "名称": "乙"}]
    report = import_file(settings, "sites", write_csv(tmp_path / "a.csv", rows), crs="wgs84")
    assert found(report, Outcome.QUARANTINED) == {"twin_in_file": 1}
    assert found(report, Outcome.REJECTED) == {"duplicate_id": 1}
    rows = [{**AMENITY, **PLACE}, {**AMENITY, **PLACE, "编号": "a-2"}]
    file = write_csv(tmp_path / "b.csv", rows)
    assert "twin" in found(import_file(settings, "amenities", file, crs="wgs84"))
    put_site(settings, tmp_path)
    file = write_csv(tmp_path / "c.csv", [UNIT, {**UNIT, "编号": "u-2"}])
    assert "same_room" in found(import_file(settings, "units", file))
    file = write_csv(tmp_path / "d.csv", [{**SITE, **PLACE, "编号": "s-9"}])
    assert "twin_in_record" in found(import_file(settings, "sites", file, crs="wgs84"))


def test_columns_not_used_are_named(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [{**SITE, **PLACE, "联系电话": "1", "热度": "2"}])
    report = import_file(settings, "sites", file, crs="wgs84")
    assert report.unknown_columns == ("联系电话", "热度")
    assert "联系电话" in report.to_text("zh")
    assert "Columns not used" in report.to_text("en")


def shifted_rows(settings: Settings, count: int = 6) -> list[dict[str, Any]]:
    """Return sites that lie in their county only if their coordinates are GCJ-02."""
    line = next(c for c in packaged_counties() if c.adcode == "330302").geometry
    west, south, east, north = line.bounds
    rng = np.random.default_rng(7)
    shapes = {c.adcode: c.geometry for c in packaged_counties()}
    rows = []
    while len(rows) < count:
        lon, lat = rng.uniform(west, east), rng.uniform(south, north)
        moved = [float(v[0]) for v in wgs84_to_gcj02([lon], [lat])]
        inside = shapely.contains_xy(line, lon, lat)
        other = any(shapely.contains_xy(s, *moved) for a, s in shapes.items() if a != "330302")
        if inside and other:
            row = {"名称": f"基地{len(rows)}", "县区": "鹿城", "经度": moved[0], "纬度": moved[1]}
            rows.append(row)
    return rows


def test_a_suspected_shift_is_flagged_and_nothing_moved(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", shifted_rows(settings))
    report = import_file(settings, "sites", file, crs="wgs84")
    assert "gcj02" in report.warnings[0].zh
    assert not report.stored
    honest = import_file(settings, "sites", file, crs="gcj02")
    assert honest.stored
    assert honest.warnings == ()


GOOD = {**SITE, **PLACE}
BAD = {**SITE, **PLACE, "编号": "s-2", "名称": "乙园", "经度": 116.4}


def test_nothing_is_stored_unless_all_is_good(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [GOOD, BAD])
    before = log_of(settings)
    report = import_file(settings, "sites", file, crs="wgs84")
    assert not report.stored
    assert report.findings.good == 1
    assert log_of(settings) == before
    report = import_file(settings, "sites", file, crs="wgs84", accept_partial=True)
    assert report.stored
    assert [site["id"] for site in stored(settings, "sites")] == ["s-1"]


@pytest.mark.parametrize("partial", [False, True])
def test_a_dry_run_leaves_the_record_as_it_was(settings: Settings, tmp_path: Path, partial: bool):
    before = log_of(settings)
    file = write_csv(tmp_path / "a.csv", [GOOD])
    report = import_file(settings, "sites", file, crs="wgs84", dry_run=True, accept_partial=partial)
    assert (report.storable, report.stored, report.new) == (True, False, 1)
    assert log_of(settings) == before
    assert stored(settings, "sites") == []
    assert not (settings.data_dir / "snapshot").exists()


def test_a_dry_run_makes_no_record(tmp_path: Path):
    settings = read_settings({"GEOMAP_DATA_DIR": str(tmp_path / "none"), "GEOMAP_REGION": "any"})
    file = write_csv(tmp_path / "a.csv", [GOOD])
    assert import_file(settings, "sites", file, crs="wgs84", dry_run=True).new == 1
    assert not (tmp_path / "none").exists()


def test_new_updated_and_unchanged_are_told_apart(settings: Settings, tmp_path: Path):
    put_site(settings, tmp_path)
    second = {**GOOD, "编号": "s-2", "名称": "乙园"}
    report = import_file(
        settings, "sites", write_csv(tmp_path / "a.csv", [GOOD, second]), crs="wgs84"
    )
    assert (report.new, report.updated, report.unchanged) == (1, 0, 1)
    changed = {**second, "阶段": "苗圃"}
    report = import_file(
        settings, "sites", write_csv(tmp_path / "a.csv", [GOOD, changed]), crs="wgs84"
    )
    assert (report.new, report.updated, report.unchanged) == (0, 1, 1)


@pytest.mark.parametrize("kind", ["units", "amenities", "zones", "projects", "sites"])
def test_a_second_import_changes_nothing(settings: Settings, tmp_path: Path, kind: str):
    put_site(settings, tmp_path)
    file = {
        "sites": write_csv(tmp_path / "s.csv", [{k: v for k, v in GOOD.items() if k != "编号"}]),
        "units": write_csv(tmp_path / "u.csv", [{k: v for k, v in UNIT.items() if k != "编号"}]),
        "amenities": write_csv(tmp_path / "a.csv", [{**AMENITY, **PLACE, "编号": ""}]),
        "zones": write_geojson(
            tmp_path / "z.geojson", [{"名称": "片"}], [shapely.box(120.6, 28, 120.61, 28.01)]
        ),
        "projects": write_csv(tmp_path / "p.csv", [{**PROJECT, "编号": ""}]),
    }[kind]
    if kind == "sites":
        file = write_csv(tmp_path / "s.csv", [{**PLACE, "名称": "乙园", "县区": "鹿城"}])
    crs = "" if kind in ("units", "projects") else "wgs84"
    first = import_file(settings, kind, file, crs=crs)
    assert (first.stored, first.new) == (True, 1), first.to_text("en")
    before = log_of(settings)
    second = import_file(settings, kind, file, crs=crs)
    assert (second.new, second.updated, second.unchanged) == (0, 0, 1)
    assert log_of(settings) == before


def test_a_column_that_the_file_lacks_keeps_its_values(settings: Settings, tmp_path: Path):
    put_site(settings, tmp_path)
    file = write_csv(tmp_path / "u.csv", [UNIT])
    assert import_file(settings, "units", file).stored
    file = write_csv(tmp_path / "u.csv", [{"编号": "u-1", "状态": "已出租", "租金": ""}])
    report = import_file(settings, "units", file)
    assert report.updated == 1, report.to_text("en")
    (unit,) = stored(settings, "units")
    assert unit["status"] == UnitStatus.LEASED
    assert (unit["room"], unit["area_m2"]) == ("301", 120.0)
    assert unit["rent_cny_m2_month"] is None or np.isnan(unit["rent_cny_m2_month"])


def test_the_change_log_says_who_and_what(settings: Settings, tmp_path: Path):
    put_site(settings, tmp_path)
    lines = [line for line in log_of(settings) if line.actor == "import"]
    (about,) = [line for line in lines if line.action == "import"]
    assert about.table == "sites"
    assert about.patch["file"] == "site.csv"
    assert about.patch["new"] == 1
    assert about.patch["crs"] == "wgs84"
    assert len(about.patch["sha256"]) == 64
    assert {line.table for line in lines} == {"sites", "operators"}


def test_a_write_that_fails_is_undone(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = log_of(settings)

    def fail(tx, items) -> int:
        add_sites(tx, items)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(kinds.write, "add_sites", fail)
    file = write_csv(tmp_path / "a.csv", [GOOD])
    with pytest.raises(RuntimeError):
        import_file(settings, "sites", file, crs="wgs84")
    assert log_of(settings) == before
    assert stored(settings, "sites") == []
    assert stored(settings, "operators") == []


def test_a_record_that_changed_meanwhile_is_not_overwritten(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put_site(settings, tmp_path)
    file = write_csv(tmp_path / "a.csv", [{**GOOD, "编号": "s-2", "名称": "乙园"}])
    plan = kinds.PLANS["sites"]

    def slow(job):
        made = plan(job)
        other = write_csv(tmp_path / "b.csv", [{**GOOD, "编号": "s-3", "名称": "丙园"}])
        monkeypatch.setitem(kinds.PLANS, "sites", plan)
        assert import_file(settings, "sites", other, crs="wgs84").stored
        return made

    monkeypatch.setitem(kinds.PLANS, "sites", slow)
    with pytest.raises(ConflictError):
        import_file(settings, "sites", file, crs="wgs84")
    assert {site["id"] for site in stored(settings, "sites")} == {"s-1", "s-3"}


def test_a_build_that_fails_does_not_undo_the_import(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_args, **_more):
        raise NotReadyError(Label("坏了", "it broke"))

    monkeypatch.setattr("geomap.build.build_all", fail)
    report = import_file(settings, "sites", write_csv(tmp_path / "a.csv", [GOOD]), crs="wgs84")
    assert report.stored
    assert "geomap build" in report.warnings[0].zh


def test_what_is_marked_made_up_stays_so(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "s.csv", [{**GOOD, "演示数据": "True"}])
    report = import_file(settings, "sites", file, crs="wgs84")
    assert report.stored
    assert [site["demo"] for site in stored(settings, "sites")] == [True]
    assert any("演示数据" in note.zh for note in report.notes)
    unit = write_geojson(tmp_path / "u.geojson", [{**UNIT, "demo": True}], [None])
    assert import_file(settings, "units", unit).stored
    assert [u["demo"] for u in stored(settings, "units")] == [True]
    amenity = write_csv(tmp_path / "a.csv", [{**AMENITY, **PLACE, "演示数据": "是"}])
    assert import_file(settings, "amenities", amenity, crs="wgs84").stored
    assert [a["demo"] for a in stored(settings, "amenities")] == [True]


def test_text_stays_text(settings: Settings, tmp_path: Path):
    name = '=HYPERLINK("http://x")<script>alert(1)</script>'
    for file in (
        write_csv(tmp_path / "a.csv", [{**GOOD, "名称": name}]),
        write_xlsx(tmp_path / "a.xlsx", [{**GOOD, "名称": name}]),
    ):
        import_file(settings, "sites", file, crs="wgs84")
        assert [site["name"] for site in stored(settings, "sites")] == [name]


def test_numbers_beyond_reason_are_refused(settings: Settings, tmp_path: Path):
    rows = [
        {**GOOD, "编号": f"s-{i}", "名称": f"园{i}", "面积": v}
        for i, v in enumerate(["1e9", "-1", "1e999"])
    ]
    for row in rows:
        row.pop("建筑面积（万㎡）")
    report = import_file(settings, "sites", write_csv(tmp_path / "a.csv", rows), crs="wgs84")
    assert found(report, Outcome.REJECTED) == {"out_of_range": 2, "not_a_number": 1}


def test_units_name_their_site_by_id_or_name(settings: Settings, tmp_path: Path):
    put_site(settings, tmp_path)
    rows = [{**UNIT, "基地": "s-1"}, {**UNIT, "编号": "u-2", "房号": "302", "基地": "瓯江孵化"}]
    report = import_file(settings, "units", write_csv(tmp_path / "a.csv", rows))
    assert found(report, Outcome.REJECTED) == {"no_site": 1}
    assert "瓯江孵化器" in report.to_text("zh")


def test_a_bad_id_is_refused(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [{**GOOD, "编号": "../etc"}])
    assert "bad_id" in found(import_file(settings, "sites", file, crs="wgs84"))


def test_an_unknown_kind_is_refused(settings: Settings, tmp_path: Path):
    with pytest.raises(InputError):
        import_file(settings, "tenants", tmp_path / "a.csv")


def test_no_counties_no_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("geomap.build.locate_shapefiles", lambda _settings: tmp_path / "none")
    settings = read_settings({"GEOMAP_DATA_DIR": str(tmp_path / "data")})
    file = write_csv(tmp_path / "a.csv", [GOOD])
    with pytest.raises(NotReadyError) as refused:
        import_file(settings, "sites", file, crs="wgs84")
    assert "geomap prepare" in refused.value.fix.zh


def test_the_report_reads_in_both_languages(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "台账.csv", [GOOD, BAD, {**GOOD, "编号": "s-4", "县区": "上海"}])
    report = import_file(settings, "sites", file, crs="wgs84")
    zh, en = report.to_text("zh"), report.to_text("en")
    assert "共 3 行" in zh
    assert "3 rows" in en
    assert "--accept-partial" in zh
    assert "--accept-partial" in en
    for word in ("接受", "拒绝", "存疑", "台账.csv", "第 3 行"):
        assert word in zh, zh
    for word in ("accepted", "rejected", "quarantined", "row 3"):
        assert word in en, en
    document = json.loads(json.dumps(report.to_json()))
    assert document["counts"]["rejected"] == 1
    assert document["stored"] is False
    assert sum(document["counts"].values()) == document["rows"] == 3
    assert all(f["examples"][0]["reason"]["zh"] for f in document["findings"])


SUFFIXES = (".csv", ".xlsx", ".geojson", ".gpkg", ".shp.zip")


@pytest.mark.parametrize(
    ("suffix", "demo"),
    [*((suffix, "") for suffix in SUFFIXES), (".xlsx", "是")],
)
def test_our_own_exports_come_back_unchanged(
    settings: Settings, tmp_path: Path, suffix: str, demo: str
):
    """What is exported, and imported again, changes nothing: no footprint, room or address."""
    area = shapely.box(LON - 0.001, LAT - 0.001, LON + 0.001, LAT + 0.001)
    site = {**SITE, "演示数据": demo, "定位精度": "街道", "国有": "是"}
    file = write_geojson(tmp_path / "s.geojson", [site], [area])
    assert import_file(settings, "sites", file, crs="wgs84").stored
    unit = {
        **UNIT,
        "演示数据": demo,
        "核实时间": "2026-11-20 00:30",
        "货梯": "3吨",
        "燃气": "否",
        "工位数": 9,
    }
    assert import_file(settings, "units", write_csv(tmp_path / "u.csv", [unit])).stored
    amenity = {**AMENITY, "演示数据": demo, "地址": "江心屿", "经度": 120.65512345678, "纬度": LAT}
    file = write_csv(tmp_path / "a.csv", [amenity])
    assert import_file(settings, "amenities", file, crs="wgs84").stored
    before = [stored(settings, kind) for kind in ("sites", "units", "amenities")]
    catalog = open_catalog(settings)
    for kind in ("sites", "units", "amenities"):
        file = tmp_path / f"{kind}{suffix}"
        assert export_layer(catalog, kind, file) == 1
        report = import_file(settings, kind, file, crs="wgs84")
        counts = (report.stored, report.new, report.updated, report.unchanged)
        assert counts == (True, 0, 0, 1), report.to_text("en")
    assert before == [stored(settings, kind) for kind in ("sites", "units", "amenities")]


def test_totals_are_left_out_and_said(settings: Settings, tmp_path: Path):
    rows = [{"序号": 1, **GOOD}, {"序号": " 合 计：", "建筑面积（万㎡）": 1.2}]
    for file in (write_csv(tmp_path / "a.csv", rows), write_xlsx(tmp_path / "a.xlsx", rows)):
        report = import_file(settings, "sites", file, crs="wgs84")
        assert report.stored
        assert any("第 3 行" in note.zh for note in report.notes)


def test_streets_in_a_table_are_refused(settings: Settings, tmp_path: Path):
    with pytest.raises(InputError) as refused:
        import_file(settings, "streets", write_csv(tmp_path / "a.csv", [GOOD]), crs="wgs84")
    assert ".osm.pbf" in refused.value.fix.zh
