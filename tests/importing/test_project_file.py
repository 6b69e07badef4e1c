"""Files of projects for a placement: good ones, and every way to be wrong."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from geomap.domain.errors import InputError
from geomap.domain.placement import ChainPosition
from geomap.domain.records import Project
from geomap.domain.words import UnitKind
from geomap.importing.project_file import (
    MOST_FINDINGS,
    ProjectsRefusedError,
    ReadProjects,
    placed_of,
    project_json,
    read_projects,
)
from geomap.intake.clean_units import SiteFinder, SiteName
from geomap.intake.report import Outcome
from geomap.placement.placement_json import parse_projects, project_to_json
from tests.imports import write_csv, write_xlsx

SITES = SiteFinder(
    [
        SiteName("s-1", "瓯江孵化器", False),
        SiteName("s-2", "眼谷", False),
        SiteName("s-3", "眼谷", False),
        SiteName("demo-s", "瓯江孵化器", True),
    ]
)
GOOD = {"编号": "p-1", "名称": "芯片甲", "属地": "龙湾区", "面积": "100-200㎡", "人数": 12}


def read(file: Path, *, partial: bool = False) -> ReadProjects:
    return read_projects(file, sites=SITES, accept_partial=partial)


def refused(file: Path) -> ProjectsRefusedError:
    with pytest.raises(ProjectsRefusedError) as caught:
        read(file)
    return caught.value


def unreadable(file: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        read(file)
    error = caught.value
    assert not isinstance(error, ProjectsRefusedError)
    assert error.fix and error.fix.zh and error.fix.en and error.field == "file"
    return error


FULL = {
    **GOOD,
    "现址": "瓯江孵化器",
    "优先级": "高",
    "两年后人数": "30人",
    "链位置": "中游",
    "类型": "实验室、办公",
    "入驻日期": "2027年3月1日",
    "租金上限": 40,
    "荷载": "500kg/㎡",
}


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.xlsx", write_xlsx),
        ("a.csv", write_csv),
        ("gbk.csv", lambda path, rows: write_csv(path, rows, "gbk")),
    ],
)
def test_one_project_from_any_table(
    tmp_path: Path, name: str, write: Callable[[Path, list[Mapping[str, Any]]], Path]
) -> None:
    found = read(write(tmp_path / name, [FULL]))
    (project,) = found.projects
    assert (project.id, project.demand.name, project.home_county) == ("p-1", "芯片甲", "330303")
    assert (project.current_site, project.priority) == ("s-1", 1)
    assert project.growth_headcount == 30
    assert project.chain_position is ChainPosition.MIDSTREAM
    assert (project.demand.area_min_m2, project.demand.area_max_m2) == (100.0, 200.0)
    assert project.demand.unit_kinds == (UnitKind.OFFICE, UnitKind.LAB)
    assert project.demand.move_in is not None
    assert project.demand.move_in.isoformat() == "2027-03-01"
    assert project.demand.requires.floor_load_kn_m2 == pytest.approx(4.903, abs=1e-3)
    assert (found.report.rows, found.report.read, found.report.refused) == (1, 1, 0)
    # What was converted is said: the load, in another unit.
    assert [f.outcome for f in found.report.findings] == [Outcome.FIXED]
    assert parse_projects([project_to_json(project)]) == (project,)


def test_projects_from_json(tmp_path: Path) -> None:
    one = {
        "id": "p-1",
        "name": "甲",
        "home_county": "330303",
        "current_site": "s-2",
        "priority": 2,
        "growth_headcount": 30,
        "chain_position": "upstream",
        "headcount": 12,
        "area_m2": {"min": 100, "max": 200},
        "requires": {"power_kw": 20, "water": True},
        "weights": {"area": 2},
    }
    for document in ([one], {"projects": [one], "mode": "stable"}):
        file = tmp_path / "a.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        found = read(file)
        assert found.projects == (parse_projects([one])[0],)
        assert found.report.unknown_columns == ()


def test_members_that_are_not_used_are_named(tmp_path: Path) -> None:
    apart: dict[str, object] = {
        "编号": "p-1", "名称": "甲", "home_county": "330303", "demand": {"headcount": 12},
        "requires": {"power_kw": 20}, "remark": "x", "empty": None,
    }  # fmt: skip
    file = tmp_path / "a.json"
    file.write_text(json.dumps([apart]), encoding="utf-8")
    found = read(file)
    assert (found.projects[0].id, found.projects[0].demand.requires.power_kw) == ("p-1", None)
    assert found.report.unknown_columns == ("requires", "remark")
    whole = {"id": "p-2", "name": "乙", "home_county": "330303", "requires": {"power_kw": 20}}
    ascii_names = {"id": apart.pop("编号"), "name": apart.pop("名称"), **apart}
    file.write_text(json.dumps([ascii_names, whole]), encoding="utf-8")
    assert read(file).report.unknown_columns == ("remark",)


def test_every_error_of_every_row_is_listed_with_its_column(tmp_path: Path) -> None:
    rows = [
        GOOD,
        {**GOOD, "编号": "p-1", "名称": "乙"},
        {**GOOD, "编号": "p-3", "属地": "杭州市"},
        {**GOOD, "编号": "p-4", "面积": "200-100㎡", "现址": "x" * 300},
        {**GOOD, "编号": "p-5", "面积": -20},
        {**GOOD, "编号": "p-6", "面积": "5000万㎡"},
        {**GOOD, "编号": "p-7", "入驻日期": "31/12/2026", "人数": "十几", "属地": ""},
        {**GOOD, "编号": "p 8"},
        {**GOOD, "编号": "p-9", "优先级": "随便", "链位置": "顶端", "两年后人数": 0},
        {**GOOD, "编号": "p-10", "人数": 200_000},
        {**GOOD, "编号": "p-11", "名称": "#REF!"},
        {**GOOD, "编号": "", "名称": ""},
    ]
    error = refused(write_xlsx(tmp_path / "a.xlsx", rows))
    found = [(f.row, f.column, f.code) for f in error.report.findings]
    assert found == [
        (3, "编号", "duplicate_id"),
        (4, "属地", "unknown_county"),
        (5, "现址", "too_long"),
        (5, "面积", "area_reversed"),
        (6, "面积", "out_of_range"),
        (7, "面积", "out_of_range"),
        (8, "属地", "missing"),
        (8, "人数", "not_a_number"),
        (8, "入驻日期", "not_a_date"),
        (9, "编号", "bad_id"),
        (10, "优先级", "not_a_number"),
        (10, "两年后人数", "out_of_range"),
        (10, "链位置", "unknown_word"),
        (11, "人数", "out_of_range"),
        (12, "名称", "formula_error"),
        (13, "名称", "missing"),
    ]
    for finding in error.report.findings:
        assert finding.reason.zh and finding.reason.en
        assert finding.fix and finding.fix.zh and finding.fix.en, finding
    assert (error.report.rows, error.report.read, error.report.refused) == (12, 1, 11)
    assert "12" in error.reason.zh and "11" in error.reason.zh


def test_what_only_the_whole_demand_shows_stands_at_its_column(tmp_path: Path) -> None:
    rows = [
        {**GOOD, "附加需求": '{"weights": {"beauty": 1}}'},
        {**GOOD, "编号": "p-2", "名称": "甲<b>"},
        {**GOOD, "编号": "p-3", "附加需求": "[1]"},
        {**GOOD, "编号": "p-4", "可接受县区": "龙湾区", "附加需求": '{"colour": "red"}'},
    ]
    found = refused(write_xlsx(tmp_path / "a.xlsx", rows)).report.findings
    assert [(f.row, f.field) for f in found] == [
        (2, "more"),
        (3, "name"),
        (4, "more"),
        (5, "demand"),
    ]
    assert "colour" in found[3].reason.zh


def test_the_good_rows_alone(tmp_path: Path) -> None:
    rows = [{**GOOD, "属地": "无此县"}, {**GOOD, "编号": "p-2"}]
    file = write_csv(tmp_path / "a.csv", rows)
    assert refused(file).report.refused == 1
    found = read(file, partial=True)
    assert [p.id for p in found.projects] == ["p-2"]
    assert (found.report.rows, found.report.read, found.report.refused) == (2, 1, 1)
    with pytest.raises(ProjectsRefusedError):  # nothing is left
        read(write_csv(file, rows[:1]), partial=True)


def test_findings_are_counted_beyond_those_listed(tmp_path: Path) -> None:
    rows = [{**GOOD, "编号": f"p-{n}", "属地": "x"} for n in range(MOST_FINDINGS + 30)]
    report = refused(write_csv(tmp_path / "a.csv", rows)).report
    assert (len(report.findings), report.total) == (MOST_FINDINGS, MOST_FINDINGS + 30)
    assert report.refused == MOST_FINDINGS + 30


def test_a_site_is_found_by_its_name_where_one_has_it(tmp_path: Path) -> None:
    rows = [
        {**GOOD, "编号": f"p-{n}", "现址": text}
        for n, text in enumerate(["s-2", "瓯江孵化器", "眼谷", "外地园区", ""])
    ]
    found = read(write_csv(tmp_path / "a.csv", rows))
    assert [p.current_site for p in found.projects] == ["s-2", "s-1", "眼谷", "外地园区", ""]
    warned = [(f.row, f.column, f.code) for f in found.report.findings]
    assert warned == [(4, "现址", "no_site"), (5, "现址", "no_site")]
    assert "s-2" in found.report.findings[0].reason.zh


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    names = ["=cmd|' /C calc'!A1", "+甲", "-乙", "@丙"]
    rows = [{**GOOD, "编号": f"p-{n}", "名称": name} for n, name in enumerate(names)]
    for file in (write_csv(tmp_path / "a.csv", rows), write_xlsx(tmp_path / "a.xlsx", rows)):
        assert [p.demand.name for p in read(file).projects] == names


def _formulas(path: Path, value: Any) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("数据")
        sheet.write_row(1, 1, ["名称", "属地", "人数"])
        sheet.write_row(2, 1, ["甲", "龙湾区"])
        sheet.write_formula(2, 3, "=5+7", None, value)
        sheet.write_row(3, 1, ["乙", "龙湾区", 3])
    return path


def test_a_formula_gives_the_value_that_was_worked_out(tmp_path: Path) -> None:
    found = read(_formulas(tmp_path / "a.xlsx", 12))
    assert [p.demand.headcount for p in found.projects] == [12, 3]


def test_a_formula_without_a_value_names_its_cell(tmp_path: Path) -> None:
    (finding,) = refused(_formulas(tmp_path / "a.xlsx", "")).report.findings
    assert (finding.row, finding.column, finding.code) == (3, "人数", "formula_unset")
    assert "D3" in finding.reason.zh and "D3" in finding.reason.en


def test_a_formula_that_gives_no_text_is_an_empty_cell(tmp_path: Path) -> None:
    file = _formulas(tmp_path / "a.xlsx", "")
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    assert b'<c r="D3"><f>' in parts[sheet]
    parts[sheet] = parts[sheet].replace(b'<c r="D3"><f>', b'<c r="D3" t="str"><f>')
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert read(file).projects[0].demand.headcount is None


def test_more_projects_than_are_placed_at_once(tmp_path: Path) -> None:
    rows = [{"编号": f"p-{n}", "名称": "甲", "属地": "龙湾区"} for n in range(50_000)]
    error = unreadable(write_csv(tmp_path / "a.csv", rows))
    assert "50,000" in error.reason.zh and "5,000" in error.reason.zh


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        hidden, shown = book.add_worksheet("旧表"), book.add_worksheet("新表")
        hidden.write_row(0, 0, list(FULL))
        hidden.write_row(1, 0, list(FULL.values()))
        hidden.hide()
        shown.activate()
        shown.write_row(0, 0, ["名称", "属地"])
        shown.write_row(1, 0, ["乙", "鹿城区"])
    found = read(file)
    assert [p.demand.name for p in found.projects] == ["乙"]
    assert any("旧表" in note.zh for note in found.report.notes)


def test_only_a_hidden_sheet(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(file) as book:
        shown, hidden = book.add_worksheet("空"), book.add_worksheet("藏")
        hidden.write_row(0, 0, ["名称", "属地"])
        hidden.very_hidden()
        shown.activate()
    assert "隐藏" in unreadable(file).reason.zh


def _merged(path: Path, cells: list[Any]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "2026 年毕业项目")
        sheet.write_row(1, 0, ["名称", "属地"])
        sheet.merge_range(1, 2, 1, 3, "面积")
        sheet.write_row(2, 0, cells)
    return path


def test_a_header_over_two_columns_of_data(tmp_path: Path) -> None:
    error = unreadable(_merged(tmp_path / "a.xlsx", ["甲", "龙湾区", 100, 200]))
    assert "C2:D2" in error.reason.zh and "C2:D2" in error.reason.en


def test_a_header_over_an_empty_column_and_a_merged_title(tmp_path: Path) -> None:
    (project,) = read(_merged(tmp_path / "a.xlsx", ["甲", "龙湾区", 100])).projects
    assert project.demand.area_min_m2 == 100.0


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.pdf", b"%PDF-1.7", ".pdf"),
        ("noending", b"x", "没有后缀"),
        ("a.gpkg", b"x", ".gpkg"),
        ("a.xlsx", b"", "不是 Excel"),
        ("a.xlsx", "名称,属地".encode(), "不是 Excel"),
        ("a.xlsx", b"PK\x03\x04 cut off", "损坏"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "损坏"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(600)
            + "EncryptedPackage".encode("utf-16-le"),
            "密码",
        ),
        ("a.csv", b"", "空"),
        ("a.csv", b"\x00\x01\x02\x00", "不是文本"),
        ("a.csv", b"\xff\xff\xff\x81", "编码"),
        ("a.json", b"{", "JSON"),
        ("a.json", b"[1, 2]", "列表"),
    ],
)
def test_files_that_are_none(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert word in unreadable(file).reason.zh


def test_headers_without_projects(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("名称,属地\n", encoding="utf-8")
    assert "没有项目" in refused(file).reason.zh


def test_no_column_of_the_home_county(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [{"名称": "甲", "人数": 3}])
    with pytest.raises(InputError) as caught:
        read(file)
    assert "县区" in caught.value.reason.zh and caught.value.field == "home_county"


def test_a_project_of_the_record_as_one_to_place() -> None:
    project = Project(
        id="p",
        name="甲",
        home_county="330303",
        demand={"headcount": 8},
        priority=2,
        chain_position=ChainPosition.DOWNSTREAM,
    )
    assert project_json(project) == {
        "id": "p",
        "name": "甲",
        "home_county": "330303",
        "headcount": 8,
        "priority": 2,
        "chain_position": "downstream",
    }
    placed = placed_of(project)
    assert (placed.id, placed.priority, placed.demand.headcount) == ("p", 2, 8)
    with pytest.raises(InputError) as caught:
        placed_of(Project(id="q", name="乙", home_county="", demand={}))
    assert caught.value.field == "q.home_county"
