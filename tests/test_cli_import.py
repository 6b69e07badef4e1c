"""`geomap import` as people type it: texts, exit codes, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geomap.cli import main
from geomap.config import read_settings
from tests.imports import LUCHENG, log_of, prepared_settings, write_csv

SITE = {"名称": "瓯江孵化器", "县区": "鹿城区", "经度": LUCHENG[0], "纬度": LUCHENG[1]}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run the command over a fresh record with the counties."""
    prepared_settings(tmp_path / "data")
    for name in ("GEOMAP_DATABASE_URL", "GEOMAP_REGION", "GEOMAP_PUBLIC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEOMAP_DATA_DIR", str(tmp_path / "data"))

    def call(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return call


def test_a_good_file_is_stored(run, tmp_path: Path):
    file = write_csv(tmp_path / "台账.csv", [SITE])
    result = run("import", "sites", file, "--crs", "wgs84")
    assert result.exit_code == 0, result.output
    assert "✓ 已保存：新增 1" in result.stdout
    again = run("--lang", "en", "import", "sites", file, "--crs", "wgs84")
    assert again.exit_code == 0
    assert "✓ Stored: 0 new, 0 updated, 1 unchanged" in again.stdout


def test_a_dry_run_stores_nothing(run, tmp_path: Path):
    settings = read_settings({"GEOMAP_DATA_DIR": str(tmp_path / "data")})
    before = log_of(settings)
    file = write_csv(tmp_path / "a.csv", [SITE])
    result = run("import", "sites", file, "--crs", "wgs84", "--dry-run")
    assert result.exit_code == 0
    assert "没有保存" in result.stdout
    assert log_of(settings) == before


def test_bad_rows_are_refused_with_the_way_on(run, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [SITE, {**SITE, "名称": "乙园", "经度": 116.4}])
    result = run("import", "sites", file, "--crs", "wgs84")
    assert result.exit_code == 1
    assert "--accept-partial" in result.stdout
    result = run("import", "sites", file, "--crs", "wgs84", "--accept-partial")
    assert result.exit_code == 0
    assert "新增 1" in result.stdout
    assert "没有保存 1 行" in result.stdout


@pytest.mark.parametrize(("language", "word"), [("zh", "没有声明坐标系"), ("en", "No coordinate")])
def test_an_error_is_one_line_and_its_fix(run, tmp_path: Path, language: str, word: str):
    file = write_csv(tmp_path / "a.csv", [SITE])
    result = run("--lang", language, "import", "sites", file)
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert word in lines[0]
    assert "--crs" in lines[1]


def test_json_stands_alone_on_stdout(run, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [SITE])
    result = run("import", "sites", file, "--crs", "wgs84", "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["stored"] is True
    assert document["counts"]["accepted"] == 1
    assert document["columns"]["name"] == "名称"


def test_usage_is_another_exit_code(run, tmp_path: Path):
    assert run("import", "tenants", write_csv(tmp_path / "a.csv", [SITE])).exit_code == 2
    assert run("import", "sites", tmp_path / "none.csv").exit_code == 2
    assert run("import", "sites").exit_code == 2


def test_an_encoding_that_does_not_fit_is_refused(run, tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [SITE], "gb18030")
    result = run("import", "sites", file, "--crs", "wgs84", "--encoding", "utf-8")
    assert result.exit_code == 1
    assert "--encoding" in result.stderr
    result = run("import", "sites", file, "--crs", "wgs84", "--encoding", "GBK")
    assert result.exit_code == 0


def test_no_trace_of_the_program_reaches_the_user(run, tmp_path: Path):
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"PK\x03\x04 broken")
    result = run("import", "sites", broken, "--crs", "wgs84")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "a.xlsx" in result.stderr
    assert "geomap-import-" not in result.stderr
