"""`geomap import streets` and `amenities`: every format, counts, JSON, exit status, progress."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner, Result

from geomap.cli import main
from geomap.config import Settings
from geomap.domain.words import Label
from geomap.importing import job
from geomap.intake.record import Record
from geomap.streets.file import open_network
from tests.importing.test_shifts import street_file
from tests.imports import (
    LUCHENG,
    log_of,
    prepared_settings,
    stored,
    write_csv,
    write_geojson,
    write_gpkg,
    write_shapefile,
)
from tests.streets.osm_sample import OsmXml

LON, LAT = LUCHENG


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return prepared_settings(tmp_path / "data")


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    for name in ("GEOMAP_DATABASE_URL", "GEOMAP_REGION", "GEOMAP_PUBLIC", "GEOMAP_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEOMAP_DATA_DIR", str(settings.data_dir))

    def call(*words: object) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words])

    return call


def extract() -> OsmXml:
    """Return a town of two streets and a bridge over one, with ways that are not walked."""
    osm = OsmXml()
    for ident, x, y in ((1, 0, 0), (2, 200, 0), (3, 400, 0), (4, 300, -90), (5, 300, 90)):
        osm.node(ident, -4_400 + x, 1_330 + y)
    osm.node(6, -4_390, 1_340, {"amenity": "cafe", "name": "江心咖啡"})
    osm.node(7, -4_380, 1_340, {"amenity": "parking"})
    tags = (
        ((1, 2, 3), {"highway": "residential", "name": "望江路"}),
        ((4, 5), {"highway": "footway", "bridge": "yes"}),
        ((2, 4), {"highway": "service", "access": "private"}),
        ((2, 5), {"highway": "service", "access": "private"}),
        ((3, 5), {"highway": "primary", "foot": "no"}),
        ((1, 4), {"highway": "construction"}),
        ((1, 5), {"highway": "motorway"}),
        ((3, 4), {"route": "ferry"}),
    )
    for ident, (nodes, values) in enumerate(tags, start=10):
        osm.way(ident, nodes, values)
    return osm


def test_an_extract_is_walked_drawn_and_counted(run, settings: Settings, tmp_path: Path):
    file = extract().write_pbf(tmp_path / "a.osm.pbf")
    result = run("import", "streets", file, "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document["stored"] is True
    assert document["counts"]["accepted"] == 4
    assert {f["code"]: f["count"] for f in document["findings"]} == {
        "no_access": 2,
        "no_foot": 1,
        "unfinished": 1,
    }
    assert document["rows"] == 8
    network = open_network(settings.data_dir / "network")
    assert network.component_size.tolist() == [2, 2], "the bridge does not join what it crosses"
    assert float(network.edge_m.sum()) == pytest.approx(580, abs=3)
    kinds = sorted(row["klass"] for row in stored(settings, "streets"))
    assert kinds == ["ferry", "minor", "motorway", "path"]


def test_the_report_says_it_in_both_languages(run, tmp_path: Path):
    file = extract().write_pbf(tmp_path / "a.osm.pbf")
    chinese = run("import", "streets", file, "--dry-run")
    english = run("--lang", "en", "import", "streets", file, "--dry-run")
    assert (chinese.exit_code, english.exit_code) == (0, 0)
    for words in ("共 8 条", "不对外开放（2 条）", "禁止步行", "只画不走：高速公路 1、轮渡航线 1"):
        assert words in chinese.stdout, chinese.stdout
    for words in ("8 ways", "no public access (2 ways)", "never walked: motorways 1, ferries 1"):
        assert words in english.stdout, english.stdout


LINES = [
    shapely.LineString([(LON, LAT), (LON + 0.004, LAT)]),
    shapely.LineString([(LON + 0.002, LAT - 0.002), (LON + 0.002, LAT + 0.002)]),
]
ROWS = [{"name": "甲路", "highway": "residential"}, {"name": "乙路", "highway": "primary"}]
WRITE = {"a.geojson": write_geojson, "a.zip": write_shapefile, "a.gpkg": write_gpkg}


@pytest.mark.parametrize("name", WRITE)
def test_lines_that_cross_are_joined_only_when_asked(
    run, settings: Settings, tmp_path: Path, name: str
):
    file = WRITE[name](tmp_path / name, ROWS, LINES)
    parts = []
    for more in ((), ("--node-crossings",)):
        result = run("import", "streets", file, "--crs", "wgs84", *more)
        assert result.exit_code == 0, result.output
        parts.append(len(open_network(settings.data_dir / "network").component_size))
    assert parts == [2, 1]
    assert {row["name"] for row in stored(settings, "streets")} == {"甲路", "乙路"}


def test_a_dry_run_stores_nothing(run, settings: Settings, tmp_path: Path):
    before = log_of(settings)
    for kind in ("streets", "amenities"):
        file = extract().write_pbf(tmp_path / f"{kind}.osm.pbf")
        result = run("import", kind, file, "--dry-run")
        assert result.exit_code == 0, result.output
        assert "没有保存" in result.stdout
    assert log_of(settings) == before
    assert not (settings.data_dir / "network").exists()


@pytest.mark.parametrize("kind", ["streets", "amenities"])
def test_a_file_in_doubt_is_refused_until_it_is_accepted(run, tmp_path: Path, kind: str):
    known = street_file(tmp_path, "wgs84")
    assert run("import", "streets", known, "--crs", "wgs84").exit_code == 0
    if kind == "streets":
        file = street_file(tmp_path, "gcj02")
    else:
        good = {"编号": "a-1", "名称": "甲", "类别": "咖啡馆", "经度": LON, "纬度": LAT}
        file = write_csv(tmp_path / "a.csv", [good, {**good, "编号": "a-2", "经度": 116.4}])
    result = run("import", kind, file, "--crs", "wgs84")
    assert result.exit_code == 1
    assert "--accept-partial" in result.stdout
    assert run("import", kind, file, "--crs", "wgs84", "--dry-run").exit_code == 1
    result = run("import", kind, file, "--crs", "wgs84", "--accept-partial", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["stored"] is True


def test_the_date_of_a_table(run, settings: Settings, tmp_path: Path):
    row = {"编号": "a-1", "名称": "甲", "类别": "咖啡馆", "经度": LON, "纬度": LAT}
    file = write_csv(tmp_path / "a.csv", [row])
    assert run("import", "amenities", file, "--crs", "wgs84", "--date", "soon").exit_code == 1
    result = run("import", "amenities", file, "--crs", "wgs84", "--date", "2026-03-01")
    assert result.exit_code == 0, result.output
    assert [a["source_date"] for a in stored(settings, "amenities")] == ["2026-03-01"]


@pytest.mark.parametrize("kind", ["streets", "amenities"])
def test_refusals_and_usage_differ(run, tmp_path: Path, kind: str):
    file = tmp_path / "a.osm.pbf"
    file.write_bytes(b"no pbf at all")
    result = run("import", kind, file)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 2
    assert "input.osm.pbf" not in result.stderr
    result = run("import", kind, extract().write_pbf(tmp_path / "b.osm.pbf"), "--crs", "gcj02")
    assert result.exit_code == 1
    assert "wgs84" in result.stderr
    assert run("import", kind, tmp_path / "none.osm.pbf").exit_code == 2
    assert run("import", kind, tmp_path).exit_code == 2
    assert run("import", kind).exit_code == 2


def test_what_takes_long_says_so(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(job, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(job, "_EVERY_S", 0.0)
    file = extract().write_pbf(tmp_path / "a.osm.pbf")
    result = run("import", "streets", file, "--json")
    assert result.exit_code == 0, result.output
    assert "正在由 4 条路建路网" in result.stderr
    json.loads(result.stdout)


@pytest.mark.parametrize(("patience", "said"), [(0.0, 1), (1e9, 0)])
def test_reading_is_said_after_a_while_and_not_all_the_time(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience, said
):
    monkeypatch.setattr(job, "_PATIENCE_S", patience)
    heard: list[Label] = []
    file = tmp_path / "a.osm.pbf"
    one = job.Job(settings, "streets", file, "", None, False, heard.append, Record(None))
    one.waiting(0.5)
    one.waiting(1.0)
    assert [text.zh for text in heard] == ["正在读 a.osm.pbf …"] * said
