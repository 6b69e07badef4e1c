"""What is stored and what is not: partial, dry, repeated, failed and marked imports."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from geomap.build import open_catalog
from geomap.config import Settings, read_settings
from geomap.domain.errors import ConflictError, InputError, NotReadyError
from geomap.domain.words import Label, UnitStatus
from geomap.importing import import_file, kinds
from geomap.intake.report import Outcome
from geomap.store.write import add_sites
from layers.export import export_layer
from tests.importing.samples import (
    AMENITY,
    LAT,
    LON,
    PLACE,
    PROJECT,
    SITE,
    UNIT,
    found,
    put_site,
)
from tests.imports import (
    log_of,
    stored,
    write_csv,
    write_geojson,
    write_xlsx,
)

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


def test_a_part_of_a_unit_that_was_exported_is_taken_again(settings: Settings, tmp_path: Path):
    put_site(settings, tmp_path)
    report = import_file(
        settings, "units", write_csv(tmp_path / "a.csv", [{**UNIT, "编号": "u~1"}])
    )
    assert report.stored and not found(report, Outcome.REJECTED)


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


def test_a_part_of_a_unit_is_no_larger_than_the_unit(settings: Settings, tmp_path: Path):
    put_site(settings, tmp_path)
    rows = [
        {**UNIT, "可分割最小面积（㎡）": 60},
        {**UNIT, "编号": "u-2", "房号": "302", "可分割最小面积（㎡）": 120},
        {**UNIT, "编号": "u-3", "房号": "303", "可分割最小面积（㎡）": 121},
        {**UNIT, "编号": "u-4", "房号": "304", "可分割最小面积（㎡）": "是"},
        {**UNIT, "编号": "u-5", "房号": "305", "可分割最小面积（㎡）": "否"},
    ]
    file = write_xlsx(tmp_path / "u.xlsx", rows)
    report = import_file(settings, "units", file)
    assert not report.stored
    assert found(report, Outcome.REJECTED) == {"part_over_area": 1, "no_least_part": 1}
    assert import_file(settings, "units", file, accept_partial=True).stored
    parts = {row["id"]: row["divisible_min_m2"] for row in stored(settings, "units")}
    assert parts == {"u-1": 60.0, "u-2": 120.0, "u-5": None}
    smaller = {**UNIT, "面积": 50}
    report = import_file(settings, "units", write_csv(tmp_path / "u.csv", [smaller]))
    assert found(report, Outcome.REJECTED) == {"part_over_area": 1}


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
        "可分割最小面积": "60㎡",
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


@pytest.mark.parametrize("kind", ["sites", "units", "amenities", "zones"])
def test_a_marked_row_does_not_make_real_data_made_up(
    settings: Settings, tmp_path: Path, kind: str
):
    """Demonstration data can be cleared away: real data must not slip into it."""
    zone = {"编号": "z-1", "名称": "园", "wkt": shapely.Point(LON, LAT).buffer(0.01).wkt}
    rows = {"sites": GOOD, "units": UNIT, "amenities": {**AMENITY, **PLACE}, "zones": zone}
    if kind == "units":
        put_site(settings, tmp_path)
    crs = "" if kind == "units" else "wgs84"
    file = tmp_path / "rows.csv"
    first = import_file(settings, kind, write_csv(file, [rows[kind]]), crs=crs)
    assert first.stored, first.to_text("en")
    marked = write_csv(file, [{**rows[kind], "演示数据": "是"}])
    again = import_file(settings, kind, marked, crs=crs)
    assert not again.stored
    assert found(again, Outcome.REJECTED) == {"made_up_over_real": 1}
    assert not stored(settings, kind)[0]["demo"]
