"""A file of entries: what is exported comes back the same; a bad row keeps everything out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from geomap.catalog.build import build_catalog
from geomap.catalog.catalog import Catalog
from geomap.domain.entries import Audience, EntryKind, Visibility
from geomap.domain.errors import InputError
from geomap.domain.placement import ChainPosition
from geomap.domain.records import Site
from geomap.domain.words import Stage
from geomap.importing.entries import import_entries
from geomap.intake.report import ImportReport
from geomap.store import write
from geomap.store.engine import Store, open_store
from geomap.store.entries import Reader, list_entries
from geomap.store.read import count
from layers.tables import Sheet, write_csv, write_workbook

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HEADS = ["编号", "类别", "标题", "发布单位", "县（市、区）"]
ROW = ["e-1", "场景清单", "智慧门诊", "市卫健委", "龙湾"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'geomap.gpkg'}")
    with store.writing("test") as tx:
        write.add_sites(tx, [Site(id="alpha", name="阿尔法", geometry=shapely.Point(120.7, 27.9))])
        joined = {"id": "alpha", "adcode": "330303", "joined_reporting_unit": "330303"}
        write.set_joined(tx, [joined | {"county_mismatch": False}])
    yield store
    store.close()


@pytest.fixture
def catalog(store: Store) -> Catalog:
    return build_catalog(store)


def take(
    store: Store, catalog: Catalog, file: Path, *, dry_run: bool = False, partial: bool = False
) -> ImportReport:
    return import_entries(
        store, catalog, file, by="小陈", now=NOW, today=TODAY, dry_run=dry_run,
        accept_partial=partial,
    )  # fmt: skip


def sheet(tmp_path: Path, rows: list[list[object]], heads: list[str] = HEADS) -> Path:
    file = tmp_path / "entries.xlsx"
    file.write_bytes(write_workbook([Sheet("清单", heads, rows)]))
    return file


def test_every_column(store: Store, catalog: Catalog, tmp_path: Path) -> None:
    heads = [
        *HEADS, "内容", "发布日期", "有效期至", "公开范围", "载体", "经度", "纬度", "产业", "阶段",
        "产业链位置", "可用面积（㎡）", "闲置厂房",
    ]  # fmt: skip
    rows = [
        [*ROW, "第一行\n=第二行", "2026-11-01", "2026-12-31", "内部", "阿尔法", None, None,
         "眼健康、人工智能", "孵化、加速", "上游", None, None],
        ["", "land", "闲置厂房", "龙湾区", "", "", None, None, None, "alpha", 120.8, 27.9, "", "",
         "", 12000, "是"],
    ]  # fmt: skip
    report = take(store, catalog, sheet(tmp_path, rows, heads))
    assert report.stored and (report.new, report.updated) == (2, 0), report.to_text("zh")
    assert report.unknown_columns == ()
    found = {e.draft.kind: e for e in list_entries(store, Reader(Audience.STAFF, TODAY))}
    scene, land = found[EntryKind.SCENE].draft, found[EntryKind.LAND].draft
    assert (scene.text, scene.visibility, scene.site_id) == (
        "第一行\n=第二行", Visibility.RESTRICTED, "alpha",
    )  # fmt: skip
    assert set(scene.industries) == {"eye_health", "ai"}
    assert scene.stages == (Stage.INCUBATION, Stage.ACCELERATION)
    assert scene.chain_positions == (ChainPosition.UPSTREAM,)
    assert (scene.dated_on, scene.expires_on) == (date(2026, 11, 1), date(2026, 12, 31))
    assert (land.adcode, land.floor_area_m2, land.idle_plant, land.lon) == (
        "330303", 12_000.0, True, 120.8,
    )  # fmt: skip
    assert (land.dated_on, land.visibility) == (TODAY, Visibility.PUBLISHED)
    again = take(store, catalog, sheet(tmp_path, rows, heads))
    assert (again.new, again.updated, again.unchanged) == (0, 0, 2)
    rows[0][2] = "改了"
    assert take(store, catalog, sheet(tmp_path, rows, heads)).updated == 1
    assert count(store, "entries") == 2


BAD: list[tuple[list[object], str, str]] = [
    (["e-2", "秘密", "x", "y", "龙湾"], "kind", "用其中之一：场景清单"),
    (["e-2", "", "x", "y", "龙湾"], "kind", "补上"),
    (["e-2", "scene", "", "y", "龙湾"], "title", "补上"),
    (["e-2", "scene", "x" * 121, "y", "龙湾"], "title", "写短"),
    (["e-2", "scene", "x", "y", "上海"], "adcode", ""),
    (["e-2", "scene", "x", "y", ""], "adcode", "县的代码"),
    (["e 2", "scene", "x", "y", "龙湾"], "id", "编号"),
    (["e-1", "scene", "x", "y", "龙湾"], "id", ""),
    (["e-2", "land", "x", "y", "龙湾"], "floor_area_m2", "floor_area_m2"),
    (["e-2", "scene", "#REF!", "y", "龙湾"], "title", "公式"),
]


@pytest.mark.parametrize(("row", "field", "fix"), BAD)
def test_a_bad_row_is_named_and_keeps_all_out(
    store: Store, catalog: Catalog, tmp_path: Path, row: list[object], field: str, fix: str
) -> None:
    file = sheet(tmp_path, [ROW, row])
    report = take(store, catalog, file)
    assert not report.stored and count(store, "entries") == 0
    (example,) = [f for g in report.findings.groups.values() for f in g.examples]
    assert (example.row, example.field) == (3, field), example
    assert fix in (example.fix.zh if example.fix else "")
    assert take(store, catalog, file, partial=True).stored and count(store, "entries") == 1


def test_what_cannot_be_published(store: Store, catalog: Catalog, tmp_path: Path) -> None:
    heads = [*HEADS, "公开范围"]
    fund = ["e-2", "招引基金", "x", "y", "龙湾"]
    report = take(store, catalog, sheet(tmp_path, [[*fund, "公开"]], heads))
    (group,) = report.findings.groups.values()
    assert not report.stored and group.examples[0].field == "visibility"
    assert take(store, catalog, sheet(tmp_path, [[*fund, ""]], heads)).stored
    assert list_entries(store, Reader(Audience.PUBLIC, TODAY)) == []


def test_a_site_in_another_county_is_named(store: Store, catalog: Catalog, tmp_path: Path) -> None:
    row = ["e-2", "scene", "x", "y", "鹿城", "阿尔法"]
    report = take(store, catalog, sheet(tmp_path, [row], [*HEADS, "载体"]))
    (group,) = report.findings.groups.values()
    assert not report.stored and group.examples[0].row == 2
    assert (group.examples[0].field, group.examples[0].column) == ("site", "载体")


def test_a_check_only_and_a_table_of_something_else(
    store: Store, catalog: Catalog, tmp_path: Path
) -> None:
    report = take(store, catalog, sheet(tmp_path, [ROW]), dry_run=True)
    assert report.storable and not report.stored and count(store, "entries") == 0
    csv = tmp_path / "entries.csv"
    csv.write_bytes(write_csv(Sheet("x", HEADS, [ROW])))
    assert take(store, catalog, csv).stored
    with pytest.raises(InputError):
        take(store, catalog, sheet(tmp_path, [["x"]], ["没有的列"]))
