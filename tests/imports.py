"""Files as users bring them, and a record with the counties to import them into."""

from __future__ import annotations

import csv
import json
import tempfile
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
import xlsxwriter
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from geomap import build
from geomap.config import Settings, read_settings
from geomap.store.changes import Change, changes_since
from geomap.store.engine import open_store
from geomap.store.models import TABLES
from geomap.store.write import add_counties
from tests.intake.base_data import packaged_counties

Row = Mapping[str, Any]

LUCHENG = (120.655, 28.012)
"""A place in 鹿城, WGS84; well inside of it."""


def headers_of(rows: Sequence[Row]) -> list[str]:
    """Return the columns of some rows in the order of their first appearance."""
    return list(dict.fromkeys(key for row in rows for key in row))


def write_csv(path: Path, rows: Sequence[Row], encoding: str = "utf-8") -> Path:
    """Write a CSV as spreadsheets do, with a header line."""
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, headers_of(rows))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Row], *, above: Sequence[str] = ()) -> Path:
    """Write a spreadsheet, with title lines above the headers."""
    heads = headers_of(rows)
    table = [[title] for title in above] + [heads] + [[row.get(h) for h in heads] for row in rows]
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("数据")
        for number, line in enumerate(table):
            sheet.write_row(number, 0, line)
    return path


def write_geojson(
    path: Path, rows: Sequence[Row], shapes: Sequence[BaseGeometry | None], **more: Any
) -> Path:
    """Write a FeatureCollection, with other members as given."""
    features = [
        {
            "type": "Feature",
            "properties": dict(row),
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        }
        for row, shape in zip(rows, shapes, strict=True)
    ]
    document = {"type": "FeatureCollection", "features": features, **more}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def _frame(rows: Sequence[Row], shapes: Sequence[BaseGeometry], crs: str | None) -> Any:
    return gpd.GeoDataFrame([dict(row) for row in rows], geometry=list(shapes), crs=crs)


def write_gpkg(
    path: Path,
    rows: Sequence[Row],
    shapes: Sequence[BaseGeometry],
    *,
    crs: str | None = "EPSG:4326",
    layer: str = "data",
) -> Path:
    """Write a layer of a GeoPackage."""
    pyogrio.write_dataframe(_frame(rows, shapes, crs), path, layer=layer, driver="GPKG")
    return path


def write_shapefile(
    path: Path,
    rows: Sequence[Row],
    shapes: Sequence[BaseGeometry],
    *,
    crs: str | None = None,
    encoding: str = "UTF-8",
    leave_out: Sequence[str] = (),
) -> Path:
    """Write a zipped Shapefile."""
    with tempfile.TemporaryDirectory() as made:
        target = Path(made) / "图层.shp"
        frame = _frame(rows, shapes, crs)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "'crs' was not provided")
            pyogrio.write_dataframe(frame, target, driver="ESRI Shapefile", encoding=encoding)
        with zipfile.ZipFile(path, "w") as archive:
            for part in sorted(Path(made).iterdir()):
                if part.suffix not in leave_out:
                    archive.write(part, part.name)
    return path


@cache
def _prepared() -> bytes:
    """Return an embedded record that holds the twelve counties."""
    with tempfile.TemporaryDirectory() as made:
        settings = read_settings({"GEOMAP_DATA_DIR": made})
        store = build.open_record(settings)
        with store.writing("prepare") as tx:
            add_counties(tx, packaged_counties())
        store.close()
        return (Path(made) / "geomap.gpkg").read_bytes()


def prepared_settings(folder: Path) -> Settings:
    """Return the settings of a fresh record with the counties."""
    folder.mkdir(exist_ok=True)
    (folder / "geomap.gpkg").write_bytes(_prepared())
    return read_settings({"GEOMAP_DATA_DIR": str(folder)})


def stored(settings: Settings, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table of the record."""
    store = open_store(settings.database_url, create=False)
    with store.reading() as session:
        rows = session.execute(select(TABLES[table])).mappings().all()
    store.close()
    return [dict(row) for row in rows]


def log_of(settings: Settings) -> list[Change]:
    """Return the whole change log."""
    store = open_store(settings.database_url, create=False)
    found = changes_since(store, 0, limit=100_000)
    store.close()
    return list(found)
