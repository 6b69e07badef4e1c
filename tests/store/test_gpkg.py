"""The embedded file is a GeoPackage: GDAL opens it and finds every table."""

from pathlib import Path

import pyogrio
import pytest

from geomap.store import write
from geomap.store.engine import open_store
from geomap.store.models import FEATURE_TABLES
from tests.store.samples import RECORDS
from tests.store.test_store import ADD


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "geomap.gpkg"
    store = open_store(f"sqlite:///{path}")
    with store.writing("test") as tx:
        for table, add in ADD.items():
            add(tx, [RECORDS[table]])
        write.write_rows(
            tx, "land", [{"adcode": "", "source": "x", "geometry": RECORDS["zones"].geometry}]
        )
    store.close()
    return path


def test_gdal_lists_every_feature_table(path: Path) -> None:
    listed = dict(pyogrio.list_layers(path))
    assert {name for name in FEATURE_TABLES if listed[name]} == set(FEATURE_TABLES)
    assert listed["units"] is None


@pytest.mark.parametrize("table", sorted(set(ADD) & set(FEATURE_TABLES)))
def test_crs_and_extent(path: Path, table: str) -> None:
    info = pyogrio.read_info(path, layer=table, force_total_bounds=False)
    assert info["crs"] == "EPSG:4326"
    record = RECORDS[table]
    bounds = (
        record.geometry.bounds
        if hasattr(record, "geometry")
        else (record.lon, record.lat, record.lon, record.lat)
    )
    assert info["total_bounds"] == pytest.approx(bounds)
    frame = pyogrio.read_dataframe(path, layer=table)
    assert len(frame) == 1
    assert frame.geometry.iloc[0].bounds == pytest.approx(bounds)


def test_values_read_in_gdal(path: Path) -> None:
    units = pyogrio.read_dataframe(path, layer="units", read_geometry=False)
    assert units.iloc[0]["area_m2"] == 186.5
    assert str(units.iloc[0]["verified_at"]).startswith("2026-11-20 08:30")
    assert units.iloc[0]["water"] == 1
    sites = pyogrio.read_dataframe(path, layer="sites")
    assert sites.iloc[0]["name"] == "眼谷 <b>一期</b>"
