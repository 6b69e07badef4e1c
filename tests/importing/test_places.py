"""Where things are: declared frames, shifts, counties, doubles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from geomap.config import Settings
from geomap.domain.errors import InputError
from geomap.geo.crs import to_metric
from geomap.geo.datum import wgs84_to_bd09, wgs84_to_gcj02
from geomap.importing import import_file
from geomap.intake.report import Outcome
from tests.importing.samples import (
    AMENITY,
    LAT,
    LON,
    PLACE,
    SITE,
    UNIT,
    found,
    make,
    metres_off,
    put_site,
)
from tests.imports import (
    LUCHENG,
    stored,
    write_csv,
    write_geojson,
    write_gpkg,
    write_xlsx,
)
from tests.intake.base_data import packaged_counties


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
