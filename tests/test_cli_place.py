"""``geomap place``: from a file of projects to a file of places, or a refusal and no file."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from click.testing import CliRunner, Result

from geomap.cli import main
from geomap.commands_place import KINDS, table_of
from geomap.importing.project_sheet import write_projects_sheet, write_template
from geomap.placement.placement_json import parse_projects
from geomap.web.context import AppContext
from geomap.web.schemas_placed import PlacementAnswer
from tests.layers.placement_answer import answer
from tests.web.world import TODAY, build_world

LAB = {"home_county": "330303", "unit_kinds": ["lab"]}
PROJECTS = [
    {"id": "p1", "name": "=1+1", "current_site": "alpha", "priority": 1, **LAB},
    {"id": "p2", "name": "微构", "demo": True, **LAB},
    {"id": "p3", "name": "合芯", **LAB},
]
"""Three for the labs a1 of alpha and b1 of beta."""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    build_world(folder)
    return folder


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppContext, "today", lambda self: TODAY)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "projects.xlsx"
    write_projects_sheet(parse_projects(PROJECTS), path)
    return path


def run(data_dir: Path, *args: object, language: str = "zh") -> Result:
    environ = {"GEOMAP_DATA_DIR": str(data_dir), "GEOMAP_LANG": language}
    return CliRunner(env=environ).invoke(main, ["place", *map(str, args)])


def rows_of(path: Path, sheet: str) -> list[list[Any]]:
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows: list[list[Any]] = book.get_sheet_by_name(sheet).to_python()
    return rows


def test_from_sheet_to_sheet(data_dir: Path, sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    result = run(data_dir, sheet, "-o", out)
    assert result.exit_code == 0, result.output
    head, *lines = result.stdout.splitlines()
    assert head.startswith("已落地 2/3（先到先得 2），500 ㎡")
    assert [line.split() for line in lines[:4]] == [
        ["本地", "1", "(1)"], ["跨县", "1", "(1)"], ["国有园区", "0", "(0)"],
        ["厂房定制", "0", "(0)"],
    ]  # fmt: skip
    assert "已证明最优，差距 0.0000%" in lines
    assert any(line.startswith("离自己最好的地方最远：") for line in lines)
    assert sum(line.startswith("  ✗ ") for line in lines) == 1
    assert lines[-2:] == ["演示数据", f"✓ 已写到 {out}"]
    rows = rows_of(out, "对接会")
    assert len(rows) == 4 and "=1+1" in [row[0] for row in rows]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.xlsx", "projects.xlsx"]


def test_every_kind_of_file(data_dir: Path, sheet: Path, tmp_path: Path) -> None:
    for kind in KINDS:
        result = run(data_dir, sheet, "-o", tmp_path / f"OUT{kind.upper()}", "--mode", "stable")
        assert result.exit_code == 0, result.output
        assert "双方都想换的 0 对" in result.stdout
    with (tmp_path / "OUT.CSV").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 4
    PlacementAnswer.model_validate(json.loads((tmp_path / "OUT.JSON").read_bytes()))
    assert (tmp_path / "OUT.HTML").read_text().startswith("<!doctype html>")


def test_json_on_stdout_is_the_answer_alone(data_dir: Path, sheet: Path, tmp_path: Path) -> None:
    result = run(data_dir, sheet, "-o", tmp_path / "o.csv", "--json", language="en")
    assert result.exit_code == 0, result.output
    found = PlacementAnswer.model_validate(json.loads(result.stdout))
    assert (found.objective.placed, found.objective.projects) == (2, 3)
    assert "Written to" in result.stderr


def test_a_policy(data_dir: Path, sheet: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    pins = [{"project_id": "p3", "unit_ids": ["a1"]}]
    policy.write_text(json.dumps({"pins": pins, "steps": ["local"]}))
    out = tmp_path / "o.json"
    result = run(data_dir, sheet, "-o", out, "--policy", policy, language="en")
    assert result.exit_code == 0, result.output
    (one,) = json.loads(out.read_bytes())["placements"]
    assert (one["project_id"], one["unit_ids"], one["pinned"]) == ("p3", ["a1"], True)


def write_csv(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["编号,项目名称,属地,面积", *rows]), encoding="utf-8")
    return path


def test_good_rows_alone_where_that_is_accepted(data_dir: Path, tmp_path: Path) -> None:
    bad = write_csv(tmp_path / "p.csv", "a,甲,龙湾区,100", "b,乙,火星区,100", "c,丙,龙湾区,300-100")
    out = tmp_path / "o.json"
    result = run(data_dir, bad, "-o", out)
    assert result.exit_code == 1
    assert "第 3 行" in result.stderr and "第 4 行" in result.stderr
    assert "--accept-partial" in result.stderr
    assert not out.exists()
    result = run(data_dir, bad, "-o", out, "--accept-partial")
    assert result.exit_code == 0, result.output
    assert "2 行要改" in result.stderr
    assert json.loads(out.read_bytes())["objective"]["projects"] == 1


def test_json_objects_have_no_columns_that_are_not_used(data_dir: Path, tmp_path: Path) -> None:
    source = tmp_path / "p.json"
    source.write_text(json.dumps([{**PROJECTS[0], "name": "甲", "requires": {"water": True}}]))
    result = run(data_dir, source, "-o", tmp_path / "o.json", language="en")
    assert result.exit_code == 0, result.output
    assert "not used" not in result.stderr
    (one,) = json.loads((tmp_path / "o.json").read_bytes())["placements"]
    assert one["unit_ids"] == ["a1"], "the one with water"


def _template(folder: Path) -> Path:
    write_template(folder / "t.xlsx")
    return folder / "t.xlsx"


def _large(folder: Path) -> Path:
    return write_csv(folder / "p.csv", *(f"p{i},项目{i},龙湾区,100" for i in range(50_000)))


def _doubled(folder: Path) -> Path:
    return write_csv(folder / "p.csv", "a,甲,龙湾区,100", "a,乙,龙湾区,100")


def _empty(folder: Path) -> Path:
    return write_csv(folder / "p.csv")


def _binary(folder: Path) -> Path:
    path = folder / "p.xlsx"
    path.write_bytes(bytes(range(256)) * 40)
    return path


@pytest.mark.parametrize("make", [_template, _large, _doubled, _empty, _binary])
def test_files_that_cannot_be_used_leave_nothing(data_dir: Path, tmp_path: Path, make: Any) -> None:
    source, out = make(tmp_path), tmp_path / "o.xlsx"
    result = run(data_dir, source, "-o", out)
    assert result.exit_code == 1, result.output
    assert result.stderr.splitlines()[-2].startswith("✗ file: ")
    assert result.stderr.splitlines()[-1].startswith("  → ")
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("{", "policy.json"),
        ("[]", "policy"),
        ('{"steps": []}', "policy.steps"),
        ('{"pins": [{"project_id": "no", "unit_ids": ["a1"]}]}', "policy.pins.0.project_id"),
        ('{"pins": [{"project_id": "p1", "unit_ids": ["no"]}]}', "policy.pins.0.unit_ids.0"),
    ],
)
def test_policies_that_cannot_be(
    data_dir: Path, sheet: Path, tmp_path: Path, text: str, field: str
) -> None:
    policy, out = tmp_path / "policy.json", tmp_path / "o.xlsx"
    policy.write_text(text)
    result = run(data_dir, sheet, "-o", out, "--policy", policy, language="en")
    assert result.exit_code == 1
    assert f"{field}: " in result.stderr
    assert not out.exists()


def test_what_stood_there_stays_where_nothing_is_placed(
    data_dir: Path, sheet: Path, tmp_path: Path
) -> None:
    out, policy = tmp_path / "o.csv", tmp_path / "policy.json"
    out.write_text("earlier")
    policy.write_text('{"margins": {"other_county": 9}}')
    assert run(data_dir, sheet, "-o", out, "--policy", policy).exit_code == 1
    assert out.read_text() == "earlier"
    assert run(data_dir, sheet, "-o", out).exit_code == 0
    assert out.read_text(encoding="utf-8-sig").startswith("项目,")


def test_outputs_that_cannot_be(data_dir: Path, sheet: Path, tmp_path: Path) -> None:
    for out in (tmp_path / "o.exe", tmp_path / "no" / "o.csv", sheet):
        result = run(data_dir, sheet, "-o", out, language="en")
        assert result.exit_code == 1
        assert "out: " in result.stderr
    assert len(rows_of(sheet, "项目")) == 4, "the list is still there"


def test_a_folder_that_takes_nothing(
    data_dir: Path, sheet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "o.json":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    result = run(data_dir, sheet, "-o", tmp_path / "o.json", language="en")
    assert result.exit_code == 1
    assert "Permission denied" in result.stderr and "Traceback" not in result.output
    assert list(tmp_path.iterdir()) == [sheet]


def test_usage(data_dir: Path, sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    for args in ((), (sheet,), (tmp_path / "none.xlsx", "-o", out)):
        assert run(data_dir, *args).exit_code == 2
    assert run(data_dir, sheet, "-o", out, "--mode", "best").exit_code == 2


def test_no_data_yet(tmp_path: Path, sheet: Path) -> None:
    result = run(tmp_path / "none", sheet, "-o", tmp_path / "o.csv", language="en")
    assert result.exit_code == 1 and "geomap demo" in result.stderr


def test_many_unplaced_are_counted() -> None:
    many = answer()
    many["unplaced"] = many["unplaced"] * 25
    lines = table_of(many, "en").splitlines()
    assert "  5 more without a place" in lines
    assert sum("✗" in line for line in lines) == 20
