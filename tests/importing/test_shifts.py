"""A datum that was declared wrongly: streets, amenities and sites beside what is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy import update

from geomap.config import Settings, read_settings
from geomap.geo.crs import from_metric, to_metric
from geomap.geo.datum import wgs84_to_bd09, wgs84_to_gcj02
from geomap.importing import import_file
from geomap.store.engine import open_store
from geomap.store.models import TABLES
from tests.importing.samples import LAT, LON
from tests.imports import log_of, stored, write_csv, write_geojson

INTO = {"gcj02": wgs84_to_gcj02, "bd09": wgs84_to_bd09}
OFFSET_M = {"gcj02": 543, "bd09": 1075}


@cache
def lanes() -> tuple[shapely.LineString, ...]:
    """Return 60 winding lanes of a town, drawn by chance, in EPSG:4326."""
    rng = np.random.default_rng(11)
    x0, y0 = (float(v) for v in to_metric(LON, LAT))
    lines = []
    for _ in range(60):
        turns = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.3, 30))
        steps = np.cumsum(60.0 * np.column_stack([np.cos(turns), np.sin(turns)]), axis=0)
        start = rng.uniform(-1_800, 1_800, 2) + np.array([x0, y0])
        lines.append(shapely.LineString(np.column_stack(from_metric(*(steps + start).T))))
    return tuple(lines)


def as_if(shapes, frame: str):
    """Return shapes with the numbers that they have in another frame."""
    if frame == "wgs84":
        return list(shapes)
    return [shapely.transform(s, lambda c: np.column_stack(INTO[frame](*c.T))) for s in shapes]


def street_file(folder: Path, frame: str) -> Path:
    rows = [{"name": f"巷{i}", "highway": "residential"} for i in range(60)]
    return write_geojson(folder / f"streets-{frame}.geojson", rows, as_if(lanes(), frame))


def poi_file(folder: Path, frame: str, *, start: int = 0) -> Path:
    """Write 300 cafés some 12 m beside the lanes."""
    rng = np.random.default_rng(5)
    points = []
    for i in range(300):
        lane = lanes()[i % 60]
        at = shapely.line_interpolate_point(lane, rng.random(), normalized=True)
        x, y = to_metric(at.x, at.y)
        points.append(shapely.Point(*from_metric(x + rng.normal(0, 9), y + rng.normal(0, 9))))
    points = as_if(points, frame)
    rows = [
        {"编号": f"a-{start + i}", "名称": f"咖啡{i}", "类别": "咖啡馆", "经度": p.x, "纬度": p.y}
        for i, p in enumerate(points)
    ]
    return write_csv(folder / f"pois-{frame}.csv", rows)


@pytest.fixture
def known_streets(settings: Settings, tmp_path: Path) -> Settings:
    first = import_file(settings, "streets", street_file(tmp_path, "wgs84"), crs="wgs84")
    assert first.stored
    assert first.warnings == ()
    assert any("无法核对" in note.zh for note in first.notes)
    return settings


@pytest.mark.parametrize("frame", ["gcj02", "bd09"])
@pytest.mark.parametrize("kind", ["streets", "amenities"])
def test_a_shifted_file_is_flagged_with_its_offset_and_not_stored(
    known_streets: Settings, tmp_path: Path, kind: str, frame: str
):
    file = (street_file if kind == "streets" else poi_file)(tmp_path, frame)
    before = log_of(known_streets)
    report = import_file(known_streets, kind, file, crs="wgs84")
    (warning,) = report.warnings
    assert f"--crs {frame}" in warning.zh
    assert f"--crs {frame}" in warning.en
    said = int(warning.zh.split("差约 ")[1].split(" 米")[0])
    assert said == pytest.approx(OFFSET_M[frame], abs=10)
    assert (report.stored, report.doubtful) == (False, True)
    assert report.to_json()["doubtful"] is True
    assert "坐标系存疑" in report.to_text("zh")
    assert "CRS is in doubt" in report.to_text("en")
    assert log_of(known_streets) == before
    honest = import_file(known_streets, kind, file, crs=frame)
    assert honest.stored
    assert honest.warnings == ()
    assert not any("无法核对" in note.zh for note in honest.notes)


def test_a_file_that_is_declared_rightly_is_not_doubted(known_streets: Settings, tmp_path: Path):
    for kind, file in (
        ("streets", street_file(tmp_path, "wgs84")),
        ("amenities", poi_file(tmp_path, "wgs84")),
    ):
        report = import_file(known_streets, kind, file, crs="cgcs2000")
        assert report.stored, report.to_text("en")
        assert report.warnings == ()


def test_who_knows_better_may_store_it_as_declared(known_streets: Settings, tmp_path: Path):
    file = street_file(tmp_path, "gcj02")
    report = import_file(known_streets, "streets", file, crs="wgs84", accept_partial=True)
    assert report.stored
    assert report.warnings
    line = next(row["geometry"] for row in stored(known_streets, "streets"))
    assert shapely.equals_exact(line, as_if(lanes(), "gcj02")[0], 1e-9), "nothing is moved"


def test_streets_are_doubted_beside_known_places(settings: Settings, tmp_path: Path):
    assert import_file(settings, "amenities", poi_file(tmp_path, "wgs84"), crs="wgs84").stored
    report = import_file(settings, "streets", street_file(tmp_path, "gcj02"), crs="wgs84")
    assert "--crs gcj02" in report.warnings[0].zh
    assert not report.stored
    assert import_file(settings, "streets", street_file(tmp_path, "gcj02"), crs="gcj02").stored


def test_places_are_doubted_beside_those_of_the_same_name(settings: Settings, tmp_path: Path):
    assert import_file(settings, "amenities", poi_file(tmp_path, "wgs84"), crs="wgs84").stored
    file = poi_file(tmp_path, "gcj02", start=1_000)
    report = import_file(settings, "amenities", file, crs="wgs84")
    assert "同名" in report.warnings[0].zh
    assert "300 处" in report.warnings[0].zh


def test_an_address_names_the_county(settings: Settings, tmp_path: Path):
    """Cafés in 鹿城 whose address says 永嘉县, where they lie once the shift is undone."""
    county = next(c for c in stored(settings, "counties") if c["adcode"] == "330324")
    shapes = {c["adcode"]: c["geometry"] for c in stored(settings, "counties")}
    edge = shapely.get_coordinates(county["geometry"].boundary)[::7]
    east, north = (v - w for v, w in zip(wgs84_to_gcj02(*edge.T), edge.T, strict=True))
    rows = []
    for lon, lat in edge - 0.3 * np.column_stack([east, north]):
        x, y = (float(v) for v in wgs84_to_gcj02(lon, lat))
        home = shapely.contains_xy(shapes["330324"], lon, lat)
        away = any(shapely.contains_xy(s, x, y) for a, s in shapes.items() if a != "330324")
        if home and away:
            rows.append({"名称": f"店{len(rows)}", "类别": "咖啡馆", "经度": x, "纬度": y})
            rows[-1]["地址"] = "浙江省温州市永嘉县某路 1 号"
    assert len(rows) > 5
    file = write_csv(tmp_path / "a.csv", rows)
    report = import_file(settings, "amenities", file, crs="wgs84")
    assert "写明的县区" in report.warnings[0].zh
    assert import_file(settings, "amenities", file, crs="gcj02").warnings == ()


def test_made_up_streets_are_no_witness(known_streets: Settings, tmp_path: Path):
    """The streets of the demonstration stand where it put them."""
    store = open_store(known_streets.database_url, create=False)
    with store.writing("test") as tx:
        tx.session.execute(update(TABLES["streets"]).values(demo=True))
    store.close()
    report = import_file(known_streets, "streets", street_file(tmp_path, "gcj02"), crs="wgs84")
    assert report.stored
    assert report.warnings == ()
    assert any("无法核对" in note.zh for note in report.notes)


def test_beyond_china_nothing_is_said_of_frames(tmp_path: Path):
    settings = read_settings({"GEOMAP_DATA_DIR": str(tmp_path / "d"), "GEOMAP_REGION": "any"})
    line = shapely.LineString([(-8.61, 41.15), (-8.60, 41.15)])
    file = write_geojson(tmp_path / "a.geojson", [{"highway": "path"}], [line])
    report = import_file(settings, "streets", file, crs="wgs84")
    assert report.stored
    assert not any("无法核对" in note.zh for note in report.notes)
