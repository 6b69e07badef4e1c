from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pyogrio
import pytest
import python_calamine

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import InputError, NotFoundError
from layers.export import SUFFIXES, export_layer, short_names
from layers.registry import LAYERS
from tests.sample_catalog import empty_catalog, sample_catalog


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return sample_catalog(tmp_path_factory.mktemp("full"))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.filterwarnings("ignore:Normalized/laundered field name")
@pytest.mark.filterwarnings("ignore:Column names longer than 10")
def test_every_layer_to_every_kind(full: Catalog, tmp_path: Path, layer: str, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    assert export_layer(full, layer, path) > 0
    assert path.stat().st_size > 40
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_empty_layer(tmp_path: Path, suffix: str) -> None:
    assert export_layer(empty_catalog(tmp_path), "sites", tmp_path / f"out{suffix}") == 0


def test_geopackage_and_geojson_come_back(full: Catalog, tmp_path: Path) -> None:
    export_layer(full, "sites", tmp_path / "s.gpkg")
    frame = pyogrio.read_dataframe(tmp_path / "s.gpkg")
    assert frame.crs == "EPSG:4326"
    assert list(frame["id"]) == ["s-1", "s-3"]
    export_layer(full, "sites", tmp_path / "s.geojson")
    whole = json.loads((tmp_path / "s.geojson").read_text())
    assert whole["features"][1]["properties"]["demo"] is True
    assert whole["features"][1]["properties"]["name"].startswith("=演示")


def test_shapefile_has_its_side_files(full: Catalog, tmp_path: Path) -> None:
    export_layer(full, "counties", tmp_path / "c.shp.zip")
    with zipfile.ZipFile(tmp_path / "c.shp.zip") as archive:
        names = {Path(name).suffix for name in archive.namelist()}
    assert {".shp", ".shx", ".dbf", ".prj", ".cpg"} <= names


def test_tables_hold_text_and_not_formulas(full: Catalog, tmp_path: Path) -> None:
    export_layer(full, "sites", tmp_path / "s.csv")
    with (tmp_path / "s.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0][-2:] == ["经度", "纬度"]
    assert rows[2][1].startswith("'=演示")
    export_layer(full, "sites", tmp_path / "s.xlsx")
    sheet = python_calamine.CalamineWorkbook.from_path(tmp_path / "s.xlsx").get_sheet_by_index(0)
    values = sheet.to_python()
    assert values[2][1].startswith("=演示")


def test_portable_map_is_whole_and_unharmed_by_names(full: Catalog, tmp_path: Path) -> None:
    export_layer(full, "sites", tmp_path / "s.html")
    page = (tmp_path / "s.html").read_text()
    assert "#F6F4EF" in page  # land beneath the points
    assert "OpenStreetMap" in page
    assert "演示数据" in page
    assert "<script>alert" not in page
    assert "cdn" not in page.lower()


def test_refusals_leave_nothing(full: Catalog, tmp_path: Path) -> None:
    for name in ("s.exe", "s", ".csv", "s.shp"):
        with pytest.raises(InputError):
            export_layer(full, "sites", tmp_path / name)
    with pytest.raises(InputError):
        export_layer(full, "sites", tmp_path / "no" / "s.csv")
    with pytest.raises(NotFoundError):
        export_layer(full, "secrets", tmp_path / "s.csv")
    assert list(tmp_path.iterdir()) == []


def test_short_names_stay_apart() -> None:
    names = ["id", "area_m2", "provincial_incubators_2025", "provincial_incubators_2026"]
    assert list(short_names(names).values()) == ["id", "area_m2", "provin2025", "provin2026"]
    alike = [f"abcdefghijk{i}same" for i in range(12)]
    assert len(set(short_names(alike).values())) == 12
    assert all(len(name) <= 10 for name in short_names(alike).values())
