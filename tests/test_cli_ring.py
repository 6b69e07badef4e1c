"""`geomap ring` as people type it: what it answers, what it refuses, and what it leaves alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geomap.cli import main
from geomap.importing import import_file
from tests.importing.test_shifts import lanes, poi_file, street_file
from tests.imports import prepared_settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with a town of lanes and cafés, built."""
    made = tmp_path_factory.mktemp("ring")
    settings = prepared_settings(made / "data")
    assert import_file(settings, "streets", street_file(made, "wgs84"), crs="wgs84").stored
    assert import_file(settings, "amenities", poi_file(made, "wgs84"), crs="wgs84").stored
    return made / "data"


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("GEOMAP_DATABASE_URL", "GEOMAP_REGION", "GEOMAP_PUBLIC", "GEOMAP_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEOMAP_DATA_DIR", str(folder))

    def call(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return call


def record_of(folder: Path) -> dict[str, str]:
    """Return the hash of the record and of the network."""
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("geomap.gpkg", "network")
    }


def start() -> tuple[float, float]:
    lane = lanes()[0].coords[10]
    return float(lane[0]), float(lane[1])


def test_a_ring_names_its_network_and_how_far_it_snapped(run):
    result = run("ring", *start(), "--minutes", 10)
    assert result.exit_code == 0, result.output
    properties = json.loads(result.stdout)["properties"]
    assert properties["minutes"] == 10
    assert len(properties["network"]) == 12
    assert properties["snapped_m"] == pytest.approx(0, abs=0.1)
    assert properties["amenities"]["cafe"]["count"] > 0


REFUSED = [
    (("--minutes", "0"), "0 分钟不可用", "0"),
    (("--minutes", "-3"), "-3 分钟不可用", "-3"),
    (("--minutes", "61"), "61 分钟不可用", "60"),
    (("--minutes", "nan"), "分钟不可用", "60"),
    (("--profile", "nope"), "nope", "gb50180"),
]


@pytest.mark.parametrize(("words", "zh", "en"), REFUSED)
def test_minutes_and_profiles_that_cannot_be(run, folder: Path, words, zh: str, en: str):
    before = record_of(folder)
    for language, word in (("zh", zh), ("en", en)):
        result = run("--lang", language, "ring", *start(), *words)
        assert result.exit_code == 1
        assert result.stdout == ""
        lines = result.stderr.splitlines()
        assert len(lines) == 2, "one line for what is wrong, one for the way on"
        assert word in result.stderr
        assert "Traceback" not in result.output
    assert record_of(folder) == before


@pytest.mark.parametrize(
    ("lon", "lat", "zh"),
    [
        (122.9, 27.0, "路网范围之外"),  # the open sea
        (2.35, 48.85, "路网范围之外"),
        (200, 28, "不可用"),
        (28.0, 120.66, "不可用"),
        ("nan", 28, "不可用"),
    ],
)
def test_places_that_cannot_be(run, folder: Path, lon, lat, zh: str):
    before = record_of(folder)
    chinese = run("ring", lon, lat)
    english = run("--lang", "en", "ring", lon, lat)
    assert (chinese.exit_code, english.exit_code) == (1, 1)
    assert zh in chinese.stderr
    assert english.stderr.replace("✗", "").replace("→", "").isascii()
    assert record_of(folder) == before


def test_usage_is_another_exit_code(run):
    assert run("ring", "abc", 28).exit_code == 2
    assert run("ring", 120.66).exit_code == 2
    assert run("ring", 120.66, 28, "--minutes", "many").exit_code == 2


def test_without_streets_the_way_on_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GEOMAP_DATA_DIR", str(tmp_path / "none"))
    result = CliRunner().invoke(main, ["ring", "120.66", "28.0"])
    assert result.exit_code == 1
    assert "→" in result.stderr
