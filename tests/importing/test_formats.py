"""Every kind of import in every format, from a file to the record."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import shapely

from geomap.config import Settings
from geomap.domain.errors import InputError
from geomap.domain.words import Stage, UnitKind, UnitStatus
from geomap.importing import import_file
from geomap.intake.report import Outcome
from geomap.store.engine import open_store
from geomap.store.read import get_meta
from tests.importing.samples import (
    AMENITY,
    FEW,
    FORMATS,
    LAT,
    LON,
    PROJECT,
    SITE,
    UNIT,
    found,
    make,
    metres_off,
    put_site,
)
from tests.imports import (
    LUCHENG,
    log_of,
    stored,
    write_csv,
    write_geojson,
)
from tests.intake.base_data import packaged_counties


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


def test_what_a_project_adds_to_its_demand_is_stored(settings: Settings, tmp_path: Path):
    put_site(settings, tmp_path)
    row = {**PROJECT, "现址": "瓯江孵化器", "优先级": "中", "两年后人数": 40, "链位置": "下游"}
    file = write_csv(tmp_path / "p.csv", [row, {**PROJECT, "编号": "p-2", "现址": "外地"}])
    report = import_file(settings, "projects", file)
    assert report.stored, report.to_text("en")
    assert found(report, Outcome.FIXED)["no_site"] == 1
    one, two = sorted(stored(settings, "projects"), key=lambda p: p["id"])
    assert (one["current_site"], one["priority"]) == ("s-1", 2)
    assert (one["growth_headcount"], one["chain_position"]) == (40, "downstream")
    assert (two["current_site"], two["growth_headcount"], two["chain_position"]) == (
        "外地", None, None,
    )  # fmt: skip
    report = import_file(settings, "projects", file)
    assert (report.new, report.updated, report.unchanged) == (0, 0, 2)


def test_projects_from_json(settings: Settings, tmp_path: Path):
    document = {
        "projects": [
            {
                "id": "p-1", "name": "甲", "home_county": "330302", "priority": 2,
                "stage": "nursery", "requires": {"water": True},
            },
            {"id": "p-2", "name": "乙", "demand": {"area_m2": {"min": 50}}},
        ]
    }  # fmt: skip
    file = tmp_path / "a.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    report = import_file(settings, "projects", file)
    assert report.stored, report.to_text("en")
    assert report.unknown_columns == ()
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
