"""``geomap match --sentence``: what was understood, what was not, and the ranking."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geomap.cli import main
from geomap.web.schemas_match import MatchAnswer
from geomap.web.schemas_parse import ParseAnswer
from tests.web.world import build_world


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sentence")
    build_world(folder)
    return folder


def run(data_dir: Path, *args: str, language: str = "zh") -> Result:
    environ = {"GEOMAP_DATA_DIR": str(data_dir), "GEOMAP_LANG": language}
    return CliRunner(env=environ).invoke(main, ["match", *args])


def test_it_says_what_it_understood_and_what_not_then_ranks(data_dir: Path) -> None:
    result = run(data_dir, "--sentence", "龙湾的实验室，要安静，不要厂房")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[:4] == ["读懂:", "  龙湾 → 龙湾区", "  实验室 → 实验室", "  不要厂房 → 不要厂房"]
    assert lines[4:6] == ["未采用:", "  安静 → 需求里没有这一项"]
    assert any("1 套符合" in line for line in lines)
    assert any("阿尔法孵化器 A a1 · 龙湾区 · 180 ㎡ · 28 元/㎡·月" in line for line in lines)


def test_json_holds_both(data_dir: Path) -> None:
    result = run(data_dir, "--sentence", "lab in Longwan", "--json", language="en")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert ParseAnswer.model_validate(answer["parsed"]).demand.unit_kinds == ["lab"]
    assert MatchAnswer.model_validate(answer["match"]).total == 1


def test_nothing_fits_and_what_would(data_dir: Path) -> None:
    result = run(data_dir, "--sentence", "labs, no more than 10 yuan per sqm", language="en")
    assert "No unit fits" in result.stdout
    assert any(line.startswith("Ease: ") for line in result.stdout.splitlines())


def test_nothing_understood_is_refused_with_an_example(data_dir: Path) -> None:
    result = run(data_dir, "--sentence", "今天天气真好")
    assert result.exit_code == 1
    assert "没有读懂任何需求" in result.stderr and "例如" in result.stderr


def test_a_file_or_a_sentence(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "demand.json"
    file.write_text("{}")
    assert run(data_dir).exit_code == 2
    assert run(data_dir, str(file), "--sentence", "龙湾").exit_code == 2
    assert run(data_dir, "--sentence", "龙湾", "--explain", "a1").exit_code == 2
    assert run(data_dir, str(file)).exit_code == 0
