"""The command as its user sees it: exit status, words, both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geomap.cli import main
from geomap.store.engine import open_store
from tests.sample_catalog import fill


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data folder with one of everything."""
    store = open_store(f"sqlite:///{tmp_path / 'geomap.gpkg'}")
    fill(store)
    store.close()
    return tmp_path


def run(data_dir: Path, *args: str, **options: str) -> Result:
    environ = {"GEOMAP_DATA_DIR": str(data_dir), "GEOMAP_LANG": "en", **options}
    return CliRunner(env=environ).invoke(main, list(args))


def test_help_names_every_command_of_the_contract():
    text = CliRunner().invoke(main, ["--help"]).output
    for name in ("demo", "serve", "import", "build", "ring", "match", "export", "doctor", "bench"):
        assert name in text


def test_no_data_is_refused_with_a_fix(tmp_path: Path):
    result = run(tmp_path / "none", "export", "sites", str(tmp_path / "a.csv"))
    assert result.exit_code == 1
    assert "There is no data yet" in result.output and "→" in result.output


def test_refusals_come_in_the_language_asked_for(tmp_path: Path):
    result = run(tmp_path / "none", "serve", GEOMAP_LANG="zh")
    assert result.exit_code == 1 and "还没有数据" in result.output


def test_usage_errors_exit_with_two(data_dir: Path):
    assert run(data_dir, "demo", "--sites", "0").exit_code == 2
    assert run(data_dir, "build", "--only", "roads").exit_code == 2
    assert run(data_dir, "import", "sites").exit_code == 2


def test_a_wrong_setting_is_named(data_dir: Path):
    result = run(data_dir, "doctor", GEOMAP_PUBLIC="maybe")
    assert result.exit_code == 1 and "GEOMAP_PUBLIC" in result.output


def test_build_then_export(data_dir: Path):
    assert run(data_dir, "build", "--only", "joins").exit_code == 0
    target = data_dir / "sites.geojson"
    result = run(data_dir, "export", "sites", str(target))
    assert result.exit_code == 0 and "rows written" in result.output
    assert {f["properties"]["id"] for f in json.loads(target.read_text())["features"]} == {
        "s-1",
        "s-3",
    }


def test_an_unknown_layer_or_suffix_writes_nothing(data_dir: Path):
    run(data_dir, "build", "--only", "joins")
    for layer, name in (("castles", "a.csv"), ("sites", "a.doc")):
        target = data_dir / name
        assert run(data_dir, "export", layer, str(target)).exit_code == 1
        assert not target.exists()


def test_doctor_says_each_setting_and_hides_secrets(data_dir: Path):
    found = run(data_dir, "doctor", "--json", GEOMAP_SECRET_KEY="hush-hush")
    rows = {row["variable"]: row for row in json.loads(found.output)["settings"]}
    assert rows["GEOMAP_SECRET_KEY"]["origin"] == "environment"
    assert "hush-hush" not in found.output
    assert rows["GEOMAP_REGION"] == rows["GEOMAP_REGION"] | {"value": "330300", "origin": "default"}
    assert all(row["meaning"]["zh"] and row["meaning"]["en"] for row in rows.values())


def test_doctor_speaks_plainly(data_dir: Path):
    text = run(data_dir, "doctor").output
    assert "GEOMAP_DATA_DIR" in text and "no walking network" in text


def test_backup_and_restore(data_dir: Path, tmp_path_factory: pytest.TempPathFactory):
    copy = tmp_path_factory.mktemp("copy") / "copy.gpkg"
    assert run(data_dir, "backup", str(copy)).exit_code == 0
    assert run(data_dir, "backup", str(copy)).exit_code == 1
    assert run(data_dir, "restore", "--yes", str(copy)).exit_code == 0
    wrong = data_dir / "wrong.gpkg"
    wrong.write_text("not a record")
    assert run(data_dir, "restore", "--yes", str(wrong)).exit_code == 1


def test_restore_asks_first(data_dir: Path):
    copy = data_dir / "copy.gpkg"
    run(data_dir, "backup", str(copy))
    environ = {"GEOMAP_DATA_DIR": str(data_dir), "GEOMAP_LANG": "en"}
    result = CliRunner(env=environ).invoke(main, ["restore", str(copy)], input="n\n")
    assert result.exit_code == 1 and "Go on?" in result.output
