"""`geomap coverage …` on the small world whose answers are known by thought."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geomap.cli import main
from tests.web.world import build_world


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("world")
    build_world(data)
    return data


def run(folder: Path, *args: str, lang: str = "en") -> Result:
    environ = {"GEOMAP_DATA_DIR": str(folder), "GEOMAP_LANG": lang}
    return CliRunner(env=environ).invoke(main, ["coverage", *args])


def test_scores_by_county(folder: Path) -> None:
    result = run(folder, "scores")
    assert result.exit_code == 0
    assert "1/12      1  Longwan" in result.stdout
    assert "—/12      0  Taishun" in result.stdout
    assert "demonstration data" in result.stderr


def test_gaps_for_people_and_machines(folder: Path) -> None:
    text = run(folder, "gaps", "--site", "alpha", "--category", "transit", lang="zh").stdout
    assert "1,476 m" in text and "+276 m" in text and "交通出行" in text and "(站)" in text
    found = json.loads(run(folder, "gaps", "--county", "330303", "--json").stdout)
    assert len(found["items"]) == 11 and len(found["amenities"]["version"]) == 12


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".gpkg", ".geojson"])
def test_gaps_to_a_file(folder: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"gaps{suffix}"
    result = run(folder, "gaps", "-o", str(target))
    assert result.exit_code == 0 and "23 rows" in result.stdout
    assert target.stat().st_size > 500


def test_a_wrong_file_or_folder_is_refused_and_nothing_is_written(
    folder: Path, tmp_path: Path
) -> None:
    for target in (tmp_path / "gaps.txt", tmp_path / "none" / "gaps.csv"):
        result = run(folder, "gaps", "-o", str(target))
        assert result.exit_code == 1 and "✗" in result.output
        assert not target.exists()
    assert list(tmp_path.iterdir()) == []


def test_profiles_side_by_side(folder: Path) -> None:
    lines = run(folder, "compare", "alpha").stdout.splitlines()
    assert len(lines) == 4 and lines[0].startswith("✗ 1/12") and "○" in lines[0]
    point = run(folder, "compare", "--lon", "120.7", "--lat", "28.0", "--json")
    assert json.loads(point.stdout)["items"][0]["score"] == 1
    assert run(folder, "compare").exit_code == 2
    refused = run(folder, "compare", "town", lang="zh")
    assert refused.exit_code == 1 and "没有定位到街道" in refused.output


def test_what_has_no_incubator(folder: Path) -> None:
    text = run(folder, "lacking").stdout
    assert "1 of 2 towns have no incubator" in text and "Longwan  无处街道" in text
    assert json.loads(run(folder, "lacking", "--json").stdout)["industries_without"] == 8


def test_unknown_names_are_refused(folder: Path) -> None:
    assert run(folder, "gaps", "--category", "pub").exit_code == 1
    assert run(folder, "scores", "--profile", "none").exit_code == 1
    assert run(folder, "scores", "--by", "street").exit_code == 2
