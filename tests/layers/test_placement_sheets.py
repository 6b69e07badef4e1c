"""The workbook and the CSV of a placement."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from geomap.web.schemas_placed import PlacementAnswer
from layers.cells import unarmed
from layers.placement_rows import area_text, list_tables
from layers.placement_sheets import csv_text, write_workbook
from tests.layers.placement_answer import HOSTILE, NEEDS, answer


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "out.xlsx"
    write_workbook(answer(), path, "zh")
    return path


def sheet(path: Path, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = (
        python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
    )
    return rows


def test_the_answer_by_hand_is_one() -> None:
    PlacementAnswer.model_validate(answer())


def test_sheets(book: Path) -> None:
    """龙湾 has its own and p4 comes to 瓯海; 瓯海 has p3, p4 and its own p6; 鹿城 its p4."""
    names = python_calamine.CalamineWorkbook.from_path(book).sheet_names
    assert names == ["对接会", "鹿城区", "龙湾区", "瓯海区", "未落地", "数据"]


def test_the_meeting_has_a_row_a_project(book: Path) -> None:
    head, *rows = sheet(book, "对接会")
    assert head[:8] == [
        "项目",
        "产业",
        "人数",
        "需求面积（㎡）",
        "原址",
        "属地",
        "步骤",
        "落点载体",
    ]
    assert head[8:] == [
        "楼栋/楼层/房号", "面积（㎡）", "匹配", "距离（km）", "理由", "试过的步骤", "演示数据",
    ]  # fmt: skip
    assert [row[0] for row in rows] == [
        HOSTILE, "+cmd|' /C calc'!A0", "@微构激光", "-瓯基", "南拓电气", "锐驰氢能",
    ]  # fmt: skip
    one = rows[2]
    assert one[1:8] == ["眼健康", 26, "≥ 300", "阿尔法", "龙湾区", "跨县", "贝塔"]
    assert one[8:] == [
        "A/3F/u1", 320, 0.825, 7.42, "同链 46 家", "跨县：2 处符合，选了最好的", "演示数据",
    ]  # fmt: skip
    assert rows[1][4] == "" and rows[1][11] == "" and rows[1][14] == ""
    assert rows[1][8] == "A/3F/u2 (150 ㎡)\n3F/u3 (×8)"
    assert rows[4][7:11] == ["滨海地块", NEEDS, 6800, ""]
    assert rows[5][3] == "300–900" and rows[5][6] == "未落地" and rows[5][12] == "缺甲类厂房"


def test_counties_have_their_own_and_who_comes(book: Path) -> None:
    longwan = [row[:2] for row in sheet(book, "龙湾区")[1:]]
    assert [move for move, _ in longwan] == ["本县落地", "本县落地", "去外县", "本县落地"]
    assert [row[:2] for row in sheet(book, "瓯海区")[1:]] == [
        ["外县来", "@微构激光"], ["外县来", "-瓯基"], ["未落地", "锐驰氢能"],
    ]  # fmt: skip
    assert [row[:2] for row in sheet(book, "鹿城区")[1:]] == [["去外县", "-瓯基"]]


def test_what_would_be_needed(book: Path) -> None:
    head, row = sheet(book, "未落地")
    found = dict(zip(head, row, strict=True))
    assert found["需要建什么"] == "甲类厂房"
    assert found["可用地块"] == "待选址"
    assert found["放宽后可选"] == "租金放宽到 30 元 （+4 处）"


def test_figures_beside_first_come(book: Path) -> None:
    rows = {row[0]: row[1:] for row in sheet(book, "数据")}
    assert rows["已落地"][:2] == [5, 4]
    assert rows["本地占比"][:2] == ["40.0%", ""]
    assert rows["总值"][:2] == [9.5, 8.0]
    assert rows["厂房定制"][:2] == [1, 1]
    assert rows["和最优的差距"] == ["0.000%", "", "已证明最优"]
    assert rows["离自己最好的地方最远"][:2] == ["@微构激光 0.80 / 0.90", "@微构激光 — / 0.90"]
    assert rows["龙湾区"][0] == "4/4，本地 2 · 0.82"
    assert rows["余量：国有园区"][0] == 0.15
    assert rows["日期"][0] == "2026-11-28"
    assert rows["来源"][2] == "含演示数据"


def test_english(tmp_path: Path) -> None:
    write_workbook(answer(), tmp_path / "o.xlsx", "en")
    names = python_calamine.CalamineWorkbook.from_path(tmp_path / "o.xlsx").sheet_names
    assert names == ["Meeting", "Lucheng", "Longwan", "Ouhai", "Unplaced", "Figures"]
    meeting = sheet(tmp_path / "o.xlsx", "Meeting")
    assert meeting[0][:2] == ["Project", "Industry"]
    assert meeting[3][13] == "跨县: 2 处符合，选了最好的", "the answer's words as they are"


def test_no_cell_is_a_formula_or_a_link(book: Path) -> None:
    with zipfile.ZipFile(book) as archive:
        parts = [archive.read(n).decode() for n in archive.namelist() if "worksheets/" in n]
    assert len(parts) == 6
    for part in parts:
        assert "<f>" not in part and "<hyperlink" not in part
        assert 'orientation="landscape"' in part and 'paperSize="9"' in part
        assert 'state="frozen"' in part and 'fitToHeight="0"' in part


def test_csv_is_the_first_table_disarmed() -> None:
    rows = list(csv.reader(io.StringIO(csv_text(answer(), "zh"))))
    assert len(rows) == 7
    assert [row[0] for row in rows[1:5]] == [
        f"'{HOSTILE}", "'+cmd|' /C calc'!A0", "'@微构激光", "'-瓯基",
    ]  # fmt: skip
    assert rows[3][9:12] == ["320", "0.825", "7.4"]
    assert rows[2][11] == ""


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_formulas_are_disarmed(text: str) -> None:
    assert unarmed(text) == f"'{text}"


@pytest.mark.parametrize("value", ["1=1", "", 5, None])
def test_everything_else_is_left(value: object) -> None:
    assert unarmed(value) == value


def test_an_empty_plan_still_has_its_sheets(tmp_path: Path) -> None:
    nothing = answer() | {"placements": [], "unplaced": []}
    assert [t.name for t in list_tables(nothing, "zh")] == ["对接会", "未落地"]
    write_workbook(nothing, tmp_path / "o.xlsx", "zh")
    assert len(sheet(tmp_path / "o.xlsx", "对接会")) == 1


def test_texts_too_long_for_a_cell_are_cut_and_not_lost(tmp_path: Path) -> None:
    long = answer()
    long["placements"][0]["reason"] = "长" * 40_000
    write_workbook(long, tmp_path / "o.xlsx", "zh")
    assert sheet(tmp_path / "o.xlsx", "对接会")[1][12] == "长" * 32_000


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(None, None, None), (300, None, "≥ 300"), (None, 1900, "≤ 1,900"), (300, 900, "300–900")],
)
def test_area_text(low: float | None, high: float | None, text: str | None) -> None:
    assert area_text({"min": low, "max": high}) == text
