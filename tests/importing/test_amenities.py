"""Amenities of tables and extracts: types, dates, and what is left out by name."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from geomap.config import Settings
from geomap.domain.errors import InputError
from geomap.importing import import_file
from geomap.intake.report import Outcome
from tests.importing.samples import LAT, LON, found
from tests.imports import stored, write_csv, write_geojson, write_xlsx
from tests.streets.osm_sample import OsmXml


def poi(number: int, kind: str, **more: object) -> dict[str, object]:
    """Return a row as a map service gives it, 100 m from the one before."""
    place = {"经度": LON + 0.001 * number, "纬度": LAT}
    return {"id": f"B{number:03}", "name": f"处{number}", "type": kind, **place, **more}


ROWS = [
    poi(1, "餐饮服务;咖啡厅;咖啡厅", typecode="050500"),
    poi(2, "购物服务;专卖店;书店|餐饮服务;咖啡厅;咖啡厅", typecode="061205|050500"),
    poi(3, "", typecode="080601"),
    poi(4, "交通设施服务;停车场;公共停车场", typecode="150904"),
    poi(5, "公司企业;公司;公司", typecode="170200"),
    poi(6, "交通设施服务;停车场;公共停车场", typecode="150904"),
]


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_points_of_a_map_service(settings: Settings, tmp_path: Path, form: str):
    shapes = [shapely.Point(LON + 0.001 * i, LAT) for i in range(1, 7)]
    file = {
        "csv": lambda: write_csv(tmp_path / "a.csv", ROWS),
        "xlsx": lambda: write_xlsx(tmp_path / "a.xlsx", ROWS),
        "geojson": lambda: write_geojson(tmp_path / "a.geojson", ROWS, shapes),
    }[form]()
    report = import_file(settings, "amenities", file, crs="wgs84")
    assert report.stored, report.to_text("en")
    kinds = {row["id"]: str(row["category"]) for row in stored(settings, "amenities")}
    assert kinds == {"B001": "cafe", "B002": "bookshop", "B003": "cinema"}
    assert found(report, Outcome.SKIPPED) == {"no_amenity": 3}
    (said,) = [note.zh for note in report.notes if "没有归入" in note.zh]
    assert "公共停车场 2、公司 1" in said


def test_codes_that_a_spreadsheet_made_numbers(settings: Settings, tmp_path: Path):
    row = {key: value for key, value in poi(1, "").items() if key != "type"}
    file = write_xlsx(tmp_path / "a.xlsx", [{**row, "typecode": 50500}])
    assert import_file(settings, "amenities", file, crs="wgs84").stored
    assert [row["category"] for row in stored(settings, "amenities")] == ["cafe"]


def test_a_type_that_no_one_knows_is_put_aside_and_named(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [poi(1, "咖啡厅"), poi(2, "太空港")])
    report = import_file(settings, "amenities", file, crs="wgs84")
    assert not report.stored
    assert found(report, Outcome.QUARANTINED) == {"unknown_type": 1}
    assert "太空港 1" in report.to_text("zh")
    assert import_file(settings, "amenities", file, crs="wgs84", accept_partial=True).stored


def dates_of(settings: Settings) -> dict[str, str]:
    return {row["id"]: row["source_date"] for row in stored(settings, "amenities")}


def test_the_date_comes_from_the_row_else_from_the_command(settings: Settings, tmp_path: Path):
    rows = [
        poi(1, "咖啡厅", 数据日期="2026年3月1日"),
        poi(2, "咖啡厅", 数据日期="2025-07"),
        poi(3, "咖啡厅", 数据日期=""),
    ]
    file = write_csv(tmp_path / "a.csv", rows)
    assert import_file(settings, "amenities", file, crs="wgs84", day="2026/4/5").stored
    assert dates_of(settings) == {"B001": "2026-03-01", "B002": "2025-07", "B003": "2026-04-05"}
    again = import_file(settings, "amenities", file, crs="wgs84")
    assert (again.updated, again.unchanged) == (0, 3), "what the record knows stays"


def test_a_date_that_is_none_is_refused(settings: Settings, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [poi(1, "咖啡厅", 数据日期="去年")])
    report = import_file(settings, "amenities", file, crs="wgs84")
    assert found(report, Outcome.REJECTED) == {"not_a_date": 1}
    with pytest.raises(InputError) as refused:
        import_file(settings, "amenities", file, crs="wgs84", day="soon")
    assert refused.value.field == "date"


def town() -> OsmXml:
    """Two cafés in 鹿城 of which one has a private twin, a bench, and one in the sea far off."""
    osm = OsmXml()
    for ident, x, tags in (
        (1, -4400, {"amenity": "cafe", "name": "甲"}),
        (2, -4100, {"amenity": "cafe", "name": "乙"}),
        (3, -4000, {"amenity": "bench"}),
        (4, 300_000, {"amenity": "cafe", "name": "丙"}),
        (5, -4000, {"leisure": "garden", "access": "private"}),
        (6, -4110, {"amenity": "cafe", "name": "乙"}),
    ):
        osm.node(ident, x, 1330, tags)
    return osm


def test_an_extract_says_what_it_leaves_out(settings: Settings, tmp_path: Path):
    file = town().write_pbf(
        tmp_path / "a.osm.pbf", osmosis_replication_timestamp="2026-01-02T03:04:05Z"
    )
    report = import_file(settings, "amenities", file)
    assert report.stored, report.to_text("en")
    assert dates_of(settings) == {"osm:n1": "2026-01-02", "osm:n2": "2026-01-02"}
    skipped = {"private": 1, "double": 1, "outside": 1, "no_amenity": 1}
    assert found(report, Outcome.SKIPPED) == skipped
    document = report.to_json()
    assert {f["code"]: f["count"] for f in document["findings"]} == skipped
    text = report.to_text("zh")
    for words in ("共 6 处", "不对外开放", "在本市之外", "amenity=bench 1"):
        assert words in text, text
