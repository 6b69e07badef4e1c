"""Refused imports of streets and amenities leave every byte of the record as it was."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from geomap.config import Settings, read_settings
from geomap.domain.errors import GeomapError, InputError
from geomap.importing import import_file
from tests.importing.samples import AMENITY, LAT, LON, PLACE
from tests.importing.test_shifts import poi_file, street_file
from tests.imports import prepared_settings, write_csv, write_geojson, write_gpkg, write_shapefile
from tests.streets.osm_sample import OsmXml
from tests.streets.test_osm_pbf import HEADER, block, packed

LINE = shapely.LineString([(LON, LAT), (LON + 0.005, LAT)])


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A record with streets, their network and amenities."""
    folder = tmp_path_factory.mktemp("held")
    settings = prepared_settings(folder / "data")
    assert import_file(settings, "streets", street_file(folder, "wgs84"), crs="wgs84").stored
    assert import_file(settings, "amenities", poi_file(folder, "wgs84"), crs="wgs84").stored
    assert (settings.data_dir / "network").is_file()
    return settings


def bytes_of(settings: Settings) -> dict[str, str]:
    """Return the hash of every file of the data folder."""
    files = sorted(path for path in settings.data_dir.rglob("*") if path.is_file())
    return {
        str(path.relative_to(settings.data_dir)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def town(x: float = -4_400, tags: dict[str, str] | None = None, **node: str) -> OsmXml:
    """Return one street in 鹿城, with a place on it."""
    osm = OsmXml()
    osm.node(1, x, 1_330, node)
    osm.node(2, x + 300, 1_330)
    osm.way(1, (1, 2), {"highway": "residential"} if tags is None else tags)
    return osm


def whole(folder: Path) -> bytes:
    return town(amenity="cafe").write_pbf(folder / "whole.osm.pbf").read_bytes()


def put(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def cut(part: float) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        data = whole(folder)
        return put("cut.osm.pbf", data[: int(len(data) * part)])(folder)

    return make


def a_folder(folder: Path) -> Path:
    (folder / "dir.osm.pbf").mkdir()
    return folder / "dir.osm.pbf"


NOISE = np.random.default_rng(3).bytes(4_000)
ENTITY = b"<?xml version='1.0'?><!DOCTYPE osm [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><osm/>"
BAD = {
    "cut_30": cut(0.3),
    "cut_90": cut(0.9),
    "empty": put("a.osm.pbf", b""),
    "noise": put("a.osm.pbf", NOISE),
    "noise_after_header": put("a.osm.pbf", HEADER + NOISE),
    "huge_blob": put("a.osm.pbf", HEADER + block(b"OSMData", b"", claimed=1 << 40)),
    "huge_unpacked": put("a.osm.pbf", HEADER + block(b"OSMData", packed(b"", claimed=1 << 31))),
    "bomb": put("a.osm.pbf", HEADER + block(b"OSMData", packed(b"\0" * (1 << 26), claimed=99))),
    "xml_as_pbf": put("a.osm.pbf", b"<?xml version='1.0'?><osm version='0.6'/>"),
    "text_as_pbf": put("a.osm.pbf", b"lon,lat\n120.6,28.0\n"),
    "deflated": put("a.osm.pbf", zlib.compress(b"x" * 9_000)),
    "folder": a_folder,
    "missing": lambda folder: folder / "none.osm.pbf",
    "broken_xml": put("a.osm", b"<osm version='0.6'><node id='1'"),
    "entity": put("a.osm", ENTITY),
    "nothing_in_it": put("a.osm", b"<osm version='0.6'></osm>"),
    "elsewhere": lambda folder: town(300_000, amenity="cafe").write_pbf(folder / "a.osm.pbf"),
}
LINES_BAD = {
    "broken_json": put("a.geojson", b'{"type": "FeatureCollection", "features": [{"type"'),
    "no_features": put("a.geojson", b'{"type": "FeatureCollection", "features": []}'),
    "swapped": lambda folder: write_geojson(
        folder / "a.geojson", [{}], [shapely.LineString([(LAT, LON), (LAT, LON + 0.01)])]
    ),
    "points": lambda folder: write_geojson(folder / "a.geojson", [{}], [shapely.Point(LON, LAT)]),
    "elsewhere_lines": lambda folder: write_gpkg(
        folder / "a.gpkg", [{"name": "x"}], [shapely.LineString([(2.3, 48.8), (2.4, 48.8)])]
    ),
    "all_closed": lambda folder: write_geojson(
        folder / "a.geojson", [{"highway": "service", "access": "private"}], [LINE]
    ),
    "shapefile_cut": lambda folder: put(
        "b.zip", write_shapefile(folder / "a.zip", [{"name": "x"}], [LINE]).read_bytes()[:400]
    )(folder),
    "another_crs": lambda folder: write_gpkg(
        folder / "a.gpkg", [{"name": "x"}], [LINE], crs="EPSG:4549"
    ),
    "shifted": lambda folder: street_file(folder, "gcj02"),
}


def try_to(settings: Settings, kind: str, file: Path, **more: object) -> GeomapError | None:
    """Import a file that must not be stored; return the error, None for a report."""
    before = bytes_of(settings)
    error = None
    try:
        report = import_file(settings, kind, file, **more)
    except GeomapError as refused:
        error = refused
        assert refused.reason.zh
        assert refused.reason.en
        assert refused.fix
    else:
        assert not report.stored
    assert bytes_of(settings) == before
    return error


@pytest.mark.parametrize("kind", ["streets", "amenities"])
@pytest.mark.parametrize("name", BAD)
def test_a_refused_extract_leaves_every_byte(held: Settings, tmp_path: Path, name: str, kind: str):
    file = BAD[name](tmp_path)
    error = try_to(held, kind, file)
    if kind == "streets":
        assert error is not None
    if error is not None and name not in ("nothing_in_it", "elsewhere"):
        assert file.name in error.reason.zh
        assert "input" not in error.reason.zh
        assert "Traceback" not in error.reason.en


@pytest.mark.parametrize("name", LINES_BAD)
def test_refused_lines_leave_every_byte(held: Settings, tmp_path: Path, name: str):
    error = try_to(held, "streets", LINES_BAD[name](tmp_path), crs="wgs84")
    assert (error is None) == (name == "shifted")


def test_streets_without_a_walkable_way_say_so(held: Settings, tmp_path: Path):
    file = town(tags={"highway": "motorway"}).write_pbf(tmp_path / "a.osm.pbf")
    error = try_to(held, "streets", file)
    assert isinstance(error, InputError)
    assert "没有可步行的道路" in error.reason.zh
    assert "no walkable street" in error.reason.en


def test_streets_elsewhere_say_where_they_are(held: Settings, tmp_path: Path):
    error = try_to(held, "streets", BAD["elsewhere"](tmp_path))
    assert error is not None
    assert "123.75" in error.reason.zh
    assert "330300" in error.fix.zh


def test_refused_tables_leave_every_byte(held: Settings, tmp_path: Path):
    good = {**AMENITY, **PLACE, "编号": "new-1"}
    away = {**good, "编号": "new-2", "经度": 116.4}
    file = write_csv(tmp_path / "a.csv", [good, away])
    assert try_to(held, "amenities", file, crs="wgs84") is None
    assert try_to(held, "amenities", file) is not None, "no CRS"
    shifted = poi_file(tmp_path, "gcj02", start=900)
    assert try_to(held, "amenities", shifted, crs="wgs84") is None


@pytest.mark.parametrize("kind", ["streets", "amenities"])
def test_a_dry_run_leaves_every_byte(held: Settings, tmp_path: Path, kind: str):
    file = town(amenity="cafe").write_pbf(tmp_path / "a.osm.pbf")
    before = bytes_of(held)
    report = import_file(held, kind, file, dry_run=True)
    assert (report.stored, report.storable, report.new) == (False, True, 1)
    assert bytes_of(held) == before


def test_a_refused_first_import_makes_no_network(tmp_path: Path):
    settings = read_settings({"GEOMAP_DATA_DIR": str(tmp_path / "d"), "GEOMAP_REGION": "any"})
    with pytest.raises(InputError):
        import_file(settings, "streets", BAD["noise"](tmp_path))
    assert not [path for path in settings.data_dir.rglob("*") if "network" in path.name]
