"""``geomap repair``: a table for people, JSON for machines, refusals with a fix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geomap.cli import main
from geomap.web.schemas_repair import RepairAnswer
from tests.web.world import build_world


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repair")
    build_world(folder)
    return folder


def run(data_dir: Path, *args: str, language: str = "en") -> Result:
    environ = {"GEOMAP_DATA_DIR": str(data_dir), "GEOMAP_LANG": language}
    return CliRunner(env=environ).invoke(main, ["repair", *args])


def test_the_table_names_places_sites_and_what_is_left(data_dir: Path) -> None:
    result = run(data_dir, "transit", "--k", "2", language="zh")
    assert result.exit_code == 0, result.output
    head, proven, demo, *rows = result.stdout.splitlines()
    assert head == "交通出行：步行 1,200 米内有缺口的载体 2 处，补后 0 处"
    assert (proven, demo) == ("已证明最优", "演示数据")
    assert [row.split()[0] for row in rows[::2]] == ["1", "2"]
    assert any("阿尔法孵化器" in row and "1→2/12" in row for row in rows[1::2])


def test_json_is_the_answer_of_the_api(data_dir: Path) -> None:
    result = run(data_dir, "transit", "--k", "2", "--weight", "jobs", "--exact", "--json")
    assert result.exit_code == 0, result.output
    answer = RepairAnswer.model_validate(json.loads(result.stdout))
    assert (answer.mode, answer.weight, answer.gap, answer.unweighted) == ("exact", "jobs", 0.0, 1)


def test_counties_and_weights_are_said(data_dir: Path) -> None:
    result = run(data_dir, "transit", "--county", "330302", "--weight", "jobs")
    assert "1 sites do not state the weight" in result.stdout
    assert "1 sites with a gap" in result.stdout and "1 after it" in result.stdout


@pytest.mark.parametrize(
    ("args", "field"),
    [
        (("castle",), "category"),
        (("bar", "--profile", "none"), "profile"),
        (("bar", "--county", "1"), "counties.0"),
    ],
)
def test_refusals(data_dir: Path, args: tuple[str, ...], field: str) -> None:
    result = run(data_dir, *args)
    assert result.exit_code == 1
    assert f"✗ {field}: " in result.stderr and "→" in result.stderr


def test_usage(data_dir: Path) -> None:
    assert run(data_dir, "bar", "--k", "0").exit_code == 2
    assert run(data_dir, "bar", "--weight", "gold").exit_code == 2
    assert run(data_dir).exit_code == 2
